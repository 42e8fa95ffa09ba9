package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"varde/internal/fault"
)

// FindCtx returns the data of a session. It is not an error if there is none or it has expired: found is false.
func (s *Store) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	if !storable(token) {
		return nil, false, nil
	}
	list, err := s.sessions(ctx, "token = ? AND expiry > ?", token, s.now().UnixNano())
	if err != nil {
		return nil, false, err
	}
	data, found = list[token]
	return data, found, nil
}

// AllCtx returns the data of all sessions that have not expired, by token.
func (s *Store) AllCtx(ctx context.Context) (map[string][]byte, error) {
	return s.sessions(ctx, "expiry > ?", s.now().UnixNano())
}

func (s *Store) sessions(ctx context.Context, where string, args ...any) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := s.view(ctx, func(t tx) error {
		return t.each(ctx, "SELECT token, data FROM sessions WHERE "+where, args, func(s scan) error {
			var token, text string
			if err := s(&token, &text); err != nil {
				return err
			}
			data, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return fmt.Errorf("%w: %w", fault.ErrDamaged, err)
			}
			all[token] = data
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return all, nil
}

// CommitCtx records a session's data and when it expires, in place of what was there, and erases sessions that have
// expired.
func (s *Store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	err := s.change(ctx, func(t tx) error {
		if err := t.each(ctx, "DELETE FROM sessions WHERE expiry <= ?", []any{s.now().UnixNano()}, nil); err != nil {
			return err
		}
		in := insertion{into: "sessions (token, data, expiry)", cols: 3, then: "ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry"}
		return t.insert(ctx, in, []any{token, base64.StdEncoding.EncodeToString(data), nanos(expiry)}, nil)
	})
	if err != nil {
		return fmt.Errorf("write a session: %w", err)
	}
	return nil
}

// DeleteCtx erases a session. It is not an error if there is none.
func (s *Store) DeleteCtx(ctx context.Context, token string) error {
	if !storable(token) {
		return nil
	}
	err := s.change(ctx, func(t tx) error {
		return t.each(ctx, "DELETE FROM sessions WHERE token = ?", []any{token}, nil)
	})
	if err != nil {
		return fmt.Errorf("delete a session: %w", err)
	}
	return nil
}
