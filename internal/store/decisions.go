package store

import (
	"context"
	"fmt"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/decision"
	"varde/internal/fault"
)

var _ decision.Ledger = (*Store)(nil)

// LinkDecisions returns what was decided about links by its numbers, also what was undone, and a number that changes with every change of it.
func (s *Store) LinkDecisions(ctx context.Context) (list []decision.Item, revision int64, err error) {
	err = s.view(ctx, func(t tx) error {
		if _, err := t.one(ctx, "SELECT value FROM counters WHERE name = 'link_decision'", nil, &revision); err != nil {
			return err
		}
		const q = "SELECT id, sort, ad, other, kind, value, reason, actor, at, undone_reason, undone_actor, undone_at FROM link_decisions ORDER BY id"
		return t.each(ctx, q, nil, func(s scan) error {
			var i decision.Item
			var u decision.Undoing
			var sort, key, other, kind string
			var at, undone int64
			err := s(&i.ID, &sort, &key, &other, &kind, &i.Value, &i.Reason, &i.By, &at, &u.Reason, &u.By, &undone)
			i.Sort, i.Ad, i.Other, i.Kind, i.At = decision.Sort(sort), ad.Key(key), ad.Key(other), ad.Kind(kind), fromNanos(at)
			if undone != 0 {
				u.At = fromNanos(undone)
				i.Undone = &u
			}
			list = append(list, i)
			return err
		})
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read what was decided about links: %w", err)
	}
	return list, revision, nil
}

// PutLinkDecision writes a decision about links and its log entry, and returns the decision's number.
func (s *Store) PutLinkDecision(ctx context.Context, i decision.Item, e audit.Entry) (id int64, err error) {
	err = checkLinkDecision(i)
	if err == nil {
		err = s.logged(ctx, "link_decision", e, func(t tx, next int64) error {
			id = next
			in := insertion{into: "link_decisions (id, sort, ad, other, kind, value, reason, actor, at, undone_reason, undone_actor, undone_at)", cols: 12}
			return t.insert(ctx, in, []any{id, string(i.Sort), string(i.Ad), string(i.Other), string(i.Kind), i.Value, kept(i.Reason, mostWords), i.By, nanos(i.At), "", "", 0}, nil)
		})
	}
	if err != nil {
		return 0, fmt.Errorf("write what was decided about a link: %w", err)
	}
	return id, nil
}

// checkLinkDecision refuses what is neither a cut nor a join.
func checkLinkDecision(i decision.Item) error {
	what, name := "decision about a link of ad", string(i.Ad)
	for _, v := range []string{name, string(i.Other), i.Value} { // which of them are empty depends on what is decided
		if v != "" {
			if err := checkText(what, name, v); err != nil {
				return err
			}
		}
	}
	if err := checkText(what, name, i.By, i.Reason); err != nil {
		return err
	}
	cut, join := i.Value != "" && i.Kind != "" && i.Other == "", i.Ad != "" && i.Other != "" && i.Kind == "" && i.Value == ""
	if i.Sort == decision.Cut && !cut || i.Sort == decision.Join && !join || i.Sort != decision.Cut && i.Sort != decision.Join {
		return refuse(what, name, "it is neither a cut nor a join")
	}
	return checkTime(what, name, i.At)
}

// UndoLinkDecision marks a decision as undone; it is fault.ErrNotFound where none of that number is in force.
func (s *Store) UndoLinkDecision(ctx context.Context, id int64, u decision.Undoing, e audit.Entry) error {
	name := fmt.Sprint(id)
	err := checkText("undoing of decision", name, u.By, u.Reason)
	if err == nil {
		err = checkTime("undoing of decision", name, u.At)
	}
	if err == nil {
		err = s.logged(ctx, "link_decision", e, func(t tx, _ int64) error {
			const q = "UPDATE link_decisions SET undone_reason = ?, undone_actor = ?, undone_at = ? WHERE id = ? AND undone_at = 0 RETURNING id"
			found, err := t.one(ctx, q, []any{kept(u.Reason, mostWords), u.By, nanos(u.At), id}, &id)
			if err == nil && !found {
				err = fault.ErrNotFound
			}
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("undo what was decided about a link: %w", err)
	}
	return nil
}

// logged changes a list that people keep, the number that counts its changes, and the log in one transaction. It gives do the next number.
func (s *Store) logged(ctx context.Context, counter string, e audit.Entry, do func(t tx, next int64) error) error {
	if err := checkEntry(e); err != nil {
		return err
	}
	return s.change(ctx, func(t tx) error {
		seq, err := t.nextEntry(ctx)
		if err != nil {
			return err
		}
		var next int64
		if _, err := t.one(ctx, "UPDATE counters SET value = value + 1 WHERE name = ? RETURNING value", []any{counter}, &next); err != nil {
			return err
		}
		if err := do(t, next); err != nil {
			return err
		}
		return t.putEntry(ctx, seq, e)
	})
}
