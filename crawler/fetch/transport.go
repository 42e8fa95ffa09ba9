package fetch

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/idna"

	"varde/internal/frontier"
)

// transport makes one request after all checks, and reads its answer whole. What it hands back is an empty answer: nothing above it
// may unpack, recode or follow anything.
type transport struct {
	base    *http.Transport
	fetcher *Fetcher
}

func newTransport(f *Fetcher) *transport {
	loopback := f.target.Loopback
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error { return checkAddress(address, loopback) }}
	return &transport{fetcher: f, base: &http.Transport{
		Proxy: nil, DialContext: dialer.DialContext, DisableCompression: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		MaxIdleConnsPerHost: max(32, f.target.Concurrency), TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10, ReadBufferSize: 16 << 10,
	}}
}

type callKey struct{}

// RoundTrip makes the request that a call of Get stands behind.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	c, _ := req.Context().Value(callKey{}).(*call)
	if c == nil {
		return nil, errors.New("nobody asked for this")
	}
	if !t.inside(c, req) { // colly may have spelled the address in another way
		return nil, refuse(frontier.Outside, "%s is not within hosts, allow and deny", req.URL.Redacted())
	}
	if err := t.fetcher.gate.Allow(req.Context(), t.fetcher.target, req.URL); err != nil {
		return nil, &Refusal{Outcome: frontier.NotAuthorised, Err: err}
	}
	if err := t.send(c, req); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: c.Status, Proto: c.Proto, Header: http.Header{}, Body: http.NoBody, Uncompressed: true, Request: req}, nil
}

// inside asks the target about what is about to leave. colly writes the names of hosts in ASCII, a target perhaps in the letters of
// its country.
func (t *transport) inside(c *call, req *http.Request) bool {
	if t.fetcher.target.Inside(req.URL) {
		return true
	}
	ascii, err := idna.Lookup.ToASCII(c.URL.Hostname())
	if err != nil || !strings.EqualFold(ascii, req.URL.Hostname()) || c.URL.Port() != req.URL.Port() {
		return false
	}
	u := *req.URL
	u.Host = c.URL.Host
	return t.fetcher.target.Inside(&u)
}

// send makes the request and reads the answer into c. It fails where there is none; an answer that broke off is one.
func (t *transport) send(c *call, req *http.Request) error {
	ctx, cancel := context.WithCancelCause(req.Context())
	defer cancel(nil)
	w := startWatch(t.fetcher.limits, cancel)
	defer w.stop()
	attempts := 0
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if attempts++; attempts > 1 { // the library would ask again, without the gate and at no pace
			cancel(errAgain)
			if !isHTTP2(info.Conn) { // over HTTP/2 it looks at the context before it writes
				_ = info.Conn.Close() // so that nothing can be written; the error is the one of closing twice
			}
			return
		}
		c.IP = host(info.Conn.RemoteAddr())
	}}
	c.URL, c.Began = req.URL, time.Now().UTC()
	res, err := t.base.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return err
	}
	c.answered = true
	c.Proto, c.Status, c.Header = res.Proto, res.StatusCode, res.Header
	_, c.Reason, _ = strings.Cut(res.Status, " ")
	c.RequestHead = requestHead(req, res.Proto, t.fetcher.token)
	if res.TLS != nil && len(res.TLS.PeerCertificates) > 0 {
		sum := sha256.Sum256(res.TLS.PeerCertificates[0].Raw)
		c.Certificate = hex.EncodeToString(sum[:])
	}
	w.body()
	err = c.read(res, w)
	_ = res.Body.Close() // all that can be known of the body is known
	c.At = time.Now().UTC()
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		c.cut(req.Context(), err)
	}
	return nil
}

func isHTTP2(conn net.Conn) bool {
	t, ok := conn.(*tls.Conn)
	return ok && t.ConnectionState().NegotiatedProtocol == "h2"
}

func host(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		return tcp.IP.String()
	}
	return addr.String()
}
