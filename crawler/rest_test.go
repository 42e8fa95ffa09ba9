package crawler_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/frontier"
)

// TestASiteThatIsBusyIsLeftAlone, whether pages or pictures say so, and whether it says for how long: what was not yet asked waits.
func TestASiteThatIsBusyIsLeftAlone(t *testing.T) {
	var pictures strings.Builder
	for n := range 25 {
		fmt.Fprintf(&pictures, "<img src='/img/%d.png'>", n)
	}
	for name, tt := range map[string]struct {
		ad, picture http.HandlerFunc
	}{
		"pages, for no said time":    {status(http.StatusTooManyRequests), drawing},
		"pages, for an hour":         {busy, drawing},
		"pictures, for an hour":      {html("<h1>x</h1>" + pictures.String()), busy},
		"pictures, for no said time": {html("<h1>x</h1>" + pictures.String()), status(http.StatusServiceUnavailable)},
	} {
		t.Run(name, func(t *testing.T) {
			const ads = 60
			m := newMarket(t, ads, nil)
			for n := range ads {
				m.set(fmt.Sprintf("/ad/%d", n+1), tt.ad)
			}
			for n := range 25 {
				m.set(fmt.Sprintf("/img/%d.png", n), tt.picture)
			}
			s := newStation(t)
			tg := s.approve(m.text())
			if got := s.once(tg); len(got) != 0 {
				t.Errorf("published %d ads, without their pictures", len(got))
			}
			// robots.txt, the list, and what was under way when the first answer came.
			if n := m.requests(""); n > 2+4*3 || s.outcomes("market")[frontier.Busy] == 0 {
				t.Errorf("%d requests, %v", n, s.outcomes("market"))
			}
		})
	}
}

// TestARestartDoesNotForgetThatASiteIsLeftAlone, nor how often it was.
func TestARestartDoesNotForgetThatASiteIsLeftAlone(t *testing.T) {
	m := newMarket(t, 200, nil)
	for n := range 200 {
		m.set(fmt.Sprintf("/ad/%d", n+1), status(http.StatusForbidden))
	}
	s := newStation(t)
	tg := s.approve(m.text())
	s.once(tg)
	n := m.requests("")
	for range 5 {
		s.once(tg) // a new crawler each time
	}
	if more := m.requests("") - n; more > 0 {
		t.Errorf("%d requests in five restarts within the rest", more)
	}
	size, err := s.store.FrontierSize(t.Context(), "market", s.clock.Now())
	if err != nil || size.Rests != 1 || size.LeftUntil.Before(s.clock.Now()) {
		t.Errorf("%+v, %v", size, err)
	}
	s.later(tg, 2*time.Minute)
	if size, err = s.store.FrontierSize(t.Context(), "market", s.clock.Now()); err != nil || size.Rests != 2 || size.LeftUntil.Sub(s.clock.Now()) < 90*time.Second {
		t.Errorf("the second rest is no longer: %+v, %v", size, err)
	}
	for n := range 200 {
		m.set(fmt.Sprintf("/ad/%d", n+1), html("<h1>x</h1>"))
	}
	s.later(tg, 9*time.Hour)
	if size, err = s.store.FrontierSize(t.Context(), "market", s.clock.Now()); err != nil || size.Rests != 0 || !size.LeftUntil.IsZero() {
		t.Errorf("it answers, and is still left alone: %+v, %v", size, err)
	}
}

// TestASlowSiteDoesNotTakeTheOthersSlots: each target has one of its own.
func TestASlowSiteDoesNotTakeTheOthersSlots(t *testing.T) {
	var under atomic.Int64
	hang := newMarket(t, 40, nil)
	for n := range 40 {
		hang.set(fmt.Sprintf("/ad/%d", n+1), func(_ http.ResponseWriter, r *http.Request) {
			under.Add(1)
			<-r.Context().Done()
		})
	}
	good := newMarket(t, 20, nil)
	s := newStation(t)
	s.cfg.Concurrency = 8
	s.cfg.Limits = fetch.Limits{Timeout: time.Minute}
	s.approve(hang.text("id: market", "id: hang", "concurrency: 4", "concurrency: 16"))
	run(t, s, func() bool {
		if under.Load() == 9 { // all common slots, and its own
			under.Add(1)
			s.approve(good.text())
		}
		return len(s.peek()) == 20
	})
}

// TestAPageThatTakesLongIsReadOnce: its lease runs out meanwhile.
func TestAPageThatTakesLongIsReadOnce(t *testing.T) {
	var body strings.Builder
	for n := range 25 {
		fmt.Fprintf(&body, "<img src='/img/%d.png'>", n)
	}
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/ad/1": html("<h1>x</h1>" + body.String())})
	s := newStation(t)
	waited := make(chan bool, 25)
	for n := range 25 {
		m.set(fmt.Sprintf("/img/%d.png", n), func(w http.ResponseWriter, r *http.Request) {
			s.clock.pass(29 * time.Second) // what a picture that hangs takes
			select {                       // meanwhile others look for pages that are due
			case <-time.After(30 * time.Millisecond):
			case <-r.Context().Done():
			}
			waited <- true
			drawing(w, r)
		})
	}
	got := s.once(s.approve(m.text()))
	if n := m.requests("/ad/1"); n != 1 || len(got) != 1 || len(waited) != 25 {
		t.Errorf("the ad was asked for %d times, published %d times, with %d pictures", n, len(got), len(waited))
	}
}

// TestAFailureOfOurOwnCostsOnePage: what panics on a page is told, and the others are read.
func TestAFailureOfOurOwnCostsOnePage(t *testing.T) {
	m := newMarket(t, 5, nil)
	s := newStation(t)
	s.cfg.Archive = &failing{s.archive, "/ad/3"}
	got := ids(s.once(s.approve(m.text())))
	if len(got) != 4 || got["3"] != 0 || s.outcomes("market")[frontier.ReadingFailed] != 1 {
		t.Errorf("%v, %v", got, s.outcomes("market"))
	}
}

// failing is an archive that fails as a parser could.
type failing struct {
	*evidence.Archive
	path string
}

func (f *failing) Append(set string, records ...*evidence.Record) ([]ad.Capture, error) {
	if strings.HasSuffix(records[0].TargetURI, f.path) {
		panic("index out of range")
	}
	return f.Archive.Append(set, records...)
}
