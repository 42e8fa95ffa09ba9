package fetch

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"varde/internal/frontier"
)

// judge says what is made of an answer: it sets refusal, next and Outcome. It looks at the answer only, so that what is recorded with it
// can be checked again.
func (f *Fetcher) judge(c *call) {
	c.refusal = f.verdict(c)
	if c.refusal != nil {
		c.refusal.Again, c.Outcome = c.again, c.refusal.Outcome
	}
}

func (f *Fetcher) verdict(c *call) *Refusal {
	packing := (*Refusal)(nil)
	if c.broken == nil || c.Kind == Robots && c.Truncated == "length" {
		packing = c.open()
	}
	switch c.Status {
	case http.StatusOK:
		switch {
		case c.Kind == Robots && c.Truncated == "length":
			return packing
		case c.broken != nil:
			return c.broken
		case packing != nil:
			return packing
		}
		return c.wrongType()
	case http.StatusNotModified:
		if c.conditional {
			return nil
		}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		c.again, c.said = retryAfter(c.Header, c.At)
		return refuse(frontier.Busy, "status %d", c.Status)
	case http.StatusUnauthorized, http.StatusForbidden:
		return refuse(frontier.Refused, "status %d", c.Status)
	case http.StatusNotFound, http.StatusGone:
		return refuse(frontier.Gone, "status %d", c.Status)
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return f.sentOn(c)
	}
	if c.Status >= 500 {
		return refuse(frontier.Broken, "status %d", c.Status)
	}
	return refuse(frontier.OddStatus, "status %d", c.Status)
}

// sentOn reads a redirect.
func (f *Fetcher) sentOn(c *call) *Refusal {
	next := location(c.URL, c.Header.Get("Location"))
	switch {
	case next == nil:
		return refuse(frontier.OddStatus, "status %d leads to no address", c.Status)
	case !f.target.Inside(next):
		return refuse(frontier.OffTarget, "the site sends on to another place: %s", place(next))
	case len(c.Via) >= f.limits.Redirects:
		return refuse(frontier.Redirects, "more than %d", f.limits.Redirects)
	case next.String() == c.URL.String() || slices.Contains(c.Via, next.String()): // no cookie can make the next answer another
		return refuse(frontier.Redirects, "they lead in a circle")
	}
	c.next = next
	return nil
}

// location is where a redirect leads, nil where that is no address.
func location(from *url.URL, to string) *url.URL {
	if to == "" {
		return nil
	}
	next, err := from.Parse(to)
	if err != nil || next.Host == "" && next.Opaque == "" && next.Path == "" {
		return nil
	}
	next.Fragment, next.RawFragment = "", ""
	return next
}

// mostHost is the longest name of a host (RFC 1035), with a port.
const mostHost = 253 + len(":65535")

// place names where an address leads without what may be in it.
func place(u *url.URL) string {
	if u.Host == "" {
		return u.Scheme + ":"
	}
	return u.Scheme + "://" + u.Host[:min(len(u.Host), mostHost)]
}

// retryAfter reads how long a site wants to be left alone, at most mostAgain; said is false where it does not say.
func retryAfter(h http.Header, now time.Time) (wait time.Duration, said bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text != "" && strings.Trim(text, "0123456789") == "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n > int64(mostAgain/time.Second) {
			return mostAgain, true
		}
		return time.Duration(n) * time.Second, true
	}
	t, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	if theirs, err := http.ParseTime(h.Get("Date")); err == nil { // its clock may be wrong
		now = theirs
	}
	return max(0, min(t.Sub(now), mostAgain)), true
}

// media says whether a content type is of something that is no page.
func media(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, "/")
	switch kind {
	case "image", "audio", "video", "font":
		return true
	}
	switch contentType {
	case "application/pdf", "application/postscript", "application/zip", "application/ogg", "application/x-rar-compressed", "application/vnd.ms-fontobject",
		"application/wasm", "application/x-msdownload", "application/x-7z-compressed", "application/x-tar", "application/msword", "application/vnd.rar":
		return true
	}
	return false
}

// wrongType says whether the body is something else than what was asked for. What a body is counts more than what the site calls it.
func (c *call) wrongType() *Refusal {
	is := sniff(c.Body)
	says, _, err := mime.ParseMediaType(c.ContentType())
	if err != nil {
		says, _, _ = strings.Cut(strings.ToLower(c.ContentType()), ";")
	}
	wrong := false
	switch c.Kind {
	case Page:
		wrong = media(is) || media(says) && is != "text/html" && is != "text/xml" || says == "image/svg+xml" && is != "text/html"
	case Picture: // new formats are not known by their beginning
		wrong = !strings.HasPrefix(is, "image/") && (is != "application/octet-stream" || says != "" && says != is && !strings.HasPrefix(says, "image/"))
	}
	if wrong {
		return refuse(frontier.WrongType, "asked for a %s, and it is %s", c.Kind, is)
	}
	return nil
}
