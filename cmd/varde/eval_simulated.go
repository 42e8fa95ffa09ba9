package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/configs"
	"varde/detectors"
	"varde/internal/ad"
	"varde/internal/eval"
	"varde/internal/sim"
)

// simulatedStart is when the first ad of an evaluated world is posted. It is fixed, so that a seed gives the same figures on every day.
var simulatedStart = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// simulate makes a world, reads and links its ads in memory, and measures them. Nothing is written.
func (g *goldEval) simulate(ctx context.Context) error {
	world := sim.NewWorld(sim.Config{Seed: g.seed, Ads: g.ads, Start: simulatedStart, Boilerplate: true})
	findings, err := g.readWorld(ctx, world)
	if err != nil {
		return err
	}
	ads, networks, err := g.linkWorld(ctx, findings)
	if err != nil {
		return err
	}
	var gold []eval.Gold
	for _, t := range world.Truth() {
		gold = append(gold, eval.Gold{Ad: t.Ad, Controller: t.Controller, Kind: t.Kind, Exploitative: t.Exploitative})
	}
	return g.tell(gold, ads, networks, shownIn(world, findings))
}

// readWorld draws the pictures of a world's ads, unless they are to be imitated, and reads the ads with all detectors, in the order in which they
// were posted.
func (g *goldEval) readWorld(ctx context.Context, world *sim.World) ([]ad.Finding, error) {
	catalogue, err := loadCatalogue()
	if err != nil {
		return nil, err
	}
	d, err := detectors.New(detectors.Config{Catalogue: catalogue, Files: configs.FS, Region: "NO"})
	if err != nil {
		return nil, fmt.Errorf("make the detectors ready: %w", err)
	}
	findings := make([]ad.Finding, world.Len())
	read, ctx := errgroup.WithContext(ctx)
	read.SetLimit(runtime.NumCPU())
	bar := newProgress(g.app.err, "ads read", world.Len())
	defer bar.end()
	var done atomic.Int64
	for i := range findings {
		read.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			s, err := g.sighting(world, i)
			if err != nil {
				return err
			}
			f, err := d.Find(ctx, &s)
			findings[i] = f
			bar.set(int(done.Add(1)))
			return err
		})
	}
	if err := read.Wait(); err != nil {
		return nil, fmt.Errorf("read the simulated world: %w", err)
	}
	return findings, nil
}

// sighting is an ad of the world with the hashes of its pictures.
func (g *goldEval) sighting(world *sim.World, i int) (ad.Sighting, error) {
	if g.imitate {
		return world.Imitated(i), nil
	}
	s := world.Sighting(i)
	return s, world.Hash(&s)
}

// linkWorld links findings as the linker does, and returns the ads and the networks as the record would have them.
func (g *goldEval) linkWorld(ctx context.Context, findings []ad.Finding) (ads iter.Seq2[ad.Ad, error], networks iter.Seq2[ad.Network, error], err error) {
	settings, err := g.app.settings()
	if err != nil {
		return nil, nil, err
	}
	catalogue, err := loadCatalogue()
	if err != nil {
		return nil, nil, err
	}
	linker, err := openLinker(settings.Linking, "", catalogue)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, linker.Close()) }()
	standings, byID := map[ad.Key]ad.Standing{}, map[string]ad.Network{}
	for from := 0; from < len(findings); from += batchSize {
		update, err := linker.Link(ctx, findings[from:min(from+batchSize, len(findings))], simulatedStart)
		if err != nil {
			return nil, nil, fmt.Errorf("link the simulated world: %w", err)
		}
		if err := linker.Save("simulated", int64(from)); err != nil {
			return nil, nil, fmt.Errorf("link the simulated world: %w", err)
		}
		for _, st := range update.Standings {
			standings[st.Key] = st
		}
		for _, id := range update.Removed {
			delete(byID, id)
		}
		for _, n := range update.Networks {
			byID[n.ID] = n
		}
	}
	ads = func(yield func(ad.Ad, error) bool) {
		for _, f := range findings {
			key := f.Sighting.Key()
			if !yield(ad.Ad{Key: key, Finding: f, Identifiers: f.Identifiers, Standing: standings[key]}, nil) {
				return
			}
		}
	}
	networks = func(yield func(ad.Network, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(byID)) {
			if !yield(byID[id], nil) {
				return
			}
		}
	}
	return ads, networks, nil
}
