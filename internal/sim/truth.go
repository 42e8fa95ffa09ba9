package sim

import "strconv"

// HubPhones are the phones of the world's hubs, in E.164: a hotel's, a taxi centre's, a site's support. They are nobody's who advertises.
func (w *World) HubPhones() []string {
	out := make([]string, w.hubs)
	for n := range out {
		out[n] = fixedNO.at(w.cfg.Seed, n).E164()
	}
	return out
}

// Drawings names what the pictures of the i-th ad show, in their order: the same name is the same drawing, however it was altered. Stock pictures,
// which unrelated ads show, come apart.
func (w *World) Drawings(i int) (own, stock []string) {
	for _, p := range w.content(i).pictures {
		if p.base < 0 {
			stock = append(stock, "stock picture "+strconv.Itoa(-p.base))
		} else {
			own = append(own, "drawing "+strconv.Itoa(p.base))
		}
	}
	return own, stock
}

// OwnText is the text of the i-th ad without what its site puts under it.
func (w *World) OwnText(i int) string { return w.page(i).text }
