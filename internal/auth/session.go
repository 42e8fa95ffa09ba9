package auth

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// What a session holds.
const (
	sessionUser     = "user"
	sessionPassword = "password" // fingerprint of the hash that opened it
)

func newSessions(cfg Config, store Sessions) *scs.SessionManager {
	// Not scs.New: that starts a store in memory, with a goroutine that cannot be ended safely.
	m := &scs.SessionManager{Store: sessionStore{store}, Codec: scs.GobCodec{}, HashTokenInStore: true}
	if m.Lifetime = cfg.Lifetime; m.Lifetime == 0 {
		m.Lifetime = 12 * time.Hour
	}
	if m.IdleTimeout = cfg.Idle; m.IdleTimeout == 0 {
		m.IdleTimeout = 2 * time.Hour
	}
	m.Cookie.Name = "varde"
	if cfg.Secure {
		m.Cookie.Name = "__Host-varde"
	}
	m.Cookie.Path = "/"
	m.Cookie.Secure = cfg.Secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false
	return m
}

// open binds the session to the account under a token that nobody has seen before.
func (a *Auth) open(ctx context.Context, u User) error {
	if err := a.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	a.sessions.Put(ctx, sessionUser, u.Name)
	a.sessions.Put(ctx, sessionPassword, fingerprint(u.Hash))
	return nil
}

// sessionStore gives scs the methods without context that its interface names; scs calls those with one.
type sessionStore struct{ Sessions }

var _ scs.CtxStore = sessionStore{}

// Find is FindCtx without a context.
func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is DeleteCtx without a context.
func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// Sessions gives each request its session. Whatever reads the user of a request must lie behind it. A request without
// a session writes nothing; one with a session writes its last use before the answer goes out. fail answers instead
// when the store does not.
func (a *Auth) Sessions(next http.Handler, fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := ""
		if c, err := r.Cookie(a.sessions.Cookie.Name); err == nil {
			token = c.Value
		}
		w.Header().Add("Vary", "Cookie")
		ctx, err := a.sessions.Load(r.Context(), token)
		if err != nil {
			fail(w, r, fmt.Errorf("load session: %w", err))
			return
		}
		sw := &sessionWriter{ResponseWriter: w, save: func() error { return a.save(ctx, w) }}
		next.ServeHTTP(sw, r.WithContext(ctx))
		if !sw.begun {
			sw.begin()
		}
		if sw.failed != nil {
			fail(w, r, fmt.Errorf("save session: %w", sw.failed))
		}
	})
}

// save commits the session and sets its cookie.
func (a *Auth) save(ctx context.Context, w http.ResponseWriter) error {
	switch a.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := a.sessions.Commit(ctx)
		if err != nil {
			return err
		}
		a.sessions.WriteSessionCookie(ctx, w, token, expiry)
	case scs.Destroyed:
		a.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	}
	return nil
}

// sessionWriter saves the session before the first byte goes out, and lets nothing out if that fails.
type sessionWriter struct {
	http.ResponseWriter
	save   func() error
	begun  bool
	failed error
}

func (w *sessionWriter) begin() {
	w.begun = true
	w.failed = w.save()
}

// WriteHeader saves the session and passes the status on.
func (w *sessionWriter) WriteHeader(status int) {
	if !w.begun {
		w.begin()
	}
	if w.failed == nil {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write saves the session before the first bytes and passes them on.
func (w *sessionWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.begin()
	}
	if w.failed != nil {
		return 0, w.failed
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *sessionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
