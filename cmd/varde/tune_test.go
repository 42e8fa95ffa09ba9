package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/review"
	"varde/internal/store"
)

// store opens the people's record beside whatever runs on it.
func (p *people) store(do func(ctx context.Context, s *store.Store)) {
	p.t.Helper()
	s, err := store.Open(p.t.Context(), "sqlite:"+filepath.Join(p.data, "varde.db"), store.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	do(p.t.Context(), s)
	if err := s.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// pairs brings n pairs of job ads into the record, each pair with a phone of its own. Half of them, by turns, ask for a fee (J03), which is worth
// nothing here, and every third ties housing to the job (J08), which is what people look for.
func (p *people) pairs(n int) {
	p.t.Helper()
	p.store(func(ctx context.Context, s *store.Store) {
		var u ad.Update
		for i := range 2 * n {
			pair := i / 2
			f := ad.Finding{Sighting: ad.Sighting{Site: "jobs.example", AdID: fmt.Sprint(i), Category: ad.Job, Title: fmt.Sprint("job ", i), SeenAt: time.Date(2026, 5, 1, 0, i, 0, 0, time.UTC)},
				Identifiers: []ad.Identifier{{Kind: ad.Phone, Value: fmt.Sprintf("+4740000%03d", pair)}}, Indicators: []ad.Indicator{{Code: "J10", Confidence: 1}}}
			if pair%2 == 0 {
				f.Indicators = append(f.Indicators, ad.Indicator{Code: "J03", Confidence: 1})
			}
			if pair%3 == 0 {
				f.Indicators = append(f.Indicators, ad.Indicator{Code: "J08", Confidence: 1})
			}
			u.Findings = append(u.Findings, f)
		}
		if _, err := s.Commit(ctx, u); err != nil {
			p.t.Fatal(err)
		}
	})
	p.must("", "rebuild")
}

// networks are the networks by what they show.
func (p *people) networks() map[string]ad.Network {
	p.t.Helper()
	out := map[string]ad.Network{}
	p.store(func(ctx context.Context, s *store.Store) {
		for n, err := range s.Networks(ctx) {
			if err != nil {
				p.t.Fatal(err)
			}
			var codes []string
			for _, in := range n.Indicators {
				codes = append(codes, in.Code)
			}
			slices.Sort(codes)
			out[strings.Join(codes, " ")] = n
		}
	})
	return out
}

// decideAll makes leads of networks with J08, and dismisses the others; each decision by one of three people.
func (p *people) decideAll() (decided int) {
	p.t.Helper()
	p.store(func(ctx context.Context, s *store.Store) {
		d := review.NewDesk(s, nil)
		for n, err := range s.Networks(ctx) {
			if err != nil {
				p.t.Fatal(err)
			}
			v := review.Verdict{Decision: review.Dismiss, Reason: review.Employer}
			if slices.ContainsFunc(n.Indicators, func(in ad.Indicator) bool { return in.Code == "J08" }) {
				v = review.Verdict{Decision: review.Lead}
			}
			decided++
			if _, err := d.Decide(ctx, fmt.Sprint("person", decided%3), n.ID, v); err != nil {
				p.t.Fatal(err)
			}
		}
	})
	return decided
}

// proposed runs varde tune and returns the proposal.
func (p *people) proposed(who string) (version string, points map[string][2]float64) {
	p.t.Helper()
	var got proposal
	if err := json.Unmarshal([]byte(p.must(who, "tune", "--json")), &got); err != nil {
		p.t.Fatal(err)
	}
	points = map[string][2]float64{}
	for _, c := range got.Report.Codes {
		points[c.Code] = [2]float64{c.Old, c.New}
	}
	return got.Version, points
}

// TestTuneFromReviewsToScores: what people decided moves the points, when a second person accepts it, and old decisions are explained by the
// points of their day.
func TestTuneFromReviewsToScores(t *testing.T) {
	p := staff(t)
	p.pairs(90)
	if version, _ := p.proposed("ola"); version != "" {
		t.Errorf("proposed %s without a decision", version)
	}
	before := p.networks()
	if n := p.decideAll(); n != 90 || len(before) != 4 {
		t.Fatalf("%d networks of %d kinds", n, len(before))
	}
	version, points := p.proposed("ola")
	if j := points["J03"]; j[1] > j[0]-3 {
		t.Errorf("the worthless J03 went from %v to %v", j[0], j[1])
	}
	if j := points["J08"]; j[1] < j[0]+6 {
		t.Errorf("the strong J08 went from %v to %v", j[0], j[1])
	}
	same := func(when string) {
		t.Helper()
		for what, n := range p.networks() {
			if n.Score != before[what].Score || n.ScoreVersion != before[what].ScoreVersion {
				t.Errorf("%s: networks with %s have %v by %s", when, what, n.Score, n.ScoreVersion)
			}
		}
	}
	same("proposed")
	p.must("", "rebuild")
	same("proposed and rebuilt")

	p.refused(exitUsage, "Another person must", "ola", "tune", "accept", version, "--reason", "mine")
	p.refused(exitUsage, "Say why", "kari", "tune", "accept", version)
	p.refused(exitNothing, "varde tune list", "kari", "tune", "accept", "none", "--reason", "x")
	same("refused")
	if said := p.must("kari", "tune", "accept", version, "--reason", "read with the team"); !strings.Contains(said, "All scores were made anew.") {
		t.Error(said)
	}
	after := p.networks()
	if a, b := after["J08 J10"], after["J03 J10"]; a.ScoreVersion != version || a.Score <= b.Score || before["J08 J10"].Score >= before["J03 J10"].Score {
		t.Errorf("J08 %v, J03 %v by %s", a.Score, b.Score, a.ScoreVersion)
	}
	p.decisionIsExplained(before["J03 J08 J10"], version)
	p.runningTakesUp(before["J03 J10"])
	p.store(func(ctx context.Context, s *store.Store) {
		entries, err := s.Entries(ctx, audit.Scores(version))
		if err != nil || len(entries) != 4 || entries[0].Action != audit.ScoresAccepted || entries[0].Actor != "kari" || entries[0].Reason != "read with the team" {
			t.Errorf("the log: %+v, %v", entries, err)
		}
	})
}

// decisionIsExplained: a decision under the first points shows those, and today's beside them.
func (p *people) decisionIsExplained(n ad.Network, now string) {
	p.t.Helper()
	var e explained
	var history []review.Review
	if err := json.Unmarshal([]byte(p.must("", "review", "list", n.ID, "--json")), &history); err != nil || len(history) != 1 {
		p.t.Fatalf("%v, %+v", err, history)
	}
	if err := json.Unmarshal([]byte(p.must("", "review", "explain", fmt.Sprint(history[0].Seq), "--json")), &e); err != nil {
		p.t.Fatal(err)
	}
	if e.Snapshot.Score != n.Score || e.Snapshot.ScoreVersion != n.ScoreVersion || e.Now.Version != now || e.Now.Score == n.Score {
		p.t.Errorf("explained: %+v", e)
	}
	for _, c := range e.Codes {
		if c.Code == "J08" && (c.Then != c.Counted || c.Now <= 10 || c.Share != 1 || c.Confidence != 0) {
			p.t.Errorf("explained: %+v", c)
		}
	}
	if text := p.must("", "tune", "show"); !strings.Contains(text, now) || !strings.Contains(text, "30 of 90") {
		p.t.Errorf("what the bands have meant: %s", text)
	}
}

// runningTakesUp goes back to the first points while a service runs on the folder.
func (p *people) runningTakesUp(before ad.Network) {
	p.t.Helper()
	a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard, data: p.data, config: p.config}
	sys, err := a.open(p.t.Context(), slog.LevelError)
	if err != nil {
		p.t.Fatal(err)
	}
	if said := p.must("ola", "tune", "accept", before.ScoreVersion, "--reason", "back"); !strings.Contains(said, "running service") {
		p.t.Error(said)
	}
	if err := sys.takeUpScores(p.t.Context()); err != nil {
		p.t.Error(err)
	}
	if err := sys.close(); err != nil {
		p.t.Error(err)
	}
	if n := p.networks()["J03 J10"]; n.Score != before.Score || n.ScoreVersion != before.ScoreVersion {
		p.t.Errorf("after going back: %v by %s", n.Score, n.ScoreVersion)
	}
}

func TestReviewCommands(t *testing.T) {
	p := staff(t)
	p.pairs(1)
	var id string
	for _, n := range p.networks() {
		id = n.ID
	}
	if out := p.must("", "review", "list"); !strings.Contains(out, "Nothing has been decided") {
		t.Error(out)
	}
	p.refused(1, `no network "n-none"`, "", "review", "list", "n-none")
	p.refused(exitUsage, "write varde review NETWORK --decision", "kari", "review")
	p.refused(exitUsage, "one of the reasons", "kari", "review", id, "--decision", "dismiss")
	p.refused(exitUsage, "one of lead", "kari", "review", id)
	p.refused(exitUsage, "own words", "kari", "review", id, "--decision", "dismiss", "--reason", "other")
	p.refused(exitUsage, "could be taken back", "kari", "review", id, "--decision", "undo")
	p.refused(exitNothing, "no network", "kari", "review", "n-none", "--decision", "lead")
	p.refused(exitUsage, "say who does this", "", "review", id, "--decision", "lead")
	p.must("", "review", id, "--decision", "watch", "--by", "ola", "--password-file", p.words["ola"])
	p.must("kari", "review", id, "--decision", "refer", "--note", "to the \x1b[31mneighbours")
	if out := p.must("", "review", "list"); !strings.Contains(out, "refer") || strings.Contains(out, "watch") || strings.Contains(out, "\x1b") {
		t.Error(out)
	}
	p.must("ola", "review", id, "--decision", "undo")
	if out := p.must("", "review", "list"); !strings.Contains(out, "watch") || strings.Contains(out, "refer") {
		t.Error(out)
	}
	if out := p.must("", "review", "list", id); strings.Count(out, "\n") != 3 || !strings.Contains(out, "number 2") {
		t.Error(out)
	}
	if out := p.must("", "review", "export"); strings.Count(out, "\n") != 3 || !strings.Contains(out, `"score_version"`) {
		t.Error(out)
	}
	p.refused(exitNothing, "no decision number", "", "review", "explain", "9")
}
