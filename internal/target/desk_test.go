package target_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"varde/internal/audit"
	"varde/internal/config"
	"varde/internal/fault"
	"varde/internal/target"
)

var bg = context.Background()

// refused checks that an attempt was refused for a reason, told in a sentence, and noted, and that nothing else changed.
func (o *office) refused(before target.Row, err error, action audit.Action, actor, reason string) {
	o.t.Helper()
	var no *target.Refusal
	if !errors.As(err, &no) || no.Reason != reason || no.Action != action || !errors.Is(err, fault.ErrUsage) || !strings.HasSuffix(fault.Sentence(err), ".") {
		o.t.Fatalf("want %s refused for %q, got %q, %v", action, reason, fault.Sentence(err), err)
	}
	if e := o.last(); e.Action != audit.TargetRefused || e.Actor != actor || e.Object != string(action)+": "+reason || !e.At.Equal(o.now) {
		o.t.Errorf("the refused attempt is noted as %+v", e)
	}
	if now := o.rows["example"]; !reflect.DeepEqual(now, before) {
		o.t.Errorf("a refused attempt changed %+v to %+v", before, now)
	}
}

func TestFromDraftToRevoked(t *testing.T) {
	o := newOffice(t)
	s := o.draft("Kari ")
	if s.State != target.Draft || s.Version != 1 || s.Author != "kari" || s.Why != target.NotApproved || s.Spec.Authorisation != "" || s.Spec.Version != 1 {
		t.Errorf("drafted: %+v", s)
	}
	o.now = o.now.Add(time.Hour)
	s, err := o.approve(" OLA")
	if err != nil {
		t.Fatal(err)
	}
	a := s.Approval
	if s.State != target.Approved || a == nil || a.By != "ola" || a.Version != 1 || a.Hash != s.Hash || !a.At.Equal(o.now) || a.Note != "read" || a.Consent {
		t.Errorf("approved: %+v, %+v", s, a)
	}
	if s.Spec.Authorisation != a.ID || len(a.ID) != 12 || !strings.HasPrefix(a.ID, "A-") || s.Why != target.NotApproved {
		t.Errorf("authorisation %q, %q, why %q", a.ID, s.Spec.Authorisation, s.Why)
	}
	for _, step := range []struct {
		do    func(ctx context.Context, actor, id, reason string) (target.Standing, error)
		state target.State
		why   string
	}{{o.Activate, target.Active, ""}, {o.Pause, target.Paused, target.IsPaused}, {o.Activate, target.Active, ""}, {o.Revoke, target.Revoked, target.IsRevoked}} {
		o.now = o.now.Add(time.Hour)
		s, err = step.do(bg, "per", "example", "because")
		if err != nil || s.State != step.state || s.Why != step.why || !s.Changed.Equal(o.now) || s.Approval == nil {
			t.Fatalf("%s: %+v, %v", step.state, s, err)
		}
	}
	var story []string
	for _, e := range o.entries {
		story = append(story, e.Actor+" "+string(e.Action)+" "+e.Subject+" "+e.Reason)
	}
	want := []string{"kari target_drafted target:example why Kari", "ola target_approved target:example read", "per target_activated target:example because",
		"per target_paused target:example because", "per target_activated target:example because", "per target_revoked target:example because"}
	if !reflect.DeepEqual(story, want) {
		t.Errorf("the log says\n%s", strings.Join(story, "\n"))
	}
	if e := o.entries[1]; e.Object != a.ID || e.Version != 1 {
		t.Errorf("the approval is noted as %+v", e)
	}
}

func TestDraft(t *testing.T) {
	o := newOffice(t)
	if _, err := o.Draft(bg, "kari", "t.yaml", []byte("id: x"), ""); !errors.As(err, new(config.Problems)) || len(o.entries) != 0 {
		t.Errorf("what is no target: %v, %d entries", err, len(o.entries))
	}
	if _, err := o.Draft(bg, "kari", "t.yaml", make([]byte, 1<<20), ""); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("a megabyte: %v", err)
	}
	_, err := o.Draft(bg, " ", "t.yaml", []byte(o.text), "")
	o.refusedNew(err, audit.TargetDrafted, "no_actor")
	o.draft("kari")
	_, err = o.Draft(bg, "per", "t.yaml", []byte(o.text), "again")
	o.refused(o.rows["example"], err, audit.TargetDrafted, "per", "unchanged")
	_, err = o.Draft(bg, "per", "t.yaml", []byte(change(t, o.text, "loopback: false", "loopback: true")), "")
	o.refused(o.rows["example"], err, audit.TargetDrafted, "per", "loopback")
	_, err = o.Draft(bg, "per", "t.yaml", []byte(change(t, o.text, "valid_to: 2027-04-30", "valid_to: "+o.now.AddDate(0, 0, -1).Format(time.DateOnly))), "")
	o.refused(o.rows["example"], err, audit.TargetDrafted, "per", "expired")
	if _, err := o.approve("ola"); err != nil {
		t.Fatal(err)
	}
	s := o.draft("per", "rate: 0.5", "rate: 0.25")
	if s.State != target.Draft || s.Version != 2 || s.Approval != nil || s.Author != "per" || s.Spec.Rate != 0.25 || s.Spec.Authorisation != "" {
		t.Errorf("a second version is %+v", s)
	}
	versions, err := o.Versions(bg, "example")
	if err != nil || len(versions) != 2 || versions[0].Number != 2 || versions[0].Approval != nil || versions[1].Approval == nil || versions[1].Author != "kari" {
		t.Errorf("versions %+v, %v", versions, err)
	}
	// The first version is still what it was approved as.
	old, err := o.At(bg, "example", 1)
	if err != nil || old.Rate != 0.5 || old.Version != 1 || old.Hash != versions[1].Hash || old.Authorisation != versions[1].Approval.ID {
		t.Errorf("version 1 is %+v, %v", old, err)
	}
}

// refusedNew is refused for a target that is not there.
func (o *office) refusedNew(err error, action audit.Action, reason string) {
	o.t.Helper()
	var no *target.Refusal
	if !errors.As(err, &no) || no.Reason != reason || no.Action != action || len(o.rows) != 0 {
		o.t.Errorf("want %s refused for %q, got %v", action, reason, err)
	}
}

func TestWhoMayApprove(t *testing.T) {
	const robots, ignoring = "policy: obey                   #", "policy: ignore\n  reason: it forbids all, the ads are public\n#"
	for _, tt := range []struct {
		name    string
		prepare func(o *office)
		actor   string
		change  func(version *int, hash *string, consent *bool)
		want    string
	}{
		{name: "the approver", actor: "ola"},
		{name: "the approver, written otherwise", actor: "\tOla "},
		{name: "somebody else", actor: "per", want: "not_approver"},
		{name: "nobody", actor: "", want: "no_actor"},
		{name: "the author", actor: "kari", want: "own_draft"},
		{name: "the author, named as approver", actor: "Kari", prepare: func(o *office) { o.draft("kari", "approver: ola", "approver: kari") }, want: "own_draft"},
		{name: "the program", actor: "varde", prepare: func(o *office) { o.draft("kari", "approver: ola", "approver: varde") }, want: "program"},
		{name: "the program, written otherwise", actor: " VARDE", want: "program"},
		{name: "who wrote the version before", actor: "ola", want: "own_draft",
			prepare: func(o *office) { o.draft("ola", "rate: 0.5", "rate: 0.4"); o.draft("kari", "rate: 0.4", "rate: 0.3") }},
		{name: "who wrote a version that was approved by another", actor: "ola", prepare: func(o *office) {
			o.draft("ola", "approver: ola", "approver: per")
			if _, err := o.approve("per"); err != nil {
				o.t.Fatal(err)
			}
			o.draft("kari", "approver: per", "approver: ola")
		}},
		{name: "another version", actor: "ola", change: func(v *int, _ *string, _ *bool) { *v = 2 }, want: "changed"},
		{name: "an earlier version", actor: "ola", prepare: func(o *office) { o.draft("kari", "rate: 0.5", "rate: 0.4") }, change: func(v *int, _ *string, _ *bool) { *v = 1 }, want: "changed"},
		{name: "another text", actor: "ola", change: func(_ *int, h *string, _ *bool) { *h = strings.Repeat("0", 64) }, want: "changed"},
		{name: "robots ignored without consent", actor: "ola", prepare: func(o *office) { o.draft("kari", robots, ignoring) },
			change: func(_ *int, _ *string, consent *bool) { *consent = false }, want: "no_consent"},
		{name: "robots ignored with consent", actor: "ola", prepare: func(o *office) { o.draft("kari", robots, ignoring) }},
		{name: "its last moment", actor: "ola", prepare: func(o *office) { o.now = at(o.t, "2027-04-30T21:59:59Z") }},
		{name: "too late", actor: "ola", prepare: func(o *office) { o.now = at(o.t, "2027-04-30T22:00:00Z") }, want: "expired"},
		{name: "before it begins", actor: "ola", prepare: func(o *office) { o.now = at(o.t, "2026-10-01T00:00:00Z") }},
		{name: "twice", actor: "ola", prepare: func(o *office) {
			if _, err := o.approve("ola"); err != nil {
				o.t.Fatal(err)
			}
		}, want: "already_approved"},
		{name: "revoked", actor: "ola", prepare: func(o *office) {
			if _, err := o.Revoke(bg, "per", "example", "no"); err != nil {
				o.t.Fatal(err)
			}
		}, want: "revoked"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			o.draft("kari")
			if tt.prepare != nil {
				tt.prepare(o)
			}
			before := o.rows["example"]
			version, hash, consent := before.Version, before.Hash, true
			if tt.change != nil {
				tt.change(&version, &hash, &consent)
			}
			s, err := o.Approve(bg, tt.actor, "example", version, hash, consent, "")
			if tt.want != "" {
				o.refused(before, err, audit.TargetApproved, strings.ToLower(strings.TrimSpace(tt.actor)), tt.want)
				return
			}
			if err != nil || s.State != target.Approved || s.Approval.Consent != s.Spec.Robots.Ignored() {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

func TestWhatCannotBeDone(t *testing.T) {
	paused := func(o *office) {
		if _, err := o.Pause(bg, "per", "example", ""); err != nil {
			o.t.Fatal(err)
		}
	}
	revoked := func(o *office) {
		if _, err := o.Revoke(bg, "per", "example", "no"); err != nil {
			o.t.Fatal(err)
		}
	}
	edited := func(o *office) { o.draft("kari", "rate: 0.5", "rate: 0.4") }
	late := func(o *office) { o.now = at(o.t, "2027-04-30T22:00:00Z") }
	for _, tt := range []struct {
		name    string
		prepare func(o *office)
		action  audit.Action
		actor   string
		reason  string
		want    string
	}{
		{"activate what is active", nil, audit.TargetActivated, "per", "", "already_active"},
		{"activate what was edited", edited, audit.TargetActivated, "per", "", "not_approved"},
		{"activate what was revoked", revoked, audit.TargetActivated, "per", "", "revoked"},
		{"activate what expired", func(o *office) { paused(o); late(o) }, audit.TargetActivated, "per", "", "expired"},
		{"activate by nobody", paused, audit.TargetActivated, "", "", "no_actor"},
		{"pause what is paused", paused, audit.TargetPaused, "per", "", "not_active"},
		{"pause a draft", edited, audit.TargetPaused, "per", "", "not_active"},
		{"pause by nobody", nil, audit.TargetPaused, " ", "", "no_actor"},
		{"revoke without a reason", nil, audit.TargetRevoked, "per", " \t", "no_reason"},
		{"revoke twice", revoked, audit.TargetRevoked, "per", "again", "revoked"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o, _ := running(t)
			if tt.prepare != nil {
				tt.prepare(o)
			}
			do := map[audit.Action]func(ctx context.Context, actor, id, reason string) (target.Standing, error){audit.TargetActivated: o.Activate, audit.TargetPaused: o.Pause, audit.TargetRevoked: o.Revoke}
			before := o.rows["example"]
			_, err := do[tt.action](bg, tt.actor, "example", tt.reason)
			o.refused(before, err, tt.action, strings.TrimSpace(tt.actor), tt.want)
		})
	}
	o := newOffice(t)
	for name, do := range map[string]func() error{
		"approve":  func() error { _, err := o.Approve(bg, "ola", "none", 1, "", false, ""); return err },
		"activate": func() error { _, err := o.Activate(bg, "ola", "none", ""); return err },
		"pause":    func() error { _, err := o.Pause(bg, "ola", "none", ""); return err },
		"revoke":   func() error { _, err := o.Revoke(bg, "ola", "none", "x"); return err },
		"get":      func() error { _, err := o.Get(bg, "none"); return err },
		"versions": func() error { _, err := o.Versions(bg, "none"); return err },
		"at":       func() error { _, err := o.At(bg, "none", 1); return err },
	} {
		if err := do(); !errors.Is(err, fault.ErrNotFound) || fault.Sentence(err) == "" {
			t.Errorf("%s no target: %v", name, err)
		}
	}
}

func TestTwoAtOnce(t *testing.T) {
	// Two approve at the same moment: one does, the other is told.
	o := newOffice(t)
	o.draft("kari")
	row := o.rows["example"]
	o.between = func() {
		if _, err := o.approve("ola"); err != nil {
			t.Error(err)
		}
	}
	_, err := o.Approve(bg, "ola", "example", row.Version, row.Hash, false, "")
	o.refused(o.rows["example"], err, audit.TargetApproved, "ola", "changed_meanwhile")
	// Somebody edits what another is about to approve.
	o = newOffice(t)
	o.draft("kari")
	row = o.rows["example"]
	o.between = func() { o.draft("per", "rate: 0.5", "rate: 5") }
	_, err = o.Approve(bg, "ola", "example", row.Version, row.Hash, false, "")
	o.refused(o.rows["example"], err, audit.TargetApproved, "ola", "changed_meanwhile")
	if s := o.rows["example"]; s.State != target.Draft || s.Version != 2 {
		t.Errorf("the edited version stands as %+v", s)
	}
	// Stopping wins whatever else happens.
	o, tg := running(t)
	o.between = func() {
		if _, err := o.Pause(bg, "per", "example", ""); err != nil {
			t.Error(err)
		}
	}
	if s, err := o.Revoke(bg, "ola", "example", "court order"); err != nil || s.State != target.Revoked {
		t.Errorf("revoked at the same moment as paused: %+v, %v", s, err)
	}
	if got := o.denied(tg); got != target.IsRevoked {
		t.Errorf("denied for %q", got)
	}
	// Very many at once: exactly one approval.
	o = newOffice(t)
	o.draft("kari")
	row = o.rows["example"]
	var all sync.WaitGroup
	won := make(chan string, 32)
	for range 32 {
		all.Go(func() {
			if s, err := o.Approve(bg, "ola", "example", row.Version, row.Hash, false, ""); err == nil {
				won <- s.Approval.ID
			}
		})
	}
	all.Wait()
	if len(won) != 1 {
		t.Errorf("%d approvals", len(won))
	}
}

func TestPauseAll(t *testing.T) {
	o, tg := running(t)
	o.text = change(t, o.text, "id: example", "id: other")
	o.draft("kari")
	n, err := o.PauseAll(bg, "chief", "the authority asked for it")
	if n != 1 || err != nil {
		t.Errorf("%d paused, %v", n, err)
	}
	if got := o.denied(tg); got != target.IsPaused {
		t.Errorf("denied for %q", got)
	}
	if e := o.last(); e.Action != audit.TargetPaused || e.Actor != "chief" || e.Reason != "the authority asked for it" {
		t.Errorf("noted as %+v", e)
	}
	if n, err := o.PauseAll(bg, "chief", ""); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
}

func TestTriedIsNotedFirst(t *testing.T) {
	o := newOffice(t)
	if err := o.Tried(bg, "Kari", "example", 0, "https://market.example/ad/1"+strings.Repeat("x", 9000)); err != nil {
		t.Fatal(err)
	}
	if e := o.last(); e.Action != audit.TargetTried || e.Actor != "kari" || e.Version != 0 || !strings.HasPrefix(e.Object, "https://market.example/ad/1") || len(e.Object) > 2000 {
		t.Errorf("%+v", e)
	}
	if err := o.Tried(bg, "", "example", 0, "x"); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("by nobody: %v", err)
	}
	o.full = errors.New("disk full")
	if err := o.Tried(bg, "kari", "example", 0, "x"); !errors.Is(err, o.full) {
		t.Errorf("what cannot be noted: %v", err)
	}
}

func TestNothingIsDoneThatCannotBeWritten(t *testing.T) {
	o, tg := running(t)
	row := o.rows["example"]
	o.full = errors.New("disk full")
	_, revoke := o.Revoke(bg, "per", "example", "x")
	_, pause := o.Pause(bg, "per", "example", "x")
	_, draft := o.Draft(bg, "per", "t.yaml", []byte(change(t, o.text, "rate: 0.5", "rate: 0.4")), "")
	_, self := o.Approve(bg, "kari", "example", 1, row.Hash, false, "")
	for name, err := range map[string]error{"revoke": revoke, "pause": pause, "draft": draft, "a refused approval": self} {
		if !errors.Is(err, o.full) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !errors.Is(self, fault.ErrUsage) {
		t.Errorf("a refusal that cannot be noted is no refusal: %v", self)
	}
	if !reflect.DeepEqual(o.rows["example"], row) || o.denied(tg) != "" {
		t.Errorf("half done: %+v", o.rows["example"])
	}
}

func TestOddWordsAreKeptSafely(t *testing.T) {
	o, _ := running(t)
	s, err := o.Revoke(bg, "p\x00er\xff", "example", "  no\x00w\xff "+strings.Repeat("å", 3000))
	if err != nil {
		t.Fatal(err)
	}
	e := o.last()
	if s.State != target.Revoked || e.Actor != "per\ufffd" || !strings.HasPrefix(e.Reason, "now\ufffd å") || len(e.Reason) > 2000 || strings.Contains(e.Reason[10:], "\ufffd") {
		t.Errorf("%q %.40q", e.Actor, e.Reason)
	}
}
