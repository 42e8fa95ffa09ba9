// Package export writes ads and networks for people and for other tools; a format is one file here and one line in Formats.
//
// It promises that every export states its purpose, how far it may be passed on, who made it and when, and the hash of its content; that the
// same content gives the same bytes; that what is written row by row is never held whole; and that text which came from strangers cannot act as a
// formula or as markup in the tool that opens it. It decides nothing about who may export, and writes no log: whoever calls it does, before
// anything is handed out.
package export

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/fault"
)

// Ads and Networks are what is written row by row: sequences that stop at their first error.
type (
	Ads      = iter.Seq2[ad.Ad, error]
	Networks = iter.Seq2[ad.Network, error]
)

// Format is one way to write.
type Format struct {
	Name      string
	MediaType string
	Extension string
	// Write writes content with its statement.
	Write func(io.Writer, *Content, Reader) error
	// Rows is not nil for formats that are rows of ads or of networks. On the command line these go out as they are, for programs; the
	// statement then stands beside the file and in the log.
	Rows *Rows
}

// Rows writes one ad or network after another. Both functions return the first error of the sequence or of the writer.
type Rows struct {
	Extension string
	Ads       func(io.Writer, Ads, Reader) error
	Networks  func(io.Writer, Networks, Reader) error
}

// Formats are all formats, in the order in which people are shown them.
var Formats = []Format{
	{Name: "html", MediaType: "text/html; charset=utf-8", Extension: "html", Write: dossier},
	{Name: "svg", MediaType: "image/svg+xml", Extension: "svg", Write: svg},
	{Name: "png", MediaType: "image/png", Extension: "png", Write: picturePNG},
	{Name: "tables", MediaType: "application/zip", Extension: "zip", Write: tables},
	{Name: "anx", MediaType: "application/xml", Extension: "anx", Write: anx},
	{Name: "i2csv", MediaType: "application/zip", Extension: "zip", Write: i2csv},
	{Name: "graphml", MediaType: "application/graphml+xml", Extension: "graphml", Write: graphML},
	{Name: "gexf", MediaType: "application/gexf+xml", Extension: "gexf", Write: gexf},
	{Name: "cytoscape", MediaType: "application/json", Extension: "cyjs", Write: cytoscape},
	{Name: "neo4j", MediaType: "application/zip", Extension: "zip", Write: neo4j},
	{Name: "stix", MediaType: "application/stix+json;version=2.1", Extension: "json", Write: stix},
	{Name: "ftm", MediaType: "application/jsonl", Extension: "ftm.json", Write: followTheMoney},
	inRows("csv", Rows{Extension: "csv", Ads: csvAds, Networks: csvNetworks}),
	inRows("jsonl", Rows{Extension: "jsonl", Ads: jsonlAds, Networks: jsonlNetworks}),
}

// inRows is a format of rows; where the content is held, it is a zip of its networks, its ads and the statement.
func inRows(name string, r Rows) Format {
	write := func(w io.Writer, c *Content, to Reader) error {
		z := newPacked(w, c.Statement.MadeAt)
		z.statement(&c.Statement)
		z.file("networks."+r.Extension, func(w io.Writer) error { return r.Networks(w, all(c.Networks), to) })
		z.file("ads."+r.Extension, func(w io.Writer) error { return r.Ads(w, all(c.Ads), to) })
		return z.end()
	}
	return Format{Name: name, MediaType: "application/zip", Extension: "zip", Write: write, Rows: &r}
}

// all is the sequence of a list.
func all[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
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
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, fmt.Errorf("%w: there is no format %q; there are %s", fault.ErrUsage, name, strings.Join(Names(), ", "))
	}
	return Formats[i], nil
}
