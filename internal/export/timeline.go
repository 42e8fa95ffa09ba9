package export

import (
	"slices"
	"time"
)

// Beyond mostBars ads the timeline counts ads by time instead of drawing each.
const (
	mostBars = 80
	barTall  = 14
	bins     = 60
	binsTall = 200
)

func timelineTall(c *Content) int {
	if len(c.Ads) > mostBars {
		return binsTall + 30
	}
	return len(c.Ads)*barTall + 30
}

// drawTimeline draws when each ad was seen, from first to last, or how many were there at a time.
func drawTimeline(p *printer, c *Content, to Reader, wide int) {
	var first, last time.Time
	for i := range c.Ads {
		a := &c.Ads[i]
		if first.IsZero() || a.FirstSeen.Before(first) {
			first = a.FirstSeen
		}
		if a.LastSeen.After(last) {
			last = a.LastSeen
		}
	}
	if len(c.Ads) == 0 || first.IsZero() {
		return
	}
	span := max(last.Sub(first), time.Hour)
	x := func(t time.Time) float64 { return margin + float64(t.Sub(first))/float64(span)*float64(wide-2*margin) }
	tall := timelineTall(c) - 30
	if len(c.Ads) > mostBars {
		drawBins(p, c, first, span, wide)
	} else {
		order := make([]int, len(c.Ads))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return c.Ads[a].FirstSeen.Compare(c.Ads[b].FirstSeen) })
		p.printf("<g class=\"bars\" fill=\"%s\" stroke=\"#333333\" stroke-width=\"0.5\">\n", hexColour("ad"))
		for row, i := range order {
			a := &c.Ads[i]
			from, until := x(a.FirstSeen), x(a.LastSeen)
			p.printf("<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"><title>%s</title></rect>\n", px(from), row*barTall+2, px(max(until-from, 3)), barTall-4,
				escape(c.nodes[i].label+", "+to.local(a.FirstSeen).Format("2006-01-02")+" – "+to.local(a.LastSeen).Format("2006-01-02")))
		}
		p.print("</g>\n")
	}
	p.printf("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#333333\"/>\n<g class=\"days\" font-size=\"12\" fill=\"#222222\">\n", margin, tall, wide-margin, tall)
	for i := range 6 {
		t := first.Add(span / 5 * time.Duration(i))
		anchor := "middle"
		if i == 0 {
			anchor = "start"
		} else if i == 5 {
			anchor = "end"
		}
		p.printf("<text x=\"%s\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", px(x(t)), tall+18, anchor, to.local(t).Format("2006-01-02"))
	}
	p.print("</g>\n")
}

// drawBins draws how many ads were there in each part of the time.
func drawBins(p *printer, c *Content, first time.Time, span time.Duration, wide int) {
	var there [bins]int
	bin := func(t time.Time) int { return min(int(float64(t.Sub(first))/float64(span)*bins), bins-1) }
	most := 1
	for i := range c.Ads {
		for b := bin(c.Ads[i].FirstSeen); b <= bin(c.Ads[i].LastSeen); b++ {
			there[b]++
			most = max(most, there[b])
		}
	}
	p.printf("<g class=\"bins\" fill=\"%s\" stroke=\"#333333\" stroke-width=\"0.5\">\n", hexColour("ad"))
	step := float64(wide-2*margin) / bins
	for b, n := range there {
		tall := float64(n) / float64(most) * (binsTall - 10)
		p.printf("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"><title>%d</title></rect>\n", px(margin+float64(b)*step), px(binsTall-tall), px(step-1), px(tall), n)
	}
	p.print("</g>\n")
}
