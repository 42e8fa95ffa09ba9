package eval

import (
	"fmt"
	"html"
	"io"
	"strings"
)

// Series is one line of a chart.
type Series struct {
	Name string
	Ads  []Scored
}

// Measures of the chart, in units of its own.
const (
	panel  = 300
	margin = 54
	ticks  = 5
)

// shades and dashes tell the lines apart, also in print and without colour.
var (
	shades = []string{"#0b5cad", "#b45309", "#4b7a1f", "#7c3a9d", "#a3243b", "#3f6f78", "#6b5b1e", "#555555"}
	dashes = []string{"", "6 3", "2 2", "8 3 2 3", "1 3", "10 4", "4 4", "3 1"}
)

// WriteSVG draws the precision-recall and the ROC curve of each series side by side, with a legend that names average precision and AUC.
// Series of one class only are named and not drawn.
func WriteSVG(w io.Writer, title string, series []Series) error {
	var b strings.Builder
	width, height := 2*(panel+margin)+margin, margin+panel+margin+18*len(series)+10
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="sans-serif" font-size="12" fill="#222">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", html.EscapeString(title))
	fmt.Fprintf(&b, `<text x="%d" y="24" font-size="15" font-weight="bold">%s</text>`+"\n", margin, html.EscapeString(title))
	axes(&b, margin, "recall", "precision")
	axes(&b, 2*margin+panel, "false positives", "recall")
	for i, s := range series {
		shade, dash := shades[i%len(shades)], dashes[i%len(dashes)]
		points := Curve(s.Ads)
		line(&b, margin, shade, dash, points, func(p Point) (x, y float64) { return p.Recall, p.Precision })
		line(&b, 2*margin+panel, shade, dash, withOrigin(points), func(p Point) (x, y float64) { return p.FalsePositives, p.Recall })
		r := Rank(s.Ads)
		y := margin + panel + margin + 18*i
		fmt.Fprintf(&b, `<path d="M%d %dh28" stroke="%s" stroke-width="2" stroke-dasharray="%s" fill="none"/>`, margin, y-4, shade, dash)
		said := fmt.Sprintf("%s: average precision %.3f, AUC %.3f (%d of %d)", s.Name, r.AveragePrecision, r.AUC, r.Positives, r.Positives+r.Negatives)
		if points == nil {
			said = s.Name + ": only one class, nothing to draw"
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`+"\n", margin+36, y, html.EscapeString(said))
	}
	b.WriteString("</svg>\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the chart: %w", err)
	}
	return nil
}

// withOrigin begins a ROC curve where nothing is called.
func withOrigin(points []Point) []Point {
	if points == nil {
		return nil
	}
	return append([]Point{{}}, points...)
}

func axes(b *strings.Builder, left int, x, y string) {
	fmt.Fprintf(b, `<g stroke="#ccc" fill="none"><rect x="%d" y="%d" width="%d" height="%d"/>`, left, margin, panel, panel)
	for i := 1; i < ticks; i++ {
		at := i * panel / ticks
		fmt.Fprintf(b, `<path d="M%d %dv%dM%d %dh%d" stroke="#eee"/>`, left+at, margin, panel, left, margin+at, panel)
	}
	b.WriteString("</g>\n")
	for i := 0; i <= ticks; i++ {
		at := i * panel / ticks
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle" font-size="10">%.1f</text><text x="%d" y="%d" text-anchor="end" font-size="10">%.1f</text>`,
			left+at, margin+panel+14, float64(i)/ticks, left-5, margin+panel-at+4, float64(i)/ticks)
	}
	fmt.Fprintf(b, "\n"+`<text x="%d" y="%d" text-anchor="middle">%s</text><text transform="translate(%d %d) rotate(-90)" text-anchor="middle">%s</text>`+"\n",
		left+panel/2, margin+panel+30, x, left-34, margin+panel/2, y)
}

func line(b *strings.Builder, left int, shade, dash string, points []Point, at func(Point) (x, y float64)) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintf(b, `<polyline fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s" points="`, shade, dash)
	for _, p := range points {
		x, y := at(p)
		fmt.Fprintf(b, "%.1f,%.1f ", float64(left)+x*panel, margin+(1-y)*panel)
	}
	b.WriteString("\"/>\n")
}
