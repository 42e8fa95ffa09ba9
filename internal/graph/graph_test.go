package graph_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/graph"
)

func TestHammingFindsExactlyWhatIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		radius := rapid.IntRange(0, graph.MaxRadius).Draw(t, "radius")
		h := graph.NewHamming(radius)
		var all []uint64
		for range rapid.IntRange(0, 60).Draw(t, "n") {
			x := rapid.Uint64().Draw(t, "hash")
			if len(all) > 0 && rapid.Bool().Draw(t, "near") {
				x = all[rapid.IntRange(0, len(all)-1).Draw(t, "of")]
				for range rapid.IntRange(0, radius+2).Draw(t, "flips") {
					x ^= 1 << rapid.IntRange(0, 63).Draw(t, "bit")
				}
			}
			number, near := h.Add(x)
			var want []int
			for i, o := range all {
				if bits.OnesCount64(o^x) <= radius {
					want = append(want, i)
				}
			}
			slices.Sort(near)
			if number != len(all) || !slices.Equal(near, want) {
				t.Fatalf("number %d, near %v, want %v", number, near, want)
			}
			all = append(all, x)
		}
	})
}

func signature(r *rand.Rand, base []uint32, keep float64) []uint32 {
	sig := make([]uint32, graph.SignatureSize)
	for i := range sig {
		if base != nil && r.Float64() < keep {
			sig[i] = base[i]
		} else {
			sig[i] = r.Uint32()
		}
	}
	return sig
}

func TestSignaturesFindTheAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s := graph.NewSignatures(0.7)
	base := signature(r, nil, 0)
	if _, alike := s.Add(base); alike != nil {
		t.Errorf("the first is like %v", alike)
	}
	found := 0
	for i := range 200 {
		if _, alike := s.Add(signature(r, base, 0.8)); slices.Contains(alike, 0) {
			found++
		}
		if _, alike := s.Add(signature(r, base, 0.5)); slices.Contains(alike, 0) {
			t.Errorf("pair %d at half agreement counts as alike", i)
		}
	}
	if found < 190 { // 80 % of the values kept lies above 0.7 in more than 99 of 100 draws
		t.Errorf("%d of 200 near-duplicates found", found)
	}
	if _, alike := s.Add(base); !slices.Contains(alike, 0) {
		t.Error("the same signature is not alike")
	}
}

// BenchmarkHammingAdd adds a hash to an index of so many and finds those near it.
func BenchmarkHammingAdd(b *testing.B) {
	for _, size := range []int{100_000, 1_000_000} {
		h, r := hashesOf(size, 7)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				h.Add(r.Uint64())
			}
		})
	}
}

// BenchmarkHammingNear searches among ten million hashes within ten bits.
func BenchmarkHammingNear(b *testing.B) {
	h, r := hashesOf(10_000_000, 10)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	for b.Loop() {
		h.Near(r.Uint64())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "searches/s")
	b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB")
	runtime.KeepAlive(h)
}

func hashesOf(size, radius int) (*graph.Hamming, *rand.Rand) {
	r := rand.New(rand.NewPCG(1, 2))
	h := graph.NewHamming(radius)
	for range size {
		h.Put(r.Uint64())
	}
	return h, r
}
