package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"varde/console"
	"varde/crawler/adapter"
	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/target"
)

// trier tries drafts on pages of their sites, for the command line and for the console.
type trier struct {
	desk     *target.Desk
	loopback bool
	// fetch gives the pace, limits and secrets; the gate is the try's own.
	fetch fetch.Config
	// turn is held by the one try that fetches.
	turn chan struct{}
}

func newTrier(d *target.Desk, loopback bool, cfg fetch.Config) *trier {
	return &trier{desk: d, loopback: loopback, fetch: cfg, turn: make(chan struct{}, 1)}
}

// newTrier tries drafts for a running service, at the pace that it shares with the crawler.
func (s *system) newTrier(a *app) *trier {
	return newTrier(s.desk, s.settings.Crawl.Loopback, fetch.Config{Pacer: s.pacer, Secrets: a.secret, Log: s.log.With("part", "try")})
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

// approved says whether this very text is a target's current version and has an approval.
func (f *trier) approved(ctx context.Context, t *target.Target) (bool, error) {
	st, err := f.desk.Get(ctx, t.ID)
	if errors.Is(err, fault.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return st.Hash == t.Hash && st.Approval != nil && st.Approval.Hash == t.Hash, nil
}

// page fetches one page and reads it, as soon as no other try does. What the site refused is a trial, too.
func (f *trier) page(ctx context.Context, t *target.Target, u *url.URL) (*trial, error) {
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	approved, err := f.approved(ctx, t)
	if err != nil {
		return nil, err
	}
	careful, cfg := *t, f.fetch
	careful.Robots = target.Robots{Policy: "obey"} // a try has nobody's consent to anything else
	bare := t.Token != (target.Token{}) && !approved
	if !approved { // a draft names the token and the host: whoever writes it could send any token anywhere
		careful.Token, cfg.Secrets = target.Token{}, nil
	}
	r, err := f.ask(ctx, &careful, cfg, u)
	if err != nil {
		return nil, err
	}
	r.TokenWithheld = bare
	return r, nil
}

func (f *trier) ask(ctx context.Context, t *target.Target, cfg fetch.Config, u *url.URL) (*trial, error) {
	last := &lastAnswer{}
	cfg.Gate, cfg.Recorder = &onePage{now: time.Now}, last
	one, err := fetch.New(t, cfg)
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
	r := readTrial(&adapter.Page{URL: res.URL, ContentType: res.ContentType(), Body: res.Body, At: res.At}, t, time.Now())
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
