package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"varde/configs"
	"varde/detectors"
	"varde/internal/config"
	"varde/internal/eval"
	"varde/internal/fault"
	"varde/internal/indicator"
)

// mostBenchAds is the largest world that is measured: its plan alone takes some hundred megabytes.
const mostBenchAds = 4_000_000

// bench measures linking as the world grows.
type bench struct {
	app    *app
	ads    []int
	seed   int64
	batch  int
	out    string
	keep   bool
	record bool

	linking   config.Linking
	catalogue *indicator.Catalogue
	detectors *detectors.Detectors
}

func newBench(a *app) *cobra.Command {
	b := bench{app: a}
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure how fast ads are read and linked as their number grows",
		Long: `Measure how fast ads are read and linked as their number grows. For each size a simulated world is made: real texts, phones and other
identifiers, sites' standard texts, hubs, copied phrases, and hashes of pictures that were not drawn. Its ads are read as lines of a file, and
by all detectors on all processors, and linked in batches, as the service does it; with --record what linking changed is committed to an SQLite
record too.

What is told: the seconds from the first ad of a world to the last one linked, of which making the world is no part; for each stage the
processor time and the time that passed, by ad; memory, and the disk that the link state takes; and how the cost of an ad grows, fitted as
a · n^b, with what it says of the ten-millionth ad. The stream, the index and decoding pictures are not in it: docs/performance.md has theirs.

Nothing is kept but what --out names, and the link state where --keep is given.`,
		Example: "  varde bench\n  varde bench --ads 10000,100000,1000000 --out bench --seed 7\n  varde bench --ads 100000 --record --json",
		Args:    usageArgs(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return b.run(cmd.Context()) },
	}
	cmd.Flags().IntSliceVar(&b.ads, "ads", []int{10_000, 30_000, 100_000}, "how many `ads` the worlds have, up to 4000000 each")
	cmd.Flags().Int64Var(&b.seed, "seed", 1, "the `number` that decides the worlds")
	cmd.Flags().IntVar(&b.batch, "batch", batchSize, "how many `ads` are linked at once")
	cmd.Flags().StringVar(&b.out, "out", "", "write bench.json and bench.svg into a `folder`")
	cmd.Flags().BoolVar(&b.keep, "keep", false, "keep the link state of each world, and say where")
	cmd.Flags().BoolVar(&b.record, "record", false, "commit to an SQLite record as well")
	return cmd
}

// run measures world by world, the smallest first.
func (b *bench) run(ctx context.Context) error {
	for _, n := range b.ads {
		if n < 1 || n > mostBenchAds {
			return fmt.Errorf("%w: --ads takes numbers of ads from 1 to %d, not %d", fault.ErrUsage, mostBenchAds, n)
		}
	}
	if len(b.ads) == 0 || b.batch < 1 {
		return fmt.Errorf("%w: --ads names at least one size, and --batch is above 0", fault.ErrUsage)
	}
	slices.Sort(b.ads)
	b.ads = slices.Compact(b.ads)
	if err := b.ready(); err != nil {
		return err
	}
	report := benchReport{Go: runtime.Version(), Processors: runtime.NumCPU(), Seed: b.seed, Batch: b.batch, Record: b.record}
	for _, n := range b.ads {
		w, err := b.world(ctx, n)
		if len(w.Windows) > 0 {
			report.Worlds = append(report.Worlds, w)
		}
		if ctx.Err() != nil && len(report.Worlds) > 0 {
			break // what was measured is told
		}
		if err != nil {
			return fmt.Errorf("measure a world of %d ads: %w", n, err)
		}
		if b.keep {
			fmt.Fprintf(b.app.err, "the link state of %d ads is in %s\n", n, w.kept)
		}
		debug.FreeOSMemory() // the next world's memory is to be its own
	}
	report.grow()
	if b.out != "" {
		if err := report.write(b.out); err != nil {
			return err
		}
	}
	return errors.Join(b.app.result(report, report.lines()...), ctx.Err())
}

func (b *bench) ready() error {
	settings, err := b.app.settings()
	if err != nil {
		return err
	}
	b.linking = settings.Linking
	if b.catalogue, err = loadCatalogue(); err != nil {
		return err
	}
	b.detectors, err = detectors.New(detectors.Config{Catalogue: b.catalogue, Files: configs.FS, Region: settings.Region})
	if err != nil {
		return fmt.Errorf("make the detectors ready: %w", err)
	}
	return nil
}

// world measures one world in a folder of its own. Where it is stopped, it tells what it has measured beside the error.
func (b *bench) world(ctx context.Context, n int) (w benchWorld, err error) {
	dir, err := os.MkdirTemp("", "varde-bench-")
	if err != nil {
		return w, err
	}
	if !b.keep {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	r, err := b.newRun(ctx, n, dir)
	if err != nil {
		return w, err
	}
	if err := errors.Join(r.all(ctx), r.close()); err != nil && (ctx.Err() == nil || r.linked == 0) {
		return w, err
	}
	return r.told(), ctx.Err()
}

// write keeps a report and its curves.
func (r *benchReport) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	data, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "bench.json"), append(data, '\n'), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	f, err := os.Create(filepath.Join(dir, "bench.svg"))
	if err != nil {
		return fmt.Errorf("write the curves: %w", err)
	}
	return errors.Join(eval.WriteLogLog(f, "Reading and linking ads as their number grows", r.panels()), f.Close())
}
