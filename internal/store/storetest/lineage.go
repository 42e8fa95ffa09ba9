package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/review"
	"varde/internal/store"
)

// grouped is an update that puts the ads of a site into networks: "n-1", "1 2" puts a/1 and a/2 into n-1.
func grouped(pairs ...string) ad.Update {
	var u ad.Update
	for i := 0; i < len(pairs); i += 2 {
		var keys []ad.Key
		for _, r := range pairs[i+1] {
			if r != ' ' {
				keys = append(keys, ad.Key("a/"+string(r)))
				u.Findings = append(u.Findings, finding("a", string(r), 0, "x"))
				u.Standings = append(u.Standings, ad.Standing{Key: keys[len(keys)-1], Network: pairs[i], Band: ad.Low})
			}
		}
		u.Networks = append(u.Networks, network(pairs[i], keys...))
	}
	return u
}

// lineageOf is the lineage of a network, written as "kind from>to ads", with "!" where it is from it and not into it.
func lineageOf(t *testing.T, s *store.Store, id string) (out []string) {
	t.Helper()
	list, err := s.Lineage(context.Background(), id)
	must(t, err)
	for _, e := range list {
		if age := time.Since(e.At); age < 0 || age > time.Hour {
			t.Errorf("recorded at %v", e.At)
		}
		text := fmt.Sprintf("%s %s>%s %d", e.Kind, e.From, e.To, e.Ads)
		if !e.Into {
			text += "!"
		}
		out = append(out, text)
	}
	return out
}

func lineage(t *testing.T, s *store.Store) {
	ctx := context.Background()
	none := []string(nil)
	commit(t, s, grouped("n-1", "1 2", "n-3", "3 4 5", "n-6", "6"))
	for _, id := range []string{"n-1", "n-3", "none", "", "\xff"} {
		same(t, "lineage of "+id+" at first", lineageOf(t, s, id), none)
	}
	commit(t, s, grouped("n-1", "1 2 7"))
	same(t, "growing", lineageOf(t, s, "n-1"), none)

	merge := grouped("n-1", "1 2 3 4 5 7")
	merge.Removed, merge.Successions = []string{"n-3"}, become("n-3", "n-1")
	commit(t, s, merge)
	merged := []string{"merged n-3>n-1 3"}
	same(t, "a merge", lineageOf(t, s, "n-1"), merged)
	same(t, "a merge, asked by the former id", lineageOf(t, s, "n-3"), merged)
	commit(t, s, merge)
	same(t, "the same commit again", lineageOf(t, s, "n-1"), merged)

	commit(t, s, grouped("n-1", "1 2 3 7", "n-4", "4 5"))
	split := append([]string{"split n-1>n-4 2!"}, merged...)
	same(t, "a split", lineageOf(t, s, "n-1"), split)
	same(t, "what was split off", lineageOf(t, s, "n-4"), []string{"split n-1>n-4 2"})

	rename := grouped("n-0", "0 1 2 3 7")
	rename.Removed, rename.Successions = []string{"n-1"}, become("n-1", "n-0")
	commit(t, s, rename)
	renamed := append([]string{"renamed n-1>n-0 4"}, split...)
	same(t, "an earlier ad that nobody knew", lineageOf(t, s, "n-0"), renamed)

	// The same with an ad that was a network before, and two that become a new one.
	known := grouped("n-6", "0 1 2 3 6 7")
	known.Removed, known.Successions = []string{"n-0"}, become("n-0", "n-6")
	commit(t, s, known)
	same(t, "an earlier ad that was known", lineageOf(t, s, "n-6")[0], "merged n-0>n-6 5")
	two := grouped("n-8", "0 1 2 3 4 5 6 7 8")
	two.Removed, two.Successions = []string{"n-4", "n-6"}, become("n-4", "n-8", "n-6", "n-8")
	commit(t, s, two)
	same(t, "two that become a new one", lineageOf(t, s, "n-8")[:2], []string{"merged n-4>n-8 2", "merged n-6>n-8 6"})

	// A network that falls apart and whose id goes.
	apart := grouped("n-9", "0 1 2 9", "n-5", "3 4 5 6 7 8")
	apart.Removed, apart.Successions = []string{"n-8"}, become("n-8", "n-9")
	commit(t, s, apart)
	same(t, "a network that fell apart", lineageOf(t, s, "n-9")[:2], []string{"split n-8>n-5 6!", "split n-8>n-9 3"})

	before := lineageOf(t, s, "n-9")
	whole := ad.Update{Standings: apart.Standings, Networks: apart.Networks}
	_, err := s.Replace(ctx, whole)
	must(t, err)
	same(t, "a rebuild that changes nothing", lineageOf(t, s, "n-9"), before)
	rebuilt := grouped("n-9", "0 1 2 3 4 5 6 7 8 9")
	rebuilt.Successions = become("n-5", "n-9")
	_, err = s.Replace(ctx, rebuilt)
	must(t, err)
	same(t, "a rebuild that links more", lineageOf(t, s, "n-5")[0], "merged n-5>n-9 6")

	for i := range store.MostLineage {
		commit(t, s, grouped(fmt.Sprint("n-9", map[bool]string{true: "b"}[i%2 == 0]), "2"))
	}
	list := lineageOf(t, s, "n-9")
	same(t, "how many are given", len(list), store.MostLineage)
	same(t, "the newest", list[0], "split n-9b>n-9 1")
}

func regrouped(t *testing.T, s *store.Store) {
	ctx := context.Background()
	is := func(what string, want ...string) {
		t.Helper()
		got, err := s.Regrouped(ctx, []string{"n-0", "n-1", "n-3", "n-4", "none"})
		must(t, err)
		expected := map[string]bool{}
		for _, id := range want {
			expected[id] = true
		}
		same(t, what, got, expected)
	}
	decide := func(id string) {
		t.Helper()
		n, err := s.Network(ctx, id)
		must(t, err)
		r, e := reviewed(n, "kari", review.Watch)
		r.At = time.Now()
		_, err = s.PutReview(ctx, r, nil, e)
		must(t, err)
	}
	commit(t, s, grouped("n-1", "1 2", "n-3", "3 4"))
	decide("n-1")
	is("nothing happened")
	merge := grouped("n-1", "1 2 3 4")
	merge.Removed, merge.Successions = []string{"n-3"}, become("n-3", "n-1")
	commit(t, s, merge)
	is("merged since", "n-1")
	rename := grouped("n-0", "0 1 2 3 4")
	rename.Removed, rename.Successions = []string{"n-1"}, become("n-1", "n-0")
	commit(t, s, rename)
	is("under another id", "n-0")
	decide("n-0")
	is("decided again")
	commit(t, s, grouped("n-0", "0 1 2 3", "n-4", "4"))
	is("split since; what was split off is not decided", "n-0")
}
