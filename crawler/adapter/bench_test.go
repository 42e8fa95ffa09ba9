package adapter_test

import (
	"strings"
	"testing"

	"varde/crawler/adapter"
	"varde/internal/target"
)

// BenchmarkRead reads one ad page of each kind, and a real page of 12 KB.
func BenchmarkRead(b *testing.B) {
	for _, bb := range []struct{ name, path, target, at string }{
		{"css", "testdata/css/ad.html", kinds[0].target, kinds[0].at},
		{"structured", "testdata/structured/job.html", kinds[1].target, kinds[1].at},
		{"json", "testdata/json/entry.json", kinds[2].target, kinds[2].at},
		{"css of a real page", "testdata/real/danish-vacancy.html", kinds[0].target, kinds[0].at},
	} {
		b.Run(bb.name, func(b *testing.B) {
			tg, p := load(b, bb.target), at(b, bb.path, bb.at)
			b.SetBytes(int64(len(p.Body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := adapter.Read(p, tg); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkList reads a page with 50 ads, and a sitemap with 50,000.
func BenchmarkList(b *testing.B) {
	css := load(b, kinds[0].target)
	for _, bb := range []struct {
		name string
		tg   *target.Target
		body string
		ads  int
	}{
		{"html", css, `<!DOCTYPE html><html><head><title>Annonser</title></head><body><nav><a href="/">Hjem</a></nav>` +
			repeat(`<article class="ad"><a class="title" href="/ad/%d">Ny i byen</a><p class="text">Hei, jeg er ny i byen.</p><img src="/img/1.jpg"><b class="price">1 500 kr</b></article>`, 50) + `<a rel="next" href="/ads?page=2">Neste</a></body></html>`, 50},
		{"sitemap", css, `<?xml version="1.0"?><urlset>` + repeat("<url><loc>https://market.example/ad/%d</loc><lastmod>2026-10-01T12:00:00+02:00</lastmod><changefreq>daily</changefreq></url>\n", 50_000) + "</urlset>", 50_000},
	} {
		b.Run(bb.name, func(b *testing.B) {
			p := page(bb.body)
			b.SetBytes(int64(len(p.Body)))
			b.ReportAllocs()
			for b.Loop() {
				if l, err := adapter.List(p, bb.tg); err != nil || len(l.Ads) != bb.ads {
					b.Fatalf("%d ads, %v", len(l.Ads), err)
				}
			}
		})
	}
}

// BenchmarkBarrier asks what a page is that gave nothing.
func BenchmarkBarrier(b *testing.B) {
	p := page(string(read(b, "testdata/barrier/none-ad-with-everything.html")) + strings.Repeat("<p>Mer tekst om denne annonsen.</p>", 200))
	b.SetBytes(int64(len(p.Body)))
	for b.Loop() {
		if got := adapter.Barrier(p); got != "" {
			b.Fatal(got)
		}
	}
}
