package fetch_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/crawler/fetch"
)

func TestRobotsAreHonoured(t *testing.T) {
	ours := "User-agent: *\nDisallow: /\n\nUser-agent: vardebot\nDisallow: /ads/draft\nAllow: /ads/draft/open\n"
	for name, tt := range map[string]struct {
		robots http.HandlerFunc
		path   string
		want   string
	}{
		"none":                         {status(404), "/ads/1", ""},
		"forbidden to read":            {status(403), "/ads/1", ""}, // RFC 9309, 2.3.1.3: 4xx allows
		"empty":                        {text(""), "/ads/1", ""},
		"a page that is no robots.txt": {text("<!DOCTYPE html><title>Hei</title><p>not found</p>"), "/ads/1", ""},
		"server error":                 {status(500), "/ads/1", "robots.txt failed"}, // RFC 9309, 2.3.1.4: 5xx disallows
		"server busy":                  {status(503), "/ads/1", "robots.txt failed"},
		"no status of robots.txt":      {status(304), "/ads/1", "robots.txt failed"},
		"all":                          {text("User-agent: *\nDisallow: /"), "/ads/1", "robots.txt"},
		"other agents":                 {text("User-agent: othrbot\nDisallow: /"), "/ads/1", ""},
		"our group":                    {text(ours), "/ads/1", ""},
		"our group, any case":          {text(strings.ToUpper(ours)), "/ads/1", ""},
		"our group disallows":          {text(ours), "/ads/draft/1", "robots.txt"},
		"the longer rule wins":         {text(ours), "/ads/draft/open/1", ""},
		"escaped path":                 {text(ours), "/ads/%64raft/1", "robots.txt"},
		"query":                        {text("User-agent: *\nDisallow: /ads?sort="), "/ads?sort=price", "robots.txt"},
		"query, another":               {text("User-agent: *\nDisallow: /ads?sort="), "/ads?page=2", ""},
		"wildcard":                     {text("User-agent: *\nDisallow: /*.pdf$"), "/ads/1.pdf", "robots.txt"},
		"letters beyond ASCII":         {text("User-agent: *\nDisallow: /ads/søk"), "/ads/s%C3%B8k", "robots.txt"},
		"mark of UTF-8 at the front":   {text("\ufeffUser-agent: *\nDisallow: /ads/1"), "/ads/1", "robots.txt"},
		"packed":                       {packed("User-agent: *\nDisallow: /ads/1"), "/ads/1", "robots.txt"},
		// RFC 9309, 2.5: at least the first 500 KiB count.
		"long":     {text("User-agent: *\nDisallow: /ads/1\n" + strings.Repeat("# "+strings.Repeat("x", 97)+"\n", 6000)), "/ads/1", "robots.txt"},
		"too long": {text(strings.Repeat("# "+strings.Repeat("x", 97)+"\n", 6000) + "User-agent: *\nDisallow: /ads/1\n"), "/ads/1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, map[string]http.HandlerFunc{"/robots.txt": tt.robots, "/ads/1": text("x"), "/ads/draft/1": text("x"), "/ads/draft/open/1": text("x"), "/ads": text("x"),
				"/ads/1.pdf": text("x"), "/ads/søk": text("x")})
			_, err := get(t, s, tt.path, fetch.Limits{})
			refused(t, err, tt.want)
			if got := s.paths(false); (tt.want == "") != (len(got) == 1) {
				t.Errorf("the site was asked for %q", got)
			}
		})
	}
}

// TestRobotsAreReadOnce, whether they could be had or not, and however the host is spelled.
func TestRobotsAreReadOnce(t *testing.T) {
	for name, robots := range map[string]http.HandlerFunc{"there": text("User-agent: *\nCrawl-delay: 0.001"), "broken": status(500)} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, map[string]http.HandlerFunc{"/robots.txt": robots, "/ads/1": text("x")})
			tg := s.target()
			_, port, _ := strings.Cut(tg.Hosts[0], ":")
			tg.Hosts = []string{"localhost:" + port}
			f := fetcher(t, tg, new(gate), fetch.Limits{})
			for _, host := range []string{"localhost:", "localhost:", "LOCALHOST:"} {
				u := s.url(t, "/ads/1")
				u.Host = host + port
				_, _ = f.Get(t.Context(), u)
			}
			if n := len(slices.DeleteFunc(s.paths(true), func(p string) bool { return p != "/robots.txt" })); n != 1 {
				t.Errorf("asked %d times: %q", n, s.paths(true))
			}
		})
	}
}

func TestCrawlDelayIsKept(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": text("User-agent: vardebot\nCrawl-delay: 0.1"), "/ads/1": text("x")})
	f := fetcher(t, s.target(), new(gate), fetch.Limits{})
	began := time.Now()
	for range 3 {
		if _, err := f.Get(t.Context(), s.url(t, "/ads/1")); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 195*time.Millisecond {
		t.Errorf("three pages with 0.1 s between them took %s", took)
	}
}
