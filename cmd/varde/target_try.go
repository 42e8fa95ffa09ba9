package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"varde/crawler/adapter"
	"varde/crawler/fetch"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// try reads one page with a draft, so that it can be mended before anybody approves it.
type try struct {
	targets
	id, address, html string
}

func newTargetTry(a *app) *cobra.Command {
	tr := &try{}
	c := tr.command(a, &cobra.Command{
		Use:   "try FILE | try --id ID [--version N]",
		Short: "Read one page with a draft, field by field, before anybody approves it",
		Long: `Read one page with a draft and print what its adapter found field by field, what it missed, and which selector or path gave each
value. Nothing of the page is kept.

With --html it reads a page that was saved in a browser and fetches nothing. Otherwise it fetches one page (--url, or the first start
page) and robots.txt, within the draft's hosts, paths, hours and dates, at its pace, as the crawler would: no further page, no
pictures, never against robots.txt, and without the target's token unless this very version is approved. That takes --as NAME, and is
written into the log.`,
		Example: "  varde target try site.yaml --html saved.html --url https://market.example/ad/7\n  varde target try site.yaml --url https://market.example/ad/7 --as kari",
		Args:    cobra.MaximumNArgs(1),
	}, func(ctx context.Context, args []string) error { return tr.run(ctx, args) })
	c.Flags().StringVar(&tr.id, "id", "", "a target that was added, by its `ID`, instead of a file")
	c.Flags().IntVar(&tr.version, "version", 0, "its version (default: the latest)")
	c.Flags().StringVar(&tr.address, "url", "", "the page's `address` (default: the first start page)")
	c.Flags().StringVar(&tr.html, "html", "", "a `file` with the saved page; nothing is fetched")
	return c
}

func (tr *try) run(ctx context.Context, args []string) error {
	if (tr.id == "") == (len(args) == 0) {
		return fmt.Errorf("%w: name a target's file, or with --id one that was added", fault.ErrUsage)
	}
	if tr.id == "" {
		data, err := readSmall(args[0])
		if err != nil {
			return err
		}
		t, err := target.Parse(args[0], data)
		if err != nil {
			return fmt.Errorf("%w: the target is not valid:\n%w", fault.ErrUsage, err)
		}
		if tr.html != "" {
			return tr.saved(t)
		}
		return tr.app.desk(ctx, func(ctx context.Context, s *store.Store, d *target.Desk) error { return tr.fetch(ctx, s, d, t) })
	}
	return tr.app.desk(ctx, func(ctx context.Context, s *store.Store, d *target.Desk) error {
		st, err := d.Get(ctx, tr.id)
		if err != nil {
			return noTarget(tr.id, err)
		}
		t := st.Spec
		if tr.version > 0 {
			if t, err = d.At(ctx, tr.id, tr.version); err != nil {
				return err
			}
		}
		if tr.html != "" {
			return tr.saved(t)
		}
		return tr.fetch(ctx, s, d, t)
	})
}

// url is the address of the page that is tried, within the target.
func (tr *try) url(t *target.Target) (*url.URL, error) {
	address := tr.address
	if address == "" {
		address = t.Start[0]
	}
	return inside(t, address)
}

// saved reads a page from a file.
func (tr *try) saved(t *target.Target) error {
	u, err := tr.url(t)
	if err != nil {
		return err
	}
	info, err := os.Stat(tr.html)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", tr.html, errors.Unwrap(err))
	}
	data, err := os.ReadFile(tr.html)
	if err != nil {
		return fmt.Errorf("read %s: %w", tr.html, err)
	}
	r := readTrial(&adapter.Page{URL: u, ContentType: contentType(tr.html, data), Body: data, At: info.ModTime()}, t, time.Now())
	if tr.address == "" && !r.Valid { // the file may be anything: it says not where it is from
		return fmt.Errorf("%w: %s was read as the start page %s, and as that it gives nothing; say with --url ADDRESS where the page was saved from", fault.ErrUsage, tr.html, printable(r.Address))
	}
	return tr.tell(r)
}

// contentType guesses what a saved page is; the site's own word for it was not saved.
func contentType(name string, data []byte) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return "application/json"
	case ".xml", ".rss", ".atom":
		return "application/xml"
	case ".html", ".htm":
		return "text/html"
	}
	return http.DetectContentType(data)
}

// fetch asks the site for one page. Who does it, and where, is in the log before the first request leaves.
func (tr *try) fetch(ctx context.Context, s *store.Store, d *target.Desk, t *target.Target) error {
	settings, err := tr.app.settings()
	if err != nil {
		return err
	}
	f := newTrier(d, settings.Crawl.Loopback, fetch.Config{Pacer: &fetch.Pace{}, Secrets: tr.app.secret, Log: tr.app.logger(slog.LevelError)})
	u, err := tr.url(t)
	if err != nil {
		return err
	}
	if err := f.may(ctx, t); err != nil {
		return err
	}
	actor, err := tr.who.prove(ctx, s)
	if err != nil {
		return err
	}
	if err := d.Tried(ctx, actor, t.ID, t.Version, u.String()); err != nil {
		return err
	}
	r, err := f.page(ctx, t, u)
	if err != nil {
		return err
	}
	return tr.tell(r)
}

// tell prints the trial. A page that gives nothing is no failure of the command, but a script can tell by the status.
func (tr *try) tell(r *trial) error {
	if tr.app.json {
		if err := tr.app.result(r); err != nil {
			return err
		}
	} else {
		r.write(tr.app.out)
	}
	if !r.Valid {
		return givesNothing(r.Outcome)
	}
	return nil
}
