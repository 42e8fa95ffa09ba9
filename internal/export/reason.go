package export

import (
	"fmt"
	"strconv"
	"strings"

	"varde/internal/ad"
)

// exact names what ads share by its value, for programs.
func exact(e ad.Evidence) string { return e.Value }

// readable names a text and a picture that ads share by one of them, for people: a hash tells them nothing.
func readable(e ad.Evidence) string {
	kind, _, _ := strings.Cut(e.Value, ":")
	if (kind == string(ad.TextSig) || kind == string(ad.PHash)) && len(e.Ads) > 0 {
		return fmt.Sprintf("%s of ad %s", kind, e.Ads[0])
	}
	return e.Value
}

// why says in one line what an indicator was found to rest on, what is shared by the name that it is given.
func why(in ad.Indicator, explain func(code string) string, name func(ad.Evidence) string) string {
	parts := []string{explain(in.Code)}
	for _, e := range in.Evidence {
		switch {
		case e.Figure != nil && e.Value != "":
			parts = append(parts, fmt.Sprintf("%s: %s", name(e), figure(e.Figure)))
		case e.Figure != nil:
			parts = append(parts, figure(e.Figure))
		case e.Quote != "":
			parts = append(parts, strconv.Quote(e.Quote))
		case e.Value != "":
			parts = append(parts, name(e))
		}
		if len(parts) > 3 {
			break
		}
	}
	return strings.Join(parts, "; ")
}

func figure(f *ad.Figure) string {
	s := strings.ReplaceAll(f.What, "_", " ") + " " + number(f.Value)
	if f.Unit != "" {
		s += " " + f.Unit
	}
	if f.Compared != 0 {
		s += " against " + number(f.Compared)
	}
	if f.Basis != "" {
		s += " (" + f.Basis + ")"
	}
	return s
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
