package fetch_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"varde/crawler/fetch"
	"varde/internal/frontier"
)

// certificate makes one for 127.0.0.1, signed by itself; change alters it first.
func certificate(t *testing.T, change func(*x509.Certificate)) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "market.example"}, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	change(c)
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if made, err := x509.ParseCertificate(der); err == nil {
		pool.AddCert(made)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// TestCertificatesThatAreWrong end before anything is asked.
func TestCertificatesThatAreWrong(t *testing.T) {
	for name, tt := range map[string]struct {
		change    func(*x509.Certificate)
		untrusted bool
		version   uint16
		want      frontier.Outcome
		says      string
	}{
		"right":       {change: func(*x509.Certificate) {}},
		"expired":     {change: func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }, want: frontier.TLS, says: "expired"},
		"not yet":     {change: func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }, want: frontier.TLS, says: "not yet valid"},
		"other host":  {change: func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"other.example"} }, want: frontier.TLS, says: "127.0.0.1"},
		"self-signed": {change: func(*x509.Certificate) {}, untrusted: true, want: frontier.TLS, says: "unknown authority"},
		"old TLS":     {change: func(*x509.Certificate) {}, version: tls.VersionTLS11, want: frontier.TLS, says: "protocol version"},
	} {
		t.Run(name, func(t *testing.T) {
			cert, pool := certificate(t, tt.change)
			s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")}, func(s *httptest.Server) {
				s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: tt.version}
				s.StartTLS()
			})
			r := rigged(t, s, s.target())
			fetch.Trust(r.Fetcher, pool)
			if tt.untrusted {
				fetch.Trust(r.Fetcher, x509.NewCertPool())
			}
			_, err := r.page(t, "/ads/1")
			if refused(t, err, tt.want); err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v does not say %q", err, tt.says)
			}
			if (len(s.paths(true)) == 0) != (tt.want != "") {
				t.Errorf("asked %q", s.paths(true))
			}
		})
	}
	plain := serve(t, nil)
	u := plain.url(t, "/ads/1")
	u.Scheme = "https"
	_, err := rigged(t, plain, plain.target()).Get(t.Context(), fetch.Request{URL: u})
	refused(t, err, frontier.TLS)
}

// TestHTTP2SitesThatBreakOff: a real HTTP/2 server that ends its answers in the wrong ways.
func TestHTTP2SitesThatBreakOff(t *testing.T) {
	abort := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for name, tt := range map[string]struct {
		answer   http.HandlerFunc
		limits   fetch.Limits
		want     frontier.Outcome
		recorded []string
	}{
		"well":          {text("x"), fetch.Limits{}, "", []string{"/ads/1 200"}},
		"reset at once": {abort, fetch.Limits{}, frontier.Reset, nil},
		"reset midway": {func(w http.ResponseWriter, r *http.Request) {
			text("half a page")(w, r)
			w.(http.Flusher).Flush()
			abort(w, r)
		}, fetch.Limits{}, frontier.Reset, []string{"/ads/1 200 disconnect reset"}},
		"less than it said": {func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "100"); text("x")(w, r) }, fetch.Limits{}, frontier.Reset, []string{"/ads/1 200 disconnect reset"}},
		"hangs":             {silence, quickly, frontier.Timeout, nil},
		"hangs after head":  {silenceAfterHead, quickly, frontier.Slow, []string{"/ads/1 200 time too_slow"}},
		"drips":             {drip, quickly, frontier.Slow, []string{"/ads/1 200 time too_slow"}},
		"never ends":        {repeated(bytes.Repeat([]byte("x"), 1000), 0), small, frontier.TooLarge, []string{"/ads/1 200 length too_large"}},
		"a bomb":            {encoded("gzip", "text/html", bomb(16)), fetch.Limits{}, frontier.Bomb, []string{"/ads/1 200  unpacks_too_large"}},
		"a head of megabytes": {func(w http.ResponseWriter, r *http.Request) {
			for i := range 100 {
				w.Header().Set("X-"+strconv.Itoa(i), strings.Repeat("a", 1000))
			}
		}, fetch.Limits{}, frontier.Reset, nil}, // against what we said that we take
		"goes away politely": {func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Connection", "close"); text("x")(w, r) }, fetch.Limits{}, "", []string{"/ads/1 200"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, map[string]http.HandlerFunc{"/ads/1": tt.answer, "/ads/good": text("<html>good")}, overHTTP2)
			r := rigged(t, s, s.target(), within(tt.limits))
			_, err := r.page(t, "/ads/1")
			refused(t, err, tt.want)
			equal(t, "recorded", r.recorder.lines(), tt.recorded)
			if res, err := r.page(t, "/ads/good"); err != nil || res.Proto != "HTTP/2.0" {
				t.Errorf("after it: %+v, %v", res, err)
			}
		})
	}
}

// goingAway is an HTTP/2 server that says GOAWAY, or resets the stream, for each request, and counts those.
func goingAway(t *testing.T, answer func(*http2.Framer, uint32) error) (address string, pool *x509.CertPool, asked func() int) {
	t.Helper()
	cert, pool := certificate(t, func(*x509.Certificate) {})
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	var (
		mu sync.Mutex
		n  int
		g  sync.WaitGroup
	)
	one := func(conn net.Conn) {
		defer func() { _ = conn.Close() }()
		if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		fr := http2.NewFramer(conn, conn)
		fr.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
		if fr.WriteSettings() != nil {
			return
		}
		for {
			f, err := fr.ReadFrame()
			if err != nil {
				return
			}
			if h, ok := f.(*http2.MetaHeadersFrame); ok {
				mu.Lock()
				n++
				mu.Unlock()
				if answer(fr, h.StreamID) != nil {
					return
				}
			}
		}
	}
	g.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			g.Go(func() { one(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); g.Wait() })
	return l.Addr().String(), pool, func() int { mu.Lock(); defer mu.Unlock(); return n }
}

var errHungUp = errors.New("hung up")

// TestHTTP2ThatRefusesIsAskedThroughTheGate: the HTTP library would ask again by itself, up to seven times, for what a server says it has
// not looked at.
func TestHTTP2ThatRefusesIsAskedThroughTheGate(t *testing.T) {
	for name, answer := range map[string]func(*http2.Framer, uint32) error{
		"GOAWAY": func(fr *http2.Framer, _ uint32) error {
			return errors.Join(fr.WriteGoAway(0, http2.ErrCodeNo, []byte("a secret")), errHungUp)
		},
		"GOAWAY, angry": func(fr *http2.Framer, id uint32) error {
			return errors.Join(fr.WriteGoAway(id, http2.ErrCodeEnhanceYourCalm, []byte("a secret")), errHungUp)
		},
		"refused stream": func(fr *http2.Framer, id uint32) error { return fr.WriteRSTStream(id, http2.ErrCodeRefusedStream) },
		"protocol error": func(fr *http2.Framer, id uint32) error { return fr.WriteData(id+100, false, []byte("hello")) },
	} {
		t.Run(name, func(t *testing.T) {
			at, pool, asked := goingAway(t, answer)
			tg := (&site{}).targetAt(at)
			tg.Robots.Policy = "ignore"
			r := rigged(t, nil, tg, within(fetch.Limits{Timeout: patience}))
			fetch.Trust(r.Fetcher, pool)
			_, err := r.Get(t.Context(), fetch.Request{URL: address(t, "https://"+at+"/ads/1")})
			refused(t, err, frontier.Reset)
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error says what the site said: %v", err)
			}
			if n, allowed := asked(), len(r.gate.paths()); n > allowed || n < 1 || n > 2 {
				t.Errorf("%d requests arrived, %d were allowed", n, allowed)
			}
		})
	}
}
