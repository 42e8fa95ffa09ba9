package fetch

import (
	"context"
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
}

// allows says whether a page may be asked for. Without rules nothing is.
func (h *hostRules) allows(u *url.URL) bool {
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return h.group != nil && h.group.Test(path)
}

// rules returns a host's rules, asking for them where they are not known or too old.
func (r *robots) rules(ctx context.Context, u *url.URL) (*hostRules, error) {
	r.mu.Lock()
	defer r.mu.Unlock() // pages of the same site wait for its rules
	if h := r.hosts[u.Host]; h != nil && time.Now().Before(h.until) {
		return h, nil
	}
	address := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	if err := r.fetcher.allowed(ctx, address); err != nil {
		return nil, err
	}
	h := &hostRules{until: time.Now().Add(robotsAge)}
	status, body, err := r.fetcher.fetchRaw(ctx, address.String())
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var data *robotstxt.RobotsData
	if err == nil {
		data, err = robotstxt.FromStatusAndBytes(status, body) // 4xx allows everything, 5xx nothing
	}
	if err != nil || status >= 500 {
		h.until = time.Now().Add(robotsRetry)
	}
	if err == nil {
		h.group = data.FindGroup(r.fetcher.target.UserAgent)
		h.delay = min(h.group.CrawlDelay, mostDelay)
	}
	r.hosts[u.Host] = h
	return h, nil
}
