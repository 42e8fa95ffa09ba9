package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

func newTargetHistory(a *app) *cobra.Command {
	return looks(a, &cobra.Command{Use: "history ID", Short: "Who did what to a target, when and why, newest first", Args: cobra.ExactArgs(1)},
		func(ctx context.Context, _ *store.Store, d *target.Desk, args []string) error {
			entries, err := d.History(ctx, args[0])
			if err != nil {
				return err
			}
			if len(entries) == 0 { // a file that was only tried has a history, too
				return noTarget(args[0], fault.ErrNotFound)
			}
			if a.json {
				return a.result(entries)
			}
			return writeEntries(a.out, entries)
		})
}

// writeEntries prints entries of the log for people.
func writeEntries(out io.Writer, entries []audit.Entry) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "TIME\tWHO\tDID\tVERSION\tREASON")
	for _, e := range entries {
		version := ""
		if e.Version > 0 {
			version = fmt.Sprint(e.Version)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", e.At.UTC().Format(time.DateTime), printable(e.Actor), e.Action, version,
			printable(strings.TrimSpace(strings.Join([]string{e.Reason, e.Purpose, e.Object}, " "))))
	}
	return w.Flush()
}
