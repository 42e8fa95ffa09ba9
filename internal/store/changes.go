package store

import (
	"context"
	"fmt"

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
