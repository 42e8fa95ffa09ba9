package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/store"
)

// sample makes findings of about 2 KB of words and figures and a MinHash, as the detectors give them.
func sample(r *rand.Rand, n, from int) ad.Update {
	var u ad.Update
	for i := range n {
		f := ad.Finding{Language: "nb", Rules: "bench", Sighting: ad.Sighting{
			Site: "bench.example", AdID: fmt.Sprintf("%08d", from+i), URL: fmt.Sprintf("https://bench.example/ad/%08d", from+i),
			Category: ad.Job, Title: "Renholdere søkes", Text: letters(r, 600), SeenAt: time.Unix(int64(1_700_000_000+from+i), 0).UTC(),
			Location: "Bergen", Country: "NO", Phones: []string{fmt.Sprint(r.Uint32())}, Advertiser: "bench",
			Provenance: ad.Provenance{Source: "import", File: "bench.jsonl", Line: from + i}}}
		sig := make([]uint32, 128)
		for k := range sig {
			sig[k] = r.Uint32()
		}
		span := []ad.Evidence{{Field: ad.FieldText, Start: 12, End: 30, Quote: "twelve to thirty ok"}}
		f.Identifiers = []ad.Identifier{
			{Kind: ad.Phone, Value: fmt.Sprintf("+47%08d", r.IntN(1e8)), Evidence: span},
			{Kind: ad.Handle, Value: "telegram:" + letters(r, 8), Evidence: span},
			{Kind: ad.PHash, Value: fmt.Sprintf("%016x", r.Uint64()), Evidence: []ad.Evidence{{Image: 1}}},
			{Kind: ad.PHash, Value: fmt.Sprintf("%016x", r.Uint64()), Evidence: []ad.Evidence{{Image: 2}}},
			{Kind: ad.TextSig, Value: fmt.Sprintf("%016x", r.Uint64()), Signature: sig}}
		f.Indicators = []ad.Indicator{{Code: "J01", Points: 10, Confidence: 1, Evidence: span}, {Code: "J03", Points: 5, Confidence: .5, Evidence: span}}
		u.Findings = append(u.Findings, f)
		id := fmt.Sprintf("n-%012x", (from+i)/2)
		u.Standings = append(u.Standings, ad.Standing{Key: f.Sighting.Key(), Network: id, Score: .2, Band: ad.Low, Indicators: f.Indicators})
		if i%2 == 1 {
			keys := []ad.Key{u.Findings[i-1].Sighting.Key(), f.Sighting.Key()}
			u.Networks = append(u.Networks, ad.Network{ID: id, Score: r.Float64(), Band: ad.Low, Ads: keys, FirstSeen: f.Sighting.SeenAt, LastSeen: f.Sighting.SeenAt,
				Identifiers: []ad.NetworkIdentifier{{Kind: ad.Phone, Value: f.Identifiers[0].Value, Ads: 2}},
				Edges:       []ad.Edge{{Ad: keys[0], Kind: ad.Phone, Value: f.Identifiers[0].Value}, {Ad: keys[1], Kind: ad.Phone, Value: f.Identifiers[0].Value}},
				Indicators:  f.Indicators, Sites: []string{"bench.example"}, Places: []string{"Bergen"}, Categories: []ad.Category{ad.Job}, Personas: 1})
		}
	}
	return u
}

func letters(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "abcdefghijklmnopqrstuvwxyz     "[r.IntN(31)]
	}
	return string(b)
}

// BenchmarkCommit records batches of 256 new ads.
func BenchmarkCommit(b *testing.B) {
	for engine, url := range engines {
		b.Run(engine, func(b *testing.B) {
			s := open(b, url(b))
			r := rand.New(rand.NewPCG(1, 2))
			const batch = 256
			n := 0
			for b.Loop() {
				b.StopTimer()
				u := sample(r, batch, n)
				n += batch
				b.StartTimer()
				commit(b, s, u)
			}
			one, err := json.Marshal(sample(r, 1, 0).Findings[0])
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "ads/s")
			b.ReportMetric(float64(len(one)), "B/finding")
		})
	}
}

// BenchmarkRead reads a record of 20,480 ads in 10,240 networks: all ads, as a linker does at its start, and what the
// console's first page asks for.
func BenchmarkRead(b *testing.B) {
	const ads, batch = 20480, 512
	ctx := context.Background()
	for engine, url := range engines {
		s := open(b, url(b))
		r := rand.New(rand.NewPCG(1, 2))
		for n := 0; n < ads; n += batch {
			commit(b, s, sample(r, batch, n))
		}
		for name, read := range map[string]func() error{
			"all": func() error {
				for _, err := range s.Ads(ctx, "") {
					if err != nil {
						return err
					}
				}
				return nil
			},
			"ranked": func() error { _, _, err := s.Ranked(ctx, store.RankFilter{MinAds: 2, Limit: 25}); return err },
			"counts": func() error { _, err := s.Counts(ctx); return err },
			"ad":     func() error { _, err := s.Ad(ctx, "bench.example/00001234"); return err },
		} {
			b.Run(engine+"/"+name, func(b *testing.B) {
				for b.Loop() {
					if err := read(); err != nil {
						b.Fatal(err)
					}
				}
				if name == "all" {
					b.ReportMetric(float64(ads*b.N)/b.Elapsed().Seconds(), "ads/s")
				}
			})
		}
	}
}

func commit(t testing.TB, s *store.Store, u ad.Update) {
	t.Helper()
	if _, err := s.Commit(context.Background(), u); err != nil {
		t.Fatal(err)
	}
}
