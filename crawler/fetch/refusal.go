package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"varde/internal/ad"
	"varde/internal/frontier"
)

// Refusal is why a request was not made or an answer not taken.
type Refusal struct {
	Outcome frontier.Outcome
	// Err is the cause. It says nothing that a page said.
	Err error
	// Again is how long the site is to be left alone before the address is tried again; 0 where it did not say.
	Again time.Duration
	// Capture is the answer that was not taken; nil where there was none.
	Capture *ad.Capture
}

// Error prints the outcome and its cause.
func (r *Refusal) Error() string { return string(r.Outcome) + ": " + r.Err.Error() }

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(outcome frontier.Outcome, format string, args ...any) *Refusal {
	return &Refusal{Outcome: outcome, Err: fmt.Errorf(format, args...)}
}

var (
	errAddress = errors.New("address is not allowed")
	errTimeout = errors.New("the answer took too long")
	errSlow    = errors.New("the answer came too slowly")
	// errAgain: the site closed one connection after the other before it answered.
	errAgain = errors.New("the connection was closed before the answer")
)

// classify gives an error of the net its outcome. An error of ctx stays what it is.
func classify(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var known *Refusal
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, errAddress):
		return &Refusal{Outcome: frontier.Address, Err: bare(err)}
	case errors.Is(err, errSlow):
		return &Refusal{Outcome: frontier.Slow, Err: errSlow}
	case errors.Is(err, errTimeout), errors.As(err, &timeout) && timeout.Timeout():
		return &Refusal{Outcome: frontier.Timeout, Err: errTimeout}
	case isTLS(err):
		return &Refusal{Outcome: frontier.TLS, Err: bare(err)}
	case strings.Contains(err.Error(), "response headers exceeded"), strings.Contains(err.Error(), "header list larger"):
		return refuse(frontier.TooLarge, "the answer's head is larger than allowed")
	case isReset(err):
		return refuse(frontier.Reset, "the connection was broken off: %w", bare(err))
	}
	return &Refusal{Outcome: frontier.Network, Err: bare(err)}
}

// bare takes off what the HTTP library adds, the address asked for above all, and leaves out what it quotes of what the site sent.
func bare(err error) error {
	var (
		u       *url.Error
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
	)
	if errors.As(err, &u) {
		err = u.Err
	}
	text := err.Error()
	switch {
	case errors.As(err, &host):
		return fmt.Errorf("the certificate is not one for %s", host.Host)
	case errors.As(err, &unknown):
		return errors.New("the certificate is signed by an unknown authority")
	case strings.Contains(text, "GOAWAY"):
		return errors.New("GOAWAY")
	case strings.Contains(text, "malformed"), strings.Contains(text, "transfer encoding"), strings.Contains(text, "Content-Length"):
		return errors.New("the answer is not HTTP")
	}
	return err
}

func isTLS(err error) bool {
	var (
		record  tls.RecordHeaderError
		verify  *tls.CertificateVerificationError
		invalid x509.CertificateInvalidError
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
	)
	return errors.As(err, &record) || errors.As(err, &verify) || errors.As(err, &invalid) || errors.As(err, &host) || errors.As(err, &unknown) ||
		strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// isReset says whether a connection or stream ended that should have gone on. The library's HTTP/2 errors have no exported types.
func isReset(err error) bool {
	if errors.Is(err, errAgain) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return true
	}
	text := err.Error()
	for _, sign := range []string{"stream error: ", "GOAWAY", "http2: ", "connection error: ", "server closed idle connection"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
