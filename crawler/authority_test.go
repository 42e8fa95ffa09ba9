package crawler_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/frontier"
	"varde/internal/target"
)

// TestNothingLeavesWithoutAuthority, as the site's own log shows, and the operator sees why.
func TestNothingLeavesWithoutAuthority(t *testing.T) {
	ctx := t.Context()
	draft := func(s *station, text string) target.Standing {
		st, err := s.desk.Draft(ctx, "kari", "market.yaml", []byte(text), "test")
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	for name, tt := range map[string]struct {
		make func(s *station, m *market)
		why  string
	}{
		"a draft": {func(s *station, m *market) { draft(s, m.text()) }, target.NotApproved},
		"approved by who drafted it": {func(s *station, m *market) {
			st := draft(s, m.text("approver: ola", "approver: kari"))
			if _, err := s.desk.Approve(ctx, "kari", st.ID, st.Version, st.Hash, true, ""); err == nil {
				t.Error("kari approved her own draft")
			}
			if _, err := s.desk.Activate(ctx, "kari", st.ID, ""); err == nil {
				t.Error("an unapproved target was set going")
			}
		}, target.NotApproved},
		"approved and not set going": {func(s *station, m *market) {
			st := draft(s, m.text())
			if _, err := s.desk.Approve(ctx, "ola", st.ID, st.Version, st.Hash, true, ""); err != nil {
				t.Fatal(err)
			}
		}, target.NotApproved},
		"edited after approval": {func(s *station, m *market) {
			s.approve(m.text())
			draft(s, m.text("max_pages: 1000", "max_pages: 1001"))
		}, target.NotApproved},
		"paused":  {func(s *station, m *market) { s.approve(m.text()); check(t)(s.desk.Pause(ctx, "kari", "market", "x")) }, target.IsPaused},
		"revoked": {func(s *station, m *market) { s.approve(m.text()); check(t)(s.desk.Revoke(ctx, "ola", "market", "x")) }, target.IsRevoked},
		"expired": {func(s *station, m *market) { s.approve(m.text()); s.clock.pass(301 * 24 * time.Hour) }, target.IsExpired},
		"not yet valid": {func(s *station, m *market) {
			s.approve(m.text())
			s.clock.pass(-31 * 24 * time.Hour)
		}, target.NotYetValid},
		"outside its hours": {func(s *station, m *market) {
			then := s.clock.Now().UTC().Add(2 * time.Hour)
			s.approve(m.text("rate: 0\n", "rate: 0\ntimezone: UTC\nwindows: [\""+then.Format("15:04")+"-"+then.Add(time.Hour).Format("15:04")+"\"]\n"))
		}, target.Closed},
	} {
		t.Run(name, func(t *testing.T) {
			s, m := newStation(t), newMarket(t, 3, nil)
			tt.make(s, m)
			ctx, cancel := context.WithTimeout(ctx, 150*time.Millisecond) // some thirty looks at the targets
			defer cancel()
			if err := s.crawler().Run(ctx); err != nil {
				t.Error(err)
			}
			if n := m.requests(""); n != 0 {
				t.Errorf("%d requests left: %v", n, m.asked)
			}
			st, err := s.desk.Get(t.Context(), "market")
			if err != nil || st.Why != tt.why {
				t.Errorf("the operator sees %q, want %q (%v)", st.Why, tt.why, err)
			}
			if err := s.crawler().Once(t.Context(), st.Spec); err == nil {
				t.Error("what the desk refuses was crawled")
			}
			if n := m.requests(""); n != 0 {
				t.Errorf("%d requests left at a second try: %v", n, m.asked)
			}
		})
	}
}

func check(t testing.TB) func(target.Standing, error) {
	return func(_ target.Standing, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestAStopIsFeltWithinOneRequest: while an answer is under way the target is stopped; nothing more is asked for.
func TestAStopIsFeltWithinOneRequest(t *testing.T) {
	for name, stop := range map[string]func(s *station) error{
		"revoked": func(s *station) error {
			_, err := s.desk.Revoke(context.Background(), "ola", "market", "enough")
			return err
		},
		"paused": func(s *station) error {
			_, err := s.desk.Pause(context.Background(), "kari", "market", "wait")
			return err
		},
		"expired": func(s *station) error { s.clock.pass(301 * 24 * time.Hour); return nil },
		"edited": func(s *station) error {
			v, err := s.store.TargetVersion(context.Background(), "market", 1)
			if err == nil {
				_, err = s.desk.Draft(context.Background(), "kari", "m.yaml", []byte(strings.Replace(v.Text, "max_pages: 1000", "max_pages: 7", 1)), "narrower")
			}
			return err
		},
	} {
		for _, path := range []string{"/robots.txt", "/ads", "/ad/2", "/img/1.png"} {
			t.Run(name+path, func(t *testing.T) {
				s := newStation(t)
				m := newMarket(t, 5, map[string]http.HandlerFunc{"/ad/2": html("<h1>x</h1><img src='/img/1.png'><img src='/img/2.png'>"), "/img/1.png": drawing, "/img/2.png": drawing})
				tg := s.approve(m.text("concurrency: 4", "concurrency: 1"))
				m.mu.Lock()
				inner := m.pages[path]
				m.mu.Unlock()
				at := 0
				m.set(path, func(w http.ResponseWriter, r *http.Request) {
					if err := stop(s); err != nil {
						t.Error(err)
					}
					at = m.requests("")
					if inner != nil {
						inner(w, r)
					} else {
						list(5)(w, r)
					}
				})
				err := s.crawler().Once(t.Context(), tg)
				var no *target.Denial
				if !errors.As(err, &no) {
					t.Errorf("the crawl ended with %v", err)
				}
				if n := m.requests(""); at == 0 || n != at {
					t.Errorf("%d requests left after the stop: %v", n-at, m.asked)
				}
				if n := s.outcomes("market")[frontier.NotAuthorised]; n != 1 {
					t.Errorf("counted %v", s.outcomes("market"))
				}
			})
		}
	}
}

// TestAnApprovalStartsAndAStopEndsARunningCrawler: nobody restarts anything.
func TestAnApprovalStartsAndAStopEndsARunningCrawler(t *testing.T) {
	s, m := newStation(t), newMarket(t, 3, nil)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.crawler().Run(ctx) }()
	s.approve(m.text("every: 1h", "every: 5ms"))
	await(t, "three ads", func() bool { return len(s.peek()) == 3 })
	check(t)(s.desk.Pause(t.Context(), "kari", "market", "wait"))
	n := m.requests("")
	if more := quiet(m); more > n+4 { // what was under way
		t.Errorf("%d requests after the pause", more-n)
	}
	check(t)(s.desk.Activate(t.Context(), "kari", "market", "on"))
	n = m.requests("")
	await(t, "the crawl goes on", func() bool { return m.requests("") > n })
	// Another version, approved anew, takes its place.
	s.approve(m.text("every: 1h", "every: 6ms"))
	n = m.requests("/ads")
	await(t, "the new version is crawled", func() bool { return m.requests("/ads") > n })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// peek returns what was published so far.
func (s *station) peek() []ad.Sighting {
	s.got.mu.Lock()
	defer s.got.mu.Unlock()
	return append([]ad.Sighting(nil), s.got.ads...)
}

// await asks done again and again until it is true.
func await(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick, end := time.NewTicker(2*time.Millisecond), time.After(10*time.Second)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// quiet waits until a site is asked for nothing more, and returns how often it was asked in all.
func quiet(m *market) int {
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for last := -1; ; {
		n := m.requests("")
		if n == last {
			return n
		}
		last = n
		<-tick.C
	}
}
