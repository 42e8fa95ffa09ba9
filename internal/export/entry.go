package export

import (
	"fmt"
	"strings"

	"varde/internal/audit"
)

// mostNamed is how many networks an entry names.
const mostNamed = 200

// Entry is what the log says of an export of one network, of several (network is then ""), or of ads alone. It is to be written before anything is
// given out. File is the SHA-256 of the file.
func (st *Statement) Entry(f Format, network, file string) audit.Entry {
	e := audit.Entry{At: st.MadeAt, Actor: st.MadeBy, Action: audit.NetworkExported, Subject: audit.Export(st.SHA256), Purpose: st.Purpose,
		Reason: fmt.Sprintf("%s, %s, %d networks, %d ads", f.Name, st.Handling, st.Networks, st.Ads), Object: "content sha256:" + st.SHA256 + ", file sha256:" + file}
	if many := len(st.held); many > 1 {
		e.Object += ", of " + strings.Join(st.held[:min(many, mostNamed)], " ")
		if many > mostNamed {
			e.Object += fmt.Sprintf(" and %d more", many-mostNamed)
		}
	}
	switch {
	case network != "":
		e.Subject = audit.Network(network)
	case st.Networks == 0:
		e.Action = audit.AdsExported
	}
	return e
}
