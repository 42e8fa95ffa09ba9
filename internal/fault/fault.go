// Package fault holds the errors that callers decide on, and the error that carries a sentence for a person beside
// its cause.
//
// It promises that what a person is shown never contains the cause, and that the cause is never lost. It logs nothing.
package fault

import "errors"

// Sentinels, each with what it means to a caller.
var (
	// ErrNotFound: what was asked for does not exist, or no longer does.
	ErrNotFound = errors.New("not found")
	// ErrPermanent: trying the same again cannot help; set it aside at once.
	ErrPermanent = errors.New("permanent failure")
	// ErrDamaged: stored data failed its checks and must not be used.
	ErrDamaged = errors.New("damaged")
	// ErrInUse: another process holds what was asked for.
	ErrInUse = errors.New("in use")
	// ErrUsage: the command or request was wrong in itself.
	ErrUsage = errors.New("wrong use")
)

// Told is an error with a sentence for the person at the keyboard: what happened and what to do.
type Told struct {
	// Sentence is shown to people. It holds no personal data and no internals.
	Sentence string
	// Err is the cause, for the log.
	Err error
}

// Tell wraps err with a sentence for people.
func Tell(sentence string, err error) error { return &Told{Sentence: sentence, Err: err} }

// Error returns the sentence and the cause.
func (t *Told) Error() string {
	if t.Err == nil {
		return t.Sentence
	}
	return t.Sentence + " (" + t.Err.Error() + ")"
}

// Unwrap returns the cause.
func (t *Told) Unwrap() error { return t.Err }

// Refusal says which rule forbids what somebody tried at a desk, where people decide.
type Refusal struct {
	// Desk is what is decided about, such as "review"; Rule is a stable word.
	Desk, Rule string
}

// Refuse is a Refusal with a sentence for people.
func Refuse(desk, rule, sentence string) error {
	return Tell(sentence, &Refusal{Desk: desk, Rule: rule})
}

// Error names the rule.
func (r *Refusal) Error() string { return r.Desk + ": refused: " + r.Rule }

// Unwrap returns ErrUsage.
func (r *Refusal) Unwrap() error { return ErrUsage }

// Sentence returns what people may be told of err, or "" where nothing was written for them.
func Sentence(err error) string {
	var t *Told
	if errors.As(err, &t) {
		return t.Sentence
	}
	return ""
}
