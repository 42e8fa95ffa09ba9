package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"varde/internal/fault"
)

func newDead(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dead",
		Short: "What could not be processed: list it, or put it back",
		Long: `A message that fails again and again is set aside with its reason, and the rest goes on. List what is set aside, mend the
cause, and put it back. While varde up runs, reach it with --nats (see varde up --listen-nats).`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("%w: say list or replay", fault.ErrUsage)
		},
	}
	list := &cobra.Command{Use: "list", Short: "What is set aside, with its reason", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return deadList(cmd.Context(), a) }}
	var all bool
	replay := &cobra.Command{Use: "replay NUMBER...", Short: "Put messages back, by their numbers in the list, and process them",
		RunE: func(cmd *cobra.Command, args []string) error { return deadReplay(cmd.Context(), a, args, all) }}
	replay.Flags().BoolVar(&all, "all", false, "everything that is set aside")
	cmd.AddCommand(list, replay)
	return cmd
}

type deadLine struct {
	Number     uint64    `json:"number"`
	At         time.Time `json:"at"`
	Stage      string    `json:"stage"`
	Message    string    `json:"message"`
	Deliveries int       `json:"deliveries"`
	Reason     string    `json:"reason"`
}

func deadList(ctx context.Context, a *app) (err error) {
	if a.natsURL == "" {
		if err := a.needData(); err != nil {
			return err
		}
	}
	s, err := a.openStream(ctx, a.logger(slog.LevelWarn))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	lines := []deadLine{}
	for d, err := range s.Dead(ctx) {
		if err != nil {
			return err
		}
		lines = append(lines, deadLine{Number: d.Seq, At: d.At, Stage: d.Consumer, Message: d.ID, Deliveries: d.Deliveries, Reason: d.Reason})
	}
	if a.json {
		return a.result(lines)
	}
	if len(lines) == 0 {
		return a.result(nil, "Nothing is set aside.")
	}
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tSINCE\tSTAGE\tTRIES\tREASON")
	for _, l := range lines {
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%s\n", l.Number, l.At.UTC().Format(time.DateTime), l.Stage, l.Deliveries, printable(l.Reason))
	}
	return w.Flush()
}

// printable keeps a terminal safe from what came with strangers' bytes: control characters, and those that turn text around.
func printable(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) || r == utf8.RuneError }) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if one := s[:n]; r != utf8.RuneError && strconv.IsPrint(r) {
			b.WriteString(one)
		} else {
			q := strconv.Quote(one)
			b.WriteString(q[1 : len(q)-1])
		}
		s = s[n:]
	}
	return b.String()
}

func deadReplay(ctx context.Context, a *app, args []string, all bool) error {
	if all == (len(args) > 0) {
		return fmt.Errorf("%w: give the numbers that varde dead list shows, or --all", fault.ErrUsage)
	}
	var numbers []uint64
	for _, arg := range args {
		n, err := strconv.ParseUint(arg, 10, 64)
		if err != nil {
			return fmt.Errorf("%w: %q is not a number of varde dead list", fault.ErrUsage, arg)
		}
		numbers = append(numbers, n)
	}
	if err := a.needData(); err != nil {
		return err
	}
	sys, err := a.openToPublish(ctx)
	if err != nil {
		return err
	}
	put := 0
	err = sys.with(ctx, func(ctx context.Context) error {
		if all {
			for d, err := range sys.stream.Dead(ctx) {
				if err != nil {
					return err
				}
				numbers = append(numbers, d.Seq)
			}
		}
		if put, err = sys.stream.Replay(ctx, numbers...); err != nil {
			return err
		}
		return sys.settle(ctx, func(int) {})
	})
	if err != nil {
		return err
	}
	return a.result(map[string]int{"replayed": put}, fmt.Sprintf("%d messages put back and processed; varde dead list shows what failed again", put))
}
