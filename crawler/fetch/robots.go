package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"

	"varde/internal/frontier"
	"varde/internal/target"
)

// RFC 9309: robots.txt is read up to at least 500 KiB and cached for at most a day.
const (
	robotsSize = 512 << 10
	robotsAge  = 24 * time.Hour
	// robotsRetry is how soon a site whose robots.txt could not be had is asked again; until then nothing is fetched.
	robotsRetry = 5 * time.Minute
	// mostDelay bounds Crawl-delay: beyond it a site is not crawled in any useful time.
	mostDelay = time.Minute
)

// robots remembers the rules of each host of a target.
type robots struct {
	fetcher *Fetcher
	now     func() time.Time
	mu      sync.Mutex
	hosts   map[string]*hostRobots
}

func newRobots(f *Fetcher) *robots {
	return &robots{fetcher: f, now: time.Now, hosts: map[string]*hostRobots{}}
}

// hostRobots are the rules of one host, and whose turn it is to ask for them.
type hostRobots struct {
	turn chan struct{}
	// rules may be read without the turn.
	mu    sync.Mutex
	rules *rules
}

// rules are what a host's robots.txt says to our user agent until an instant.
type rules struct {
	group *robotstxt.Group
	word  string
	delay time.Duration
	until time.Time
	// err is why there are no rules; nothing is asked for then.
	err *Refusal
}

// allow says whether an address may be asked for, in a word for the record, and how much time must lie between requests.
func (r *robots) allow(ctx context.Context, kind Kind, u *url.URL) (word string, delay time.Duration, err error) {
	if kind == Robots {
		return "", 0, nil
	}
	if r.fetcher.target.Robots.Ignored() {
		return RobotsIgnored, 0, nil
	}
	rules, err := r.of(ctx, u)
	if err != nil {
		return "", 0, err
	}
	if !rules.allows(u) {
		return "", 0, refuse(frontier.RobotsForbid, "robots.txt disallows it")
	}
	return rules.word, rules.delay, nil
}

// allows says whether a page may be asked for. Escaping must not be a way around a rule (RFC 9309, 2.2.2): each spelling of the
// path must be allowed.
func (h *rules) allows(u *url.URL) bool {
	if h.word == RobotsNone {
		return true
	}
	query := ""
	if u.RawQuery != "" {
		query = "?" + u.RawQuery
	}
	spelled, plain := u.EscapedPath(), u.Path
	if spelled == plain {
		return h.group.Test(plain + query)
	}
	return h.group.Test(spelled+query) && h.group.Test((&url.URL{Path: plain}).EscapedPath()+query) && h.group.Test(plain+query)
}

// of returns a host's rules, asking for them where they are not known or too old.
func (r *robots) of(ctx context.Context, u *url.URL) (*rules, error) {
	key := u.Scheme + "://" + target.Host(u)
	r.mu.Lock()
	h := r.hosts[key]
	if h == nil {
		h = &hostRobots{turn: make(chan struct{}, 1)}
		r.hosts[key] = h
	}
	r.mu.Unlock()
	if rules, err := h.known(r.now()); rules != nil {
		return rules, err
	}
	select { // pages of the same host wait for its rules
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if rules, err := h.known(r.now()); rules != nil {
		return rules, err
	}
	found, err := r.ask(ctx, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"})
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	h.rules = found
	h.mu.Unlock()
	return h.known(r.now())
}

// known returns the rules, and why nothing may be asked for; no rules where they must be asked for.
func (h *hostRobots) known(now time.Time) (*rules, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.rules == nil || !now.Before(h.rules.until) {
		return nil, nil
	}
	if h.rules.err != nil {
		again := *h.rules.err
		again.Again = h.rules.until.Sub(now)
		return h.rules, &again
	}
	return h.rules, nil
}

// ask fetches a robots.txt. RFC 9309, 2.3.1: a 4xx allows everything, anything else that is no answer nothing. Of the 4xx, 429 says that
// we ask too much, and so allows nothing either. Errors are of what says nothing of the site.
func (r *robots) ask(ctx context.Context, address *url.URL) (*rules, error) {
	c, err := r.fetcher.walk(ctx, Request{URL: address, Kind: Robots})
	var refused *Refusal
	if err != nil && (!errors.As(err, &refused) || refused.Outcome == frontier.NotAuthorised || refused.Outcome == frontier.Outside) {
		return nil, err
	}
	now := r.now()
	if c != nil && c.Status >= 400 && c.Status < 500 && c.Status != http.StatusTooManyRequests {
		return &rules{word: RobotsNone, until: now.Add(robotsAge)}, nil
	}
	if err != nil {
		return &rules{err: robotsFailed(refused), until: now.Add(max(robotsRetry, refused.Again))}, nil
	}
	data, err := robotstxt.FromBytes(c.Body)
	if err != nil {
		capture := c.capture
		return &rules{err: &Refusal{Outcome: frontier.RobotsFailed, Err: errors.New("robots.txt cannot be read"), Capture: &capture}, until: now.Add(robotsRetry)}, nil
	}
	group := data.FindGroup(r.fetcher.target.UserAgent)
	return &rules{group: group, word: RobotsAllowed, delay: min(group.CrawlDelay, mostDelay), until: now.Add(robotsAge)}, nil
}

// robotsFailed keeps an outcome that is the same for every page of the host.
func robotsFailed(r *Refusal) *Refusal {
	failed := &Refusal{Outcome: frontier.RobotsFailed, Err: fmt.Errorf("robots.txt: %w", r), Capture: r.Capture}
	switch r.Outcome {
	case frontier.Network, frontier.TLS, frontier.Reset, frontier.Timeout, frontier.Slow, frontier.Address:
		failed.Outcome, failed.Err = r.Outcome, fmt.Errorf("robots.txt: %w", r.Err)
	}
	return failed
}
