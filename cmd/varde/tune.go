package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/fault"
	"varde/internal/indicator"
	"varde/internal/review"
	"varde/internal/store"
	"varde/internal/tune"
	"varde/internal/weights"
)

// tuning are the commands on the points that make scores. The rules are weights.Desk's.
type tuning struct {
	app    *app
	who    identity
	reason string
}

func newTune(a *app) *cobra.Command {
	tc := &tuning{app: a, who: identity{app: a}}
	cmd := &cobra.Command{
		Use:   "tune",
		Short: "Fit points to what people decided, and propose them; a second person accepts",
		Long: `Fit the points of indicators to what people decided about networks (leads and referred ones against dismissed ones), say what would
change and how well old and new points separate on decisions that they were not fitted on, and keep the result as a proposal.

It changes no score. A proposal comes into force when another person accepts it; all scores are made anew then. Every version is kept:
accept an earlier one to go back.`,
		Example: "  varde tune --by kari\n  varde tune show VERSION\n  varde tune accept VERSION --by ola --reason \"read with the team\"",
		Args:    usageArgs(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return tc.propose(cmd.Context()) },
	}
	signed := func(c *cobra.Command) *cobra.Command {
		tc.who.flags(c)
		tc.who.by(c)
		return c
	}
	signed(cmd)
	list := &cobra.Command{Use: "list", Short: "All versions, newest first", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return tc.list(cmd.Context()) }}
	show := &cobra.Command{Use: "show [VERSION]", Short: "A version's points and report (default: the one in force, with what its bands have meant)", Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return tc.show(cmd.Context(), args) }}
	accept := signed(&cobra.Command{Use: "accept VERSION --reason TEXT", Short: "Put a version in force that somebody else proposed, or one that was in force before",
		Args: usageArgs(cobra.ExactArgs(1)), RunE: func(cmd *cobra.Command, args []string) error { return tc.accept(cmd.Context(), args[0]) }})
	reject := signed(&cobra.Command{Use: "reject VERSION --reason TEXT", Short: "Say for good that a proposal does not come into force",
		Args: usageArgs(cobra.ExactArgs(1)), RunE: func(cmd *cobra.Command, args []string) error { return tc.reject(cmd.Context(), args[0]) }})
	for _, c := range []*cobra.Command{accept, reject} {
		c.Flags().StringVar(&tc.reason, "reason", "", "why (required)")
	}
	cmd.AddCommand(list, show, accept, reject)
	return cmd
}

// scoresOf returns what makes scores in a record: the program's file with the accepted points.
func (a *app) scoresOf(ctx context.Context, s *store.Store) (*scores, error) {
	file, err := loadCatalogue()
	if err != nil {
		return nil, err
	}
	return startScores(ctx, s, file)
}

// inForce returns the version that makes scores in a record, without changing which that is where there is one.
func (a *app) inForce(ctx context.Context, s *store.Store) (weights.Version, error) {
	d := weights.NewDesk(s, nil)
	v, err := d.InForce(ctx)
	if !errors.Is(err, fault.ErrNotFound) {
		return v, err
	}
	if _, err := a.scoresOf(ctx, s); err != nil {
		return v, err
	}
	return d.InForce(ctx)
}

// proposal is what varde tune prints.
type proposal struct {
	// Version is the proposal's, "" where no points move.
	Version string       `json:"version,omitempty"`
	Report  *tune.Report `json:"report"`
}

func (tc *tuning) propose(ctx context.Context) error {
	return tc.app.record(ctx, func(s *store.Store) error {
		actor, err := tc.who.prove(ctx, s)
		if err != nil {
			return err
		}
		sc, err := tc.app.scoresOf(ctx, s)
		if err != nil {
			return err
		}
		fitted, report, err := fitPoints(ctx, s, sc.catalogue())
		if err != nil {
			return err
		}
		lines := reportText(report)
		if fitted.Version() == report.Base {
			return tc.app.result(proposal{Report: report}, append(lines, "", "No points move; nothing was proposed.")...)
		}
		data, err := json.Marshal(report)
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		v, err := sc.desk.Propose(ctx, actor, fitted, string(data))
		if err != nil {
			return err
		}
		next := tc.app.command("tune accept " + v.ID + " --reason TEXT --by NAME")
		if v.State != weights.Proposed {
			next = fmt.Sprintf("%s is known and %s; no new proposal was made.", v.ID, v.State)
		}
		return tc.app.result(proposal{Version: v.ID, Report: report}, append(lines, "", "No score has changed. Proposed as version "+v.ID+"; another person puts it in force:", "  "+next)...)
	})
}

// fitPoints fits points to the decisions of a record and says what they would change there.
func fitPoints(ctx context.Context, s *store.Store, c *indicator.Catalogue) (*indicator.Catalogue, *tune.Report, error) {
	standing, err := s.Standing(ctx)
	if err != nil {
		return nil, nil, err
	}
	samples, watched := tune.Samples(standing)
	fitted, report, err := tune.Fit(c, samples, watched)
	if err != nil {
		return nil, nil, err
	}
	report.Shifts, err = tune.Shifts(s.Networks(ctx), c, fitted)
	return fitted, report, err
}

// versionLine is a version as lists for programs have it.
type versionLine struct {
	Version string         `json:"version"`
	InForce bool           `json:"in_force"`
	State   weights.State  `json:"state"`
	Origin  weights.Origin `json:"origin"`
	Base    string         `json:"base,omitempty"`
	Author  string         `json:"author"`
	At      time.Time      `json:"at"`
	By      string         `json:"decided_by,omitempty"`
	Decided time.Time      `json:"decided_at,omitzero"`
	Reason  string         `json:"reason,omitempty"`
	// Points are those that are others than the file's.
	Points map[string]float64 `json:"points"`
}

func lineOfVersion(v weights.Version, force string) versionLine {
	return versionLine{Version: v.ID, InForce: v.ID == force, State: v.State, Origin: v.Origin, Base: v.Base, Author: v.Author, At: v.At, By: v.By, Decided: v.Decided,
		Reason: v.Note, Points: v.Points}
}

func (l versionLine) text() string {
	text := fmt.Sprintf("%s  %s  %-8s %-7s by %s", l.Version, stamp(l.At), l.State, l.Origin, printable(l.Author))
	if l.Reason != "" {
		text += fmt.Sprintf(", %s by %s: %s", l.State, printable(l.By), printable(l.Reason))
	}
	if l.InForce {
		text += "  (in force)"
	}
	return text
}

func (tc *tuning) list(ctx context.Context) error {
	return tc.app.record(ctx, func(s *store.Store) error {
		force, err := tc.app.inForce(ctx, s)
		if err != nil {
			return err
		}
		all, err := s.ScoreVersions(ctx)
		if err != nil {
			return err
		}
		lines, text := []versionLine{}, []string{}
		for _, v := range all {
			l := lineOfVersion(v, force.ID)
			lines, text = append(lines, l), append(text, l.text())
		}
		return tc.app.result(lines, text...)
	})
}

// noVersion says what to do where there is no version of that name.
func noVersion(id string, err error) error {
	if errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("there is no score version %q; varde tune list shows them", id)
	}
	return err
}

func (tc *tuning) show(ctx context.Context, args []string) error {
	return tc.app.record(ctx, func(s *store.Store) error {
		force, err := tc.app.inForce(ctx, s)
		if err != nil {
			return err
		}
		v := force
		if len(args) == 1 {
			if v, err = s.ScoreVersion(ctx, args[0]); err != nil {
				return noVersion(args[0], err)
			}
		}
		c, err := v.Catalogue()
		if err != nil {
			return err
		}
		meanings, err := bandMeanings(ctx, s, c)
		if err != nil {
			return err
		}
		shown := struct {
			versionLine
			All    map[string]float64 `json:"all_points"`
			Bands  []review.Meaning   `json:"bands"`
			Report json.RawMessage    `json:"report,omitempty"`
		}{versionLine: lineOfVersion(v, force.ID), All: map[string]float64{}, Bands: meanings, Report: json.RawMessage(v.Report)}
		text := []string{shown.text(), "", "points"}
		for _, code := range c.Codes() {
			p, _ := c.Points(code)
			shown.All[code] = p
			line := fmt.Sprintf("  %-5s %5.1f", code, p)
			if _, other := v.Points[code]; other {
				line += "  (not the file's)"
			}
			text = append(text, line)
		}
		text = append(append(text, ""), meaningText(meanings)...)
		var report tune.Report
		if v.Report != "" && json.Unmarshal([]byte(v.Report), &report) == nil {
			text = append(append(text, "", "as it was found when it was proposed:"), reportText(&report)...)
		}
		return tc.app.result(shown, text...)
	})
}

// bandMeanings are what the bands of a catalogue have meant by the decisions of a record.
func bandMeanings(ctx context.Context, s *store.Store, c *indicator.Catalogue) ([]review.Meaning, error) {
	standing, err := s.Standing(ctx)
	if err != nil {
		return nil, err
	}
	var all []review.Review
	for _, r := range standing {
		all = append(all, r)
	}
	return review.Meanings(all, c), nil
}

func (tc *tuning) accept(ctx context.Context, id string) error {
	var v weights.Version
	err := tc.app.record(ctx, func(s *store.Store) error {
		sc, err := tc.app.scoresOf(ctx, s)
		if err != nil {
			return err
		}
		if _, err := sc.desk.Version(ctx, id); err != nil {
			return noVersion(id, err)
		}
		actor, err := tc.who.prove(ctx, s)
		if err != nil {
			return err
		}
		file, err := loadCatalogue()
		if err != nil {
			return err
		}
		v, err = sc.desk.Accept(ctx, actor, id, tc.reason, file)
		return err
	})
	if err != nil {
		return err
	}
	said, err := tc.scoreAnew(ctx)
	if err != nil {
		return fmt.Errorf("version %s is in force, but the scores could not be made anew now; the next start does it: %w", v.ID, err)
	}
	return tc.app.result(lineOfVersion(v, v.ID), "Version "+v.ID+" is in force. "+said)
}

// scoreAnew makes the scores anew where no service runs on the data folder; a running one does it by itself.
func (tc *tuning) scoreAnew(ctx context.Context) (said string, err error) {
	const running = "The running service makes all scores anew within seconds."
	if tc.app.dbURL != "" || tc.app.natsURL != "" {
		return running, nil
	}
	sys, err := tc.app.open(ctx, slog.LevelWarn) // which makes them anew before anything else
	if errors.Is(err, fault.ErrInUse) {
		return running, nil
	}
	if err != nil {
		return "", err
	}
	return "All scores were made anew.", sys.close()
}

func (tc *tuning) reject(ctx context.Context, id string) error {
	return tc.app.record(ctx, func(s *store.Store) error {
		d := weights.NewDesk(s, nil)
		if _, err := d.Version(ctx, id); err != nil {
			return noVersion(id, err)
		}
		actor, err := tc.who.prove(ctx, s)
		if err != nil {
			return err
		}
		v, err := d.Reject(ctx, actor, id, tc.reason)
		if err != nil {
			return err
		}
		return tc.app.result(lineOfVersion(v, ""), "Version "+v.ID+" is rejected.")
	})
}
