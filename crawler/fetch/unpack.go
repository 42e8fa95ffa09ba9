package fetch

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"varde/internal/frontier"
)

// Unpack unpacks gzip within the limits' Bytes and Ratio. Its errors are Refusals.
func Unpack(packed []byte, l Limits) ([]byte, error) {
	l = l.complete()
	out, err := unpack(packed, min(l.Bytes, max(freeRatio, l.Ratio*int64(len(packed)))))
	if errors.Is(err, errLength) {
		return nil, refuse(frontier.Bomb, "%d bytes unpack to more than allowed", len(packed))
	}
	if err != nil {
		return nil, refuse(frontier.Packing, "unpack: %w", err)
	}
	return out, nil
}

var unpackers sync.Pool

// unpack returns the first most bytes, with errLength where there are more, and what there was before any other error. Bytes after the
// last whole member are ignored, as browsers do.
func unpack(packed []byte, most int64) ([]byte, error) {
	if len(packed) == 0 {
		return nil, nil
	}
	in := bytes.NewReader(packed)
	z, _ := unpackers.Get().(*gzip.Reader)
	if z == nil {
		z = new(gzip.Reader)
	}
	defer unpackers.Put(z)
	if err := z.Reset(in); err != nil {
		return nil, err
	}
	return readUpTo(members{z, in}, most)
}

// members reads one member of a gzip file after the other, until something comes that is none.
type members struct {
	z  *gzip.Reader
	in *bytes.Reader
}

func (m members) Read(p []byte) (int, error) {
	m.z.Multistream(false)
	n, err := m.z.Read(p)
	if err == io.EOF && m.in.Len() > 0 && m.z.Reset(m.in) == nil {
		err = nil
	}
	return n, err
}

// codings are the ways to pack that are registered for HTTP (IANA). Only gzip was asked for.
var codings = map[string]bool{"gzip": true, "x-gzip": true, "deflate": true, "br": true, "zstd": true, "compress": true, "x-compress": true, "dcb": true, "dcz": true}

// open sets Body to what Raw stands for.
func (c *call) open() *Refusal {
	coding := strings.ToLower(strings.TrimSpace(strings.Join(c.Header.Values("Content-Encoding"), ",")))
	switch {
	case coding == "" || coding == "identity" || len(c.Raw) == 0: // a redirect may say that it packs, and have nothing to pack
		c.Body = c.Raw
	case coding == "gzip" || coding == "x-gzip":
		if c.Kind == Robots {
			return c.openRobots()
		}
		body, err := Unpack(c.Raw, c.limits)
		if err != nil {
			var r *Refusal
			errors.As(err, &r) // Unpack has no others
			return r
		}
		c.Body = body
	case !codings[coding] && !strings.Contains(coding, ",") && isText(c.Raw): // "utf-8", "none": not packed, and meant well
		c.Body = c.Raw
	default:
		return &Refusal{Outcome: frontier.Packing, Err: fmt.Errorf("packed in a way that was not asked for")}
	}
	return nil
}

// openRobots takes what can be had: what lies beyond the limit is not read (RFC 9309, 2.5).
func (c *call) openRobots() *Refusal {
	body, err := unpack(c.Raw, robotsSize)
	if err != nil && !errors.Is(err, errLength) && c.Truncated == "" {
		return refuse(frontier.Packing, "unpack: %w", err)
	}
	c.Body = body
	return nil
}

// isText says whether the beginning of a body has none of the bytes that texts do not have (MIME Sniffing Standard, 3).
func isText(body []byte) bool {
	for _, b := range body[:min(len(body), sniffed)] {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\f' && b != '\r' && b != 0x1b {
			return false
		}
	}
	return true
}

// sniffed is how much of a body says what it is.
const sniffed = 512

// sniff says what a body is by its beginning.
func sniff(body []byte) string {
	kind := http.DetectContentType(body)
	if media(kind) && kind != "application/pdf" && kind != "application/postscript" && isText(body) {
		return "text/plain" // such as an ad that begins with the letters BM, as bitmaps do
	}
	kind, _, _ = strings.Cut(kind, ";")
	return kind
}
