package store

import (
	"context"
	"fmt"
	"strings"

	"varde/internal/audit"
)

// PutEntry adds an entry to the log; its Seq is given here. Commits of entries follow one another, also those of other programs.
func (s *Store) PutEntry(ctx context.Context, e audit.Entry) error {
	err := checkEntry(e)
	if err == nil {
		err = s.change(ctx, func(t tx) error {
			seq, err := t.nextEntry(ctx)
			if err != nil {
				return err
			}
			return t.putEntry(ctx, seq, e)
		})
	}
	if err != nil {
		return fmt.Errorf("write that %s %s: %w", e.Action, e.Subject, err)
	}
	return nil
}

// Entries returns the entries on a subject, newest first.
func (s *Store) Entries(ctx context.Context, subject string) (list []audit.Entry, err error) {
	if !storable(subject) {
		return nil, nil
	}
	err = s.view(ctx, func(t tx) error {
		const q = "SELECT seq, at, actor, action, subject, version, reason, purpose, object FROM audit WHERE subject = ? ORDER BY seq DESC"
		return t.each(ctx, q, []any{subject}, func(s scan) error {
			var e audit.Entry
			var at int64
			var action string
			err := s(&e.Seq, &at, &e.Actor, &action, &e.Subject, &e.Version, &e.Reason, &e.Purpose, &e.Object)
			e.At, e.Action = fromNanos(at), audit.Action(action)
			list = append(list, e)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read the log on %s: %w", subject, err)
	}
	return list, nil
}

func checkEntry(e audit.Entry) error {
	what, name := "log entry on", e.Subject
	if err := checkText(what, name, e.Actor, string(e.Action), e.Subject); err != nil {
		return err
	}
	return checkTime(what, name, e.At)
}

// nextEntry takes the number of the next entry. Whoever has taken it keeps all others from writing entries until the transaction ends.
func (t tx) nextEntry(ctx context.Context) (seq int64, err error) {
	if _, err := t.one(ctx, "UPDATE counters SET value = value + 1 WHERE name = 'audit' RETURNING value", nil, &seq); err != nil {
		return 0, fmt.Errorf("take the log's counter: %w", err)
	}
	return seq, nil
}

func (t tx) putEntry(ctx context.Context, seq int64, e audit.Entry) error {
	in := insertion{into: "audit (seq, at, actor, action, subject, version, reason, purpose, object)", cols: 9}
	return t.insert(ctx, in, []any{seq, nanos(e.At), e.Actor, string(e.Action), e.Subject, e.Version, kept(e.Reason, mostWords), kept(e.Purpose, mostWords), kept(e.Object, mostWords)}, nil)
}

// mostWords bounds texts that are kept for people to read, in bytes.
const mostWords = 4000

// kept makes a text from outside one that both engines can keep, cut off after most bytes.
func kept(text string, most int) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return text
}
