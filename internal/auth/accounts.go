package auth

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"varde/internal/fault"
)

// newName is what a new account may be called. No two names look alike: who is named as approver is the one who is meant.
var newName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// Add makes an account and returns its first password, to be told once. The name must be free, and is written in small letters of a to z,
// digits, full stops, hyphens and underscores.
func (a *Auth) Add(ctx context.Context, name string) (password string, err error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if !newName.MatchString(name) {
		return "", fmt.Errorf("%w: %+q cannot be an account's name: it begins with a letter of a to z or a digit, has only those and . _ - behind, and at most 63 characters, "+
			"so that no two names look alike", fault.ErrUsage, name)
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
