package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/config"
	"varde/internal/fault"
	"varde/internal/review"
	"varde/internal/store"
)

// reviews are the commands on what people decided about networks. The rules are review.Desk's, which the console works through as well.
type reviews struct {
	app                    *app
	who                    identity
	decision, reason, note string
}

func newReview(a *app) *cobra.Command {
	rc := &reviews{app: a, who: identity{app: a}}
	cmd := &cobra.Command{
		Use:   "review NETWORK --decision lead|watch|dismiss|refer|undo",
		Short: "Decide about a network; list, explain and export what was decided",
		Long: `Decide about a network: a lead, to be watched, dismissed, or referred to others. A decision is kept with what the network and its score
were, and is never changed: a later one supersedes it, and undo takes the one that stands back. It follows a network whose id gives way.

Dismissing takes a reason: ` + words(review.Reasons) + ` (which needs a note).
What was decided says what the bands have meant (varde tune show), and is what varde tune fits points to.`,
		Example: "  varde review n-5f3a9c01b2d4 --decision dismiss --reason employer --note \"a chain of cafés\" --by kari\n  varde review list\n  varde review explain 12",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE:    func(cmd *cobra.Command, args []string) error { return rc.decide(cmd.Context(), args[0]) },
	}
	rc.who.flags(cmd)
	rc.who.by(cmd)
	cmd.Flags().StringVar(&rc.decision, "decision", "", "one of "+words(review.Decisions)+", "+string(review.Undo))
	cmd.Flags().StringVar(&rc.reason, "reason", "", "why it is dismissed, a word of the list")
	cmd.Flags().StringVar(&rc.note, "note", "", "what there is to say about it")
	list := &cobra.Command{Use: "list [NETWORK]", Short: "The decisions that stand, or all that were made about one network", Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return rc.list(cmd.Context(), args) }}
	explain := &cobra.Command{Use: "explain NUMBER", Short: "What a decision saw, with the points of its day and those of today", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return rc.explain(cmd.Context(), args[0]) }}
	export := &cobra.Command{Use: "export", Short: "All decisions with what they saw, as JSON Lines", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return rc.export(cmd.Context()) }}
	cmd.AddCommand(list, explain, export)
	return cmd
}

// by lets --by name the account as well as --as does.
func (id *identity) by(c *cobra.Command) {
	c.Flags().StringVar(&id.name, "by", config.User(), "the same as --as")
}

func words[T ~string](list []T) string {
	var all []string
	for _, w := range list {
		all = append(all, string(w))
	}
	return strings.Join(all, ", ")
}

// record opens the record for fn; the service may run beside it.
func (a *app) record(ctx context.Context, fn func(s *store.Store) error) (err error) {
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return fn(s)
}

func (rc *reviews) decide(ctx context.Context, network string) error {
	return rc.app.record(ctx, func(s *store.Store) error {
		n, err := s.Network(ctx, network)
		if err != nil {
			return noNetwork(network, err)
		}
		actor, err := rc.who.prove(ctx, s)
		if err != nil {
			return err
		}
		d := review.NewDesk(s, nil)
		var r review.Review
		if review.Decision(rc.decision) == review.Undo {
			r, err = d.Undo(ctx, actor, n.ID, 0, rc.note)
		} else {
			r, err = d.Decide(ctx, actor, n.ID, review.Verdict{Decision: review.Decision(rc.decision), Reason: review.Reason(rc.reason), Note: rc.note})
		}
		if err != nil {
			return err
		}
		return rc.app.result(r, reviewText(r))
	})
}

// noNetwork says what to do where there is no network of that name.
func noNetwork(id string, err error) error {
	if errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("there is no network %q; varde export networks lists them", id)
	}
	return err
}

// reviewText is a decision in a line for people.
func reviewText(r review.Review) string {
	text := fmt.Sprintf("%4d  %s  %-8s %-14s %s", r.Seq, stamp(r.At), r.Decision, r.Network, printable(r.Author))
	if r.Reason != "" {
		text += "  " + string(r.Reason)
	}
	if r.Undoes > 0 {
		text += fmt.Sprintf("  number %d", r.Undoes)
	}
	if r.Note != "" {
		text += ": " + printable(r.Note)
	}
	return text
}

func (rc *reviews) list(ctx context.Context, args []string) error {
	return rc.app.record(ctx, func(s *store.Store) error {
		var all []review.Review
		if len(args) == 1 {
			var err error
			if all, err = review.NewDesk(s, nil).History(ctx, args[0]); err != nil {
				return err
			}
			if len(all) == 0 {
				if _, err := s.Network(ctx, args[0]); err != nil {
					return noNetwork(args[0], err)
				}
			}
		} else {
			standing, err := s.Standing(ctx)
			if err != nil {
				return err
			}
			for _, id := range slices.Sorted(maps.Keys(standing)) {
				r := standing[id]
				r.Network = id
				all = append(all, r)
			}
			slices.SortFunc(all, func(a, b review.Review) int { return int(b.Seq - a.Seq) })
		}
		lines := []string{}
		for _, r := range all {
			lines = append(lines, reviewText(r))
		}
		if len(lines) == 0 {
			all, lines = []review.Review{}, []string{"Nothing has been decided."}
		}
		return rc.app.result(all, lines...)
	})
}

func (rc *reviews) export(ctx context.Context) error {
	return rc.app.record(ctx, func(s *store.Store) error {
		enc := json.NewEncoder(rc.app.out)
		enc.SetEscapeHTML(false)
		for r, err := range s.AllReviews(ctx) {
			if err != nil {
				return err
			}
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// explained is a decision with the weights of its day.
type explained struct {
	review.Review
	// Codes have what the decision saw: the points that counted then, what the code was worth then and what it is worth now.
	Codes []explainedCode `json:"codes"`
	// Now is what today's weights make of what was seen.
	Now struct {
		Version string  `json:"score_version"`
		Score   float64 `json:"score"`
		Band    string  `json:"band"`
	} `json:"now"`
}

type explainedCode struct {
	Code string `json:"code"`
	// Confidence is of a code of the network itself, from 0 to 1; Share is of a code of its ads: how much of them shows it.
	Confidence float64 `json:"confidence,omitempty"`
	Share      float64 `json:"share,omitempty"`
	Counted    float64 `json:"counted"`
	Then       float64 `json:"then"`
	Now        float64 `json:"now"`
}

func (rc *reviews) explain(ctx context.Context, number string) error {
	return rc.app.record(ctx, func(s *store.Store) error {
		var found *review.Review
		for r, err := range s.AllReviews(ctx) {
			if err != nil {
				return err
			}
			if fmt.Sprint(r.Seq) == number {
				found = &r
				break
			}
		}
		if found == nil {
			return fmt.Errorf("there is no decision number %q; varde review list shows them", number)
		}
		v, err := s.ScoreVersion(ctx, found.Snapshot.ScoreVersion)
		if err != nil {
			return err
		}
		then, err := v.Catalogue()
		if err != nil {
			return err
		}
		force, err := rc.app.inForce(ctx, s)
		if err != nil {
			return err
		}
		now, err := force.Catalogue()
		if err != nil {
			return err
		}
		e := explained{Review: *found}
		scored := found.Snapshot.ScoreBy(now)
		e.Now.Version, e.Now.Score, e.Now.Band = now.Version(), scored.Score, string(scored.Band)
		lines := []string{reviewText(*found), fmt.Sprintf("%d ads, score %.2f (%s) by version %s of %s; version %s, in force now, makes %.2f (%s) of what was seen",
			len(found.Snapshot.Ads), found.Snapshot.Score, found.Snapshot.Band, v.ID, v.At.Format(time.DateOnly), now.Version(), scored.Score, scored.Band),
			fmt.Sprintf("%-6s %14s %8s %12s %11s", "code", "seen", "counted", "points then", "points now")}
		for _, in := range found.Snapshot.Indicators {
			c := explainedCode{Code: in.Code, Counted: in.Points}
			seen := fmt.Sprintf("%.0f %% of ads", 100*in.Confidence)
			if entry, _ := then.Entry(in.Code); entry.Family == "N" {
				c.Confidence, seen = in.Confidence, fmt.Sprintf("%.0f %% sure", 100*in.Confidence)
			} else {
				c.Share = in.Confidence
			}
			c.Then, _ = then.Points(in.Code)
			c.Now, _ = now.Points(in.Code)
			e.Codes = append(e.Codes, c)
			lines = append(lines, fmt.Sprintf("%-6s %14s %8.1f %12.1f %11.1f", c.Code, seen, c.Counted, c.Then, c.Now))
		}
		return rc.app.result(e, lines...)
	})
}
