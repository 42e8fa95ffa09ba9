// Package export writes ads and networks for people and for other tools; a format is one file here and one line in
// Formats.
//
// It promises that a format streams and never holds all it writes, that the same record gives the same bytes, and that
// text which came from strangers cannot act as a formula or as markup in the tool that opens it. It decides nothing
// about who may export.
package export

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"varde/internal/ad"
	"varde/internal/fault"
)

// Ads and Networks are what is written: sequences that stop at their first error.
type (
	Ads      = iter.Seq2[ad.Ad, error]
	Networks = iter.Seq2[ad.Network, error]
)

// Explainer gives the name of an indicator's code in the reader's language.
type Explainer func(code string) string

// Format is one way to write. Both functions return the first error of the sequence or of the writer.
type Format struct {
	Name      string
	MediaType string
	Extension string
	Ads       func(io.Writer, Ads, Explainer) error
	Networks  func(io.Writer, Networks, Explainer) error
}

// Formats are all formats, in the order in which people are shown them.
var Formats = []Format{
	{Name: "jsonl", MediaType: "application/jsonl", Extension: "jsonl", Ads: jsonlAds, Networks: jsonlNetworks},
	{Name: "csv", MediaType: "text/csv; charset=utf-8", Extension: "csv", Ads: csvAds, Networks: csvNetworks},
	{Name: "graphml", MediaType: "application/graphml+xml", Extension: "graphml", Ads: graphmlAds, Networks: graphmlNetworks},
}

// Names lists the formats' names.
func Names() []string {
	var names []string
	for _, f := range Formats {
		names = append(names, f.Name)
	}
	return names
}

// ByName finds a format.
func ByName(name string) (Format, error) {
	for _, f := range Formats {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, fmt.Errorf("%w: there is no format %q; there are %s", fault.ErrUsage, name, strings.Join(Names(), ", "))
}

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
func why(in ad.Indicator, explain Explainer, name func(ad.Evidence) string) string {
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
