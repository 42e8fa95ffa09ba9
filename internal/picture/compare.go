package picture

import (
	"math"
	"math/bits"
	"slices"
)

// Two pictures are one where enough of their spots look alike and lie alike. The numbers were chosen on the even half of 158 photographs and
// their alterations, for no false pair, also where two different pictures carry the same logo, text, bar or frame (docs/performance.md).
const (
	// mostApart is how many of 42 signs may differ in two marks of one spot, while it is sought how the pictures lie, and guidedApart
	// once that is known. A pair of marks counts the more the fewer do, from bestPair and guidedPair down.
	mostApart, bestPair     = 10, 12
	guidedApart, guidedPair = 14, 16
	// mostPairs bounds the pairs of marks that are looked at, those that differ least first.
	mostPairs = 64
	// leastScore is the least score of two pictures that are one, leastWeight that of its square times the share of the marks which agree of
	// those that could: by chance few of many do. Among 400,000 pairs of drawings whose spots all lie on one lattice chance reached 45 squared
	// once.
	leastScore  = 34
	leastWeight = 55 * 55
	// The marks that agree must be all over the part that is shared and not only in a logo, a line of writing or a bar: on leastField percent
	// of it, and with a score of leastBeyond outside of any strip across it. That must be half a point for each mark that could agree, or
	// highShare percent of these must.
	highShare   = 50
	leastField  = 10
	leastBeyond = 15
)

// Likeness says how one of two pictures differs from the other, each of which may be the one that was changed.
type Likeness struct {
	// Mirrored, Turned by quarters, Cropped, and Framed: with a border that the other has not.
	Mirrored, Turned, Cropped, Framed bool
}

// Compare says whether two fingerprints are of one picture, maybe altered, and how. The order of the two does not matter.
func Compare(a, b *Fingerprint) (how Likeness, same bool) {
	if b.less(a) {
		a, b = b, a
	}
	var best fit
	for _, o := range orientations {
		if f, ok := match(a, b, o); ok && f.score > best.score {
			best, same = f, true
		}
	}
	if !same {
		return how, false
	}
	return best.likeness(a, b), true
}

// Same says whether two fingerprints are of one picture, maybe altered, as Compare does, but not how.
func Same(a, b *Fingerprint) bool {
	if b.less(a) {
		a, b = b, a
	}
	for _, o := range orientations {
		if _, ok := match(a, b, o); ok {
			return true
		}
	}
	return false
}

const (
	// SurelyNear is the distance of two perceptual hashes up to which two pictures are one whatever else is in them.
	SurelyNear = 3
	// enoughMarks can tell that pictures are not one.
	enoughMarks = 24
)

// Near says whether two pictures are one by their 64-bit perceptual hashes: these differ in at most distance bits, and where in more than a few, the
// fingerprints, if both have enough marks to tell, say so too. Frames, bars and skies bring the hashes of different pictures near.
func Near(hashA, hashB uint64, a, b *Fingerprint, distance int) bool {
	d := bits.OnesCount64(hashA ^ hashB)
	if d > distance || d <= SurelyNear || a == nil || b == nil || min(len(a.marks), len(b.marks)) < enoughMarks {
		return d <= distance
	}
	if b.less(a) {
		a, b = b, a
	}
	_, same := match(a, b, orientation{})
	return same
}

// less orders fingerprints.
func (f *Fingerprint) less(g *Fingerprint) bool {
	if d := slices.Compare(f.marks, g.marks); d != 0 {
		return d < 0
	}
	return slices.Compare([]int{f.width, f.height}, []int{g.width, g.height}) < 0
}

// fit is what two pictures have in common when one is laid on the other.
type fit struct {
	placing
	score int
	// pairs are the marks that agree, each once; possible is how many could.
	pairs    []pair
	possible int
}

// pair is a mark of each picture that look alike, and in how many signs they differ.
type pair struct{ i, j, apart int }

// worth is what a pair counts while it is sought how the pictures lie.
func (p *pair) worth() int { return bestPair - p.apart }

// match lays a on b in one orientation and says whether they are one picture.
func match(a, b *Fingerprint, how orientation) (f fit, same bool) {
	f = lay(a, b, how)
	if f.score < leastScore {
		return f, false
	}
	f.guide(a, b)
	if f.score*f.score*len(f.pairs) < leastWeight*f.possible {
		return f, false
	}
	beyond := f.beyond(a, b)
	if beyond < leastBeyond || f.field(a, b) < leastField {
		return f, false
	}
	return f, 2*beyond >= f.possible || len(f.pairs)*100 >= highShare*f.possible
}

// alike lists the marks that look alike, those that differ least first, at most mostPairs.
func alike(a, b *Fingerprint, how orientation) []pair {
	var looks [2][mostMarks]uint64 // of the light marks, and of the dark ones
	var at [2][mostMarks]uint8
	var marks [2]int
	for j, o := range b.marks {
		look := o.look()
		dark := look >> signBits
		looks[dark][marks[dark]], at[dark][marks[dark]] = look, uint8(j)
		marks[dark]++
	}
	var ends [mostApart + 1]int // how many pairs differ in so many signs
	var room [4 * mostPairs]pair
	found := room[:0]
	for i, m := range a.marks {
		look := how.look(m.look())
		dark := look >> signBits
		for k, o := range looks[dark][:marks[dark]] {
			if n := bits.OnesCount64(look ^ o); n <= mostApart {
				ends[n]++
				found = append(found, pair{i, int(at[dark][k]), n})
			}
		}
	}
	most := min(mostPairs, len(found))
	for n, count := 0, 0; n < len(ends); n++ {
		ends[n], count = count, count+ends[n]
	}
	all := make([]pair, most)
	for _, p := range found {
		if at := ends[p.apart]; at < most {
			all[at] = p
		}
		ends[p.apart]++
	}
	return all
}

// apart is in how many signs two looks differ; a light spot is never a dark one.
func apart(a, b uint64) int {
	if (a^b)>>signBits != 0 {
		return signBits
	}
	return bits.OnesCount64(a ^ b)
}

// lay finds how a lies on b in an orientation so that most pairs of marks agree.
func lay(a, b *Fingerprint, how orientation) (best fit) {
	all := make([]laid, 0, mostPairs)
	for _, p := range alike(a, b, how) {
		all = append(all, p.laid(a, b, how))
	}
	c := newCount(all)
	most := min(c.mostA, c.mostB)
	if most < leastScore {
		return best
	}
	for k := range all {
		one := &all[k]
		for l := k + 1; l < len(all) && best.score < most; l++ {
			two := &all[l]
			if one.i == two.i || one.j == two.j || !upright(one, two) {
				continue
			}
			if p, ok := place(how, one, two); ok {
				if score := c.score(&p, best.score); score > best.score {
					best.placing, best.score = p, score
				}
			}
		}
	}
	return best
}

// guide lists all marks that agree with the placing, now that it is known where to look for them.
func (f *fit) guide(a, b *Fingerprint) {
	var taken [mostMarks]bool
	inA, inB := 0, 0
	for i, m := range a.marks {
		x, y := f.mark(m)
		if x < 0 || y < 0 || x > fine*b.width || y > fine*b.height {
			continue
		}
		inA++
		best := pair{i, -1, guidedApart + 1}
		for j, o := range b.marks {
			if !taken[j] && f.agree(x, y, m, o) {
				if n := apart(f.how.look(m.look()), o.look()); n < best.apart {
					best.j, best.apart = j, n
				}
			}
		}
		if best.j >= 0 {
			taken[best.j] = true
			f.pairs = append(f.pairs, best)
		}
	}
	for _, o := range b.marks {
		if f.reaches(o, a) {
			inB++
		}
	}
	f.possible = max(1, min(inA, inB))
}

// beyond is the least score that is left where the marks of any strip across the shared part, a quarter of it wide, are taken away.
func (f *fit) beyond(a, b *Fingerprint) int {
	x0, y0, x1, y1 := f.shared(a, b)
	return min(f.beyondStrip((x1-x0)/4, func(q pair) int { return b.marks[q.j].x() }),
		f.beyondStrip((y1-y0)/4, func(q pair) int { return b.marks[q.j].y() }))
}

func (f *fit) beyondStrip(wide int, at func(pair) int) int {
	least := math.MaxInt
	for _, from := range f.pairs {
		left := 0
		for _, q := range f.pairs {
			if at(q) < at(from) || at(q) > at(from)+wide {
				left += guidedPair - q.apart
			}
		}
		least = min(least, left)
	}
	return least
}

// field is how many percent of the shared part the marks that agree cover: the area of an even field with their variance.
func (f *fit) field(a, b *Fingerprint) int {
	var n, sx, sy, sxx, syy, sxy int
	for _, q := range f.pairs {
		x, y := b.marks[q.j].x(), b.marks[q.j].y()
		n, sx, sy, sxx, syy, sxy = n+1, sx+x, sy+y, sxx+x*x, syy+y*y, sxy+x*y
	}
	if n == 0 {
		return 0
	}
	vx, vy, c := n*sxx-sx*sx, n*syy-sy*sy, n*sxy-sx*sy
	x0, y0, x1, y1 := f.shared(a, b)
	return 100 * 12 * int(math.Sqrt(float64(vx*vy-c*c))) / (n * n) / max(1, (x1-x0)*(y1-y0))
}

// cropped is the percentage of a picture's area that the other must lack to be called cropped: three percent of each side are lost in trimming
// borders and in rounding.
const cropped = 12

func (f *fit) likeness(a, b *Fingerprint) Likeness {
	x0, y0, x1, y1 := f.shared(a, b)
	shared, s := (x1-x0)*(y1-y0), f.scale
	ofB := 100 * shared / (b.width * b.height)
	ofA := 100 * shared * 256 / s * 256 / s / (a.width * a.height)
	return Likeness{Mirrored: f.how.mirrored(), Turned: f.how.transposed || f.how.leftRight && f.how.upDown, Framed: a.framed != b.framed,
		Cropped: min(ofA, ofB) <= 100-cropped}
}
