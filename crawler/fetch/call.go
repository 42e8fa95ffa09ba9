package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"varde/internal/ad"
	"varde/internal/frontier"
)

// call is one request on its way through: what is asked, the answer, and what is made of it.
type call struct {
	Exchange
	limits Limits
	// conditional says that validators were sent.
	conditional bool
	// answered says that there is a head of an answer; broken is why its body is not whole.
	answered bool
	broken   *Refusal
	// refusal is why the answer is not taken, next the address that it sends on to; both nil for what was hoped for.
	refusal *Refusal
	next    *url.URL
	// again is how long the site asked to be left alone; said is whether it did.
	again   time.Duration
	said    bool
	capture ad.Capture
	delay   time.Duration
}

// errLength: the body is larger than allowed.
var errLength = errors.New("the answer is larger than allowed")

// mostAhead is the most memory that is set aside because a site claims a size.
const mostAhead = 256 << 10

// read reads the body as far as allowed. What came of it is kept also where reading fails.
func (c *call) read(res *http.Response, w *watch) (err error) {
	most := c.mostBytes()
	if res.ContentLength > most && c.Kind != Robots { // of robots.txt the first part counts
		return errLength
	}
	body := counted{res.Body, w}
	if n := res.ContentLength; n >= 0 && n <= min(most, mostAhead) {
		raw := make([]byte, n)
		got, err := io.ReadFull(body, raw)
		if c.Raw = raw[:got]; err == nil || err == io.EOF && n == 0 {
			_, err = res.Body.Read(make([]byte, 1)) // the end, after which the connection can be used again
			if err == io.EOF {
				err = nil
			}
		}
		return err
	}
	c.Raw, err = readUpTo(body, most)
	return err
}

func (c *call) mostBytes() int64 {
	if c.Kind == Robots {
		return robotsSize
	}
	if c.Status != http.StatusOK {
		return min(c.limits.Bytes, mostAside)
	}
	return c.limits.Bytes
}

// counted tells the watch what came.
type counted struct {
	io.Reader
	w *watch
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.w.got.Add(int64(n))
	return n, err
}

// cut notes why the body is not whole.
func (c *call) cut(ctx context.Context, err error) {
	if errors.Is(err, errLength) {
		c.Truncated, c.broken = "length", &Refusal{Outcome: frontier.TooLarge, Err: errLength}
		return
	}
	if !errors.As(classify(ctx, err), &c.broken) { // the caller's end
		c.answered = false
		return
	}
	c.Truncated = "disconnect"
	if c.broken.Outcome == frontier.Slow || c.broken.Outcome == frontier.Timeout {
		c.Truncated = "time"
	}
}
