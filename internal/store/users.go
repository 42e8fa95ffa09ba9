package store

import (
	"context"
	"fmt"
	"time"

	"varde/internal/fault"
)

// User is an account of the console.
type User struct {
	Name string
	// Hash is the password's argon2id hash in its standard text form.
	Hash string
	Role string
	// Lang is the language of the console's pages, such as nb, or "" for the browser's.
	Lang    string
	Created time.Time
	// MustChange asks for a new password at the next sign-in.
	MustChange bool
}

// CreateUser adds a user. A name that is taken gives fault.ErrUsage with a sentence.
func (s *Store) CreateUser(ctx context.Context, u User) error {
	if err := checkText("user", u.Name, u.Name); err != nil {
		return err
	}
	if err := checkTime("user", u.Name, u.Created); err != nil {
		return err
	}
	err := s.change(ctx, func(t tx) error {
		made := false
		in := insertion{into: "users (name, hash, role, lang, created, must_change)", cols: 6, then: "ON CONFLICT (name) DO NOTHING RETURNING name"}
		args := []any{u.Name, u.Hash, u.Role, u.Lang, nanos(u.Created), bit(u.MustChange)}
		if err := t.insert(ctx, in, args, func(s scan) error { made = true; return s(new(string)) }); err != nil {
			return err
		}
		if !made {
			return fault.Tell(fmt.Sprintf("There is already a user named %s.", u.Name), fault.ErrUsage)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("create user %q: %w", u.Name, err)
	}
	return nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// User returns the user of a name, exactly as it is written, or fault.ErrNotFound.
func (s *Store) User(ctx context.Context, name string) (User, error) {
	var list []User
	var err error
	if storable(name) {
		list, err = s.users(ctx, "WHERE name = ?", name)
	}
	if err == nil && len(list) == 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return User{}, fmt.Errorf("read user %q: %w", name, err)
	}
	return list[0], nil
}

// Users returns all users by name.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	list, err := s.users(ctx, "ORDER BY name")
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return list, nil
}

func (s *Store) users(ctx context.Context, where string, args ...any) (list []User, err error) {
	err = s.view(ctx, func(t tx) error {
		return t.each(ctx, "SELECT name, hash, role, lang, created, must_change FROM users "+where, args, func(s scan) error {
			var u User
			var created, must int64
			err := s(&u.Name, &u.Hash, &u.Role, &u.Lang, &created, &must)
			u.Created, u.MustChange = fromNanos(created), must != 0
			list = append(list, u)
			return err
		})
	})
	return list, err
}

// SetPassword gives a user another password hash and says whether it must be changed at the next sign-in. It returns
// fault.ErrNotFound where there is no such user.
func (s *Store) SetPassword(ctx context.Context, name, hash string, mustChange bool) error {
	return s.setUser(ctx, name, "hash = ?, must_change = ?", hash, bit(mustChange))
}

// SetLang sets the language of a user's pages. It returns fault.ErrNotFound where there is no such user.
func (s *Store) SetLang(ctx context.Context, name, lang string) error {
	return s.setUser(ctx, name, "lang = ?", lang)
}

func (s *Store) setUser(ctx context.Context, name, set string, args ...any) error {
	err := s.change(ctx, func(t tx) error {
		if !storable(name) {
			return fault.ErrNotFound
		}
		var there string
		found, err := t.one(ctx, "UPDATE users SET "+set+" WHERE name = ? RETURNING name", append(args, name), &there)
		if err == nil && !found {
			err = fault.ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("change user %q: %w", name, err)
	}
	return nil
}
