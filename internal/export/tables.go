package export

import (
	"io"
	"strconv"
)

const tablesReadme = `Two tables of a graph, and two of what they tell of, for spreadsheets and for programs that take a table (Gephi's "Import spreadsheet", Maltego's
"Import from table", R, pandas). UTF-8 with a byte-order mark, commas, RFC 4180.

nodes.csv     one row an ad or an identifier. id is what edges.csv names.
edges.csv     one row for each ad that shows an identifier. links is true where it holds a network together; it is false for a number that
              half a site shows, and for one that a single ad has. The names of both ends stand beside their ids. A decision by which a
              person joined two ads is a node of the kind analyst, tied to both by edges of the kind decided.
networks.csv  one row a network, with its reasons.
ads.csv       one row an ad, with its reasons.
statement.json  what this is for, how far it may be passed on, who made it and when, and the hash of the content.

A cell that a spreadsheet would take for a formula begins with an apostrophe; so do phone numbers, which begin with +.

`

// tables is a zip of the graph as two tables, and of networks and ads as people read them.
func tables(w io.Writer, c *Content, to Reader) error {
	z := newPacked(w, c.Statement.MadeAt)
	z.text("README.txt", tablesReadme+c.Statement.text())
	z.statement(&c.Statement)
	z.file("nodes.csv", func(w io.Writer) error {
		header := []string{"Id"}
		for _, a := range attributes {
			header = append(header, a.name)
		}
		header[1] = "Label"
		out, err := newSheet(w, header...)
		if err != nil {
			return err
		}
		for i := range c.nodes {
			row := []string{c.nodes[i].id}
			for _, a := range attributes {
				row = append(row, a.of(&c.nodes[i]))
			}
			if err := out.row(row...); err != nil {
				return err
			}
		}
		return out.flush()
	})
	z.file("edges.csv", func(w io.Writer) error {
		out, err := newSheet(w, "Source", "Target", "Type", "Kind", "links", "Weight", "source_label", "target_kind", "target_label", "network", "first_seen", "last_seen")
		if err != nil {
			return err
		}
		for _, e := range c.edges {
			from, to := &c.nodes[e.ad], &c.nodes[e.identifier]
			if err := out.row(from.id, to.id, "Undirected", e.role(), strconv.FormatBool(e.Links), e.weight(), from.label, to.kind, to.label, line(from.ad.Network),
				stamp(from.ad.FirstSeen), stamp(from.ad.LastSeen)); err != nil {
				return err
			}
		}
		return out.flush()
	})
	z.file("networks.csv", func(w io.Writer) error { return csvNetworks(w, all(c.Networks), to) })
	z.file("ads.csv", func(w io.Writer) error { return csvAds(w, all(c.Ads), to) })
	return z.end()
}
