package export

import (
	"fmt"

	"varde/internal/audit"
)

// Entry is what the log says of an export of one network, of several (network is then ""), or of ads alone. It is to be written before anything is
// given out. File is the SHA-256 of the file.
func (st *Statement) Entry(f Format, network, file string) audit.Entry {
	e := audit.Entry{At: st.MadeAt, Actor: st.MadeBy, Action: audit.NetworkExported, Subject: audit.Export(st.SHA256), Purpose: st.Purpose,
		Reason: fmt.Sprintf("%s, %s, %d networks, %d ads", f.Name, st.Handling, st.Networks, st.Ads), Object: "content sha256:" + st.SHA256 + ", file sha256:" + file}
	switch {
	case network != "":
		e.Subject = audit.Network(network)
	case st.Networks == 0:
		e.Action = audit.AdsExported
	}
	return e
}
