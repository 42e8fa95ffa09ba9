package storetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/store"
)

// model is the record as simply as it can be said: all sightings that ever came, and everything worked out from them.
type model map[ad.Key]map[string]ad.Finding

// add returns whether the finding's sighting is new.
func (m model) add(f ad.Finding) bool {
	key, id := f.Sighting.Key(), f.Sighting.ID()
	if m[key] == nil {
		m[key] = map[string]ad.Finding{}
	}
	_, known := m[key][id]
	if !known {
		m[key][id] = f
	}
	return !known
}

// looks are the sightings of an ad, latest first.
func (m model) looks(key ad.Key) []ad.Finding {
	return slices.SortedFunc(maps.Values(m[key]), func(a, b ad.Finding) int {
		return -cmp.Or(a.Sighting.SeenAt.Compare(b.Sighting.SeenAt), cmp.Compare(a.Sighting.ID(), b.Sighting.ID()))
	})
}

func (m model) versions(key ad.Key) []ad.Finding {
	var list []ad.Finding
	for _, f := range m.looks(key) {
		if !slices.ContainsFunc(list, func(g ad.Finding) bool { return g.Sighting.Version() == f.Sighting.Version() }) {
			list = append(list, f)
		}
	}
	return list
}

func (m model) ad(key ad.Key) ad.Ad {
	looks := m.looks(key)
	a := ad.Ad{Key: key, Finding: looks[0], FirstSeen: looks[len(looks)-1].Sighting.SeenAt, LastSeen: looks[0].Sighting.SeenAt,
		Sightings: len(looks), Versions: len(m.versions(key)), Standing: ad.Standing{Key: key}}
	for _, kind := range ad.Kinds {
		var list []ad.Identifier
		for _, f := range looks {
			for _, i := range f.Identifiers {
				if i.Kind == kind && !slices.ContainsFunc(list, func(j ad.Identifier) bool { return i.Value == j.Value }) {
					list = append(list, i)
				}
			}
		}
		slices.SortFunc(list, func(a, b ad.Identifier) int { return cmp.Compare(a.Value, b.Value) })
		a.Identifiers = append(a.Identifiers, list...)
	}
	return a
}

func (m model) sightings() (n int) {
	for _, looks := range m {
		n += len(looks)
	}
	return n
}

// pool draws the findings that may come: few ads, instants and contents, so that they meet in every way.
func pool(t *rapid.T, site string) []ad.Finding {
	draw := rapid.Custom(func(t *rapid.T) ad.Finding {
		after := time.Duration(rapid.IntRange(0, 4).Draw(t, "after"))
		f := finding(site, rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "ad"), after, rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "word"))
		// What a sighting shows is the same whenever it is delivered; so it is worked out from its id.
		id := f.Sighting.ID()
		evidence := []ad.Evidence{{Quote: id}}
		f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Phone, Value: "+47" + id[:1], Evidence: evidence},
			ad.Identifier{Kind: ad.TextSig, Value: f.Sighting.Title, Signature: []uint32{uint32(id[0]), uint32(after)}})
		f.Rules = id
		return f
	})
	return rapid.SliceOfN(draw, 1, 12).Draw(t, "pool")
}

// anyOrder commits findings from a pool in random batches, with repetitions, and compares the record with the model
// after each.
func anyOrder(t *testing.T, s *store.Store) {
	ctx := context.Background()
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		site := fmt.Sprintf("p%06d", round)
		all, m := pool(t, site), model{}
		before, err := s.Counts(ctx)
		must(t, err)
		last, err := s.LastChange(ctx)
		must(t, err)
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			batch := rapid.SliceOfN(rapid.SampledFrom(all), 0, 8).Draw(t, "batch")
			fresh := map[string]bool{}
			for _, f := range batch {
				if m.add(f) {
					fresh["ad "+string(f.Sighting.Key())] = true
				}
			}
			now := commit(t, s, ad.Update{Findings: batch})
			same(t, "changes", changed(t, s, last), slices.Sorted(maps.Keys(fresh)))
			last = now
			compare(t, s, site, m)
		}
		after, err := s.Counts(ctx)
		must(t, err)
		same(t, "ads and sightings counted", [2]int{after.Ads - before.Ads, after.Sightings - before.Sightings}, [2]int{len(m), m.sightings()})
	})
}

func compare(t tb, s *store.Store, site string, m model) {
	t.Helper()
	var want []ad.Ad
	earlier := map[string]bool{}
	for f, err := range s.EarlierVersions(context.Background()) {
		must(t, err)
		if f.Sighting.Site == site {
			earlier[f.Sighting.ID()] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		for _, f := range m.versions(key)[1:] {
			same(t, "an earlier version is yielded", earlier[f.Sighting.ID()], true)
			delete(earlier, f.Sighting.ID())
		}
		want = append(want, m.ad(key))
		versions, err := s.Versions(context.Background(), key)
		must(t, err)
		same(t, "versions", versions, m.versions(key))
	}
	same(t, "ads", ads(t, s, site), want)
	same(t, "earlier versions that are none", len(earlier), 0)
}
