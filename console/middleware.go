package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"varde/internal/auth"
)

// ctxKey is for what a request carries through the handlers.
type ctxKey int

const (
	ctxReference ctxKey = iota
	ctxUser
)

// referenceOf returns the reference under which this request is logged and which error pages show.
func referenceOf(ctx context.Context) string {
	ref, _ := ctx.Value(ctxReference).(string)
	return ref
}

// userOf returns the signed-in account, or nil.
func userOf(ctx context.Context) *auth.User {
	u, _ := ctx.Value(ctxUser).(*auth.User)
	return u
}

// reference gives each request its reference, bounds its time, and turns a panic into the error page.
func (s *Server) reference(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
		defer cancel()
		r = r.WithContext(context.WithValue(ctx, ctxReference, rand.Text()[:8]))
		defer func() {
			if p := recover(); p != nil {
				s.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// policy lets a page use this host's own scripts and sheets and nothing else. Pictures are this host's icon and the
// data: shapes inside the vendored sheet.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"

// secure sets the headers that every answer carries.
func (s *Server) secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("X-Robots-Tag", "noindex, nofollow")
		if s.cfg.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// handle bounds the body, checks who asks, runs the route and turns its error into a page.
func (s *Server) handle(rt route) http.Handler {
	most := cmp.Or(largeBodies[rt.pattern], mostBody)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, most)
		if rt.access != public {
			u, err := s.auth.User(r.Context())
			switch {
			case err == nil:
				r = r.WithContext(context.WithValue(r.Context(), ctxUser, &u))
			case !errors.Is(err, auth.ErrSignedOut):
				s.fail(w, r, err)
				return
			}
		}
		if rt.access == signedIn && s.turnAway(w, r) {
			return
		}
		begin := time.Now()
		if err := rt.do(w, r); err != nil {
			s.fail(w, r, err)
			return
		}
		// The pattern, not the address: an address holds what people search for.
		s.log.Debug("served", "route", rt.pattern, "took", time.Since(begin), "reference", referenceOf(r.Context()))
	})
}

// turnAway sends those who are not signed in to the sign-in page, and those who must change their password there.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request) bool {
	u := userOf(r.Context())
	switch {
	case u == nil:
		to := "/sign-in"
		switch {
		case r.Method == http.MethodPost: // the page that the form stood on, which is told to be sent again
			to += "?lost=1&next=" + url.QueryEscape(r.URL.Path)
		case r.URL.Path != "/":
			to += "?next=" + url.QueryEscape(r.URL.RequestURI())
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return true
	case u.MustChange && r.URL.Path != "/password":
		http.Redirect(w, r, "/password", http.StatusSeeOther)
		return true
	}
	return false
}

// localPath returns next if it is a path on this host, and otherwise the start page.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(u.Path, "//") || strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(next, "//") {
		return "/queue"
	}
	return u.RequestURI()
}
