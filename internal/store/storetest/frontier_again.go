package storetest

import (
	"context"
	"testing"
	"time"

	"varde/internal/frontier"
	"varde/internal/store"
)

// revived: a page that was never to be read again is read again where the site links to it.
func revived(t *testing.T, s *store.Store) {
	ctx, day := context.Background(), 24*time.Hour
	add(t, s, 0, list("ads"), list("old"), adPage("gone"), adPage("never"), adPage("outside"), adPage("tried"))
	at := map[string]func(p *frontier.Page) time.Duration{
		"ads": func(p *frontier.Page) time.Duration { p.Due = start.Add(1000 * day); return 0 },
		"old": func(p *frontier.Page) time.Duration { p.Outcome = frontier.Outside; return 0 },
		"gone": func(p *frontier.Page) time.Duration {
			p.Visits, p.Read, p.Gone, p.Outcome = 3, start, start, frontier.Gone
			return 0
		},
		"never": func(p *frontier.Page) time.Duration { p.Gone, p.Outcome = start, frontier.Gone; return 0 },
		"outside": func(p *frontier.Page) time.Duration {
			p.Visits, p.Read, p.Gone, p.Outcome = 3, start, start, frontier.Outside
			return 0
		},
		"tried": func(p *frontier.Page) time.Duration {
			p.Visits, p.Read, p.Gone, p.Outcome = 3, start, start, frontier.Gone
			return 10 * day
		},
	}
	var visits []frontier.Visit
	for _, p := range lease(t, s, "n", 0, 10) {
		p.Due = time.Time{}
		after := at[p.Name](&p)
		visits = append(visits, frontier.Visit{Page: p, At: start.Add(after)})
	}
	must(t, s.Finish(ctx, visits))
	same(t, "nothing is due", len(lease(t, s, "n", 900*day, 10)), 0)

	linked := func(after time.Duration) {
		now := start.Add(after)
		_, _, err := s.AddPages(ctx, "m", []frontier.Link{list("old"), adPage("gone"), adPage("never"), adPage("outside"), adPage("tried"), adPage("tried")}, now, 0)
		must(t, err)
	}
	linked(time.Hour)
	same(t, "what was outside, at once", names(lease(t, s, "n", time.Hour, 10)), "old outside")
	same(t, "what was gone, not before a day has passed", names(lease(t, s, "n", day-1, 10)), "old outside")
	due := lease(t, s, "n", day+time.Minute, 10)
	same(t, "and then", names(due), "old outside gone never")
	// It is gone again, is linked to again, and so on, once a day.
	for _, p := range due {
		if p.Name == "gone" {
			p.Due, p.Outcome = time.Time{}, frontier.Gone
			must(t, s.Finish(ctx, []frontier.Visit{{Page: p, At: start.Add(day + time.Minute)}}))
		}
	}
	linked(day + time.Hour)
	linked(day + 2*time.Hour)
	same(t, "once a day", names(lease(t, s, "n", 2*day+30*time.Second, 10)), "old outside never")
	same(t, "the next day", names(lease(t, s, "n", 2*day+time.Minute, 10)), "gone")
	same(t, "a day after the last try, which was long after it was gone", names(lease(t, s, "n", 11*day-1, 10)), "old outside never gone")
	same(t, "and then", names(lease(t, s, "n", 11*day+time.Hour, 10)), "old outside never gone tried")
	same(t, "counted once", func() int { n := size(t, s, 0); return n.Lists + n.Ads }(), 6)
}

// lateVisits: whoever comes back after their lease has run out and others had the page does not change what those found.
func lateVisits(t *testing.T, s *store.Store) {
	ctx := context.Background()
	add(t, s, 0, adPage("1"), adPage("2"), adPage("3"))
	slow := lease(t, s, "slow", 0, 2)
	same(t, "leased", slow[0].Owner+slow[1].Owner, "slowslow")
	quick := lease(t, s, "quick", time.Minute, 2)[0] // either: all three are due alike
	for _, p := range slow {
		if p.Name == quick.Name {
			slow = []frontier.Page{p}
		}
	}
	late := func(p frontier.Page) {
		t.Helper()
		p.SHA256, p.Due = "late", start.Add(time.Second)
		must(t, s.Finish(ctx, []frontier.Visit{{Page: p, At: start.Add(time.Minute), Version: 1, Fields: map[string]bool{"title": true},
			Links: []frontier.Link{adPage("from " + p.Name)}, Counts: []frontier.Count{{Outcome: frontier.AdRead, N: 1}}}}))
	}
	// While another has it: the lease stays, and so does what is known.
	late(slow[0])
	same(t, "still leased", len(lease(t, s, "third", time.Minute, 5)), 2) // the third page and the link
	finish(t, s, quick, time.Hour, func(v *frontier.Visit) { v.Page.SHA256 = "quick" })
	// After another had it.
	late(slow[0])
	again := lease(t, s, "n", time.Hour, 5)
	for _, p := range again {
		if p.Name == quick.Name && p.SHA256 != "quick" {
			t.Errorf("a late visit changed the page to %q", p.SHA256)
		}
	}
	// All else is recorded of both.
	tallies, err := s.Tallies(ctx, "m")
	must(t, err)
	cover, err := s.Coverages(ctx, "m", 1)
	must(t, err)
	same(t, "recorded all the same", []int{tallies[0].N, cover[0].Pages, size(t, s, 0).Ads, size(t, s, 0).Read}, []int{2, 2, 4, 1})
	// A lease that ran out and that nobody else took counts, and so does a page without an owner.
	for _, p := range again {
		if p.Name == quick.Name {
			late(p)
			p.Owner, p.SHA256, p.Due = "", "nobody's", start.Add(3*time.Hour)
			must(t, s.Finish(ctx, []frontier.Visit{{Page: p, At: start}}))
		}
	}
	for _, p := range lease(t, s, "n", 10*time.Hour, 5) {
		if p.Name == quick.Name && p.SHA256 != "nobody's" {
			t.Errorf("the page has %q", p.SHA256)
		}
	}
}
