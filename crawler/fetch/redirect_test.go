package fetch_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"varde/crawler/fetch"
	"varde/internal/frontier"
)

func TestRedirectsStayInsideTheTarget(t *testing.T) {
	other := serve(t, map[string]http.HandlerFunc{"/ads/1": text("elsewhere")})
	s := serve(t, map[string]http.HandlerFunc{
		"/ads/1": text("the ad"), "/ads/once": to("/ads/1"), "/ads/twice": to("once"), "/ads/permanent": status(308, "Location", "/ads/1#top"),
		"/ads/path": to("/login"), "/login": text("sign in"), "/ads/denied": to("/ads/private/1"), "/ads/private/1": text("private"),
		"/ads/host": to(other.URL + "/ads/1"), "/ads/metadata": to("http://169.254.169.254/ads"), "/ads/scheme": to("file:///etc/passwd"),
		"/ads/script": to("javascript:alert(1)"), "/ads/dots": to("/ads/%2e%2e/login"), "/ads/robots": to("/ads/forbidden"), "/ads/forbidden": text("forbidden"),
		"/ads/five": to("/ads/four"), "/ads/four": to("/ads/three"), "/ads/three": to("/ads/twice"), "/ads/six": to("/ads/five"),
		"/ads/loop": to("/ads/loop"), "/ads/ring": to("/ads/ring2"), "/ads/ring2": to("/ads/ring3"), "/ads/ring3": to("/ads/ring"),
		"/ads/spiral":  func(w http.ResponseWriter, r *http.Request) { to("/ads/spiral?n="+r.URL.RawQuery+"x")(w, r) },
		"/ads/nowhere": status(302), "/ads/broken": to("http://[::1/ads"), "/ads/empty": to(""), "/robots.txt": text("User-agent: *\nDisallow: /ads/forbidden"),
		"/ads/packed": status(302, "Location", "/ads/1", "Content-Encoding", "gzip"), "/ads/user": to("http://admin:admin@" + "127.0.0.1/ads/1"),
	})
	for path, tt := range map[string]struct {
		want frontier.Outcome
		sent []string
	}{
		"/ads/once":      {"", []string{"/ads/once", "/ads/1"}},
		"/ads/twice":     {"", []string{"/ads/twice", "/ads/once", "/ads/1"}},
		"/ads/permanent": {"", []string{"/ads/permanent", "/ads/1"}},
		"/ads/packed":    {"", []string{"/ads/packed", "/ads/1"}}, // says that it packs, and has nothing to pack
		"/ads/five":      {"", []string{"/ads/five", "/ads/four", "/ads/three", "/ads/twice", "/ads/once", "/ads/1"}},
		"/ads/six":       {frontier.Redirects, []string{"/ads/six", "/ads/five", "/ads/four", "/ads/three", "/ads/twice", "/ads/once"}},
		"/ads/path":      {frontier.OffTarget, []string{"/ads/path"}},
		"/ads/denied":    {frontier.OffTarget, []string{"/ads/denied"}},
		"/ads/host":      {frontier.OffTarget, []string{"/ads/host"}},
		"/ads/metadata":  {frontier.OffTarget, []string{"/ads/metadata"}},
		"/ads/scheme":    {frontier.OffTarget, []string{"/ads/scheme"}},
		"/ads/script":    {frontier.OffTarget, []string{"/ads/script"}},
		"/ads/user":      {frontier.OffTarget, []string{"/ads/user"}},
		"/ads/dots":      {frontier.OffTarget, []string{"/ads/dots"}},
		"/ads/robots":    {frontier.RobotsForbid, []string{"/ads/robots"}},
		"/ads/nowhere":   {frontier.OddStatus, []string{"/ads/nowhere"}},
		"/ads/broken":    {frontier.OddStatus, []string{"/ads/broken"}},
		"/ads/empty":     {frontier.OddStatus, []string{"/ads/empty"}},
		"/ads/loop":      {frontier.Redirects, []string{"/ads/loop"}},
		"/ads/ring":      {frontier.Redirects, []string{"/ads/ring", "/ads/ring2", "/ads/ring3"}},
	} {
		t.Run(strings.TrimPrefix(path, "/ads/"), func(t *testing.T) {
			before := len(s.paths(false))
			res, err := get(t, s, path)
			refused(t, err, tt.want)
			equal(t, "sent", s.paths(false)[before:], tt.sent)
			if err == nil && (string(res.Body) != "the ad" || res.URL.Path != "/ads/1" || len(res.Via) != len(tt.sent)-1) {
				t.Errorf("%s: %q via %q", res.URL, res.Body, res.Via)
			}
			if err != nil && strings.Contains(err.Error(), "passwd") {
				t.Errorf("the error says what the page said: %v", err)
			}
		})
	}
	before := len(s.paths(false))
	_, err := get(t, s, "/ads/spiral")
	refused(t, err, frontier.Redirects)
	if got := len(s.paths(false)) - before; got != 6 {
		t.Errorf("a spiral was followed %d times", got)
	}
	equal(t, "the other host was asked", other.paths(true), nil)
}

// TestRedirectsBetweenHTTPAndHTTPS that go round, and one that does not.
func TestRedirectsBetweenHTTPAndHTTPS(t *testing.T) {
	pages := map[string]http.HandlerFunc{"/ads/2": text("the ad")}
	plain, secure := serve(t, pages), serve(t, pages, overTLS)
	pages["/ads/1"] = func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil {
			to(secure.URL+"/ads/1")(w, r)
			return
		}
		to(plain.URL+"/ads/1")(w, r)
	}
	pages["/ads/up"] = to(secure.URL + "/ads/2")
	tg := plain.target()
	tg.Hosts = append(tg.Hosts, secure.Listener.Addr().String())
	r := rigged(t, secure, tg)
	_, err := r.Get(t.Context(), fetch.Request{URL: plain.url(t, "/ads/1")})
	refused(t, err, frontier.Redirects)
	res, err := r.Get(t.Context(), fetch.Request{URL: plain.url(t, "/ads/up")})
	if err != nil || res.Certificate == "" || res.URL.Scheme != "https" {
		t.Errorf("%+v, %v", res, err)
	}
	equal(t, "recorded", r.recorder.lines(), []string{"/ads/1 302", "/ads/1 302  too_many_redirects", "/ads/up 302", "/ads/2 200"})
}

func TestTheGateIsAskedBeforeEachHop(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": to("/ads/2"), "/ads/2": to("/ads/3"), "/ads/3": text("x")})
	r := rigged(t, s, s.target())
	r.gate.deny = func(p string) bool { return p == "/ads/3" }
	_, err := r.page(t, "/ads/1")
	refused(t, err, frontier.NotAuthorised)
	equal(t, "sent", s.paths(false), []string{"/ads/1", "/ads/2"})
	equal(t, "the gate was asked", r.gate.paths(), []string{"/robots.txt", "/robots.txt", "/ads/1", "/ads/2", "/ads/3"})
}

// TestHopsKeepThePace: a site that redirects each page is not asked twice as fast.
func TestHopsKeepThePace(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": to("/ads/2"), "/ads/2": to("/ads/3"), "/ads/3": text("x")})
	tg := s.target()
	tg.Rate = 20
	began := time.Now()
	if _, err := rigged(t, s, tg).page(t, "/ads/1"); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 145*time.Millisecond { // and robots.txt
		t.Errorf("four requests at 20 a second took %s", took)
	}
}

// FuzzLocation: whatever a redirect says, it leads to an address within the target or nowhere.
func FuzzLocation(f *testing.F) {
	for _, seed := range []string{"/ads/2", "//evil.example/ads", "http://market.example\\@evil.example/", "/ads/../x", "?a", "#a", "", "%", "http://[::1", "javascript:x", "/ads/\x00", "///ads"} {
		f.Add(seed)
	}
	from := address(f, "https://market.example/ads/1")
	tg := (&site{}).targetAt("market.example")
	f.Fuzz(func(t *testing.T, to string) {
		next := fetch.Location(from, to)
		if next == nil {
			return
		}
		if next.Fragment != "" {
			t.Errorf("%q: %s", to, next)
		}
		if tg.Inside(next) && (!strings.EqualFold(next.Hostname(), "market.example") || !strings.HasPrefix(next.Path, "/ads") && next.Path != "/robots.txt") {
			t.Errorf("%q is inside: %s", to, next)
		}
	})
}
