package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/review"
	"varde/internal/store"
)

// reviewed is a decision about a network, with the entry for it.
func reviewed(n ad.Network, author string, d review.Decision) (review.Review, audit.Entry) {
	r := review.Review{At: start, Author: author, Network: n.ID, Decision: d, Note: "«æ» " + author, Snapshot: review.SnapshotOf(n)}
	return r, audit.Entry{At: start, Actor: author, Action: audit.NetworkReviewed, Subject: audit.Network(n.ID), Object: string(d)}
}

func reviews(t *testing.T, s *store.Store) {
	ctx := context.Background()
	n := network("n-1")
	n.ScoreVersion, n.Class = "v1", ad.Spam
	commit(t, s, ad.Update{Networks: []ad.Network{n, network("n-2")}})
	r, e := reviewed(n, "kari", review.Dismiss)
	r.Reason = review.Employer
	first, err := s.PutReview(ctx, r, nil, e)
	must(t, err)
	r.Seq = 1
	same(t, "what was written", first, r)
	second, err := s.PutReview(ctx, review.Review{At: start, Author: "ola", Network: "n-1", Decision: review.Undo, Undoes: 1, Snapshot: r.Snapshot}, &first.Seq, e)
	must(t, err)
	got, err := s.Reviews(ctx, "n-1")
	must(t, err)
	same(t, "reviews", got, []review.Review{first, second})
	if evidence := got[0].Snapshot.Indicators[0].Evidence; evidence != nil || got[0].Snapshot.Indicators[0].Points != 1.0/3 {
		t.Errorf("the snapshot has %v", got[0].Snapshot.Indicators)
	}
	must(t, func() error { _, err := s.PutReview(ctx, first, new(int64), e); return err }())
	var all []int64
	for r, err := range s.AllReviews(ctx) {
		must(t, err)
		all = append(all, r.Seq)
	}
	same(t, "all", all, []int64{1, 2, 3})
	standing, err := s.Standing(ctx)
	must(t, err)
	if len(standing) != 1 || standing["n-1"].Seq != 3 {
		t.Errorf("standing: %v", standing)
	}
	entries, err := s.Entries(ctx, audit.Network("n-1"))
	must(t, err)
	if len(entries) != 3 || entries[0].Seq != 3 || entries[2].Object != "dismiss" {
		t.Errorf("the log: %v", entries)
	}
	for name, spoil := range map[string]func(r *review.Review, e *audit.Entry){
		"no author":  func(r *review.Review, _ *audit.Entry) { r.Author = "" },
		"no network": func(r *review.Review, _ *audit.Entry) { r.Network = "\x00" },
		"no actor":   func(_ *review.Review, e *audit.Entry) { e.Actor = "" },
		"no time": func(r *review.Review, _ *audit.Entry) {
			r.At = time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
		},
	} {
		r, e := reviewed(n, "kari", review.Lead)
		spoil(&r, &e)
		if _, err := s.PutReview(ctx, r, nil, e); !errors.Is(err, fault.ErrPermanent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, id := range []string{"n-2", "none", "", "\xff"} {
		if got, err := s.Reviews(ctx, id); err != nil || len(got) != 0 {
			t.Errorf("reviews of %q: %v, %v", id, got, err)
		}
	}
}

// decisions are the decisions that stand, written "network decision number".
func decisions(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	standing, err := s.Standing(context.Background())
	must(t, err)
	out := map[string]string{}
	for id, r := range standing {
		out[id] = fmt.Sprint(r.Decision, " ", r.Seq)
	}
	return out
}

func open(t *testing.T, s *store.Store) []string {
	t.Helper()
	list, total, err := s.Ranked(context.Background(), store.RankFilter{Open: true})
	must(t, err)
	var ids []string
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	if total != len(ids) {
		t.Errorf("%d of %d", len(ids), total)
	}
	return ids
}

func decisionsMove(t *testing.T, s *store.Store) {
	ctx := context.Background()
	a, b, c := network("n-a"), network("n-b", "b/1", "b/2"), network("n-c", "c/1", "c/2")
	commit(t, s, ad.Update{Networks: []ad.Network{a, b, c}})
	put := func(n ad.Network, d review.Decision) {
		t.Helper()
		r, e := reviewed(n, "kari", d)
		if d == review.Undo {
			r.Undoes = 2
		}
		_, err := s.PutReview(ctx, r, nil, e)
		must(t, err)
	}
	put(a, review.Watch)
	put(b, review.Lead)
	same(t, "apart", decisions(t, s), map[string]string{"n-a": "watch 1", "n-b": "lead 2"})
	same(t, "what is open", open(t, s), []string{"n-a", "n-c"})

	// n-b gives way to n-a, and that to n-c: the later decision stands about what they became.
	commit(t, s, ad.Update{Networks: []ad.Network{a}, Removed: []string{"n-b"}, Successions: []ad.Succession{{Old: "n-b", New: "n-a", At: start}}})
	same(t, "merged", decisions(t, s), map[string]string{"n-a": "lead 2"})
	commit(t, s, ad.Update{Networks: []ad.Network{c}, Removed: []string{"n-a"}, Successions: []ad.Succession{{Old: "n-a", New: "n-c", At: start}}})
	same(t, "merged again", decisions(t, s), map[string]string{"n-c": "lead 2"})
	same(t, "nothing is open", len(open(t, s)), 0)
	got, err := s.Reviews(ctx, "n-c")
	must(t, err)
	same(t, "its reviews", len(got), 2)
	by, err := s.Decisions(ctx, []string{"n-c", "n-a", "none"})
	must(t, err)
	same(t, "decisions", by, map[string]review.Decision{"n-c": review.Lead})

	// Taken back, the one before it stands.
	put(c, review.Undo)
	same(t, "taken back", decisions(t, s), map[string]string{"n-c": "watch 1"})

	// n-a lives again: its decisions are its own, and those of n-b with them.
	commit(t, s, ad.Update{Networks: []ad.Network{a}})
	same(t, "alive again", decisions(t, s), map[string]string{"n-a": "lead 2"})
	_, err = s.Replace(ctx, ad.Update{Networks: []ad.Network{b, c}})
	must(t, err)
	got, err = s.Reviews(ctx, "n-b")
	must(t, err)
	same(t, "kept with the network that lives", len(got), 1)
}

// reviewDesk lets people decide through the desk: the rules, and many at the same time.
func reviewDesk(t *testing.T, s *store.Store) {
	ctx := context.Background()
	commit(t, s, ad.Update{Networks: []ad.Network{network("n-1")}})
	d := review.NewDesk(s, func() time.Time { return start })
	seen := review.SnapshotOf(network("n-1")).Hash()
	for rule, v := range map[string]review.Verdict{
		"decision":  {Decision: review.Undo},
		"no_reason": {Decision: review.Dismiss},
		"reason":    {Decision: review.Lead, Reason: review.Employer},
		"no_words":  {Decision: review.Dismiss, Reason: review.Other, Note: " "},
		"seen":      {Decision: review.Lead, Seen: "another"},
	} {
		var no *fault.Refusal
		if _, err := d.Decide(ctx, "kari", "n-1", v); !errors.As(err, &no) || no.Rule != rule || fault.Sentence(err) == "" || !errors.Is(err, fault.ErrUsage) {
			t.Errorf("%s: %v", rule, err)
		}
	}
	for _, nobody := range []string{"", " ", "Varde"} {
		if _, err := d.Decide(ctx, nobody, "n-1", review.Verdict{Decision: review.Lead}); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("decided by %q: %v", nobody, err)
		}
	}
	if _, err := d.Undo(ctx, "kari", "n-1", 0, ""); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("undone although nothing stands: %v", err)
	}
	if _, err := d.Decide(ctx, "kari", "none", review.Verdict{Decision: review.Lead}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a network that is not there: %v", err)
	}
	var all errgroup.Group
	for i := range 8 {
		all.Go(func() error {
			_, err := d.Decide(ctx, fmt.Sprint(" Kari", i), "n-1", review.Verdict{Decision: review.Dismiss, Reason: review.Other, Note: "own", Seen: seen})
			return err
		})
	}
	must(t, all.Wait())
	if _, err := d.Undo(ctx, "ola", "n-1", 3, ""); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("took back what was superseded: %v", err)
	}
	last, err := d.Undo(ctx, "ola", "n-1", 8, "mistaken")
	must(t, err)
	history, err := d.History(ctx, "n-1")
	must(t, err)
	if len(history) != 9 || history[0].Seq != last.Seq || history[0].Undoes != 8 || history[8].Author[:4] != "kari" {
		t.Errorf("history: %+v", history)
	}
	same(t, "what stands", decisions(t, s), map[string]string{"n-1": "dismiss 7"})
	// Of all who saw the same decision stand, one decides over it; the others are told.
	var took atomic.Int64
	for i := range 8 {
		all.Go(func() error {
			stands := int64(7)
			_, err := d.Decide(ctx, fmt.Sprint("kari", i), "n-1", review.Verdict{Decision: review.Lead, Seen: seen, Over: &stands})
			var no *fault.Refusal
			if errors.As(err, &no) && no.Rule == "superseded" {
				return nil
			}
			took.Add(1)
			return err
		})
	}
	must(t, all.Wait())
	if got := decisions(t, s)["n-1"]; took.Load() != 1 || got != "lead 10" {
		t.Errorf("%d decided over the same decision; %s stands", took.Load(), got)
	}
}
