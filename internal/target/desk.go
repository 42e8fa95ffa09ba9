package target

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/text"
)

// DeskConfig is what a Desk needs besides the record.
type DeskConfig struct {
	// Now is the clock; nil for the machine's.
	Now func() time.Time
	// Loopback is for simulations: targets on this machine are taken, and no others. Without it they are refused.
	Loopback bool
}

// Desk is where targets are drafted, approved, set going and stopped, for the command line and the console alike, and where the crawler
// asks before every request. It must be made by NewDesk and may be used by many at the same time.
//
// Each change is an entry of the log, written together with the change; each attempt that the rules forbid is one too. What the rules
// forbid is an error with a sentence, fault.ErrUsage and a *Refusal. Names of accounts count without the space around them and in small
// letters.
type Desk struct {
	ledger   Ledger
	now      func() time.Time
	loopback bool
}

// NewDesk returns a desk over a record.
func NewDesk(l Ledger, cfg DeskConfig) *Desk {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Desk{ledger: l, now: func() time.Time { return cfg.Now().UTC().Round(0) }, loopback: cfg.Loopback}
}

// Draft takes a text as a new target, or as the new version of the one with the same id: an approval of an earlier version ends with it,
// and so does crawling. File names the text in errors, which are config.Problems where the text is no target.
func (d *Desk) Draft(ctx context.Context, actor, file string, text []byte, reason string) (Standing, error) {
	if len(text) > longestText {
		return Standing{}, fault.Tell(fmt.Sprintf("The text is longer than %d KB, which no target is.", longestText>>10), fault.ErrUsage)
	}
	t, err := Parse(file, text)
	if err != nil {
		return Standing{}, err
	}
	act := act{action: audit.TargetDrafted, actor: account(actor), id: t.ID, reason: clean(reason)}
	row, err := d.ledger.Target(ctx, t.ID)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return Standing{}, fmt.Errorf("draft target %q: %w", t.ID, err)
	}
	switch {
	case act.actor == "":
		return d.refuse(ctx, act, noActor)
	case row.Hash == t.Hash:
		return d.refuse(ctx, act, unchanged)
	case t.Loopback != d.loopback:
		return d.refuse(ctx, act, d.wrongPlace())
	case !d.now().Before(t.to): // nobody could ever approve it
		return d.refuse(ctx, act, past(t))
	}
	act.version = row.Version + 1
	now := d.now()
	v := Version{Target: t.ID, Number: act.version, Text: string(text), Hash: t.Hash, Author: act.actor, Reason: act.reason, At: now}
	next := Row{ID: t.ID, State: Draft, Version: v.Number, Hash: v.Hash, Author: v.Author, Revision: row.Revision + 1, Changed: now}
	return d.put(ctx, act, next, &v)
}

// Approve answers for a version with the approver's name. Version and hash are what the approver read: where somebody has drafted another
// meanwhile, nothing is approved. Consent is to ignoring robots.txt and is required where the target does.
func (d *Desk) Approve(ctx context.Context, actor, id string, version int, hash string, consent bool, note string) (Standing, error) {
	act := act{action: audit.TargetApproved, actor: account(actor), id: id, reason: clean(note)}
	row, t, err := d.look(ctx, id)
	if err != nil {
		return Standing{}, fmt.Errorf("approve target %q: %w", id, err)
	}
	act.version = row.Version
	versions, err := d.ledger.TargetVersions(ctx, id)
	if err != nil {
		return Standing{}, fmt.Errorf("approve target %q: %w", id, err)
	}
	now := d.now()
	switch {
	case act.actor == "":
		return d.refuse(ctx, act, noActor)
	case act.actor == audit.Program:
		return d.refuse(ctx, act, program)
	case row.State == Revoked:
		return d.refuse(ctx, act, revoked)
	case version != row.Version || hash != row.Hash:
		return d.refuse(ctx, act, edited(row))
	case row.State != Draft:
		return d.refuse(ctx, act, approvedAlready(row))
	case authors(versions)[act.actor]:
		return d.refuse(ctx, act, ownDraft)
	case act.actor != account(t.Authority.Approver):
		return d.refuse(ctx, act, notApprover(t))
	case t.Loopback != d.loopback:
		return d.refuse(ctx, act, d.wrongPlace())
	case !now.Before(t.to):
		return d.refuse(ctx, act, expired(t))
	case t.Robots.Ignored() && !consent:
		return d.refuse(ctx, act, noConsent)
	}
	a := Approval{Version: row.Version, Hash: row.Hash, By: act.actor, At: now, Consent: consent && t.Robots.Ignored(), Note: act.reason}
	a.ID = authorisation(id, a)
	act.object = a.ID
	next := row
	next.State, next.Approval, next.Revision, next.Changed = Approved, &a, row.Revision+1, now
	return d.put(ctx, act, next, nil)
}

// authorisation names an approval by what it says, so that anybody can work it out from the record again.
func authorisation(id string, a Approval) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%s\x00%s", id, a.Version, a.Hash, a.By, a.At.Format(time.RFC3339Nano)))
	return "A-" + hex.EncodeToString(sum[:5])
}

// authors are who wrote the current version and those before it, back to the last one that was approved.
func authors(newestFirst []Version) map[string]bool {
	who := map[string]bool{}
	for i, v := range newestFirst {
		if i > 0 && v.Approval != nil {
			break
		}
		who[account(v.Author)] = true
	}
	return who
}

// Activate sets an approved or paused target going. One whose authority begins later may be set going now; it is not crawled before.
func (d *Desk) Activate(ctx context.Context, actor, id, reason string) (Standing, error) {
	act := act{action: audit.TargetActivated, actor: account(actor), id: id, reason: clean(reason)}
	row, t, err := d.look(ctx, id)
	if err != nil {
		return Standing{}, fmt.Errorf("activate target %q: %w", id, err)
	}
	act.version = row.Version
	switch {
	case act.actor == "":
		return d.refuse(ctx, act, noActor)
	case row.State == Revoked:
		return d.refuse(ctx, act, revoked)
	case !row.approved():
		return d.refuse(ctx, act, notApproved(t))
	case row.State == Active:
		return d.refuse(ctx, act, activeAlready)
	case t.Loopback != d.loopback:
		return d.refuse(ctx, act, d.wrongPlace())
	case !d.now().Before(t.to):
		return d.refuse(ctx, act, expired(t))
	}
	next := row
	next.State, next.Revision, next.Changed = Active, row.Revision+1, d.now()
	return d.put(ctx, act, next, nil)
}

// approved says whether the current version has an approval that is for exactly it.
func (r Row) approved() bool {
	return r.State != Draft && r.Approval != nil && r.Approval.Version == r.Version && r.Approval.Hash == r.Hash
}

// Pause stops an active target until it is activated again. The crawler asks Allow for each request when it has a connection to the site and
// before it writes the request to it, so after Pause has returned no request leaves but one that Allow let pass before: it is on its
// way out already, which takes no longer than writing its head. (A site that speaks HTTP/2 can make that wait, by taking fewer requests
// at once than it said, until the request's time is up.)
func (d *Desk) Pause(ctx context.Context, actor, id, reason string) (Standing, error) {
	return d.stop(ctx, act{action: audit.TargetPaused, actor: account(actor), id: id, reason: clean(reason)}, Paused, func(row Row) *refusal {
		if row.State != Active {
			return notActive(row)
		}
		return nil
	})
}

// PauseAll pauses all active targets and returns how many. It goes on where one cannot be paused and then returns an error that names it.
func (d *Desk) PauseAll(ctx context.Context, actor, reason string) (n int, err error) {
	rows, err := d.ledger.Targets(ctx)
	if err != nil {
		return 0, fmt.Errorf("pause all targets: %w", err)
	}
	for _, row := range rows {
		if row.State != Active {
			continue
		}
		_, failed := d.Pause(ctx, actor, row.ID, reason)
		var no *Refusal
		switch {
		case failed == nil:
			n++
		case errors.As(failed, &no) && no.Reason == notActive(row).word: // somebody else stopped it meanwhile
		default:
			err = errors.Join(err, failed)
		}
	}
	return n, err
}

// Revoke ends a version for good; only another version can be approved and crawled. It takes a reason.
func (d *Desk) Revoke(ctx context.Context, actor, id, reason string) (Standing, error) {
	return d.stop(ctx, act{action: audit.TargetRevoked, actor: account(actor), id: id, reason: clean(reason)}, Revoked, func(row Row) *refusal {
		switch {
		case row.State == Revoked:
			return revoked
		case clean(reason) == "":
			return noReason
		}
		return nil
	})
}

// stop takes a target to a state in which it is not crawled. Stopping wins over whatever somebody else does at the same time.
func (d *Desk) stop(ctx context.Context, act act, to State, forbid func(Row) *refusal) (Standing, error) {
	const tries = 20
	for range tries {
		row, err := d.row(ctx, act.id)
		if err != nil {
			return Standing{}, fmt.Errorf("%s %q: %w", verbs[act.action], act.id, err)
		}
		act.version = row.Version
		if act.actor == "" {
			return d.refuse(ctx, act, noActor)
		}
		if no := forbid(row); no != nil {
			return d.refuse(ctx, act, no)
		}
		next := row
		next.State, next.Revision, next.Changed = to, row.Revision+1, d.now()
		err = d.ledger.PutTarget(ctx, next, nil, act.entry(next.Changed))
		if errors.Is(err, ErrChanged) {
			continue
		}
		if err != nil {
			return Standing{}, fmt.Errorf("%s %q: %w", verbs[act.action], act.id, err)
		}
		return d.standing(ctx, next), nil
	}
	return d.refuse(ctx, act, meanwhile)
}

// Tried notes that a draft was tried on a page of its site, which it must be before the page is asked for. Version is 0 where the draft
// is a file only.
func (d *Desk) Tried(ctx context.Context, actor, id string, version int, address string) error {
	act := act{action: audit.TargetTried, actor: account(actor), id: id, version: version, object: clean(address)}
	if act.actor == "" {
		_, err := d.refuse(ctx, act, noActor)
		return err
	}
	if err := d.ledger.PutEntry(ctx, act.entry(d.now())); err != nil {
		return fmt.Errorf("note that target %q is tried: %w", id, err)
	}
	return nil
}

// put writes a change that the rules allow.
func (d *Desk) put(ctx context.Context, act act, next Row, v *Version) (Standing, error) {
	err := d.ledger.PutTarget(ctx, next, v, act.entry(next.Changed))
	if errors.Is(err, ErrChanged) {
		return d.refuse(ctx, act, meanwhile)
	}
	if err != nil {
		return Standing{}, fmt.Errorf("%s %q: %w", verbs[act.action], act.id, err)
	}
	return d.standing(ctx, next), nil
}

// act is what somebody is about to do.
type act struct {
	action  audit.Action
	actor   string
	id      string
	version int
	reason  string
	object  string
}

func (a act) entry(at time.Time) audit.Entry {
	return audit.Entry{At: at, Actor: a.actor, Action: a.action, Subject: audit.Target(a.id), Version: a.version, Reason: a.reason, Object: a.object}
}

const (
	// longestText is the longest file of a target; one with a comment on every line has 5 KB.
	longestText = 256 << 10
	// longestReason bounds what people and sites put into the log.
	longestReason = 2000
)

// account is how names of accounts are compared.
func account(name string) string { return strings.ToLower(strings.TrimSpace(clean(name))) }

// clean makes what was typed a text that can be kept: UTF-8 without zero bytes, and not too long.
func clean(words string) string {
	words = text.Written(words)
	if len(words) > longestReason {
		words = strings.ToValidUTF8(words[:longestReason], "")
	}
	return words
}
