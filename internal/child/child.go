package child

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
)

// State is where a flag stands.
type State string

// The states, in the order in which they are worked through.
const (
	Open     State = "open"
	Taken    State = "taken"
	Answered State = "answered"
)

// States lists them all.
var States = []State{Open, Taken, Answered}

// Outcome is what a person answered.
type Outcome string

// The outcomes.
const (
	// Reported: those responsible for children were told; the note says who and when.
	Reported Outcome = "reported"
	// Adult: there is reason to hold the person for an adult; the note says which.
	Adult Outcome = "adult"
	// Misread: the words do not speak of a person's age at all.
	Misread Outcome = "misread"
)

// Outcomes lists them all.
var Outcomes = []Outcome{Reported, Adult, Misread}

// Flag is one ad on the list. The record keeps one an ad.
type Flag struct {
	ad.ChildFlag
	// Raised is when the ad was flagged first; ChildFlag.At is when its present content was.
	Raised  time.Time
	State   State
	Outcome Outcome
	// By is who took it or answered, Note what they wrote, Changed when.
	By      string
	Note    string
	Changed time.Time
	// Revision counts the changes, so that nobody changes what they have not seen.
	Revision int64
}

// Cleared says whether a person answered that no child is involved.
func (f *Flag) Cleared() bool {
	return f.State == Answered && (f.Outcome == Adult || f.Outcome == Misread)
}

// From returns the flag that a finding raises; ok is false where it raises none. isChild says which codes do.
func From(f *ad.Finding, isChild func(code string) bool, now time.Time) (flag ad.ChildFlag, ok bool) {
	for _, in := range f.Indicators {
		if isChild(in.Code) {
			flag.Indicators = append(flag.Indicators, in)
		}
	}
	if len(flag.Indicators) == 0 {
		return flag, false
	}
	s := &f.Sighting
	flag.Ad, flag.Version, flag.SeenAt, flag.At = s.Key(), s.Version(), s.SeenAt, now
	return flag, true
}

// Ledger is the record of flags.
type Ledger interface {
	// ChildFlag returns the flag of an ad, or fault.ErrNotFound.
	ChildFlag(ctx context.Context, key ad.Key) (Flag, error)
	// ChildFlags returns flags in these states, the longest unanswered first, and how many there are.
	ChildFlags(ctx context.Context, states []State, limit, offset int) ([]Flag, int, error)
	// PutChildFlag writes a changed flag and its log entry, or neither; where the stored revision is not the one before it is ErrChanged.
	PutChildFlag(ctx context.Context, f Flag, e audit.Entry) error
}

// What a desk refuses. Each wraps fault.ErrUsage.
var (
	ErrChanged  = fmt.Errorf("somebody else has changed this flag meanwhile: %w", fault.ErrUsage)
	ErrNoNote   = fmt.Errorf("an answer needs a note: who was told and when, or what the reason is: %w", fault.ErrUsage)
	ErrState    = fmt.Errorf("the flag does not stand so that this can be done: %w", fault.ErrUsage)
	ErrOutcome  = fmt.Errorf("the answer is none of reported, adult, misread: %w", fault.ErrUsage)
	errNoPerson = fmt.Errorf("only a person can do this: %w", fault.ErrUsage)
)

// stateError is an ErrState that says how the flag stands and what to do.
type stateError struct{ says string }

// Error says it.
func (e stateError) Error() string { return e.says }

// Unwrap makes it an ErrState.
func (e stateError) Unwrap() error { return ErrState }

// answered refuses what cannot be done with a flag that somebody has answered.
func (f *Flag) answered() error {
	return stateError{fmt.Sprintf("already answered by %s; reopen it first", f.By)}
}

// Desk is where people work on flags, for the command line and the console alike. Each step is an entry of the log.
type Desk struct {
	ledger Ledger
	now    func() time.Time
}

// NewDesk returns a desk over a record; a nil clock is the machine's.
func NewDesk(l Ledger, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{l, now}
}

// Get returns the flag of an ad, or fault.ErrNotFound.
func (d *Desk) Get(ctx context.Context, key ad.Key) (Flag, error) {
	return d.ledger.ChildFlag(ctx, key)
}

// List returns flags in these states, those that wait longest first, and how many there are.
func (d *Desk) List(ctx context.Context, states []State, limit, offset int) ([]Flag, int, error) {
	return d.ledger.ChildFlags(ctx, states, limit, offset)
}

// Waiting counts the flags that nobody has answered.
func (d *Desk) Waiting(ctx context.Context) (int, error) {
	_, n, err := d.ledger.ChildFlags(ctx, []State{Open, Taken}, 0, 0)
	return n, err
}

// Take says that a person works on a flag; somebody else may take it over.
func (d *Desk) Take(ctx context.Context, actor string, key ad.Key, revision int64) (Flag, error) {
	return d.step(ctx, actor, key, revision, audit.ChildTaken, "", func(f *Flag) error {
		switch {
		case f.State == Answered:
			return f.answered()
		case f.State == Taken && f.By == actor:
			return stateError{"you have taken it already"}
		}
		f.State, f.Outcome, f.Note = Taken, "", ""
		return nil
	})
}

// Answer ends a flag with an outcome and a note.
func (d *Desk) Answer(ctx context.Context, actor string, key ad.Key, revision int64, outcome Outcome, note string) (Flag, error) {
	note = strings.TrimSpace(note)
	return d.step(ctx, actor, key, revision, audit.ChildAnswered, note, func(f *Flag) error {
		switch {
		case !slices.Contains(Outcomes, outcome):
			return ErrOutcome
		case note == "":
			return ErrNoNote
		case f.State == Answered:
			return f.answered()
		}
		f.State, f.Outcome, f.Note = Answered, outcome, note
		return nil
	})
}

// Reopen puts an answered flag back on the list, with a note that says why.
func (d *Desk) Reopen(ctx context.Context, actor string, key ad.Key, revision int64, note string) (Flag, error) {
	note = strings.TrimSpace(note)
	return d.step(ctx, actor, key, revision, audit.ChildReopened, note, func(f *Flag) error {
		switch {
		case note == "":
			return ErrNoNote
		case f.State != Answered:
			return stateError{"nobody has answered it yet: there is nothing to reopen"}
		}
		f.State, f.Outcome, f.Note = Open, "", note
		return nil
	})
}

func (d *Desk) step(ctx context.Context, actor string, key ad.Key, revision int64, action audit.Action, note string, do func(*Flag) error) (Flag, error) {
	if actor == "" || actor == audit.Program {
		return Flag{}, errNoPerson
	}
	f, err := d.ledger.ChildFlag(ctx, key)
	if err != nil {
		return Flag{}, err
	}
	if f.Revision != revision {
		return f, ErrChanged
	}
	if err := do(&f); err != nil {
		return f, err
	}
	now := d.now().UTC()
	f.By, f.Changed, f.Revision = actor, now, revision+1
	e := audit.Entry{At: now, Actor: actor, Action: action, Subject: audit.Ad(string(key)), Reason: note, Object: string(f.Outcome)}
	if err := d.ledger.PutChildFlag(ctx, f, e); err != nil {
		if errors.Is(err, ErrChanged) {
			return f, ErrChanged
		}
		return f, fmt.Errorf("change the child flag of %s: %w", key, err)
	}
	return f, nil
}
