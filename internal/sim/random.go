package sim

import "math/rand/v2"

// purpose keeps the random streams of a world apart, so that one more draw in one place changes nothing elsewhere.
type purpose uint64

const (
	forPlan purpose = iota + 1
	forProfile
	forText
	forVariant
	forPhones
	forPicture
	forPage
	forTwist
	forTheft
	forStandard
	forImitation
)

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// stream returns the random numbers of one thing of a world, named by numbers.
func stream(seed int64, why purpose, names ...int) *rand.Rand {
	h := mix(uint64(seed))
	for _, n := range names {
		h = mix(h ^ uint64(n))
	}
	return rand.New(rand.NewPCG(h, mix(h^uint64(why)<<56)))
}

// chance is true with probability p.
func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }

// between draws from low to high, both included.
func between(r *rand.Rand, low, high int) int { return low + r.IntN(high-low+1) }

// pick draws one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// some draws n different entries of a list, or all of a shorter one.
func some[T any](r *rand.Rand, list []T, n int) []T {
	order := r.Perm(len(list))
	out := make([]T, 0, n)
	for _, i := range order[:min(n, len(list))] {
		out = append(out, list[i])
	}
	return out
}

// weighted draws an index by weights.
func weighted(r *rand.Rand, weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := r.IntN(sum)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	return len(weights) - 1
}
