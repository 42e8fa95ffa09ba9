package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"varde/configs"
	"varde/internal/frontier"
	"varde/internal/store"
	"varde/internal/target"
)

// benchPages is how many pages the frontier of the benchmarks has. That it hardly matters is what they show.
const benchPages = 100_000

var benchTime = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// filled is a record with ad pages that are all due.
func filled(b *testing.B, url string, pages int) *store.Store {
	b.Helper()
	s := open(b, url)
	for n := 0; n < pages; n += 10_000 {
		links := make([]frontier.Link, 10_000)
		for i := range links {
			links[i] = benchLink(n + i)
		}
		if _, _, err := s.AddPages(context.Background(), "bench", links, benchTime, 0); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func benchLink(n int) frontier.Link {
	return frontier.Link{Kind: frontier.Ad, Name: fmt.Sprint(n), URL: fmt.Sprintf("https://bench.example/ad/%d/pent-rom-til-leie", n), Depth: 3}
}

// benchVisit is what reading an ad page with two pictures does.
func benchVisit(p frontier.Page) frontier.Visit {
	p.Visits, p.Read, p.Changed, p.Due, p.Every, p.ETag, p.Outcome = 1, benchTime, benchTime, benchTime.Add(12*time.Hour), 12*time.Hour, `"5f3-60a"`, frontier.AdRead
	p.SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	v := frontier.Visit{Page: p, Version: 1, At: benchTime, Fields: map[string]bool{},
		Counts: []frontier.Count{{Outcome: frontier.AdRead, N: 1, Example: p.URL}, {Outcome: frontier.Hashed, N: 2, Example: p.URL}}}
	for i, f := range target.FieldNames[:10] {
		v.Fields[f] = i%3 != 0
	}
	for i := range 2 {
		url := fmt.Sprintf("https://bench.example/img/%s-%d.jpg", p.Name, i)
		v.Pictures = append(v.Pictures, frontier.Page{Name: url, URL: url, ETag: `"5f3"`, SHA256: p.SHA256, Read: benchTime})
	}
	return v
}

// node is a crawler at work on a record.
type node struct {
	*store.Store
	now time.Time
}

func (n node) take(b *testing.B, pages int) []frontier.Page {
	got, err := n.Lease(context.Background(), "bench", "node", n.now, n.now.Add(time.Hour), pages)
	if err != nil || len(got) != pages {
		b.Fatalf("%d pages, %v", len(got), err)
	}
	return got
}

// record records visits to pages, which are then due behind all others.
func (n node) record(b *testing.B, pages []frontier.Page) {
	visits := make([]frontier.Visit, len(pages))
	for i, p := range pages {
		visits[i] = benchVisit(p)
		visits[i].Page.Due = n.now
	}
	if err := n.Finish(context.Background(), visits); err != nil {
		b.Fatal(err)
	}
}

func (n node) release(b *testing.B) {
	if err := n.Release(context.Background(), "node"); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkFrontier leases pages and records visits to them in groups, as the crawler does.
func BenchmarkFrontier(b *testing.B) {
	for engine, url := range engines {
		n := node{filled(b, url(b), benchPages), benchTime.Add(time.Second)}
		for _, group := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("%s/lease-%d", engine, group), func(b *testing.B) {
				under := 0
				for b.Loop() {
					n.take(b, group)
					if under += group; under >= 1024 { // more are never under way
						b.StopTimer()
						under = 0
						n.release(b)
						b.StartTimer()
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*group), "µs/page")
			})
			n.release(b)
			b.Run(fmt.Sprintf("%s/finish-%d", engine, group), func(b *testing.B) {
				pages := n.take(b, group)
				for b.Loop() {
					n.record(b, pages)
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*group), "µs/visit")
			})
		}
		b.Run(engine+"/lease and finish 32", func(b *testing.B) {
			for b.Loop() {
				n.record(b, n.take(b, 32))
			}
			b.ReportMetric(float64(b.N*32)/b.Elapsed().Seconds(), "visits/s")
		})
		b.Run(engine+"/finish-list", func(b *testing.B) { benchList(b, n) })
		for what, now := range map[string]time.Time{"size": benchTime.Add(-time.Hour), "size-all-due": n.now} {
			b.Run(engine+"/"+what, func(b *testing.B) {
				for b.Loop() {
					if _, err := n.FrontierSize(context.Background(), "bench", now); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(engine+"/release", func(b *testing.B) {
			for b.Loop() {
				n.release(b)
			}
		})
	}
}

// benchList records a list page with 50 links of which 5 are new.
func benchList(b *testing.B, n node) {
	fresh := 10_000_000
	for b.Loop() {
		v := frontier.Visit{Page: frontier.Page{Target: "bench", Kind: frontier.List, Name: "https://bench.example/ads", Due: benchTime, Read: benchTime}, At: benchTime, Most: 5_000_000}
		for i := range 50 {
			if fresh++; i < 5 {
				v.Links = append(v.Links, benchLink(fresh))
			} else {
				v.Links = append(v.Links, benchLink(fresh%benchPages))
			}
		}
		if err := n.Finish(context.Background(), []frontier.Visit{v}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAllow asks the record whether a page may be requested, alone and from many goroutines.
func BenchmarkAllow(b *testing.B) {
	ctx := context.Background()
	text, err := configs.FS.ReadFile("targets/example.yaml")
	if err != nil {
		b.Fatal(err)
	}
	for engine, url := range engines {
		s := open(b, url(b))
		d := target.NewDesk(s, target.DeskConfig{Now: func() time.Time { return benchTime }})
		st, err := d.Draft(ctx, "kari", "example.yaml", text, "")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Approve(ctx, "ola", st.ID, 1, st.Hash, false, ""); err != nil {
			b.Fatal(err)
		}
		if st, err = d.Activate(ctx, "kari", st.ID, ""); err != nil {
			b.Fatal(err)
		}
		b.Run(engine+"/alone", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := d.Allow(ctx, st.Spec, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(engine+"/16 at once", func(b *testing.B) {
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := d.Allow(ctx, st.Spec, nil); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}
