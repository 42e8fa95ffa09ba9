package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/watch"
)

func newWatch(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Phones, handles, addresses, links and accounts known from cases and tips",
		Long: `The watch list: what is known from a case or a tip. An ad that shows one of these gets the indicator N14, which names the reference; ads that
are known already get it too. Each entry has a reference and an author, and each change is in the log.`,
		Example: "  varde watch add phone \"412 34 567\" --reference \"case 2026-118\" --as kari\n  varde watch add handle telegram:mia_b --reference \"tip 3\" --as kari",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return fmt.Errorf("%w: say add, list or remove", fault.ErrUsage)
		},
	}
	cmd.AddCommand(newWatchAdd(a), newWatchList(a), newWatchRemove(a))
	return cmd
}

// watchers opens the record for fn, with the desk of the watch list on it. It also runs beside varde up, on the same record.
func (a *app) watchers(ctx context.Context, fn func(s *store.Store, d *watch.Desk) error) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	return a.record(ctx, func(s *store.Store) error { return fn(s, watch.NewDesk(s, settings.Region, nil)) })
}

func watchText(i watch.Item) string {
	said := fmt.Sprintf("%-8s %-32s %s  (%s, %s)", i.Kind, printable(i.Value), printable(i.Reference), printable(i.By), stamp(i.At))
	if i.Note != "" {
		said += "  " + printable(i.Note)
	}
	return said
}

func newWatchList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List what is watched",
		Args:  usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.watchers(cmd.Context(), func(_ *store.Store, d *watch.Desk) error {
				list, err := d.List(cmd.Context())
				if err != nil {
					return err
				}
				text := make([]string, 0, len(list)+1)
				for _, i := range list {
					text = append(text, watchText(i))
				}
				if len(list) == 0 {
					list, text = []watch.Item{}, append(text, "Nothing is watched; varde watch add puts something on the list.")
				}
				return a.result(list, text...)
			})
		},
	}
}

func newWatchAdd(a *app) *cobra.Command {
	who := identity{app: a}
	var reference, note string
	var replace bool
	cmd := &cobra.Command{
		Use:   "add phone|handle|email|payment|link VALUE --reference TEXT",
		Short: "Put something on the watch list, or give it a new reference",
		Args:  usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.watchers(cmd.Context(), func(s *store.Store, d *watch.Desk) error {
				there, err := d.Find(cmd.Context(), ad.Kind(args[0]), args[1])
				switch { // before a password is asked for
				case err != nil:
					return err
				case there != nil && !replace: // another's case must not vanish unseen
					return fmt.Errorf("watched already: %s; --replace puts this reference in the place of that", watchText(*there))
				}
				actor, err := who.prove(cmd.Context(), s)
				if err != nil {
					return err
				}
				i, err := d.Add(cmd.Context(), actor, ad.Kind(args[0]), args[1], reference, note)
				if err != nil {
					return err
				}
				return a.result(i, "Watched: "+watchText(i), "Ads that show it get N14 at once where varde up runs, and otherwise at the next start.")
			})
		},
	}
	who.flags(cmd)
	cmd.Flags().StringVar(&reference, "reference", "", "the case or tip that it is known from (required)")
	cmd.Flags().StringVar(&note, "note", "", "a remark, kept with it")
	cmd.Flags().BoolVar(&replace, "replace", false, "put this reference and note in the place of those that are there")
	return cmd
}

func newWatchRemove(a *app) *cobra.Command {
	who := identity{app: a}
	var reason string
	cmd := &cobra.Command{
		Use:   "remove phone|handle|email|payment|link VALUE --reason TEXT",
		Short: "Take something off the watch list",
		Args:  usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.watchers(cmd.Context(), func(s *store.Store, d *watch.Desk) error {
				actor, err := who.prove(cmd.Context(), s)
				if err != nil {
					return err
				}
				err = d.Remove(cmd.Context(), actor, ad.Kind(args[0]), args[1], reason)
				if errors.Is(err, fault.ErrNotFound) {
					return fmt.Errorf("%s %q is not watched; varde watch list shows what is", args[0], args[1])
				}
				if err != nil {
					return err
				}
				return a.result(map[string]string{"kind": args[0], "value": args[1]}, "No longer watched: "+args[0]+" "+args[1])
			})
		},
	}
	who.flags(cmd)
	cmd.Flags().StringVar(&reason, "reason", "", "why (required)")
	return cmd
}
