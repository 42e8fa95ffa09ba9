package export

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"
)

// anxTypes are the kinds of attributes of Analyst's Notebook.
var anxTypes = map[string]string{"string": "AttText", "int": "AttNumber", "double": "AttNumber", "boolean": "AttFlag"}

// anx is Analyst's Notebook Exchange: XML that it opens without an import specification. All text stands in attributes, all ids are of one
// namespace, colours are blue-green-red, dates local and without a zone, every item has a place, and no link names an item that is not there. The
// statement is an item of the chart, so that the handling code is on every print of it.
func anx(w io.Writer, c *Content, to Reader) error {
	p := newPrinter(w)
	p.print(xml.Header)
	p.printf("<Chart IdReferenceLinking=\"true\" Rigorous=\"true\" DefaultDate=\"%s\">\n", anxDate(to.local(c.Statement.MadeAt)))
	p.print("<StrengthCollection>\n<Strength Id=\"s1\" Name=\"Confirmed\" DotStyle=\"DotStyleSolid\"/>\n<Strength Id=\"s2\" Name=\"Tentative\" DotStyle=\"DotStyleDashed\"/>\n</StrengthCollection>\n")
	p.print("<LinkTypeCollection>\n<LinkType Id=\"l1\" Name=\"Shows\" Colour=\"0\"/>\n</LinkTypeCollection>\n<EntityTypeCollection>\n")
	types := map[string]string{}
	for i, k := range nodeKinds() {
		types[k] = fmt.Sprintf("t%d", i+1)
		p.printf("<EntityType Id=\"%s\" Name=\"%s\" PreferredRepresentation=\"RepresentAsIcon\" IconFile=\"%s\" Colour=\"%d\"/>\n", types[k], i2Types[k][0], i2Types[k][1], bgr(colours[k]))
	}
	p.printf("<EntityType Id=\"t0\" Name=\"%s\" PreferredRepresentation=\"RepresentAsIcon\" IconFile=\"Document\" Colour=\"%d\"/>\n</EntityTypeCollection>\n<AttributeClassCollection>\n", anxStatement, bgr([3]uint8{192, 0, 0}))
	for i, a := range i2Attributes {
		p.printf("<AttributeClass Id=\"a%d\" Name=\"%s\" Type=\"%s\"/>\n", i+1, a.name, anxTypes[a.kind])
	}
	p.print("</AttributeClassCollection>\n<ChartItemCollection>\n")
	st := escape(c.Statement.text())
	p.printf("<ChartItem Id=\"n0\" Label=\"%s\" Description=\"%s\" DateSet=\"true\" TimeSet=\"true\" DateTime=\"%s\" XPosition=\"0\"><End X=\"0\" Y=\"-200\" Z=\"0\"><Entity Identity=\"%s\" LabelIsIdentity=\"false\"><Icon><IconStyle Type=\"%s\" EntityTypeReference=\"t0\"/></Icon></Entity></End></ChartItem>\n",
		escape("Varde export, "+string(c.Statement.Handling)), st, anxDate(to.local(c.Statement.MadeAt)), "varde-export:"+c.Statement.SHA256, anxStatement)
	x, y := c.place()
	wide := 200 + 60*len(c.nodes)/10
	for i := range c.nodes {
		anxEntity(p, &c.nodes[i], i, types, int((x[i]+1)*float64(wide)), int((y[i]+1)*float64(wide)), to)
	}
	for i, e := range c.edges {
		strength := map[bool]string{true: "s1", false: "s2"}[e.Links]
		p.printf("<ChartItem Id=\"e%d\" Label=\"%s\" Description=\"%s\" DateSet=\"true\" TimeSet=\"true\" DateTime=\"%s\"><Link End1Reference=\"n%d\" End2Reference=\"n%d\"><LinkStyle ArrowStyle=\"ArrowNone\" Type=\"Shows\" Strength=\"%s\" LinkTypeReference=\"l1\" StrengthReference=\"%s\"/></Link></ChartItem>\n",
			i+1, e.role(), i2About(e), anxDate(to.local(c.Ads[e.ad].FirstSeen)), e.ad+1, e.identifier+1, i2Strength(e), strength)
	}
	p.print("</ChartItemCollection>\n</Chart>\n")
	return p.end()
}

const anxStatement = "Export Statement"

func anxEntity(p *printer, n *node, i int, types map[string]string, x, y int, to Reader) {
	dated, about := `DateSet="false" TimeSet="false"`, ""
	if n.ad != nil {
		dated, about = `DateSet="true" TimeSet="true" DateTime="`+anxDate(to.local(n.ad.FirstSeen))+`"`, clean(n.ad.Finding.Sighting.Title)
	}
	p.printf("<ChartItem Id=\"n%d\" Label=\"%s\" Description=\"%s\" %s XPosition=\"%d\">\n<AttributeCollection>", i+1, escape(n.label), escape(about), dated, x)
	for j, a := range i2Attributes {
		if v := a.of(n); v != "" {
			p.printf("<Attribute AttributeClass=\"%s\" Value=\"%s\" AttributeClassReference=\"a%d\"/>", a.name, escape(v), j+1)
		}
	}
	p.print("</AttributeCollection>\n")
	if n.ad != nil {
		s := &n.ad.Finding.Sighting
		p.printf("<CardCollection><Card Summary=\"%s\" Text=\"%s\" DateTime=\"%s\" SourceReference=\"%s\"/></CardCollection>\n",
			escape(n.label), escape(clean(s.Text)), anxDate(to.local(s.SeenAt)), escape(line(s.URL)))
	}
	p.printf("<End X=\"%d\" Y=\"%d\" Z=\"0\"><Entity Identity=\"%s\" LabelIsIdentity=\"false\"><Icon><IconStyle Type=\"%s\" EntityTypeReference=\"%s\"/></Icon></Entity></End></ChartItem>\n",
		x, y, escape(n.id), i2Types[n.kind][0], types[n.kind])
}

// anxDate is a time as people there read their clocks: the format has no zone.
func anxDate(t time.Time) string { return t.Format("2006-01-02T15:04:05") }

func bgr(c [3]uint8) int { return int(c[0]) | int(c[1])<<8 | int(c[2])<<16 }
