package crawler_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"varde/crawler/fetch"
	"varde/internal/frontier"
)

func packed(n int) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(make([]byte, n))
	_ = z.Close()
	return b.Bytes()
}

// TestAMisbehavingPageIsCountedAndDoesNotLoseTheOthers: each stands among good ads, and what came of it is on the target's page.
func TestAMisbehavingPageIsCountedAndDoesNotLoseTheOthers(t *testing.T) {
	bomb := packed(40 << 20)
	slow := func(w http.ResponseWriter, r *http.Request) {
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-tick.C:
			case <-r.Context().Done():
				tick.Stop()
				return
			}
			if _, err := w.Write([]byte("x")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	}
	for name, tt := range map[string]struct {
		page http.HandlerFunc
		want frontier.Outcome
		read bool // the ad is read all the same
	}{
		"nested too deep":          {html("<h1>x</h1>" + strings.Repeat("<div>", 5000) + "deep"), frontier.FallenBack, true},
		"empty":                    {html(""), frontier.NoAd, false},
		"another layout":           {html("<h2>Annonse</h2>"), frontier.NoAd, false},
		"a wall with a heading":    {html("<title>Logg inn</title><h1>Logg inn</h1><form action=/login method=post><input name=user><input type=password name=pw><button>Logg inn</button></form>"), frontier.LogIn, false},
		"a captcha with a heading": {html("<title>Er du et menneske?</title><h1>Er du et menneske?</h1><p>Bekreft at du er et menneske</p><div class=g-recaptcha data-sitekey=x></div>"), frontier.Captcha, false},
		"a block with a heading":   {html("<title>Access Denied</title><h1>Access Denied</h1><p>You don't have permission to access this page. Reference #18.2d</p>"), frontier.BotBlock, false},
		"a log-in wall":            {html("<title>Logg inn</title><form action=/login method=post><input name=user><input type=password name=pw><button>Logg inn</button></form>"), frontier.LogIn, false},
		"a captcha":                {html("<title>Er du et menneske?</title><p>Bekreft at du er et menneske</p><div class=g-recaptcha data-sitekey=x></div>"), frontier.Captcha, false},
		"a block for bots":         {html("<title>Access Denied</title><h2>Access Denied</h2><p>You don't have permission to access this page. Reference #18.2d</p>"), frontier.BotBlock, false},
		"a picture":                {drawing, frontier.WrongType, false},
		"too large":                {html("<h1>x</h1>" + strings.Repeat("x", 2<<20)), frontier.TooLarge, false},
		"never ending":             {endless, frontier.TooLarge, false},
		"claims to be large":       {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", strconv.Itoa(1<<40)) }, frontier.TooLarge, false},
		"drop by drop":             {slow, frontier.Slow, false},
		"silent":                   {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, frontier.Timeout, false},
		"away":                     {redirect("http://169.254.169.254/latest"), frontier.OffTarget, false},
		"round and round":          {redirect("/ad/2"), frontier.Redirects, false},
		"another ad":               {redirect("/ad/1"), frontier.Moved, false},
		"refused":                  {status(403), frontier.Refused, false},
		"broken":                   {status(500), frontier.Broken, false},
		"teapot":                   {status(418), frontier.OddStatus, false},
		"hung up":                  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, frontier.Reset, false},
		"gzip bomb": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		}, frontier.Bomb, false},
		"packed with what was not asked for": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write([]byte("xxx"))
		}, frontier.Packing, false},
		"another charset than it says": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("<h1>\xf8\xe5</h1>"))
		}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t, 3, map[string]http.HandlerFunc{"/ad/2": tt.page})
			s := newStation(t)
			s.cfg.Limits = fetch.Limits{Bytes: 1 << 20, Timeout: 900 * time.Millisecond, Grace: 200 * time.Millisecond, Patience: time.Millisecond}
			got := s.once(s.approve(m.text()))
			want := map[string]int{"1": 1, "3": 1}
			if tt.read {
				want["2"] = 1
			}
			if !maps.Equal(ids(got), want) {
				t.Errorf("published %v", ids(got))
			}
			o := s.outcomes("market")
			if tt.want != "" && o[tt.want] != 1 || len(o) > 1 {
				t.Errorf("counted %v, want %s", o, tt.want)
			}
			tallies, err := s.store.Tallies(t.Context(), "market")
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range tallies {
				if c.Outcome == tt.want && !strings.Contains(c.Example, "/ad/2") {
					t.Errorf("the example of %s is %q", c.Outcome, c.Example)
				}
			}
		})
	}
}

func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	for chunk := bytes.Repeat([]byte("<p>mer "), 4000); r.Context().Err() == nil; {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func busy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "3600")
	w.WriteHeader(http.StatusServiceUnavailable)
}

// TestAPictureThatMisbehavesDoesNotLoseTheAd.
func TestAPictureThatMisbehavesDoesNotLoseTheAd(t *testing.T) {
	body := "<h1>x</h1>"
	for _, src := range []string{"/img/good.png", "/img/gone.png", "/img/text.png", "/private.png", "/img/hop.png", "/img/good.png?again", "/img/claims.webp"} {
		body += "<img src='" + src + "'>"
	}
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/ad/1": html(body), "/img/good.png": drawing, "/img/text.png": html("no picture"), "/img/hop.png": redirect("/private.png"), "/private.png": drawing,
		"/img/claims.webp": func(w http.ResponseWriter, _ *http.Request) {
			// 28 bytes that claim 16384 by 16384 pixels.
			_, _ = w.Write([]byte("RIFF\x14\x00\x00\x00WEBPVP8L\x08\x00\x00\x00\x2f\xff\xff\xff\x0f\x00\x00\x00"))
		}})
	s := newStation(t)
	got := one(t, s.once(s.approve(m.text())))
	if len(got.Pictures) != 2 || got.Pictures[1].Image != 6 || len(got.Provenance.Problems) != 5 {
		t.Errorf("%+v", got)
	}
	want := map[frontier.Outcome]int{frontier.Gone: 1, frontier.WrongType: 1, frontier.Outside: 1, frontier.OffTarget: 1, frontier.PictureFailed: 1}
	if o := s.outcomes("market"); !maps.Equal(o, want) {
		t.Errorf("counted %v", o)
	}
	if m.requests("/private.png") != 0 {
		t.Error("a picture outside the target was fetched")
	}
}

// TestOneSiteHangsAndTheOthersGoOn.
func TestOneSiteHangsAndTheOthersGoOn(t *testing.T) {
	s := newStation(t)
	hang := newMarket(t, 30, map[string]http.HandlerFunc{"/ads": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	good := newMarket(t, 30, nil)
	s.approve(hang.text("id: market", "id: hanging"))
	s.approve(good.text())
	run(t, s, func() bool { return len(s.peek()) == 30 })
	if hang.requests("/ads") != 1 {
		t.Errorf("the site that hangs was asked %v", hang.asked)
	}
}

// run runs the crawler as a service does until done says so.
func run(t testing.TB, s *station, done func() bool) {
	t.Helper()
	ctx, cancel := contextWithCancel(t)
	ended := make(chan error, 1)
	go func() { ended <- s.crawler().Run(ctx) }()
	await(t, "what the test waits for", done)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestABusySiteIsLeftAloneAsLongAsItAsks, and for some seconds where it does not say.
func TestABusySiteIsLeftAloneAsLongAsItAsks(t *testing.T) {
	m := newMarket(t, 3, map[string]http.HandlerFunc{"/ads": busy})
	s := newStation(t)
	s.approve(m.text("every: 1h", "every: 1ms"))
	run(t, s, func() bool { return s.outcomes("market")[frontier.Busy] > 0 })
	n := m.requests("/ads")
	s.clock.pass(59 * time.Minute)
	run(t, s, func() bool { return true })
	if m.requests("/ads") != n {
		t.Error("asked again before its hour was over")
	}
}

// TestLinksAreFollowedOnceAndInside: a list that goes round in a circle, names ads in more than one way, and leads away.
func TestLinksAreFollowedOnceAndInside(t *testing.T) {
	m := newMarket(t, 2, map[string]http.HandlerFunc{
		"/ads": func(w http.ResponseWriter, r *http.Request) {
			list(1, `<a class="ad" href="/ad/2?from=list">x</a><a class="ad" href="/ad/2?from=top#pictures">x</a><a class="ad" href="http://elsewhere.example/ad/3">x</a>`,
				`<a class="ad" href="/login">x</a><a class="ad" href="/ads/../login">x</a><a class="next" href="/ads?page=2">x</a><a class="next" href="/ads?page=2&PHPSESSID=`+
					strconv.Itoa(len(r.URL.RawQuery))+`&utm_source=x">x</a><a class="next" href="/ads?page=`+r.FormValue("page")+`">x</a>`)(w, r)
		},
	})
	s := newStation(t)
	got := s.once(s.approve(m.text()))
	if want := map[string]int{"1": 1, "2": 1}; !maps.Equal(ids(got), want) {
		t.Errorf("published %v", ids(got))
	}
	for path, n := range m.asked {
		if n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	if n := m.requests(""); n > 6 { // robots.txt, two ads, and the list with and without a page
		t.Errorf("asked for %v", m.asked)
	}
	if o := s.outcomes("market"); o[frontier.Outside] == 0 || len(o) != 1 {
		t.Errorf("counted %v", o)
	}
}

// TestAddressesWithSemicolonsAreDifferent: what no rule understands stays as it is.
func TestAddressesWithSemicolonsAreDifferent(t *testing.T) {
	m := newMarket(t, 3, map[string]http.HandlerFunc{"/ads": func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(r.URL.RawQuery, "page="), ";sort=new"))
		html(fmt.Sprintf(`<a class="ad" href="/ad/%d">x</a><a class=next href="/ads?page=%d;sort=new">n</a>`, n+1, min(n+1, 2)))(w, r)
	}})
	s := newStation(t)
	if got := s.once(s.approve(m.text())); len(got) != 3 {
		t.Errorf("%d of 3 ads: %v", len(got), m.asked)
	}
}

// TestACalendarHasAnEnd: a page for every day there is, each with the same ads beside it, and one with none.
func TestACalendarHasAnEnd(t *testing.T) {
	for name, aside := range map[string]string{"with the latest ads beside it": `<a class="ad" href="/ad/1">x</a>`, "with nothing else": ""} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t, 1, map[string]http.HandlerFunc{"/ads": func(w http.ResponseWriter, r *http.Request) {
				day, _ := strconv.Atoi(r.FormValue("day"))
				html(fmt.Sprintf(`%s<a class="next" href="/ads?day=%d">neste</a>`, aside, day+1))(w, r)
			}})
			s := newStation(t)
			s.once(s.approve(m.text()))
			if n := m.requests(""); n > 10 {
				t.Errorf("%d pages were asked for", n)
			}
			if s.outcomes("market")[frontier.Endless] == 0 {
				t.Errorf("counted %v", s.outcomes("market"))
			}
		})
	}
}

// TestRobotsAreObeyedAndTheOperatorSees: and ignored only where reason and consent say so.
func TestRobotsAreObeyedAndTheOperatorSees(t *testing.T) {
	for policy, want := range map[string]int{"obey": 2, "ignore": 3} {
		t.Run(policy, func(t *testing.T) {
			m := newMarket(t, 3, map[string]http.HandlerFunc{"/robots.txt": html("\nUser-agent: *\nDisallow: /ad/2")})
			s := newStation(t)
			got := s.once(s.approve(m.text("concurrency: 4", "concurrency: 4\nrobots: {policy: "+policy+", reason: there is no other way}")))
			if len(got) != want || m.requests("/ad/2") != want-2 || s.outcomes("market")[frontier.RobotsForbid] != 3-want {
				t.Errorf("%v, %v, %v", ids(got), m.asked, s.outcomes("market"))
			}
			if policy == "ignore" && m.requests("/robots.txt") != 0 {
				t.Error("robots.txt was asked for although it is ignored")
			}
		})
	}
}

func TestATargetHasAnEnd(t *testing.T) {
	m := newMarket(t, 20, nil)
	s := newStation(t)
	got := s.once(s.approve(m.text("max_pages: 1000", "max_pages: 8")))
	if len(got) != 7 || s.outcomes("market")[frontier.TooMany] != 13 {
		t.Errorf("%d ads, %v", len(got), s.outcomes("market"))
	}
}

// TestAChangedLayoutIsNoticed, with the field and the page.
func TestAChangedLayoutIsNoticed(t *testing.T) {
	const ads = 40
	pages := map[string]http.HandlerFunc{}
	for n := range ads {
		pages[fmt.Sprintf("/ad/%d", n+1)] = html(fmt.Sprintf("<h1>Annonse %d</h1><p>tekst</p><b class=phone>+47 412 34 567</b>", n+1))
	}
	m := newMarket(t, ads, pages)
	s := newStation(t)
	tg := s.approve(m.text(".phone, optional: true", ".phone", "p, optional: true", "p"))
	if got := s.once(tg); len(got) != ads {
		t.Fatalf("%d ads", len(got))
	}
	fallen := func() map[string]string {
		all, err := s.store.Coverages(t.Context(), "market", tg.Version)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, c := range all {
			if c.Fallen() {
				out[c.Field] = c.Missing
			}
		}
		return out
	}
	if f := fallen(); len(f) != 0 {
		t.Errorf("before anything changed: %v", f)
	}
	for n := range ads {
		m.set(fmt.Sprintf("/ad/%d", n+1), html(fmt.Sprintf("<h1>Annonse %d</h1><p>ny tekst</p><b class=telefon>+47 412 34 567</b>", n+1)))
	}
	s.later(tg, 9*time.Hour)
	if f := fallen(); len(f) != 1 || !strings.HasPrefix(f["phones"], m.URL+"/ad/") {
		t.Errorf("after phones moved: %v", f)
	}
	for n := range ads {
		m.set(fmt.Sprintf("/ad/%d", n+1), html(fmt.Sprintf("<h3>Annonse %d</h3><div>ny tekst</div>", n+1)))
	}
	s.later(tg, 9*time.Hour)
	if f := fallen(); f["title"] == "" || f["text"] == "" {
		t.Errorf("after everything moved: %v", f)
	}
	if o := s.outcomes("market"); o[frontier.NoAd] != ads {
		t.Errorf("counted %v", o)
	}
}

// TestAnEndlessTextIsCut: the ad is kept, says so, and fits into a message.
func TestAnEndlessTextIsCut(t *testing.T) {
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/ad/1": html("<h1>x</h1><p>" + strings.Repeat("&lt;æ", 700_000) + "</p>")})
	s := newStation(t)
	got := one(t, s.once(s.approve(m.text())))
	if len(got.Text) > 256<<10 || len(got.Text) < 200<<10 || len(got.Provenance.Problems) != 1 || !strings.HasSuffix(got.Text, "<æ") && !strings.HasSuffix(got.Text, "<") {
		t.Errorf("%d bytes, %q", len(got.Text), got.Provenance.Problems)
	}
}

// TestABarrierIsNeverPassed: nothing is sent, and the site is left alone.
func TestABarrierIsNeverPassed(t *testing.T) {
	wall := html("<title>Logg inn</title><form action=/ad/login method=post><input name=user><input type=password name=pw><button>Logg inn</button></form>")
	m := newMarket(t, 40, map[string]http.HandlerFunc{"/ad/login": func(http.ResponseWriter, *http.Request) { t.Error("a form was sent") }})
	for n := range 40 {
		m.set(fmt.Sprintf("/ad/%d", n+1), wall)
	}
	s := newStation(t)
	s.approve(m.text())
	run(t, s, func() bool { return s.outcomes("market")[frontier.LogIn] >= 6 })
	if n := quiet(m); n > 30 {
		t.Errorf("%d requests although every page is a wall", n)
	}
	for _, h := range m.heads {
		if h.Get("Cookie") != "" || h.Get("Authorization") != "" || h.Get("Referer") != "" {
			t.Errorf("sent %v", h)
		}
	}
}
