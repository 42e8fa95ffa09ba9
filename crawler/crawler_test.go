package crawler_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"varde/crawler"
	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/store"
	"varde/internal/target"
)

// TestMain sees that a crawl leaves nothing behind: no goroutine, no connection.
func TestMain(m *testing.M) {
	if child() {
		return
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// published keeps what a crawler publishes, and commits it to the record as the linker does, so that later visits know of it.
type published struct {
	store *store.Store
	// before is called first; its error fails the publishing.
	before func(ad.Sighting) error

	mu  sync.Mutex
	ads []ad.Sighting
}

func (p *published) Publish(ctx context.Context, s ad.Sighting) error {
	if p.before != nil {
		if err := p.before(s); err != nil {
			return err
		}
	}
	if _, err := p.store.Commit(ctx, ad.Update{Findings: []ad.Finding{{Sighting: s}}}); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ads = append(p.ads, s)
	return nil
}

// all returns what was published, and forgets it.
func (p *published) all() []ad.Sighting {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.ads
	p.ads = nil
	return out
}

// ids are the names of published ads with how often.
func ids(ads []ad.Sighting) map[string]int {
	out := map[string]int{}
	for i := range ads {
		out[ads[i].AdID]++
	}
	return out
}

// latest is the record as the crawler asks it.
type latest struct{ *store.Store }

func (l latest) Latest(ctx context.Context, key ad.Key) (ad.Sighting, bool, error) {
	a, err := l.Ad(ctx, key)
	if errors.Is(err, fault.ErrNotFound) {
		return ad.Sighting{}, false, nil
	}
	return a.Finding.Sighting, err == nil, err
}

// station is a crawler on a real record, a real desk and a real archive.
type station struct {
	t       testing.TB
	store   *store.Store
	desk    *target.Desk
	archive *evidence.Archive
	got     published
	clock   clock
	cfg     crawler.Config
}

// clock is the time as the crawler and the desk see it: the machine's, moved by what a test adds.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

func newStation(t testing.TB) *station {
	t.Helper()
	s := &station{t: t}
	dir := t.TempDir()
	var err error
	if s.store, err = store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "varde.db"), store.Options{}); err != nil {
		t.Fatal(err)
	}
	if s.archive, err = evidence.Open(evidence.Config{Dir: filepath.Join(dir, "evidence"), Software: "test", Now: s.clock.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.archive.Close(); err != nil {
			t.Error(err)
		}
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	s.got.store = s.store
	s.desk = target.NewDesk(s.store, target.DeskConfig{Now: s.clock.Now, Loopback: true})
	s.cfg = crawler.Config{Targets: s.desk, Gate: s.desk, Frontier: s.store, Archive: s.archive, Publisher: &s.got, Ads: latest{s.store},
		Pacer: &fetch.Pace{}, Node: "test", Software: "test", Look: 5 * time.Millisecond, Now: s.clock.Now}
	return s
}

func (s *station) crawler() *crawler.Crawler {
	s.t.Helper()
	c, err := crawler.New(s.cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// approve brings a target's text through the desk by two people, and sets it going.
func (s *station) approve(text string) *target.Target {
	s.t.Helper()
	st, err := s.desk.Draft(s.t.Context(), "kari", "market.yaml", []byte(text), "test")
	if err == nil {
		st, err = s.desk.Approve(s.t.Context(), "ola", st.ID, st.Version, st.Hash, true, "")
	}
	if err == nil {
		st, err = s.desk.Activate(s.t.Context(), "kari", st.ID, "test")
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return st.Spec
}

// once crawls what is due and returns what was published.
func (s *station) once(t *target.Target) []ad.Sighting {
	s.t.Helper()
	if err := s.crawler().Once(s.t.Context(), t); err != nil {
		s.t.Fatal(err)
	}
	return s.got.all()
}

// later lets time pass until everything is due, and crawls.
func (s *station) later(t *target.Target, d time.Duration) []ad.Sighting {
	s.t.Helper()
	s.clock.pass(d)
	return s.once(t)
}

// outcomes are a target's counts, without the good ones.
func (s *station) outcomes(id string) map[frontier.Outcome]int {
	s.t.Helper()
	all, err := s.store.Tallies(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	out := map[frontier.Outcome]int{}
	for _, c := range all {
		if !c.Outcome.Good() {
			out[c.Outcome] = c.N
		}
	}
	return out
}

// market is a small site: /ads lists ads, /ad/N are they. Pages can be replaced and added at any time.
type market struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked map[string]int
	heads []http.Header
}

func newMarket(t testing.TB, ads int, pages map[string]http.HandlerFunc) *market {
	t.Helper()
	m := &market{asked: map[string]int{}, pages: map[string]http.HandlerFunc{}}
	for path, page := range pages {
		m.pages[path] = page
	}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.asked[r.URL.RequestURI()]++
		m.heads = append(m.heads, r.Header.Clone())
		page := m.pages[r.URL.Path]
		m.mu.Unlock()
		var n int
		switch _, err := fmt.Sscanf(r.URL.Path, "/ad/%d", &n); {
		case page != nil:
			page(w, r)
		case r.URL.Path == "/ads":
			list(ads)(w, r)
		case err == nil && n > 0 && n <= ads:
			html(fmt.Sprintf("<h1>Annonse %d</h1>", n))(w, r)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(m.Close)
	return m
}

// set replaces a page.
func (m *market) set(path string, page http.HandlerFunc) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pages[path] = page
}

// requests is how often a path was asked for; "" means all, robots.txt included.
func (m *market) requests(path string) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if path != "" {
		return m.asked[path]
	}
	for _, k := range m.asked {
		n += k
	}
	return n
}

func html(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!DOCTYPE html>" + body))
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

func list(ads int, more ...string) http.HandlerFunc {
	var b strings.Builder
	for n := range ads {
		fmt.Fprintf(&b, `<a class="ad" href="/ad/%d">x</a>`, n+1)
	}
	return html(b.String() + strings.Join(more, ""))
}

// painted is a picture that can be compared; another seed paints another.
func painted(seed int) []byte {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.Pix[i] = byte(i * (i + seed*37) / 7)
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func drawing(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(painted(0)) }

// text is the market as a simulated target; changes replace parts of its file.
func (m *market) text(changes ...string) string {
	return strings.NewReplacer(changes...).Replace(fmt.Sprintf(`id: market
name: A market of this test
site: market.example
categories: [massage]
country: "NO"
authority:
  purpose: testing
  necessity: there is no other way
  legal_basis: none is needed
  reference: test-1
  unit: tests
  approver: ola
  valid_from: %[2]s
  valid_to: %[3]s
  terms: none
hosts: ["%[1]s"]
start: ["http://%[1]s/ads"]
allow: [/ads, /ad/, /img/]
rate: 0
concurrency: 4
every: 1h
revisit: {least: 1h, most: 8h}
max_pages: 1000
user_agent: VardeBot/1.0
contact: mailto:crawler@police.example
pictures: hash
retention_days: 30
loopback: true
adapter:
  kind: css
  list: {ads: a.ad, next: a.next}
  ad_path: ^/ad/(\d+)
  fields:
    title: {selector: h1}
    text: {selector: p, optional: true}
    phones: {selector: .phone, optional: true}
    price: {selector: .price, optional: true}
    images: {selector: img, attr: src, all: true, optional: true}
`, m.Listener.Addr(), time.Now().AddDate(0, 0, -30).UTC().Format(time.RFC3339), time.Now().AddDate(0, 0, 300).UTC().Format(time.RFC3339)))
}
