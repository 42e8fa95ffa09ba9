package storetest

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/frontier"
	"varde/internal/store"
)

// tellGone records a visit that found an ad gone some nanoseconds after start.
func tellGone(t tb, s *store.Store, key ad.Key, after time.Duration) {
	t.Helper()
	must(t, s.Finish(context.Background(), []frontier.Visit{{Page: frontier.Page{Target: "m", Kind: frontier.Ad, Name: key.ID()}, At: start.Add(after), Ad: key, Gone: start.Add(after)}}))
}

func gone(t *testing.T, s *store.Store) {
	ctx := context.Background()
	shows := func(want time.Duration) {
		t.Helper()
		a, err := s.Ad(ctx, "a/1")
		must(t, err)
		at := start.Add(want)
		if want < 0 {
			at = time.Time{}
		}
		same(t, "gone", a.Gone, at)
		list, err := s.AdsOf(ctx, []ad.Key{"a/1"})
		must(t, err)
		same(t, "among others", list[0], a)
		same(t, "among all", ads(t, s, "a")[0], a)
	}
	// Told before the ad is recorded: no change, as recording the ad makes one.
	tellGone(t, s, "a/1", 5)
	same(t, "changes", len(changed(t, s, 0)), 0)
	last := commit(t, s, ad.Update{Findings: []ad.Finding{finding("a", "1", 0, "x")}})
	shows(5)
	// Told again, or of a time before: nothing changes.
	tellGone(t, s, "a/1", 5)
	tellGone(t, s, "a/1", 3)
	same(t, "changes", len(changed(t, s, last)), 0)
	shows(5)
	// Seen before it went: it is still gone. Seen after: it is back.
	commit(t, s, ad.Update{Findings: []ad.Finding{finding("a", "1", 4, "x")}})
	shows(5)
	last = commit(t, s, ad.Update{Findings: []ad.Finding{finding("a", "1", 7, "x")}})
	shows(-1)
	// Gone at the moment when it was seen, or before, is no news; after it is, and so is a later time.
	tellGone(t, s, "a/1", 6)
	tellGone(t, s, "a/1", 7)
	same(t, "changes", len(changed(t, s, last)), 0)
	shows(-1)
	tellGone(t, s, "a/1", 9)
	same(t, "changes", changed(t, s, last), []string{"ad a/1"})
	shows(9)
	tellGone(t, s, "a/1", 11)
	same(t, "changes", changed(t, s, last), []string{"ad a/1", "ad a/1"})
	shows(11)
	// Several at once, each once.
	commit(t, s, ad.Update{Findings: []ad.Finding{finding("a", "2", 0, "x"), finding("a", "3", 0, "x")}})
	last, err := s.LastChange(ctx)
	must(t, err)
	var visits []frontier.Visit
	for _, v := range []struct {
		key ad.Key
		at  time.Duration
	}{{"a/3", 3}, {"a/2", 2}, {"a/3", 1}, {"a/9", 1}, {"\xff", 1}, {"", 1}} {
		visits = append(visits, frontier.Visit{Page: frontier.Page{Target: "m", Kind: frontier.Ad, Name: "x"}, At: start, Ad: v.key, Gone: start.Add(v.at)})
	}
	must(t, s.Finish(ctx, visits))
	same(t, "changes", changed(t, s, last), []string{"ad a/2", "ad a/3"})
	a, err := s.Ad(ctx, "a/3")
	must(t, err)
	same(t, "gone", a.Gone, start.Add(3))
}

// goneInAnyOrder tells of sightings and of going in any order: what shows depends on their times alone, and whoever follows the changes
// knows it.
func goneInAnyOrder(t *testing.T, s *store.Store) {
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		site := "r" + time.Duration(round).String()
		key := ad.MakeKey(site, "1")
		type told struct {
			seen bool
			at   time.Duration
		}
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) told {
			return told{rapid.Bool().Draw(t, "seen"), time.Duration(rapid.IntRange(0, 6).Draw(t, "at"))}
		}), 1, 8).Draw(t, "events")
		followed, has := ad.Ad{}, false
		after, err := s.LastChange(context.Background())
		must(t, err)
		seen, went := time.Duration(-1), time.Duration(-1)
		for _, e := range events {
			if e.seen {
				commit(t, s, ad.Update{Findings: []ad.Finding{finding(site, "1", e.at, "x")}})
				seen = max(seen, e.at)
			} else {
				tellGone(t, s, key, e.at)
				went = max(went, e.at)
			}
			list, err := s.Changes(context.Background(), after, 100)
			must(t, err)
			after += int64(len(list))
			if len(list) > 0 {
				followed, err = s.Ad(context.Background(), key)
				must(t, err)
				has = true
			}
		}
		same(t, "known", has, seen >= 0)
		if !has {
			return
		}
		var want time.Time
		if went > seen {
			want = start.Add(went)
		}
		same(t, "gone", followed.Gone, want)
	})
}
