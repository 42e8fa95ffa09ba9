package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"varde/internal/auth"
	"varde/internal/fault"
	"varde/internal/sim"
	"varde/internal/target"
)

func newDemo(a *app) *cobra.Command {
	var d demo
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Crawl simulated sites on this machine and show what is found",
		Long: `Start four simulated marketplaces on loopback, crawl them, and show the networks that are found in the console.

Everything is made up by a program and runs in this process; nothing leaves the machine. The data folder (demo-data unless --data
says another) can be deleted at any time; with it, a demo that is stopped goes on where it was. truth.jsonl in it says who is behind
which ad, for varde eval.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d.app = a
			if !cmd.Flags().Changed("data") {
				a.data = "demo-data"
			}
			return d.run(cmd.Context())
		},
	}
	cmd.Flags().IntVar(&d.ads, "ads", 600, "how many `ads` the simulated world has")
	cmd.Flags().Int64Var(&d.seed, "seed", 1, "another `number` makes another world")
	cmd.Flags().StringVar(&d.listen, "listen", "", "`HOST:PORT` of the console, instead of the configured one")
	return cmd
}

// demo is a simulated world and the service on it.
type demo struct {
	app    *app
	ads    int
	seed   int64
	listen string
}

// demoWorld is demo.json: what the world of a data folder was made from, so that a demo that is started again has the same one.
type demoWorld struct {
	Ads   int       `json:"ads"`
	Seed  int64     `json:"seed"`
	Start time.Time `json:"start"`
}

func (d *demo) run(ctx context.Context) (err error) {
	if d.ads < 10 {
		return fmt.Errorf("%w: a world of %d ads shows nothing; use --ads 10 or more", fault.ErrUsage, d.ads)
	}
	if err := d.ownFolder(); err != nil {
		return err
	}
	made, err := d.world() // before the record, by which a folder of real ads is told
	if err != nil {
		return err
	}
	sys, err := d.app.open(ctx, slog.LevelWarn)
	if err != nil {
		return err
	}
	world := sim.NewWorld(sim.Config{Seed: made.Seed, Ads: made.Ads, Start: made.Start})
	if err := replaceFile(filepath.Join(d.app.data, "truth.jsonl"), func(w io.Writer) error { return world.WriteTruth(w) }); err != nil {
		return errors.Join(err, sys.close())
	}
	sites, err := sim.Serve(ctx, world)
	if err != nil {
		return errors.Join(fmt.Errorf("start the simulated sites: %w", err), sys.close())
	}
	defer sites.Close()
	targets, err := demoTargets(sites)
	if err != nil {
		return errors.Join(err, sys.close())
	}
	return sys.with(ctx, func(ctx context.Context) error {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return d.drip(ctx, sites, made.Ads) })
		g.Go(func() error { return sys.show(ctx, d.app, d.listen, targets, d.greet(ctx)) })
		g.Go(func() error { return d.tell(ctx, sys) })
		return g.Wait()
	})
}

// ownFolder sees to it that nothing made up gets into a record of real ads, and that no real account gets a new password.
func (d *demo) ownFolder() error {
	if d.app.dbURL != "" || d.app.natsURL != "" {
		return fmt.Errorf("%w: the demo runs on what it brings along; leave --db and --nats out", fault.ErrUsage)
	}
	_, made := os.Stat(d.worldFile())
	if errors.Is(made, os.ErrNotExist) && d.app.needData() == nil {
		return fmt.Errorf("%w: %s holds a record that is not a demo's; choose another folder with --data", fault.ErrUsage, d.app.data)
	}
	return nil
}

func (d *demo) worldFile() string { return filepath.Join(d.app.data, "demo.json") }

// world returns what the folder's world was made from, or writes it down at the first start.
func (d *demo) world() (demoWorld, error) {
	path := d.worldFile()
	var w demoWorld
	if err := d.app.makeData(); err != nil {
		return w, err
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		w = demoWorld{Ads: d.ads, Seed: d.seed, Start: time.Now().UTC().Add(-sim.DefaultSpan - time.Hour).Truncate(time.Hour)}
		return w, replaceFile(path, func(out io.Writer) error { return json.NewEncoder(out).Encode(w) })
	}
	if err != nil {
		return w, fmt.Errorf("read the demo's world: %w", err)
	}
	if err := json.Unmarshal(data, &w); err != nil || w.Ads < 1 {
		return w, fmt.Errorf("%s is not readable; delete the folder %s to begin anew", path, d.app.data)
	}
	return w, nil
}

func demoTargets(sites *sim.Sites) ([]*target.Target, error) {
	var all []*target.Target
	for name, text := range sites.Targets() {
		t, err := target.Parse(name, []byte(text))
		if err != nil {
			return nil, fmt.Errorf("the target of a simulated site: %w", err)
		}
		all = append(all, t)
	}
	return all, nil
}

// dripEvery is how often a new ad appears on the simulated sites after the first nine tenths.
const dripEvery = 3 * time.Second

// drip lets ads appear one by one, so that there is something new to see.
func (d *demo) drip(ctx context.Context, sites *sim.Sites, ads int) error {
	tick := time.NewTicker(dripEvery)
	defer tick.Stop()
	for n := ads - ads/10; ; n++ {
		sites.Release(n)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// greet gives the demo's account a new password at each start: nothing real is behind it, and the old one is forgotten.
func (d *demo) greet(ctx context.Context) func(*auth.Auth, string) error {
	return func(acc *auth.Auth, address string) error {
		first, err := acc.First(ctx, false)
		if err != nil {
			return err
		}
		if first == nil {
			first = &auth.FirstAccount{Name: "varde"}
			if first.Password, err = acc.Reset(ctx, first.Name, false); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(d.app.out, "Varde demo: four simulated sites are being crawled. Everything you see is made up.\n\n"+
			"  console   %s\n  name      %s\n  password  %s   (for this start only)\n\nCtrl-C stops it; started again, it goes on where it was. "+
			"Delete %s to begin anew.\n", address, first.Name, first.Password, d.app.data)
		return err
	}
}

// tell prints how many ads and flagged networks there are whenever that changed, at most every few seconds.
func (d *demo) tell(ctx context.Context, sys *system) error {
	last := ""
	tick := time.NewTicker(plainEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		c, err := sys.store.Counts(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		if line := fmt.Sprintf("%d ads, %d networks: %d high, %d elevated", c.Ads, c.Networks, c.PerBand["high"], c.PerBand["elevated"]); line != last {
			fmt.Fprintln(d.app.out, line)
			last = line
		}
	}
}
