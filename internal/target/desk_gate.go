package target

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"varde/internal/fault"
)

// The reasons for which a target is not crawled: stable words, for each of which the console has a sentence.
const (
	// NoSuchTarget: the record has no target of that id.
	NoSuchTarget = "no_such_target"
	// NotApproved: it is a draft, or approved and not active yet.
	NotApproved = "not_approved"
	// IsPaused and IsRevoked: a person stopped it.
	IsPaused  = "paused"
	IsRevoked = "revoked"
	// IsExpired and NotYetValid: its authority has ended, or begins later.
	IsExpired   = "expired"
	NotYetValid = "not_yet_valid"
	// Changed: another version than the one that is crawled is active.
	Changed = "changed"
	// Closed: it is outside the target's windows.
	Closed = "closed"
	// Outside: the address is not within the target.
	Outside = "outside"
	// Simulation: a target on this machine outside a simulation, or another in one.
	Simulation = "simulation"
	// RecordAway: the record could not be asked, so nothing is known to be allowed.
	RecordAway = "record_away"
	// Unreadable: the text of the target cannot be read any longer.
	Unreadable = "unreadable"
)

// Reasons lists the words of Denial.Reason and Standing.Why.
var Reasons = []string{NoSuchTarget, NotApproved, IsPaused, IsRevoked, IsExpired, NotYetValid, Changed, Closed, Outside, Simulation, RecordAway, Unreadable}

// Denial says why a request must not be made.
type Denial struct {
	Target string
	// Reason is a stable word, one of Reasons.
	Reason string
	// Until is when it may be asked again, where that is known: for Closed and NotYetValid.
	Until time.Time
	// Err is why the record could not be asked.
	Err error
}

// Error names the target and the reason.
func (d *Denial) Error() string {
	if d.Err != nil {
		return fmt.Sprintf("target %q may not be crawled: %s: %v", d.Target, d.Reason, d.Err)
	}
	return fmt.Sprintf("target %q may not be crawled: %s", d.Target, d.Reason)
}

// Unwrap returns why the record could not be asked, nil where it could.
func (d *Denial) Unwrap() error { return d.Err }

// Allow says whether an address may be requested now under a target; nil means yes, and every other answer is a *Denial. It asks the
// record anew each time, so that a target that was stopped makes no further request. A nil address asks for the target as such.
func (d *Desk) Allow(ctx context.Context, t *Target, u *url.URL) error {
	row, err := d.ledger.Target(ctx, t.ID)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return &Denial{Target: t.ID, Reason: NoSuchTarget}
	case err != nil:
		return &Denial{Target: t.ID, Reason: RecordAway, Err: err}
	}
	if no := d.deny(row, t, d.now()); no != nil {
		return no
	}
	if u != nil && !t.Inside(u) {
		return &Denial{Target: t.ID, Reason: Outside}
	}
	return nil
}

// deny returns why t may not be crawled now where row is what the record says of it, nil where it may.
func (d *Desk) deny(row Row, t *Target, now time.Time) *Denial {
	no := &Denial{Target: t.ID}
	switch {
	case row.State == Revoked:
		no.Reason = IsRevoked
	case row.State == Draft || row.State == Approved || !row.approved():
		no.Reason = NotApproved
	case t.Version != row.Version || t.Hash != row.Hash || t.Authorisation != row.Approval.ID:
		no.Reason = Changed
	case !now.Before(t.to):
		no.Reason = IsExpired
	case row.State == Paused:
		no.Reason = IsPaused
	case row.State != Active:
		no.Reason = NotApproved // a state that only a newer program knows
	case t.Loopback != d.loopback:
		no.Reason = Simulation
	case now.Before(t.from):
		no.Reason, no.Until = NotYetValid, t.from
	case !t.Open(now):
		no.Reason, no.Until = Closed, t.Opens(now)
	default:
		return nil
	}
	return no
}
