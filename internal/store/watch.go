package store

import (
	"context"
	"fmt"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/watch"
)

var _ watch.Ledger = (*Store)(nil)

// Watched returns the watch list by kind and value, and a number that changes with every change of it.
func (s *Store) Watched(ctx context.Context) (list []watch.Item, revision int64, err error) {
	err = s.view(ctx, func(t tx) error {
		if _, err := t.one(ctx, "SELECT value FROM counters WHERE name = 'watch'", nil, &revision); err != nil {
			return err
		}
		return t.each(ctx, "SELECT kind, value, reference, note, actor, at FROM watch ORDER BY kind, value", nil, func(s scan) error {
			var i watch.Item
			var kind string
			var at int64
			err := s(&kind, &i.Value, &i.Reference, &i.Note, &i.By, &at)
			i.Kind, i.At = ad.Kind(kind), fromNanos(at)
			list = append(list, i)
			return err
		})
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read the watch list: %w", err)
	}
	return list, revision, nil
}

// PutWatched adds or replaces an entry of the watch list, and its log entry.
func (s *Store) PutWatched(ctx context.Context, i watch.Item, e audit.Entry) error {
	err := checkText("watched", i.Value, string(i.Kind), i.Value, i.By)
	if err == nil {
		err = checkTime("watched", i.Value, i.At)
	}
	if err == nil {
		err = s.logged(ctx, "watch", e, func(t tx, _ int64) error {
			in := insertion{into: "watch (kind, value, reference, note, actor, at)", cols: 6,
				then: "ON CONFLICT (kind, value) DO UPDATE SET reference = excluded.reference, note = excluded.note, actor = excluded.actor, at = excluded.at"}
			return t.insert(ctx, in, []any{string(i.Kind), i.Value, kept(i.Reference, mostWords), kept(i.Note, mostWords), i.By, nanos(i.At)}, nil)
		})
	}
	if err != nil {
		return fmt.Errorf("put on the watch list: %w", err)
	}
	return nil
}

// EndWatched takes an entry off the watch list; it is fault.ErrNotFound where it is not there.
func (s *Store) EndWatched(ctx context.Context, kind ad.Kind, value string, e audit.Entry) error {
	err := s.logged(ctx, "watch", e, func(t tx, _ int64) error {
		found := false
		err := t.each(ctx, "DELETE FROM watch WHERE kind = ? AND value = ? RETURNING value", []any{string(kind), value}, func(s scan) error {
			found = true
			var v string
			return s(&v)
		})
		if err == nil && !found {
			err = fault.ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("take off the watch list: %w", err)
	}
	return nil
}
