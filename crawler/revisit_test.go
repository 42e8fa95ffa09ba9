package crawler_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/frontier"
)

// tagged answers with an entity tag of its body, and 304 to who knows it.
func tagged(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))
		w.Header().Set("ETag", tag)
		w.Header().Set("Content-Type", kind)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(body))
	}
}

func page(body string) http.HandlerFunc { return tagged("text/html; charset=utf-8", body) }

func one(t testing.TB, got []ad.Sighting) ad.Sighting {
	t.Helper()
	if len(got) != 1 {
		t.Fatalf("%d sightings, want one: %+v", len(got), got)
	}
	return got[0]
}

// TestVersionsKeepWhatChanged: text, price, phone and picture, each alone makes another version; nothing changed makes none.
func TestVersionsKeepWhatChanged(t *testing.T) {
	const body = "<h1>x</h1><p>god dag</p><b class=phone>+47 412 34 567</b><i class=price>1500 kr</i><img src='/img/1.png'>"
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/ad/1": page(body), "/img/1.png": tagged("image/png", string(painted(0)))})
	s := newStation(t)
	tg := s.approve(m.text())
	versions := map[string]string{}
	look := func(what string) {
		t.Helper()
		got := one(t, s.later(tg, 9*time.Hour))
		if same := versions[got.Version()]; same != "" {
			t.Errorf("after a change of %s the version is that of %q", what, same)
		}
		versions[got.Version()] = what
	}
	look("nothing yet")
	m.set("/ad/1", page(strings.Replace(body, "god dag", "god kveld", 1)))
	look("text")
	m.set("/ad/1", page(strings.Replace(body, "1500", "1200", 1)))
	look("price")
	m.set("/ad/1", page(strings.Replace(body, "34 567", "34 568", 1)))
	look("phone")
	m.set("/img/1.png", tagged("image/png", string(painted(9))))
	m.set("/ad/1", page(body+" ")) // another picture under the same address shows when the page is read
	look("picture")
	m.set("/ad/1", page(body+"  "))
	if got := one(t, s.later(tg, 9*time.Hour)); versions[got.Version()] != "picture" {
		t.Errorf("a page that says the same is another version: %q", versions[got.Version()])
	}
	a, err := s.store.Ad(t.Context(), "market.example/1")
	if err != nil || a.Versions != 5 || a.Sightings != 6 {
		t.Errorf("%d versions, %d sightings, %v", a.Versions, a.Sightings, err)
	}
	if n := m.requests("/img/1.png"); n != 6 {
		t.Errorf("the picture was asked for %d times", n)
	}
	o := tallies(t, s)
	if o[frontier.NotModified] != 4 || o[frontier.Hashed] != 2 {
		t.Errorf("pictures: %v", o)
	}
}

func tallies(t testing.TB, s *station) map[frontier.Outcome]int {
	t.Helper()
	all, err := s.store.Tallies(t.Context(), "market")
	if err != nil {
		t.Fatal(err)
	}
	out := map[frontier.Outcome]int{}
	for _, c := range all {
		out[c.Outcome] = c.N
	}
	return out
}

// TestAPageThatIsUnchangedIsASightingStill: a 304 proves that the ad was there, and refers to what it was.
func TestAPageThatIsUnchangedIsASightingStill(t *testing.T) {
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/ad/1": page("<h1>x</h1><img src='/img/1.png'>"), "/img/1.png": drawing, "/ads": page(`<a class="ad" href="/ad/1">x</a>`)})
	s := newStation(t)
	tg := s.approve(m.text())
	first := one(t, s.once(tg))
	second := one(t, s.later(tg, 2*time.Hour))
	if second.Version() != first.Version() || !second.SeenAt.After(first.SeenAt) || m.requests("/ad/1") != 2 || m.requests("/img/1.png") != 1 {
		t.Errorf("first %+v\nsecond %+v\n%v", first, second, m.asked)
	}
	r, err := s.archive.Read(t.Context(), second.Provenance.Captures[0])
	if err != nil || r.Type != "revisit" || r.RefersTo != first.Provenance.Captures[0].Record || r.RefersToURI != first.URL {
		t.Errorf("%+v, %v", r, err)
	}
	if second.Provenance.Captures[1] != first.Provenance.Captures[1] {
		t.Errorf("the picture's evidence is lost: %+v", second.Provenance.Captures)
	}
	if v, err := s.archive.Verify(t.Context(), nil); err != nil || len(v.Faults) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
	if m.requests("/ads") != 2 || tallies(t, s)[frontier.Unchanged] != 2 {
		t.Errorf("%v, %v", m.asked, tallies(t, s))
	}
}

// TestThePaceOfVisitsFollowsThePaceOfChanges.
func TestThePaceOfVisitsFollowsThePaceOfChanges(t *testing.T) {
	changes := 0
	m := newMarket(t, 2, map[string]http.HandlerFunc{"/ad/1": func(w http.ResponseWriter, r *http.Request) {
		changes++
		page(fmt.Sprintf("<h1>x</h1><p>%d</p>", changes))(w, r)
	}, "/ad/2": page("<h1>y</h1>")})
	s := newStation(t)
	tg := s.approve(m.text("concurrency: 4", "concurrency: 1"))
	s.once(tg)
	for range 48 {
		s.later(tg, time.Hour+time.Minute)
	}
	busy, calm := m.requests("/ad/1"), m.requests("/ad/2")
	if busy < 45 || calm > 12 || calm < 5 {
		t.Errorf("in two days a page that always changes was read %d times, one that never does %d times", busy, calm)
	}
}

// TestAnAdThatIsGoneIsRecordedAsGone, with the time, and comes back if it does.
func TestAnAdThatIsGoneIsRecordedAsGone(t *testing.T) {
	for name, gone := range map[string]http.HandlerFunc{"404": status(404), "410": status(410), "sent to the list": redirect("/ads"), "told on the page": html("<h1>x</h1><div class=expired>Utløpt</div>"), "told on a page with a tag": page("<h1>x</h1><div class=expired>Utløpt</div>")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t, 2, nil)
			s := newStation(t)
			tg := s.approve(m.text("  fields:\n", "  fields:\n    gone: {selector: .expired}\n"))
			if got := s.once(tg); len(got) != 2 {
				t.Fatalf("%+v", got)
			}
			m.set("/ad/1", gone)
			if got := ids(s.later(tg, 9*time.Hour)); len(got) != 1 || got["2"] != 1 {
				t.Errorf("%v", got)
			}
			a, err := s.store.Ad(t.Context(), "market.example/1")
			if err != nil || a.Gone.IsZero() || a.Gone.Before(a.LastSeen) || s.clock.Now().Sub(a.Gone) > time.Minute {
				t.Errorf("gone %s, last seen %s, %v", a.Gone, a.LastSeen, err)
			}
			if b, _ := s.store.Ad(t.Context(), "market.example/2"); !b.Gone.IsZero() {
				t.Error("the other ad is gone too")
			}
			since := a.Gone
			s.later(tg, 9*time.Hour)
			if a, _ = s.store.Ad(t.Context(), "market.example/1"); !a.Gone.Equal(since) {
				t.Errorf("gone since %s, and now since %s", since, a.Gone)
			}
			m.set("/ad/1", html("<h1>Back</h1>"))
			s.later(tg, 9*time.Hour)
			if a, _ = s.store.Ad(t.Context(), "market.example/1"); !a.Gone.IsZero() || a.Finding.Sighting.Title != "Back" {
				t.Errorf("it is back: %s, %q", a.Gone, a.Finding.Sighting.Title)
			}
			// A page that stays away is left alone after a few looks, once nothing leads to it.
			m.set("/ad/1", gone)
			m.set("/ads", list(0, `<a class="ad" href="/ad/2">x</a>`))
			for range 5 {
				s.later(tg, 9*time.Hour)
			}
			n := m.requests("/ad/1")
			s.later(tg, 100*time.Hour)
			if more := m.requests("/ad/1"); more != n {
				t.Errorf("asked for again after %d looks", n)
			}
		})
	}
}

// TestUnchangedIsSaidOfWhatTheRecordHas: where the record lags behind, a page is asked for whole.
func TestUnchangedIsSaidOfWhatTheRecordHas(t *testing.T) {
	price := func(amount string) http.HandlerFunc {
		return page("<h1>x</h1><i class=price>" + amount + " kr</i><img src='/img/1.png'>")
	}
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/ad/1": price("1000"), "/img/1.png": tagged("image/png", string(painted(0)))})
	s := newStation(t)
	tg := s.approve(m.text())
	s.once(tg)
	lag := &lagging{}
	s.cfg.Publisher = lag
	m.set("/ad/1", price("2000"))
	m.set("/img/1.png", tagged("image/png", string(painted(9))))
	s.later(tg, 9*time.Hour)
	s.later(tg, 9*time.Hour)
	if len(lag.ads) != 2 || lag.ads[0].Version() != lag.ads[1].Version() || lag.ads[1].Prices[0].Amount != 2000 {
		t.Errorf("published %+v", lag.ads)
	}
}

// lagging takes sightings that the record does not have yet.
type lagging struct{ ads []ad.Sighting }

func (l *lagging) Publish(_ context.Context, s ad.Sighting) error {
	l.ads = append(l.ads, s)
	return nil
}

// TestAnOutageIsNotTakenForGone: failures before a page is gone do not count as looks for it.
func TestAnOutageIsNotTakenForGone(t *testing.T) {
	m := newMarket(t, 1, nil)
	s := newStation(t)
	tg := s.approve(m.text())
	s.once(tg)
	m.set("/ad/1", status(500))
	for range 5 {
		s.later(tg, 9*time.Hour)
	}
	m.set("/ad/1", status(404))
	s.later(tg, 9*time.Hour)
	m.set("/ad/1", html("<h1>back</h1>"))
	if got := s.later(tg, 100*time.Hour); len(got) != 1 {
		t.Errorf("after one 404 the ad is not looked for again: %v", m.asked)
	}
}

// TestAnAdThatIsListedAgainIsReadAgain, although it was gone for good, or outside a narrower version of the target.
func TestAnAdThatIsListedAgainIsReadAgain(t *testing.T) {
	m := newMarket(t, 1, nil)
	s := newStation(t)
	tg := s.approve(m.text())
	s.once(tg)
	m.set("/ad/1", status(404))
	m.set("/ads", list(0, `<a class="ad" href="/ad/2">x</a>`))
	for range 6 {
		s.later(tg, 9*time.Hour)
	}
	m.set("/ad/1", html("<h1>back</h1>"))
	m.set("/ads", list(1))
	if got := append(s.later(tg, 25*time.Hour), s.later(tg, 25*time.Hour)...); len(got) == 0 {
		t.Errorf("listed again, and never read: %v", m.asked)
	}
	narrow := s.approve(m.text("allow: [/ads, /ad/, /img/]", "allow: [/ads]"))
	s.later(narrow, 25*time.Hour)
	wide := s.approve(m.text("name: A market of this test", "name: again"))
	if got := append(s.later(wide, 25*time.Hour), s.later(wide, 25*time.Hour)...); len(got) == 0 {
		t.Errorf("after the target was narrowed and widened again no ad is read: %v", m.asked)
	}
}

// TestTwoTargetsForOneSite keep apart: "unchanged" is said to each of what it was told itself, and each sighting names its own.
func TestTwoTargetsForOneSite(t *testing.T) {
	m := newMarket(t, 2, nil)
	for n := range 2 {
		m.set(fmt.Sprintf("/ad/%d", n+1), page(fmt.Sprintf("<h1>%d</h1>", n)))
	}
	s := newStation(t)
	targets := []string{"one", "two"}
	for _, id := range targets {
		s.approve(m.text("id: market", "id: "+id))
	}
	for range 3 {
		for _, id := range targets {
			st, err := s.desk.Get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			for _, got := range s.later(st.Spec, 9*time.Hour) {
				v := got.Provenance
				r, err := s.archive.Read(t.Context(), v.Captures[0])
				if v.Target != id || v.Authorisation != st.Spec.Authorisation || !strings.HasPrefix(v.Captures[0].File, id+"/") || err != nil {
					t.Errorf("a sighting of %s: %+v, %v", id, v, err)
				}
				if r != nil && r.Type == "revisit" {
					if _, err := s.archive.Find(t.Context(), r.RefersTo); err != nil {
						t.Errorf("what it refers to: %v", err)
					}
				}
			}
		}
	}
}

// TestANewVersionsPaceHoldsForPagesThatAreKnown.
func TestANewVersionsPaceHoldsForPagesThatAreKnown(t *testing.T) {
	m := newMarket(t, 3, nil)
	s := newStation(t)
	s.once(s.approve(m.text("every: 1h", "every: 24h", "least: 1h, most: 8h", "least: 48h, most: 72h")))
	quick := s.approve(m.text("every: 1h", "every: 1m", "least: 1h, most: 8h", "least: 1m, most: 5m"))
	if got := s.later(quick, 6*time.Minute); len(got) != 3 || m.requests("/ads") != 2 {
		t.Errorf("%d ads, %v", len(got), m.asked)
	}
}
