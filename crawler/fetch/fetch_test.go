package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"varde/crawler/fetch"
	"varde/internal/fault"
	"varde/internal/target"
)

// TestMain sees that nothing stays behind: a crawler makes a fetcher for every pass.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is a real server that remembers what it was asked for.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []*http.Request
}

// serve answers by exact path, and robots.txt with 404 unless it is among the pages.
func serve(t testing.TB, pages map[string]http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r)
		s.mu.Unlock()
		if page := pages[r.URL.Path]; page != nil {
			page(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	return s
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

// target is the site as a simulated target: /ads may be read, /ads/private not.
func (s *site) target() *target.Target {
	return &target.Target{ID: "t", Hosts: []string{s.Listener.Addr().String()}, Allow: []string{"/ads"}, Deny: []string{"/ads/private"}, Rate: 10_000,
		UserAgent: "VardeBot/1.0", Contact: "mailto:crawler@police.example", Loopback: true}
}

func (s *site) url(t testing.TB, path string) *url.URL {
	t.Helper()
	u, err := url.Parse(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// gate remembers what it was asked and refuses what deny holds.
type gate struct {
	mu    sync.Mutex
	asked []string
	deny  func(path string) bool
}

var errNoOrder = errors.New("no order covers this")

func (g *gate) Allow(_ context.Context, _ *target.Target, u *url.URL) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, u.Path)
	if g.deny != nil && g.deny(u.Path) {
		return errNoOrder
	}
	return nil
}

func fetcher(t testing.TB, tg *target.Target, g fetch.Gate, l fetch.Limits) *fetch.Fetcher {
	t.Helper()
	f, err := fetch.New(tg, g, new(fetch.Pace), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// get asks for one page of the site with a new fetcher.
func get(t testing.TB, s *site, path string, l fetch.Limits) (*fetch.Response, error) {
	t.Helper()
	return fetcher(t, s.target(), new(gate), l).Get(t.Context(), s.url(t, path))
}

// refused checks the reason of a refusal; "" means that there is none.
func refused(t testing.TB, err error, reason string) {
	t.Helper()
	var r *fetch.Refusal
	switch {
	case reason == "" && err != nil:
		t.Errorf("refused: %v", err)
	case reason != "" && (!errors.As(err, &r) || r.Reason != reason):
		t.Errorf("got %v, want the reason %q", err, reason)
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func TestAPageComesWhole(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		_, _ = w.Write([]byte("bl\xe5b\xe6r"))
	}})
	res, err := get(t, s, "/ads/1?a=b", fetch.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	// The bytes are evidence: they come as they were sent, whatever their encoding.
	if string(res.Body) != "bl\xe5b\xe6r" || res.ContentType != "text/html; charset=iso-8859-1" || res.Status != 200 || res.URL.String() != s.URL+"/ads/1?a=b" || res.At.IsZero() {
		t.Errorf("%+v", res)
	}
}

// TestTheCrawlerSaysWhoItIs, in every request, with the environment saying otherwise.
func TestTheCrawlerSaysWhoItIs(t *testing.T) {
	for name, value := range map[string]string{"USER_AGENT": "Mozilla", "IGNORE_ROBOTSTXT": "n", "FOLLOW_REDIRECTS": "n", "MAX_BODY_SIZE": "3", "MAX_REQUESTS": "1", "MAX_DEPTH": "1",
		"ALLOWED_DOMAINS": "elsewhere.example", "DISALLOWED_DOMAINS": "127.0.0.1", "DETECT_CHARSET": "y", "PARSE_HTTP_ERROR_RESPONSE": "n", "TRACE_HTTP": "y", "CACHE_DIR": t.TempDir()} {
		t.Setenv("COLLY_"+name, value)
	}
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("a whole page"), "/ads/2": status(302, "Location", "/ads/1"), "/ads/3": status(410)})
	f := fetcher(t, s.target(), new(gate), fetch.Limits{})
	for range 2 { // a cache on disk would answer the second time
		for _, path := range []string{"/ads/1", "/ads/2"} {
			if res, err := f.Get(t.Context(), s.url(t, path)); err != nil || string(res.Body) != "a whole page" {
				t.Errorf("%s: %+v, %v", path, res, err)
			}
		}
	}
	_, err := f.Get(t.Context(), s.url(t, "/ads/3"))
	refused(t, err, "gone")
	if len(s.asked) != 8 {
		t.Errorf("asked %q", s.paths(true))
	}
	for _, r := range s.asked {
		if got := r.Header.Values("User-Agent"); !slices.Equal(got, []string{"VardeBot/1.0 (+mailto:crawler@police.example)"}) {
			t.Errorf("%s: User-Agent %q", r.URL, got)
		}
	}
}

func TestCookiesAreNotKept(t *testing.T) {
	set := func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1", Path: "/"})
		if r.URL.Path == "/ads/2" {
			http.Redirect(w, r, "/ads/1", http.StatusFound)
		}
	}
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": set, "/ads/2": set, "/robots.txt": set})
	f := fetcher(t, s.target(), new(gate), fetch.Limits{})
	for _, path := range []string{"/ads/1", "/ads/2", "/ads/1"} {
		if _, err := f.Get(t.Context(), s.url(t, path)); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range s.asked {
		if r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" || r.Header.Get("Referer") != "" {
			t.Errorf("%s: %v", r.URL, r.Header)
		}
	}
}

func TestNothingLeavesWithoutTheGate(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x"), "/robots.txt": text("")})
	for name, tt := range map[string]struct {
		path string
		deny string
		want string
		sent []string
	}{
		"refused":            {"/ads/1", "/ads/1", "not authorised", nil},
		"robots.txt refused": {"/ads/1", "/robots.txt", "not authorised", nil},
		"outside":            {"/other", "", "outside the target", nil},
		"denied":             {"/ads/private", "", "outside the target", nil},
		"hidden way out":     {"/ads/%2e%2e/other", "", "outside the target", nil},
		"allowed":            {"/ads/1", "-", "", []string{"/robots.txt", "/ads/1"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(s.paths(true))
			_, err := fetcher(t, s.target(), &gate{deny: func(p string) bool { return p == tt.deny }}, fetch.Limits{}).Get(t.Context(), s.url(t, tt.path))
			refused(t, err, tt.want)
			if tt.want == "not authorised" && !errors.Is(err, errNoOrder) {
				t.Errorf("the gate's reason is lost: %v", err)
			}
			if got := s.paths(true)[before:]; !slices.Equal(got, tt.sent) {
				t.Errorf("the site was asked for %q, want %q", got, tt.sent)
			}
		})
	}
}

func TestTheGateIsAskedAgainAfterWaiting(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": status(503, "Retry-After", "0")})
	g := &gate{}
	pages := 0
	g.deny = func(p string) bool { // the order ends while the site is busy
		if p != "/ads/1" {
			return false
		}
		pages++
		return pages > 2
	}
	_, err := fetcher(t, s.target(), g, fetch.Limits{}).Get(t.Context(), s.url(t, "/ads/1"))
	refused(t, err, "not authorised")
	if got := s.paths(false); len(got) != 1 {
		t.Errorf("asked %q", got)
	}
}

func TestANetThatIsNotThisMachineIsRefused(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")})
	tg := s.target()
	tg.Loopback = false
	_, err := fetcher(t, tg, new(gate), fetch.Limits{}).Get(t.Context(), s.url(t, "/ads/1"))
	refused(t, err, "address not allowed")
	if got := s.paths(true); len(got) != 0 {
		t.Errorf("a target that is not simulated reached this machine: %q", got)
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	for _, g := range []fetch.Gate{nil, new(gate)} {
		if _, err := fetch.New(&target.Target{}, g, nil, fetch.Limits{}, nil); !errors.Is(err, fault.ErrUsage) || !strings.Contains(err.Error(), "a gate and a pace") {
			t.Errorf("%v", err)
		}
	}
}
