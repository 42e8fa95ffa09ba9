package neartext_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"varde/internal/neartext"
	"varde/internal/text"
)

func BenchmarkSign(b *testing.B) {
	d := text.Read(world(untuned, 100).Sighting(1).Text)
	b.ReportAllocs()
	for b.Loop() {
		neartext.Sign(d)
	}
}

func BenchmarkSketchAndKeys(b *testing.B) {
	sig := sign(b, sample)
	b.ReportAllocs()
	for b.Loop() {
		k, _ := neartext.SketchOf(sig.Values, nil)
		k.Keys()
	}
}

func BenchmarkAlike(b *testing.B) {
	w := world(untuned, 100)
	x, y := sketch(b, w.Sighting(1).Text), sketch(b, w.Sighting(50).Text)
	for b.Loop() {
		neartext.Alike(x, y, least)
	}
}

// loose writes n texts of 80 to 120 words, in sentences of ten, that have nothing to do with each other: words by their rank as in a
// language (Zipf), of 50,000.
func loose(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	words := make([]string, 50000)
	for i := range words {
		length := 2 + i%4 + min(i, 2000)/400
		var w strings.Builder
		for range length {
			w.WriteByte("etaoinsrhldcumfpgwybvk"[r.IntN(22)])
		}
		words[i] = w.String()
	}
	zipf := rand.NewZipf(r, 1.1, 5, uint64(len(words)-1))
	out := make([]string, n)
	for i := range out {
		var s strings.Builder
		for k := range 80 + r.IntN(41) {
			s.WriteString(words[zipf.Uint64()])
			s.WriteString([]string{" ", ". "}[max(0, k%10-8)])
		}
		out[i] = s.String()
	}
	return out
}

// ringed is loose texts of which a third are copies, 2 to 2,000 of one text, with 8 % of the words changed and the sentences in
// another order; the shares of the sizes do not depend on n.
func ringed(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 2))
	out := loose(n, seed)
	words := strings.Fields(strings.Join(out[:100], " "))
	for i := 0; i < n/3; {
		size := int(2 * math.Pow(1000, math.Pow(r.Float64(), 3)))
		for k := 1; k < size && i+k < n/3; k++ {
			out[i+k] = changed(r, out[i], 0.08, words)
		}
		i += size
	}
	r.Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func ofWorld(n int, seed uint64) []string {
	w := world(int64(seed), n)
	out := make([]string, w.Len())
	for i := range out {
		out[i] = w.Sighting(i).Text
	}
	return out
}

// run puts texts through the whole stage: read, sign, keys, candidates, verify, one at a time.
func run(texts []string) (s *stage, of []int32) {
	s = newStage(least)
	of = make([]int32, len(texts))
	for i, t := range texts {
		of[i] = -1
		if sig, ok := neartext.Sign(text.Read(t)); ok {
			if k, ok := neartext.SketchOf(sig.Values, nil); ok {
				of[i] = s.add(sig.Hash, k)
			}
		}
	}
	return s, of
}

// BenchmarkStage measures the stage at growing numbers of texts, one at a time. The exponent is the power of the number of texts with which the CPU time has grown from 10,000 on. Take -benchtime 1x.
func BenchmarkStage(b *testing.B) {
	for _, kind := range []struct {
		name string
		make func(int, uint64) []string
	}{{"loose", loose}, {"rings", ringed}, {"world", ofWorld}} {
		var sizes, times []float64
		for _, n := range []int{10_000, 30_000, 100_000, 300_000, 1_000_000} {
			if n > 300_000 && kind.name != "loose" {
				continue
			}
			var took, wall time.Duration
			b.Run(fmt.Sprintf("%s/%d", kind.name, n), func(b *testing.B) {
				texts := kind.make(n, 11)
				runtime.GC()
				took, wall = 0, 0
				for b.Loop() {
					start, used := time.Now(), cpu()
					s, of := run(texts)
					wall, took = wall+time.Since(start), took+cpu()-used
					b.StopTimer()
					size, largest := map[int32]int{}, 0
					for _, m := range of {
						if m >= 0 {
							size[s.root(m)]++
							largest = max(largest, size[s.root(m)])
						}
					}
					b.ReportMetric(float64(s.compared)/float64(n), "compared/text")
					b.ReportMetric(float64(largest), "largest")
					b.StartTimer()
				}
				b.ReportMetric(float64(took.Nanoseconds())/float64(b.N*n), "cpu-ns/text")
				b.ReportMetric(float64(b.N*n)/wall.Seconds(), "texts/s")
				sizes, times = append(sizes, float64(n)), append(times, took.Seconds()/float64(b.N))
				if len(sizes) > 1 {
					b.ReportMetric(exponent(sizes, times), "exponent")
				}
			})
		}
	}
}

// cpu is the processor time that this process has used, garbage collection included: other programs do not count in it.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// exponent fits log y = a + k log x by least squares and returns k.
func exponent(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range x {
		a, b := math.Log(x[i]), math.Log(y[i])
		sx, sy, sxx, sxy = sx+a, sy+b, sxx+a*a, sxy+a*b
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
