package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/ad"
	"varde/internal/child"
	"varde/internal/fault"
	"varde/internal/store"
)

func newChild(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "child",
		Short: "Ads in which a child may be involved: list, answer, reopen",
		Long: `Ads whose stated age or wording indicates that a child may be involved. They have no points: each waits on a list of its own, the oldest
first, until a named person has answered for it with a note that says who was told and when, or why the person is held for an adult. An
ad that says something new after an answer comes back. Every step is in the log.`,
		Example: "  varde child list\n  varde child answer site.example/123 --outcome reported --note \"operations centre told 14.05\" --as kari",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("%w: say list, answer or reopen", fault.ErrUsage)
		},
	}
	cmd.AddCommand(newChildList(a), newChildAnswer(a), newChildReopen(a))
	return cmd
}

// children opens the record for fn, with the desk of child flags on it. It also runs beside varde up, on the same record.
func (a *app) children(ctx context.Context, fn func(s *store.Store, d *child.Desk) error) error {
	return a.record(ctx, func(s *store.Store) error { return fn(s, child.NewDesk(s, nil)) })
}

// childLine is a flag as results for programs have it.
type childLine struct {
	Ad         ad.Key         `json:"ad"`
	State      child.State    `json:"state"`
	Outcome    child.Outcome  `json:"outcome,omitempty"`
	By         string         `json:"by,omitempty"`
	Note       string         `json:"note,omitempty"`
	Raised     time.Time      `json:"raised"`
	At         time.Time      `json:"at"`
	Indicators []ad.Indicator `json:"indicators"`
}

func lineOfChild(f child.Flag) childLine {
	return childLine{Ad: f.Ad, State: f.State, Outcome: f.Outcome, By: f.By, Note: f.Note, Raised: f.Raised, At: f.At, Indicators: f.Indicators}
}

// text is the flag for people: what is waited for, and what it rests on.
func (l childLine) text() string {
	var on []string
	for _, in := range l.Indicators {
		for _, e := range in.Evidence {
			switch {
			case e.Quote != "":
				on = append(on, fmt.Sprintf("%s «%s»", in.Code, printable(e.Quote)))
			case e.Figure != nil:
				on = append(on, fmt.Sprintf("%s %s %g", in.Code, e.Figure.What, e.Figure.Value))
			}
		}
	}
	said := string(l.State)
	if l.By != "" {
		said += " by " + printable(l.By)
	}
	if l.Outcome != "" {
		said += ", " + string(l.Outcome)
	}
	if l.Note != "" {
		said += ": " + printable(l.Note)
	}
	return fmt.Sprintf("%s  flagged %s  %s\n  %s", l.Ad, stamp(l.At), said, strings.Join(on, "; "))
}

func newChildList(a *app) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what waits for an answer, the oldest first",
		Args:  usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.children(cmd.Context(), func(_ *store.Store, d *child.Desk) error { return listChildren(cmd.Context(), a, d, all) })
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also what has been answered")
	return cmd
}

// childPage is how many flags are read at a time.
const childPage = 500

func listChildren(ctx context.Context, a *app, d *child.Desk, all bool) error {
	states := []child.State{child.Open, child.Taken}
	if all {
		states = child.States
	}
	lines, text := []childLine{}, []string{}
	for total := 1; len(lines) < total; {
		flags, n, err := d.List(ctx, states, childPage, len(lines))
		if err != nil {
			return err
		}
		if total = n; len(flags) == 0 {
			break
		}
		for _, f := range flags {
			lines = append(lines, lineOfChild(f))
			text = append(text, lineOfChild(f).text())
		}
	}
	if len(text) == 0 {
		text = append(text, "No ad waits for an answer.")
	}
	return a.result(lines, text...)
}

func newChildAnswer(a *app) *cobra.Command {
	who := identity{app: a}
	var outcome, note string
	cmd := &cobra.Command{
		Use:   "answer SITE/AD_ID --outcome reported|adult|misread --note TEXT",
		Short: "Answer for an ad in which a child may be involved",
		Args:  usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return stepChild(cmd.Context(), &who, ad.Key(args[0]), func(ctx context.Context, d *child.Desk, actor string, f child.Flag) (child.Flag, error) {
				return d.Answer(ctx, actor, f.Ad, f.Revision, child.Outcome(outcome), note)
			})
		},
	}
	who.flags(cmd)
	cmd.Flags().StringVar(&outcome, "outcome", "", "what was done or assessed: reported (to those responsible for children), adult, misread")
	cmd.Flags().StringVar(&note, "note", "", "who was told and when, or why (required)")
	return cmd
}

func newChildReopen(a *app) *cobra.Command {
	who := identity{app: a}
	var note string
	cmd := &cobra.Command{
		Use:   "reopen SITE/AD_ID --note TEXT",
		Short: "Put an answered ad back on the list",
		Args:  usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return stepChild(cmd.Context(), &who, ad.Key(args[0]), func(ctx context.Context, d *child.Desk, actor string, f child.Flag) (child.Flag, error) {
				return d.Reopen(ctx, actor, f.Ad, f.Revision, note)
			})
		},
	}
	who.flags(cmd)
	cmd.Flags().StringVar(&note, "note", "", "why (required)")
	return cmd
}

// stepChild does one step on a flag for somebody who has proven who they are.
func stepChild(ctx context.Context, who *identity, key ad.Key, do func(context.Context, *child.Desk, string, child.Flag) (child.Flag, error)) error {
	return who.app.children(ctx, func(s *store.Store, d *child.Desk) error {
		f, err := d.Get(ctx, key)
		if errors.Is(err, fault.ErrNotFound) {
			return fmt.Errorf("no child may be involved in ad %q as far as is known; varde child list shows those that wait", key)
		}
		if err != nil {
			return err
		}
		actor, err := who.prove(ctx, s)
		if err != nil {
			return err
		}
		if f, err = do(ctx, d, actor, f); err != nil {
			return err
		}
		return who.app.result(lineOfChild(f), lineOfChild(f).text())
	})
}
