// Package fetch is the only door to the net. It asks for one page at a time, politely and within limits.
//
// It promises that every request, each redirect and robots.txt included, is allowed by the Gate and lies within the target
// before it leaves; that pages, redirected ones too, are asked for as robots.txt says and at the site's pace; that only public
// addresses are connected to (for a simulated target: only this machine); that a body is refused beyond its size after unpacking;
// and that a body is what the site sent, byte for byte. It keeps no cookies and never guesses past a barrier.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"

	"varde/internal/fault"
	"varde/internal/target"
)

// Gate is asked before every request. Its error is the reason why the request must not be made.
type Gate interface {
	Allow(ctx context.Context, t *target.Target, u *url.URL) error
}

// Limits of one answer. The zero value means the defaults.
type Limits struct {
	// Bytes is the largest body after unpacking, 8 MiB by default.
	Bytes int64
	// Timeout bounds one request from connecting to the last byte, 30 s by default.
	Timeout time.Duration
	// Redirects is the most hops, 5 by default.
	Redirects int
	// RetryAfter is the longest wait that a site can ask for before we give the page up, 60 s by default.
	RetryAfter time.Duration
}

func (l Limits) complete() Limits {
	if l.Bytes == 0 {
		l.Bytes = 8 << 20
	}
	if l.Timeout == 0 {
		l.Timeout = 30 * time.Second
	}
	if l.Redirects == 0 {
		l.Redirects = 5
	}
	if l.RetryAfter == 0 {
		l.RetryAfter = time.Minute
	}
	return l
}

// Response is a whole answer.
type Response struct {
	// URL is the address that answered, after redirects.
	URL         *url.URL
	Status      int
	ContentType string
	Body        []byte
	// At is when the answer was complete.
	At time.Time
}

// Refusal is why a request was not made or an answer not taken. Reason is a stable word for counting.
type Refusal struct {
	Reason string
	Err    error
}

// Error prints the reason and its cause.
func (r *Refusal) Error() string { return r.Reason + ": " + r.Err.Error() }

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(reason string, err error) error { return &Refusal{reason, err} }

// Fetcher asks for the pages of one target. It is safe for use by several goroutines at once.
type Fetcher struct {
	target    *target.Target
	gate      Gate
	pace      *Pace
	limits    Limits
	log       *slog.Logger
	transport *transport
	collector *colly.Collector
	robots    *robots
}

// New makes a fetcher for a target; Close it after use. Fetchers that share a Pace keep one rate per host together.
func New(t *target.Target, gate Gate, pace *Pace, limits Limits, log *slog.Logger) (*Fetcher, error) {
	if gate == nil || pace == nil {
		return nil, fmt.Errorf("new fetcher: %w: a gate and a pace are required", fault.ErrUsage)
	}
	f := &Fetcher{target: t, gate: gate, pace: pace, limits: limits.complete(), log: log}
	f.transport = newTransport(t.Loopback, f.limits)
	f.collector = f.newCollector()
	f.robots = newRobots(f)
	return f, nil
}

// newCollector sets every field itself: colly reads COLLY_* environment variables, ignores robots.txt, and limits bodies before
// unpacking.
func (f *Fetcher) newCollector() *colly.Collector {
	c := colly.NewCollector()
	c.UserAgent = f.target.UserAgent + " (+" + f.target.Contact + ")"
	c.AllowedDomains, c.DisallowedDomains, c.URLFilters, c.DisallowedURLFilters = nil, nil, nil, nil
	c.MaxDepth, c.MaxRequests, c.CacheDir, c.TraceHTTP = 0, 0, "", false
	c.AllowURLRevisit = true // which pages are asked for is the crawler's business
	c.IgnoreRobotsTxt = true // ours are kept for a pass, survive errors as RFC 9309 says, and honour Crawl-delay
	c.Async, c.DetectCharset, c.CheckHead = false, false, false
	c.ParseHTTPErrorResponse = true
	c.MaxBodySize = 0 // the transport limits what comes out of unpacking
	c.DisableCookies()
	c.WithTransport(f.transport)
	c.SetRequestTimeout(f.limits.Timeout)
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }) // Get follows them
	return c
}

// Close ends the connections that are kept for the next request.
func (f *Fetcher) Close() { f.transport.CloseIdleConnections() }

// allowed asks the target and the gate.
func (f *Fetcher) allowed(ctx context.Context, u *url.URL) error {
	if !f.target.Inside(u) {
		return refuse("outside the target", fmt.Errorf("%s is not within hosts, allow and deny", u.Redacted()))
	}
	if err := f.gate.Allow(ctx, f.target, u); err != nil {
		return refuse("not authorised", err)
	}
	return nil
}

// tries is how often a page is asked for when the site is busy.
const tries = 3

// Get asks for one page: allowed by target, gate and robots.txt, at the site's pace, and so is each address that it is sent on to.
// An answer other than 200 is a Refusal.
func (f *Fetcher) Get(ctx context.Context, u *url.URL) (*Response, error) {
	for hop := 0; hop <= f.limits.Redirects; hop++ {
		res, next, err := f.follow(ctx, u)
		if err != nil || next == nil {
			return res, err
		}
		u = next
	}
	return nil, refuse("too many redirects", fmt.Errorf("more than %d", f.limits.Redirects))
}

// follow asks for one address, again where the site is busy, and returns the page or where it is.
func (f *Fetcher) follow(ctx context.Context, u *url.URL) (res *Response, next *url.URL, err error) {
	if err := f.allowed(ctx, u); err != nil {
		return nil, nil, err
	}
	rules, err := f.robots.rules(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	if !rules.allows(u) {
		return nil, nil, refuse("robots.txt", fmt.Errorf("%s is disallowed", u.Path))
	}
	for try := 1; ; try++ {
		res, next, wait, err := f.once(ctx, u, rules.delay)
		if err == nil || wait == 0 || try == tries {
			return res, next, err
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, nil, err
		}
	}
}

// hostKey is one name for a host, however an address spells it.
func hostKey(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; port != "" {
		host = strings.TrimSuffix(host, port)
	}
	return host
}

// once makes one request, and returns the page or where it is. A wait above zero says that trying again after it may help.
func (f *Fetcher) once(ctx context.Context, u *url.URL, delay time.Duration) (res *Response, next *url.URL, wait time.Duration, err error) {
	if err := f.pace.Wait(ctx, hostKey(u), f.target.Rate, delay); err != nil {
		return nil, nil, 0, err
	}
	if err := f.allowed(ctx, u); err != nil { // the authorisation may have ended while we waited
		return nil, nil, 0, err
	}
	res, header, err := f.ask(ctx, u)
	if err != nil {
		return nil, nil, 0, classify(ctx, err)
	}
	switch res.Status {
	case http.StatusOK:
		return res, nil, 0, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		wait := retryAfter(header.Get("Retry-After"), res.At)
		if wait > f.limits.RetryAfter {
			wait = 0
		}
		return nil, nil, wait, refuse("the site is busy", fmt.Errorf("status %d", res.Status))
	case http.StatusNotFound, http.StatusGone:
		return nil, nil, 0, refuse("gone", fmt.Errorf("status %d", res.Status))
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		if to := header.Get("Location"); to != "" {
			next, err := u.Parse(to)
			if err != nil {
				return nil, nil, 0, refuse("network", fmt.Errorf("redirect: %w", err))
			}
			next.Fragment, next.RawFragment = "", ""
			return nil, next, 0, nil
		}
	}
	return nil, nil, 0, refuse("status "+strconv.Itoa(res.Status), fmt.Errorf("%s", u.Path))
}

func (f *Fetcher) ask(ctx context.Context, u *url.URL) (res *Response, header http.Header, err error) {
	c := f.collector.Clone()
	c.Context = ctx
	var contentType string
	c.OnResponseHeaders(func(r *colly.Response) {
		contentType = r.Headers.Get("Content-Type")
		r.Headers.Del("Content-Type") // colly would recode the body by it; we hash and read what was sent
	})
	c.OnResponse(func(r *colly.Response) {
		header = *r.Headers
		res = &Response{URL: r.Request.URL, Status: r.StatusCode, ContentType: contentType, Body: r.Body, At: time.Now().UTC()}
	})
	if err := c.Visit(u.String()); err != nil {
		return nil, nil, err
	}
	if res == nil {
		return nil, nil, errors.New("the site sent no answer")
	}
	return res, header, nil
}

// classify gives an error of the net a stable reason.
func classify(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var known *Refusal
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, errTooLarge):
		return refuse("too large", err)
	case errors.Is(err, errAddress):
		return refuse("address not allowed", err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return refuse("timeout", err)
	}
	return refuse("network", err)
}

// leastWait is how long a busy site is left alone when it does not say.
const leastWait = 2 * time.Second

func retryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(header); err == nil && n >= 0 && n < 1<<20 {
		return max(time.Duration(n)*time.Second, time.Millisecond)
	}
	if t, err := http.ParseTime(header); err == nil {
		return max(t.Sub(now), time.Millisecond)
	}
	if header != "" {
		return 1 << 62 // a wait nobody means to keep
	}
	return leastWait
}

func sleep(ctx context.Context, d time.Duration) error {
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
