package fetch

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"varde/internal/ad"
	"varde/internal/frontier"
	"varde/internal/target"
)

// Kind says what an address is asked for.
type Kind string

// The kinds of requests. The zero value is taken for Page.
const (
	Page    Kind = "page"
	Picture Kind = "picture"
	Robots  Kind = "robots"
)

// Request is what to ask for. ETag and LastModified are the site's validators of what is known already, as it sent them, or empty.
type Request struct {
	URL                *url.URL
	Kind               Kind
	ETag, LastModified string
}

// What a robots.txt said of an exchange.
const (
	RobotsAllowed = "allowed"
	RobotsNone    = "none"    // there is no robots.txt
	RobotsIgnored = "ignored" // it was not asked, as the target's approval says
)

// Exchange is one request and its answer, as they were sent. Whoever gets one must not change it.
type Exchange struct {
	Kind Kind
	URL  *url.URL
	// Began is right before the request left, At when the answer was complete or ended, both by this machine's clock in UTC.
	Began, At time.Time
	// RequestHead is the request line and the header fields as they were sent, with the target's token withheld.
	RequestHead []byte
	// Proto, Status and Reason are the status line's parts, such as HTTP/1.1, 404 and Not Found.
	Proto  string
	Status int
	Reason string
	Header http.Header
	// Raw is the body as it came over the wire, chunks joined, still packed. Truncated says why it is not whole: length, time,
	// disconnect, or empty where it is.
	Raw       []byte
	Truncated string
	// Body is Raw unpacked, and may share its memory; nil where it is not whole or cannot be unpacked.
	Body []byte
	// IP is the address that was connected to, Certificate the SHA-256 of the site's own certificate in hex, empty without TLS.
	IP, Certificate string
	// Via are the addresses that led here, the one asked for first.
	Via []string
	// Robots is RobotsAllowed, RobotsNone or RobotsIgnored, and empty for robots.txt itself.
	Robots string
	// Outcome is what the answer is refused as, empty for what was hoped for, redirects included.
	Outcome frontier.Outcome
}

// ContentType is what the site says the body is.
func (x *Exchange) ContentType() string { return x.Header.Get("Content-Type") }

// Response is a whole answer, and where it stands in the evidence.
type Response struct {
	*Exchange
	Capture ad.Capture
	// NotModified says that the site answered 304: what the validators of the request stand for is what is there now.
	NotModified bool
}

// Recorder keeps every answer: pages and pictures, redirects, robots.txt, errors and what broke off, each before anything is made of it.
// It may be called by several goroutines at once. An answer that the caller's own end cut short is not shown to it, as nothing is made of
// that. An error ends Get as it is: what cannot be kept must not be used.
type Recorder interface {
	Record(ctx context.Context, x *Exchange) (ad.Capture, error)
}

// Gate is asked right before every request: before a site is so much as connected to, and again where that took its time, just before the
// request is written. Its error is the reason why the request must not be made.
type Gate interface {
	Allow(ctx context.Context, t *target.Target, u *url.URL) error
}

// Pacer waits until a host may be asked again: perSecond requests a second (0 for as many as it takes), and no sooner than delay after
// the one before. Pace keeps this for one process, Shared for several.
type Pacer interface {
	Wait(ctx context.Context, host string, perSecond float64, delay time.Duration) error
}
