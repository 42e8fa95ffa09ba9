package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/frontier"
	"varde/internal/target"
)

// TestMain sees that nothing stays behind, and makes this binary a process of its own where a test wants that.
func TestMain(m *testing.M) {
	if os.Getenv(childStream) != "" {
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// patience is how long anything that must happen may take on a busy machine.
const patience = 10 * time.Second

// site is a real server that remembers what it was asked for.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []*http.Request
	times []time.Time
}

// serve answers by exact path, and robots.txt with 404 unless it is among the pages.
func serve(t testing.TB, pages map[string]http.HandlerFunc, change ...func(*httptest.Server)) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked, s.times = append(s.asked, r), append(s.times, time.Now())
		s.mu.Unlock()
		if page := pages[r.URL.Path]; page != nil {
			page(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of what these tests are about
	if len(change) == 0 {
		s.Start()
	}
	for _, f := range change {
		f(s.Server)
	}
	t.Cleanup(s.Close)
	return s
}

// overTLS and overHTTP2 are changes of serve.
func overTLS(s *httptest.Server) { s.StartTLS() }
func overHTTP2(s *httptest.Server) {
	s.EnableHTTP2 = true
	s.StartTLS()
}

// paths are what was asked for, in order, robots.txt left out unless all is said.
func (s *site) paths(all bool) (out []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.asked {
		if all || r.URL.Path != "/robots.txt" {
			out = append(out, r.URL.RequestURI())
		}
	}
	return out
}

// arrived is when each request came.
func (s *site) arrived() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.times)
}

// target is the site as a simulated target: /ads may be read, /ads/private not.
func (s *site) target() *target.Target {
	return &target.Target{ID: "t", Hosts: []string{s.Listener.Addr().String()}, Allow: []string{"/ads"}, Deny: []string{"/ads/private"}, Concurrency: 16,
		UserAgent: "VardeBot/1.0", Contact: "mailto:crawler@police.example", Loopback: true}
}

func address(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (s *site) url(t testing.TB, path string) *url.URL {
	t.Helper()
	return address(t, s.URL+path)
}

// gate remembers what it was asked and refuses what deny holds.
type gate struct {
	mu    sync.Mutex
	asked []string
	deny  func(path string) bool
	// inside: ask the target about the address too, as target.Desk does.
	inside bool
}

var errNoOrder = errors.New("no order covers this")

func (g *gate) Allow(_ context.Context, t *target.Target, u *url.URL) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, u.Path)
	if g.inside && !t.Inside(u) || g.deny != nil && g.deny(u.Path) {
		return errNoOrder
	}
	return nil
}

func (g *gate) paths() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.asked)
}

// recorder keeps what it is shown, and fails where fail says so.
type recorder struct {
	mu   sync.Mutex
	seen []*fetch.Exchange
	fail func(*fetch.Exchange) error
}

func (r *recorder) Record(_ context.Context, x *fetch.Exchange) (ad.Capture, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		if err := r.fail(x); err != nil {
			return ad.Capture{}, err
		}
	}
	r.seen = append(r.seen, x)
	return ad.Capture{Record: fmt.Sprint(x.URL.Path, " ", len(r.seen))}, nil
}

// lines are what was recorded, in short: path, status, how it was truncated, what it is refused as. robots.txt that is not there is left
// out.
func (r *recorder) lines() (out []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range r.seen {
		if x.Kind != fetch.Robots || x.Status != http.StatusNotFound {
			out = append(out, strings.TrimRight(fmt.Sprintf("%s %d %s %s", x.URL.Path, x.Status, x.Truncated, x.Outcome), " "))
		}
	}
	return out
}

// rig is a fetcher and what stands around it.
type rig struct {
	*fetch.Fetcher
	gate     *gate
	recorder *recorder
	site     *site
}

// rigged makes a fetcher; each change may alter its configuration.
func rigged(t testing.TB, s *site, tg *target.Target, change ...func(*fetch.Config)) *rig {
	t.Helper()
	r := &rig{gate: new(gate), recorder: new(recorder), site: s}
	cfg := fetch.Config{Gate: r.gate, Recorder: r.recorder, Pacer: new(fetch.Pace)}
	for _, f := range change {
		f(&cfg)
	}
	f, err := fetch.New(tg, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	if s != nil && s.Certificate() != nil {
		fetch.Trust(f, s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs)
	}
	r.Fetcher = f
	return r
}

func within(l fetch.Limits) func(*fetch.Config) { return func(c *fetch.Config) { c.Limits = l } }

// page asks for a page of the site.
func (r *rig) page(t testing.TB, path string) (*fetch.Response, error) {
	t.Helper()
	return r.Get(t.Context(), fetch.Request{URL: r.site.url(t, path)})
}

// get asks for one page of the site with a new fetcher.
func get(t testing.TB, s *site, path string, change ...func(*fetch.Config)) (*fetch.Response, error) {
	t.Helper()
	return rigged(t, s, s.target(), change...).page(t, path)
}

// refused checks the outcome of a refusal; "" means that there is none.
func refused(t testing.TB, err error, want frontier.Outcome) *fetch.Refusal {
	t.Helper()
	var r *fetch.Refusal
	switch {
	case want == "" && err != nil:
		t.Errorf("refused: %v", err)
	case want != "" && (!errors.As(err, &r) || r.Outcome != want):
		t.Errorf("got %v, want the outcome %q", err, want)
	}
	return r
}

func equal(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func typed(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{contentType}
		_, _ = w.Write([]byte(body))
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func to(location string) http.HandlerFunc { return status(http.StatusFound, "Location", location) }
