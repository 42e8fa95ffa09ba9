package picture

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// MostKeys is the most keys that a picture has. Each costs a write and a look-up; what fewer and more find is in docs/performance.md.
const MostKeys = 64

// Keys are made of triangles of marks: the directions of the sides and the signs of the marks that a copy keeps most often. Directions stay the
// same however large a picture is shown and wherever it was cut. The numbers were chosen on 158 photographs and their alterations, as those that
// find most while chance brings at most 2,000 postings among 3 million pictures (docs/performance.md).
const (
	// keyMarks marks of a picture are used, small ones first: of those up to smallScale two of three are found again in a copy cropped by a tenth
	// of each side, of larger ones one of three.
	keyMarks   = 64
	smallScale = 8
	// shortSide and longSide bound the sides of a triangle, in pixels: places are known to one, and a large triangle is cut more often.
	shortSide, longSide = 20, 128
	// degree is the unit of angles; baseStep is how finely the direction of the longest side is taken, sideStep that of the others from it.
	degree             = 64
	baseStep, sideStep = 15 * degree, 15 * degree / 2
	// classBits is into how many classes marks fall by their look, as a power of two: a triangle is taken first where those of its corners add
	// up to nothing. So two pictures take the same ones, though neither looks at all of its triangles.
	classBits = 6
	classes   = 1 << classBits
)

// keyWaves are the waves whose signs are in a key: with each also the one turned over. lookWaves are those in a look, which must only be alike:
// both signs are about as frequent and no other sign foretells them.
var (
	keyWaves  = []wave{{0, 1}, {1, 0}, {1, 1}, {1, 2}, {2, 1}, {1, 3}, {3, 1}}
	lookWaves = []wave{{0, 3}, {3, 0}, {1, 4}, {4, 1}, {3, 3}, {0, 5}, {5, 0}, {2, 3}, {3, 2}, {1, 5}, {5, 1}, {3, 4}, {4, 3}, {2, 5}, {5, 2}, {0, 7},
		{7, 0}, {1, 6}, {6, 1}, {0, 6}, {6, 0}}
)

// lookBits is how many signs of each corner a look holds; of those of all three lookApart may differ. By chance one look of 500 is as near, and
// of the copies that share a key one in 150 is lost.
const (
	lookBits  = 21
	lookApart = 16
)

// Keys are what altered copies of a picture are looked up by: two pictures that Same calls one mostly share a key, and of two others one pair
// in a few thousand does (docs/performance.md). There are MostKeys at most, each once, and the same ones however the picture is mirrored or
// turned by quarters. What stands in all pictures of a site may give all of them the same keys: whoever keeps an index should pass over a key
// with more than 100 pictures.
func (f *Fingerprint) Keys() []uint64 {
	keys, _ := f.KeysAndLooks()
	return keys
}

// LooksAlike says whether the looks of two equal keys of two pictures are alike. Where they are not, the keys are equal by chance, and Same need
// not be asked.
func LooksAlike(a, b uint64) bool { return bits.OnesCount64(a^b) <= lookApart }

// KeysAndLooks are the keys, and of each how its corners look beyond what is in the key.
func (f *Fingerprint) KeysAndLooks() (keys, looks []uint64) {
	c := f.corners()
	keys, looks = make([]uint64, 0, MostKeys), make([]uint64, 0, MostKeys)
	for _, t := range c.triangles(MostKeys) {
		keys, looks = append(keys, t.key), append(looks, c.look(&t))
	}
	return keys, looks
}

// corners are the marks that triangles are made of.
type corners struct {
	marks []mark
	// looks are those of each mark in each orientation.
	looks [keyMarks][len(orientations)]uint64
	class [keyMarks]int
	// near are the marks that may stand in one triangle with each, as bits.
	near [keyMarks]uint64
	// alike are, by how many bits of their classes are looked at, the marks of each class.
	alike [classBits + 1][classes]uint64
}

func (f *Fingerprint) corners() *corners {
	c := &corners{marks: make([]mark, 0, mostMarks)}
	for _, small := range [2]bool{true, false} {
		for _, m := range f.marks {
			if m.scale() <= smallScale == small {
				c.marks = append(c.marks, m)
			}
		}
	}
	c.marks = c.marks[:min(len(c.marks), keyMarks)]
	for i, m := range c.marks {
		look := m.look()
		c.looks[i] = everyWay(look)
		least := uint64(math.MaxUint64)
		for _, look := range c.looks[i] {
			least = min(least, look&keySigns)
		}
		c.class[i] = int(mix(least, 1) & (classes - 1))
		for n := range c.alike {
			c.alike[n][c.class[i]&(1<<n-1)] |= 1 << i
		}
		for j := range i {
			if d := square(c.vector(i, j)); d >= shortSide*shortSide && d <= longSide*longSide {
				c.near[i] |= 1 << j
				c.near[j] |= 1 << i
			}
		}
	}
	return c
}

// vector leads from one mark to another.
func (c *corners) vector(from, to int) (x, y int) {
	return c.marks[to].x() - c.marks[from].x(), c.marks[to].y() - c.marks[from].y()
}

func square(x, y int) int { return x*x + y*y }

// triangle is three corners in the order of the sides across from them, the longest first, and how they are turned so that the way from the
// last to the second leads right and up by less than 45°.
type triangle struct {
	key     uint64
	corners [3]uint8
	how     uint8
}

// triangles are at most so many of a picture: first those whose classes add up to nothing, then those where all but the highest bit of the sum
// is nothing, and so on; among these those whose keys are least.
func (c *corners) triangles(most int) []triangle {
	all := make([]triangle, 0, 4*most)
	for n := classBits; n >= 0 && len(all) < most; n-- {
		from := len(all)
		for i := range c.marks {
			for js := c.near[i] & (1<<i - 1); js != 0; js &= js - 1 {
				j := bits.TrailingZeros64(js)
				for ks := c.third(n, i, j) & (1<<j - 1); ks != 0; ks &= ks - 1 {
					if t, ok := c.triangle(i, j, bits.TrailingZeros64(ks)); ok {
						all = append(all, t)
					}
				}
			}
		}
		slices.SortFunc(all[from:], func(a, b triangle) int {
			return cmp.Or(cmp.Compare(a.key, b.key), slices.Compare(a.corners[:], b.corners[:]))
		})
	}
	kept := all[:0]
	for _, t := range all {
		if len(kept) == most {
			break
		}
		if !slices.ContainsFunc(kept, func(o triangle) bool { return o.key == t.key }) {
			kept = append(kept, t)
		}
	}
	return kept
}

// third are the marks near to two others with which the n lowest bits of the classes' sum are nothing, and the next, if there is one, is not.
func (c *corners) third(n, i, j int) uint64 {
	rest, bit := -c.class[i]-c.class[j], 0
	if n < classBits {
		bit, n = 1<<n, n+1
	}
	return c.alike[n][(rest+bit)&(1<<n-1)] & c.near[i] & c.near[j]
}

// triangle makes one of three marks. It is not ok where small changes would exchange its corners or turn it otherwise.
func (c *corners) triangle(a, b, last int) (t triangle, ok bool) {
	acrossA, acrossB, acrossLast := square(c.vector(b, last)), square(c.vector(a, last)), square(c.vector(a, b))
	if acrossA < acrossB {
		a, b, acrossA, acrossB = b, a, acrossB, acrossA
	}
	if acrossB < acrossLast {
		b, last, acrossB, acrossLast = last, b, acrossLast, acrossB
	}
	if acrossA < acrossB {
		a, b, acrossA, acrossB = b, a, acrossB, acrossA
	}
	x, y := c.vector(last, b)
	if acrossA == acrossB || acrossB == acrossLast || x == 0 || y == 0 || x == y || x == -y {
		return t, false
	}
	how := wayTo(x, y)
	x, y = orientations[how].place(x, y)
	u, v := orientations[how].place(c.vector(last, a))
	base := angle(x, y)
	key := mix(uint64(base/baseStep), uint64((angle(u, v)-base+circle)%circle/sideStep)<<32|uint64((angle(u-x, v-y)-base+circle)%circle/sideStep))
	for _, i := range [3]int{a, b, last} {
		key = mix(key, c.looks[i][how]&keySigns)
	}
	return triangle{key, [3]uint8{uint8(a), uint8(b), uint8(last)}, uint8(how)}, true
}

// wayTo is the orientation that makes a vector lead right and up by less than 45°.
func wayTo(x, y int) (how int) {
	if max(x, -x) < max(y, -y) {
		how, x, y = 4, y, x
	}
	if x < 0 {
		how |= 1
	}
	if y < 0 {
		how |= 2
	}
	return how
}

// look is that of a triangle's corners.
func (c *corners) look(t *triangle) (out uint64) {
	for _, i := range t.corners {
		look := c.looks[i][t.how]
		var signs uint64
		for n := range lookSplit {
			signs |= lookSplit[n][byte(look>>(8*n))]
		}
		out = out<<lookBits | signs
	}
	return out
}

const circle = 360 * degree

// angle is the direction of a vector that is not null.
func angle(x, y int) (a int) {
	if across, up := max(x, -x), max(y, -y); across >= up {
		a = arcs[up*slopes/across]
	} else {
		a = circle/4 - arcs[across*slopes/up]
	}
	if x < 0 {
		a = circle/2 - a
	}
	if y < 0 {
		a = (circle - a) % circle
	}
	return a
}

// slopes is how finely slopes up to 1 are told apart; arcs are their angles.
const slopes = 1024

var arcs = func() (t [slopes + 1]int) {
	for i := range t {
		t[i] = int(math.Round(math.Atan(float64(i)/slopes) * circle / (2 * math.Pi)))
	}
	return t
}()

// mix hashes a value into a hash: a product of 128 bits folded to 64, with constants of no meaning.
func mix(hash, v uint64) uint64 {
	high, low := bits.Mul64(hash^0x9e3779b97f4a7c15, v^0xbf58476d1ce4e5b9)
	return high ^ low
}

// keySigns are the signs in a key, and whether the mark is dark.
var keySigns = func() uint64 {
	signs := uint64(1) << signBits
	for i, f := range waves {
		if slices.Contains(keyWaves, f) {
			signs |= 1 << i
		}
	}
	return signs
}()

// lookSplit sorts the signs of a look out of each byte of a mark's.
var lookSplit = func() (t [6][256]uint64) {
	for i, f := range waves {
		to := slices.Index(lookWaves, f)
		for b := range 256 {
			if to >= 0 && b>>(i%8)&1 == 1 {
				t[i/8][b] |= 1 << to
			}
		}
	}
	return t
}()
