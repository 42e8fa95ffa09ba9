package fetch

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
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
	mu      sync.Mutex
	hosts   map[string]*hostRules
}

func newRobots(f *Fetcher) *robots { return &robots{fetcher: f, hosts: map[string]*hostRules{}} }

// hostRules are the rules for our user agent.
type hostRules struct {
	group *robotstxt.Group
	delay time.Duration
	until time.Time
	// err is why there are no rules; nothing is asked for then.
	err error
}

// allows says whether a page may be asked for. Escaping must not be a way around a rule (RFC 9309, 2.2.2): each spelling of the
// path must be allowed.
func (h *hostRules) allows(u *url.URL) bool {
	query := ""
	if u.RawQuery != "" {
		query = "?" + u.RawQuery
	}
	for _, path := range []string{u.EscapedPath(), (&url.URL{Path: u.Path}).EscapedPath(), u.Path} {
		if !h.group.Test(path + query) {
			return false
		}
	}
	return true
}

// rules returns a host's rules, asking for them where they are not known or too old.
func (r *robots) rules(ctx context.Context, u *url.URL) (*hostRules, error) {
	r.mu.Lock()
	defer r.mu.Unlock() // pages of the same site wait for its rules
	key := u.Scheme + "://" + hostKey(u)
	if h := r.hosts[key]; h != nil && time.Now().Before(h.until) {
		return h, h.err
	}
	address := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	if err := r.fetcher.allowed(ctx, address); err != nil {
		return nil, err
	}
	h := &hostRules{until: time.Now().Add(robotsAge)}
	data, err := r.ask(ctx, address)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		h.err, h.until = err, time.Now().Add(robotsRetry)
	} else {
		h.group = data.FindGroup(r.fetcher.target.UserAgent)
		h.delay = min(h.group.CrawlDelay, mostDelay)
	}
	r.hosts[key] = h
	return h, h.err
}

// ask fetches a robots.txt. RFC 9309, 2.3.1: a 4xx allows everything, anything else that is no answer nothing.
func (r *robots) ask(ctx context.Context, address *url.URL) (*robotstxt.RobotsData, error) {
	status, body, err := r.fetcher.fetchRaw(ctx, address.String())
	if err != nil {
		return nil, classify(ctx, err)
	}
	if status >= 500 { // the library's data for it allows everything when asked by group
		return nil, refuse("robots.txt failed", fmt.Errorf("status %d", status))
	}
	data, err := robotstxt.FromStatusAndBytes(status, body)
	if err != nil {
		return nil, refuse("robots.txt failed", err)
	}
	return data, nil
}
