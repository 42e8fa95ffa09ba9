package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"varde/internal/fault"
)

// User is a local account.
type User struct {
	Name string
	// Hash is the argon2id hash of the password in its usual text form.
	Hash string
	// Role is what the account may do; the console decides what follows from it.
	Role string
	// Lang is the language the account has chosen, "" for none.
	Lang    string
	Created time.Time
	// MustChange means the password was given by somebody else and has to be replaced before anything else is done.
	MustChange bool
}

// Users keeps the accounts.
type Users interface {
	// CreateUser adds an account; a name that is taken is an error.
	CreateUser(ctx context.Context, u User) error
	// User returns the account, or fault.ErrNotFound.
	User(ctx context.Context, name string) (User, error)
	Users(ctx context.Context) ([]User, error)
	// SetPassword replaces the hash and the duty to change it.
	SetPassword(ctx context.Context, name, hash string, mustChange bool) error
	SetLang(ctx context.Context, name, lang string) error
}

// Sessions keeps sessions by an opaque token until their expiry. Finding a token that is unknown or expired is not an
// error; nor is deleting one.
type Sessions interface {
	FindCtx(ctx context.Context, token string) (data []byte, found bool, err error)
	CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error
	DeleteCtx(ctx context.Context, token string) error
}

// Errors of signing in and of changing a password.
var (
	// ErrRefused: name and password do not belong together. It does not say which of them is wrong.
	ErrRefused = errors.New("name and password do not belong together")
	// ErrSignedOut: the request carries no session that is still good.
	ErrSignedOut = errors.New("not signed in")
)

// LockedError means too many wrong attempts for this account from this address; nothing was checked.
type LockedError struct{ Wait time.Duration }

// Error names the time left.
func (e *LockedError) Error() string { return fmt.Sprintf("locked for %s", e.Wait) }

// Config says how accounts and sessions behave. The zero value is usable.
type Config struct {
	// Secure marks the cookie for HTTPS only and gives it the __Host- prefix. Leave it off on plain loopback only.
	Secure bool
	// Lifetime ends a session however busy it is; 0 means 12 hours, a working day with room.
	Lifetime time.Duration
	// Idle ends a session that nobody uses; 0 means 2 hours.
	Idle time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log receives sign-ins and refusals; nil discards them.
	Log *slog.Logger
}

// MaxName is the longest account name, in bytes.
const MaxName = 64

// Auth knows the accounts and the sessions. It is safe for concurrent use.
type Auth struct {
	users    Users
	sessions *scs.SessionManager
	store    Sessions
	locks    *lockout
	now      func() time.Time
	log      *slog.Logger
	// hashing bounds how many hashes are computed at once: each takes 64 MiB.
	hashing chan struct{}
	// nobody is compared with when the name is unknown, so that the answer takes as long.
	nobody string
}

// New checks its parts and starts nothing.
func New(cfg Config, users Users, sessions Sessions) (*Auth, error) {
	if users == nil || sessions == nil {
		return nil, fmt.Errorf("%w: auth needs users and sessions", fault.ErrUsage)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Auth{users: users, sessions: newSessions(cfg, sessions), store: sessions, locks: newLockout(cfg.Now), now: cfg.Now,
		log: cfg.Log.With("part", "auth"), hashing: make(chan struct{}, 2), nobody: hashOfNothing()}, nil
}

// FirstName is what the first account is called.
const FirstName = "admin"

// FirstAccount is the account that First made. Its password is kept nowhere else.
type FirstAccount struct{ Name, Password string }

// First makes the first local account if there is none, and returns it with its password, to be printed once. It
// returns nil where accounts exist. With mustChange the account can do nothing before it has a new password.
func (a *Auth) First(ctx context.Context, mustChange bool) (*FirstAccount, error) {
	all, err := a.users.Users(ctx)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	if len(all) > 0 {
		return nil, nil
	}
	first := &FirstAccount{Name: FirstName, Password: randomPassword()}
	hash, err := a.hash(ctx, first.Password)
	if err != nil {
		return nil, err
	}
	u := User{Name: first.Name, Hash: hash, Role: "admin", Created: a.now().UTC(), MustChange: mustChange}
	if err := a.users.CreateUser(ctx, u); err != nil {
		return nil, fmt.Errorf("create the first account: %w", err)
	}
	a.log.Info("first account made", "user", u.Name)
	return first, nil
}

// SignIn checks name and password and opens a fresh session. addr is where the request comes from; it is only used to
// count attempts. The context must have passed through Sessions. Errors: ErrRefused, *LockedError, or the store's.
func (a *Auth) SignIn(ctx context.Context, name, password, addr string) error {
	name = strings.ToLower(strings.TrimSpace(name))
	if len(name) > MaxName {
		name = name[:MaxName]
	}
	u, err := a.guarded(ctx, name, password, name+"\x00"+addr)
	if err != nil {
		a.log.Warn("sign-in refused", "address", addr, "reason", err)
		return err
	}
	if err := a.open(ctx, u); err != nil {
		return err
	}
	a.log.Info("signed in", "user", u.Name)
	return nil
}

// guarded is check behind the lock-out of key. The attempt counts as wrong before it is checked, so that many at once
// get no more tries than one after the other.
func (a *Auth) guarded(ctx context.Context, name, password, key string) (User, error) {
	if wait := a.locks.attempt(key); wait > 0 {
		return User{}, &LockedError{Wait: wait}
	}
	u, err := a.check(ctx, name, password)
	if !errors.Is(err, ErrRefused) && ctx.Err() == nil { // who hangs up before the answer has still had a try
		a.locks.forget(key)
	}
	return u, err
}

// check returns the account if the password is its own. It takes the same time whether or not the name is known.
func (a *Auth) check(ctx context.Context, name, password string) (User, error) {
	u, err := a.users.User(ctx, name)
	known := err == nil
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return User{}, fmt.Errorf("find account: %w", err)
	}
	hash := u.Hash
	if !known {
		hash = a.nobody
	}
	ok, err := a.compare(ctx, password, hash)
	if err != nil {
		return User{}, err
	}
	if !ok || !known {
		return User{}, ErrRefused
	}
	return u, nil
}

// SignOut ends the session; it is not an error if there is none.
func (a *Auth) SignOut(ctx context.Context) error {
	if err := a.sessions.Destroy(ctx); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// User returns the account of the session, or ErrSignedOut: no session, an account that is gone, or a password that
// was changed since.
func (a *Auth) User(ctx context.Context) (User, error) {
	name := a.sessions.GetString(ctx, sessionUser)
	if name == "" {
		return User{}, ErrSignedOut
	}
	u, err := a.users.User(ctx, name)
	if errors.Is(err, fault.ErrNotFound) {
		return User{}, ErrSignedOut
	}
	if err != nil {
		return User{}, fmt.Errorf("find account: %w", err)
	}
	if a.sessions.GetString(ctx, sessionPassword) != fingerprint(u.Hash) {
		return User{}, ErrSignedOut
	}
	return u, nil
}

// SetLang keeps the signed-in account's language.
func (a *Auth) SetLang(ctx context.Context, lang string) error {
	u, err := a.User(ctx)
	if err != nil {
		return err
	}
	if err := a.users.SetLang(ctx, u.Name, lang); err != nil {
		return fmt.Errorf("keep language: %w", err)
	}
	return nil
}

// ChangePassword replaces the signed-in account's password and ends its other sessions. Errors: ErrSignedOut,
// ErrRefused when old is wrong, *LockedError, *WeakError when the new one will not do, or the store's.
func (a *Auth) ChangePassword(ctx context.Context, old, replacement string) error {
	u, err := a.User(ctx)
	if err != nil {
		return err
	}
	if err := judge(u.Name, old, replacement); err != nil {
		return err
	}
	if u, err = a.guarded(ctx, u.Name, old, u.Name+"\x00change"); err != nil {
		return err
	}
	if u, err = a.replace(ctx, u, replacement); err != nil {
		return err
	}
	return a.open(ctx, u)
}
