package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/store"
)

// changes lets several writers commit while a reader follows: what it sees is whole and in order at every moment.
func changes(t *testing.T, s *store.Store) {
	const writers, commits = 4, 10
	all, ctx := errgroup.WithContext(context.Background())
	for w := range writers {
		all.Go(func() error {
			for i := range commits {
				site := fmt.Sprintf("w%d", w)
				u := ad.Update{Findings: []ad.Finding{finding(site, fmt.Sprint(i), 0, "x"), finding("shared", "1", time.Duration(w*commits+i), fmt.Sprint("x", w, ".", i))},
					Networks: []ad.Network{network(fmt.Sprintf("n-%d-%d", w, i))}}
				if _, err := s.Commit(ctx, u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	all.Go(func() error {
		for at := int64(0); at < writers*commits*3; {
			list, err := s.Changes(ctx, at, 7)
			if err != nil {
				return err
			}
			for _, c := range list {
				if at++; c.Seq != at {
					return fmt.Errorf("change %d was seen before %d", c.Seq, at)
				}
				if c.Subject == ad.AdChanged {
					var a ad.Ad
					// Each version brought an identifier of its own: a read that mixed two states would not add up.
					if a, err = s.Ad(ctx, ad.Key(c.ID)); err == nil && (a.Versions != len(a.Identifiers) || a.Sightings != a.Versions) {
						return fmt.Errorf("ad %s was read with %d versions, %d identifiers, %d sightings", a.Key, a.Versions, len(a.Identifiers), a.Sightings)
					}
				} else {
					_, err = s.Network(ctx, c.ID)
				}
				if err != nil {
					return fmt.Errorf("what change %d names: %w", c.Seq, err)
				}
			}
		}
		return nil
	})
	must(t, all.Wait())
	if n := len(changed(t, s, 0)); n != writers*commits*3 {
		t.Errorf("%d changes", n)
	}
	shared, err := s.Ad(context.Background(), "shared/1")
	must(t, err)
	same(t, "the ad that all wrote", [2]int{shared.Sightings, shared.Versions}, [2]int{writers * commits, writers * commits})
}

func givenUp(t *testing.T, s *store.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Commit(ctx, ad.Update{Findings: []ad.Finding{finding("a", "1", 0, "x")}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a commit given up: %v", err)
	}
	same(t, "ads", len(ads(t, s, "")), 0)
	commit(t, s, ad.Update{Findings: []ad.Finding{finding("a", "1", 0, "x")}})
	same(t, "ads", len(ads(t, s, "")), 1)
}

// leads checks which network an id gives, "" for none.
func leads(t *testing.T, s *store.Store, from, to string) {
	t.Helper()
	n, err := s.Network(context.Background(), from)
	if to == "" && errors.Is(err, fault.ErrNotFound) {
		return
	}
	must(t, err)
	same(t, from+" leads to", n.ID, to)
}

func become(ids ...string) []ad.Succession {
	var list []ad.Succession
	for i := 0; i < len(ids); i += 2 {
		list = append(list, ad.Succession{Old: ids[i], New: ids[i+1], At: start})
	}
	return list
}

func successions(t *testing.T, s *store.Store) {
	commit(t, s, ad.Update{Networks: []ad.Network{network("a"), network("b"), network("c")}})
	leads(t, s, "a", "a")
	last := commit(t, s, ad.Update{Networks: []ad.Network{network("b", "x/1")}, Removed: []string{"a", "a", "none"}, Successions: become("a", "b")})
	same(t, "changes", changed(t, s, last-2), []string{"network b", "network_removed a"})
	leads(t, s, "a", "b")
	commit(t, s, ad.Update{Removed: []string{"b"}, Successions: become("b", "c")})
	leads(t, s, "a", "c")
	// a splits off c and lives again; then b's ads go to a, and at last c becomes a.
	commit(t, s, ad.Update{Networks: []ad.Network{network("a", "x/2"), network("c", "x/3")}})
	leads(t, s, "a", "a")
	leads(t, s, "b", "c")
	commit(t, s, ad.Update{Networks: []ad.Network{network("a")}, Removed: []string{"c"}, Successions: become("c", "a")})
	leads(t, s, "b", "a")
	// In one update, through ids that never lived, given more than once, and an id that both goes and comes.
	commit(t, s, ad.Update{Networks: []ad.Network{network("d"), network("e")}, Removed: []string{"a", "d"}, Successions: become("a", "f", "f", "g", "g", "d", "a", "f", "d", "e")})
	for _, id := range []string{"a", "b", "c", "d", "f", "g"} {
		leads(t, s, id, "d")
	}
	before := networks(t, s)
	last, err := s.LastChange(context.Background())
	must(t, err)
	_, err = s.Commit(context.Background(), ad.Update{Networks: []ad.Network{network("z")}, Removed: []string{"d"}, Successions: become("d", "c")})
	if !errors.Is(err, fault.ErrPermanent) {
		t.Errorf("a circle: %v", err)
	}
	same(t, "networks after a circle was refused", networks(t, s), before)
	same(t, "changes after it", changed(t, s, last), []string(nil))
	leads(t, s, "b", "d")
	commit(t, s, ad.Update{Removed: []string{"d"}})
	leads(t, s, "b", "")
}

func ranking(t *testing.T, s *store.Store) {
	ctx := context.Background()
	make := func(id string, score float64, band ad.Band, size, seen int) ad.Network {
		keys := []ad.Key{}
		for i := range size {
			keys = append(keys, ad.Key(fmt.Sprintf("a/%s-%d", id, i)))
		}
		n := network(id, keys...)
		n.Score, n.Band, n.LastSeen = score, band, start.Add(time.Duration(seen))
		return n
	}
	commit(t, s, ad.Update{Networks: []ad.Network{
		make("n5", .1, ad.Low, 2, 0), make("n4", .3, ad.Elevated, 2, 0), make("n3", .3, ad.Elevated, 2, 1), make("n9", .3, ad.Elevated, 2, 1),
		make("n2", .3, ad.Elevated, 3, 0), make("n1", .9, ad.High, 2, 0), make("s1", .95, ad.High, 1, 0), make("s2", .05, ad.Low, 1, 0)}})
	for _, c := range []struct {
		name  string
		f     store.RankFilter
		want  string
		total int
	}{
		{"all", store.RankFilter{}, "s1 n1 n2 n3 n9 n4 n5 s2 ", 8},
		{"linked", store.RankFilter{MinAds: 2}, "n1 n2 n3 n9 n4 n5 ", 6},
		{"two bands", store.RankFilter{MinAds: 2, Bands: []ad.Band{ad.High, ad.Low}}, "n1 n5 ", 2},
		{"alone", store.RankFilter{MinAds: 1, MaxAds: 1}, "s1 s2 ", 2},
		{"alone with points", store.RankFilter{MinAds: 1, MaxAds: 1, MinScore: .25}, "s1 ", 1},
		{"from a score", store.RankFilter{MinScore: .3, MinAds: 3}, "n2 ", 1},
		{"a page", store.RankFilter{MinAds: 2, Limit: 2, Offset: 1}, "n2 n3 ", 6},
		{"the rest", store.RankFilter{MinAds: 2, Offset: 4}, "n4 n5 ", 6},
		{"beyond", store.RankFilter{Limit: 5, Offset: 100}, "", 8},
		{"none", store.RankFilter{MinAds: 4}, "", 0},
	} {
		list, total, err := s.Ranked(ctx, c.f)
		must(t, err)
		got := ""
		for _, n := range list {
			got += n.ID + " "
		}
		if got != c.want || total != c.total {
			t.Errorf("%s: %q of %d, want %q of %d", c.name, got, total, c.want, c.total)
		}
	}
	counts, err := s.Counts(ctx)
	must(t, err)
	same(t, "counts", counts, store.Counts{Networks: 6, Singletons: 2, PerBand: map[ad.Band]int{ad.High: 1, ad.Elevated: 4, ad.Low: 1}})
}

func replacing(t *testing.T, s *store.Store) {
	ctx := context.Background()
	standing := func(key ad.Key, network string) ad.Standing {
		return ad.Standing{Key: key, Network: network, Band: ad.Low}
	}
	u := ad.Update{Standings: []ad.Standing{standing("a/0", "n-000"), standing("a/1", "n-001")}, Networks: []ad.Network{network("n-000"), network("n-001")}, Successions: become("old", "n-000")}
	for i := range 300 {
		u.Findings = append(u.Findings, finding("a", fmt.Sprint(i), 0, "x"))
	}
	for i := 2; i < 300; i++ {
		u.Networks = append(u.Networks, network(fmt.Sprintf("n-%03d", i)))
	}
	first := commit(t, s, u)
	before := ads(t, s, "")
	whole := ad.Update{Standings: u.Standings, Networks: u.Networks}
	last, err := s.Replace(ctx, whole)
	must(t, err)
	same(t, "the last change when nothing differs", last, first)
	same(t, "changes when nothing differs", changed(t, s, first), []string(nil))
	same(t, "ads when nothing differs", ads(t, s, ""), before)
	leads(t, s, "old", "n-000")

	now, err := s.Replace(ctx, ad.Update{Standings: []ad.Standing{standing("a/2", "n-new")}, Networks: []ad.Network{network("n-000"), network("n-new")}, Successions: become("n-001", "n-new")})
	must(t, err)
	list := changed(t, s, last)
	same(t, "how many changes", len(list), 3+1+299)
	same(t, "changes", list[:5], []string{"ad a/0", "ad a/1", "ad a/2", "network n-new", "network_removed n-001"})
	if now != last+int64(len(list)) {
		t.Errorf("the last change is %d, not %d", now, last)
	}
	same(t, "networks", networks(t, s), []string{"n-000", "n-new"})
	leads(t, s, "old", "n-000")
	leads(t, s, "n-001", "n-new")
	a, err := s.Ad(ctx, "a/0")
	must(t, err)
	same(t, "an ad without standing now", a.Standing, ad.Standing{Key: "a/0"})
}
