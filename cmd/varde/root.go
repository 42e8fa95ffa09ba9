package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"varde/configs"
	"varde/internal/config"
	"varde/internal/fault"
)

// app is what every command shares: the standard streams and the global flags.
type app struct {
	in       io.Reader
	out, err io.Writer

	data    string
	config  string
	lang    string
	json    bool
	natsURL string
	dbURL   string
	verbose bool
	// listenNATS lets other processes reach the embedded stream.
	listenNATS string
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "varde",
		Short: "Watches online advertisements for signs of human trafficking, for police intelligence",
		Long: `Varde watches online advertisements for signs of human trafficking, for police intelligence.

It crawls sites under authorised targets (or imports files), reads each ad for indicators, links ads that share phones,
handles, texts or pictures into networks, and shows them ranked in a console. A score is a reason to look, never a verdict.

Start with:  varde demo        simulated sites, everything embedded, nothing real
             varde up          the service itself, data under --data
             varde import F    ads from a file`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usageArgs(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.data, "data", "data", "the `folder` that holds everything Varde keeps")
	f.StringVar(&a.config, "config", "", "a `file` like configs/varde.yaml; what it leaves out keeps its default")
	f.StringVar(&a.lang, "lang", "", "language of reasons and of the console's first page: nb or en")
	f.BoolVar(&a.json, "json", false, "print results as JSON, for programs")
	f.StringVar(&a.natsURL, "nats", "", "`URL` of a NATS server with JetStream, instead of the embedded one")
	f.StringVar(&a.dbURL, "db", "", "`URL` of the record: postgres://… or sqlite:FILE (default sqlite in the data folder)")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "log what happens inside")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: %w; see %s --help", fault.ErrUsage, plainFlagError(err), cmd.CommandPath())
	})
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if a.lang != "" && !slices.Contains([]string{"nb", "en"}, a.lang) {
			return fmt.Errorf("%w: --lang is nb or en, not %q", fault.ErrUsage, a.lang)
		}
		return nil
	}
	root.AddCommand(newUp(a), newDemo(a), newTarget(a), newImport(a), newExport(a), newEvidence(a), newReextract(a), newReconcile(a), newEval(a), newBench(a), newReview(a), newTune(a), newRebuild(a), newChild(a), newWatch(a), newLink(a), newIndicators(a), newDead(a), newUser(a))
	return root
}

// plainFlagError says what is wrong with a flag's value without the names of what reads it.
func plainFlagError(err error) error {
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return err
	}
	kind := bad.GetFlag().Value.Type()
	want, known := map[string]string{"int": "a whole number", "int64": "a whole number", "uint": "a whole number from 0", "uint64": "a whole number from 0",
		"float64": "a number", "bool": "true or false", "duration": "a duration such as 90s or 2h"}[kind]
	if !known {
		return err
	}
	return fmt.Errorf("--%s takes %s, not %q", bad.GetFlag().Name, want, bad.GetValue())
}

// usageArgs marks a wrong number of arguments as wrong use.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return fmt.Errorf("%w: %w; write %s, or see %s --help", fault.ErrUsage, err, cmd.UseLine(), cmd.CommandPath())
		}
		return nil
	}
}

// settings reads the configuration and lays the global flags over it.
func (a *app) settings() (*config.Varde, error) {
	v, err := config.Load(configs.FS, a.config)
	if err != nil {
		return nil, fmt.Errorf("the configuration is not valid:\n%w", err)
	}
	if a.lang != "" {
		v.Console.Language = a.lang
	}
	_, err = os.Stat(a.demoFile())
	v.Crawl.Loopback = v.Crawl.Loopback || err == nil // a demo's folder is a simulation's, whoever opens it
	return v, nil
}

// demoFile says that the data folder is a demo's, and of what world.
func (a *app) demoFile() string { return filepath.Join(a.data, "demo.json") }

// logger writes to standard error: warnings, or everything with --verbose.
func (a *app) logger(level slog.Level) *slog.Logger {
	if a.verbose {
		level = slog.LevelDebug
	}
	if a.json {
		return slog.New(slog.NewJSONHandler(a.err, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level}))
}

// result prints v as JSON with --json, and otherwise the lines for people.
func (a *app) result(v any, lines ...string) error {
	if a.json {
		enc := json.NewEncoder(a.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	_, err := fmt.Fprintln(a.out, strings.Join(lines, "\n"))
	return err
}

// warn tells people on standard error what was set aside.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintf(a.err, "varde: warning: "+format+"\n", args...)
}
