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

	"varde/internal/frontier"
	"varde/internal/target"
)

// transport makes one request after all checks, and reads its answer whole. What it hands back is an empty answer: nothing above it
// may unpack, recode or follow anything.
type transport struct {
	base    *http.Transport
	dialer  *net.Dialer
	fetcher *Fetcher
}

func newTransport(f *Fetcher) *transport {
	loopback := f.target.Loopback
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error { return checkAddress(address, loopback) }}
	return &transport{fetcher: f, dialer: dialer, base: &http.Transport{
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
	if !t.fetcher.target.Inside(req.URL) { // colly may have spelled the address in another way
		return nil, refuse(frontier.Outside, "%s is not within hosts, allow and deny", req.URL.Redacted())
	}
	if err := t.authorised(req); err != nil { // nobody is so much as connected to without it
		return nil, err
	}
	if err := t.send(c, req); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: c.Status, Proto: c.Proto, Header: http.Header{}, Body: http.NoBody, Uncompressed: true, Request: req}, nil
}

// send makes the request and reads the answer into c. It fails where there is none; an answer that broke off is one.
func (t *transport) send(c *call, req *http.Request) error {
	ctx, cancel := context.WithCancelCause(req.Context())
	defer cancel(nil)
	w := startWatch(t.fetcher.limits, cancel)
	defer w.stop()
	attempts := 0
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		attempts++
		if err := t.connected(ctx, req, c, attempts, info); err != nil {
			cancel(err)
			_ = info.Conn.Close() // so that nothing can be written; all that may go wrong is that it is closed already
			return
		}
		c.IP, c.Began = host(info.Conn.RemoteAddr()), time.Now().UTC()
	}}
	c.URL = req.URL
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

// mostAttempts is how often the HTTP library may send a request that the site did not look at.
const mostAttempts = 2

// connected is asked when there is a connection and before anything is written to it. Getting one may have taken many seconds, in which the
// target may have been stopped; only one that lay idle was there at once.
//
// Beyond the first attempt it is the HTTP library that sends a request once more by itself, as it does where a kept connection turns out
// closed and where HTTP/2 says so. That is a request like any other.
func (t *transport) connected(ctx context.Context, req *http.Request, c *call, attempts int, info httptrace.GotConnInfo) error {
	switch f := t.fetcher; {
	case attempts > mostAttempts:
		return errAgain
	case attempts > 1:
		if err := f.pacer.Wait(ctx, target.Host(c.URL), f.target.Rate, c.delay); err != nil {
			return err
		}
	case info.Reused && info.WasIdle:
		return nil
	}
	return t.authorised(req)
}

func (t *transport) authorised(req *http.Request) error {
	if err := t.fetcher.gate.Allow(req.Context(), t.fetcher.target, req.URL); err != nil {
		return &Refusal{Outcome: frontier.NotAuthorised, Err: err}
	}
	return nil
}

func host(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		return tcp.IP.String()
	}
	return addr.String()
}
