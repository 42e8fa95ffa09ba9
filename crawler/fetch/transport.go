package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

var (
	errTooLarge = errors.New("body is larger than allowed")
	errAddress  = errors.New("address is not allowed")
)

// transport unpacks bodies itself, so that the limit counts what comes out and not what comes in.
type transport struct {
	base  *http.Transport
	limit int64
}

func newTransport(loopback bool, l Limits) *transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error { return checkAddress(address, loopback) }}
	return &transport{limit: l.Bytes, base: &http.Transport{
		Proxy: nil, DialContext: dialer.DialContext, DisableCompression: true, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 32,
		TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: l.Timeout, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 64 << 10,
	}}
}

// checkAddress sees the address that is really connected to, after all name look-ups: only public ones, or for simulated sites
// only this machine.
func checkAddress(address string, loopback bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errAddress, address)
	}
	ip := at.Addr().Unmap()
	if loopback {
		if ip.IsLoopback() {
			return nil
		}
		return fmt.Errorf("%w: %s is not this machine, and the target is a simulated one", errAddress, ip)
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || reserved(ip) || at.Port() != 80 && at.Port() != 443 {
		return fmt.Errorf("%w: %s", errAddress, at)
	}
	return nil
}

// notPublic are ranges that are global unicast by form but not public (IANA special-purpose registries).
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("::/96"), netip.MustParsePrefix("2001::/23"),
}

func reserved(ip netip.Addr) bool {
	for _, p := range notPublic {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// RoundTrip makes one request.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body := io.Reader(res.Body)
	switch encoding := strings.ToLower(res.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		body, err = gzip.NewReader(res.Body)
		if errors.Is(err, io.EOF) { // a redirect, say, without a body to pack
			body, err = http.NoBody, nil
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("unpack: %w", err), res.Body.Close())
		}
	default:
		return nil, errors.Join(fmt.Errorf("the site packs with %q, which was not asked for", encoding), res.Body.Close())
	}
	res.Header.Del("Content-Encoding")
	res.Header.Del("Content-Length")
	res.ContentLength, res.Uncompressed = -1, true // so that nobody unpacks again
	res.Body = &limited{Reader: body, closer: res.Body, left: t.limit}
	return res, nil
}

// CloseIdleConnections ends what is kept for the next request.
func (t *transport) CloseIdleConnections() { t.base.CloseIdleConnections() }

// limited fails beyond its size; a page cut silently would be taken for a whole one.
type limited struct {
	io.Reader
	closer io.Closer
	left   int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

func (l *limited) Close() error { return l.closer.Close() }

// fetchRaw asks for a small text such as robots.txt, outside colly's bookkeeping but through the same gate and guard.
func (f *Fetcher) fetchRaw(ctx context.Context, address string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("User-Agent", f.collector.UserAgent)
	client := &http.Client{Transport: &transport{base: f.transport.base, limit: robotsSize}, Timeout: f.limits.Timeout,
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > f.limits.Redirects {
				return refuse("too many redirects", fmt.Errorf("more than %d", f.limits.Redirects))
			}
			return f.allowed(req.Context(), req.URL)
		}}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	body, err = io.ReadAll(res.Body)
	if errors.Is(err, errTooLarge) {
		err = nil // RFC 9309, 2.5: what lies beyond the limit is not read
	}
	return res.StatusCode, body, errors.Join(err, res.Body.Close())
}
