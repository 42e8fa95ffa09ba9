package fetch_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gocolly/colly/v2"

	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/target"
)

// yes allows everything, and drop keeps nothing: what is measured is fetching alone.
type yes struct{}

func (yes) Allow(context.Context, *target.Target, *url.URL) error { return nil }

type drop struct{ bytes atomic.Int64 }

func (d *drop) Record(_ context.Context, x *fetch.Exchange) (ad.Capture, error) {
	d.bytes.Add(int64(len(x.Raw)))
	return ad.Capture{}, nil
}

// BenchmarkPages asks 16 at a time for pages and pictures of a server in this process, by this package, by colly alone, and by the
// standard library alone. A second's pages are 1e9 divided by ns/op.
func BenchmarkPages(b *testing.B) {
	page := []byte("<!DOCTYPE html><title>Annonse</title>" + strings.Repeat("<p>En annonse som så mange andre, med litt tekst.</p>\n", 100))
	picture := append([]byte(png), noise(8000)...)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case strings.HasPrefix(r.URL.Path, "/ads/p"):
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(picture)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(page)
		}
	}))
	b.Cleanup(s.Close)
	run := func(name string, get func(i int64) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(8) // times GOMAXPROCS
			var n atomic.Int64
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := get(n.Add(1)); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
	paths := []string{s.URL + "/ads/1", s.URL + "/ads/p1"}

	tg := (&site{}).targetAt(s.Listener.Addr().String())
	tg.Concurrency = 16
	f, err := fetch.New(tg, fetch.Config{Gate: yes{}, Recorder: new(drop), Pacer: new(fetch.Pace)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(f.Close)
	requests := []fetch.Request{{URL: address(b, paths[0])}, {URL: address(b, paths[1]), Kind: fetch.Picture}}
	run("fetch", func(i int64) error {
		_, err := f.Get(b.Context(), requests[i%2])
		return err
	})

	collector := colly.NewCollector(colly.AllowURLRevisit())
	collector.WithTransport(&http.Transport{MaxIdleConnsPerHost: 32})
	run("colly", func(i int64) error {
		c := collector.Clone()
		c.OnResponse(func(*colly.Response) {})
		return c.Visit(paths[i%2])
	})

	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	run("net-http", func(i int64) error {
		res, err := client.Get(paths[i%2])
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return err
		}
		return res.Body.Close()
	})
}

// BenchmarkClone is what a collector of its own costs each request.
func BenchmarkClone(b *testing.B) {
	c := colly.NewCollector()
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Clone()
	}
}
