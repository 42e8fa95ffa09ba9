package sim_test

import (
	"testing"

	"varde/internal/sim"
)

// BenchmarkPlan plans a world of 100,000 ads.
func BenchmarkPlan(b *testing.B) {
	const ads = 100_000
	for b.Loop() {
		sim.NewWorld(sim.Config{Seed: 7, Ads: ads, Start: start})
	}
	b.ReportMetric(float64(ads*b.N)/b.Elapsed().Seconds(), "ads/s")
}

// BenchmarkSightings writes the ads of a world in the order in which they were posted, without pictures.
func BenchmarkSightings(b *testing.B) {
	const ads = 20_000
	w := world(ads)
	for b.Loop() {
		for s := range w.Sightings() {
			_ = s
		}
	}
	b.ReportMetric(float64(ads*b.N)/b.Elapsed().Seconds(), "ads/s")
}

// BenchmarkImitated writes them with imitated pictures.
func BenchmarkImitated(b *testing.B) {
	const ads = 20_000
	w := sim.NewWorld(sim.Config{Seed: 7, Ads: ads, Start: start, Boilerplate: true})
	for b.Loop() {
		for i := range ads {
			w.Imitated(i)
		}
	}
	b.ReportMetric(float64(ads*b.N)/b.Elapsed().Seconds(), "ads/s")
}

// BenchmarkHash draws and hashes the pictures of ads, as eval does with a simulated world.
func BenchmarkHash(b *testing.B) {
	w := world(2000)
	i := 0
	for b.Loop() {
		s := w.Sighting(i % 2000)
		if err := w.Hash(&s); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
