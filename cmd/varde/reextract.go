package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/audit"
	"varde/internal/evidence"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// reextract reads stored pages again with a mended adapter.
type reextract struct {
	app          *app
	who          identity
	id, reason   string
	since, until string
	dry          bool
	noWait       bool
}

func newReextract(a *app) *cobra.Command {
	re := &reextract{app: a, who: identity{app: a}}
	c := &cobra.Command{
		Use:   "reextract --target ID",
		Short: "Read a target's stored pages again with its current version, without fetching",
		Long: `Read the pages that the evidence has of a target again with the adapter of its current version, after a site changed its layout and the
adapter was mended. Nothing is fetched. What reads differently than before is published as another reading of the same look, and
shows instead of the first; the first stays in the record and in the evidence. How the coverage of each field changes is printed.

With --dry-run nothing is published, nobody needs a name, and the current version may be a draft. Otherwise it must be approved: what
the record shows is changed by two people.`,
		Example: "  varde reextract --target site --dry-run\n  varde reextract --target site --since 2026-10-01 --as kari",
		Args:    usageArgs(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return re.run(cmd.Context()) },
	}
	re.who.flags(c)
	c.Flags().StringVar(&re.id, "target", "", "the target, by its `ID` (required)")
	c.Flags().StringVar(&re.since, "since", "", "only pages fetched from this day or instant on, as in 2026-10-01 or 2026-10-01T08:00:00Z (UTC)")
	c.Flags().StringVar(&re.until, "until", "", "only pages fetched before this day or instant")
	c.Flags().BoolVar(&re.dry, "dry-run", false, "only print what would change")
	c.Flags().BoolVar(&re.noWait, "no-wait", false, "return when what is new is safely on disk, before it is searchable")
	c.Flags().StringVar(&re.reason, "reason", "", "why, for the log")
	return c
}

// instant reads a day or an instant; "" is none.
func instant(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: %s %q is no day such as 2026-10-01 and no instant such as 2026-10-01T08:00:00Z", fault.ErrUsage, flag, text)
}

func (re *reextract) run(ctx context.Context) error {
	if re.id == "" {
		return fmt.Errorf("%w: name the target with --target ID", fault.ErrUsage)
	}
	since, err := instant("--since", re.since)
	if err != nil {
		return err
	}
	until, err := instant("--until", re.until)
	if err != nil {
		return err
	}
	r := &rereader{since: since, until: until}
	err = re.read(ctx, r)
	if err != nil {
		return err
	}
	for _, f := range r.res.Faults {
		re.app.warn("%s", printable(f))
	}
	if r.res.SetAside > 0 {
		re.app.warn("%d messages could not be processed and are set aside; varde dead list shows why", r.res.SetAside)
	}
	return re.tell(&r.res)
}

// read opens what reading takes: the record alone for a dry run, everything otherwise.
func (re *reextract) read(ctx context.Context, r *rereader) error {
	archive, err := re.app.readEvidence()
	if err != nil {
		return err
	}
	defer archive.Close()
	r.archive = archive
	actor := ""
	err = re.app.desk(ctx, func(ctx context.Context, s *store.Store, d *target.Desk) error {
		st, err := d.Get(ctx, re.id)
		if err != nil {
			return noTarget(re.id, err)
		}
		r.target = st.Spec
		if re.dry {
			return r.run(ctx, s)
		}
		if st.State == target.Draft || st.State == target.Revoked || st.Why == target.Unreadable {
			return fmt.Errorf("%w: version %d of %s is %s; have it approved before it changes what the record shows, or look with --dry-run", fault.ErrUsage, st.Version, st.ID, st.State)
		}
		actor, err = re.who.prove(ctx, s)
		return err
	})
	if err != nil || re.dry {
		return err
	}
	sys, err := re.app.openToPublish(ctx)
	if err != nil {
		return err
	}
	return sys.with(ctx, func(ctx context.Context) error {
		p, err := re.app.publishing(sys)
		if err != nil {
			return err
		}
		r.publisher = p
		return errors.Join(re.publish(ctx, sys, r, actor), p.close())
	})
}

// publish reads again and publishes, in the name of somebody.
func (re *reextract) publish(ctx context.Context, sys *system, r *rereader, actor string) error {
	entry := audit.Entry{At: time.Now().UTC(), Actor: actor, Action: audit.TargetReread, Subject: audit.Target(r.target.ID), Version: r.target.Version, Reason: re.reason,
		Object: strings.TrimSpace(re.since + " .. " + re.until)}
	if err := sys.store.PutEntry(ctx, entry); err != nil {
		return err
	}
	dead, err := sys.stream.DeadCount(ctx)
	if err != nil {
		return err
	}
	if err := r.run(ctx, sys.store); err != nil {
		return err
	}
	if re.noWait || r.res.Published == 0 {
		return nil
	}
	if err := sys.settle(ctx, func(int) {}); err != nil {
		return fmt.Errorf("what was read is safe, but waiting for it to be searchable failed: %w", err)
	}
	after, err := sys.stream.DeadCount(ctx)
	r.res.SetAside = max(0, after-dead)
	return err
}

// tell prints the result.
func (re *reextract) tell(res *rereadResult) error {
	if re.app.json {
		return re.app.result(res)
	}
	out := re.app.out
	fmt.Fprintf(out, "%s, version %d: %d looks at ad pages read again: %d as before, %d differently (%d of them gave nothing before), %d give no ad (%d of them did before)\n",
		res.Target, res.Version, res.Pages, res.Unchanged, res.Changed, res.New, res.NoAd, res.Lost)
	for _, why := range slices.Sorted(maps.Keys(res.Why)) {
		fmt.Fprintf(out, "  no ad: %d × %s\n", res.Why[why], printable(why))
	}
	if res.Orphans > 0 {
		fmt.Fprintf(out, "%d looks say that a page was as before, and that page is not in the evidence\n", res.Orphans)
	}
	if res.Stuck > 0 {
		fmt.Fprintf(out, "%d read differently than by version %d before; add a new version of the target, have it approved, and read again\n", res.Stuck, res.Version)
	}
	res.table(out)
	switch {
	case re.dry:
		fmt.Fprintln(out, "Nothing was published: --dry-run.")
	case res.Published == 0:
		fmt.Fprintln(out, "There was nothing to publish.")
	case re.noWait:
		fmt.Fprintf(out, "%d published; they are on disk and become searchable when the roles run.\n", res.Published)
	default:
		fmt.Fprintf(out, "%d published; they are scored, linked and searchable.\n", res.Published)
	}
	return nil
}

func (res *rereadResult) table(out io.Writer) {
	if len(res.Fields) == 0 {
		return
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "FIELD\tBEFORE\tAFTER\t")
	for _, f := range res.Fields {
		change := ""
		switch {
		case f.After > f.Before:
			change = fmt.Sprintf("+%d", f.After-f.Before)
		case f.After < f.Before:
			change = fmt.Sprintf("%d  LESS THAN BEFORE", f.After-f.Before)
		}
		fmt.Fprintf(w, "%s\t%d of %d\t%d of %d\t%s\n", f.Field, f.Before, res.Pages, f.After, res.Pages, change)
	}
	_ = w.Flush() // a terminal that is gone is told at the end
}

// publishing is how sightings made here get out: first into the evidence, synced, then to the stream.
type publishing struct {
	sys     *system
	archive *evidence.Archive
	own     bool
}

// publishing opens the evidence for writing, unless the system has it open.
func (a *app) publishing(sys *system) (*publishing, error) {
	p := &publishing{sys: sys, archive: sys.archive}
	if p.archive == nil { // the service runs elsewhere; its files are not touched: every process writes its own
		archive, err := a.openArchive(a.logger(slog.LevelWarn))
		if err != nil {
			return nil, err
		}
		p.archive, p.own = archive, true
	}
	return p, nil
}

func (p *publishing) close() error {
	if !p.own {
		return nil
	}
	return p.archive.Close()
}
