package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"varde/internal/ad"
	"varde/internal/decision"
	"varde/internal/fault"
	"varde/internal/store"
)

func newLink(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "link",
		Short: "Cut or add links between ads, with a reason",
		Long: `What analysts decide about links: that an identifier does not link an ad to others, such as the phone of a hotel, or that two ads belong together
although nothing that they show says so. Linking follows it, also when all is linked anew by varde rebuild. Each decision has a reason and
an author, can be undone, and is in the log.`,
		Example: "  varde link cut site.example/123 phone \"412 34 567\" --reason \"the hotel's phone\" --as kari\n  varde link cut --all link host.example/terms --reason \"on every ad\" --as kari\n" +
			"  varde link add site.example/123 other.example/9 --reason \"same flat, case 2026-118\" --as kari\n  varde link undo 4 --reason \"two flats\" --as kari",
		Args: usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("%w: say cut, add, list or undo", fault.ErrUsage)
		},
	}
	cmd.AddCommand(newLinkCut(a), newLinkAdd(a), newLinkList(a), newLinkUndo(a))
	return cmd
}

// deciders opens the record for fn, with the desk of decisions about links on it. It also runs beside varde up, on the same record.
func (a *app) deciders(ctx context.Context, fn func(s *store.Store, d *decision.Desk) error) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	return a.record(ctx, func(s *store.Store) error { return fn(s, decision.NewDesk(s, settings.Region, nil)) })
}

// decide lets somebody who has proven who they are decide something, and tells what it was.
func (a *app) decide(ctx context.Context, who *identity, said string, do func(d *decision.Desk, actor string) (decision.Item, error)) error {
	return a.deciders(ctx, func(s *store.Store, d *decision.Desk) error {
		actor, err := who.prove(ctx, s)
		if err != nil {
			return err
		}
		i, err := do(d, actor)
		if err != nil {
			return err
		}
		return a.result(i, said+decisionText(i), "The networks follow at once where varde up runs, and otherwise at the next start.")
	})
}

func decisionText(i decision.Item) string {
	what := fmt.Sprintf("ads %s and %s belong together", printable(string(i.Ad)), printable(string(i.Other)))
	if i.Sort == decision.Cut {
		what = fmt.Sprintf("%s %s links no ads", i.Kind, printable(i.Value))
		if i.Ad != "" {
			what = fmt.Sprintf("%s %s does not link ad %s", i.Kind, printable(i.Value), printable(string(i.Ad)))
		}
	}
	said := fmt.Sprintf("%d  %s: %s  (%s, %s)", i.ID, what, printable(i.Reason), printable(i.By), stamp(i.At))
	if u := i.Undone; u != nil {
		said += fmt.Sprintf("; undone: %s  (%s, %s)", printable(u.Reason), printable(u.By), stamp(u.At))
	}
	return said
}

func newLinkCut(a *app) *cobra.Command {
	who := identity{app: a}
	var reason string
	var all bool
	cmd := &cobra.Command{
		Use:   "cut AD|--all phone|handle|email|payment|link|picture|text VALUE --reason TEXT",
		Short: "Decide that an identifier does not link an ad, or none of its ads",
		Long: `Decide that an identifier does not link an ad to others, or with --all that it links no ads at all. A picture or a text is named by its value, as
varde export networks --format jsonl has it, and stands for all that are nearly the same.`,
		Args: usageArgs(func(cmd *cobra.Command, args []string) error {
			if all {
				return cobra.ExactArgs(2)(cmd, args)
			}
			return cobra.ExactArgs(3)(cmd, args)
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			var key ad.Key
			if !all {
				key, args = ad.Key(args[0]), args[1:]
			}
			return a.decide(cmd.Context(), &who, "Cut: ", func(d *decision.Desk, actor string) (decision.Item, error) {
				return d.Cut(cmd.Context(), actor, key, ad.Kind(args[0]), args[1], reason)
			})
		},
	}
	who.flags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "of all ads that show it")
	reasonFlag(cmd, &reason)
	return cmd
}

func reasonFlag(cmd *cobra.Command, reason *string) {
	cmd.Flags().StringVar(reason, "reason", "", "why (required)")
}

func newLinkAdd(a *app) *cobra.Command {
	who := identity{app: a}
	var reason string
	cmd := &cobra.Command{
		Use:   "add AD AD --reason TEXT",
		Short: "Decide that two ads belong together",
		Args:  usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decide(cmd.Context(), &who, "Added: ", func(d *decision.Desk, actor string) (decision.Item, error) {
				return d.Join(cmd.Context(), actor, ad.Key(args[0]), ad.Key(args[1]), reason)
			})
		},
	}
	who.flags(cmd)
	reasonFlag(cmd, &reason)
	return cmd
}

func newLinkList(a *app) *cobra.Command {
	var undone bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what is decided about links",
		Args:  usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.deciders(cmd.Context(), func(_ *store.Store, d *decision.Desk) error {
				list, err := d.List(cmd.Context())
				if err != nil {
					return err
				}
				list = slices.DeleteFunc(list, func(i decision.Item) bool { return i.Undone != nil && !undone })
				text := make([]string, 0, len(list)+1)
				for _, i := range list {
					text = append(text, decisionText(i))
				}
				if len(list) == 0 {
					list, text = []decision.Item{}, append(text, "Nothing is decided about links; varde link cut and varde link add do that.")
				}
				return a.result(list, text...)
			})
		},
	}
	cmd.Flags().BoolVar(&undone, "undone", false, "also what was undone")
	return cmd
}

func newLinkUndo(a *app) *cobra.Command {
	who := identity{app: a}
	var reason string
	cmd := &cobra.Command{
		Use:   "undo ID --reason TEXT",
		Short: "Take a decision about a link back, by its number in varde link list",
		Args:  usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return fmt.Errorf("%w: %q is no number of a decision; varde link list shows them", fault.ErrUsage, args[0])
			}
			return a.decide(cmd.Context(), &who, "Undone: ", func(d *decision.Desk, actor string) (decision.Item, error) {
				return d.Undo(cmd.Context(), actor, id, reason)
			})
		},
	}
	who.flags(cmd)
	reasonFlag(cmd, &reason)
	return cmd
}
