package target

import (
	"context"
	"errors"
	"fmt"
	"time"

	"varde/internal/audit"
	"varde/internal/fault"
)

// Refusal says which rule forbids what somebody tried. It is found by errors.As in the errors of a Desk, which also carry a sentence.
type Refusal struct {
	// Action is what was tried, Reason a stable word for the rule. Target is the target's id.
	Action audit.Action
	Reason string
	Target string
}

// Error names the target and the rule.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s %q: refused: %s", verbs[r.Action], r.Target, r.Reason)
}

// Unwrap returns fault.ErrUsage.
func (r *Refusal) Unwrap() error { return fault.ErrUsage }

var verbs = map[audit.Action]string{audit.TargetDrafted: "draft target", audit.TargetApproved: "approve target", audit.TargetActivated: "activate target",
	audit.TargetPaused: "pause target", audit.TargetRevoked: "revoke target", audit.TargetTried: "try target"}

// refusal is a rule that forbids something: its stable word, and what people are told.
type refusal struct{ word, sentence string }

// The rules that need no name or date to be told.
var (
	noActor       = &refusal{"no_actor", "Nobody can be named as who does this. Sign in, or give the name of your account."}
	program       = &refusal{"program", "“" + audit.Program + "” is the program's own name, and no person's. A target is approved by a person under an account of their own."}
	unchanged     = &refusal{"unchanged", "The text is the same as that of the current version. Nothing was changed."}
	revoked       = &refusal{"revoked", "This version has been revoked, which is final. Draft a new version, and have it approved."}
	ownDraft      = &refusal{"own_draft", "Who has written a version, or one before it since the last approval, cannot approve it. Another person must."}
	noConsent     = &refusal{"no_consent", "This target ignores robots.txt. Read the reason that it gives, and consent to it expressly, or do not approve."}
	noReason      = &refusal{"no_reason", "Say why the target is revoked."}
	activeAlready = &refusal{"already_active", "The target is active already."}
	meanwhile     = &refusal{"changed_meanwhile", "Somebody else changed this target at the same moment. Look at it again, and then decide."}
)

func edited(row Row) *refusal {
	return &refusal{"changed", fmt.Sprintf("The current version is number %d, drafted by %s, and not the one that you read. Read what has changed, and then decide.", row.Version, row.Author)}
}

func approvedAlready(row Row) *refusal {
	by := "somebody"
	if row.Approval != nil {
		by = row.Approval.By
	}
	return &refusal{"already_approved", fmt.Sprintf("This version has been approved by %s already.", by)}
}

func notApprover(t *Target) *refusal {
	return &refusal{"not_approver", fmt.Sprintf("Only %s can approve this target: that is whom it names as approver. To have another approver, draft a version that names them.", account(t.Authority.Approver))}
}

func notApproved(t *Target) *refusal {
	return &refusal{"not_approved", fmt.Sprintf("The current version has not been approved. %s must approve it first.", account(t.Authority.Approver))}
}

func expired(t *Target) *refusal {
	return &refusal{"expired", fmt.Sprintf("The authority of this target ended on %s. Draft a version with a later date, and have it approved.", t.Authority.ValidTo)}
}

func past(t *Target) *refusal {
	return &refusal{"expired", fmt.Sprintf("The authority of this text ended on %s, so that nobody could approve it. Give authority.valid_to a later date.", t.Authority.ValidTo)}
}

func notActive(row Row) *refusal {
	return &refusal{"not_active", fmt.Sprintf("The target is not active (it is %s), so nothing is requested for it.", row.State)}
}

func (d *Desk) wrongPlace() *refusal {
	if d.loopback {
		return &refusal{"not_simulated", "This is a simulation: only targets with “loopback: true” are taken, and nothing outside this machine is asked."}
	}
	return &refusal{"loopback", "The target has “loopback: true”, which is for simulated sites on this machine. Remove it to crawl a real site."}
}

// refuse notes an attempt that a rule forbids and returns the error for it. Where it cannot be noted, the attempt is still refused.
func (d *Desk) refuse(ctx context.Context, act act, no *refusal) (Standing, error) {
	err := fault.Tell(no.sentence, &Refusal{Action: act.action, Reason: no.word, Target: act.id})
	e := act.entry(d.now())
	e.Action, e.Object = audit.TargetRefused, string(act.action)+": "+no.word
	// The attempt was made, whether or not whoever made it waits for the answer.
	if failed := d.ledger.PutEntry(context.WithoutCancel(ctx), e); failed != nil {
		err = errors.Join(err, fmt.Errorf("note a refused attempt on target %q: %w", act.id, failed))
	}
	return Standing{}, err
}

// Why is a stable word for why a target is not crawled now, "" where it is: the words are those of a Denial.
func (d *Desk) why(row Row, t *Target, now time.Time) string {
	if no := d.deny(row, t, now); no != nil {
		return no.Reason
	}
	return ""
}
