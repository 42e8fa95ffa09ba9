package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/target"
)

var _ target.Ledger = (*Store)(nil)

const (
	selectTargets = `SELECT t.id, t.state, t.version, t.hash, t.author, t.revision, t.changed,
  COALESCE(v.approval, ''), COALESCE(v.hash, ''), COALESCE(v.approved_by, ''), COALESCE(v.approved_at, 0), COALESCE(v.consent, 0), COALESCE(v.note, '')
FROM targets t LEFT JOIN target_versions v ON v.target = t.id AND v.number = t.version`
	selectTargetVersions = `SELECT target, number, hash, author, at, reason, body, approval, approved_by, approved_at, consent, note FROM target_versions`
)

// Target returns where a target stands, or fault.ErrNotFound.
func (s *Store) Target(ctx context.Context, id string) (target.Row, error) {
	if !storable(id) {
		return target.Row{}, fmt.Errorf("target %q: %w", id, fault.ErrNotFound)
	}
	// The crawler asks thousands of times a second. A row never changes without its revision, so only that is read each time.
	var revision int64
	err := s.gate.QueryRowContext(ctx, id).Scan(&revision)
	if known, ok := s.known.Load(id); err == nil && ok && known.(target.Row).Revision == revision {
		return known.(target.Row), nil
	}
	var row target.Row
	if err == nil { // one statement sees one state
		row, err = scanTarget(s.read.QueryRowContext(ctx, s.rebind(selectTargets+" WHERE t.id = ?"), id).Scan)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.ErrNotFound
	}
	if err != nil {
		return target.Row{}, fmt.Errorf("target %q: %w", id, s.explain(err))
	}
	s.known.Store(id, row)
	return row, nil
}

// Targets returns where all targets stand, by id.
func (s *Store) Targets(ctx context.Context) (list []target.Row, err error) {
	err = s.view(ctx, func(t tx) error {
		return t.each(ctx, selectTargets+" ORDER BY t.id", nil, func(s scan) error {
			row, err := scanTarget(s)
			list = append(list, row)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list targets: %w", err)
	}
	return list, nil
}

func scanTarget(s scan) (row target.Row, err error) {
	var state string
	var changed, at, consent int64
	var a target.Approval
	if err := s(&row.ID, &state, &row.Version, &row.Hash, &row.Author, &row.Revision, &changed, &a.ID, &a.Hash, &a.By, &at, &consent, &a.Note); err != nil {
		return row, err
	}
	row.State, row.Changed = target.State(state), fromNanos(changed)
	row.Approval = approval(a, row.Version, at, consent)
	return row, nil
}

// approval completes what was read of an approval; nil where there is none.
func approval(a target.Approval, version int, at, consent int64) *target.Approval {
	if a.ID == "" {
		return nil
	}
	a.Version, a.At, a.Consent = version, fromNanos(at), consent != 0
	return &a
}

// TargetVersion returns one version of a target, or fault.ErrNotFound.
func (s *Store) TargetVersion(ctx context.Context, id string, number int) (target.Version, error) {
	list, err := s.targetVersions(ctx, id, " AND number = ?", number)
	if err == nil && len(list) == 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return target.Version{}, fmt.Errorf("version %d of target %q: %w", number, id, err)
	}
	return list[0], nil
}

// TargetVersions returns all versions of a target, newest first.
func (s *Store) TargetVersions(ctx context.Context, id string) ([]target.Version, error) {
	list, err := s.targetVersions(ctx, id, " ORDER BY number DESC")
	if err != nil {
		return nil, fmt.Errorf("versions of target %q: %w", id, err)
	}
	return list, nil
}

func (s *Store) targetVersions(ctx context.Context, id, more string, args ...any) (list []target.Version, err error) {
	if !storable(id) {
		return nil, nil
	}
	err = s.view(ctx, func(t tx) error {
		return t.each(ctx, selectTargetVersions+" WHERE target = ?"+more, append([]any{id}, args...), func(s scan) error {
			var v target.Version
			var a target.Approval
			var at, approved, consent int64
			err := s(&v.Target, &v.Number, &v.Hash, &v.Author, &at, &v.Reason, &v.Text, &a.ID, &a.By, &approved, &consent, &a.Note)
			a.Hash, v.At = v.Hash, fromNanos(at)
			v.Approval = approval(a, v.Number, approved, consent)
			list = append(list, v)
			return err
		})
	})
	return list, err
}

// PutTarget writes what was decided on a target: its row, its new version where v is not nil, the row's approval and the entry, all or
// nothing. Where the stored revision is not the one before row's it returns target.ErrChanged. Such commits follow one another.
func (s *Store) PutTarget(ctx context.Context, row target.Row, v *target.Version, e audit.Entry) error {
	err := checkTarget(row, v, e)
	if err == nil {
		err = s.change(ctx, func(t tx) error {
			seq, err := t.nextEntry(ctx) // first, so that what is read next stays so
			if err != nil {
				return err
			}
			if err := t.putTarget(ctx, row, v); err != nil {
				return err
			}
			return t.putEntry(ctx, seq, e)
		})
	}
	if err != nil {
		return fmt.Errorf("write target %q: %w", row.ID, err)
	}
	return nil
}

func checkTarget(row target.Row, v *target.Version, e audit.Entry) error {
	if err := checkText("target", row.ID, row.ID, string(row.State), row.Hash, row.Author); err != nil {
		return err
	}
	if err := checkTime("target", row.ID, row.Changed); err != nil {
		return err
	}
	if v != nil {
		if err := checkText("target", row.ID, v.Target, v.Hash, v.Author); err != nil {
			return err
		}
		if err := checkTime("target", row.ID, v.At); err != nil {
			return err
		}
		if !storable(v.Text) {
			return refuse("target", row.ID, "its text is not UTF-8 or holds a zero byte")
		}
	}
	if a := row.Approval; a != nil {
		if err := checkText("target", row.ID, a.ID, a.By); err != nil {
			return err
		}
		if err := checkTime("target", row.ID, a.At); err != nil {
			return err
		}
	}
	return checkEntry(e)
}

func (t tx) putTarget(ctx context.Context, row target.Row, v *target.Version) error {
	var stored int64
	if _, err := t.one(ctx, "SELECT revision FROM targets WHERE id = ?", []any{row.ID}, &stored); err != nil {
		return err
	}
	if stored != row.Revision-1 {
		return target.ErrChanged
	}
	if v != nil {
		in := insertion{into: "target_versions (target, number, hash, author, at, approval, approved_by, approved_at, consent, note, reason, body)", cols: 12}
		args := []any{v.Target, v.Number, v.Hash, v.Author, nanos(v.At), "", "", 0, 0, "", kept(v.Reason, mostWords), v.Text}
		if err := t.insert(ctx, in, args, nil); err != nil {
			return err
		}
	}
	if a := row.Approval; a != nil {
		const q = "UPDATE target_versions SET approval = ?, approved_by = ?, approved_at = ?, consent = ?, note = ? WHERE target = ? AND number = ? AND approval = ''"
		if err := t.each(ctx, q, []any{a.ID, a.By, nanos(a.At), bit(a.Consent), kept(a.Note, mostWords), row.ID, row.Version}, nil); err != nil {
			return fmt.Errorf("write the approval: %w", err)
		}
	}
	in := insertion{into: "targets (id, state, version, hash, author, revision, changed)", cols: 7,
		then: `ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, hash = excluded.hash, author = excluded.author,
  revision = excluded.revision, changed = excluded.changed`}
	return t.insert(ctx, in, []any{row.ID, string(row.State), row.Version, row.Hash, row.Author, row.Revision, nanos(row.Changed)}, nil)
}
