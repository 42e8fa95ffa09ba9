package export

import (
	"encoding/xml"
	"io"
	"strconv"
)

// GraphML as Gephi, yEd, Cytoscape and networkx read it: every key declares id, for, attr.name and attr.type before the graph, and is for nodes or
// for edges (Gephi refuses others, gephi#1084), so the statement stands in desc; no edge names a node that is not there.
func graphML(w io.Writer, c *Content, _ Reader) error {
	p := newPrinter(w)
	p.print(xml.Header + `<graphml xmlns="http://graphml.graphdrawing.org/xmlns">` + "\n")
	p.printf("<desc>%s</desc>\n", escape(c.Statement.text()))
	for _, a := range attributes {
		p.printf("<key id=\"%s\" for=\"node\" attr.name=\"%s\" attr.type=\"%s\"/>\n", a.name, a.name, a.kind)
	}
	p.print(`<key id="e_kind" for="edge" attr.name="kind" attr.type="string"/>` + "\n" + `<key id="e_links" for="edge" attr.name="links" attr.type="boolean"/>` + "\n" +
		`<key id="weight" for="edge" attr.name="weight" attr.type="double"/>` + "\n" + `<graph id="varde" edgedefault="undirected">` + "\n")
	for i := range c.nodes {
		n := &c.nodes[i]
		p.printf("<node id=\"%s\">", escape(n.id))
		for _, a := range attributes {
			if v := a.of(n); v != "" {
				p.printf("<data key=\"%s\">%s</data>", a.name, escape(v))
			}
		}
		p.print("</node>\n")
	}
	for _, e := range c.edges {
		p.printf("<edge id=\"%s\" source=\"%s\" target=\"%s\"><data key=\"e_kind\">%s</data><data key=\"e_links\">%s</data><data key=\"weight\">%s</data></edge>\n",
			escape(e.id(c)), escape(c.nodes[e.ad].id), escape(c.nodes[e.identifier].id), e.role(), strconv.FormatBool(e.Links), e.weight())
	}
	p.print("</graph>\n</graphml>\n")
	return p.end()
}
