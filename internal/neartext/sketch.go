package neartext

import "slices"

// Sketch is what is compared of a text: its features without those of boilerplate. It is never changed and may be read by many
// at once.
type Sketch struct {
	// features are in ascending order, each once; none is greater than limit.
	features []uint32
	limit    uint32
}

// SketchOf returns what is compared of a stored signature without the passages that boilerplate, which may be nil, is true for. It
// is not ok where fewer than LeastWords are left, or where the signature is damaged or of another version.
func SketchOf(values []uint32, boilerplate func(passage uint32) bool) (s Sketch, ok bool) {
	passages, limit, ok := decode(values)
	if !ok {
		return s, false
	}
	s.limit = limit
	words := 0
	for _, p := range passages {
		if p.hash == rest || boilerplate == nil || !boilerplate(p.hash) {
			words += p.words
			s.features = append(s.features, p.features...)
		}
	}
	if words < LeastWords || len(s.features) == 0 {
		return Sketch{}, false
	}
	slices.Sort(s.features)
	s.features = slices.Compact(s.features)
	return s, true
}

// Bands of the locality-sensitive hashing: a text has a key for each band, which is made of the least features by rows orders.
// Texts of similarity J share a key with probability 1-(1-J⁷)²⁴ (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4):
// 0.996 at 0.8, 0.87 at 0.7, 0.49 at 0.6, 0.17 at 0.5, and one in 400,000 at 0.1. Six rows find 3 to 7 more of a hundred texts of
// which a sixth or a fifth of the words are changed, and three times as many that are then found to be different.
const (
	bands = 24
	rows  = 7
)

// Speakers is how many texts an index needs to keep of a key: those with the least hashes. A key that more texts share is one of a
// campaign: a new copy is alike to one of those that are kept, so the same groups are found in whatever order the texts come, and an
// ad costs no more for it. Texts that are in a new text's group already need not be compared with it.
const Speakers = 16

// Keys returns the keys of a text, always as many: texts that are alike share one.
func (s Sketch) Keys() []uint64 {
	var least [bands * rows]uint64
	for j := range least {
		least[j] = ^uint64(0)
	}
	for _, f := range s.features {
		for j := range least {
			least[j] = min(least[j], uint64(f)*orders[j].by+orders[j].plus)
		}
	}
	keys := make([]uint64, bands)
	for b := range keys {
		h := uint64(b)
		for _, v := range least[b*rows : b*rows+rows] {
			h = mix(h*0x9e3779b97f4a7c15 + v)
		}
		keys[b] = h
	}
	return keys
}

// orders are the hash functions f·by+plus that put features in order, drawn once by SplitMix64: keys are stored, so they must never
// change.
var orders = func() (out [bands * rows]struct{ by, plus uint64 }) {
	seed := uint64(0x5eed3)
	next := func() uint64 { seed += 0x9e3779b97f4a7c15; return mix(seed) }
	for i := range out {
		out[i].by, out[i].plus = next()|1, next()
	}
	return out
}()

// Similarity is the share of the features of two texts that both have (Jaccard), from 0 to 1. Of long texts a sample is compared.
func Similarity(a, b Sketch) float64 {
	both, all := common(a, b)
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}

// chance is how many features two texts of a trade have in common by chance: it is what keeps short ads for rooms and odd jobs by
// different people apart, of which the simulated world has many.
const chance = 5

// Alike says whether two texts are near-duplicates: what they have in common, but for chance, is at least the share least of what
// they have together. Short texts must be more similar than long ones for that: with least 0.58, 0.78 where 25 features stand in
// one or the other, 0.63 of 100.
func Alike(a, b Sketch, least float64) bool {
	both, all := common(a, b)
	return float64(both-chance) >= least*float64(all)
}

// common counts the features that two texts share, and those that they have together, as far as both were kept.
func common(a, b Sketch) (both, all int) {
	limit := min(a.limit, b.limit)
	x, y := upTo(a.features, limit), upTo(b.features, limit)
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] < y[j]:
			i++
		case x[i] > y[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return both, len(x) + len(y) - both
}

// upTo are the features that are not greater than limit.
func upTo(features []uint32, limit uint32) []uint32 {
	n := len(features)
	for n > 0 && features[n-1] > limit {
		n--
	}
	return features[:n]
}
