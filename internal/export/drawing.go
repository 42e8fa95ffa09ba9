package export

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
	"varde/internal/graph"
)

// Sizes of the picture of the graph. It has wide and graphTall up to roomy marks, and grows with their number up to widest times that, along each
// side; where even that is crowded the marks are smaller.
const (
	graphTall = 900
	margin    = 40
	roomy     = 800
	widest    = 2
	// mostMarks is beyond how many ads and identifiers ads that show the same are drawn as one.
	mostMarks = 1500
	// mostLabels is how many marks are named; in a picture of more marks no ad is.
	mostLabels = 120
	labelSize  = 11
	// mostKeys is how many marks that have no room for a name have a letter instead, which is explained in keyColumns below the graph.
	mostKeys, keyColumns, keyTall = 18, 3, 18
)

// mark is what the picture shows of a node, or of all ads that show the same.
type mark struct {
	// node is its number among those of the content; of several ads, the first's.
	node, ads int
	// x and y are its middle, r is half its width.
	x, y, r float64
}

// drawing is the graph as it is drawn: where its marks lie, and what is tied to what.
type drawing struct {
	// say are the words of the reader.
	say        map[string]string
	wide, tall int
	// shrunk is the part of their usual size that marks have.
	shrunk float64
	folded bool
	marks  []mark
	// of is the mark of each node.
	of    []int
	lines []edge // by marks
	// labels are names beside marks; keys are the marks that have letters, and keysAt is where these are explained.
	labels []label
	keys   []int
	keysAt int
}

// draw lays the graph out for a picture: no mark on another, and ads that show the same as one where there are many.
func (c *Content) draw(say map[string]string) *drawing {
	d := &drawing{say: say, of: make([]int, len(c.nodes)), folded: len(c.nodes) > mostMarks}
	d.mark(c)
	size := min(max(math.Sqrt(float64(len(d.marks))/roomy), 1), widest)
	d.wide, d.tall = int(wide*size), int(graphTall*size)
	d.size(c)
	x, y := c.place()
	if d.folded {
		x, y = graph.Layout(len(d.marks), ends(d.lines))
	}
	d.put(slices.Clone(x), slices.Clone(y))
	d.label(c)
	return d
}

// mark makes the marks and the lines between them.
func (d *drawing) mark(c *Content) {
	by := map[string]int{}
	same := sameAds(c, d.folded)
	for i := range c.nodes {
		m, known := 0, false
		if c.nodes[i].ad != nil && d.folded {
			m, known = by[same[i]]
		}
		if !known {
			m = len(d.marks)
			d.marks = append(d.marks, mark{node: i})
			if c.nodes[i].ad != nil && d.folded {
				by[same[i]] = m
			}
		}
		if c.nodes[i].ad != nil {
			d.marks[m].ads++
		}
		d.of[i] = m
	}
	for _, e := range c.edges {
		if m := d.of[e.ad]; d.marks[m].node == e.ad {
			d.lines = append(d.lines, edge{m, d.of[e.identifier], e.Links, e.Decided})
		}
	}
}

// sameAds says of each ad what it shows: ads that say the same are alike on a picture.
func sameAds(c *Content, wanted bool) []string {
	if !wanted {
		return nil
	}
	shows := make([]strings.Builder, len(c.Ads))
	for _, e := range c.edges {
		fmt.Fprintf(&shows[e.ad], "%d %t ", e.identifier, e.Links)
	}
	same := make([]string, len(c.Ads))
	for i := range shows {
		same[i] = shows[i].String()
	}
	return same
}

// size makes each mark as large as what it stands for asks, and all of them smaller where there is no room.
func (d *drawing) size(c *Content) {
	const gap, filled = 3, 0.25
	area := 0.0
	for i := range d.marks {
		m := &d.marks[i]
		m.r = 4
		if n := &c.nodes[m.node]; n.ad == nil {
			m.r = min(5+math.Sqrt(float64(n.ads)), 14)
		} else if m.ads > 1 {
			m.r = 3.5 + 2.5*float64(len(strconv.Itoa(m.ads))) // so that the number has room in it
		}
		area += (2*m.r + gap) * (2*m.r + gap)
	}
	d.shrunk = min(1, math.Sqrt(filled*float64(d.wide*d.tall)/max(area, 1)))
	for i := range d.marks {
		d.marks[i].r *= d.shrunk
	}
}

// put puts the marks where the layout has them, stretched to fill the picture, and moves those that lie on each other apart.
func (d *drawing) put(x, y []float64) {
	left, top, right, bottom := 0.0, 0.0, 0.0, 0.0
	for i := range x {
		left, right, top, bottom = min(left, x[i]), max(right, x[i]), min(top, y[i]), max(bottom, y[i])
	}
	// Beside the marks there is room for names.
	across, down := float64(d.wide-6*margin), float64(d.tall-2*margin)
	sx, sy := across/max(right-left, 1e-9), down/max(bottom-top, 1e-9)
	sx, sy = min(sx, 1.5*sy), min(sy, 1.5*sx)
	for i := range x {
		x[i], y[i] = across/2+(x[i]-(left+right)/2)*sx, down/2+(y[i]-(top+bottom)/2)*sy
	}
	radius := make([]float64, len(d.marks))
	for i, m := range d.marks {
		radius[i] = m.r*math.Sqrt2 + 1.5*d.shrunk // with its corners, and a little more
	}
	graph.Spread(x, y, radius, across, down)
	for i := range d.marks {
		d.marks[i].x, d.marks[i].y = x[i]+3*margin, y[i]+margin
	}
}

// ends are the edges as the layout takes them.
func ends(edges []edge) [][2]int {
	all := make([][2]int, len(edges))
	for i, e := range edges {
		all[i] = [2]int{e.ad, e.identifier}
	}
	return all
}

// label is a name beside a mark.
type label struct {
	x, y float64
	text string
}

// box is a field that is taken.
type box struct{ left, top, right, bottom float64 }

func (b box) meets(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// label finds the names for which there is room, of what most ads show first. No name lies on a mark or on another name. What comes first and has
// no room for its name gets a letter.
func (d *drawing) label(c *Content) {
	const tries = 500 // of a crowded picture the rest would hardly fit
	taken := make([]box, 0, len(d.marks)+mostLabels)
	for _, m := range d.marks {
		taken = append(taken, box{m.x - m.r, m.y - m.r, m.x + m.r, m.y + m.r})
	}
	order := d.byImportance(c)
	for place, i := range order[:min(len(order), tries)] {
		if len(d.labels) == mostLabels {
			break
		}
		text := d.name(c, i)
		at, ok := d.free(i, text, taken)
		if ok {
			taken = append(taken, at)
			d.labels = append(d.labels, label{at.left, at.bottom - 3, text})
		} else if place < mostKeys && c.nodes[d.marks[i].node].ads > 1 {
			d.keys = append(d.keys, i)
		}
	}
	d.keysAt = d.tall
	if len(d.keys) > 0 {
		d.tall += keyTall * (len(d.keys)/keyColumns + 2)
	}
}

// free is the best place for a name at which nothing is yet.
func (d *drawing) free(i int, text string, taken []box) (box, bool) {
	for _, at := range d.beside(i, textWide(text)) {
		if !slices.ContainsFunc(taken, at.meets) {
			return at, true
		}
	}
	return box{}, false
}

// name is what a mark is called.
func (d *drawing) name(c *Content, i int) string {
	return short(nameOf(&c.nodes[d.marks[i].node], d.say), 40)
}

// nameOf is what a node is called in the reader's language: a text and a picture by an ad that shows it, and a decision by its number.
func nameOf(n *node, say map[string]string) string {
	switch ad.Kind(n.kind) {
	case ad.TextSig, ad.PHash:
		if of, ok := strings.CutPrefix(n.label, n.kind+" of ad "); ok {
			return say["kind."+n.kind] + " " + say["of_ad"] + " " + of
		}
	case ad.Decided:
		return say["decision"] + " " + n.value
	}
	return n.label
}

// byImportance are the marks that may be named, what most ads show first.
func (d *drawing) byImportance(c *Content) (order []int) {
	for i, m := range d.marks {
		if c.nodes[m.node].ad == nil || len(d.marks) <= mostLabels {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.nodes[d.marks[b].node].ads, c.nodes[d.marks[a].node].ads) })
	return order
}

// beside are the places for a name of a width, the best first, that are within the picture.
func (d *drawing) beside(i int, wide float64) (all []box) {
	const tall, gap = labelSize + 2, 4
	m := d.marks[i]
	for _, at := range [][2]float64{{m.x + m.r + gap, m.y - tall/2}, {m.x - m.r - gap - wide, m.y - tall/2}, {m.x - wide/2, m.y + m.r + 1}, {m.x - wide/2, m.y - m.r - 1 - tall}} {
		if at[0] > 0 && at[0]+wide < float64(d.wide) && at[1] > margin-tall && at[1]+tall < float64(d.tall) {
			all = append(all, box{at[0], at[1], at[0] + wide, at[1] + tall})
		}
	}
	return all
}

// textWide is how wide a name is at most, whatever the typeface.
func textWide(text string) (wide float64) {
	for _, r := range text {
		if r >= 0x1100 { // scripts whose letters fill a square, and pictures
			wide += labelSize
		} else {
			wide += labelSize * 0.62
		}
	}
	return wide
}
