package store

import (
	"context"
	"fmt"
	"math/rand/v2"

	"varde/internal/ad"
)

// Changes returns up to limit changes with numbers greater than after, in their order, limit being at least 1. The same
// ad or network may come several times: only its state now can be read, so a reader may skip all but the last.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]ad.Change, error) {
	var list []ad.Change
	err := s.view(ctx, func(t tx) error {
		return t.each(ctx, "SELECT seq, subject, id FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", []any{after, max(limit, 1)}, func(s scan) error {
			var c ad.Change
			var subject string
			err := s(&c.Seq, &subject, &c.ID)
			c.Subject = ad.Subject(subject)
			list = append(list, c)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read changes after %d: %w", after, err)
	}
	return list, nil
}

// ID names the record: what is derived from one must not be taken for another's.
func (s *Store) ID(ctx context.Context) (id string, err error) {
	err = s.change(ctx, func(t tx) error {
		in := insertion{into: "counters (name, value)", cols: 2, then: "ON CONFLICT (name) DO NOTHING"}
		if err := t.insert(ctx, in, []any{"record", rand.Int64()}, nil); err != nil {
			return err
		}
		var n int64
		_, err := t.one(ctx, "SELECT value FROM counters WHERE name = 'record'", nil, &n)
		id = fmt.Sprintf("%016x", n)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the record's id: %w", err)
	}
	return id, nil
}

// LastChange returns the number of the last change, 0 where there is none.
func (s *Store) LastChange(ctx context.Context) (last int64, err error) {
	err = s.view(ctx, func(t tx) error {
		_, err := t.one(ctx, "SELECT value FROM counters WHERE name = 'change'", nil, &last)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read the last change: %w", err)
	}
	return last, nil
}
