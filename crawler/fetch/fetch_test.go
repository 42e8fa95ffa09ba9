package fetch_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/crawler/fetch"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/target"
)

// TestTheCrawlerSaysWhoItIs, in every request, with the environment saying otherwise.
func TestTheCrawlerSaysWhoItIs(t *testing.T) {
	for name, value := range map[string]string{"USER_AGENT": "Mozilla", "IGNORE_ROBOTSTXT": "n", "FOLLOW_REDIRECTS": "n", "MAX_BODY_SIZE": "3", "MAX_REQUESTS": "1", "MAX_DEPTH": "1",
		"ALLOWED_DOMAINS": "elsewhere.example", "DISALLOWED_DOMAINS": "127.0.0.1", "DETECT_CHARSET": "y", "PARSE_HTTP_ERROR_RESPONSE": "n", "TRACE_HTTP": "y", "CACHE_DIR": t.TempDir(),
		"DISABLE_COOKIES": "n"} {
		t.Setenv("COLLY_"+name, value)
	}
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("a whole page"), "/ads/2": to("/ads/1"), "/ads/3": status(410)})
	r := rigged(t, s, s.target())
	for range 2 { // a cache on disk would answer the second time
		for _, path := range []string{"/ads/1", "/ads/2"} {
			if res, err := r.page(t, path); err != nil || string(res.Body) != "a whole page" {
				t.Errorf("%s: %+v, %v", path, res, err)
			}
		}
	}
	_, err := r.page(t, "/ads/3")
	refused(t, err, frontier.Gone)
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
	r := rigged(t, s, s.target())
	for _, path := range []string{"/ads/1", "/ads/2", "/ads/1"} {
		if _, err := r.page(t, path); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range s.asked {
		if r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" || r.Header.Get("Referer") != "" {
			t.Errorf("%s: %v", r.URL, r.Header)
		}
	}
}

// TestProxiesOfTheEnvironmentAreIgnored: a proxy would connect for us, past the guard.
func TestProxiesOfTheEnvironmentAreIgnored(t *testing.T) {
	proxy := serve(t, map[string]http.HandlerFunc{"/ads/1": text("from the proxy")})
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("from the site")})
	tg := s.target()
	tg.Hosts = []string{strings.Replace(tg.Hosts[0], "127.0.0.1", "market.example", 1)} // proxies are never asked for this machine
	r := rigged(t, s, tg)
	fetch.Resolve(r.Fetcher, names(t, func(string) []string { return []string{"127.0.0.1"} }))
	res, err := r.Get(t.Context(), fetch.Request{URL: address(t, "http://"+tg.Hosts[0]+"/ads/1")})
	if err != nil || string(res.Body) != "from the site" {
		t.Errorf("%+v, %v", res, err)
	}
	equal(t, "the proxy was asked", proxy.paths(true), nil)
}

func TestNothingLeavesWithoutTheGate(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x"), "/robots.txt": text("")})
	for name, tt := range map[string]struct {
		path string
		deny string
		want frontier.Outcome
		sent []string
	}{
		"refused":            {"/ads/1", "/ads/1", frontier.NotAuthorised, []string{"/robots.txt"}},
		"robots.txt refused": {"/ads/1", "/robots.txt", frontier.NotAuthorised, nil},
		"outside":            {"/other", "", frontier.Outside, nil},
		"denied":             {"/ads/private", "", frontier.Outside, nil},
		"hidden way out":     {"/ads/%2e%2e/other", "", frontier.Outside, nil},
		"allowed":            {"/ads/1", "-", "", []string{"/robots.txt", "/ads/1"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(s.paths(true))
			r := rigged(t, s, s.target())
			r.gate.deny = func(p string) bool { return p == tt.deny }
			_, err := r.page(t, tt.path)
			refused(t, err, tt.want)
			if tt.want == frontier.NotAuthorised && !errors.Is(err, errNoOrder) {
				t.Errorf("the gate's reason is lost: %v", err)
			}
			equal(t, "sent", s.paths(true)[before:], tt.sent)
			if tt.want == "" {
				equal(t, "the gate was asked", r.gate.paths(), append([]string{"/robots.txt"}, tt.sent...)) // once a request, and again where it had to connect
			}
		})
	}
}

// TestTheGateIsAskedForEveryRequest: for redirects, robots.txt, new tries and connections that the site closes, at any concurrency, as many
// requests arrive as the gate has allowed, and no more; where a connection had to be made it was asked twice.
func TestTheGateIsAskedForEveryRequest(t *testing.T) {
	var fickle, connections atomic.Int64
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": text("User-agent: *\nAllow: /"), "/ads/1": text("x"), "/ads/2": to("/ads/3"), "/ads/3": to("/ads/1"),
		"/ads/busy": func(w http.ResponseWriter, r *http.Request) {
			if fickle.Add(1)%2 == 1 {
				status(503, "Retry-After", "0")(w, r)
			}
		},
		"/ads/closes": func(w http.ResponseWriter, r *http.Request) {
			if fickle.Add(1)%3 == 0 {
				panic(http.ErrAbortHandler)
			}
		},
	}, func(h *httptest.Server) {
		h.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		}
		h.Start()
	})
	r := rigged(t, s, s.target())
	var allowed atomic.Int64
	const orders, workers = 150, 8
	r.gate.deny = func(string) bool { return allowed.Add(1) > orders }
	var g errgroup.Group
	for range workers {
		g.Go(func() error {
			for {
				for _, path := range []string{"/ads/1", "/ads/2", "/ads/busy", "/ads/closes"} {
					_, err := r.page(t, path)
					if errors.Is(err, errNoOrder) {
						return nil
					}
					if refusal := (*fetch.Refusal)(nil); err != nil && !errors.As(err, &refusal) {
						return err
					}
				}
			}
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := len(s.paths(true)); got > orders || got < orders-int(connections.Load())-workers {
		t.Errorf("%d requests arrived over %d connections, and %d were allowed", got, connections.Load(), orders)
	}
}

// TestAConnectionThatIsClosedIsNoWayRoundTheGate: the HTTP library asks again by itself where a kept connection is closed.
func TestAConnectionThatIsClosedIsNoWayRoundTheGate(t *testing.T) {
	for name, tt := range map[string]struct {
		orders int
		want   frontier.Outcome
		asked  int
	}{
		"allowed again":   {99, "", 2},
		"allowed once":    {1, frontier.NotAuthorised, 1},
		"closed for ever": {-1, frontier.Reset, 2},
	} {
		t.Run(name, func(t *testing.T) {
			times := 0
			s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x"), "/ads/2": func(w http.ResponseWriter, _ *http.Request) {
				if times++; times == 1 || tt.orders < 0 {
					conn, _, err := w.(http.Hijacker).Hijack()
					if err != nil {
						t.Error(err)
						return
					}
					_ = conn.Close()
				}
			}})
			r := rigged(t, s, s.target())
			orders := tt.orders
			r.gate.deny = func(path string) bool {
				if path != "/ads/2" {
					return false
				}
				orders--
				return orders == -1
			}
			if _, err := r.page(t, "/ads/1"); err != nil { // so that a connection is kept
				t.Fatal(err)
			}
			if tt.orders < 0 {
				orders = 99
			}
			_, err := r.page(t, "/ads/2")
			refused(t, err, tt.want)
			if got := len(s.paths(false)) - 1; got > tt.asked || tt.want != frontier.Reset && got != tt.asked {
				t.Errorf("asked %d times, want %d", got, tt.asked)
			}
		})
	}
}

func TestTheGateIsAskedAfterWaiting(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")})
	var r *rig
	waited := 0
	r = rigged(t, s, s.target(), func(c *fetch.Config) {
		c.Pacer = pacer(func(context.Context, string, float64, time.Duration) error {
			if waited++; len(r.gate.paths()) != []int{0, 2}[waited-1] { // of robots.txt twice, as it had to connect
				t.Errorf("the gate was asked before the wait: %q", r.gate.paths())
			}
			return nil
		})
	})
	if _, err := r.page(t, "/ads/1"); err != nil {
		t.Fatal(err)
	}
	equal(t, "the gate was asked", r.gate.paths(), []string{"/robots.txt", "/robots.txt", "/ads/1"})
}

type pacer func(ctx context.Context, host string, perSecond float64, delay time.Duration) error

func (p pacer) Wait(ctx context.Context, host string, perSecond float64, delay time.Duration) error {
	return p(ctx, host, perSecond, delay)
}

// TestWhatCannotBeKeptIsNotUsed: an error of the recorder ends Get as it is.
func TestWhatCannotBeKeptIsNotUsed(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": text(""), "/ads/1": text("x"), "/ads/2": to("/ads/1"), "/ads/3": status(404)})
	full := errors.New("the disk is full")
	for path, at := range map[string]string{"/ads/1": "/ads/1", "/ads/2": "/ads/2", "/ads/3": "/ads/3", "/ads/1?": "/robots.txt"} {
		t.Run(path, func(t *testing.T) {
			r := rigged(t, s, s.target())
			r.recorder.fail = func(x *fetch.Exchange) error {
				if x.URL.Path == at {
					return full
				}
				return nil
			}
			before := len(s.paths(true))
			if res, err := r.page(t, path); res != nil || err != full {
				t.Errorf("got %+v, %v", res, err)
			}
			if got := s.paths(true)[before:]; got[len(got)-1] != at {
				t.Errorf("asked %q", got)
			}
			r.recorder.fail = nil // and nothing of it is remembered
			if _, err := r.page(t, "/ads/1"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	whole := fetch.Config{Gate: new(gate), Pacer: new(fetch.Pace), Recorder: new(recorder)}
	for name, cut := range map[string]func(*fetch.Config){
		"gate": func(c *fetch.Config) { c.Gate = nil }, "pacer": func(c *fetch.Config) { c.Pacer = nil }, "recorder": func(c *fetch.Config) { c.Recorder = nil },
	} {
		cfg := whole
		cut(&cfg)
		if _, err := fetch.New(&target.Target{}, cfg); !errors.Is(err, fault.ErrUsage) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := fetch.NewShared(nil, nil); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("shared: %v", err)
	}
}

func TestCancellingEndsAtOnce(t *testing.T) {
	arrived := make(chan bool, 1)
	tell := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			arrived <- true
			h(w, r)
		}
	}
	for name, pages := range map[string]map[string]http.HandlerFunc{
		"silence": {"/ads/1": tell(silence)},
		"drip":    {"/ads/1": tell(drip)},
		"robots":  {"/robots.txt": tell(silence)},
		"busy":    {"/ads/1": tell(status(503, "Retry-After", "50"))}, // waits before it asks again
		"slow":    {"/robots.txt": text("User-agent: *\nCrawl-delay: 50"), "/ads/1": tell(to("/ads/2"))},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, pages)
			r := rigged(t, s, s.target(), within(fetch.Limits{Patience: time.Minute}))
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := r.Get(ctx, fetch.Request{URL: s.url(t, "/ads/1")})
				ended <- err
			}()
			<-arrived
			cancel()
			select {
			case err := <-ended:
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			case <-time.After(patience):
				t.Fatalf("still waiting after %s", patience)
			}
		})
	}
}
