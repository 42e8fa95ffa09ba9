package crawler_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"varde/crawler"
	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/target"
)

// TestMain sees that a pass leaves nothing behind: no goroutine, no connection.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// published keeps what a crawler publishes, and fails with err from the fails-th on.
type published struct {
	mu    sync.Mutex
	ads   []ad.Sighting
	fails int
	err   error
}

func (p *published) Publish(_ context.Context, s ad.Sighting) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil && len(p.ads) >= p.fails {
		return p.err
	}
	p.ads = append(p.ads, s)
	return nil
}

// ids are the names of the ads in no order.
func (p *published) ids() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]int{}
	for i := range p.ads {
		out[p.ads[i].AdID]++
	}
	return out
}

// open is a gate that lets everything through.
type open struct{}

func (open) Allow(context.Context, *target.Target, *url.URL) error { return nil }

func newCrawler(t testing.TB, cfg crawler.Config) *crawler.Crawler {
	t.Helper()
	if cfg.Gate == nil {
		cfg.Gate = open{}
	}
	c, err := crawler.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// market is a small site: /ads lists ads, /ad/N are they. Pages can be replaced and added.
type market struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
	conns func(net.Conn, http.ConnState)
}

// onConn is told about connections from now on.
func (m *market) onConn(f func(net.Conn, http.ConnState)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conns = f
}

func newMarket(t testing.TB, ads int, pages map[string]http.HandlerFunc) *market {
	t.Helper()
	m := &market{asked: map[string]int{}}
	m.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.asked[r.URL.RequestURI()]++
		m.mu.Unlock()
		var n int
		switch _, err := fmt.Sscanf(r.URL.Path, "/ad/%d", &n); {
		case pages[r.URL.Path] != nil:
			pages[r.URL.Path](w, r)
		case r.URL.Path == "/ads":
			list(ads)(w, r)
		case err == nil && n > 0 && n <= ads:
			html(fmt.Sprintf("<h1>Annonse %d</h1>", n))(w, r)
		default:
			http.NotFound(w, r)
		}
	}))
	m.Config.ConnState = func(c net.Conn, state http.ConnState) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.conns != nil {
			m.conns(c, state)
		}
	}
	m.Start()
	t.Cleanup(m.Close)
	return m
}

func (m *market) requests(path string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked[path]
}

func html(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!DOCTYPE html>" + body))
	}
}

func list(ads int, more ...string) http.HandlerFunc {
	var b strings.Builder
	for n := range ads {
		fmt.Fprintf(&b, `<a class="ad" href="/ad/%d">x</a>`, n+1)
	}
	return html(b.String() + strings.Join(more, ""))
}

// drawing is a picture that can be compared.
func drawing(w http.ResponseWriter, _ *http.Request) {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.Pix[i] = byte(i * i / 7)
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	_, _ = w.Write(b.Bytes())
}

// target is the market as a simulated target; changes replace parts of its file.
func (m *market) target(t testing.TB, changes ...string) *target.Target {
	t.Helper()
	file := strings.NewReplacer(changes...).Replace(fmt.Sprintf(`id: market
name: A market of this test
enabled: true
site: market.example
category: massage
country: "NO"
hosts: ["%[1]s"]
start: ["http://%[1]s/ads"]
allow: [/ads, /ad/, /img/]
rate: 10000
concurrency: 4
every: 1ms
max_pages: 1000
user_agent: VardeBot/1.0
contact: mailto:crawler@police.example
pictures: hash
loopback: true
adapter:
  kind: css
  list: {ads: a.ad, next: a.next}
  ad_path: ^/ad/(\d+)
  fields:
    title: {selector: h1}
    text: {selector: p}
    images: {selector: img, attr: src, all: true}
`, m.Listener.Addr()))
	tg, err := target.Parse("market.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

// pass makes one pass that must not fail.
func pass(t testing.TB, tg *target.Target, l fetch.Limits) (*published, crawler.Result) {
	t.Helper()
	var got published
	r, err := newCrawler(t, crawler.Config{Publisher: &got, Limits: l}).Pass(t.Context(), tg)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.ads) != r.Ads {
		t.Errorf("%d ads were published, %d counted", len(got.ads), r.Ads)
	}
	return &got, r
}
