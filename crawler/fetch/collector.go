package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/gocolly/colly/v2"

	"varde/internal/frontier"
	"varde/internal/target"
)

// newCollector sets every field itself: colly reads COLLY_* environment variables, ignores robots.txt, and limits bodies before
// unpacking.
func (f *Fetcher) newCollector() *colly.Collector {
	c := colly.NewCollector()
	c.UserAgent = f.agent[0]
	c.AllowedDomains, c.DisallowedDomains, c.URLFilters, c.DisallowedURLFilters = nil, nil, nil, nil
	c.MaxDepth, c.MaxRequests, c.CacheDir, c.CacheExpiration, c.TraceHTTP = 0, 0, "", 0, false
	c.Headers = nil
	c.AllowURLRevisit = true // which pages are asked for is the crawler's business
	c.IgnoreRobotsTxt = true // ours are kept, survive errors as RFC 9309 says, and honour Crawl-delay
	c.Async, c.DetectCharset, c.CheckHead = false, false, false
	c.ParseHTTPErrorResponse = true
	c.MaxBodySize = 0 // it never sees a body: the transport keeps it
	c.DisableCookies()
	c.WithTransport(f.transport)
	c.SetRequestTimeout(0)                                                                              // the transport's watch does this, with no goroutine for each request
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }) // Get follows them
	return c
}

var (
	anything = []string{"*/*"}
	gzipOnly = []string{"gzip"}
)

// ask makes one request at the site's pace, has its answer recorded, and judges it. Its errors are of requests that brought no answer.
func (f *Fetcher) ask(ctx context.Context, c *call, req Request) error {
	if err := f.pacer.Wait(ctx, target.Host(c.URL), f.target.Rate, c.delay); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return refuse(frontier.Network, "wait for the pace: %w", err)
	}
	h := f.header(c.URL)
	c.conditional = validator(h, "If-None-Match", req.ETag)
	c.conditional = validator(h, "If-Modified-Since", req.LastModified) || c.conditional
	collector := f.collector.Clone()
	collector.Context = context.WithValue(ctx, callKey{}, c)
	err := collector.Request(http.MethodGet, c.URL.String(), nil, nil, h)
	if !c.answered {
		if err == nil {
			err = errors.New("there is no answer")
		}
		return classify(ctx, err)
	}
	f.judge(c)
	if c.capture, err = f.recorder.Record(ctx, &c.Exchange); err != nil {
		return err
	}
	if c.refusal != nil {
		capture := c.capture // a copy, so that a refusal that is kept does not keep the body
		c.refusal.Capture = &capture
	}
	return nil
}

// header says who asks. The token is not sent in the clear, but on this machine.
func (f *Fetcher) header(u *url.URL) http.Header {
	h := http.Header{"User-Agent": f.agent, "Accept": anything, "Accept-Encoding": gzipOnly}
	if f.token.header == "" {
		return h
	}
	if u.Scheme == "https" || f.target.Loopback {
		h[f.token.header] = f.token.value
	} else {
		f.bareToken.Do(func() {
			f.log.Warn("the target's token is not sent without TLS", "target", f.target.ID, "host", u.Host)
		})
	}
	return h
}

// validator adds a field of a conditional request, unless it could not have come from a site.
func validator(h http.Header, name, value string) bool {
	if value == "" {
		return false
	}
	for i := range len(value) {
		if b := value[i]; b < 0x20 && b != '\t' || b == 0x7f {
			return false
		}
	}
	h[name] = []string{value}
	return true
}
