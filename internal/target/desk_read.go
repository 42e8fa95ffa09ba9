package target

import (
	"context"
	"errors"
	"fmt"
	"time"

	"varde/internal/audit"
	"varde/internal/fault"
)

// Standing is a target as people are shown it.
type Standing struct {
	Row
	// State is the row's, or Expired where it was approved and its authority has ended.
	State State
	// Spec is the current version, with its Version, Hash and Authorisation. It is never nil: where the text cannot be read any longer it
	// holds the id alone, and Why is "unreadable".
	Spec *Target
	// Why is a stable word for why it is not crawled now, "" where it is. The words are those of Denial.Reason.
	Why string
}

// Get returns a target, or fault.ErrNotFound with a sentence.
func (d *Desk) Get(ctx context.Context, id string) (Standing, error) {
	row, err := d.row(ctx, id)
	if err != nil {
		return Standing{}, fmt.Errorf("look at target %q: %w", id, err)
	}
	return d.standing(ctx, row), nil
}

// List returns all targets by id.
func (d *Desk) List(ctx context.Context) ([]Standing, error) {
	rows, err := d.ledger.Targets(ctx)
	if err != nil {
		return nil, fmt.Errorf("list targets: %w", err)
	}
	list := make([]Standing, len(rows))
	for i, row := range rows {
		list[i] = d.standing(ctx, row)
	}
	return list, nil
}

// Active returns the targets that are active and whose authority has not ended, as they are to be crawled. Allow still decides on each
// request. A target whose text cannot be read any longer is left out; List shows it.
func (d *Desk) Active(ctx context.Context) ([]*Target, error) {
	rows, err := d.ledger.Targets(ctx)
	if err != nil {
		return nil, fmt.Errorf("list active targets: %w", err)
	}
	var list []*Target
	for _, row := range rows {
		if row.State != Active {
			continue
		}
		if s := d.standing(ctx, row); s.Why == "" || s.Why == NotYetValid || s.Why == Closed {
			list = append(list, s.Spec)
		}
	}
	return list, nil
}

// Versions returns all versions of a target, newest first, or fault.ErrNotFound with a sentence.
func (d *Desk) Versions(ctx context.Context, id string) ([]Version, error) {
	list, err := d.ledger.TargetVersions(ctx, id)
	if err == nil && len(list) == 0 {
		err = noTarget(id)
	}
	if err != nil {
		return nil, fmt.Errorf("list versions of target %q: %w", id, err)
	}
	return list, nil
}

// History returns what was done to a target, newest first: also what was refused, and tries of a file that was never handed in.
func (d *Desk) History(ctx context.Context, id string) ([]audit.Entry, error) {
	list, err := d.ledger.Entries(ctx, audit.Target(id))
	if err != nil {
		return nil, fmt.Errorf("read the history of target %q: %w", id, err)
	}
	return list, nil
}

// At returns a version of a target as it is to be crawled or was: with its Version, its Hash and, where it was approved, its
// Authorisation. A version whose text is not the one that was handed in is fault.ErrDamaged.
func (d *Desk) At(ctx context.Context, id string, version int) (*Target, error) {
	v, err := d.ledger.TargetVersion(ctx, id, version)
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.Tell(fmt.Sprintf("There is no version %d of a target named %s.", version, id), err)
	}
	var t *Target
	if err == nil {
		t, err = v.Spec()
	}
	if err != nil {
		return nil, fmt.Errorf("read version %d of target %q: %w", version, id, err)
	}
	return t, nil
}

// Spec reads a version's text, as Desk.At does.
func (v Version) Spec() (*Target, error) {
	t, err := Parse(v.Target+".yaml", []byte(v.Text))
	if err != nil {
		return nil, err
	}
	if t.Hash != v.Hash || t.ID != v.Target {
		return nil, fault.Tell(fmt.Sprintf("Version %d of the target %s is not the text that was handed in. Stop Varde, and restore the latest backup.", v.Number, v.Target), fault.ErrDamaged)
	}
	t.Version = v.Number
	if v.Approval != nil {
		t.Authorisation = v.Approval.ID
	}
	return t, nil
}

func noTarget(id string) error {
	return fault.Tell(fmt.Sprintf("There is no target named %s.", clean(id)), fault.ErrNotFound)
}

func (d *Desk) row(ctx context.Context, id string) (Row, error) {
	row, err := d.ledger.Target(ctx, id)
	if errors.Is(err, fault.ErrNotFound) {
		return Row{}, noTarget(id)
	}
	return row, err
}

// look returns a target's row and current version. The version is what the row names, whatever happens meanwhile, as texts never change.
func (d *Desk) look(ctx context.Context, id string) (Row, *Target, error) {
	row, err := d.row(ctx, id)
	if err != nil {
		return Row{}, nil, err
	}
	t, err := d.At(ctx, id, row.Version)
	if err != nil {
		return Row{}, nil, err
	}
	t.Authorisation = row.authorisation()
	return row, t, nil
}

func (r Row) authorisation() string {
	if r.Approval == nil {
		return ""
	}
	return r.Approval.ID
}

func (d *Desk) standing(ctx context.Context, row Row) Standing {
	s := Standing{Row: row, State: row.State}
	t, err := d.At(ctx, row.ID, row.Version)
	if err != nil {
		s.Spec, s.Why = &Target{ID: row.ID, Name: row.ID, Version: row.Version, Hash: row.Hash, zone: time.UTC}, Unreadable
		return s
	}
	now := d.now()
	t.Authorisation = row.authorisation()
	if row.State != Draft && row.State != Revoked && !now.Before(t.to) {
		s.State = Expired
	}
	s.Spec, s.Why = t, d.why(row, t, now)
	return s
}
