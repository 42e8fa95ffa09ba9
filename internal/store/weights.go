package store

import (
	"context"
	"errors"
	"fmt"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/weights"
)

var _ weights.Ledger = (*Store)(nil)

const selectScoreVersions = "SELECT id, text, points, origin, base, author, at, report, state, decider, decided, note FROM score_versions"

// ScoreVersion returns one version of what makes scores, or fault.ErrNotFound.
func (s *Store) ScoreVersion(ctx context.Context, id string) (weights.Version, error) {
	if !storable(id) {
		return weights.Version{}, fmt.Errorf("score version %q: %w", id, fault.ErrNotFound)
	}
	list, err := s.scoreVersions(ctx, " WHERE id = ?", id)
	if err == nil && len(list) == 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return weights.Version{}, fmt.Errorf("score version %q: %w", id, err)
	}
	return list[0], nil
}

// ScoreVersions returns all of them, newest first.
func (s *Store) ScoreVersions(ctx context.Context) ([]weights.Version, error) {
	list, err := s.scoreVersions(ctx, " ORDER BY at DESC, id")
	if err != nil {
		return nil, fmt.Errorf("list score versions: %w", err)
	}
	return list, nil
}

func (s *Store) scoreVersions(ctx context.Context, more string, args ...any) (list []weights.Version, err error) {
	err = s.view(ctx, func(t tx) error {
		list, err = t.scoreVersions(ctx, more, args...)
		return err
	})
	return list, err
}

func (t tx) scoreVersions(ctx context.Context, more string, args ...any) (list []weights.Version, err error) {
	err = t.each(ctx, selectScoreVersions+more, args, func(s scan) error {
		var v weights.Version
		var points, origin, state string
		var at, decided int64
		if err := s(&v.ID, &v.Text, &points, &origin, &v.Base, &v.Author, &at, &v.Report, &state, &v.By, &decided, &v.Note); err != nil {
			return err
		}
		v.Origin, v.State, v.At, v.Decided = weights.Origin(origin), weights.State(state), fromNanos(at), fromNanos(decided)
		list = append(list, v)
		return decode("score version", v.ID, points, &list[len(list)-1].Points)
	})
	return list, err
}

// Force returns which version is in force; its Seq is 0 where none is.
func (s *Store) Force(ctx context.Context) (f weights.Force, err error) {
	var at int64
	err = s.view(ctx, func(t tx) error {
		_, err := t.one(ctx, "SELECT seq, version, at, by_whom FROM score_force ORDER BY seq DESC LIMIT 1", nil, &f.Seq, &f.Version, &at, &f.By)
		return err
	})
	if err != nil {
		return f, fmt.Errorf("score version in force: %w", err)
	}
	f.At = fromNanos(at)
	return f, nil
}

// PutScoreVersion writes a new version, a proposal made anew or the decision on one, with a force that it comes into force, and the entry: all
// or nothing. Where the record has the version otherwise than it was read it returns weights.ErrMoved, where its force is not number
// force.Seq-1, weights.ErrChanged.
func (s *Store) PutScoreVersion(ctx context.Context, v weights.Version, was *weights.Version, force *weights.Force, e audit.Entry) error {
	err := errors.Join(checkText("score version", v.ID, v.ID, v.Author, string(v.State), string(v.Origin)), checkTime("score version", v.ID, v.At, v.Decided), checkEntry(e))
	if !storable(v.Text) || !storable(v.Report) {
		err = errors.Join(err, refuse("score version", v.ID, "a text of it is not UTF-8 or holds a zero byte"))
	}
	points, encoding := encode("score version", v.ID, v.Points)
	if err = errors.Join(err, encoding); err == nil {
		err = s.change(ctx, func(t tx) error {
			seq, err := t.nextEntry(ctx) // first, so that what is read next stays so
			if err != nil {
				return err
			}
			if force != nil {
				if err := t.putForce(ctx, *force); err != nil {
					return err
				}
			}
			if err := t.putScoreVersion(ctx, &v, points, was); err != nil {
				return err
			}
			return t.putEntry(ctx, seq, e)
		})
	}
	if err != nil {
		return fmt.Errorf("write score version %s: %w", v.ID, err)
	}
	return nil
}

// putScoreVersion writes a version over what was seen of it. A decision changes nothing else of it, a proposal made anew says whose it is now,
// and of what was accepted nothing changes.
func (t tx) putScoreVersion(ctx context.Context, v *weights.Version, points string, was *weights.Version) error {
	list, err := t.scoreVersions(ctx, " WHERE id = ?", v.ID)
	if err != nil {
		return err
	}
	var is *weights.Version
	if len(list) > 0 {
		is = &list[0]
	}
	if weights.Moved(was, is) {
		return weights.ErrMoved
	}
	if is != nil && is.State == weights.Accepted {
		if v.State != weights.Accepted {
			return weights.ErrMoved
		}
		return nil
	}
	decision := "state = excluded.state, decider = excluded.decider, decided = excluded.decided, note = excluded.note"
	if v.State == weights.Proposed {
		decision += ", origin = excluded.origin, base = excluded.base, author = excluded.author, at = excluded.at, report = excluded.report"
	}
	in := insertion{into: "score_versions (id, text, points, origin, base, author, at, report, state, decider, decided, note)", cols: 12,
		then: "ON CONFLICT (id) DO UPDATE SET " + decision}
	return t.insert(ctx, in, []any{v.ID, v.Text, points, string(v.Origin), v.Base, v.Author, nanos(v.At), v.Report, string(v.State), v.By, nanos(v.Decided),
		kept(v.Note, mostWords)}, nil)
}

func (t tx) putForce(ctx context.Context, f weights.Force) error {
	var last int64
	if _, err := t.one(ctx, "SELECT seq FROM score_force ORDER BY seq DESC LIMIT 1", nil, &last); err != nil {
		return err
	}
	if last != f.Seq-1 {
		return weights.ErrChanged
	}
	return t.insert(ctx, insertion{into: "score_force (seq, version, at, by_whom)", cols: 4}, []any{f.Seq, f.Version, nanos(f.At), f.By}, nil)
}

// ScoredOtherwise says whether some ad or network has a score that another version made.
func (s *Store) ScoredOtherwise(ctx context.Context, version string) (otherwise bool, err error) {
	err = s.view(ctx, func(t tx) error {
		const q = "SELECT EXISTS (SELECT 1 FROM standings WHERE score_version <> ?) OR EXISTS (SELECT 1 FROM networks WHERE score_version <> ?)"
		_, err := t.one(ctx, q, []any{version, version}, &otherwise)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look for scores of other versions: %w", err)
	}
	return otherwise, nil
}
