package fetch

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// Trust makes a fetcher trust certificates that no public authority has signed.
func Trust(f *Fetcher, pool *x509.CertPool) { f.transport.base.TLSClientConfig.RootCAs = pool }

// Resolve makes a fetcher look names up elsewhere.
func Resolve(f *Fetcher, r *net.Resolver) { f.transport.dialer.Resolver = r }

// ErrStopped is what happens to connections that Stop stops.
var ErrStopped = errors.New("stopped by the test")

// Stop lets the guard look at every address that is connected to, tells those that it lets pass, and connects to none of them but this
// machine.
func Stop(f *Fetcher, passed func(address string)) {
	guard := f.transport.dialer.Control
	f.transport.dialer.Control = func(network, address string, c syscall.RawConn) error {
		if err := guard(network, address, c); err != nil {
			return err
		}
		passed(address)
		if err := checkAddress(address, true); err != nil {
			return ErrStopped
		}
		return nil
	}
}

// SetRobotsClock sets the clock that robots.txt grows old by.
func SetRobotsClock(f *Fetcher, now func() time.Time) { f.robots.now = now }

// RetryAfter reads an answer's head.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) { return retryAfter(h, now) }

// Location reads where a redirect leads.
func Location(from *url.URL, to string) *url.URL { return location(from, to) }

// CheckAddress is the guard.
func CheckAddress(address string, loopback bool) error { return checkAddress(address, loopback) }

// ErrAddress is what the guard says.
var ErrAddress = errAddress

// MostAgain is the longest wait that a site can ask for.
const MostAgain = mostAgain

// Header is what a fetcher says of itself to an address.
func Header(f *Fetcher, u *url.URL) http.Header { return f.header(u) }
