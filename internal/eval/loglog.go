package eval

import (
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"
)

// Line is a line of a chart with two logarithmic axes; points that are not above 0 are left out.
type Line struct {
	Name   string
	Points [][2]float64
}

// Panel is one chart of several that are drawn together.
type Panel struct {
	X, Y  string
	Lines []Line
}

// WriteLogLog draws panels with logarithmic axes, two beside each other, each with its legend below it.
func WriteLogLog(w io.Writer, title string, panels []Panel) error {
	legend := 0
	for _, p := range panels {
		legend = max(legend, len(p.Lines))
	}
	down := panel + 2*margin + 18*legend
	width, height := 2*(panel+margin)+margin, margin+down*((len(panels)+1)/2)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="sans-serif" font-size="12" fill="#222">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", html.EscapeString(title))
	fmt.Fprintf(&b, `<text x="%d" y="24" font-size="15" font-weight="bold">%s</text>`+"\n", margin, html.EscapeString(title))
	for i, p := range panels {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", i%2*(margin+panel), i/2*down)
		p.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the chart: %w", err)
	}
	return nil
}

func (p Panel) draw(b *strings.Builder) {
	x, y := p.scale(0), p.scale(1)
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" stroke="#ccc" fill="none"/>`, margin, margin, panel, panel)
	for _, v := range x.ticks() {
		at := margin + x.at(v)
		fmt.Fprintf(b, `<path d="M%.1f %dv%d" stroke="#eee"/><text x="%.1f" y="%d" text-anchor="middle" font-size="10">%s</text>`, at, margin, panel, at, margin+panel+14, figure(v))
	}
	for _, v := range y.ticks() {
		at := margin + panel - y.at(v)
		fmt.Fprintf(b, `<path d="M%d %.1fh%d" stroke="#eee"/><text x="%d" y="%.1f" text-anchor="end" font-size="10">%s</text>`, margin, at, panel, margin-5, at+4, figure(v))
	}
	fmt.Fprintf(b, "\n"+`<text x="%d" y="%d" text-anchor="middle">%s</text><text transform="translate(%d %d) rotate(-90)" text-anchor="middle">%s</text>`+"\n",
		margin+panel/2, margin+panel+30, html.EscapeString(p.X), margin-36, margin+panel/2, html.EscapeString(p.Y))
	for i, l := range p.Lines {
		shade, dash := shades[i%len(shades)], dashes[i%len(dashes)]
		fmt.Fprintf(b, `<polyline fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s" points="`, shade, dash)
		for _, q := range l.Points {
			if q[0] > 0 && q[1] > 0 {
				fmt.Fprintf(b, "%.1f,%.1f ", margin+x.at(q[0]), margin+panel-y.at(q[1]))
			}
		}
		at := margin + panel + margin + 18*i
		fmt.Fprintf(b, `"/><path d="M%d %dh28" stroke="%s" stroke-width="2" stroke-dasharray="%s" fill="none"/><text x="%d" y="%d">%s</text>`+"\n",
			margin, at-4, shade, dash, margin+36, at, html.EscapeString(l.Name))
	}
}

// axis is a logarithmic axis from low to high.
type axis struct{ low, high float64 }

// scale makes the axis that all points of a panel fit on; of is 0 for x and 1 for y.
func (p Panel) scale(of int) axis {
	a := axis{math.Inf(1), 0}
	for _, l := range p.Lines {
		for _, q := range l.Points {
			if q[0] > 0 && q[1] > 0 {
				a.low, a.high = min(a.low, q[of]), max(a.high, q[of])
			}
		}
	}
	if a.high == 0 {
		return axis{1, 10}
	}
	step := math.Pow(10, math.Floor(math.Log10(a.low)))
	low := step
	for _, n := range []float64{2, 5} {
		if n*step <= a.low {
			low = n * step
		}
	}
	a.low = low
	if a.high < 2*a.low {
		a.high = 2 * a.low
	}
	return a
}

// at is where a value lies, in units of the chart.
func (a axis) at(v float64) float64 { return panel * math.Log(v/a.low) / math.Log(a.high/a.low) }

// ticks are the powers of ten on the axis, and between them as many as there is room for.
func (a axis) ticks() (list []float64) {
	between := []float64{1, 2, 5}
	switch wide := a.high / a.low; {
	case wide > 5000:
		between = between[:1]
	case wide < 8:
		between = []float64{1, 1.5, 2, 3, 4, 5, 6, 8}
	}
	for step := math.Pow(10, math.Floor(math.Log10(a.low))); step <= a.high*1.0001; step *= 10 {
		for _, n := range between {
			if v := n * step; v >= a.low*0.9999 && v <= a.high*1.0001 {
				list = append(list, v)
			}
		}
	}
	return list
}

// figure writes a value of an axis shortly.
func figure(v float64) string {
	switch {
	case v >= 999_999:
		return strconv.FormatFloat(v/1e6, 'g', 3, 64) + "M"
	case v >= 9999:
		return strconv.FormatFloat(v/1e3, 'g', 3, 64) + "k"
	}
	return strconv.FormatFloat(v, 'f', -1, 32)
}
