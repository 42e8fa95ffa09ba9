package weights

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/indicator"
	"varde/internal/text"
)

// Desk is where versions are proposed, accepted and rejected. What its rules forbid is an error with a sentence, fault.ErrUsage and a
// *fault.Refusal; an attempt on a version that they forbid is in the log too.
type Desk struct {
	ledger Ledger
	now    func() time.Time
}

// NewDesk returns a desk over a record; now is the clock, nil for the machine's.
func NewDesk(l Ledger, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{ledger: l, now: func() time.Time { return now().UTC().Round(0) }}
}

func refuse(rule, sentence string) error { return fault.Refuse("score version", rule, sentence) }

var (
	errNoActor  = refuse("no_actor", "Nobody can be named as who does this. Give the name of your account.")
	errNoReason = refuse("no_reason", "Say why, with --reason; it is kept in the log.")
	errOwn      = refuse("own", "Who proposed a version cannot accept it. Another person must.")
	errRejected = refuse("rejected", "This version was rejected, which is final. Fit a new one with varde tune.")
	errInForce  = refuse("in_force", "This version is in force already.")
	errStale    = refuse("stale", "Another version has come into force since this one was proposed, so its comparison no longer holds. Fit a new one with varde tune.")
	errSettled  = refuse("settled", "This version was in force, and can no longer be rejected. Accept another one instead.")
	errSame     = refuse("same", "These points are those in force. Nothing was proposed.")
)

func clean(words string) string {
	return text.Written(words)
}

func account(name string) string { return strings.ToLower(clean(name)) }

// Start returns the catalogue that scores are to be made with: the program's file, with the points that were accepted last. Where that
// combination is new it is kept and put in force by the program: at the first start, and where the program brings another file.
func (d *Desk) Start(ctx context.Context, file *indicator.Catalogue) (*indicator.Catalogue, error) {
	return again(func() (*indicator.Catalogue, error) {
		force, err := d.ledger.Force(ctx)
		if err != nil {
			return nil, err
		}
		var was Version
		if force.Seq > 0 {
			if was, err = d.ledger.ScoreVersion(ctx, force.Version); err != nil {
				return nil, err
			}
		}
		c, err := carry(file, was.Points)
		if err != nil || c.Version() == force.Version {
			return c, err
		}
		known, err := d.known(ctx, c.Version())
		if err != nil {
			return nil, err
		}
		v := d.version(c, was.ID)
		v.Author, v.State, v.By, v.Decided = audit.Program, Accepted, audit.Program, v.At
		err = d.enforce(ctx, v, known, force, audit.Program, audit.ScoresCarried, "")
		if errors.Is(err, ErrChanged) { // another process started at the same moment
			err = ErrMoved
		}
		return c, err
	})
}

// again does what fails with ErrMoved some times more: each time with another look at what others wrote meanwhile.
func again[T any](do func() (T, error)) (v T, err error) {
	const tries = 5
	for range tries {
		if v, err = do(); !errors.Is(err, ErrMoved) {
			return v, err
		}
	}
	return v, err
}

// known returns a version, or nil where there is none.
func (d *Desk) known(ctx context.Context, id string) (*Version, error) {
	v, err := d.ledger.ScoreVersion(ctx, id)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, nil
	}
	return &v, err
}

// carry lays points on a file, as far as the file still has their codes.
func carry(file *indicator.Catalogue, points map[string]float64) (*indicator.Catalogue, error) {
	kept := map[string]float64{}
	for code, p := range points {
		if file.Tunable(code) {
			kept[code] = p
		}
	}
	return file.WithPoints(kept)
}

// version makes a catalogue a version; who and what for is the caller's.
func (d *Desk) version(c *indicator.Catalogue, base string) Version {
	v := Version{ID: c.Version(), Text: c.Text(), Points: c.Other(), Origin: Carried, Base: base, At: d.now()}
	if len(v.Points) == 0 {
		v.Origin = File
	}
	return v
}

// enforce writes a version over what was seen of it and puts it in force.
func (d *Desk) enforce(ctx context.Context, v Version, was *Version, before Force, by string, action audit.Action, note string) error {
	next := &Force{Seq: before.Seq + 1, Version: v.ID, At: d.now(), By: by}
	return d.ledger.PutScoreVersion(ctx, v, was, next, audit.Entry{At: next.At, Actor: by, Action: action, Subject: audit.Scores(v.ID), Reason: note, Object: before.Version})
}

// Current returns the catalogue in force, and its place in the order of those that were; nil where known is still in force.
func (d *Desk) Current(ctx context.Context, known string) (*indicator.Catalogue, error) {
	force, err := d.ledger.Force(ctx)
	if err != nil || force.Seq == 0 || force.Version == known {
		return nil, err
	}
	v, err := d.ledger.ScoreVersion(ctx, force.Version)
	if err != nil {
		return nil, err
	}
	return v.Catalogue()
}

// InForce returns the version in force, or fault.ErrNotFound where none is yet.
func (d *Desk) InForce(ctx context.Context) (Version, error) {
	force, err := d.ledger.Force(ctx)
	if err != nil {
		return Version{}, err
	}
	if force.Seq == 0 {
		return Version{}, fmt.Errorf("score version in force: %w", fault.ErrNotFound)
	}
	return d.ledger.ScoreVersion(ctx, force.Version)
}

// Propose keeps points that were fitted against those in force. It changes no score. Points that others proposed against the same, or that were
// accepted before, stay as they are; those that were rejected or went stale are proposed anew.
func (d *Desk) Propose(ctx context.Context, actor string, c *indicator.Catalogue, report string) (Version, error) {
	if actor = account(actor); actor == "" || actor == audit.Program {
		return Version{}, errNoActor
	}
	return again(func() (Version, error) {
		force, err := d.ledger.Force(ctx)
		if err != nil {
			return Version{}, err
		}
		if c.Version() == force.Version {
			return Version{}, errSame
		}
		old, err := d.known(ctx, c.Version())
		if err != nil {
			return Version{}, err
		}
		if old != nil && (old.State == Accepted || old.State == Proposed && old.Base == force.Version) {
			return *old, nil
		}
		v := d.version(c, force.Version)
		v.Origin, v.Author, v.Report, v.State = Tuned, actor, report, Proposed
		return v, d.ledger.PutScoreVersion(ctx, v, old, nil, audit.Entry{At: v.At, Actor: actor, Action: audit.ScoresProposed, Subject: audit.Scores(v.ID), Object: force.Version})
	})
}

// Accept puts a version in force: a proposal of somebody else, or one that was in force before. The program's file stays what it is: where
// the version was made on another, its points are carried over to this one. It returns what is in force then.
func (d *Desk) Accept(ctx context.Context, actor, id, note string, file *indicator.Catalogue) (Version, error) {
	actor, note = account(actor), clean(note)
	return again(func() (Version, error) { return d.accept(ctx, actor, id, note, file) })
}

func (d *Desk) accept(ctx context.Context, actor, id, note string, file *indicator.Catalogue) (Version, error) {
	v, err := d.ledger.ScoreVersion(ctx, id)
	if err != nil {
		return Version{}, err
	}
	force, err := d.ledger.Force(ctx)
	if err != nil {
		return Version{}, err
	}
	switch {
	case actor == "" || actor == audit.Program:
		return d.refuse(ctx, actor, &v, errNoActor)
	case note == "":
		return d.refuse(ctx, actor, &v, errNoReason)
	case v.Author == actor:
		return d.refuse(ctx, actor, &v, errOwn)
	case v.State == Rejected:
		return d.refuse(ctx, actor, &v, errRejected)
	case v.ID == force.Version:
		return d.refuse(ctx, actor, &v, errInForce)
	case v.State == Proposed && v.Base != force.Version:
		return d.refuse(ctx, actor, &v, errStale)
	}
	v, was, err := d.carried(ctx, v, file)
	switch {
	case err != nil:
		return Version{}, err
	case v.ID == force.Version:
		return d.refuse(ctx, actor, &v, errInForce)
	case v.Author == actor: // what it is on the program's file may be known already, and be somebody else's
		return d.refuse(ctx, actor, &v, errOwn)
	case v.State == Rejected:
		return d.refuse(ctx, actor, &v, errRejected)
	}
	if v.State != Accepted {
		v.State, v.By, v.Decided, v.Note = Accepted, actor, d.now(), note
	}
	err = d.enforce(ctx, v, was, force, actor, audit.ScoresAccepted, note)
	if errors.Is(err, ErrChanged) {
		return d.refuse(ctx, actor, &v, errStale)
	}
	return v, err
}

// carried returns a version on the program's file: itself, or what its points are there, with what the record has of that.
func (d *Desk) carried(ctx context.Context, v Version, file *indicator.Catalogue) (on Version, was *Version, err error) {
	if v.Text == file.Text() {
		return v, &v, nil
	}
	c, err := carry(file, v.Points)
	if err != nil {
		return Version{}, nil, err
	}
	if was, err = d.known(ctx, c.Version()); err != nil {
		return Version{}, nil, err
	}
	if was != nil {
		return *was, was, nil
	}
	on = d.version(c, v.ID)
	on.Author = v.Author
	return on, nil, nil
}

// Reject says for good that a proposal does not come into force. Who proposed it may do so too.
func (d *Desk) Reject(ctx context.Context, actor, id, note string) (Version, error) {
	actor, note = account(actor), clean(note)
	return again(func() (Version, error) { return d.reject(ctx, actor, id, note) })
}

func (d *Desk) reject(ctx context.Context, actor, id, note string) (Version, error) {
	v, err := d.ledger.ScoreVersion(ctx, id)
	if err != nil {
		return Version{}, err
	}
	was := v
	switch {
	case actor == "" || actor == audit.Program:
		return d.refuse(ctx, actor, &v, errNoActor)
	case note == "":
		return d.refuse(ctx, actor, &v, errNoReason)
	case v.State == Rejected:
		return d.refuse(ctx, actor, &v, errRejected)
	case v.State == Accepted:
		return d.refuse(ctx, actor, &v, errSettled)
	}
	v.State, v.By, v.Decided, v.Note = Rejected, actor, d.now(), note
	return v, d.ledger.PutScoreVersion(ctx, v, &was, nil, audit.Entry{At: v.Decided, Actor: actor, Action: audit.ScoresRejected, Subject: audit.Scores(id), Reason: note})
}

// refuse notes an attempt that a rule forbids and returns the error for it.
func (d *Desk) refuse(ctx context.Context, actor string, v *Version, no error) (Version, error) {
	var rule *fault.Refusal
	if actor == "" || actor == audit.Program || !errors.As(no, &rule) {
		return Version{}, no
	}
	e := audit.Entry{At: d.now(), Actor: actor, Action: audit.ScoresRefused, Subject: audit.Scores(v.ID), Object: rule.Rule}
	// The attempt was made, whether or not whoever made it waits for the answer.
	if err := d.ledger.PutEntry(context.WithoutCancel(ctx), e); err != nil {
		return Version{}, errors.Join(no, fmt.Errorf("note a refused attempt on score version %s: %w", v.ID, err))
	}
	return Version{}, no
}

// Version returns one version, or fault.ErrNotFound; Versions returns all, newest first.
func (d *Desk) Version(ctx context.Context, id string) (Version, error) {
	return d.ledger.ScoreVersion(ctx, id)
}

// Versions returns all versions, newest first.
func (d *Desk) Versions(ctx context.Context) ([]Version, error) { return d.ledger.ScoreVersions(ctx) }
