package bloom_test

import (
	"math/rand/v2"
	"testing"

	"varde/internal/bloom"
)

// TestNothingIsMissed: what was put is there, and of what was not, no more than two in a hundred may be, however many were put.
func TestNothingIsMissed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 100, 5000, 200_000} {
		one, growing := bloom.New(n), &bloom.Growing{}
		put := make([]uint64, n)
		for i := range put {
			put[i] = r.Uint64()
			one.Put(put[i])
			growing.Put(put[i])
		}
		for _, h := range put {
			if !one.Has(h) || !growing.Has(h) {
				t.Fatalf("of %d, %x is not there", n, h)
			}
		}
		wrong, wrongGrowing := 0, 0
		const others = 100_000
		for range others {
			h := r.Uint64()
			if one.Has(h) {
				wrong++
			}
			if growing.Has(h) {
				wrongGrowing++
			}
		}
		if wrong > others*2/100 || wrongGrowing > others*4/100 { // each of its parts may be wrong
			t.Errorf("of %d others, %d and %d may be among %d", others, wrong, wrongGrowing, n)
		}
	}
}
