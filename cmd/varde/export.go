package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"varde/internal/ad"
	"varde/internal/export"
	"varde/internal/fault"
	"varde/internal/store"
)

// exporter writes what the record holds; it needs neither the stream nor the index, so it also runs beside varde up.
type exporter struct {
	app        *app
	format     string
	output     string
	singletons bool
}

func newExport(a *app) *cobra.Command {
	ex := &exporter{app: a}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write ads or networks out, as " + strings.Join(export.Names(), ", "),
		Long: `Write ads or networks out, to standard output or to a file.

jsonl is for programs: one ad or network a line; exported ads can be imported again. csv is for people and spreadsheets: text
that a spreadsheet would take for a formula is made plain. graphml is for Gephi, yEd, Cytoscape and networkx.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return fmt.Errorf("%w: say what to export: ads, networks, or network ID", fault.ErrUsage)
		},
	}
	flags := func(c *cobra.Command) *cobra.Command {
		c.Flags().StringVar(&ex.format, "format", "jsonl", "one of "+strings.Join(export.Names(), ", "))
		c.Flags().StringVarP(&ex.output, "output", "o", "", "write to this `file` (packed if it ends in .gz or .zst) instead of standard output")
		return c
	}
	ads := flags(&cobra.Command{Use: "ads", Short: "Every ad with its score, reasons, identifiers and network", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return ex.run(cmd.Context(), ex.ads) }})
	networks := flags(&cobra.Command{Use: "networks", Short: "Every network of two or more ads, with its reasons", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return ex.run(cmd.Context(), ex.networks) }})
	networks.Flags().BoolVar(&ex.singletons, "singletons", false, "also ads that are linked to no other")
	one := flags(&cobra.Command{Use: "network ID", Short: "One network", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return ex.run(cmd.Context(), func(ctx context.Context, s *store.Store, f export.Format, w io.Writer, explain export.Explainer) error {
				return ex.network(ctx, s, f, w, explain, args[0])
			})
		}})
	cmd.AddCommand(ads, networks, one)
	return cmd
}

type exportFunc func(ctx context.Context, s *store.Store, f export.Format, w io.Writer, explain export.Explainer) error

func (ex *exporter) run(ctx context.Context, write exportFunc) (err error) {
	format, err := export.ByName(ex.format)
	if err != nil {
		return err
	}
	settings, err := ex.app.settings()
	if err != nil {
		return err
	}
	catalogue, err := loadCatalogue()
	if err != nil {
		return err
	}
	explain := func(code string) string {
		if e, ok := catalogue.Entry(code); ok {
			return e.Title[settings.Console.Language]
		}
		return code
	}
	s, err := ex.app.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if ex.output == "" {
		return write(ctx, s, format, ex.app.out, explain)
	}
	return replaceFile(ex.output, func(w io.Writer) error { return write(ctx, s, format, w, explain) })
}

// replaceFile writes beside the file and puts it in place when it is whole: a broken export is never taken for a full one.
func replaceFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder; name a file in it", path)
	}
	beside := filepath.Join(filepath.Dir(path), ".part-"+filepath.Base(path))
	w, err := ad.Create(beside)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := errors.Join(write(w), w.Close()); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(beside))
	}
	if err := os.Rename(beside, path); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(beside))
	}
	return nil
}

func (ex *exporter) ads(ctx context.Context, s *store.Store, f export.Format, w io.Writer, explain export.Explainer) error {
	return f.Ads(w, s.Ads(ctx, ""), explain)
}

func (ex *exporter) networks(ctx context.Context, s *store.Store, f export.Format, w io.Writer, explain export.Explainer) error {
	return f.Networks(w, linked(s.Networks(ctx), ex.singletons), explain)
}

// linked passes networks of one over, unless they are asked for.
func linked(all iter.Seq2[ad.Network, error], singletons bool) iter.Seq2[ad.Network, error] {
	return func(yield func(ad.Network, error) bool) {
		for n, err := range all {
			if err == nil && len(n.Ads) < 2 && !singletons {
				continue
			}
			if !yield(n, err) {
				return
			}
		}
	}
}

func (ex *exporter) network(ctx context.Context, s *store.Store, f export.Format, w io.Writer, explain export.Explainer, id string) error {
	n, err := s.Network(ctx, id)
	if err != nil {
		return noNetwork(id, err)
	}
	if n.ID != id {
		ex.app.warn("network %s is part of %s now", id, n.ID)
	}
	return f.Networks(w, func(yield func(ad.Network, error) bool) { yield(n, nil) }, explain)
}
