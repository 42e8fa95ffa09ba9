package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// targets are the commands on crawl targets. The rules are target.Desk's, which the console works through as well.
type targets struct {
	app     *app
	who     identity
	reason  string
	note    string
	hash    string
	version int
	yes     bool
	consent bool
	all     bool
}

func newTarget(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "target",
		Short: "Crawl targets: draft, try, approve by a second person, start, pause, end",
		Long: `What may be crawled, and under whose authority. A target is a YAML file (see configs/targets/example.yaml) that one person adds as
a draft and another, the one that its authority.approver names, approves. The approval holds for exactly that text, until
authority.valid_to. Before every request the crawler asks whether the target is still active.

Whoever changes something says who they are with --as NAME and proves it by the account's password. Every change is kept with its
author, time and reason: varde target history ID.`,
		Example: "  varde target try site.yaml --as kari\n  varde target add site.yaml --as kari\n  varde target approve site --version 1 --as ola\n  varde target activate site --as kari",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("%w: say add, try, list, show, diff, history, print, approve, activate, pause or revoke", fault.ErrUsage)
		},
	}
	cmd.AddCommand(newTargetAdd(a), newTargetTry(a), newTargetApprove(a), newTargetActivate(a), newTargetPause(a), newTargetRevoke(a),
		newTargetList(a), newTargetShow(a), newTargetDiff(a), newTargetHistory(a), newTargetPrint(a))
	return cmd
}

// command makes one of the commands that change something, with the flags that say who and why.
func (tc *targets) command(a *app, c *cobra.Command, run func(ctx context.Context, args []string) error) *cobra.Command {
	tc.app, tc.who.app = a, a
	tc.who.flags(c)
	c.Args = usageArgs(c.Args)
	c.RunE = func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), args) }
	return c
}

// desk opens the record for fn, with the target desk on it. It also runs beside varde up, on the same record.
func (a *app) desk(ctx context.Context, fn func(ctx context.Context, s *store.Store, d *target.Desk) error) (err error) {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return fn(ctx, s, a.newDesk(s, settings))
}

// noTarget says what to do where there is no target of that id.
func noTarget(id string, err error) error {
	if errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("there is no target %q; varde target list shows them", id)
	}
	return err
}

// versionArg reads a version's number.
func versionArg(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%w: %q is no version's number; varde target history shows them", fault.ErrUsage, text)
	}
	return n, nil
}

// standingLine is a target as results for programs have it.
type standingLine struct {
	ID       string       `json:"id"`
	State    target.State `json:"state"`
	Version  int          `json:"version"`
	Hash     string       `json:"hash"`
	Author   string       `json:"author"`
	Approver string       `json:"approver"`
	// Approved is who approved the version, nothing where nobody has.
	Approved      string    `json:"approved_by,omitempty"`
	ApprovedAt    time.Time `json:"approved_at,omitzero"`
	Authorisation string    `json:"authorisation,omitempty"`
	ValidFrom     time.Time `json:"valid_from,omitzero"`
	ValidTo       time.Time `json:"valid_to,omitzero"`
	// Why is why it is not crawled now, as a stable word; empty where it is.
	Why     string    `json:"why_not,omitempty"`
	Changed time.Time `json:"changed"`
	Name    string    `json:"name"`
	// Next is the command that brings the target further, where there is one, or what must change before there is.
	Next string `json:"next,omitempty"`
}

func (a *app) standingLine(st *target.Standing) standingLine {
	l := standingLine{ID: st.ID, State: st.State, Version: st.Version, Hash: st.Hash, Author: st.Author, Why: st.Why, Changed: st.Changed, Next: a.next(st),
		Name: st.Spec.Name, Approver: st.Spec.Authority.Approver, ValidFrom: st.Spec.From(), ValidTo: st.Spec.To()}
	if p := st.Approval; p != nil {
		l.Approved, l.ApprovedAt, l.Authorisation = p.By, p.At, p.ID
	}
	return l
}

// next is the exact command that brings a target further.
func (a *app) next(st *target.Standing) string {
	switch st.State {
	case target.Draft:
		cmd := fmt.Sprintf("target approve %s --version %d --hash %s", st.ID, st.Version, st.Hash)
		if st.Spec.Robots.Ignored() {
			cmd += " --consent-to-ignoring-robots"
		}
		return a.command(cmd + " --as " + shellWord(st.Spec.Authority.Approver))
	case target.Approved, target.Paused:
		return a.command("target activate " + st.ID + " --as NAME")
	case target.Expired:
		return a.command("target print "+st.ID) + " > " + st.ID + ".yaml"
	}
	return ""
}

// whyNot are the words of Standing.Why and of denials, in sentences.
var whyNot = map[string]string{
	target.NoSuchTarget: "there is no such target",
	target.NotApproved:  "it is not approved and active",
	target.IsPaused:     "it is paused",
	target.IsRevoked:    "it is revoked",
	target.IsExpired:    "its authority has ended",
	target.NotYetValid:  "its authority has not begun",
	target.Changed:      "its text was changed after the approval",
	target.Closed:       "it is outside its hours",
	target.Outside:      "the address is not within its hosts and paths",
	target.Simulation:   "simulated sites and real ones are not crawled by the same service",
	target.RecordAway:   "the record does not answer",
	target.Unreadable:   "its text can no longer be read",
}

func whyText(word string) string {
	if text := whyNot[word]; text != "" {
		return text
	}
	return word
}
