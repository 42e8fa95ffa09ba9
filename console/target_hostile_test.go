package console_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"varde/console"
	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/target"
	"varde/internal/testkit"
)

// hostileDesk has one target, in which every word is hostile: as somebody with an account could write it, or a site could answer.
type hostileDesk struct {
	console.Targets
	spec *target.Target
	all  string
	st   target.State
}

func newHostileDesk(t testing.TB, state target.State) *hostileDesk {
	t.Helper()
	all := strings.Join(hostile, " ")
	spec, err := target.Parse("t.yaml", []byte(targetFile(t, "evil", "policy: obey", "policy: ignore", "# reason: why", "  reason: x # why", "windows: []", `windows: ["Mon-Fri 08:00-16:00"]`)))
	if err != nil {
		t.Fatal(err)
	}
	many := []string{all, strings.Repeat("A", 200_000)}
	for range 300 {
		many = append(many, "x"+all)
	}
	spec.Name, spec.Site, spec.Country, spec.UserAgent, spec.Contact, spec.Pictures, spec.Timezone = all, all, all, all, all, all, all
	spec.Authority = target.Authority{Purpose: all, Necessity: many[1], LegalBasis: all, Reference: all, Unit: all, Approver: all, ValidFrom: all, ValidTo: all, Terms: all}
	spec.Hosts, spec.Start, spec.Allow, spec.Deny, spec.Windows, spec.Categories = many, many, many, many, many, []ad.Category{ad.Category(all)}
	spec.Robots, spec.Token = target.Robots{Policy: "ignore", Reason: all}, target.Token{Header: all, File: all, Prefix: all}
	return &hostileDesk{spec: spec, all: all, st: state}
}

func (d *hostileDesk) standing() target.Standing {
	a := &target.Approval{ID: d.all, Version: 1, Hash: d.all, By: d.all, At: day(1), Consent: true, Note: d.all}
	return target.Standing{Row: target.Row{ID: "evil", Version: 2, Hash: d.all, Author: d.all, Approval: a}, State: d.st, Spec: d.spec, Why: d.all}
}

func (d *hostileDesk) List(context.Context) ([]target.Standing, error) {
	return []target.Standing{d.standing()}, nil
}

func (d *hostileDesk) Get(context.Context, string) (target.Standing, error) { return d.standing(), nil }

func (d *hostileDesk) At(context.Context, string, int) (*target.Target, error) { return d.spec, nil }

func (d *hostileDesk) Versions(context.Context, string) ([]target.Version, error) {
	one := target.Version{Target: "evil", Number: 1, Text: d.all + "\n", Hash: d.all, Author: d.all, Reason: d.all, At: day(1), Approval: d.standing().Approval}
	two := one
	two.Number, two.Text, two.Approval = 2, strings.Join(hostile, "\n")+"\n"+strings.Repeat("A", 200_000), nil
	return []target.Version{two, one}, nil
}

func (d *hostileDesk) History(context.Context, string) (list []audit.Entry, err error) {
	for _, a := range append([]audit.Action{audit.Action(d.all)}, audit.Actions...) {
		list = append(list, audit.Entry{At: day(1), Actor: d.all, Action: a, Subject: d.all, Version: 1, Reason: d.all, Purpose: d.all, Object: d.all})
	}
	return list, nil
}

func (d *hostileDesk) refuse() (target.Standing, error) {
	return target.Standing{}, fault.Tell(d.all, &target.Refusal{Action: audit.Action(d.all), Reason: d.all, Target: d.all})
}

func (d *hostileDesk) Draft(context.Context, string, string, []byte, string) (target.Standing, error) {
	return d.refuse()
}

func (d *hostileDesk) Approve(context.Context, string, string, int, string, bool, string) (target.Standing, error) {
	return d.refuse()
}

func (d *hostileDesk) Pause(context.Context, string, string, string) (target.Standing, error) {
	return d.refuse()
}

func (d *hostileDesk) Tried(context.Context, string, string, int, string) error { return nil }

func (d *hostileDesk) FrontierSize(context.Context, string, time.Time) (frontier.Size, error) {
	return frontier.Size{Lists: 1 << 40, Ads: -1, NextDue: day(60), LastRead: day(2)}, nil
}

func (d *hostileDesk) Tallies(context.Context, string) (list []frontier.Tally, err error) {
	for _, o := range append([]frontier.Outcome{frontier.Outcome(d.all)}, frontier.Outcomes...) {
		list = append(list, frontier.Tally{Count: frontier.Count{Outcome: o, N: 3, Example: d.all, Detail: d.all}, First: day(1), Last: day(49)})
	}
	return list, nil
}

func (d *hostileDesk) Coverages(context.Context, string, int) ([]frontier.Coverage, error) {
	c := frontier.Coverage{Field: d.all, Version: 2, Pages: 40, Had: 20, Recent: "000000000000", Missing: d.all, Last: day(2)}
	c2 := c
	c2.Field, c2.Missing = "title", "javascript:window.hit=1"
	return []frontier.Coverage{c, c2}, nil
}

// tryHostile answers with everything a site could say.
func (d *hostileDesk) tryHostile(context.Context, *target.Target, string, []byte) (console.Trial, error) {
	many := []string{"javascript:window.hit=1"}
	for range 300 {
		many = append(many, "https://evil.example/"+d.all)
	}
	f := console.TrialField{Name: d.all, Values: many, From: d.all, Problem: d.all}
	return console.Trial{URL: d.all, Status: 200, ContentType: d.all, SHA256: d.all, Outcome: frontier.Outcome(d.all), Detail: d.all, Ad: true, Shape: d.all, FellBack: true, Gone: true,
		Fields: []console.TrialField{f, {Name: "title", From: d.all}}, Ads: many, Next: many, Problems: many[:3], Text: d.all + strings.Repeat("A", 200_000)}, nil
}

func hostileTargets(t testing.TB, state target.State) (*world, *hostileDesk) {
	t.Helper()
	d := newHostileDesk(t, state)
	r, _, _ := hostileRecord()
	r.targets, r.crawl, r.try = d, d, d.tryHostile
	return open(t, r, nil), d
}

// TestHostileTargetsAreOnlyShown: whatever a target's file, a site's answer or a form says turns up as text and as nothing else.
func TestHostileTargetsAreOnlyShown(t *testing.T) {
	for _, state := range []target.State{target.Draft, target.Active, target.State("<b>")} {
		w, d := hostileTargets(t, state)
		p := w.signedIn(t)
		if state == target.State("<b>") { // a state that only a newer program knows
			p.page("/targets").Has(".targets", "<b>")
			continue
		}
		for _, path := range []string{"/targets", "/targets/evil", "/targets/evil/edit", "/targets/evil/approve", "/targets/evil/versions/2", "/targets/evil/versions/1",
			"/targets/evil/try?address=" + url.QueryEscape(d.all), "/pause", "/system", "/targets/" + url.PathEscape(d.all)} {
			onlyShown(t, path, p.get(path))
		}
		for _, form := range []struct {
			path   string
			fields []string
		}{
			{"/targets/new", []string{"text", d.all, "reason", d.all, "do", "save"}},
			{"/targets/evil/edit", []string{"text", d.all, "reason", d.all, "do", "check"}},
			{"/targets/evil/edit", []string{"base", "2", "text", targetFile(t, "evil"), "reason", d.all, "do", "save"}},
			{"/targets/evil/approve", []string{"version", "2", "hash", d.all, "note", d.all, "read", "on", "consent", "on"}},
			{"/targets/evil", []string{"do", "pause", "reason", d.all}},
			{"/targets/evil", []string{"do", "revoke", "reason", ""}},
			{"/targets/evil/try", []string{"version", "2", "address", d.all}},
			{"/targets/evil/try", []string{"version", "2", "address", d.all, "page", d.all}},
		} {
			res := p.post(form.path, form.fields...)
			if res.status == 500 {
				t.Errorf("%s: status 500\n%s", form.path, w.log)
			}
			onlyShown(t, "POST "+form.path, res)
		}
	}
}

// onlyShown fails the test where hostile words have become more than text.
func onlyShown(t *testing.T, where string, res answer) {
	t.Helper()
	if res.status == 500 {
		t.Errorf("%.60s: status 500: %.200s", where, res.body)
	}
	page := res.page()
	for _, bad := range []string{"main script", "main style", "main img", "main iframe", "main meta", "base", "main link", "[onerror], [onload], [onclick]", "[style]", "main [hx-get], main [hx-on\\:click]", "a[href^=javascript]"} {
		if n := page.Count(bad); n != 0 {
			t.Errorf("%.60s: %d of %s", where, n, bad)
		}
	}
	for _, href := range append(page.Attrs("a, link", "href"), page.Attrs("form", "action")...) {
		if u, err := url.Parse(href); err != nil || u.Scheme != "" || u.Host != "" {
			t.Errorf("%.60s: a link leads to %.80q", where, href)
		}
	}
	for _, c := range []string{"\u202e", "\u2066", "\u2067", "\u200b", "\u200d", "\ufeff", "\u00ad", "\x00", "\x1b"} {
		if strings.Contains(res.body, c) {
			t.Errorf("%.60s: %q goes out unmarked", where, c)
		}
	}
	if len(res.body) > 3<<20 {
		t.Errorf("%.60s: the page has %d bytes", where, len(res.body))
	}
}

func TestHostileTargetsInABrowser(t *testing.T) {
	t.Parallel()
	w, _ := hostileTargets(t, target.Active)
	b := testkit.Open(t)
	comeIn(b, w)
	check := func(where string) {
		t.Helper()
		if testkit.Eval[bool](b, "'hit' in window") {
			t.Errorf("%s: a target ran a script", where)
		}
		for _, width := range []int64{390, 1440} {
			b.Size(width, 900)
			if over := testkit.Eval[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s: %d pixels wider than a window of %d", where, over, width)
			}
		}
	}
	for _, path := range []string{"/targets", "/targets/evil", "/targets/evil/edit", "/targets/evil/approve", "/targets/evil/versions/2", "/pause", "/system"} {
		b.Goto(w.url + path)
		check(path)
	}
	b.Goto(w.url + "/targets/evil/try")
	b.Click("form.trial button")
	b.Wait(".result")
	check("a trial")
	quiet(t, b, w)
}
