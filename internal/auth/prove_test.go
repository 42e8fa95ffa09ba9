package auth_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"varde/internal/auth"
)

// command is a process of its own over the same record, as each command is.
func (w *world) command(t *testing.T) *auth.Auth {
	t.Helper()
	a, err := auth.New(auth.Config{Now: w.clock.Now, Log: slog.New(slog.NewTextHandler(w.log, nil))}, w, w)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestProve: who acts at a command line is checked like who signs in, and a process for each try gives no more tries.
func TestProve(t *testing.T) {
	t.Parallel()
	w := start(t)
	u, err := w.command(t).Prove(t.Context(), " ADMIN ", w.first.Password)
	if err != nil || u.Name != "admin" || !u.MustChange || len(w.sessions) != 0 {
		t.Fatalf("%+v, %v, %d sessions", u, err, len(w.sessions))
	}
	if _, err := w.command(t).Prove(t.Context(), "nobody", w.first.Password); !errors.Is(err, auth.ErrRefused) {
		t.Errorf("an unknown name: %v", err)
	}
	for range 5 {
		if _, err := w.command(t).Prove(t.Context(), "admin", "wrong"); !errors.Is(err, auth.ErrRefused) {
			t.Fatalf("a wrong password: %v", err)
		}
	}
	var locked *auth.LockedError
	if _, err := w.command(t).Prove(t.Context(), "admin", w.first.Password); !errors.As(err, &locked) || locked.Wait > 30*time.Second {
		t.Errorf("after five wrong attempts: %v", err)
	}
	w.clock.forward(31 * time.Second)
	if _, err := w.command(t).Prove(t.Context(), "admin", w.first.Password); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	if _, err := w.command(t).Prove(t.Context(), "admin", "wrong"); !errors.Is(err, auth.ErrRefused) {
		t.Errorf("what was wrong before a right one still counts: %v", err)
	}
	if strings.Contains(w.log.String(), w.first.Password) {
		t.Error("the password is in the log")
	}
}

// TestReplace: a password is changed by who knows the old one, and all sessions end.
func TestReplace(t *testing.T) {
	t.Parallel()
	w := start(t)
	p := w.person(t)
	p.wants(200, "/in", "name", "admin", "password", w.first.Password)
	const better = "fjell fjord og vidde"
	var weak *auth.WeakError
	if err := w.auth.Replace(t.Context(), "admin", "wrong", better); !errors.Is(err, auth.ErrRefused) {
		t.Errorf("a wrong old one: %v", err)
	}
	if err := w.auth.Replace(t.Context(), "admin", w.first.Password, "kort"); !errors.As(err, &weak) {
		t.Errorf("a short one: %v", err)
	}
	if err := w.auth.Replace(t.Context(), "admin", w.first.Password, better); err != nil {
		t.Fatal(err)
	}
	p.wants(403, "/me")
	if u, err := w.auth.Prove(t.Context(), "admin", better); err != nil || u.MustChange {
		t.Errorf("%+v, %v", u, err)
	}
}
