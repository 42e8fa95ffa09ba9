package export

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"varde/internal/ad"
)

// wide is the width of the timeline, and of the graph where nothing asks for more.
const wide = 1200

// hubRim marks what is so widespread that it links nothing.
const hubRim = ` stroke-width="3"`

// svg is the picture of the graph and of the timeline, with the statement on it. It holds no script and loads nothing.
func svg(w io.Writer, c *Content, to Reader) error {
	fields, say := c.Statement.fields(), to.words()
	p, d := newPrinter(w), c.draw(say)
	below := d.tall + timelineTall(c) + 60
	tall := below + 20*(len(fields)+1)
	p.printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">\n<title>%s</title>\n<desc>%s</desc>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
		d.wide, tall, d.wide, tall, escape("Varde, "+string(c.Statement.Handling)), escape(c.Statement.text()))
	p.print(`<g id="graph">`)
	drawGraph(p, c, d)
	p.printf("</g>\n<g id=\"timeline\" transform=\"translate(0 %d)\">", d.tall+40)
	drawTimeline(p, c, to, d.wide)
	p.print("</g>\n<g id=\"statement\" fill=\"#333333\">\n")
	for i, f := range fields {
		if f[0] == "caution" {
			f[1] = say["caution.text"]
		}
		p.printf("<text x=\"%d\" y=\"%d\">%s: %s</text>\n", margin, below+20*i, say["statement."+f[0]], escape(short(f[1], 150)))
	}
	p.print("</g>\n</svg>\n")
	return p.end()
}

// drawGraph draws marks and lines; ads are squares and identifiers circles, so that a print without colours can be read.
func drawGraph(p *printer, c *Content, d *drawing) {
	drawLines(p, d)
	p.print("<g class=\"nodes\" stroke=\"#333333\" stroke-width=\"0.7\">\n")
	for i := range d.marks {
		drawMark(p, c, &d.marks[i], d.say)
	}
	p.printf("</g>\n<g class=\"counts\" fill=\"#000000\" font-size=\"%s\">\n", px(9*d.shrunk))
	for _, m := range d.marks {
		if m.ads > 1 {
			p.printf("<text x=\"%s\" y=\"%s\" text-anchor=\"middle\">%d</text>\n", px(m.x), px(m.y+3.2*d.shrunk), m.ads)
		}
	}
	p.printf("</g>\n<g class=\"labels\" fill=\"#222222\" font-size=\"%d\">\n", labelSize)
	for _, l := range d.labels {
		p.printf("<text x=\"%s\" y=\"%s\">%s</text>\n", px(l.x), px(l.y), escape(l.text))
	}
	p.print("</g>\n")
	drawKeys(p, c, d)
	drawLegend(p, d, d.say)
}

// drawLines draws what ties: of many lines those that link nothing are paler, so that the others are seen.
func drawLines(p *printer, d *drawing) {
	p.print("<g class=\"edges\" stroke=\"#9a9a9a\" stroke-width=\"1\">\n")
	for _, links := range []bool{false, true} {
		style := ""
		if !links {
			style = ` stroke-dasharray="3 3"`
			if len(d.marks) > mostLabels {
				style += ` stroke="#d8d8d8"`
			}
		}
		for _, e := range d.lines {
			if a, b := d.marks[e.ad], d.marks[e.identifier]; e.Links == links {
				p.printf("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"%s/>\n", px(a.x), px(a.y), px(b.x), px(b.y), style)
			}
		}
	}
	p.print("</g>\n")
}

func drawMark(p *printer, c *Content, m *mark, say map[string]string) {
	n := &c.nodes[m.node]
	name, fill := nameOf(n, say), hexColour(n.kind)
	if ad.Kind(n.kind) != ad.TextSig && ad.Kind(n.kind) != ad.PHash {
		name = say["kind."+n.kind] + " " + name
	}
	if n.ad != nil {
		if m.ads > 1 {
			name = fmt.Sprintf("%d %s: %s …", m.ads, say["folded.ads"], n.label)
		}
		p.printf("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"><title>%s</title></rect>\n", px(m.x-m.r), px(m.y-m.r), px(2*m.r), px(2*m.r), fill, escape(name))
		return
	}
	rim := ""
	if n.hub {
		rim = hubRim
	}
	p.printf("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"%s><title>%s</title></circle>\n", px(m.x), px(m.y), px(m.r), fill, rim, escape(name))
}

// drawKeys writes letters in the marks that have them, and below the graph what they stand for.
func drawKeys(p *printer, c *Content, d *drawing) {
	p.printf("<g class=\"keys\" font-size=\"%d\" fill=\"#222222\">\n", labelSize)
	for place, i := range d.keys {
		m, letter := d.marks[i], string(rune('A'+place))
		n := &c.nodes[m.node]
		p.printf("<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"middle\" fill=\"%s\">%s</text>\n", px(m.x), px(m.y+4*d.shrunk), px(labelSize*d.shrunk), inkOn(n.kind), letter)
		rows := (len(d.keys) + keyColumns - 1) / keyColumns
		p.printf("<text x=\"%d\" y=\"%d\">%s: %s (%d %s)</text>\n", margin+place/rows*(d.wide-2*margin)/keyColumns, d.keysAt+keyTall*(place%rows+1),
			letter, escape(d.name(c, i)), n.ads, d.say["kind.ads"])
	}
	p.print("</g>\n")
}

// inkOn is what can be read on the colour of a kind: black, or white on what is dark.
func inkOn(kind string) string {
	if c := colours[kind]; int(c[0])*3+int(c[1])*6+int(c[2]) < 1100 {
		return "#ffffff"
	}
	return "#000000"
}

// drawLegend tells what the colours, the broad rim and a number stand for.
func drawLegend(p *printer, d *drawing, say map[string]string) {
	p.print("<g class=\"legend\" font-size=\"12\" fill=\"#222222\">\n")
	for i, k := range nodeKinds() {
		p.printf("<rect x=\"%d\" y=\"8\" width=\"12\" height=\"12\" fill=\"%s\" stroke=\"#333333\"/><text x=\"%d\" y=\"18\">%s</text>\n", margin+i*100, hexColour(k), margin+i*100+18, say["kind."+k])
	}
	hub := margin + len(nodeKinds())*100
	p.printf("<circle cx=\"%d\" cy=\"14\" r=\"6\" fill=\"#ffffff\" stroke=\"#333333\"%s/><text x=\"%d\" y=\"18\">%s</text>\n", hub+6, hubRim, hub+18, say["hub"])
	if d.folded {
		p.printf("<rect x=\"%d\" y=\"25\" width=\"12\" height=\"12\" fill=\"%s\" stroke=\"#333333\"/><text x=\"%d\" y=\"35\" font-size=\"9\" text-anchor=\"middle\">3</text><text x=\"%d\" y=\"36\">%s</text>\n",
			margin, hexColour("ad"), margin+6, margin+18, say["folded"])
	}
	p.print("</g>\n")
}

func hexColour(kind string) string {
	c := colours[kind]
	return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2])
}

func px(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
