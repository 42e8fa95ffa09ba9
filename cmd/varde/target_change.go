package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// longestTarget is far more than any target's file has.
const longestTarget = 1 << 20

func newTargetAdd(a *app) *cobra.Command {
	tc := &targets{}
	c := tc.command(a, &cobra.Command{
		Use:   "add FILE...",
		Short: "Add a draft, or a new version of the target with that id",
		Long: `Add a target's file as a draft. Where there is a target of its id already, the file becomes its next version, and what was approved
before no longer holds. Nothing is crawled before the person that the file names as authority.approver has approved it.`,
		Example: "  varde target add site.yaml --as kari --reason \"new layout of the ad pages\"",
		Args:    cobra.MinimumNArgs(1),
	}, func(ctx context.Context, args []string) error { return tc.add(ctx, args) })
	c.Flags().StringVar(&tc.reason, "reason", "", "why, for the log")
	return c
}

func (tc *targets) add(ctx context.Context, files []string) error {
	texts := make([][]byte, len(files))
	for i, f := range files { // a file that cannot be read is better told before a password is asked for
		var err error
		if texts[i], err = readSmall(f); err != nil {
			return err
		}
		if _, err := target.Parse(f, texts[i]); err != nil {
			return fmt.Errorf("%w: the target is not valid; nothing was added:\n%w", fault.ErrUsage, err)
		}
	}
	return tc.app.desk(ctx, func(ctx context.Context, s *store.Store, d *target.Desk) error {
		actor, err := tc.who.prove(ctx, s)
		if err != nil {
			return err
		}
		added, text := []standingLine{}, []string{}
		for i, f := range files {
			st, aerr := d.Draft(ctx, actor, f, texts[i], tc.reason)
			if aerr != nil { // the others are added all the same
				err = errors.Join(err, fmt.Errorf("%s: %w", f, aerr))
				continue
			}
			l, hindered, lerr := tc.app.furtherLine(ctx, s, d, &st)
			err = errors.Join(err, lerr)
			added = append(added, l)
			text = append(text, fmt.Sprintf("%s: %s, version %d, sha256 %s", st.ID, st.State, st.Version, st.Hash))
			if hindered != "" {
				tc.app.warn("%s: %s", st.ID, hindered)
				text = append(text, "  nobody can approve it: "+l.Next)
				continue
			}
			text = append(text, fmt.Sprintf("  %s is to approve it (nobody else can, and who drafted it cannot):", printable(st.Spec.Authority.Approver)), "  "+l.Next)
		}
		if len(added) == 0 {
			return err
		}
		return errors.Join(tc.app.result(added, text...), err)
	})
}

// readSmall reads a file that people write.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, errors.Unwrap(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, longestTarget+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(data) > longestTarget {
		return nil, fmt.Errorf("%s has more than %d bytes; that is no target", path, longestTarget)
	}
	return data, nil
}

func newTargetApprove(a *app) *cobra.Command {
	tc := &targets{}
	c := tc.command(a, &cobra.Command{
		Use:   "approve ID --version N",
		Short: "Approve a version of a target that somebody else drafted",
		Long: `Approve a version of a target. What changed since the version that was approved last (or the whole text, where none was), and under
whose authority the target stands, is shown before. Only the account that authority.approver names can approve, and never what
it drafted itself. The approval holds for exactly this text.

Ignoring robots.txt takes a reason in the file and the approver's own word: --consent-to-ignoring-robots.`,
		Example: "  varde target approve site --version 2 --as ola",
		Args:    cobra.ExactArgs(1),
	}, func(ctx context.Context, args []string) error { return tc.approve(ctx, args[0]) })
	c.Flags().IntVar(&tc.version, "version", 0, "the version's `number`, as varde target add or show says")
	c.Flags().StringVar(&tc.hash, "hash", "", "the version's SHA-256, for certainty that it is the text that was read")
	c.Flags().BoolVar(&tc.consent, "consent-to-ignoring-robots", false, "consent to robots.policy: ignore, for the reason that the file gives")
	c.Flags().StringVar(&tc.note, "note", "", "a remark that is kept with the approval")
	c.Flags().BoolVar(&tc.yes, "yes", false, "do not ask, for use without a terminal")
	return c
}

func (tc *targets) approve(ctx context.Context, id string) error {
	if tc.version < 1 {
		return fmt.Errorf("%w: say which version with --version N; %s tells", fault.ErrUsage, tc.app.command("target show "+id))
	}
	return tc.app.desk(ctx, func(ctx context.Context, s *store.Store, d *target.Desk) error {
		versions, err := d.Versions(ctx, id)
		if err != nil {
			return noTarget(id, err)
		}
		v, ok := findVersion(versions, tc.version)
		if !ok {
			return fmt.Errorf("%w: %s has no version %d; its latest is %d", fault.ErrUsage, id, tc.version, versions[0].Number)
		}
		spec, err := d.At(ctx, id, tc.version)
		if err != nil {
			return err
		}
		if tc.hash == "" {
			tc.hash = v.Hash
		}
		w := tc.app.err // so that standard output has the result alone
		showAuthority(w, spec)
		showChange(w, versions, v)
		if err := tc.app.confirm(ctx, tc.yes, fmt.Sprintf("Approve version %d of %s?", tc.version, id)); err != nil {
			return err
		}
		actor, err := tc.who.prove(ctx, s)
		if err != nil {
			return err
		}
		st, err := d.Approve(ctx, actor, id, tc.version, tc.hash, tc.consent, tc.note)
		if err != nil {
			return err
		}
		return tc.app.result(tc.app.standingLine(&st), fmt.Sprintf("%s: version %d is approved by %s, authorisation %s, until %s", st.ID, st.Version, actor,
			st.Approval.ID, stamp(spec.To())), "  It is crawled when somebody starts it:", "  "+tc.app.next(&st))
	})
}

func findVersion(versions []target.Version, number int) (target.Version, bool) {
	for _, v := range versions {
		if v.Number == number {
			return v, true
		}
	}
	return target.Version{}, false
}

// lastApproved is the version before v that was approved last; the zero version where none was.
func lastApproved(versions []target.Version, before int) (last target.Version) {
	for _, v := range versions {
		if v.Number < before && v.Approval != nil && v.Number > last.Number {
			last = v
		}
	}
	return last
}

// showChange prints what a version changes against the one that was approved last.
func showChange(w io.Writer, versions []target.Version, v target.Version) {
	last := lastApproved(versions, v.Number)
	if last.Number == 0 {
		fmt.Fprintf(w, "\nNo earlier version was approved; this is the whole text of version %d (sha256 %s, drafted by %s):\n\n", v.Number, v.Hash, printable(v.Author))
	} else {
		fmt.Fprintf(w, "\nVersion %d (sha256 %s, drafted by %s) against version %d, which was approved last:\n\n", v.Number, v.Hash, printable(v.Author), last.Number)
	}
	writeDiff(w, target.Diff(last, v))
	fmt.Fprintln(w)
}

func newTargetActivate(a *app) *cobra.Command {
	return newTargetChange(a, &cobra.Command{
		Use:   "activate ID",
		Short: "Start an approved target, or go on with a paused one",
	}, "why, for the log", (*target.Desk).Activate)
}

func newTargetRevoke(a *app) *cobra.Command {
	return newTargetChange(a, &cobra.Command{
		Use:   "revoke ID --reason TEXT",
		Short: "End a target's authority; what it brought stays",
		Long: `End a target's authority at once: a crawl under way stops before its next request. To crawl it again takes a new version and a new
approval. What it brought stays, with its evidence.`,
	}, "why (required)", (*target.Desk).Revoke)
}

// deskChange is a change to one target that somebody makes for a reason.
type deskChange func(d *target.Desk, ctx context.Context, actor, id, reason string) (target.Standing, error)

// newTargetChange is the command of a change.
func newTargetChange(a *app, c *cobra.Command, why string, do deskChange) *cobra.Command {
	tc := &targets{}
	c.Args = cobra.ExactArgs(1)
	c = tc.command(a, c, func(ctx context.Context, args []string) error { return tc.change(ctx, args[0], do) })
	c.Flags().StringVar(&tc.reason, "reason", "", why)
	return c
}

func newTargetPause(a *app) *cobra.Command {
	tc := &targets{}
	c := tc.command(a, &cobra.Command{
		Use:   "pause ID|--all",
		Short: "Stop a target, or all of them, before the next request",
		Args:  cobra.MaximumNArgs(1),
	}, func(ctx context.Context, args []string) error {
		switch {
		case tc.all == (len(args) == 1):
			return fmt.Errorf("%w: give the target's id, or --all", fault.ErrUsage)
		case tc.all:
			return tc.pauseAll(ctx)
		}
		return tc.change(ctx, args[0], (*target.Desk).Pause)
	})
	c.Flags().StringVar(&tc.reason, "reason", "", "why, for the log")
	c.Flags().BoolVar(&tc.all, "all", false, "every active target")
	return c
}

// change makes one change to a target and prints where it stands then.
func (tc *targets) change(ctx context.Context, id string, do deskChange) error {
	return tc.app.desk(ctx, func(ctx context.Context, s *store.Store, d *target.Desk) error {
		if _, err := d.Get(ctx, id); err != nil {
			return noTarget(id, err)
		}
		actor, err := tc.who.prove(ctx, s)
		if err != nil {
			return err
		}
		st, err := do(d, ctx, actor, id, tc.reason)
		if err != nil {
			return err
		}
		return tc.app.result(tc.app.standingLine(&st), standingText(&st))
	})
}

// standingText is a target's state in a sentence.
func standingText(st *target.Standing) string {
	text := fmt.Sprintf("%s: %s, version %d", st.ID, st.State, st.Version)
	switch {
	case st.Why == "":
		return text + "; it is crawled while varde up runs"
	case st.State == target.Active:
		return text + "; it is not crawled now: " + whyText(st.Why)
	}
	return text + "; it is not crawled"
}

func (tc *targets) pauseAll(ctx context.Context) error {
	return tc.app.desk(ctx, func(ctx context.Context, s *store.Store, d *target.Desk) error {
		actor, err := tc.who.prove(ctx, s)
		if err != nil {
			return err
		}
		n, err := d.PauseAll(ctx, actor, tc.reason)
		if err != nil {
			return err
		}
		said := fmt.Sprintf("%d targets paused; nothing is crawled until somebody activates them again", n)
		if n == 0 {
			said = "No target was active; nothing is crawled."
		}
		return tc.app.result(map[string]int{"paused": n}, said)
	})
}
