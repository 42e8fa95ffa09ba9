package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/decision"
	"varde/internal/store"
)

func linkDecisions(t *testing.T, s *store.Store) {
	ctx := context.Background()
	d := decision.NewDesk(s, "NO", func() time.Time { return start })
	_, before, err := s.LinkDecisions(ctx)
	must(t, err)
	phone, text := ad.Identifier{Kind: ad.Phone, Value: "+4741234567"}, ad.Identifier{Kind: ad.TextSig, Value: "feed"}
	var u ad.Update
	for _, id := range []string{"one", "two"} {
		u.Findings = append(u.Findings, ad.Finding{Sighting: ad.Sighting{Site: "decided", AdID: id, Title: "x", SeenAt: start}, Identifiers: []ad.Identifier{phone, text}})
		key := ad.Key("decided/" + id)
		u.Standings = append(u.Standings, ad.Standing{Key: key, Network: "n-decided", Band: ad.Low})
	}
	u.Networks = []ad.Network{{ID: "n-decided", Band: ad.Low, FirstSeen: start, LastSeen: start, Ads: []ad.Key{"decided/one", "decided/two"},
		Edges: []ad.Edge{{Ad: "decided/two", Kind: ad.TextSig, Value: "cafe"}}}}
	_, err = s.Commit(ctx, u)
	must(t, err)
	one, err := d.Cut(ctx, "kari", "decided/one", ad.Phone, "412 34 567", " a hotel's ")
	must(t, err)
	group, err := d.Cut(ctx, "ola", "decided/two", ad.TextSig, "cafe", "a template") // the group's name; the ad's own text is kept
	must(t, err)
	all, err := d.Cut(ctx, "ola", "", ad.Link, "https://Site.example/terms?x=1", "on every ad")
	must(t, err)
	join, err := d.Join(ctx, "kari", "decided/two", "decided/one", "one house")
	must(t, err)
	want := []decision.Item{{Sort: decision.Cut, Ad: "decided/one", Kind: ad.Phone, Value: "+4741234567", Reason: "a hotel's", By: "kari", At: start},
		{Sort: decision.Cut, Ad: "decided/two", Kind: ad.TextSig, Value: "feed", Reason: "a template", By: "ola", At: start},
		{Sort: decision.Cut, Kind: ad.Link, Value: "site.example/terms", Reason: "on every ad", By: "ola", At: start},
		{Sort: decision.Join, Ad: "decided/one", Other: "decided/two", Reason: "one house", By: "kari", At: start}}
	for i := range want {
		want[i].ID = before + int64(i) + 1
	}
	same(t, "what was decided", []decision.Item{one, group, all, join}, want)
	for _, c := range []struct {
		want string
		err  error
	}{
		{"decided", second(d.Cut(ctx, "ola", "decided/one", ad.Phone, "+4741234567", "again"))},
		{"decided", second(d.Join(ctx, "ola", "decided/one", "decided/two", "again"))},
		{"no_reason", second(d.Cut(ctx, "ola", "decided/two", ad.Phone, "+4741234567", " "))},
		{"long", second(d.Cut(ctx, "ola", "decided/two", ad.Phone, "+4741234567", strings.Repeat("x", decision.Most+1)))},
		{"not_shown", second(d.Cut(ctx, "ola", "decided/two", ad.Phone, "+4722222222", "x"))},
		{"not_shown", second(d.Cut(ctx, "ola", "decided/one", ad.TextSig, "cafe", "x"))},
		{"kind", second(d.Cut(ctx, "ola", "decided/two", ad.Decided, "1", "x"))},
		{"kind", second(d.Cut(ctx, "ola", "decided/two", "name", "mia", "x"))},
		{"no_ad", second(d.Cut(ctx, "ola", "decided/three", ad.Phone, "+4741234567", "x"))},
		{"no_ad", second(d.Join(ctx, "ola", "decided/one", "decided/three", "x"))},
		{"one_ad", second(d.Join(ctx, "ola", "decided/one", "decided/one", "x"))},
		{"not_in_force", second(d.Undo(ctx, "ola", join.ID+100, "x"))},
		{"no_reason", second(d.Undo(ctx, "ola", join.ID, ""))},
	} {
		if got := rule(c.err); got != c.want {
			t.Errorf("refused by %q, not %q: %v", got, c.want, c.err)
		}
	}
	undone, err := d.Undo(ctx, "ola", join.ID, "two houses")
	must(t, err)
	want[3].Undone = &decision.Undoing{By: "ola", At: start, Reason: "two houses"}
	same(t, "what was undone", undone, want[3])
	if _, err := d.Undo(ctx, "ola", join.ID, "x"); rule(err) != "not_in_force" {
		t.Errorf("undone twice: %v", err)
	}
	list, after, err := s.LinkDecisions(ctx)
	must(t, err)
	same(t, "the list", list, want)
	if after != before+5 {
		t.Errorf("five changes took the number from %d to %d", before, after)
	}
	if next, err := d.Join(ctx, "kari", "decided/one", "decided/two", "one house after all"); err != nil || next.ID <= join.ID {
		t.Errorf("decided again: %+v, %v", next, err)
	}
	if _, err := s.PutLinkDecision(ctx, decision.Item{Sort: decision.Join, Ad: "decided/one", By: "x", Reason: "x", At: start},
		audit.Entry{At: start, Actor: "x", Action: audit.LinkAdded, Subject: "ad:x"}); err == nil {
		t.Error("half a join is taken")
	}
	entries, err := s.Entries(ctx, audit.Ad("decided/one"))
	must(t, err)
	var actions []audit.Action
	for _, e := range entries {
		actions = append(actions, e.Action)
	}
	same(t, "the log", actions, []audit.Action{audit.LinkAdded, audit.LinkUndone, audit.LinkAdded, audit.LinkCut})
	if e := entries[1]; e.Actor != "ola" || e.Reason != "two houses" || e.Object != "ad:decided/two" {
		t.Errorf("the log of the undoing: %+v", e)
	}
}
