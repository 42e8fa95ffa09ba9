package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"varde/internal/ad"
	"varde/internal/export"
	"varde/internal/fault"
	"varde/internal/store"
)

// exporter writes what the record holds; it needs neither the stream nor the index, so it also runs beside varde up (but for --search).
type exporter struct {
	app        *app
	who        identity
	format     string
	output     string
	purpose    string
	handling   string
	bands      []string
	search     string
	singletons bool
}

func newExport(a *app) *cobra.Command {
	ex := &exporter{app: a, who: identity{app: a}}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write ads or networks out, as " + strings.Join(export.Names(), ", "),
		Long: `Write ads or networks out, to standard output or to a file.

jsonl is for programs: one ad or network a line; exported ads can be imported again. csv is one row an ad or a network, for spreadsheets. All
others hold networks with their ads, and what these show, and say what they are for: html (a dossier to print, with pictures of the graph and
the timeline), svg and png (the pictures), tables (nodes and edges as CSV), anx and i2csv (i2 Analyst's Notebook), graphml, gexf (Gephi), cytoscape,
neo4j, stix (2.1) and ftm (FollowTheMoney). docs/exports.md says how each is opened.

Every export is written into the log before it is given out, with its purpose and the hash of its content. jsonl and csv take the purpose of
the configuration (export.purpose) where none is stated; their statement stands beside the file, as FILE.statement.json.`,
		Example: "  varde export network n-5f3a9c01b2d4 --format html --purpose \"case 7\" -o network.html\n  varde export networks --band high --format gexf --purpose \"weekly review\" -o high.gexf",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return fmt.Errorf("%w: say what to export: ads, networks, or network ID", fault.ErrUsage)
		},
	}
	flags := func(c *cobra.Command) *cobra.Command {
		c.Flags().StringVar(&ex.format, "format", "jsonl", "one of "+strings.Join(export.Names(), ", "))
		c.Flags().StringVarP(&ex.output, "output", "o", "", "write to this `file` (packed if it ends in .gz or .zst) instead of standard output")
		c.Flags().StringVar(&ex.purpose, "purpose", "", "what for, and for whom (required for all but jsonl and csv)")
		c.Flags().StringVar(&ex.handling, "handling", string(export.Amber), "how far it may be passed on: "+words(export.Handlings))
		ex.who.flags(c)
		return c
	}
	ads := flags(&cobra.Command{Use: "ads", Short: "Every ad with its score, reasons, identifiers and network", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return ex.run(cmd.Context(), ex.ads) }})
	networks := flags(&cobra.Command{Use: "networks", Short: "Every network of two or more ads, with its reasons", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return ex.run(cmd.Context(), ex.networks) }})
	networks.Flags().BoolVar(&ex.singletons, "singletons", false, "also ads that are linked to no other")
	networks.Flags().StringSliceVar(&ex.bands, "band", nil, "only these bands: "+words(ad.Bands))
	networks.Flags().StringVar(&ex.search, "search", "", "only what this `query` finds, as on the console's search page; not while varde up runs")
	one := flags(&cobra.Command{Use: "network ID…", Short: "One network, or several", Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return ex.run(cmd.Context(), func(ctx context.Context, s *store.Store) (source, error) { return ex.named(ctx, s, args) })
		}})
	cmd.AddCommand(ads, networks, one)
	return cmd
}

// source is what one command gives out: ads, or networks.
type source struct {
	ads      export.Ads
	networks export.Networks
	// network is the id where there is one only.
	network string
}

type chooser func(ctx context.Context, s *store.Store) (source, error)

func (ex *exporter) run(ctx context.Context, choose chooser) (err error) {
	out := handout{ex: ex}
	if out.format, err = export.ByName(ex.format); err != nil {
		return err
	}
	if out.statement.Handling, err = export.ParseHandling(ex.handling); err != nil {
		return err
	}
	for _, b := range ex.bands {
		if !slices.Contains(ad.Bands, ad.Band(b)) {
			return fmt.Errorf("%w: there is no band %q; there are %s", fault.ErrUsage, b, words(ad.Bands))
		}
	}
	settings, err := ex.app.settings()
	if err != nil {
		return err
	}
	purpose := strings.TrimSpace(ex.purpose)
	if purpose == "" && out.format.Rows != nil {
		purpose = settings.Export.Purpose
	}
	if purpose == "" {
		return fmt.Errorf("%w: say what the export is for with --purpose TEXT; it stands in the export and in the log", fault.ErrUsage)
	}
	catalogue, err := loadCatalogue()
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation("Europe/Oslo") // as in the console
	if err != nil {
		return fmt.Errorf("load time zone: %w", err)
	}
	out.reader = export.Reader{Lang: settings.Console.Language, Entry: catalogue.Entry, Zone: zone}
	return ex.app.record(ctx, func(s *store.Store) error {
		actor, err := ex.actor(ctx, s)
		if err != nil {
			return err
		}
		out.statement.Purpose, out.statement.MadeBy, out.statement.MadeAt, out.statement.Program = purpose, actor, time.Now().UTC().Truncate(time.Second), software
		from, err := choose(ctx, s)
		if err != nil {
			return err
		}
		return out.give(ctx, s, from)
	})
}

// actor is the account that --as names and its password proves, or whoever runs the command on this machine: who can do that can read the
// record without it.
func (ex *exporter) actor(ctx context.Context, s *store.Store) (string, error) {
	if ex.who.name != "" {
		return ex.who.prove(ctx, s)
	}
	u, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("find out who exports; name an account with --as NAME: %w", err)
	}
	return "system:" + u.Username, nil
}

func (ex *exporter) ads(ctx context.Context, s *store.Store) (source, error) {
	return source{ads: s.Ads(ctx, "")}, nil
}

func (ex *exporter) networks(ctx context.Context, s *store.Store) (source, error) {
	if strings.TrimSpace(ex.search) == "" {
		return source{networks: ex.chosen(s.Networks(ctx))}, nil
	}
	ids, err := ex.found(ctx, s)
	if err != nil {
		return source{}, err
	}
	return source{networks: ex.chosen(networksOf(ctx, s, ids))}, nil
}

// chosen passes over networks of other bands, and those of one ad unless they are asked for.
func (ex *exporter) chosen(all export.Networks) export.Networks {
	return func(yield func(ad.Network, error) bool) {
		for n, err := range all {
			if err == nil && (len(n.Ads) < 2 && !ex.singletons || len(ex.bands) > 0 && !slices.Contains(ex.bands, string(n.Band))) {
				continue
			}
			if !yield(n, err) {
				return
			}
		}
	}
}

// networksOf reads networks by their ids, one at a time; those that are gone since the ids were found are passed over.
func networksOf(ctx context.Context, s *store.Store, ids []string) export.Networks {
	return func(yield func(ad.Network, error) bool) {
		done := map[string]bool{}
		for _, id := range ids {
			n, err := s.Network(ctx, id)
			if errors.Is(err, fault.ErrNotFound) || err == nil && done[n.ID] {
				continue
			}
			done[n.ID] = true
			if !yield(n, err) {
				return
			}
		}
	}
}

// named finds networks by ids, also by ones that gave way to others.
func (ex *exporter) named(ctx context.Context, s *store.Store, ids []string) (from source, err error) {
	var now []string
	for _, id := range ids {
		n, err := s.Network(ctx, id)
		if err != nil {
			return from, noNetwork(id, err)
		}
		if n.ID != id {
			ex.app.warn("network %s is part of %s now", id, n.ID)
		}
		now = append(now, n.ID)
	}
	if slices.Sort(now); len(slices.Compact(now)) == 1 {
		from.network = now[0]
	}
	from.networks = networksOf(ctx, s, now)
	return from, nil
}
