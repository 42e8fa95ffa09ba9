package storetest

import (
	"context"
	"testing"
	"time"

	"varde/internal/frontier"
	"varde/internal/store"
)

// rests: until when a site is left alone is kept, whatever happens to its pages.
func rests(t *testing.T, s *store.Store) {
	ctx := context.Background()
	size := func() frontier.Size {
		n, err := s.FrontierSize(ctx, "m", start)
		must(t, err)
		return n
	}
	same(t, "a target that nobody knows", size(), frontier.Size{})
	until := start.Add(time.Hour)
	must(t, s.Rest(ctx, "m", until, 3))
	same(t, "left alone", size(), frontier.Size{LeftUntil: until, Rests: 3})
	add(t, s, 0, list("ads"), adPage("1"))
	for _, p := range lease(t, s, "n", 0, 10) {
		finish(t, s, p, time.Hour)
	}
	n := size()
	same(t, "after visits", []any{n.LeftUntil, n.Rests, n.Lists, n.Ads, n.Read}, []any{until, 3, 1, 1, 2})
	must(t, s.Rest(ctx, "m", time.Time{}, 0))
	n = size()
	same(t, "no longer", []any{n.LeftUntil, n.Rests, n.Ads}, []any{time.Time{}, 0, 1})
}

// hastened: what a former version of a target scheduled for later than the present one's bounds is brought within them.
func hastened(t *testing.T, s *store.Store) {
	ctx, day := context.Background(), 24*time.Hour
	add(t, s, 0, list("first"), list("feed"), adPage("soon"), adPage("late"), adPage("gone"), adPage("failed"), adPage("new"))
	for _, p := range lease(t, s, "n", 0, 10) {
		due := map[string]time.Duration{"first": day, "feed": 9 * day, "soon": time.Hour, "late": 7 * day, "failed": 7 * day}[p.Name]
		p.Every = map[string]time.Duration{"feed": 9 * day, "soon": time.Hour, "late": 7 * day}[p.Name]
		if p.Name == "failed" {
			p.Failures = 3
		}
		if p.Name != "new" {
			finish(t, s, p, due)
		}
	}
	must(t, s.Release(ctx, "n")) // "new" was not visited
	must(t, s.Hasten(ctx, "m", time.Hour, 2*day))
	// A lease lasts a minute here: what is not finished is handed out again.
	same(t, "due at once", names(lease(t, s, "a", time.Minute, 10)), "new")
	same(t, "due within the lists' bound", len(lease(t, s, "a", time.Hour, 10)), 3)
	same(t, "no more before the ads' bound", len(lease(t, s, "a", 2*day-time.Hour, 10)), 3)
	same(t, "due within the ads' bound", len(lease(t, s, "a", 2*day, 10)), 5)
}
