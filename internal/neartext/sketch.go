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
// Texts of similarity J share a key with probability 1-(1-J⁵)²⁰ (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4):
// 0.97 at 0.7, 0.80 at 0.6, 0.47 at 0.5, 0.05 at 0.3.
const (
	bands = 20
	rows  = 5
)

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
	limit := min(a.limit, b.limit)
	both, all := 0, 0
	i, j := 0, 0
	for i < len(a.features) || j < len(b.features) {
		switch {
		case j == len(b.features) || i < len(a.features) && a.features[i] < b.features[j]:
			if a.features[i] <= limit {
				all++
			}
			i++
		case i == len(a.features) || b.features[j] < a.features[i]:
			if b.features[j] <= limit {
				all++
			}
			j++
		default:
			if a.features[i] <= limit {
				both, all = both+1, all+1
			}
			i, j = i+1, j+1
		}
	}
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}

// Alike says whether the similarity of two texts is at least least.
func Alike(a, b Sketch, least float64) bool { return Similarity(a, b) >= least }
