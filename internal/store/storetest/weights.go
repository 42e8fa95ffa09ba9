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
	must(t, s.PutScoreVersion(ctx, v1, &weights.Force{Seq: 1, Version: "v1", At: start, By: audit.Program}, e))
	v2 := weights.Version{ID: "v2", Text: "#\n", Points: map[string]float64{"S01": 1.0 / 3}, Origin: weights.Tuned, Base: "v1", Author: "kari", At: start.Add(time.Hour), Report: "{}", State: weights.Proposed}
	must(t, s.PutScoreVersion(ctx, v2, nil, e))
	list, err := s.ScoreVersions(ctx)
	must(t, err)
	same(t, "versions", list, []weights.Version{v2, v1})
	if err := s.PutScoreVersion(ctx, v2, &weights.Force{Seq: 3, Version: "v2", At: start, By: "ola"}, e); !errors.Is(err, weights.ErrChanged) {
		t.Errorf("in force over what is not there: %v", err)
	}

	// A decision changes nothing else of what was written.
	decided := v2
	decided.State, decided.By, decided.Decided, decided.Note = weights.Accepted, "ola", start.Add(2*time.Hour), "read"
	again := decided
	again.Text, again.Points, again.Author = "changed", nil, "per"
	must(t, s.PutScoreVersion(ctx, again, &weights.Force{Seq: 2, Version: "v2", At: start.Add(2 * time.Hour), By: "ola"}, e))
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
	if err := s.PutScoreVersion(ctx, v2, nil, e); !errors.Is(err, fault.ErrPermanent) {
		t.Errorf("not UTF-8: %v", err)
	}

	// Scores name their version.
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
	var no *weights.Refusal
	if !errors.As(err, &no) || !errors.Is(err, fault.ErrUsage) || fault.Sentence(err) == "" {
		return ""
	}
	return no.Rule
}

func weightsDesk(t *testing.T, s *store.Store) {
	ctx := context.Background()
	now := start
	d := weights.NewDesk(s, func() time.Time { now = now.Add(time.Minute); return now })
	text, err := configs.FS.ReadFile("indicators.yaml")
	must(t, err)
	file, err := indicator.Load("indicators.yaml", text)
	must(t, err)
	var all errgroup.Group
	for range 4 { // several programs start on a new record
		all.Go(func() error { _, err := weights.NewDesk(s, nil).Start(ctx, file); return err })
	}
	must(t, all.Wait())
	if list, err := d.Versions(ctx); err != nil || len(list) != 1 || list[0].ID != file.Version() || list[0].Origin != weights.File {
		t.Fatalf("versions at the start: %+v, %v", list, err)
	}
	other := func(points map[string]float64) *indicator.Catalogue {
		t.Helper()
		c, err := file.WithPoints(points)
		must(t, err)
		return c
	}
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

	// A program with another file keeps what was accepted; going back to what was in force before keeps the file.
	newer, err := indicator.Load("indicators.yaml", []byte(file.Text()+"\n# newer\n"))
	must(t, err)
	c, err = d.Start(ctx, newer)
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
