package target_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/target"
)

// ledger is a record in memory.
type ledger struct {
	mu       sync.Mutex
	rows     map[string]target.Row
	versions map[string][]target.Version // oldest first
	entries  []audit.Entry
	// away is the error of everything that is asked or written, full that of writing.
	away, full error
	// between runs once, before the next PutTarget: what somebody else does between a look and a change.
	between func()
	asked   int
}

func (l *ledger) Target(_ context.Context, id string) (target.Row, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	if l.away != nil {
		return target.Row{}, l.away
	}
	row, ok := l.rows[id]
	if !ok {
		return row, fmt.Errorf("target %q: %w", id, fault.ErrNotFound)
	}
	return row, nil
}

func (l *ledger) Targets(context.Context) (list []target.Row, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(l.rows)) {
		list = append(list, l.rows[id])
	}
	return list, l.away
}

func (l *ledger) TargetVersion(ctx context.Context, id string, number int) (target.Version, error) {
	list, err := l.TargetVersions(ctx, id)
	if err == nil && (number < 1 || number > len(list)) {
		err = fmt.Errorf("version %d of %q: %w", number, id, fault.ErrNotFound)
	}
	if err != nil {
		return target.Version{}, err
	}
	return list[len(list)-number], nil
}

func (l *ledger) TargetVersions(_ context.Context, id string) ([]target.Version, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := slices.Clone(l.versions[id])
	slices.Reverse(list)
	return list, l.away
}

func (l *ledger) PutTarget(_ context.Context, row target.Row, v *target.Version, e audit.Entry) error {
	l.mu.Lock()
	between := l.between
	l.between = nil
	l.mu.Unlock()
	if between != nil {
		between()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.away != nil || l.full != nil:
		return cmpErr(l.away, l.full)
	case l.rows[row.ID].Revision != row.Revision-1:
		return target.ErrChanged
	}
	if v != nil {
		l.versions[row.ID] = append(l.versions[row.ID], *v)
	}
	if row.Approval != nil {
		l.versions[row.ID][row.Version-1].Approval = row.Approval
	}
	l.rows[row.ID] = row
	e.Seq = int64(len(l.entries) + 1)
	l.entries = append(l.entries, e)
	return nil
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (l *ledger) PutEntry(_ context.Context, e audit.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := cmpErr(l.away, l.full); err != nil {
		return err
	}
	e.Seq = int64(len(l.entries) + 1)
	l.entries = append(l.entries, e)
	return nil
}

func (l *ledger) Entries(_ context.Context, subject string) (list []audit.Entry, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range slices.Backward(l.entries) {
		if e.Subject == subject {
			list = append(list, e)
		}
	}
	return list, l.away
}

// office is a desk with its record and a clock that stands still.
type office struct {
	*target.Desk
	*ledger
	t    testing.TB
	now  time.Time
	text string
}

// day is a Monday on which the example's authority holds.
const day = "2026-11-02T10:00:00Z"

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{t: t, now: at(t, day), text: example(t), ledger: &ledger{rows: map[string]target.Row{}, versions: map[string][]target.Version{}}}
	o.Desk = target.NewDesk(o.ledger, target.DeskConfig{Now: func() time.Time { return o.now }})
	return o
}

// draft hands in the example, changed, by somebody.
func (o *office) draft(actor string, changes ...string) target.Standing {
	o.t.Helper()
	for i := 0; i < len(changes); i += 2 {
		o.text = change(o.t, o.text, changes[i], changes[i+1])
	}
	s, err := o.Draft(context.Background(), actor, "t.yaml", []byte(o.text), "why "+actor)
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

func (o *office) approve(actor string) (target.Standing, error) {
	o.t.Helper()
	s, err := o.Get(context.Background(), "example")
	if err != nil {
		o.t.Fatal(err)
	}
	return o.Approve(context.Background(), actor, "example", s.Version, s.Hash, s.Spec.Robots.Ignored(), "read")
}

// running is the example, drafted by kari, approved by ola and set going.
func running(t testing.TB, changes ...string) (*office, *target.Target) {
	t.Helper()
	o := newOffice(t)
	o.draft("kari", changes...)
	if _, err := o.approve("ola"); err != nil {
		t.Fatal(err)
	}
	s, err := o.Activate(context.Background(), "kari", "example", "go")
	if err != nil {
		t.Fatal(err)
	}
	return o, s.Spec
}

// last is the latest entry.
func (o *office) last() audit.Entry {
	o.t.Helper()
	list, err := o.History(context.Background(), "example")
	if err != nil || len(list) == 0 {
		o.t.Fatalf("%d entries, %v", len(list), err)
	}
	return list[0]
}
