package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Prove returns the account if the password is its own, for who acts once and not in a session: somebody at a command line. Wrong
// attempts count as those of signing in do; since each command is a process of its own, they are kept beside the sessions until they
// are forgotten; processes that start at the same instant may each get a try. It takes the same time whether or not the name is known. An account that has to change its password is returned with
// MustChange: what it may do is for the caller to decide. Errors: ErrRefused, *LockedError, or the store's.
func (a *Auth) Prove(ctx context.Context, name, password string) (User, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if len(name) > MaxName {
		name = name[:MaxName]
	}
	key := name + "\x00command"
	kept := "attempts-" + fingerprint(key)
	if err := a.recall(ctx, key, kept); err != nil {
		return User{}, err
	}
	if wait := a.locks.attempt(key); wait > 0 {
		return User{}, &LockedError{Wait: wait}
	}
	// Written down before the check, so that a command that is killed before its answer has had its try.
	if err := a.note(ctx, key, kept); err != nil {
		return User{}, err
	}
	u, err := a.check(ctx, name, password)
	if errors.Is(err, ErrRefused) || ctx.Err() != nil {
		a.log.Warn("password refused", "user", name, "reason", err)
		return User{}, err
	}
	a.locks.forget(key)
	if kerr := a.store.DeleteCtx(ctx, kept); kerr != nil {
		return User{}, errors.Join(err, fmt.Errorf("forget attempts: %w", kerr))
	}
	return u, err
}

// Replace changes the password of an account that proves the old one, outside a session; all its sessions end. Errors are those of
// Prove, and *WeakError when the new one will not do.
func (a *Auth) Replace(ctx context.Context, name, old, replacement string) error {
	u, err := a.Prove(ctx, name, old)
	if err != nil {
		return err
	}
	if err := judge(u.Name, old, replacement); err != nil {
		return err
	}
	_, err = a.replace(ctx, u, replacement)
	return err
}

// replace keeps a new password for an account whose old one was checked.
func (a *Auth) replace(ctx context.Context, u User, replacement string) (User, error) {
	var err error
	if u.Hash, err = a.hash(ctx, replacement); err != nil {
		return u, err
	}
	if err := a.users.SetPassword(ctx, u.Name, u.Hash, false); err != nil {
		return u, fmt.Errorf("keep password: %w", err)
	}
	a.log.Info("password changed", "user", u.Name)
	return u, nil
}

// keptAttempts is what stands beside the sessions.
type keptAttempts struct {
	Wrong       int
	Until, Last time.Time
}

// recall takes up what earlier processes counted against a key, unless this one knows of more.
func (a *Auth) recall(ctx context.Context, key, kept string) error {
	data, found, err := a.store.FindCtx(ctx, kept)
	if err != nil {
		return fmt.Errorf("find attempts: %w", err)
	}
	var k keptAttempts
	if !found || json.Unmarshal(data, &k) != nil { // unreadable attempts lock nobody out
		return nil
	}
	a.locks.learn(key, attempts{wrong: k.Wrong, until: k.Until, last: k.Last})
	return nil
}

// note keeps what is counted against a key.
func (a *Auth) note(ctx context.Context, key, kept string) error {
	now := a.locks.known(key)
	data, err := json.Marshal(keptAttempts{Wrong: now.wrong, Until: now.until, Last: now.last})
	if err != nil {
		return fmt.Errorf("write attempts: %w", err)
	}
	if err := a.store.CommitCtx(ctx, kept, data, now.last.Add(forgetAfter)); err != nil {
		return fmt.Errorf("keep attempts: %w", err)
	}
	return nil
}
