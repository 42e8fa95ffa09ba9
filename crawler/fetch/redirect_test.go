package fetch_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/crawler/fetch"
)

func to(location string) http.HandlerFunc { return status(http.StatusFound, "Location", location) }

func TestRedirectsStayInsideTheTarget(t *testing.T) {
	other := serve(t, map[string]http.HandlerFunc{"/ads/1": text("elsewhere")})
	s := serve(t, map[string]http.HandlerFunc{
		"/ads/1": text("the ad"), "/ads/once": to("/ads/1"), "/ads/twice": to("once"), "/ads/permanent": status(308, "Location", "/ads/1#top"),
		"/ads/path": to("/login"), "/login": text("sign in"), "/ads/denied": to("/ads/private/1"), "/ads/private/1": text("private"),
		"/ads/host": to(other.URL + "/ads/1"), "/ads/metadata": to("http://169.254.169.254/ads"), "/ads/scheme": to("file:///etc/passwd"),
		"/ads/dots": to("/ads/%2e%2e/login"), "/ads/robots": to("/ads/forbidden"), "/ads/forbidden": text("forbidden"),
		"/ads/five": to("/ads/four"), "/ads/four": to("/ads/three"), "/ads/three": to("/ads/twice"), "/ads/loop": to("/ads/loop"),
		"/ads/nowhere": status(302), "/ads/broken": to("http://[::1/ads"), "/robots.txt": text("User-agent: *\nDisallow: /ads/forbidden"),
		"/ads/packed": status(302, "Location", "/ads/1", "Content-Encoding", "gzip"),
	})
	for path, tt := range map[string]struct {
		want string
		sent []string
	}{
		"/ads/once":      {"", []string{"/ads/once", "/ads/1"}},
		"/ads/twice":     {"", []string{"/ads/twice", "/ads/once", "/ads/1"}},
		"/ads/permanent": {"", []string{"/ads/permanent", "/ads/1"}},
		"/ads/packed":    {"", []string{"/ads/packed", "/ads/1"}}, // says that it packs, and has nothing to pack
		"/ads/five":      {"", []string{"/ads/five", "/ads/four", "/ads/three", "/ads/twice", "/ads/once", "/ads/1"}},
		"/ads/path":      {"outside the target", []string{"/ads/path"}},
		"/ads/denied":    {"outside the target", []string{"/ads/denied"}},
		"/ads/host":      {"outside the target", []string{"/ads/host"}},
		"/ads/metadata":  {"outside the target", []string{"/ads/metadata"}},
		"/ads/scheme":    {"outside the target", []string{"/ads/scheme"}},
		"/ads/dots":      {"outside the target", []string{"/ads/dots"}},
		"/ads/robots":    {"robots.txt", []string{"/ads/robots"}},
		"/ads/nowhere":   {"status 302", []string{"/ads/nowhere"}},
		"/ads/broken":    {"network", []string{"/ads/broken"}},
		"/ads/loop":      {"too many redirects", slices.Repeat([]string{"/ads/loop"}, 6)},
	} {
		t.Run(strings.TrimPrefix(path, "/ads/"), func(t *testing.T) {
			before := len(s.paths(false))
			res, err := get(t, s, path, fetch.Limits{})
			refused(t, err, tt.want)
			if got := s.paths(false)[before:]; !slices.Equal(got, tt.sent) {
				t.Errorf("the site was asked for %q, want %q", got, tt.sent)
			}
			if err == nil && (string(res.Body) != "the ad" || res.URL.Path != "/ads/1") {
				t.Errorf("%s: %q", res.URL, res.Body)
			}
		})
	}
	if got := other.paths(true); len(got) != 0 {
		t.Errorf("the other host was asked for %q", got)
	}
}

func TestTheGateIsAskedBeforeEachHop(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": to("/ads/2"), "/ads/2": to("/ads/3"), "/ads/3": text("x")})
	g := &gate{deny: func(p string) bool { return p == "/ads/3" }}
	_, err := fetcher(t, s.target(), g, fetch.Limits{}).Get(t.Context(), s.url(t, "/ads/1"))
	refused(t, err, "not authorised")
	if got := s.paths(false); !slices.Equal(got, []string{"/ads/1", "/ads/2"}) {
		t.Errorf("the site was asked for %q", got)
	}
	for _, p := range []string{"/ads/1", "/ads/2", "/ads/3"} {
		if !slices.Contains(g.asked, p) {
			t.Errorf("the gate was not asked for %s: %q", p, g.asked)
		}
	}
}

func TestRedirectsOfRobotsStayInsideTheTarget(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": to("/robots-de.txt"), "/robots-de.txt": text(""), "/ads/1": text("x")})
	_, err := get(t, s, "/ads/1", fetch.Limits{})
	refused(t, err, "outside the target")
	if got := s.paths(true); !slices.Equal(got, []string{"/robots.txt"}) {
		t.Errorf("the site was asked for %q", got)
	}
}

// TestHopsKeepThePace: a site that redirects each page is not asked twice as fast.
func TestHopsKeepThePace(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": to("/ads/2"), "/ads/2": to("/ads/3"), "/ads/3": text("x")})
	tg := s.target()
	tg.Rate = 20
	began := time.Now()
	if _, err := fetcher(t, tg, new(gate), fetch.Limits{}).Get(t.Context(), s.url(t, "/ads/1")); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 95*time.Millisecond {
		t.Errorf("three requests at 20 a second took %s", took)
	}
}
