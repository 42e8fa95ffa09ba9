package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
)

func newRebuild(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the networks and the index anew from the record alone",
		Long: `Make what is derived anew from the record alone: the networks with their scores, and the search index.

Findings stay as they were read; networks keep their ids. The index is built beside the old one and swapped when it is whole.
Varde must not be running on the same data folder.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return rebuild(cmd.Context(), a) },
	}
}

func rebuild(ctx context.Context, a *app) (err error) {
	began := time.Now()
	if err := a.needData(); err != nil {
		return err
	}
	sys, err := a.open(ctx, slog.LevelWarn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sys.close()) }()
	if err := sys.emptyLinker(ctx); err != nil {
		return err
	}
	update, err := sys.linker.Rebuild(ctx, time.Now().UTC())
	if err != nil {
		return fmt.Errorf("link anew: %w", err)
	}
	if _, err := sys.store.Replace(ctx, update); err != nil {
		return fmt.Errorf("record the networks: %w", err)
	}
	if err := sys.saveLinker(ctx); err != nil {
		return err
	}
	if err := sys.index.Rebuild(ctx); err != nil {
		return fmt.Errorf("build the index: %w", err)
	}
	counts, err := sys.store.Counts(ctx)
	if err != nil {
		return err
	}
	took := time.Since(began).Round(100 * time.Millisecond)
	return a.result(map[string]any{"ads": counts.Ads, "networks": counts.Networks, "took_ns": took},
		fmt.Sprintf("%d ads linked and indexed anew: %d networks of two or more (%s)", counts.Ads, counts.Networks, took))
}
