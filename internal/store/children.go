package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/child"
	"varde/internal/fault"
)

var _ child.Ledger = (*Store)(nil)

const selectChildFlags = "SELECT ad, version, seen_at, at, indicators, raised, state, outcome, actor, note, changed, revision FROM child_flags"

// possibleChildren are the ads in which a child may be involved and about which nobody has answered that there is none, with their networks.
const possibleChildren = "(SELECT network, ad FROM standings s WHERE child <> 0 AND NOT EXISTS (SELECT 1 FROM child_flags f WHERE f.ad = s.ad AND f.state = '" +
	string(child.Answered) + "' AND f.outcome IN ('" + string(child.Adult) + "', '" + string(child.Misread) + "'))) AS possible"

// PossibleChildren counts, for each of some networks that has any, its ads in which a child may be involved and about which nobody has
// answered that there is none.
func (s *Store) PossibleChildren(ctx context.Context, networks []string) (map[string]int, error) {
	count := map[string]int{}
	err := s.view(ctx, func(t tx) error {
		return t.in(ctx, "SELECT network, count(*) FROM "+possibleChildren+" WHERE network IN (%s) GROUP BY network", networks, func(s scan) error {
			var network string
			var n int
			err := s(&network, &n)
			count[network] = n
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("count possible children: %w", err)
	}
	return count, nil
}

// ChildFlag returns the flag of an ad, or fault.ErrNotFound.
func (s *Store) ChildFlag(ctx context.Context, key ad.Key) (f child.Flag, err error) {
	err = fault.ErrNotFound
	if storable(string(key)) {
		err = s.view(ctx, func(t tx) error { f, err = t.childFlag(ctx, key); return err })
	}
	if err != nil {
		return f, fmt.Errorf("child flag of %q: %w", key, err)
	}
	return f, nil
}

func (t tx) childFlag(ctx context.Context, key ad.Key) (f child.Flag, err error) {
	found := false
	err = t.each(ctx, selectChildFlags+" WHERE ad = ?", []any{string(key)}, func(s scan) error {
		found = true
		f, err = scanChildFlag(s)
		return err
	})
	if err == nil && !found {
		err = fault.ErrNotFound
	}
	return f, err
}

// ChildFlags returns flags in these states (all where none is named), those that wait longest first, and how many there are.
func (s *Store) ChildFlags(ctx context.Context, states []child.State, limit, offset int) (list []child.Flag, total int, err error) {
	if len(states) == 0 {
		states = child.States
	}
	where := " WHERE state IN (" + strings.TrimSuffix(strings.Repeat("?,", len(states)), ",") + ")"
	var args []any
	for _, st := range states {
		args = append(args, string(st))
	}
	err = s.view(ctx, func(t tx) error {
		if _, err := t.one(ctx, "SELECT count(*) FROM child_flags"+where, args, &total); err != nil {
			return err
		}
		return t.each(ctx, selectChildFlags+where+" ORDER BY at, ad LIMIT ? OFFSET ?", append(args, max(limit, 0), max(offset, 0)), func(s scan) error {
			f, err := scanChildFlag(s)
			list = append(list, f)
			return err
		})
	})
	if err != nil {
		return nil, 0, fmt.Errorf("list child flags: %w", err)
	}
	return list, total, nil
}

func scanChildFlag(s scan) (f child.Flag, err error) {
	var key, indicators, state, outcome string
	var seen, at, raised, changed int64
	if err := s(&key, &f.Version, &seen, &at, &indicators, &raised, &state, &outcome, &f.By, &f.Note, &changed, &f.Revision); err != nil {
		return f, err
	}
	f.Ad, f.State, f.Outcome = ad.Key(key), child.State(state), child.Outcome(outcome)
	f.SeenAt, f.At, f.Raised, f.Changed = fromNanos(seen), fromNanos(at), fromNanos(raised), fromNanos(changed)
	return f, decode("the child flag of ad", key, indicators, &f.Indicators)
}

// PutChildFlag writes what a person did with a flag, and its entry. Where the stored revision is not the one before f's it returns
// child.ErrChanged.
func (s *Store) PutChildFlag(ctx context.Context, f child.Flag, e audit.Entry) error {
	err := checkEntry(e)
	if err == nil {
		err = s.change(ctx, func(t tx) error {
			seq, err := t.nextEntry(ctx) // first, so that what is read next stays so
			if err != nil {
				return err
			}
			old, err := t.childFlag(ctx, f.Ad)
			if err != nil {
				return err
			}
			if old.Revision != f.Revision-1 {
				return child.ErrChanged
			}
			if err := t.putChildFlag(ctx, f); err != nil {
				return err
			}
			return t.putEntry(ctx, seq, e)
		})
	}
	if err != nil {
		return fmt.Errorf("write the child flag of %q: %w", f.Ad, err)
	}
	return nil
}

func (t tx) putChildFlag(ctx context.Context, f child.Flag) error {
	indicators, err := encode("the child flag of", string(f.Ad), f.Indicators)
	if err != nil {
		return err
	}
	in := insertion{into: "child_flags (ad, version, seen_at, at, indicators, raised, state, outcome, actor, note, changed, revision)", cols: 12,
		then: `ON CONFLICT (ad) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at, at = excluded.at, indicators = excluded.indicators,
  state = excluded.state, outcome = excluded.outcome, actor = excluded.actor, note = excluded.note, changed = excluded.changed, revision = excluded.revision`}
	return t.insert(ctx, in, []any{string(f.Ad), f.Version, nanos(f.SeenAt), nanos(f.At), indicators, nanos(f.Raised), string(f.State), string(f.Outcome),
		f.By, kept(f.Note, mostWords), nanos(f.Changed), f.Revision}, nil)
}

// raise puts flags on the list: of an ad that had none, and of one that was answered and says something else since. A newer content of an
// ad that waits takes the place of the older one.
func (t tx) raise(ctx context.Context, flags []ad.ChildFlag) error {
	for _, raised := range flags {
		f, err := t.childFlag(ctx, raised.Ad)
		known := err == nil
		switch {
		case err != nil && !errors.Is(err, fault.ErrNotFound):
			return err
		case known && (f.Version == raised.Version || !raised.SeenAt.After(f.SeenAt)):
			continue
		case !known:
			f = child.Flag{State: child.Open, Raised: raised.At}
		}
		f.ChildFlag = raised
		f.Revision++
		if f.State == child.Answered {
			f.State, f.Outcome, f.By, f.Note = child.Open, "", "", ""
		}
		if f.By == "" { // otherwise it says when that person took or reopened it
			f.Changed = raised.At
		}
		seq, err := t.nextEntry(ctx)
		if err != nil {
			return err
		}
		if err := t.putChildFlag(ctx, f); err != nil {
			return err
		}
		e := audit.Entry{At: raised.At, Actor: audit.Program, Action: audit.ChildFlagged, Subject: audit.Ad(string(raised.Ad)), Object: raised.Version}
		if err := t.putEntry(ctx, seq, e); err != nil {
			return err
		}
	}
	return nil
}
