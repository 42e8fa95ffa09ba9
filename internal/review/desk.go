package review

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
	"varde/internal/text"
)

// Ledger is the record of reviews. What it was given is on disk when it returns nil.
type Ledger interface {
	// Network returns the network of an id; a former id gives what it became. It returns fault.ErrNotFound where there is none.
	Network(ctx context.Context, id string) (ad.Network, error)
	// Reviews returns those of a network under this id and all that gave way to it, in the order of their numbers.
	Reviews(ctx context.Context, network string) ([]Review, error)
	// PutReview writes a review and the entry in the log, both or neither, and returns the review with its number. Where over is given and
	// another decision stands than number over (0: any at all), nothing is written and ErrChanged returned.
	PutReview(ctx context.Context, r Review, over *int64, e audit.Entry) (Review, error)
}

// ErrChanged says that another decision was made between the look and the change.
var ErrChanged = errors.New("another decision was made meanwhile")

// Desk is where people decide about networks, for the command line and the console alike. What its rules forbid is an error with a
// sentence, fault.ErrUsage and a *fault.Refusal.
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

// The rules, each with its word and what people are told.
var (
	errNoActor    = refuse("no_actor", "Nobody can be named as who decides. Sign in, or give the name of your account.")
	errDecision   = refuse("decision", "A decision is one of lead, watch, dismiss and refer.")
	errNoReason   = refuse("no_reason", "Say why it is dismissed, by one of the reasons of the list.")
	errReason     = refuse("reason", "A reason of the list belongs to dismissing alone. Write what you mean as a note.")
	errNoWords    = refuse("no_words", "Say in your own words what the other reason is.")
	errSeen       = refuse("seen", "The network has changed since you looked at it. Look again, and then decide.")
	errNothing    = refuse("nothing", "No decision stands that could be taken back.")
	errSuperseded = refuse("superseded", "Another decision has been made or taken back meanwhile. Look at it, and then decide.")
)

// Rules lists the words of all rules.
var Rules = []string{"no_actor", "decision", "no_reason", "reason", "no_words", "seen", "nothing", "superseded"}

func refuse(rule, sentence string) error { return fault.Refuse("review", rule, sentence) }

// longestNote bounds what people write, in bytes.
const longestNote = 2000

func clean(words string) string {
	words = text.Written(words)
	if len(words) > longestNote {
		words = strings.ToValidUTF8(words[:longestNote], "")
	}
	return words
}

func account(name string) string { return strings.ToLower(clean(name)) }

// Verdict is what somebody decides.
type Verdict struct {
	Decision Decision
	Reason   Reason
	Note     string
	// Seen is the hash of the snapshot that was looked at; "" takes the network as it is.
	Seen string
	// Over is the number of the decision that was seen to stand, 0 for none; nil takes whichever stands.
	Over *int64
}

// Decide writes a decision about a network, under its present id.
func (d *Desk) Decide(ctx context.Context, actor, network string, v Verdict) (Review, error) {
	actor, v.Note = account(actor), clean(v.Note)
	switch {
	case actor == "" || actor == audit.Program:
		return Review{}, errNoActor
	case !slices.Contains(Decisions, v.Decision):
		return Review{}, errDecision
	case v.Decision == Dismiss && !slices.Contains(Reasons, v.Reason):
		return Review{}, errNoReason
	case v.Decision != Dismiss && v.Reason != "":
		return Review{}, errReason
	case v.Reason == Other && v.Note == "":
		return Review{}, errNoWords
	}
	n, err := d.ledger.Network(ctx, network)
	if err != nil {
		return Review{}, fmt.Errorf("review network %q: %w", network, err)
	}
	snapshot := SnapshotOf(n)
	if v.Seen != "" && v.Seen != snapshot.Hash() {
		return Review{}, errSeen
	}
	return d.put(ctx, audit.NetworkReviewed, Review{Author: actor, Network: n.ID, Decision: v.Decision, Reason: v.Reason, Note: v.Note, Snapshot: snapshot}, v.Over)
}

// Undo takes back the decision that stands about a network, which must be number seq; 0 takes whichever stands. The one before it stands
// again then.
func (d *Desk) Undo(ctx context.Context, actor, network string, seq int64, note string) (Review, error) {
	if actor = account(actor); actor == "" || actor == audit.Program {
		return Review{}, errNoActor
	}
	n, err := d.ledger.Network(ctx, network)
	if err != nil {
		return Review{}, fmt.Errorf("review network %q: %w", network, err)
	}
	reviews, err := d.ledger.Reviews(ctx, n.ID)
	if err != nil {
		return Review{}, err
	}
	last := Standing(reviews)
	switch {
	case last == nil:
		return Review{}, errNothing
	case seq != 0 && seq != last.Seq:
		return Review{}, errSuperseded
	}
	return d.put(ctx, audit.ReviewUndone, Review{Author: actor, Network: n.ID, Decision: Undo, Note: clean(note), Undoes: last.Seq, Snapshot: SnapshotOf(n)}, &last.Seq)
}

func (d *Desk) put(ctx context.Context, action audit.Action, r Review, over *int64) (Review, error) {
	r.At = d.now()
	object := string(r.Decision)
	if r.Reason != "" {
		object += ": " + string(r.Reason)
	}
	written, err := d.ledger.PutReview(ctx, r, over, audit.Entry{At: r.At, Actor: r.Author, Action: action, Subject: audit.Network(r.Network), Reason: r.Note, Object: object})
	switch {
	case errors.Is(err, ErrChanged):
		return Review{}, errSuperseded
	case err != nil:
		return Review{}, fmt.Errorf("review network %q: %w", r.Network, err)
	}
	return written, nil
}

// History returns the reviews of a network and of all that became it, newest first, with the network's present id.
func (d *Desk) History(ctx context.Context, network string) ([]Review, error) {
	n, err := d.ledger.Network(ctx, network)
	if errors.Is(err, fault.ErrNotFound) { // a network that is no more keeps its decisions
		n.ID, err = network, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reviews of network %q: %w", network, err)
	}
	reviews, err := d.ledger.Reviews(ctx, n.ID)
	slices.Reverse(reviews)
	return reviews, err
}
