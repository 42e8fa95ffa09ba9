package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/store"
	"varde/internal/target"
)

// looks makes one of the commands that only look: they need nobody's name.
func looks(a *app, c *cobra.Command, run func(ctx context.Context, s *store.Store, d *target.Desk, args []string) error) *cobra.Command {
	c.Args = usageArgs(c.Args)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		return a.desk(cmd.Context(), func(ctx context.Context, s *store.Store, d *target.Desk) error { return run(ctx, s, d, args) })
	}
	return c
}

// stamp is an instant for people; they may be anywhere, so it says its zone.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// listLine is a target with how far its crawl is.
type listLine struct {
	standingLine
	Ads      int       `json:"ads_known"`
	LastRead time.Time `json:"last_read,omitzero"`
	NextDue  time.Time `json:"next_due,omitzero"`
	// Trouble is what somebody should look at.
	Trouble []string `json:"trouble,omitempty"`
}

func newTargetList(a *app) *cobra.Command {
	return looks(a, &cobra.Command{Use: "list", Short: "All targets, their state, and why one is not crawled now", Args: cobra.NoArgs},
		func(ctx context.Context, s *store.Store, d *target.Desk, _ []string) error {
			return targetList(ctx, a, s, d)
		})
}

func targetList(ctx context.Context, a *app, s *store.Store, d *target.Desk) error {
	all, err := d.List(ctx)
	if err != nil {
		return err
	}
	list := []listLine{}
	now := time.Now()
	for i := range all {
		size, err := s.FrontierSize(ctx, all[i].ID, now)
		if err != nil {
			return err
		}
		troubles, err := troubleOf(ctx, s, &all[i], size, now)
		if err != nil {
			return err
		}
		l, _, err := a.furtherLine(ctx, s, d, &all[i])
		if err != nil {
			return err
		}
		list = append(list, listLine{l, size.Ads, size.LastRead, size.NextDue, troubles})
	}
	if a.json {
		return a.result(list)
	}
	if len(list) == 0 {
		return a.result(nil, "There are no targets yet. Write a file like configs/targets/example.yaml, and add it with varde target add FILE.")
	}
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "TARGET\tSTATE\tVERSION\tVALID TO\tADS KNOWN\tLAST READ\tNOT CRAWLED BECAUSE\tTROUBLE")
	for _, l := range list {
		why := ""
		if l.Why != "" {
			why = whyText(l.Why)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%d\t%s\t%s\t%s\n", l.ID, l.State, l.Version, stamp(l.ValidTo), l.Ads, stamp(l.LastRead), why, strings.Join(l.Trouble, "; "))
	}
	return w.Flush()
}

// targetReport is all that is known of a target.
type targetReport struct {
	standingLine
	Authority target.Authority `json:"authority"`
	Robots    string           `json:"robots"`
	Hosts     []string         `json:"hosts"`
	Windows   []string         `json:"windows,omitempty"`
	// Opens is when its hours open next, where they are closed now.
	Opens    time.Time      `json:"opens,omitzero"`
	Size     sizeLine       `json:"pages"`
	Outcomes []outcomeLine  `json:"outcomes"`
	Coverage []coverageLine `json:"coverage"`
	// Trouble is what somebody should look at.
	Trouble []string `json:"trouble,omitempty"`
}

type sizeLine struct {
	Lists    int       `json:"lists"`
	Ads      int       `json:"ads"`
	Read     int       `json:"read"`
	Due      int       `json:"due"`
	Gone     int       `json:"gone"`
	LastRead time.Time `json:"last_read,omitzero"`
	NextDue  time.Time `json:"next_due,omitzero"`
	// LeftUntil is until when the site is left alone, as it is busy, down or closed to programs; Rests is how often in a row.
	LeftUntil time.Time `json:"left_until,omitzero"`
	Rests     int       `json:"rests,omitempty"`
}

type outcomeLine struct {
	Outcome frontier.Outcome `json:"outcome"`
	N       int              `json:"n"`
	First   time.Time        `json:"first,omitzero"`
	Last    time.Time        `json:"last,omitzero"`
	Example string           `json:"example,omitempty"`
	Detail  string           `json:"detail,omitempty"`
}

type coverageLine struct {
	Field   string `json:"field"`
	Version int    `json:"version"`
	Pages   int    `json:"pages"`
	Had     int    `json:"had"`
	// Fallen: the latest pages lack a field that pages used to have; Missing is one of them.
	Fallen  bool   `json:"fallen,omitempty"`
	Missing string `json:"missing,omitempty"`
}

func newTargetShow(a *app) *cobra.Command {
	return looks(a, &cobra.Command{Use: "show ID", Short: "A target's authority, state, outcomes, coverage of fields, and visits", Args: cobra.ExactArgs(1)},
		func(ctx context.Context, s *store.Store, d *target.Desk, args []string) error {
			st, err := d.Get(ctx, args[0])
			if err != nil {
				return noTarget(args[0], err)
			}
			r, err := a.report(ctx, s, d, &st)
			if err != nil {
				return err
			}
			if a.json {
				return a.result(r)
			}
			r.write(a.out, &st)
			return nil
		})
}

func (a *app) report(ctx context.Context, s *store.Store, d *target.Desk, st *target.Standing) (*targetReport, error) {
	now, spec := time.Now(), st.Spec
	l, _, err := a.furtherLine(ctx, s, d, st)
	if err != nil {
		return nil, err
	}
	r := &targetReport{standingLine: l, Authority: spec.Authority, Robots: spec.Robots.Policy, Hosts: spec.Hosts, Windows: spec.Windows,
		Outcomes: []outcomeLine{}, Coverage: []coverageLine{}}
	if !spec.Open(now) {
		r.Opens = spec.Opens(now)
	}
	size, err := s.FrontierSize(ctx, st.ID, now)
	if err != nil {
		return nil, err
	}
	r.Size = sizeLine(size)
	tallies, err := s.Tallies(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	for _, t := range tallies {
		r.Outcomes = append(r.Outcomes, outcomeLine{t.Outcome, t.N, t.First, t.Last, t.Example, t.Detail})
	}
	fields, err := coverageOf(ctx, s, st)
	if err != nil {
		return nil, err
	}
	r.Trouble = trouble(fields, tallies, size, now)
	for _, c := range fields {
		r.Coverage = append(r.Coverage, coverageLine{Field: c.Field, Version: c.Version, Pages: c.Pages, Had: c.Had, Fallen: c.Fallen(), Missing: c.Missing})
	}
	return r, nil
}

// write prints the report for people.
func (r *targetReport) write(out io.Writer, st *target.Standing) {
	fmt.Fprintf(out, "%s – %s\n%s\n", r.ID, printable(r.Name), standingText(st))
	if !r.Opens.IsZero() {
		fmt.Fprintf(out, "its hours open at %s\n", stamp(r.Opens))
	}
	if r.Next != "" {
		fmt.Fprintf(out, "next: %s\n", r.Next)
	}
	for _, what := range r.Trouble {
		fmt.Fprintf(out, "trouble: %s\n", what)
	}
	showAuthority(out, st.Spec)
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "\nPages\t%d lists, %d ads known; %d pages read, %d due now, %d gone\n", r.Size.Lists, r.Size.Ads, r.Size.Read, r.Size.Due, r.Size.Gone)
	fmt.Fprintf(w, "Last visit\t%s\nNext visit\t%s\n", stamp(r.Size.LastRead), stamp(r.Size.NextDue))
	if r.Size.Rests > 0 {
		fmt.Fprintf(w, "Left alone\tuntil %s: the site is busy, down or closed to programs (%d in a row)\n", stamp(r.Size.LeftUntil), r.Size.Rests)
	}
	_ = w.Flush() // a terminal that is gone is told at the end
	if len(r.Outcomes) > 0 {
		fmt.Fprintln(w, "\nOUTCOME\tTIMES\tLAST\tLATEST CASE")
		for _, o := range r.Outcomes {
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", o.Outcome, o.N, stamp(o.Last), printable(strings.TrimSpace(o.Example+" "+o.Detail)))
		}
		_ = w.Flush()
	}
	if len(r.Coverage) > 0 {
		fmt.Fprintln(w, "\nFIELD\tON PAGES\tOF\t")
		for _, c := range r.Coverage {
			note := ""
			if c.Fallen {
				note = "HAS FALLEN: the latest pages lack it, such as " + printable(c.Missing) + "; see varde target try"
			}
			fmt.Fprintf(w, "%s\t%d\t%d\t%s\n", c.Field, c.Had, c.Pages, note)
		}
		_ = w.Flush()
	}
}

// showAuthority prints under whose authority a target stands.
func showAuthority(out io.Writer, t *target.Target) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	a := t.Authority
	fmt.Fprintln(w)
	for _, f := range [][2]string{{"Purpose", a.Purpose}, {"Necessity", a.Necessity}, {"Legal basis", a.LegalBasis}, {"Reference", a.Reference}, {"Unit", a.Unit},
		{"Approver", a.Approver}, {"Valid", a.ValidFrom + " to " + a.ValidTo}, {"Terms of use", a.Terms}, {"Hosts", strings.Join(t.Hosts, " ")},
		{"Paths", strings.Join(t.Allow, " ")}, {"Not", strings.Join(t.Deny, " ")}, {"Rate", rateText(t)},
		{"Hours", strings.Join(t.Windows, ", ")}, {"robots.txt", robotsText(t)}, {"Pictures", t.Pictures},
		{"Retention", fmt.Sprintf("%d days", t.RetentionDays)}} {
		if f[1] != "" {
			fmt.Fprintf(w, "%s\t%s\n", f[0], printable(f[1]))
		}
	}
	_ = w.Flush()
}

func rateText(t *target.Target) string {
	if t.Rate == 0 {
		return fmt.Sprintf("no limit, %d at once", t.Concurrency)
	}
	return fmt.Sprintf("%v requests a second to a host, %d at once", t.Rate, t.Concurrency)
}

func robotsText(t *target.Target) string {
	if t.Robots.Ignored() {
		return "IGNORED, which takes the approver's consent: " + t.Robots.Reason
	}
	return "obeyed"
}

func newTargetDiff(a *app) *cobra.Command {
	return looks(a, &cobra.Command{
		Use:   "diff ID [FROM [TO]]",
		Short: "What changed between two versions of a target",
		Long: `Show what changed between two versions. Without TO it is the latest version; without FROM the one that was approved last before it,
or else the one before it.`,
		Args: cobra.RangeArgs(1, 3),
	}, func(ctx context.Context, _ *store.Store, d *target.Desk, args []string) error {
		return targetDiff(ctx, a, d, args)
	})
}

func targetDiff(ctx context.Context, a *app, d *target.Desk, args []string) error {
	versions, err := d.Versions(ctx, args[0])
	if err != nil {
		return noTarget(args[0], err)
	}
	to, ok := versions[0], true
	if len(args) == 3 {
		if to, err = versionOf(versions, args[2]); err != nil {
			return err
		}
	}
	var from target.Version
	if len(args) >= 2 {
		if from, err = versionOf(versions, args[1]); err != nil {
			return err
		}
	} else if from = lastApproved(versions, to.Number); from.Number == 0 {
		if from, ok = findVersion(versions, to.Number-1); !ok {
			from = target.Version{}
		}
	}
	diff := target.Diff(from, to)
	if a.json {
		type line struct {
			Kind string `json:"kind"`
			Text string `json:"text"`
		}
		lines := []line{}
		for _, l := range diff {
			lines = append(lines, line{string(l.Kind), l.Text})
		}
		return a.result(map[string]any{"from": from.Number, "to": to.Number, "lines": lines})
	}
	fmt.Fprintf(a.out, "--- version %d\n+++ version %d\n", from.Number, to.Number)
	writeDiff(a.out, diff)
	return nil
}

func versionOf(versions []target.Version, arg string) (target.Version, error) {
	n, err := versionArg(arg)
	if err != nil {
		return target.Version{}, err
	}
	v, ok := findVersion(versions, n)
	if !ok {
		return v, fmt.Errorf("%w: there is no version %d; the latest is %d", fault.ErrUsage, n, versions[0].Number)
	}
	return v, nil
}

// near is how many unchanged lines are shown around a changed one.
const near = 3

// writeDiff prints the changed lines and those near them.
func writeDiff(w io.Writer, diff []target.DiffLine) {
	show := make([]bool, len(diff))
	for i, l := range diff {
		if l.Kind != ' ' {
			for j := max(0, i-near); j <= min(len(diff)-1, i+near); j++ {
				show[j] = true
			}
		}
	}
	hidden := 0
	tell := func() {
		if hidden > 0 {
			fmt.Fprintf(w, "@@ %d lines as they were @@\n", hidden)
		}
		hidden = 0
	}
	for i, l := range diff {
		if !show[i] {
			hidden++
			continue
		}
		tell()
		fmt.Fprintf(w, "%c%s\n", l.Kind, printable(l.Text))
	}
	tell()
}

func newTargetPrint(a *app) *cobra.Command {
	version := 0
	c := looks(a, &cobra.Command{Use: "print ID", Short: "A version's text as it was added, to be edited and added again", Args: cobra.ExactArgs(1)},
		func(ctx context.Context, _ *store.Store, d *target.Desk, args []string) error {
			versions, err := d.Versions(ctx, args[0])
			if err != nil {
				return noTarget(args[0], err)
			}
			v, ok := versions[0], true
			if version != 0 {
				if v, ok = findVersion(versions, version); !ok {
					return fmt.Errorf("%w: %s has no version %d; the latest is %d", fault.ErrUsage, args[0], version, versions[0].Number)
				}
			}
			if a.json {
				return a.result(map[string]any{"id": args[0], "version": v.Number, "hash": v.Hash, "author": v.Author, "text": v.Text})
			}
			_, err = io.WriteString(a.out, v.Text)
			return err
		})
	c.Flags().IntVar(&version, "version", 0, "the version's `number` (default: the latest)")
	return c
}
