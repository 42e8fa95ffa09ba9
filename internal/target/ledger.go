package target

import (
	"context"
	"errors"
	"time"

	"varde/internal/audit"
)

// State is how far a target has come.
type State string

// The states. A target is crawled in none but Active. Expired is computed from the clock and never stored.
const (
	Draft    State = "draft"
	Approved State = "approved"
	Active   State = "active"
	Paused   State = "paused"
	Revoked  State = "revoked"
	Expired  State = "expired"
)

// States lists them all in the order in which a target passes through them.
var States = []State{Draft, Approved, Active, Paused, Revoked, Expired}

// Row is what the record keeps of a target: where its current version stands.
type Row struct {
	ID string
	// State is never Expired.
	State State
	// Version, Hash and Author are of the current version.
	Version int
	Hash    string
	Author  string
	// Approval is the current version's, nil where it has none.
	Approval *Approval
	// Revision counts changes: a change is written only over the revision that it was decided on.
	Revision int64
	// Changed is when it last changed.
	Changed time.Time
}

// Approval says that somebody answers for one version of a target.
type Approval struct {
	// ID is the authorisation that sightings carry.
	ID string
	// Version and Hash are what was approved, By the account of who did.
	Version int
	Hash    string
	By      string
	At      time.Time
	// Consent is to ignoring robots.txt, where the target does.
	Consent bool
	Note    string
}

// Version is one text of a target. It never changes; its approval is added once.
type Version struct {
	Target string
	// Number counts from 1.
	Number int
	// Text is the target's file as it was handed in, Hash its SHA-256 in lower-case hex.
	Text, Hash string
	Author     string
	Reason     string
	At         time.Time
	// Approval is nil where it was never approved.
	Approval *Approval
}

// ErrChanged says that somebody else changed a target between the look at it and the change.
var ErrChanged = errors.New("changed meanwhile")

// Ledger is the record of targets and of what was done to them. What it was given is on disk when it returns nil.
type Ledger interface {
	// Target returns one row, or fault.ErrNotFound. It is asked before every request of the crawler.
	Target(ctx context.Context, id string) (Row, error)
	// Targets returns all rows by id.
	Targets(ctx context.Context) ([]Row, error)
	// TargetVersion returns one version, or fault.ErrNotFound; TargetVersions returns all of a target, newest first.
	TargetVersion(ctx context.Context, id string, number int) (Version, error)
	TargetVersions(ctx context.Context, id string) ([]Version, error)
	// PutTarget writes a row, a new version where v is not nil, the approval of the row's version where the row has one, and the entry:
	// all or nothing. The stored revision must be one less than the row's, or there must be none where the row's is 1; otherwise it
	// writes nothing and returns ErrChanged.
	PutTarget(ctx context.Context, row Row, v *Version, e audit.Entry) error
	// PutEntry writes an entry by itself. Entries returns those of a subject, newest first.
	PutEntry(ctx context.Context, e audit.Entry) error
	Entries(ctx context.Context, subject string) ([]audit.Entry, error)
}
