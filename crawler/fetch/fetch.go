package fetch

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/gocolly/colly/v2"

	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/target"
)

// Config is what fetching needs. Gate, Pacer and Recorder are required.
type Config struct {
	Gate     Gate
	Pacer    Pacer
	Recorder Recorder
	Limits   Limits
	// Secrets reads a file of the data folder's secrets. It is required where the target has a token.
	Secrets func(file string) (string, error)
	Log     *slog.Logger
}

// Fetcher asks for the pages of one target. It is safe for use by several goroutines at once, and remembers robots.txt for as long as it
// lives.
type Fetcher struct {
	target    *target.Target
	gate      Gate
	pacer     Pacer
	recorder  Recorder
	limits    Limits
	log       *slog.Logger
	agent     []string
	token     token
	bareToken sync.Once
	transport *transport
	collector *colly.Collector
	robots    *robots
}

// New makes a fetcher for a target; Close it after use. Fetchers that share a Pacer keep one rate per host together.
func New(t *target.Target, cfg Config) (*Fetcher, error) {
	if cfg.Gate == nil || cfg.Pacer == nil || cfg.Recorder == nil {
		return nil, fmt.Errorf("new fetcher: %w: a gate, a pacer and a recorder are required", fault.ErrUsage)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	token, err := readToken(t.Token, cfg.Secrets)
	if err != nil {
		return nil, err
	}
	f := &Fetcher{target: t, gate: cfg.Gate, pacer: cfg.Pacer, recorder: cfg.Recorder, limits: cfg.Limits.complete(), log: cfg.Log,
		agent: []string{t.UserAgent + " (+" + t.Contact + ")"}, token: token}
	f.transport = newTransport(f)
	f.collector = f.newCollector()
	f.robots = newRobots(f)
	return f, nil
}

// Close ends the connections that are kept for the next request.
func (f *Fetcher) Close() { f.transport.base.CloseIdleConnections() }

// Get asks for one address: allowed by target, robots.txt and gate, at the site's pace, and so is each address that it is sent on to.
// What does not bring what was hoped for is a Refusal; other errors are those of ctx and of the Recorder, as they are.
func (f *Fetcher) Get(ctx context.Context, req Request) (*Response, error) {
	if req.Kind == "" {
		req.Kind = Page
	}
	c, err := f.walk(ctx, req)
	if err != nil {
		return nil, err
	}
	return &Response{Exchange: &c.Exchange, Capture: c.capture, NotModified: c.Status == statusNotModified}, nil
}

const statusNotModified = 304

// walk follows redirects. The call that it returns is the last that was answered, also beside an error; nil where there was none.
func (f *Fetcher) walk(ctx context.Context, req Request) (*call, error) {
	u, via := req.URL, []string(nil)
	for {
		c, err := f.step(ctx, req, u, via)
		if err != nil || c.next == nil {
			return c, err
		}
		via = append(via[:len(via):len(via)], c.URL.String())
		u, req.ETag, req.LastModified = c.next, "", "" // validators are those of the address asked for
	}
}

// tries is how often an address is asked for when its site is busy.
const tries = 3

// step asks for one address, again where the site is busy for a moment.
func (f *Fetcher) step(ctx context.Context, req Request, u *url.URL, via []string) (*call, error) {
	if !f.target.Inside(u) {
		return nil, refuse(frontier.Outside, "%s is not within hosts, allow and deny", u.Redacted())
	}
	word, delay, err := f.robots.allow(ctx, req.Kind, u)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		c := &call{Exchange: Exchange{Kind: req.Kind, URL: u, Via: via, Robots: word}, limits: f.limits, delay: delay}
		err := f.ask(ctx, c, req)
		switch {
		case err == nil && c.refusal == nil:
			return c, nil
		case err != nil:
			return nil, err
		case c.Outcome == frontier.Busy && c.said && c.again <= f.limits.Patience && try < tries:
			if err := Sleep(ctx, c.again); err != nil {
				return nil, err
			}
		default:
			return c, c.refusal
		}
	}
}

// Sleep waits for d, or less when ctx ends, whose error it returns.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
