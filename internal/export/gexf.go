package export

import (
	"encoding/xml"
	"io"
	"strconv"

	"varde/internal/ad"
)

// gexfKinds are GEXF's names of the kinds of attributes.
var gexfKinds = map[string]string{"string": "string", "int": "integer", "double": "double", "boolean": "boolean"}

// GEXF 1.3 as Gephi, Gephi Lite and sigma read it. Ads are there from when they were first seen until they were last, which is Gephi's timeline (by days; the
// times are among the attributes);
// an attvalue's for is always a declared attribute: anything else stops the import (gephi#2907). Positions and colours are those of the pictures.
func gexf(w io.Writer, c *Content, _ Reader) error {
	p := newPrinter(w)
	p.print(xml.Header + `<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">` + "\n")
	p.printf("<meta lastmodifieddate=\"%s\"><creator>%s</creator><keywords>%s</keywords><description>%s</description></meta>\n",
		c.Statement.MadeAt.UTC().Format("2006-01-02"), escape(line(c.Statement.Program)), c.Statement.Handling, escape(c.Statement.text()))
	p.print(`<graph defaultedgetype="undirected" mode="dynamic" timeformat="date" timerepresentation="interval">` + "\n<attributes class=\"node\" mode=\"static\">\n")
	for i, a := range attributes {
		if a.name != "label" {
			p.printf("<attribute id=\"%d\" title=\"%s\" type=\"%s\"/>\n", i, a.name, gexfKinds[a.kind])
		}
	}
	p.print("</attributes>\n<attributes class=\"edge\" mode=\"static\">\n<attribute id=\"0\" title=\"kind\" type=\"string\"/>\n<attribute id=\"1\" title=\"links\" type=\"boolean\"/>\n</attributes>\n<nodes>\n")
	x, y := c.place()
	for i := range c.nodes {
		gexfNode(p, &c.nodes[i], x[i], y[i])
	}
	p.print("</nodes>\n<edges>\n")
	for _, e := range c.edges {
		a := &c.Ads[e.ad]
		p.printf("<edge id=\"%s\" source=\"%s\" target=\"%s\" weight=\"%s\"%s><attvalues><attvalue for=\"0\" value=\"%s\"/><attvalue for=\"1\" value=\"%s\"/></attvalues></edge>\n",
			escape(e.id(c)), escape(c.nodes[e.ad].id), escape(c.nodes[e.identifier].id), e.weight(), gexfSpan(a), e.role(), strconv.FormatBool(e.Links))
	}
	p.print("</edges>\n</graph>\n</gexf>\n")
	return p.end()
}

func gexfNode(p *printer, n *node, x, y float64) {
	span := ""
	if n.ad != nil {
		span = gexfSpan(n.ad)
	}
	p.printf("<node id=\"%s\" label=\"%s\"%s><attvalues>", escape(n.id), escape(n.label), span)
	for i, a := range attributes {
		if v := a.of(n); v != "" && a.name != "label" {
			p.printf("<attvalue for=\"%d\" value=\"%s\"/>", i, escape(v))
		}
	}
	c := colours[n.kind]
	p.printf("</attvalues><viz:color r=\"%d\" g=\"%d\" b=\"%d\"/><viz:position x=\"%s\" y=\"%s\" z=\"0\"/></node>\n", c[0], c[1], c[2], number(x*1000), number(-y*1000))
}

func gexfSpan(a *ad.Ad) string {
	if a.FirstSeen.IsZero() {
		return ""
	}
	return ` start="` + a.FirstSeen.UTC().Format("2006-01-02") + `" end="` + a.LastSeen.UTC().Format("2006-01-02") + `"`
}
