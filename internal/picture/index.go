package picture

import (
	"cmp"
	"slices"
)

const (
	// splits is how often the signs of a look are split into halves, each time otherwise: two marks of one spot often agree in a half wholly.
	// Measured on the even half of the photographs, cropped by 30 % of each side: 14 of 40 are found with one split, 19 with two, 26 with three.
	splits   = 3
	halves   = 2 * splits
	halfBits = signBits / 2
	// hitApart is the most signs in which two marks that share a half may differ.
	hitApart = 8
	// mostAlike marks of one picture may share a half; where more do, that half is looked up for none of them.
	mostAlike = 4
	// fewHits may lie anywhere. Where there are more, two that fit must not lie in one strip across the shared part, 1/strip of it wide, as those
	// of a logo or of writing do that many pictures carry. manyHits are not looked at one by one.
	fewHits, strip, manyHits = 8, 8, 64
	// mostPostings of a half are looked at, those of the pictures added last: a site's watermark stands in all of its pictures, and each search
	// would otherwise cost as much as there are.
	mostPostings = 1000
)

// Index finds the altered copies of a picture among those that were added before, without comparing it with each: it looks up halves of its
// marks' signs in each of the eight orientations, and compares in full only with pictures that share two halves or more, in places which fit.
//
// What is found of two pictures depends on these two alone: not on the order in which they came, nor on what else is there; as long as no half
// that they share stands in more than mostPostings marks added since the first of them, beyond which they may be missed. The zero value is
// empty. It is not safe for use by several goroutines at once. It holds 4 KB a picture.
type Index struct {
	prints []*Fingerprint
	// head is the latest posting of a key, next the one before a posting; 0 is none. The postings of picture n are those from
	// n*halves*mostMarks on, one for each half of each mark, and one is added to tell the first from none.
	head map[uint32]uint32
	next []uint32
	// count is how often a picture was hit in one orientation.
	count []uint8
	hits  []hit
}

// hit is a mark of the picture that is looked for and one of another that share half of their signs.
type hit struct {
	picture uint32
	i, j    uint8
}

// Len is how many pictures were added.
func (x *Index) Len() int { return len(x.prints) }

// Find calls found with the numbers of the altered copies of a picture among those that were added. It does not compare with pictures that
// skip is true for, which is asked each time anew; one that is not skipped may be found more than once.
func (x *Index) Find(f *Fingerprint, skip func(n int) bool, found func(n int)) {
	common := f.common()
	for _, how := range orientations {
		for _, h := range x.candidates(f, how, common) {
			if n := int(h[0].picture); !skip(n) && x.same(f, n, how, h) {
				found(n)
			}
		}
	}
}

// Add takes a picture and returns its number, counted from 0.
func (x *Index) Add(f *Fingerprint) (number int) {
	if x.head == nil {
		x.head = map[uint32]uint32{}
	}
	number = len(x.prints)
	x.prints, x.count = append(x.prints, f), append(x.count, 0)
	x.next = append(x.next, make([]uint32, halves*mostMarks)...)
	common := f.common()
	for i, m := range f.marks {
		for half, key := range keys(m.look()) {
			if common[i]>>half&1 == 1 {
				continue
			}
			at := uint32((number*mostMarks+i)*halves + half)
			x.next[at], x.head[key] = x.head[key], at+1
		}
	}
	return number
}

// common are the halves of each mark, as bits, that too many marks of the picture share: a pattern, or a fingerprint made to waste time. They are
// the same halves in each orientation.
func (f *Fingerprint) common() []uint8 {
	count := map[uint32]int{}
	for _, m := range f.marks {
		for _, key := range keys(m.look()) {
			count[key]++
		}
	}
	out := make([]uint8, len(f.marks))
	for i, m := range f.marks {
		for half, key := range keys(m.look()) {
			if count[key] > mostAlike {
				out[i] |= 1 << half
			}
		}
	}
	return out
}

// candidates are the hits of the pictures that were hit twice or more.
func (x *Index) candidates(f *Fingerprint, how orientation, common []uint8) (by [][]hit) {
	x.hits = x.hits[:0]
	for i, m := range f.marks {
		for half, key := range keys(how.look(m.look())) {
			if common[i]>>half&1 == 1 {
				continue
			}
			seen := 0
			for at := x.head[key]; at > 0 && seen < mostPostings; at = x.next[at-1] {
				seen++
				mark := int(at-1) / halves
				n := mark / mostMarks
				x.count[n] = min(x.count[n]+1, 2)
				x.hits = append(x.hits, hit{uint32(n), uint8(i), uint8(mark % mostMarks)})
			}
		}
	}
	kept := x.hits[:0]
	for _, h := range x.hits {
		if x.count[h.picture] > 1 {
			kept = append(kept, h)
		} else {
			x.count[h.picture] = 0
		}
	}
	for _, h := range kept {
		x.count[h.picture] = 0
	}
	slices.SortStableFunc(kept, func(a, b hit) int { return int(a.picture) - int(b.picture) })
	for len(kept) > 0 {
		n := 1
		for n < len(kept) && kept[n].picture == kept[0].picture {
			n++
		}
		by, kept = append(by, kept[:n]), kept[n:]
	}
	return by
}

// same compares a picture with one that it shares hits with.
func (x *Index) same(f *Fingerprint, n int, how orientation, hits []hit) bool {
	a, b := f, x.prints[n]
	pairs := make([]pair, 0, len(hits))
	for _, h := range hits {
		if n := apart(how.look(a.marks[h.i].look()), b.marks[h.j].look()); n <= hitApart {
			pairs = append(pairs, pair{int(h.i), int(h.j), n})
		}
	}
	if b.less(a) { // in one way, whichever came first
		a, b, how = b, a, how.back()
		for k, p := range pairs {
			pairs[k] = pair{p.j, p.i, p.apart}
		}
	}
	if !promising(a, b, how, pairs) {
		return false
	}
	_, same := match(a, b, how)
	return same
}

// promising says whether two of the hits fit each other.
func promising(a, b *Fingerprint, how orientation, hits []pair) bool {
	if len(hits) > manyHits {
		return true
	}
	fits := false
	for k, one := range hits {
		for _, two := range hits[k+1:] {
			first, second := one.laid(a, b, how), two.laid(a, b, how)
			p, ok := place(how, &first, &second)
			if !ok {
				continue
			}
			fits = true
			x0, y0, x1, y1 := p.shared(a, b)
			m, o := b.marks[one.j], b.marks[two.j]
			if strip*max(m.x()-o.x(), o.x()-m.x()) >= x1-x0 && strip*max(m.y()-o.y(), o.y()-m.y()) >= y1-y0 {
				return true
			}
		}
	}
	return fits && len(hits) <= fewHits
}

// keys are what the halves of a look are looked up by.
func keys(look uint64) (all [halves]uint32) {
	dark := uint32(look >> signBits & 1)
	for n := range splits {
		var sorted uint64
		for i := range split[n] {
			sorted |= split[n][i][byte(look>>(8*i))]
		}
		const mask = 1<<halfBits - 1
		for half, signs := range [2]uint64{sorted & mask, sorted >> halfBits & mask} {
			all[2*n+half] = (uint32(signs)*halves+uint32(2*n+half))<<1 | dark
		}
	}
	return all
}

// split sorts the signs of each byte of a look into halves, for each split.
var split = func() (t [splits][6][256]uint64) {
	for n := range t {
		to := halve(uint32(n))
		for i := range signBits {
			for b := range 256 {
				if b>>(i%8)&1 == 1 {
					t[n][i/8][b] |= 1 << to[i]
				}
			}
		}
	}
	return t
}()

// halve shares the signs out, each pair of them in the order of a hash of both. Each wave comes into the same half as the one turned over, so
// that turning a picture moves no sign from one half to the other.
func halve(n uint32) (to [signBits]int) {
	type couple struct {
		hash uint32
		i, j int
	}
	at := map[wave]int{}
	for i, f := range waves {
		at[f] = i
	}
	var twos, ones []couple
	for i, f := range waves {
		c := couple{(uint32(i)+1)*(2654435761+2*n*40503) ^ n*0x9e3779b9, i, at[wave{f.v, f.u}]}
		switch {
		case c.j == i:
			ones = append(ones, c)
		case c.j > i:
			twos = append(twos, c)
		}
	}
	byHash := func(a, b couple) int { return cmp.Or(cmp.Compare(a.hash, b.hash), a.i-b.i) }
	slices.SortFunc(twos, byHash)
	slices.SortFunc(ones, byHash)
	size := [2]int{}
	give := func(i int, half int) { to[i] = half*halfBits + size[half]; size[half]++ }
	for k, c := range twos {
		give(c.i, k%2)
		give(c.j, k%2)
	}
	for _, c := range ones { // an odd number of couples is evened out by those that are their own
		half := 0
		if size[0] >= halfBits || size[1] < size[0] && size[1] < halfBits {
			half = 1
		}
		give(c.i, half)
	}
	return to
}
