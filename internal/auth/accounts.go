package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"varde/internal/fault"
)

// Add makes an account and returns its first password, to be told once. The name must be free.
func (a *Auth) Add(ctx context.Context, name string) (password string, err error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" || len(name) > MaxName || strings.ContainsAny(name, " \t\r\n/") {
		return "", fmt.Errorf("%w: %q is no account name", fault.ErrUsage, name)
	}
	if _, err := a.users.User(ctx, name); err == nil {
		return "", fmt.Errorf("%w: there is an account %s already", fault.ErrUsage, name)
	} else if !errors.Is(err, fault.ErrNotFound) {
		return "", fmt.Errorf("look up account %s: %w", name, err)
	}
	password = randomPassword()
	hash, err := a.hash(ctx, password)
	if err != nil {
		return "", err
	}
	u := User{Name: name, Hash: hash, Role: "admin", Created: a.now().UTC(), MustChange: true}
	if err := a.users.CreateUser(ctx, u); err != nil {
		return "", fmt.Errorf("create account %s: %w", name, err)
	}
	a.log.Info("account made", "user", name)
	return password, nil
}

// Reset gives an account a new password and returns it, to be told once. Its sessions end. With mustChange nothing else can be
// done before the password is changed.
func (a *Auth) Reset(ctx context.Context, name string, mustChange bool) (password string, err error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if _, err := a.users.User(ctx, name); err != nil {
		return "", fmt.Errorf("look up account %s: %w", name, err)
	}
	password = randomPassword()
	hash, err := a.hash(ctx, password)
	if err != nil {
		return "", err
	}
	if err := a.users.SetPassword(ctx, name, hash, mustChange); err != nil {
		return "", fmt.Errorf("set the password of %s: %w", name, err)
	}
	a.log.Info("password reset", "user", name)
	return password, nil
}
