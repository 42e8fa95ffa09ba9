package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/configs"
	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/indicator"
	"varde/internal/store"
	"varde/internal/weights"
)

func scoreVersions(t *testing.T, s *store.Store) {
	ctx := context.Background()
	if f, err := s.Force(ctx); err != nil || f != (weights.Force{}) {
		t.Errorf("in force in a new record: %v, %v", f, err)
	}
	e := audit.Entry{At: start, Actor: "kari", Action: audit.ScoresProposed, Subject: audit.Scores("v1")}
	v1 := weights.Version{ID: "v1", Text: "# «æøå»\n", Points: map[string]float64{}, Origin: weights.File, Author: audit.Program, At: start, State: weights.Accepted, By: audit.Program, Decided: start}
	must(t, s.PutScoreVersion(ctx, v1, nil, &weights.Force{Seq: 1, Version: "v1", At: start, By: audit.Program}, e))
	v2 := weights.Version{ID: "v2", Text: "#\n", Points: map[string]float64{"S01": 1.0 / 3}, Origin: weights.Tuned, Base: "v1", Author: "kari", At: start.Add(time.Hour), Report: "{}", State: weights.Proposed}
	must(t, s.PutScoreVersion(ctx, v2, nil, nil, e))
	list, err := s.ScoreVersions(ctx)
	must(t, err)
	same(t, "versions", list, []weights.Version{v2, v1})
	if err := s.PutScoreVersion(ctx, v2, &v2, &weights.Force{Seq: 3, Version: "v2", At: start, By: "ola"}, e); !errors.Is(err, weights.ErrChanged) {
		t.Errorf("in force over what is not there: %v", err)
	}

	// A decision changes nothing else of what was written.
	decided := v2
	decided.State, decided.By, decided.Decided, decided.Note = weights.Accepted, "ola", start.Add(2*time.Hour), "read"
	again := decided
	again.Text, again.Points, again.Author = "changed", nil, "per"
	must(t, s.PutScoreVersion(ctx, again, &v2, &weights.Force{Seq: 2, Version: "v2", At: start.Add(2 * time.Hour), By: "ola"}, e))
	got, err := s.ScoreVersion(ctx, "v2")
	must(t, err)
	same(t, "accepted", got, decided)
	f, err := s.Force(ctx)
	must(t, err)
	same(t, "in force", f, weights.Force{Seq: 2, Version: "v2", At: start.Add(2 * time.Hour), By: "ola"})
	for _, id := range []string{"none", "", "\x00", "V1"} {
		if _, err := s.ScoreVersion(ctx, id); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("version %q: %v", id, err)
		}
	}
	v2.Text = "\xff"
	if err := s.PutScoreVersion(ctx, v2, &decided, nil, e); !errors.Is(err, fault.ErrPermanent) {
		t.Errorf("not UTF-8: %v", err)
	}
}

// decidedOnce: a decision is written over what was seen of the version, or not at all.
func decidedOnce(t *testing.T, s *store.Store) {
	ctx := context.Background()
	e := audit.Entry{At: start, Actor: "kari", Action: audit.ScoresProposed, Subject: audit.Scores("v1")}
	proposed := weights.Version{ID: "v1", Text: "#\n", Points: map[string]float64{"S01": 2}, Origin: weights.Tuned, Author: "kari", At: start, Report: "{}", State: weights.Proposed}
	must(t, s.PutScoreVersion(ctx, proposed, nil, nil, e))
	stays := func(what string, want weights.Version) {
		t.Helper()
		got, err := s.ScoreVersion(ctx, "v1")
		must(t, err)
		same(t, what, got, want)
	}
	moved := func(what string, v weights.Version, was *weights.Version, force *weights.Force) {
		t.Helper()
		if err := s.PutScoreVersion(ctx, v, was, force, e); !errors.Is(err, weights.ErrMoved) {
			t.Errorf("%s: %v", what, err)
		}
		if f, err := s.Force(ctx); err != nil || force != nil && f == *force {
			t.Errorf("%s: in force: %v, %v", what, f, err)
		}
	}
	rejected := proposed
	rejected.State, rejected.By, rejected.Decided, rejected.Note = weights.Rejected, "per", start.Add(time.Hour), "no"
	accepted := rejected
	accepted.State, accepted.By = weights.Accepted, "ola"
	first := &weights.Force{Seq: 1, Version: "v1", At: start.Add(time.Hour), By: "ola"}
	moved("proposed as if it were new", rejected, nil, nil)
	moved("decided as if it were rejected", accepted, &rejected, first)
	stays("still proposed", proposed)
	must(t, s.PutScoreVersion(ctx, rejected, &proposed, nil, e))
	moved("accepted after it was rejected", accepted, &proposed, first)
	stays("rejected", rejected)

	anew := proposed
	anew.Base, anew.Author, anew.At, anew.Report = "v0", "per", start.Add(2*time.Hour), "[]"
	must(t, s.PutScoreVersion(ctx, anew, &rejected, nil, e))
	stays("proposed anew", anew)
	moved("accepted after it was proposed anew", accepted, &proposed, first)

	accepted = anew
	accepted.State, accepted.By, accepted.Decided, accepted.Note = weights.Accepted, "ola", start.Add(3*time.Hour), "read"
	must(t, s.PutScoreVersion(ctx, accepted, &anew, first, e))
	moved("rejected after it was accepted", rejected, &anew, nil)
	moved("rejected though it was accepted", rejected, &accepted, nil)
	again := accepted
	again.By, again.Decided, again.Note = audit.Program, start.Add(4*time.Hour), ""
	must(t, s.PutScoreVersion(ctx, again, &accepted, &weights.Force{Seq: 2, Version: "v1", At: start.Add(4 * time.Hour), By: audit.Program}, e))
	stays("in force again", accepted)
	if f, err := s.Force(ctx); err != nil || f.Seq != 2 || f.By != audit.Program {
		t.Errorf("in force again: %v, %v", f, err)
	}
}

// scoredBy: scores name the version that made them.
func scoredBy(t *testing.T, s *store.Store) {
	ctx := context.Background()
	other := func(version string) bool {
		t.Helper()
		o, err := s.ScoredOtherwise(ctx, version)
		must(t, err)
		return o
	}
	if other("v2") {
		t.Error("nothing was scored yet")
	}
	found := finding("a", "1", 0, "x")
	n := network("n-1", "a/1")
	n.ScoreVersion = "v1"
	commit(t, s, ad.Update{Findings: []ad.Finding{found}, Networks: []ad.Network{n},
		Standings: []ad.Standing{{Key: "a/1", Network: "n-1", Band: ad.Low, ScoreVersion: "v1"}}})
	if other("v1") || !other("v2") {
		t.Error("which version scored is not known")
	}
	a, err := s.Ad(ctx, "a/1")
	must(t, err)
	got1, err := s.Network(ctx, "n-1")
	must(t, err)
	if a.ScoreVersion != "v1" || got1.ScoreVersion != "v1" {
		t.Errorf("the ad names %q, the network %q", a.ScoreVersion, got1.ScoreVersion)
	}
	commit(t, s, ad.Update{Standings: []ad.Standing{{Key: "a/1", Network: "n-1", Band: ad.Low, ScoreVersion: "v2"}}})
	if a, err = s.Ad(ctx, "a/1"); err != nil || a.ScoreVersion != "v2" {
		t.Errorf("after scoring anew: %q, %v", a.ScoreVersion, err)
	}
}

// rule is the word of a refusal.
func rule(err error) string {
	var no *fault.Refusal
	if !errors.As(err, &no) || !errors.Is(err, fault.ErrUsage) || fault.Sentence(err) == "" {
		return ""
	}
	return no.Rule
}

// atWeights is a desk at a new record, with a clock that moves, which the program has started on.
func atWeights(t *testing.T, s *store.Store) (d *weights.Desk, file *indicator.Catalogue, other func(points map[string]float64) *indicator.Catalogue) {
	t.Helper()
	now := start
	d = weights.NewDesk(s, func() time.Time { now = now.Add(time.Minute); return now })
	text, err := configs.FS.ReadFile("indicators.yaml")
	must(t, err)
	file, err = indicator.Load("indicators.yaml", text)
	must(t, err)
	_, err = d.Start(context.Background(), file)
	must(t, err)
	return d, file, func(points map[string]float64) *indicator.Catalogue {
		t.Helper()
		c, err := file.WithPoints(points)
		must(t, err)
		return c
	}
}

func newer(t *testing.T, file *indicator.Catalogue) *indicator.Catalogue {
	t.Helper()
	c, err := indicator.Load("indicators.yaml", []byte(file.Text()+"\n# newer\n"))
	must(t, err)
	return c
}

// weightsStart: several programs start on a new record.
func weightsStart(t *testing.T, s *store.Store) {
	ctx := context.Background()
	text, err := configs.FS.ReadFile("indicators.yaml")
	must(t, err)
	file, err := indicator.Load("indicators.yaml", text)
	must(t, err)
	var all errgroup.Group
	for range 4 {
		all.Go(func() error { _, err := weights.NewDesk(s, nil).Start(ctx, file); return err })
	}
	must(t, all.Wait())
	if list, err := s.ScoreVersions(ctx); err != nil || len(list) != 1 || list[0].ID != file.Version() || list[0].Origin != weights.File {
		t.Fatalf("versions at the start: %+v, %v", list, err)
	}
}

func weightsDesk(t *testing.T, s *store.Store) {
	ctx := context.Background()
	d, file, other := atWeights(t, s)
	one := other(map[string]float64{"S01": 0, "N01": 25})
	if _, err := d.Propose(ctx, "kari", file, ""); rule(err) != "same" {
		t.Errorf("proposed what is in force: %v", err)
	}
	v, err := d.Propose(ctx, "Kari", one, "{}")
	must(t, err)
	if c, err := d.Current(ctx, file.Version()); c != nil || err != nil {
		t.Errorf("a proposal is in force: %v", err)
	}
	for want, try := range map[string]func() error{
		"own":       func() error { _, err := d.Accept(ctx, " KARI ", v.ID, "mine", file); return err },
		"no_reason": func() error { _, err := d.Accept(ctx, "ola", v.ID, " ", file); return err },
		"no_actor":  func() error { _, err := d.Accept(ctx, audit.Program, v.ID, "x", file); return err },
		"in_force":  func() error { _, err := d.Accept(ctx, "ola", file.Version(), "x", file); return err },
		"settled":   func() error { _, err := d.Reject(ctx, "ola", file.Version(), "x"); return err },
	} {
		if err := try(); rule(err) != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := d.Accept(ctx, "ola", "none", "x", file); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("accepted what is not there: %v", err)
	}
	late, err := d.Propose(ctx, "kari", other(map[string]float64{"S02": 1}), "{}")
	must(t, err)
	_, err = d.Accept(ctx, "ola", v.ID, "read", file)
	must(t, err)
	c, err := d.Current(ctx, file.Version())
	must(t, err)
	if p, _ := c.Points("S01"); p != 0 || c.Version() != one.Version() {
		t.Errorf("in force: %s with %v points", c.Version(), p)
	}
	if _, err := d.Accept(ctx, "ola", late.ID, "read", file); rule(err) != "stale" {
		t.Errorf("accepted what was compared with something else: %v", err)
	}
	_, err = d.Reject(ctx, "kari", late.ID, "late")
	must(t, err)
	if _, err := d.Accept(ctx, "ola", late.ID, "read", file); rule(err) != "rejected" {
		t.Errorf("accepted what was rejected: %v", err)
	}

	entries, err := s.Entries(ctx, audit.Scores(v.ID))
	must(t, err)
	var story []audit.Action
	for _, e := range entries {
		story = append(story, e.Action)
	}
	if len(story) != 4 || story[0] != audit.ScoresAccepted || story[3] != audit.ScoresProposed {
		t.Errorf("the log: %v", story)
	}
}

// weightsCarried: a program with another file keeps what was accepted; going back to what was in force before keeps the file.
func weightsCarried(t *testing.T, s *store.Store) {
	ctx := context.Background()
	d, file, other := atWeights(t, s)
	one := other(map[string]float64{"S01": 0, "N01": 25})
	_, err := d.Propose(ctx, "kari", one, "{}")
	must(t, err)
	_, err = d.Accept(ctx, "ola", one.Version(), "read", file)
	must(t, err)
	newer := newer(t, file)
	c, err := d.Start(ctx, newer)
	must(t, err)
	if p, _ := c.Points("N01"); p != 25 || c.Text() != newer.Text() {
		t.Errorf("carried over: N01 has %v points", p)
	}
	back, err := d.Accept(ctx, "ola", file.Version(), "back", newer)
	must(t, err)
	if back.ID != newer.Version() {
		t.Errorf("back at %s, want %s", back.ID, newer.Version())
	}
	in, err := d.InForce(ctx)
	must(t, err)
	if in.ID != newer.Version() || in.Note != "back" {
		t.Errorf("in force: %+v", in)
	}
	old, err := d.Version(ctx, one.Version())
	must(t, err)
	was, err := old.Catalogue()
	must(t, err)
	if was.Version() != one.Version() {
		t.Errorf("the old version is %s now", was.Version())
	}

	// Where the older program starts again, the same is in force again, and it is still told who accepted it and why.
	_, err = d.Accept(ctx, "ola", one.Version(), "again", newer)
	must(t, err)
	_, err = d.Start(ctx, file)
	must(t, err)
	if in, err = d.InForce(ctx); err != nil || in.ID != one.Version() {
		t.Errorf("in force: %s, %v", in.ID, err)
	}
	same(t, "the version that a person accepted", in, old)
	if in.By != "ola" || in.Note != "read" {
		t.Errorf("accepted by %q: %q", in.By, in.Note)
	}
}

// weightsAnew: points that were rejected, or compared with what is no longer in force, can be proposed anew.
func weightsAnew(t *testing.T, s *store.Store) {
	ctx := context.Background()
	d, file, other := atWeights(t, s)
	one, two := other(map[string]float64{"S01": 0}), other(map[string]float64{"S02": 1})
	first, err := d.Propose(ctx, "kari", one, "{}")
	must(t, err)
	if v, err := d.Propose(ctx, "per", one, "[]"); err != nil || v.Author != "kari" || v.Report != "{}" {
		t.Errorf("what waits for an answer was proposed anew: %+v, %v", v, err)
	}
	_, err = d.Reject(ctx, "ola", first.ID, "not yet")
	must(t, err)
	v, err := d.Propose(ctx, "per", one, "[]")
	must(t, err)
	if v.State != weights.Proposed || v.Author != "per" || v.Report != "[]" || v.Note != "" {
		t.Errorf("after it was rejected: %+v", v)
	}
	_, err = d.Propose(ctx, "kari", two, "{}")
	must(t, err)
	_, err = d.Accept(ctx, "ola", two.Version(), "read", file)
	must(t, err)
	if _, err := d.Accept(ctx, "ola", one.Version(), "read", file); rule(err) != "stale" {
		t.Errorf("accepted what was compared with something else: %v", err)
	}
	v, err = d.Propose(ctx, "kari", one, "{}")
	must(t, err)
	if v.Base != two.Version() || v.Author != "kari" {
		t.Errorf("after it went stale: %+v", v)
	}
	if _, err := d.Accept(ctx, "kari", v.ID, "mine", file); rule(err) != "own" {
		t.Errorf("accepted by who proposed it anew: %v", err)
	}
	_, err = d.Accept(ctx, "ola", v.ID, "now", file)
	must(t, err)
	if in, err := d.InForce(ctx); err != nil || in.ID != one.Version() || in.Note != "now" {
		t.Errorf("in force: %+v, %v", in, err)
	}
	if v, err := d.Propose(ctx, "per", two, "[]"); err != nil || v.State != weights.Accepted || v.Note != "read" {
		t.Errorf("what was accepted was proposed anew: %+v, %v", v, err)
	}
}

// between is a record in which somebody else does something after the desk has looked at a version.
type between struct {
	*store.Store
	once func()
}

func (b *between) ScoreVersion(ctx context.Context, id string) (weights.Version, error) {
	v, err := b.Store.ScoreVersion(ctx, id)
	if do := b.once; do != nil {
		b.once = nil
		do()
	}
	return v, err
}

// weightsMeanwhile: two people decide on one version at the same moment; the first decision stands.
func weightsMeanwhile(t *testing.T, s *store.Store) {
	ctx := context.Background()
	d, file, other := atWeights(t, s)
	v, err := d.Propose(ctx, "kari", other(map[string]float64{"S01": 0}), "{}")
	must(t, err)
	late := weights.NewDesk(&between{s, func() { _, err := d.Accept(ctx, "ola", v.ID, "read", file); must(t, err) }}, nil)
	if _, err := late.Reject(ctx, "per", v.ID, "no"); rule(err) != "settled" {
		t.Errorf("rejected while it came into force: %v", err)
	}
	if in, err := d.InForce(ctx); err != nil || in.ID != v.ID || in.State != weights.Accepted || in.By != "ola" {
		t.Errorf("in force: %+v, %v", in, err)
	}

	w, err := d.Propose(ctx, "kari", other(map[string]float64{"S02": 1}), "{}")
	must(t, err)
	late = weights.NewDesk(&between{s, func() { _, err := d.Reject(ctx, "per", w.ID, "no"); must(t, err) }}, nil)
	if _, err := late.Accept(ctx, "ola", w.ID, "read", file); rule(err) != "rejected" {
		t.Errorf("accepted while it was rejected: %v", err)
	}
	if in, err := d.InForce(ctx); err != nil || in.ID != v.ID {
		t.Errorf("in force: %+v, %v", in, err)
	}
}
