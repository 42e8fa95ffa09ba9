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
			near := h.Near(x)
			var want []uint64
			for _, o := range all {
				if bits.OnesCount64(o^x) <= radius {
					want = append(want, o)
				}
			}
			slices.Sort(near)
			slices.Sort(want)
			if !slices.Equal(near, want) {
				t.Fatalf("near %x, want %x", near, want)
			}
			switch at := slices.Index(all, x); {
			case at < 0:
				h.Put(x)
				all = append(all, x)
			case rapid.Bool().Draw(t, "delete"):
				h.Delete(x)
				all = slices.Delete(all, at, at+1)
			}
		}
	})
}

// TestHammingOfFew: an index of no hash, one and two is right too.
func TestHammingOfFew(t *testing.T) {
	h := graph.NewHamming(10)
	if near := h.Near(7); near != nil {
		t.Errorf("an empty index finds %x", near)
	}
	h.Delete(7) // which is not there
	h.Put(7)
	if near := h.Near(7 ^ 0x3ff<<20); !slices.Equal(near, []uint64{7}) {
		t.Errorf("of one hash %x is found", near)
	}
	if near := h.Near(7 ^ 0x7ff<<20); near != nil {
		t.Errorf("eleven bits away %x is found", near)
	}
	h.Put(6)
	if near := h.Near(7); len(near) != 2 {
		t.Errorf("of two hashes %x is found", near)
	}
	h.Delete(7)
	if near := h.Near(7); !slices.Equal(near, []uint64{6}) {
		t.Errorf("after one is gone %x is found", near)
	}
}

// BenchmarkHammingAdd adds a hash to an index of so many and finds those near it.
func BenchmarkHammingAdd(b *testing.B) {
	for _, size := range []int{100_000, 1_000_000} {
		h, r := hashesOf(size, 7)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				x := r.Uint64()
				h.Near(x)
				h.Put(x)
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
