package crawler_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"varde/configs"
	"varde/internal/evidence"
	"varde/internal/frontier"
)

// TestTheReadyTargetForNAV crawls a made-up copy of NAV's vacancy feed, in its documented shape, with the target that comes with Varde:
// page by page, with the token, an ad that is changed later in the feed read again at once, and one that became inactive gone.
func TestTheReadyTargetForNAV(t *testing.T) {
	const id = "0b1c7c2e-0000-4000-8000-%012d"
	changed := time.Now().Add(-time.Hour).UTC()
	var moved atomic.Bool // the second ad was changed, and then inactive
	item := func(n int, at time.Time) map[string]any {
		return map[string]any{"id": fmt.Sprintf(id, n), "url": "/api/v1/feedentry/" + fmt.Sprintf(id, n), "title": "Stilling", "date_modified": at.Format(time.RFC3339Nano)}
	}
	answer := func(w http.ResponseWriter, r *http.Request, v any) {
		if r.Header.Get("Authorization") != "Bearer made-up" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	feed := func(next string, items ...map[string]any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			page := map[string]any{"version": "1.0", "title": "made up", "next_url": nil, "items": items}
			if next != "" {
				page["next_url"] = "/api/v1/feed/" + next
			}
			answer(w, r, page)
		}
	}
	entry := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if n == 2 && moved.Load() {
				answer(w, r, map[string]any{"uuid": fmt.Sprintf(id, n), "status": "INACTIVE"})
				return
			}
			answer(w, r, map[string]any{"uuid": fmt.Sprintf(id, n), "status": "ACTIVE", "ad_content": map[string]any{"title": fmt.Sprintf("Renholder %d", n),
				"description": "<p>Vi s&oslash;ker</p>", "published": "2026-10-01T00:00:00+02:00", "employer": map[string]any{"name": "Oppdiktet AS"},
				"workLocations": []any{map[string]any{"city": "Drammen"}}}})
		}
	}
	last := feed("")
	m := newMarket(t, 0, map[string]http.HandlerFunc{"/api/v1/feed": feed("b", item(1, changed), item(2, changed)), "/api/v1/feed/b": feed("c", item(3, changed)),
		"/api/v1/feed/c": func(w http.ResponseWriter, r *http.Request) {
			if moved.Load() {
				feed("", item(2, time.Now().Add(24*time.Hour)))(w, r)
				return
			}
			last(w, r)
		}})
	for n := 1; n <= 3; n++ {
		m.set("/api/v1/feedentry/"+fmt.Sprintf(id, n), entry(n))
	}
	data, err := configs.FS.ReadFile("targets/nav.yaml")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	text := strings.NewReplacer("https://pam-stilling-feed.nav.no", "http://"+m.Listener.Addr().String(), "[pam-stilling-feed.nav.no]", `["`+m.Listener.Addr().String()+`"]`,
		"approver: EXAMPLE", "approver: ola", "2026-12-01", now.AddDate(0, 0, -2).Format(time.DateOnly), "2027-05-31", now.AddDate(0, 0, 90).Format(time.DateOnly),
		"rate: 2\n", "rate: 0\nloopback: true\n").Replace(string(data))
	s := newStation(t)
	s.cfg.Secrets = func(file string) (string, error) { return map[string]string{"nav-token": "made-up"}[file], nil }
	tg := s.approve(text)
	got := s.once(tg)
	if len(got) != 3 || got[0].Category != "job" || got[0].Location != "Drammen" || got[0].Advertiser != "Oppdiktet AS" || got[0].Text != "Vi søker" {
		t.Fatalf("%+v; %v", got, s.outcomes("nav"))
	}
	moved.Store(true)
	s.later(tg, 2*time.Hour)
	for _, sg := range got {
		a, err := s.store.Ad(t.Context(), sg.Key())
		if gone := sg.Title == "Renholder 2"; err != nil || a.Gone.IsZero() == gone {
			t.Errorf("%s: gone %v, %v", sg.Title, a.Gone, err)
		}
	}
	if o := s.outcomes("nav"); len(o) != 1 || o[frontier.Gone] != 1 {
		t.Errorf("counted %v; %v", o, m.asked)
	}
	for l, err := range s.archive.Walk(t.Context(), "", evidence.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(l.Block), "made-up") {
			t.Errorf("the token stands in the evidence: %q", l.Block)
		}
	}
}

// TestConcurrencyIsBoundedOverAllTargets, beside the one visit that each target has to itself.
func TestConcurrencyIsBoundedOverAllTargets(t *testing.T) {
	const most, targets = 3, 2
	var under, peak atomic.Int64
	slow := func(w http.ResponseWriter, r *http.Request) {
		n := under.Add(1)
		defer under.Add(-1)
		for {
			old := peak.Load()
			if n <= old || peak.CompareAndSwap(old, n) {
				break
			}
		}
		select {
		case <-time.After(3 * time.Millisecond):
		case <-r.Context().Done():
		}
		html("<h1>x</h1>")(w, r)
	}
	s := newStation(t)
	s.cfg.Concurrency = most
	for _, id := range []string{"market", "other"} {
		m := newMarket(t, 40, nil)
		for n := range 40 {
			m.set(fmt.Sprintf("/ad/%d", n+1), slow)
		}
		s.approve(m.text("id: market", "id: "+id, "site: market", "site: "+id))
	}
	run(t, s, func() bool { return len(s.peek()) == 80 })
	if p := peak.Load(); p > most+targets || p < most {
		t.Errorf("%d pages at once, want at most %d", p, most+targets)
	}
}
