package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"varde/console"
	"varde/internal/auth"
	"varde/internal/child"
	"varde/internal/decision"
	"varde/internal/fault"
	"varde/internal/review"
	"varde/internal/watch"
)

func newUp(a *app) *cobra.Command {
	u := upper{app: a}
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run everything: crawl, detect, link, index and the console",
		Long: `Run every role in one process until it is interrupted, on an embedded NATS server and SQLite under --data, or on servers that are
there already (--nats URL, --db URL).

What is crawled is what is active: see varde target, or the console's page of targets. At the first start one account is made and its
password printed once. The console listens on loopback unless the configuration says otherwise; put TLS in front of anything else.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return u.command(cmd.Context()) },
	}
	cmd.Flags().StringVar(&u.listen, "listen", "", "`HOST:PORT` of the console, instead of the configured one")
	cmd.Flags().StringVar(&a.listenNATS, "listen-nats", "", "`HOST:PORT` on loopback where other varde commands reach the embedded stream with --nats")
	return cmd
}

// upper runs the service.
type upper struct {
	app    *app
	listen string
}

func (u *upper) command(ctx context.Context) error {
	sys, err := u.app.open(ctx, slog.LevelInfo)
	if err != nil {
		return err
	}
	return sys.with(ctx, func(ctx context.Context) error {
		return sys.show(ctx, u.app, u.listen, func(acc *auth.Auth, address string) error {
			first, err := acc.First(ctx, true)
			if err != nil {
				return err
			}
			fmt.Fprintf(u.app.out, "The console is at %s\n", address)
			if at := sys.stream.URL(); at != "" {
				fmt.Fprintf(u.app.out, "Other commands reach this service with --nats %s\n", at)
			}
			if first != nil {
				fmt.Fprintf(u.app.out, "Sign in as %s with the password %s (shown only now)\n", first.Name, first.Password)
			}
			return nil
		})
	})
}

// show crawls and serves the console until ctx ends. greet is called when the console listens.
func (s *system) show(ctx context.Context, a *app, listen string, greet func(acc *auth.Auth, address string) error) error {
	acc, err := auth.New(auth.Config{Log: s.log, Secure: s.settings.Console.HTTPS}, accounts{s.store}, s.store)
	if err != nil {
		return fmt.Errorf("make sign-in ready: %w", err)
	}
	c, err := s.newCrawler(a)
	if err != nil {
		return fmt.Errorf("make the crawler ready: %w", err)
	}
	server, err := console.New(console.Config{Lang: s.settings.Console.Language, Secure: s.settings.Console.HTTPS, Log: s.log.With("part", "console"),
		Simulation: s.settings.Crawl.Loopback}, s.consoleDeps(a, acc))
	if err != nil {
		return fmt.Errorf("make the console ready: %w", err)
	}
	if listen == "" {
		listen = s.settings.Console.Listen
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("the console cannot listen on %s (is another Varde running? choose another with --listen): %w", listen, err)
	}
	if err := greet(acc, "http://"+ln.Addr().String()+"/"); err != nil {
		return errors.Join(err, ln.Close())
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return server.Serve(ctx, ln) })
	g.Go(func() error { return c.Run(ctx) })
	g.Go(func() error { s.catchUp(ctx, a); return nil })
	return g.Wait()
}

// consoleDeps gives the console what it needs.
func (s *system) consoleDeps(a *app, acc *auth.Auth) console.Deps {
	return console.Deps{Records: consoleRecords{s.store}, Search: s.index, Auth: acc, Catalogue: s.scores, Reviews: review.NewDesk(s.store, nil), Scores: s.scores.desk, SetAside: setAside{s.stream},
		Targets: s.desk, Crawl: s.store, Children: child.NewDesk(s.store, nil),
		Watch: watch.NewDesk(s.store, s.settings.Region, nil), Decided: decision.NewDesk(s.store, s.settings.Region, nil), Exports: s.store, Help: s.help, Try: s.newTrier(a).forConsole, Notices: s.notices}
}

// notices are what the operator should know.
func (s *system) notices() []fault.Notice { return append(s.stream.Notices(), s.index.Notices()...) }
