package export

import "varde/internal/ad"

// colours of the kinds of nodes, as red, green and blue: told apart also by people who see few colours (Okabe and Ito 2008).
var colours = map[string][3]uint8{
	"ad": {86, 180, 233}, string(ad.Phone): {213, 94, 0}, string(ad.Handle): {0, 158, 115}, string(ad.Email): {0, 114, 178}, string(ad.Link): {204, 121, 167},
	string(ad.Payment): {230, 159, 0}, string(ad.PHash): {240, 228, 66}, string(ad.TextSig): {150, 150, 150}, string(ad.Decided): {0, 0, 0},
}

// nodeKinds are the kinds of nodes in the order in which people are shown them.
func nodeKinds() []string {
	all := []string{"ad"}
	for _, k := range ad.Kinds {
		all = append(all, string(k))
	}
	return all
}
