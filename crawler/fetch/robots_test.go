package fetch_test

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/crawler/fetch"
	"varde/internal/frontier"
)

func TestRobotsAreHonoured(t *testing.T) {
	ours := "User-agent: *\nDisallow: /\n\nUser-agent: vardebot\nDisallow: /ads/draft\nAllow: /ads/draft/open\n"
	comments := strings.Repeat("# "+strings.Repeat("x", 97)+"\n", 6000)
	for name, tt := range map[string]struct {
		robots http.HandlerFunc
		path   string
		want   frontier.Outcome
	}{
		"none":                         {status(404), "/ads/1", ""},
		"forbidden to read":            {status(403), "/ads/1", ""}, // RFC 9309, 2.3.1.3: 4xx allows
		"empty":                        {text(""), "/ads/1", ""},
		"a page that is no robots.txt": {text("<!DOCTYPE html><title>Hei</title><p>not found</p>"), "/ads/1", ""},
		"server error":                 {status(500), "/ads/1", frontier.RobotsFailed}, // RFC 9309, 2.3.1.4: 5xx disallows
		"server busy":                  {status(503), "/ads/1", frontier.RobotsFailed},
		"too many requests":            {status(429), "/ads/1", frontier.RobotsFailed},
		"no status of robots.txt":      {status(304), "/ads/1", frontier.RobotsFailed},
		"packed in another way":        {encoded("br", "text/plain", noise(100)), "/ads/1", frontier.RobotsFailed},
		"all":                          {text("User-agent: *\nDisallow: /"), "/ads/1", frontier.RobotsForbid},
		"other agents":                 {text("User-agent: othrbot\nDisallow: /"), "/ads/1", ""},
		"our group":                    {text(ours), "/ads/1", ""},
		"our group, any case":          {text(strings.ToUpper(ours)), "/ads/1", ""},
		"our group disallows":          {text(ours), "/ads/draft/1", frontier.RobotsForbid},
		"the longer rule wins":         {text(ours), "/ads/draft/open/1", ""},
		"escaped path":                 {text(ours), "/ads/%64raft/1", frontier.RobotsForbid},
		"query":                        {text("User-agent: *\nDisallow: /ads?sort="), "/ads?sort=price", frontier.RobotsForbid},
		"query, another":               {text("User-agent: *\nDisallow: /ads?sort="), "/ads?page=2", ""},
		"wildcard":                     {text("User-agent: *\nDisallow: /*.pdf$"), "/ads/1.pdf", frontier.RobotsForbid},
		"letters beyond ASCII":         {text("User-agent: *\nDisallow: /ads/søk"), "/ads/s%C3%B8k", frontier.RobotsForbid},
		"mark of UTF-8 at the front":   {text("\ufeffUser-agent: *\nDisallow: /ads/1"), "/ads/1", frontier.RobotsForbid},
		"packed":                       {packed("User-agent: *\nDisallow: /ads/1"), "/ads/1", frontier.RobotsForbid},
		"as a picture":                 {typed("image/png", "User-agent: *\nDisallow: /ads/1"), "/ads/1", frontier.RobotsForbid},
		"moved":                        {to("/ads/robots"), "/ads/1", frontier.RobotsForbid},
		"moved too often":              {func(w http.ResponseWriter, r *http.Request) { to("/ads/spiral?x")(w, r) }, "/ads/1", frontier.RobotsFailed},
		"moved and gone":               {to("/ads/nothing"), "/ads/1", ""},
		"moved out of the target":      {to("/robots-de.txt"), "/ads/1", frontier.RobotsFailed},
		"hangs up":                     {raw("", false), "/ads/1", frontier.Reset},
		"breaks off":                   {raw(page200+"Content-Length: 100\r\n\r\nUser-agent: *\n", false), "/ads/1", frontier.Reset},
		"silent":                       {silence, "/ads/1", frontier.Timeout},
		"drips":                        {drip, "/ads/1", frontier.Slow},
		// RFC 9309, 2.5: at least the first 500 KiB count.
		"long":            {text("User-agent: *\nDisallow: /ads/1\n" + comments), "/ads/1", frontier.RobotsForbid},
		"too long":        {text(comments + "User-agent: *\nDisallow: /ads/1\n"), "/ads/1", ""},
		"two megabytes":   {text("User-agent: *\nDisallow: /ads/1\n" + strings.Repeat(comments, 4)), "/ads/1", frontier.RobotsForbid},
		"says a terabyte": {raw(page200+"Content-Length: 1000000000000\r\n\r\nUser-agent: *\nDisallow: /ads/1\n"+comments, false), "/ads/1", frontier.RobotsForbid},
		"without end": {func(w http.ResponseWriter, r *http.Request) {
			text("User-agent: *\nDisallow: /ads/1\n"+comments)(w, r)
			repeated([]byte(comments), 0)(w, r)
		}, "/ads/1", frontier.RobotsForbid},
		"a bomb":                      {encoded("gzip", "text/plain", append(zip(nil, []byte("User-agent: *\nDisallow: /ads/1\n")), bomb(100)...)), "/ads/1", frontier.RobotsForbid},
		"packed, and longer than all": {encoded("gzip", "text/plain", append(zip(nil, []byte("User-agent: *\nDisallow: /ads/1\n")), zip(nil, noise(1<<20))...)), "/ads/1", frontier.RobotsForbid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/robots.txt": tt.robots, "/ads/1": text("x"), "/ads/draft/1": text("x"), "/ads/draft/open/1": text("x"), "/ads": text("x"),
				"/ads/1.pdf": text("x"), "/ads/søk": text("x"), "/ads/robots": text("User-agent: *\nDisallow: /ads/1"),
				"/ads/spiral": func(w http.ResponseWriter, r *http.Request) { to("/ads/spiral?"+r.URL.RawQuery+"x")(w, r) }})
			r := rigged(t, s, s.target())
			if tt.want == frontier.Timeout || tt.want == frontier.Slow {
				r = rigged(t, s, s.target(), within(quickly))
			}
			_, err := r.page(t, tt.path)
			refused(t, err, tt.want)
			asked := slices.DeleteFunc(s.paths(false), func(p string) bool { return p != tt.path })
			if (tt.want == "") != (len(asked) == 1) {
				t.Errorf("the site was asked for %q", asked)
			}
		})
	}
}

// TestRobotsAreReadOnce, whether they could be had or not, and however the host is spelled.
func TestRobotsAreReadOnce(t *testing.T) {
	for name, robots := range map[string]http.HandlerFunc{"there": text("User-agent: *\nCrawl-delay: 0.001"), "broken": status(500), "hanging up": raw("", false)} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, map[string]http.HandlerFunc{"/robots.txt": robots, "/ads/1": text("x")})
			tg := s.target()
			_, port, _ := strings.Cut(tg.Hosts[0], ":")
			tg.Hosts = []string{"localhost:" + port}
			r := rigged(t, s, tg)
			var g errgroup.Group
			for _, host := range []string{"localhost:", "localhost:", "LOCALHOST:"} {
				g.Go(func() error {
					u := s.url(t, "/ads/1")
					u.Host = host + port
					_, err := r.Get(t.Context(), fetch.Request{URL: u})
					if name != "there" {
						if refusal := refused(t, err, map[string]frontier.Outcome{"broken": frontier.RobotsFailed, "hanging up": frontier.Reset}[name]); refusal != nil &&
							(refusal.Again <= 0 || refusal.Again > 5*time.Minute) {
							t.Errorf("again in %s", refusal.Again)
						}
						return nil
					}
					return err
				})
			}
			if err := g.Wait(); err != nil {
				t.Error(err)
			}
			if n := len(slices.DeleteFunc(s.paths(true), func(p string) bool { return p != "/robots.txt" })); n != 1 {
				t.Errorf("asked %d times: %q", n, s.paths(true))
			}
		})
	}
}

// TestRobotsThatChange are read again after a day, those that failed after five minutes or when the site says.
func TestRobotsThatChange(t *testing.T) {
	var robots atomic.Pointer[http.HandlerFunc]
	answer := func(h http.HandlerFunc) { robots.Store(&h) }
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, r *http.Request) { (*robots.Load())(w, r) }, "/ads/1": text("x")})
	r := rigged(t, s, s.target())
	now := time.Now()
	fetch.SetRobotsClock(r.Fetcher, func() time.Time { return now })
	for i, tt := range []struct {
		robots http.HandlerFunc
		after  time.Duration
		want   frontier.Outcome
		again  time.Duration
	}{
		{text(""), 0, "", 0},
		{text("User-agent: *\nDisallow: /ads"), 23 * time.Hour, "", 0}, // changed midway, and a day is not over
		{text("User-agent: *\nDisallow: /ads"), 2 * time.Hour, frontier.RobotsForbid, 0},
		{status(500), 25 * time.Hour, frontier.RobotsFailed, 5 * time.Minute},
		{text(""), 4 * time.Minute, frontier.RobotsFailed, time.Minute},
		{text(""), 2 * time.Minute, "", 0},
		{status(503, "Retry-After", "3600"), 25 * time.Hour, frontier.RobotsFailed, time.Hour},
		{text(""), 59 * time.Minute, frontier.RobotsFailed, time.Minute},
		{text(""), 2 * time.Minute, "", 0},
	} {
		answer(tt.robots)
		now = now.Add(tt.after)
		_, err := r.page(t, "/ads/1")
		if refusal := refused(t, err, tt.want); refusal != nil && refusal.Again != tt.again {
			t.Errorf("%d: again in %s, want %s", i, refusal.Again, tt.again)
		}
	}
}

// TestASiteThatAsksToBeLeftAloneIs: where robots.txt is answered with Retry-After, nothing at all of the host is asked for in that time, by
// whomever, and robots.txt is what is asked for first then.
func TestASiteThatAsksToBeLeftAloneIs(t *testing.T) {
	for name, tt := range map[string]struct {
		robots http.HandlerFunc
		quiet  time.Duration
	}{
		"503":           {status(503, "Retry-After", "3600"), time.Hour},
		"429":           {status(429, "Retry-After", "3600"), time.Hour},
		"by a date":     {status(503, "Date", "Mon, 02 Nov 2026 10:00:00 GMT", "Retry-After", "Mon, 02 Nov 2026 12:00:00 GMT"), 2 * time.Hour},
		"429, not said": {status(429), 5 * time.Minute},
		"a minute":      {status(429, "Retry-After", "60"), 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			var calm atomic.Bool
			s := serve(t, map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, r *http.Request) {
				if calm.Load() {
					return
				}
				tt.robots(w, r)
			}, "/ads/1": text("x"), "/ads/2": text("x"), "/ads/1.jpg": text("\xff\xd8\xff\xe0\x00\x10JFIF\x00")})
			r := rigged(t, s, s.target(), within(fetch.Limits{Patience: time.Second}))
			var clock atomic.Int64
			began := time.Now()
			fetch.SetRobotsClock(r.Fetcher, func() time.Time { return began.Add(time.Duration(clock.Load())) })
			all := func(want frontier.Outcome) {
				t.Helper()
				var g sync.WaitGroup
				for _, req := range []fetch.Request{{URL: s.url(t, "/ads/1")}, {URL: s.url(t, "/ads/2")}, {URL: s.url(t, "/ads/2"), ETag: `"x"`}, {URL: s.url(t, "/ads/1.jpg"), Kind: fetch.Picture}} {
					g.Go(func() {
						_, err := r.Get(t.Context(), req)
						refused(t, err, want)
					})
				}
				g.Wait()
			}
			all(frontier.RobotsFailed)
			calm.Store(true) // but it said so
			for _, after := range []time.Duration{0, time.Second, tt.quiet / 2, tt.quiet - time.Nanosecond} {
				clock.Store(int64(after))
				all(frontier.RobotsFailed)
			}
			equal(t, "in that time", s.paths(true), []string{"/robots.txt"})
			equal(t, "the gate was asked", r.gate.paths(), []string{"/robots.txt", "/robots.txt"})
			clock.Store(int64(tt.quiet))
			all("")
			if got := s.paths(true); len(got) != 6 || got[1] != "/robots.txt" {
				t.Errorf("and then %q", got)
			}
		})
	}
}

// TestRobotsThatAreBusyForAMoment are waited for, and nothing else is asked for meanwhile.
func TestRobotsThatAreBusyForAMoment(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			status(503, "Retry-After", "1")(w, r)
		}
	}, "/ads/1": text("x")})
	r := rigged(t, s, s.target(), within(fetch.Limits{Patience: patience}))
	var g sync.WaitGroup
	for range 4 {
		g.Go(func() {
			_, err := r.page(t, "/ads/1")
			refused(t, err, "")
		})
	}
	g.Wait()
	got, times := s.paths(true), s.arrived()
	if len(got) != 6 || got[0] != "/robots.txt" || got[1] != "/robots.txt" || times[1].Sub(times[0]) < time.Second-10*time.Millisecond {
		t.Errorf("%q at %v", got, times)
	}
}

// TestRobotsThatHangHoldUpTheirHostOnly.
func TestRobotsThatHangHoldUpTheirHostOnly(t *testing.T) {
	asked := make(chan bool, 1)
	hanging := serve(t, map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, r *http.Request) { asked <- true; silence(w, r) }})
	fine := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")})
	tg := fine.target()
	tg.Hosts = append(tg.Hosts, hanging.Listener.Addr().String())
	r := rigged(t, fine, tg, within(fetch.Limits{Timeout: patience / 5}))
	var g sync.WaitGroup
	g.Go(func() {
		_, err := r.Get(t.Context(), fetch.Request{URL: hanging.url(t, "/ads/1")})
		refused(t, err, frontier.Timeout)
	})
	<-asked
	for range 5 {
		if _, err := r.page(t, "/ads/1"); err != nil {
			t.Error(err)
		}
	}
	g.Wait()
}

// TestRobotsThatAreIgnored are not asked for, and every record says so.
func TestRobotsThatAreIgnored(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": text("User-agent: *\nDisallow: /"), "/ads/1": to("/ads/2"), "/ads/2": text("x")})
	tg := s.target()
	tg.Robots.Policy = "ignore"
	r := rigged(t, s, tg)
	if _, err := r.page(t, "/ads/1"); err != nil {
		t.Fatal(err)
	}
	equal(t, "asked", s.paths(true), []string{"/ads/1", "/ads/2"})
	for _, x := range r.recorder.seen {
		if x.Robots != fetch.RobotsIgnored {
			t.Errorf("%s: %q", x.URL, x.Robots)
		}
	}
}

func TestCrawlDelayIsKept(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": text("User-agent: vardebot\nCrawl-delay: 0.1"), "/ads/1": text("x")})
	r := rigged(t, s, s.target())
	began := time.Now()
	for range 3 {
		if _, err := r.page(t, "/ads/1"); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 195*time.Millisecond {
		t.Errorf("three pages with 0.1 s between them took %s", took)
	}
}

// TestRobotsAreRecorded, the part that counts at most.
func TestRobotsAreRecorded(t *testing.T) {
	long := bytes.Repeat([]byte("# a comment\n"), 100_000)
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": text(string(long)), "/ads/1": text("x")})
	r := rigged(t, s, s.target())
	if _, err := r.page(t, "/ads/1"); err != nil {
		t.Fatal(err)
	}
	x := r.recorder.seen[0]
	if x.Kind != fetch.Robots || x.Truncated != "length" || len(x.Raw) != 512<<10 || !bytes.HasPrefix(long, x.Raw) || x.Header.Get("Content-Length") != "" &&
		x.Header.Get("Content-Length") != strconv.Itoa(len(long)) {
		t.Errorf("%s %q %d bytes", x.Kind, x.Truncated, len(x.Raw))
	}
}
