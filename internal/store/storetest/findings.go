package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/store"
)

func everything(t *testing.T, s *store.Store) {
	ctx := context.Background()
	f := full()
	f.Sighting.Text += strings.Repeat("lang tekst ", 20_000) // beyond every page and row of either engine
	key := f.Sighting.Key()
	n := network("n-1", key, "full.example/b")
	st := ad.Standing{Key: key, Network: "n-1", Score: 1.0 / 3, Band: ad.High, Indicators: f.Indicators}
	last := commit(t, s, ad.Update{Findings: []ad.Finding{f}, Standings: []ad.Standing{st}, Networks: []ad.Network{n}})
	got, err := s.Ad(ctx, key)
	must(t, err)
	same(t, "the ad", got, ad.Ad{Key: key, Finding: f, FirstSeen: start, LastSeen: start, Sightings: 1, Versions: 1, Identifiers: f.Identifiers, Standing: st})
	versions, err := s.Versions(ctx, key)
	must(t, err)
	same(t, "its versions", versions, []ad.Finding{f})
	back, err := s.Network(ctx, "n-1")
	must(t, err)
	same(t, "the network", back, n)
	same(t, "changes", changed(t, s, 0), []string{"ad " + string(key), "network n-1"})
	if last != 2 {
		t.Errorf("the commit says its last change is %d", last)
	}
	// An ad that was not linked yet has no standing.
	f.Sighting.AdID = "b"
	commit(t, s, ad.Update{Findings: []ad.Finding{f}})
	got, err = s.Ad(ctx, f.Sighting.Key())
	must(t, err)
	same(t, "an ad without standing", got.Standing, ad.Standing{Key: f.Sighting.Key()})
}

func again(t *testing.T, s *store.Store) {
	u := ad.Update{
		Findings:    []ad.Finding{finding("a", "1", 0, "x"), finding("a", "2", 0, "y"), finding("a", "1", 0, "x")},
		Standings:   []ad.Standing{{Key: "a/1", Network: "n-1", Band: ad.Low}, {Key: "a/2", Network: "n-1", Band: ad.Low}},
		Networks:    []ad.Network{network("n-1")},
		Removed:     []string{"n-0"},
		Successions: []ad.Succession{{Old: "n-0", New: "n-1", At: start}},
	}
	first := commit(t, s, u)
	before := ads(t, s, "")
	for range 3 {
		if last := commit(t, s, u); last != first {
			t.Fatalf("the same update again made changes %q", changed(t, s, first))
		}
	}
	same(t, "ads", ads(t, s, ""), before)
	c, err := s.Counts(context.Background())
	must(t, err)
	same(t, "counts", c, store.Counts{Ads: 2, Sightings: 2, Networks: 1, PerBand: map[ad.Band]int{ad.Low: 1, ad.Elevated: 0, ad.High: 0}})
	if last := commit(t, s, ad.Update{}); last != first {
		t.Errorf("an empty update gives %d, not %d", last, first)
	}
	// One word of a standing or a network is a change, and only that.
	u.Standings[1].Score, u.Networks[0].Personas = .5, 9
	commit(t, s, u)
	same(t, "changes", changed(t, s, first), []string{"ad a/2", "network n-1"})
}

func latest(t *testing.T, s *store.Store) {
	ctx := context.Background()
	newer, older, oldest := finding("a", "1", 2, "new"), finding("a", "1", 1, "old"), finding("a", "1", 0, "new")
	for _, f := range []ad.Finding{newer, older, oldest} {
		commit(t, s, ad.Update{Findings: []ad.Finding{f}})
	}
	got, err := s.Ad(ctx, "a/1")
	must(t, err)
	same(t, "the ad", got, ad.Ad{Key: "a/1", Finding: newer, FirstSeen: start, LastSeen: start.Add(2), Sightings: 3, Versions: 2,
		Identifiers: []ad.Identifier{newer.Identifiers[0], older.Identifiers[0]}, Standing: ad.Standing{Key: "a/1"}})
	versions, err := s.Versions(ctx, "a/1")
	must(t, err)
	same(t, "versions", versions, []ad.Finding{newer, older})
	known, err := s.Known(ctx, []string{older.Sighting.ID(), "none", "\x00", oldest.Sighting.ID()})
	must(t, err)
	same(t, "known sightings", known, map[string]bool{older.Sighting.ID(): true, oldest.Sighting.ID(): true})
	// Of two contents seen at the same instant the greater sighting id shows, whichever came first.
	one, two := finding("b", "1", 0, "one"), finding("b", "1", 0, "two")
	want := one
	if two.Sighting.ID() > one.Sighting.ID() {
		want = two
	}
	commit(t, s, ad.Update{Findings: []ad.Finding{one}})
	commit(t, s, ad.Update{Findings: []ad.Finding{two}})
	got, err = s.Ad(ctx, "b/1")
	must(t, err)
	same(t, "the ad seen twice at once", got.Finding, want)
}

func refused(t *testing.T, s *store.Store) {
	ctx := context.Background()
	good := ad.Update{Findings: []ad.Finding{finding("a", "1", 0, "x")}, Standings: []ad.Standing{{Key: "a/1", Network: "n-1", Band: ad.Low}}, Networks: []ad.Network{network("n-1")}}
	for name, spoil := range map[string]func(u *ad.Update){
		"a key with a zero byte":        func(u *ad.Update) { u.Findings[0].Sighting.AdID = "1\x00" },
		"a key that is not UTF-8":       func(u *ad.Update) { u.Findings[0].Sighting.AdID = "1\xff" },
		"an identifier with no value":   func(u *ad.Update) { u.Findings[0].Identifiers[0].Value = "" },
		"an identifier, not UTF-8":      func(u *ad.Update) { u.Findings[0].Identifiers[0].Value = "\xc3" },
		"a sighting at no time":         func(u *ad.Update) { u.Findings[0].Sighting.SeenAt = time.Time{} },
		"a sighting before all time":    func(u *ad.Update) { u.Findings[0].Sighting.SeenAt = time.Date(1500, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a price that is no number":     func(u *ad.Update) { u.Findings[0].Values = []ad.Value{{Kind: ad.PriceValue, Number: math.Inf(1)}} },
		"a score that is no number":     func(u *ad.Update) { u.Standings[0].Score = math.NaN() },
		"a standing in no network":      func(u *ad.Update) { u.Standings[0].Network = "" },
		"a network's score, infinite":   func(u *ad.Update) { u.Networks[0].Score = math.Inf(-1) },
		"a network without id":          func(u *ad.Update) { u.Networks[0].ID = "" },
		"a network seen beyond time":    func(u *ad.Update) { u.Networks[0].LastSeen = time.Date(2900, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a network that cannot be JSON": func(u *ad.Update) { u.Networks[0].Indicators[0].Points = math.NaN() },
		"a succession of nothing":       func(u *ad.Update) { u.Successions = []ad.Succession{{Old: "", New: "n-1"}} },
	} {
		u := good
		u.Findings = []ad.Finding{finding("a", "1", 0, "x")}
		u.Standings = append([]ad.Standing(nil), good.Standings...)
		u.Networks = []ad.Network{network("n-1")}
		spoil(&u)
		if _, err := s.Commit(ctx, u); !errors.Is(err, fault.ErrPermanent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A standing of an ad that nobody saw is refused by the engine, after the findings were written.
	u := good
	u.Standings = []ad.Standing{{Key: "a/none", Network: "n-1", Band: ad.Low}}
	if _, err := s.Commit(ctx, u); err == nil {
		t.Error("a standing of no ad was recorded")
	}
	if all := ads(t, s, ""); len(all) != 0 || len(networks(t, s)) != 0 || len(changed(t, s, 0)) != 0 {
		t.Errorf("of what was refused, %d ads are there", len(all))
	}
	for name, err := range map[string]error{
		"ad": second(s.Ad(ctx, "a/none")), "ad \\x00": second(s.Ad(ctx, "a/\x00")), "ad \\xff": second(s.Ad(ctx, "\xff")),
		"versions": second(s.Versions(ctx, "a/none")), "versions \\x00": second(s.Versions(ctx, "a/\x00")),
		"network": second(s.Network(ctx, "n-none")), "network \\xff": second(s.Network(ctx, "\xff")),
	} {
		if !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func paging(t *testing.T, s *store.Store) {
	ctx := context.Background()
	// In Norwegian order, å comes after z and case and signs hardly count; the record's order is that of bytes.
	const many = 300
	u := ad.Update{Findings: []ad.Finding{finding("b", "A", 0, "x"), finding("b", "a", 0, "x"), finding("b", "B", 0, "x"), finding("b", "å", 0, "x"), finding("b", "z", 0, "x"), finding("b", "-", 0, "x")}}
	for i := range many {
		u.Findings = append(u.Findings, finding("a", fmt.Sprintf("%04d", (i*7)%many), time.Duration(i), "x"), finding("a", fmt.Sprintf("%04d", (i*7)%many), time.Duration(i)+1, "y"))
	}
	for i := range many {
		u.Networks = append(u.Networks, network(fmt.Sprintf("n-%03x", i)))
	}
	commit(t, s, u)
	all := ads(t, s, "")
	var want []ad.Key
	for i := range many {
		want = append(want, ad.Key(fmt.Sprintf("a/%04d", i)))
	}
	want = append(want, "b/-", "b/A", "b/B", "b/a", "b/z", "b/å")
	var got []ad.Key
	for _, a := range all {
		got = append(got, a.Key)
		if a.Finding.Sighting.Key() != a.Key || a.Key.Site() == "a" && len(a.Identifiers) != 2 {
			t.Fatalf("ad %s has the finding of %s and %d identifiers", a.Key, a.Finding.Sighting.Key(), len(a.Identifiers))
		}
	}
	same(t, "keys", got, want)
	var rest []ad.Key
	for a, err := range s.Ads(ctx, "a/0297") {
		must(t, err)
		if rest = append(rest, a.Key); len(rest) == 3 {
			break
		}
	}
	same(t, "three after a/0297", rest, []ad.Key{"a/0298", "a/0299", "b/-"})
	if n := len(networks(t, s)); n != many {
		t.Errorf("%d networks", n)
	}
	// A reader may write: no lock is held while it has an ad in hand.
	for range s.Ads(ctx, "") {
		commit(t, s, ad.Update{Findings: []ad.Finding{finding("c", "1", 0, "x")}})
		break
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range s.Ads(ended, "") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after the end: %v", err)
		}
	}
}

func byKeys(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var u ad.Update
	var keys []ad.Key
	for i := range 300 {
		u.Findings = append(u.Findings, finding("a", fmt.Sprint(i), 0, "x"))
		keys = append(keys, ad.Key(fmt.Sprint("a/", 299-i)))
	}
	commit(t, s, u)
	list, err := s.AdsOf(ctx, append(append([]ad.Key{"a/none", "\x00"}, keys...), keys[0], keys[7]))
	must(t, err)
	var got []ad.Key
	for _, a := range list {
		got = append(got, a.Key)
	}
	same(t, "keys", got, keys)
	list, err = s.AdsOf(ctx, nil)
	must(t, err)
	same(t, "none", len(list), 0)
}
