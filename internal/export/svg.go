package export

import (
	"fmt"
	"io"
	"math"
	"strconv"
)

// Sizes of the pictures.
const (
	wide = 1200
	// graphTall is the height of the graph, within margin.
	graphTall = 900
	margin    = 40
	// mostLabels is up to how many nodes the graph names; beyond it only what many ads show is named.
	mostLabels = 120
)

// hubRim marks what is so widespread that it links nothing.
const hubRim = ` stroke-width="3"`

// svg is the picture of the graph and of the timeline, with the statement on it. It holds no script and loads nothing.
func svg(w io.Writer, c *Content, to Reader) error {
	p := newPrinter(w)
	fields, say := c.Statement.fields(), to.words()
	below := graphTall + timelineTall(c) + 60
	p.printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">\n<title>%s</title>\n<desc>%s</desc>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
		wide, below+20*(len(fields)+1), wide, below+20*(len(fields)+1), escape("Varde, "+string(c.Statement.Handling)), escape(c.Statement.text()))
	p.print(`<g id="graph">`)
	drawGraph(p, c, say)
	p.printf("</g>\n<g id=\"timeline\" transform=\"translate(0 %d)\">", graphTall+40)
	drawTimeline(p, c, to)
	p.print("</g>\n<g id=\"statement\" fill=\"#333333\">\n")
	for i, f := range fields {
		p.printf("<text x=\"%d\" y=\"%d\">%s: %s</text>\n", margin, below+20*i, say["statement."+f[0]], escape(short(f[1], 150)))
	}
	p.print("</g>\n</svg>\n")
	return p.end()
}

// drawGraph draws nodes and edges where the layout puts them; ads are squares and identifiers circles, so that a print without colours can be read.
func drawGraph(p *printer, c *Content, say map[string]string) {
	x, y := c.place()
	at := func(i int) (float64, float64) {
		return wide/2 + x[i]*(wide/2-3*margin), graphTall/2 + y[i]*(graphTall/2-margin)
	}
	p.print("<g class=\"edges\" stroke=\"#9a9a9a\" stroke-width=\"1\">\n")
	for _, e := range c.edges {
		x1, y1 := at(e.ad)
		x2, y2 := at(e.identifier)
		dash := ""
		if !e.Links {
			dash = ` stroke-dasharray="3 3"`
		}
		p.printf("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"%s/>\n", px(x1), px(y1), px(x2), px(y2), dash)
	}
	p.print("</g>\n<g class=\"nodes\" stroke=\"#333333\" stroke-width=\"0.7\">\n")
	for i := range c.nodes {
		n := &c.nodes[i]
		cx, cy := at(i)
		fill := hexColour(n.kind)
		if n.ad != nil {
			p.printf("<rect x=\"%s\" y=\"%s\" width=\"8\" height=\"8\" fill=\"%s\"><title>%s</title></rect>\n", px(cx-4), px(cy-4), fill, escape(n.kind+" "+n.label))
			continue
		}
		r := math.Min(5+math.Sqrt(float64(n.ads)), 14)
		rim := ""
		if n.hub {
			rim = hubRim
		}
		p.printf("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"%s><title>%s</title></circle>\n", px(cx), px(cy), px(r), fill, rim, escape(n.kind+" "+n.label))
	}
	p.print("</g>\n<g class=\"labels\" fill=\"#222222\" font-size=\"11\">\n")
	for i := range c.nodes {
		n := &c.nodes[i]
		if len(c.nodes) > mostLabels && (n.ad != nil || n.ads*50 < len(c.Ads)) {
			continue
		}
		cx, cy := at(i)
		p.printf("<text x=\"%s\" y=\"%s\">%s</text>\n", px(cx+9), px(cy+4), escape(short(n.label, 32)))
	}
	p.print("</g>\n<g class=\"legend\" font-size=\"12\" fill=\"#222222\">\n")
	for i, k := range nodeKinds() {
		p.printf("<rect x=\"%d\" y=\"8\" width=\"12\" height=\"12\" fill=\"%s\" stroke=\"#333333\"/><text x=\"%d\" y=\"18\">%s</text>\n", margin+i*100, hexColour(k), margin+i*100+18, say["kind."+k])
	}
	hub := margin + len(nodeKinds())*100
	p.printf("<circle cx=\"%d\" cy=\"14\" r=\"6\" fill=\"#ffffff\" stroke=\"#333333\"%s/><text x=\"%d\" y=\"18\">%s</text>\n", hub+6, hubRim, hub+18, say["hub"])
	p.print("</g>\n")
}

func hexColour(kind string) string {
	c := colours[kind]
	return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2])
}

func px(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
