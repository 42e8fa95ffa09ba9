package store

import (
	"context"
	"fmt"
	"time"
)

// Rest notes until when the site of a target is left alone, and how often in a row it was; a zero time says that it is not.
func (s *Store) Rest(ctx context.Context, target string, until time.Time, rests int) error {
	if err := checkText("target", target, target); err != nil {
		return err
	}
	in := insertion{into: "page_totals (target, lists, ads, read, gone, last_read, rest, rests)", cols: 8,
		then: "ON CONFLICT (target) DO UPDATE SET rest = excluded.rest, rests = excluded.rests"}
	err := s.changeAgain(ctx, func(t tx) error {
		return t.insert(ctx, in, []any{target, 0, 0, 0, 0, 0, nanos(until), rests}, nil)
	})
	if err != nil {
		return fmt.Errorf("note that the site of target %q is left alone: %w", target, err)
	}
	return nil
}

// Hasten makes pages due that a target's present version would have read by now or will read sooner: none later than its bounds after it
// was read. What a former version scheduled for next week is not left until then.
func (s *Store) Hasten(ctx context.Context, target string, lists, ads time.Duration) error {
	if !storable(target) {
		return nil
	}
	const sooner = "UPDATE pages SET due = read + ? WHERE target = ? AND kind = ? AND due > read + ? AND read > 0 AND failures = 0"
	err := s.changeAgain(ctx, func(t tx) error {
		if err := t.each(ctx, sooner+" AND every = 0", []any{int64(lists), target, "list", int64(lists)}, nil); err != nil {
			return err
		}
		if err := t.each(ctx, sooner+" AND every > 0", []any{int64(max(lists, ads)), target, "list", int64(max(lists, ads))}, nil); err != nil {
			return err
		}
		return t.each(ctx, sooner, []any{int64(ads), target, "ad", int64(ads)}, nil)
	})
	if err != nil {
		return fmt.Errorf("schedule the pages of target %q anew: %w", target, err)
	}
	return nil
}
