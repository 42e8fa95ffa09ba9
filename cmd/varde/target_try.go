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
	"sync"
	"time"

	"github.com/spf13/cobra"

	"varde/crawler/adapter"
	"varde/crawler/fetch"
	"varde/internal/ad"
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
pictures, never against robots.txt. That takes --as NAME, and is written into the log.`,
		Example: "  varde target try site.yaml --html saved.html --url https://market.example/ad/7\n  varde target try site.yaml --url https://market.example/ad/7 --as ola",
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
	u, err := url.Parse(address)
	if err != nil || !t.Inside(u) {
		return nil, fmt.Errorf("%w: %s is not an address within the target's hosts, allow and deny", fault.ErrUsage, printable(address))
	}
	return u, nil
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
	return tr.tell(readTrial(&adapter.Page{URL: u, ContentType: contentType(tr.html, data), Body: data, At: info.ModTime()}, t, time.Now()))
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
	u, err := tr.url(t)
	if err != nil {
		return err
	}
	settings, err := tr.app.settings()
	if err != nil {
		return err
	}
	if err := mayTry(ctx, d, t, settings.Crawl.Loopback); err != nil {
		return err
	}
	actor, err := tr.who.prove(ctx, s)
	if err != nil {
		return err
	}
	r, err := fetchTrial(ctx, d, actor, t, u, fetch.Config{Secrets: tr.app.secret, Log: tr.app.logger(slog.LevelError)})
	if err != nil {
		return err
	}
	return tr.tell(r)
}

// mayTry says whether a draft may be tried at all: not on real sites in a simulation, nor the other way round, and not a version
// that somebody has stopped.
func mayTry(ctx context.Context, d *target.Desk, t *target.Target, loopback bool) error {
	switch {
	case t.Loopback && !loopback:
		return fmt.Errorf("%w: the target has loopback: true, which is for simulated sites on this machine; only a service with crawl.loopback: true asks them", fault.ErrUsage)
	case !t.Loopback && loopback:
		return fmt.Errorf("%w: crawl.loopback is true: this is a simulation, and nothing outside this machine is asked", fault.ErrUsage)
	}
	st, err := d.Get(ctx, t.ID)
	if errors.Is(err, fault.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if st.Hash == t.Hash && (st.State == target.Revoked || st.State == target.Paused) {
		return fmt.Errorf("%w: this version of %s is %s, so nothing is requested for it; read a saved page with --html instead", fault.ErrUsage, t.ID, st.State)
	}
	return nil
}

// fetchTrial fetches one page and reads it. cfg gives limits and secrets; the gate is the trial's own.
func fetchTrial(ctx context.Context, d *target.Desk, actor string, t *target.Target, u *url.URL, cfg fetch.Config) (*trial, error) {
	careful := *t
	careful.Robots = target.Robots{Policy: "obey"} // nobody has consented to anything else yet
	gate := &onePage{now: time.Now}
	if err := gate.dates(&careful); err != nil {
		return nil, tellDenied(err)
	}
	if err := d.Tried(ctx, actor, t.ID, t.Version, u.String()); err != nil {
		return nil, err
	}
	last := &lastAnswer{}
	cfg.Gate, cfg.Recorder, cfg.Pacer = gate, last, &fetch.Pace{}
	f, err := fetch.New(&careful, cfg)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	res, err := f.Get(ctx, fetch.Request{URL: u, Kind: fetch.Page})
	if errors.Is(err, errOnePage) {
		return nil, last.tell()
	}
	if err != nil {
		return nil, tellDenied(err)
	}
	r := readTrial(&adapter.Page{URL: res.URL, ContentType: res.Header.Get("Content-Type"), Body: res.Body, At: res.At}, &careful, time.Now())
	r.Fetched = &fetched{Status: res.Status, Robots: res.Robots, IP: res.IP}
	return r, nil
}

// tellDenied says in words for people why the page was not had.
func tellDenied(err error) error {
	var no *target.Denial
	var refusal *fetch.Refusal
	switch {
	case errors.As(err, &no) && no.Reason == target.Closed:
		return fmt.Errorf("nothing was requested: the target's hours are closed until %s; read a saved page with --html instead", stamp(no.Until))
	case errors.As(err, &no):
		return fmt.Errorf("nothing was requested: %s; mend authority.valid_from and valid_to, or read a saved page with --html", whyText(no.Reason))
	case errors.As(err, &refusal):
		return fmt.Errorf("the page was not had (%s): %w", refusal.Outcome, refusal.Err)
	}
	return err
}

// errOnePage ends a try that would ask for more than its page.
var errOnePage = errors.New("a try asks for one page")

// mostRobots is how many addresses robots.txt may take: each host of the target's own, and what it leads on to.
const mostRobots = 5

// onePage is the gate of a try: one page and robots.txt, within the draft's hosts, paths, hours and dates. It asks for no approval,
// because a try comes before it; a person answers for it in the log.
type onePage struct {
	now           func() time.Time
	mu            sync.Mutex
	pages, robots int
}

// Allow counts each request before it leaves.
func (g *onePage) Allow(_ context.Context, t *target.Target, u *url.URL) error {
	if err := g.dates(t); err != nil {
		return err
	}
	if !t.Inside(u) {
		return &target.Denial{Target: t.ID, Reason: target.Outside}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if u.Path == "/robots.txt" {
		if g.robots++; g.robots > mostRobots {
			return errOnePage
		}
		return nil
	}
	if g.pages++; g.pages > 1 {
		return errOnePage
	}
	return nil
}

// dates says whether the draft's own authority covers this moment.
func (g *onePage) dates(t *target.Target) error {
	switch now := g.now(); {
	case now.Before(t.From()):
		return &target.Denial{Target: t.ID, Reason: target.NotYetValid, Until: t.From()}
	case !now.Before(t.To()):
		return &target.Denial{Target: t.ID, Reason: target.IsExpired}
	case !t.Open(now):
		return &target.Denial{Target: t.ID, Reason: target.Closed, Until: t.Opens(now)}
	}
	return nil
}

// lastAnswer remembers of the answers only what tells why a try ended. It is no evidence: nobody has approved yet that anything be kept.
type lastAnswer struct {
	mu       sync.Mutex
	status   int
	location string
}

// Record drops what was fetched.
func (l *lastAnswer) Record(_ context.Context, x *fetch.Exchange) (ad.Capture, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status, l.location = x.Status, x.Header.Get("Location")
	return ad.Capture{}, nil
}

// tell says why a second request would have been needed.
func (l *lastAnswer) tell() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.location != "" {
		return fmt.Errorf("the site answered %d and leads on to %s; a try asks for one page only, so try that address if it is within the target", l.status, printable(l.location))
	}
	return fmt.Errorf("the site answered %d, and a try asks only once; try again later", l.status)
}

// tell prints the trial. A page that gives nothing is no failure of the command, but a script can tell by the status.
func (tr *try) tell(r *trial) error {
	if tr.app.json {
		if err := tr.app.result(r); err != nil {
			return err
		}
	} else if err := r.write(tr.app.out); err != nil {
		return err
	}
	if !r.Valid {
		return errGivesNothing
	}
	return nil
}

var errGivesNothing = errors.New("the page gives nothing with this target; mend it and try again")
