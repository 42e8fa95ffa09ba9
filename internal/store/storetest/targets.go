package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/configs"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// drafted is a new target with its first version and the entry for it.
func drafted(id string) (target.Row, *target.Version, audit.Entry) {
	row := target.Row{ID: id, State: target.Draft, Version: 1, Hash: "h1", Author: "kari", Revision: 1, Changed: start}
	v := &target.Version{Target: id, Number: 1, Text: "id: " + id + "\n# «æøå»\r\n", Hash: "h1", Author: "kari", Reason: "new", At: start}
	return row, v, audit.Entry{At: start, Actor: "kari", Action: audit.TargetDrafted, Subject: audit.Target(id), Version: 1, Reason: "new"}
}

func targets(t *testing.T, s *store.Store) {
	ctx := context.Background()
	row, v, e := drafted("b-side")
	must(t, s.PutTarget(ctx, row, v, e))
	other, v2, e2 := drafted("a-side")
	must(t, s.PutTarget(ctx, other, v2, e2))
	got, err := s.Target(ctx, "b-side")
	must(t, err)
	same(t, "a draft", got, row)
	all, err := s.Targets(ctx)
	must(t, err)
	same(t, "all", all, []target.Row{other, row})
	version, err := s.TargetVersion(ctx, "b-side", 1)
	must(t, err)
	same(t, "its version", version, *v)

	// Approved: the approval stands on the row and on the version.
	row.State, row.Revision, row.Changed = target.Approved, 2, start.Add(time.Hour)
	row.Approval = &target.Approval{ID: "A-0123456789", Version: 1, Hash: "h1", By: "ola", At: start.Add(time.Hour), Consent: true, Note: "read"}
	must(t, s.PutTarget(ctx, row, nil, audit.Entry{At: row.Changed, Actor: "ola", Action: audit.TargetApproved, Subject: e.Subject, Version: 1, Object: row.Approval.ID}))
	got, err = s.Target(ctx, "b-side")
	must(t, err)
	same(t, "approved", got, row)
	v.Approval = row.Approval
	version, err = s.TargetVersion(ctx, "b-side", 1)
	must(t, err)
	same(t, "the approved version", version, *v)

	// A second version: the row has no approval any longer, the first version keeps its own.
	second := target.Version{Target: "b-side", Number: 2, Text: strings.Repeat("# long\n", 30_000), Hash: "h2", Author: "per", Reason: "", At: start.Add(2 * time.Hour)}
	row.State, row.Version, row.Hash, row.Author, row.Approval, row.Revision = target.Draft, 2, "h2", "per", nil, 3
	must(t, s.PutTarget(ctx, row, &second, audit.Entry{At: second.At, Actor: "per", Action: audit.TargetDrafted, Subject: e.Subject, Version: 2}))
	got, err = s.Target(ctx, "b-side")
	must(t, err)
	same(t, "drafted again", got, row)
	versions, err := s.TargetVersions(ctx, "b-side")
	must(t, err)
	same(t, "versions", versions, []target.Version{second, *v})

	entries, err := s.Entries(ctx, e.Subject)
	must(t, err)
	var story []string
	for _, e := range entries {
		story = append(story, fmt.Sprint(e.Seq, " ", e.Actor, " ", e.Action, " ", e.Version, " ", e.Object))
	}
	same(t, "the log", story, []string{"4 per target_drafted 2 ", "3 ola target_approved 1 A-0123456789", "1 kari target_drafted 1 "})
	for _, id := range []string{"none", "", "\x00", "\xff", "B-SIDE", "' OR 1=1 --"} {
		_, err := s.Target(ctx, id)
		_, verr := s.TargetVersion(ctx, id, 1)
		if !errors.Is(err, fault.ErrNotFound) || !errors.Is(verr, fault.ErrNotFound) {
			t.Errorf("target %q: %v, %v", id, err, verr)
		}
		if list, err := s.TargetVersions(ctx, id); err != nil || len(list) != 0 {
			t.Errorf("versions of %q: %v, %v", id, list, err)
		}
	}
	if _, err := s.TargetVersion(ctx, "b-side", 3); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a version that is not there: %v", err)
	}
}

func targetsChanged(t *testing.T, s *store.Store) {
	ctx := context.Background()
	row, v, e := drafted("x")
	must(t, s.PutTarget(ctx, row, v, e))
	stale := row
	stale.State, stale.Revision = target.Active, 3
	again := row
	again.Author = "per"
	for name, r := range map[string]target.Row{"over a revision that is not there": stale, "as new where there is one": again} {
		if err := s.PutTarget(ctx, r, nil, e); !errors.Is(err, target.ErrChanged) {
			t.Errorf("written %s: %v", name, err)
		}
	}
	early := target.Row{ID: "y", State: target.Draft, Version: 1, Hash: "h", Author: "kari", Revision: 2, Changed: start}
	if err := s.PutTarget(ctx, early, nil, e); !errors.Is(err, target.ErrChanged) {
		t.Errorf("changed where there is none: %v", err)
	}
	for name, spoil := range map[string]func(r *target.Row, v *target.Version, e *audit.Entry){
		"no id":       func(r *target.Row, _ *target.Version, _ *audit.Entry) { r.ID = "" },
		"a zero byte": func(_ *target.Row, v *target.Version, _ *audit.Entry) { v.Text = "\x00" },
		"not UTF-8":   func(_ *target.Row, v *target.Version, _ *audit.Entry) { v.Author = "\xff" },
		"no time": func(_ *target.Row, v *target.Version, _ *audit.Entry) {
			v.At = time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
		},
		"no actor": func(_ *target.Row, _ *target.Version, e *audit.Entry) { e.Actor = "" },
		"approved by a \\0": func(r *target.Row, _ *target.Version, _ *audit.Entry) {
			r.Approval = &target.Approval{ID: "A", By: "\x00"}
		},
	} {
		row, v, e := drafted("z")
		spoil(&row, v, &e)
		if err := s.PutTarget(ctx, row, v, e); !errors.Is(err, fault.ErrPermanent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Of what was refused nothing is there, and the log has no gap.
	all, err := s.Targets(ctx)
	must(t, err)
	same(t, "targets", all, []target.Row{row})
	must(t, s.PutEntry(ctx, audit.Entry{At: start, Actor: "kari", Action: audit.EvidenceShown, Subject: "ad:a/1", Reason: "x\x00\xff", Purpose: "case"}))
	entries, err := s.Entries(ctx, "ad:a/1")
	must(t, err)
	same(t, "entry", entries, []audit.Entry{{Seq: 2, At: start, Actor: "kari", Action: audit.EvidenceShown, Subject: "ad:a/1", Reason: "x\ufffd", Purpose: "case"}})
	if list, err := s.Entries(ctx, "\xff"); err != nil || list != nil {
		t.Errorf("entries of what cannot be: %v, %v", list, err)
	}
}

// atDesk lets people work at the desk of one record at the same time: exactly one approval is given and the log has no gaps.
func atDesk(t *testing.T, s *store.Store) {
	ctx := context.Background()
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	d := target.NewDesk(s, target.DeskConfig{Now: func() time.Time { return now }})
	text, err := configs.FS.ReadFile("targets/example.yaml")
	must(t, err)
	st, err := d.Draft(ctx, "kari", "example.yaml", text, "new")
	must(t, err)
	if _, err := d.Approve(ctx, "kari", "example", 1, st.Hash, false, ""); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("approved by the author: %v", err)
	}
	var all errgroup.Group
	won := make(chan string, 8)
	for range cap(won) {
		all.Go(func() error {
			st, err := d.Approve(ctx, "ola", "example", 1, st.Hash, false, "")
			if err == nil {
				won <- st.Approval.ID
			} else if !errors.Is(err, fault.ErrUsage) || fault.Sentence(err) == "" {
				return err
			}
			return nil
		})
	}
	must(t, all.Wait())
	if len(won) != 1 {
		t.Fatalf("%d approvals", len(won))
	}
	st, err = d.Activate(ctx, "kari", "example", "")
	must(t, err)
	same(t, "authorisation", st.Spec.Authorisation, <-won)
	must(t, d.Allow(ctx, st.Spec, nil))
	_, err = d.Revoke(ctx, "per", "example", "enough")
	must(t, err)
	var no *target.Denial
	if err := d.Allow(ctx, st.Spec, nil); !errors.As(err, &no) || no.Reason != target.IsRevoked {
		t.Errorf("after revoking: %v", err)
	}
	entries, err := d.History(ctx, "example")
	must(t, err)
	for i, e := range entries {
		if e.Seq != int64(len(entries)-i) {
			t.Errorf("entry %d is number %d of %d", i, e.Seq, len(entries))
		}
	}
	if len(entries) != 12 { // drafted, refused to kari, 8 tries of ola, activated, revoked
		t.Errorf("%d entries", len(entries))
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := d.Allow(ended, st.Spec, nil); !errors.As(err, &no) || no.Reason != target.RecordAway || !errors.Is(err, context.Canceled) {
		t.Errorf("with a record that cannot be asked: %v", err)
	}
}
