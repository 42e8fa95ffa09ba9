package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"varde/internal/frontier"
	"varde/internal/target"
)

// Validators returns what is known of pictures by their addresses; those that are not known are left out.
func (s *Store) Validators(ctx context.Context, target string, urls []string) (map[string]frontier.Page, error) {
	known := make(map[string]frontier.Page, len(urls))
	var keys []string
	for _, u := range urls {
		if key := pageKey(target, frontier.Picture, u); storable(key) {
			keys = append(keys, key)
		}
	}
	err := s.view(ctx, func(t tx) error {
		return t.in(ctx, "SELECT "+pageCols+" FROM pages WHERE page IN (%s)", keys, func(s scan) error {
			p, err := scanPage(s)
			known[p.Name] = p
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("look up %d pictures of target %q: %w", len(urls), target, err)
	}
	return known, nil
}

// FrontierSize returns how many pages of a target are known, and how many of them are due at now. Only those that are due are counted
// anew.
func (s *Store) FrontierSize(ctx context.Context, target string, now time.Time) (size frontier.Size, err error) {
	if !storable(target) {
		return size, nil
	}
	err = s.view(ctx, func(t tx) error {
		var last, rest int64
		if _, err := t.one(ctx, "SELECT lists, ads, read, gone, last_read, rest, rests FROM page_totals WHERE target = ?", []any{target},
			&size.Lists, &size.Ads, &size.Read, &size.Gone, &last, &rest, &size.Rests); err != nil {
			return err
		}
		size.LastRead, size.LeftUntil = fromNanos(last), fromNanos(rest)
		for _, kind := range []frontier.Kind{frontier.List, frontier.Ad} {
			var due int
			const count = "SELECT count(*) FROM pages WHERE target = ? AND kind = ? AND due > 0 AND due <= ?"
			if _, err := t.one(ctx, count, []any{target, string(kind), nanos(now)}, &due); err != nil {
				return err
			}
			size.Due += due
			var next int64
			const first = "SELECT due FROM pages WHERE target = ? AND kind = ? AND due > 0 ORDER BY due LIMIT 1"
			if found, err := t.one(ctx, first, []any{target, string(kind)}, &next); err != nil {
				return err
			} else if at := fromNanos(next); found && (size.NextDue.IsZero() || at.Before(size.NextDue)) {
				size.NextDue = at
			}
		}
		return nil
	})
	if err != nil {
		return frontier.Size{}, fmt.Errorf("count the pages of target %q: %w", target, err)
	}
	return size, nil
}

// Tallies returns what came of a target's visits, in the order of frontier.Outcomes.
func (s *Store) Tallies(ctx context.Context, target string) (list []frontier.Tally, err error) {
	if !storable(target) {
		return nil, nil
	}
	err = s.view(ctx, func(t tx) error {
		return t.each(ctx, "SELECT outcome, n, first, last, example, detail FROM page_counts WHERE target = ?", []any{target}, func(s scan) error {
			var a frontier.Tally
			var outcome string
			var first, last int64
			err := s(&outcome, &a.N, &first, &last, &a.Example, &a.Detail)
			a.Outcome, a.First, a.Last = frontier.Outcome(outcome), fromNanos(first), fromNanos(last)
			list = append(list, a)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read what came of target %q: %w", target, err)
	}
	slices.SortFunc(list, func(a, b frontier.Tally) int {
		return cmp.Or(cmp.Compare(placeIn(frontier.Outcomes, a.Outcome), placeIn(frontier.Outcomes, b.Outcome)), cmp.Compare(a.Outcome, b.Outcome))
	})
	return list, nil
}

// Coverages returns how often fields were there under a version of a target, in the order of target.FieldNames.
func (s *Store) Coverages(ctx context.Context, id string, version int) (list []frontier.Coverage, err error) {
	if !storable(id) {
		return nil, nil
	}
	err = s.view(ctx, func(t tx) error {
		const q = "SELECT version, field, pages, had, recent, missing, last FROM page_fields WHERE target = ? AND version = ?"
		return t.each(ctx, q, []any{id, version}, func(s scan) error {
			var c frontier.Coverage
			var last int64
			err := s(&c.Version, &c.Field, &c.Pages, &c.Had, &c.Recent, &c.Missing, &last)
			c.Last = fromNanos(last)
			list = append(list, c)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read the fields of target %q: %w", id, err)
	}
	slices.SortFunc(list, func(a, b frontier.Coverage) int {
		return cmp.Or(cmp.Compare(placeIn(target.FieldNames, a.Field), placeIn(target.FieldNames, b.Field)), cmp.Compare(a.Field, b.Field))
	})
	return list, nil
}

// placeIn is where v stands in a list, behind all where it does not.
func placeIn[T comparable](list []T, v T) int {
	if i := slices.Index(list, v); i >= 0 {
		return i
	}
	return len(list)
}
