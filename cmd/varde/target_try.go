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

	"varde/console"
	"varde/crawler/adapter"
	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/frontier"
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
	settings, err := tr.app.settings()
	if err != nil {
		return err
	}
	f := &trier{desk: d, loopback: settings.Crawl.Loopback, fetch: fetch.Config{Secrets: tr.app.secret, Log: tr.app.logger(slog.LevelError)}}
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

// trier tries drafts on pages of their sites, for the command line and for the console.
type trier struct {
	desk     *target.Desk
	loopback bool
	// fetch gives limits and secrets; the gate is the try's own.
	fetch fetch.Config
}

// newTrier tries drafts for a running service.
func (s *system) newTrier(a *app) *trier {
	return &trier{desk: s.desk, loopback: s.settings.Crawl.Loopback, fetch: fetch.Config{Secrets: a.secret, Log: s.log.With("part", "try")}}
}

// forConsole is a console.Try: the console has noted who tries before it asks.
func (f *trier) forConsole(ctx context.Context, t *target.Target, address string, body []byte) (console.Trial, error) {
	u, err := inside(t, address)
	if err != nil {
		return console.Trial{}, err
	}
	if body != nil {
		return readTrial(&adapter.Page{URL: u, ContentType: contentType("", body), Body: body, At: time.Now()}, t, time.Now()).console(), nil
	}
	if err := f.may(ctx, t); err != nil {
		return console.Trial{}, err
	}
	r, err := f.page(ctx, t, u)
	if err != nil {
		return console.Trial{}, err
	}
	return r.console(), nil
}

// inside reads an address that must lie within a target.
func inside(t *target.Target, address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || !t.Inside(u) {
		return nil, fault.Tell(fmt.Sprintf("%s is not an address within the target's hosts, allow and deny.", printable(address)), fault.ErrUsage)
	}
	return u, nil
}

// may says whether a draft may be tried on its site now: not on a real one in a simulation, nor the other way round, not a version that
// somebody has stopped, and not outside the hours and dates that it names itself.
func (f *trier) may(ctx context.Context, t *target.Target) error {
	refuse := func(format string, args ...any) error {
		return fault.Tell("Nothing was requested: "+fmt.Sprintf(format, args...), fault.ErrUsage)
	}
	switch {
	case t.Loopback && !f.loopback:
		return refuse("the target has “loopback: true”, which is for simulated sites on this machine; a service asks them only where crawl.loopback is true.")
	case !t.Loopback && f.loopback:
		return refuse("crawl.loopback is true, so this is a simulation, and nothing outside this machine is asked.")
	}
	st, err := f.desk.Get(ctx, t.ID)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return err
	}
	if err == nil && st.Hash == t.Hash && (st.State == target.Revoked || st.State == target.Paused) {
		return refuse("this version of %s is %s. Read a saved page instead.", t.ID, st.State)
	}
	var no *target.Denial
	if errors.As(dates(t, time.Now()), &no) {
		switch no.Reason {
		case target.Closed:
			return refuse("%s until %s. Read a saved page instead.", whyText(no.Reason), stamp(no.Until))
		default:
			return refuse("%s. Mend authority.valid_from and valid_to, or read a saved page instead.", whyText(no.Reason))
		}
	}
	return nil
}

// page fetches one page and reads it. What the site refused is a trial, too.
func (f *trier) page(ctx context.Context, t *target.Target, u *url.URL) (*trial, error) {
	careful := *t
	careful.Robots = target.Robots{Policy: "obey"} // nobody has consented to anything else yet
	cfg, last := f.fetch, &lastAnswer{}
	cfg.Gate, cfg.Recorder, cfg.Pacer = &onePage{now: time.Now}, last, &fetch.Pace{}
	one, err := fetch.New(&careful, cfg)
	if err != nil {
		return nil, err
	}
	defer one.Close()
	res, err := one.Get(ctx, fetch.Request{URL: u, Kind: fetch.Page})
	var refusal *fetch.Refusal
	switch {
	case errors.Is(err, errOnePage):
		r := last.trial(t, u)
		r.Outcome, r.Invalid = last.why()
		return r, nil
	case errors.As(err, &refusal):
		r := last.trial(t, u)
		r.Outcome, r.Invalid = refusal.Outcome, refusal.Err.Error()
		return r, nil
	case err != nil:
		return nil, err
	}
	r := readTrial(&adapter.Page{URL: res.URL, ContentType: res.ContentType(), Body: res.Body, At: res.At}, &careful, time.Now())
	r.Fetched = &fetched{Status: res.Status, Robots: res.Robots, IP: res.IP}
	return r, nil
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
	if err := dates(t, g.now()); err != nil {
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
func dates(t *target.Target, now time.Time) error {
	switch {
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
	robots   string
	location string
}

// Record drops what was fetched.
func (l *lastAnswer) Record(_ context.Context, x *fetch.Exchange) (ad.Capture, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x.Kind != fetch.Robots {
		l.status, l.robots, l.location = x.Status, x.Robots, x.Header.Get("Location")
	}
	return ad.Capture{}, nil
}

// trial is what is known of a page that was not had.
func (l *lastAnswer) trial(t *target.Target, u *url.URL) *trial {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &trial{Target: t.ID, Version: t.Version, Address: u.String(), Kind: "list", Fetched: &fetched{Status: l.status, Robots: l.robots}}
	if id, ok := t.AdID(u); ok {
		r.Kind, r.AdID = "ad", id
	}
	return r
}

// why says what a second request would have been for.
func (l *lastAnswer) why() (frontier.Outcome, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.location != "" {
		return frontier.Moved, fmt.Sprintf("it leads on to %s, and a try asks for one page only; try that address", l.location)
	}
	return frontier.Busy, "the site does not answer now, and a try asks only once; try again later"
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
		return errGivesNothing
	}
	return nil
}

var errGivesNothing = errors.New("the page gives nothing with this target; mend it and try again")
