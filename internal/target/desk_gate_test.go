package target_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/target"
)

// denied is the reason for which the example may not be crawled, "" where it may.
func (o *office) denied(t *target.Target) string {
	o.t.Helper()
	err := o.Allow(bg, t, nil)
	if err == nil {
		return ""
	}
	var no *target.Denial
	if !errors.As(err, &no) || no.Target != t.ID {
		o.t.Fatalf("%T: %v", err, err)
	}
	return no.Reason
}

func TestAllow(t *testing.T) {
	o, tg := running(t)
	if got := o.denied(tg); got != "" {
		t.Fatalf("what is active is denied for %q", got)
	}
	for in, want := range map[string]string{"https://market.example/ad/1": "", "https://market.example/robots.txt": "", "https://market.example/ads/private/1": target.Outside, "https://evil.example/ads": target.Outside} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		var no *target.Denial
		if err := o.Allow(bg, tg, u); (err != nil) != (want != "") || err != nil && (!errors.As(err, &no) || no.Reason != want) {
			t.Errorf("%s: %v, want %q", in, err, want)
		}
	}
	for _, tt := range []struct {
		name   string
		change func(o *office, t *target.Target)
		want   string
		until  string
	}{
		{"no target", func(o *office, _ *target.Target) { delete(o.rows, "example") }, target.NoSuchTarget, ""},
		{"a draft", func(o *office, _ *target.Target) { o.draft("kari", "rate: 0.5", "rate: 0.4") }, target.NotApproved, ""},
		{"approved and not active", func(o *office, _ *target.Target) { o.set(func(r *target.Row) { r.State = target.Approved }) }, target.NotApproved, ""},
		{"active without approval", func(o *office, _ *target.Target) { o.set(func(r *target.Row) { r.Approval = nil }) }, target.NotApproved, ""},
		{"approved for another text", func(o *office, _ *target.Target) {
			o.set(func(r *target.Row) { a := *r.Approval; a.Hash = "other"; r.Approval = &a })
		}, target.NotApproved, ""},
		{"a state of a newer program", func(o *office, _ *target.Target) { o.set(func(r *target.Row) { r.State = "suspended" }) }, target.NotApproved, ""},
		{"paused", func(o *office, _ *target.Target) { o.set(func(r *target.Row) { r.State = target.Paused }) }, target.IsPaused, ""},
		{"revoked", func(o *office, _ *target.Target) { o.set(func(r *target.Row) { r.State = target.Revoked }) }, target.IsRevoked, ""},
		{"another version", func(_ *office, t *target.Target) { t.Version++ }, target.Changed, ""},
		{"another text", func(_ *office, t *target.Target) { t.Hash = "other" }, target.Changed, ""},
		{"another authorisation", func(_ *office, t *target.Target) { t.Authorisation = "A-0000000000" }, target.Changed, ""},
		{"its last moment", func(o *office, _ *target.Target) { o.now = at(o.t, "2027-04-30T21:59:59Z") }, "", ""},
		{"ended", func(o *office, _ *target.Target) { o.now = at(o.t, "2027-04-30T22:00:00Z") }, target.IsExpired, ""},
		{"its first moment", func(o *office, _ *target.Target) { o.now = at(o.t, "2026-10-31T23:00:00Z") }, "", ""},
		{"not begun", func(o *office, _ *target.Target) { o.now = at(o.t, "2026-10-31T22:59:59Z") }, target.NotYetValid, "2026-10-31T23:00:00Z"},
		{"the record away", func(o *office, _ *target.Target) { o.away = errors.New("disk gone") }, target.RecordAway, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o, tg := running(t)
			tt.change(o, tg)
			asked := o.asked
			err := o.Allow(bg, tg, nil)
			if o.asked != asked+1 {
				t.Errorf("the record was asked %d times", o.asked-asked)
			}
			var no *target.Denial
			if err != nil && !errors.As(err, &no) {
				t.Fatalf("%T %v", err, err)
			}
			if got := o.denied(tg); got != tt.want {
				t.Fatalf("denied for %q, want %q", got, tt.want)
			}
			if tt.until != "" && !no.Until.Equal(at(t, tt.until)) {
				t.Errorf("until %s", no.Until)
			}
			if o.away != nil && !errors.Is(err, o.away) {
				t.Errorf("the cause is lost: %v", err)
			}
		})
	}
}

// set changes the row behind the desk's back.
func (o *office) set(change func(*target.Row)) {
	row := o.rows["example"]
	change(&row)
	o.rows["example"] = row
}

func TestWindowsAreKept(t *testing.T) {
	o, tg := running(t, "windows: []", `windows: ["Mon-Fri 08:00-16:00"]`)
	if got := o.denied(tg); got != "" {
		t.Fatalf("on Monday at 11: %q", got)
	}
	o.now = at(t, "2026-11-06T15:00:00Z")
	var no *target.Denial
	if err := o.Allow(bg, tg, nil); !errors.As(err, &no) || no.Reason != target.Closed || !no.Until.Equal(at(t, "2026-11-09T07:00:00Z")) {
		t.Errorf("on Friday at 16: %v, %+v", err, no)
	}
	s, err := o.Get(bg, "example")
	if err != nil || s.Why != target.Closed || s.State != target.Active {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestSimulation(t *testing.T) {
	o, tg := running(t)
	simulated := target.NewDesk(o.ledger, target.DeskConfig{Now: func() time.Time { return o.now }, Loopback: true})
	var no *target.Denial
	if err := simulated.Allow(bg, tg, nil); !errors.As(err, &no) || no.Reason != target.Simulation {
		t.Errorf("a real site in a simulation: %v", err)
	}
	if list, err := simulated.Active(bg); len(list) != 0 || err != nil {
		t.Errorf("%d active, %v", len(list), err)
	}
	_, err := simulated.Draft(bg, "kari", "t.yaml", []byte(change(t, o.text, "rate: 0.5", "rate: 0.4")), "")
	o.refused(o.rows["example"], err, audit.TargetDrafted, "kari", "not_simulated")
	if _, err := o.Pause(bg, "kari", "example", ""); err != nil {
		t.Fatal(err)
	}
	_, err = simulated.Activate(bg, "kari", "example", "")
	o.refused(o.rows["example"], err, audit.TargetActivated, "kari", "not_simulated")

	local := change(t, change(t, o.text, "loopback: false", "loopback: true"), "id: example", "id: local")
	s, err := simulated.Draft(bg, "kari", "t.yaml", []byte(local), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Approve(bg, "ola", "local", 1, s.Hash, false, ""); err == nil || !strings.Contains(fault.Sentence(err), "loopback") {
		t.Errorf("a simulated site approved for real: %v", err)
	}
	if _, err := simulated.Approve(bg, "ola", "local", 1, s.Hash, false, ""); err != nil {
		t.Fatal(err)
	}
	s, err = simulated.Activate(bg, "ola", "local", "")
	if err != nil || s.Why != "" {
		t.Fatalf("%+v, %v", s, err)
	}
	if err := o.Allow(bg, s.Spec, nil); !errors.As(err, &no) || no.Reason != target.Simulation {
		t.Errorf("a simulated site for real: %v", err)
	}
}

func TestListAndActive(t *testing.T) {
	o, tg := running(t)
	list, err := o.Active(bg)
	if err != nil || len(list) != 1 || list[0].Hash != tg.Hash || list[0].Authorisation == "" {
		t.Fatalf("%+v, %v", list, err)
	}
	o.now = at(t, "2027-05-01T00:00:00Z")
	if list, err := o.Active(bg); err != nil || len(list) != 0 {
		t.Errorf("after its end %d are active, %v", len(list), err)
	}
	all, err := o.List(bg)
	if err != nil || len(all) != 1 || all[0].State != target.Expired || all[0].Row.State != target.Active || all[0].Why != target.IsExpired {
		t.Errorf("%+v, %v", all, err)
	}
	// A text that was changed behind the desk's back is not crawled, and does not hide the others.
	o.now = at(t, day)
	o.versions["example"][0].Text = change(t, o.versions["example"][0].Text, "rate: 0.5", "rate: 20")
	if _, err := o.At(bg, "example", 1); !errors.Is(err, fault.ErrDamaged) {
		t.Errorf("a changed text: %v", err)
	}
	if list, err := o.Active(bg); err != nil || len(list) != 0 {
		t.Errorf("%d are active, %v", len(list), err)
	}
	if all, err := o.List(bg); err != nil || all[0].Why != target.Unreadable || all[0].Spec == nil || all[0].Spec.ID != "example" {
		t.Errorf("%+v, %v", all, err)
	}
}
