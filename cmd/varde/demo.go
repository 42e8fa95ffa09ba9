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
	"slices"
	"strings"
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
	cmd.Flags().Int64Var(&d.seed, "seed", 3, "another `number` makes another world")
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
	// Sites are the addresses of the sites at the last start, kept where they are still free: the pages that are known are then the same.
	Sites map[string]string `json:"sites,omitempty"`
}

// The demo's two people: one drafts the targets and sets them going, the other approves them.
const (
	demoOperator = "kari"
	demoApprover = "ola"
)

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
	sites, err := sim.Serve(ctx, world, made.Sites)
	if err != nil {
		return errors.Join(fmt.Errorf("start the simulated sites: %w", err), sys.close())
	}
	defer sites.Close()
	if err := d.authorise(ctx, sys, made, sites); err != nil {
		return errors.Join(err, sys.close())
	}
	return sys.with(ctx, func(ctx context.Context) error {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return d.drip(ctx, sites, made.Ads) })
		g.Go(func() error { return sys.show(ctx, d.app, d.listen, d.greet(ctx)) })
		g.Go(func() error { return d.tell(ctx, sys) })
		return g.Wait()
	})
}

// ownFolder sees to it that nothing made up gets into a record of real ads, and that no real account gets a new password.
func (d *demo) ownFolder() error {
	if d.app.dbURL != "" || d.app.natsURL != "" {
		return fmt.Errorf("%w: the demo runs on what it brings along; leave --db and --nats out", fault.ErrUsage)
	}
	_, made := os.Stat(d.app.demoFile())
	if errors.Is(made, os.ErrNotExist) && d.app.needData() == nil {
		return fmt.Errorf("%w: %s holds a record that is not a demo's; choose another folder with --data", fault.ErrUsage, d.app.data)
	}
	return nil
}

// world returns what the folder's world was made from, or writes it down at the first start.
func (d *demo) world() (demoWorld, error) {
	path := d.app.demoFile()
	var w demoWorld
	if err := d.app.makeData(); err != nil {
		return w, err
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		w = demoWorld{Ads: d.ads, Seed: d.seed, Start: time.Now().UTC().Add(-sim.DefaultSpan - time.Hour).Truncate(time.Hour)}
		return w, d.remember(w)
	}
	if err != nil {
		return w, fmt.Errorf("read the demo's world: %w", err)
	}
	if err := json.Unmarshal(data, &w); err != nil || w.Ads < 1 {
		return w, fmt.Errorf("%s is not readable; delete the folder %s to begin anew", path, d.app.data)
	}
	return w, nil
}

// authorise brings the sites' targets through the same desk as real ones: drafted by one, approved by another. A target whose site still
// has its address stays as it was left: edited, paused or waiting for its approval; a revoked one stays revoked.
func (d *demo) authorise(ctx context.Context, sys *system, made demoWorld, sites *sim.Sites) error {
	for name, text := range sites.Targets(demoApprover, made.Start) {
		id := strings.TrimSuffix(name, ".yaml")
		old, err := sys.desk.Get(ctx, id)
		switch {
		case errors.Is(err, fault.ErrNotFound):
		case err != nil:
			return err
		case old.State == target.Revoked || slices.Equal(old.Spec.Hosts, []string{sites.Addr(old.Spec.Site)}):
			continue // as people have left it
		}
		st, err := sys.desk.Draft(ctx, demoOperator, name, []byte(text), "the simulated sites have these addresses at this start")
		if err == nil {
			st, err = sys.desk.Approve(ctx, demoApprover, id, st.Version, st.Hash, false, "made up, and on this machine only")
		}
		if err == nil {
			_, err = sys.desk.Activate(ctx, demoOperator, st.ID, "demo")
		}
		if err != nil {
			return fmt.Errorf("the target of a simulated site: %w", err)
		}
	}
	made.Sites = sites.Addrs()
	return d.remember(made)
}

func (d *demo) remember(w demoWorld) error {
	return replaceFile(d.app.demoFile(), func(out io.Writer) error { return json.NewEncoder(out).Encode(w) })
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

// greet gives the demo's accounts new passwords at each start: nothing real is behind them, and the old ones are forgotten.
func (d *demo) greet(ctx context.Context) func(*auth.Auth, string) error {
	return func(acc *auth.Auth, address string) error {
		passwords := map[string]string{}
		for _, name := range []string{demoOperator, demoApprover} {
			if _, err := acc.Add(ctx, name); err != nil && !errors.Is(err, fault.ErrUsage) { // ErrUsage: it is there already
				return err
			}
			var err error
			if passwords[name], err = acc.Reset(ctx, name, false); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(d.app.out, "Varde demo: four simulated sites are being crawled. Everything you see is made up.\n\n"+
			"  console   %s\n  name      %s\n  password  %s   (for this start only)\n\n"+
			"A second person, who approves what %s drafts:  %s  %s\n\nCtrl-C stops it; started again, it goes on where it was. "+
			"Delete %s to begin anew.\n", address, demoOperator, passwords[demoOperator], demoOperator, demoApprover, passwords[demoApprover], d.app.data)
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
