package console_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"varde/console"
	"varde/internal/frontier"
	"varde/internal/target"
	"varde/internal/testkit"
)

// tryNothing answers as a page of an ad would, without fetching it.
func tryNothing(_ context.Context, t *target.Target, address string, body []byte) (console.Trial, error) {
	text := "Mia, 22 år\nHei, jeg er Mia, ny i byen. Ring 412 34 567."
	if body != nil {
		text = string(body)
	}
	return console.Trial{URL: address, Status: 200, ContentType: "text/html; charset=utf-8", Bytes: 48211, SHA256: strings.Repeat("a7", 32), Outcome: frontier.AdRead,
		Ad: true, Shape: "css", Text: text, Problems: []string{"price: “etter avtale” is no amount"}, Fields: []console.TrialField{
			{Name: "title", Values: []string{"Mia, 22 år"}, From: "h1"},
			{Name: "text", Values: []string{text}, From: ".description"},
			{Name: "phones", From: "a[href^='tel:']"},
			{Name: "contacts", From: ".telegram", Optional: true},
			{Name: "location", Values: []string{"Bergen"}, From: ".city"},
			{Name: "price", Values: []string{"etter avtale", "800 kr"}, From: ".price", Optional: true, Problem: "“etter avtale” is no amount"},
			{Name: "images", Values: []string{"/img/1.jpg", "/img/2.jpg"}, From: ".gallery img"},
		}}, nil
}

// targetPages are the pages on targets, by name.
var targetPages = map[string]string{"targets": "/targets", "target": "/targets/nordmarked", "target-draft": "/targets/bymarked", "target-blocked": "/targets/vestlysning",
	"target-new": "/targets/new", "target-edit": "/targets/nordmarked/edit", "target-version": "/targets/nordmarked/versions/2", "target-approve": "/targets/bymarked/approve",
	"target-try": "/targets/nordmarked/try", "pause": "/pause", "system-targets": "/system"}

// look checks the page that is shown: that nothing is cut off at the widths people have, and that no rule of accessibility is broken at any of
// them. With VARDE_SHOTS it also takes pictures.
func look(t *testing.T, b *testkit.Browser, name string) {
	t.Helper()
	fits(t, b, name, func() { t.Helper(); accessible(t, b, name) })
}

// fits checks that nothing is cut off at the widths people have, and calls each at every one. It leaves the window wide.
func fits(t *testing.T, b *testkit.Browser, name string, each func()) {
	t.Helper()
	for _, size := range [][2]int64{{390, 844}, {1440, 900}} {
		b.Size(size[0], size[1])
		if over := testkit.Eval[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
			t.Errorf("%s is %d pixels wider than a window of %d", name, over, size[0])
		}
		if dir := os.Getenv("VARDE_SHOTS"); dir != "" {
			shoot(b, dir, name, size[0])
		}
		each()
	}
}

// TestTargetPagesAreWhole opens every page on targets in both languages.
func TestTargetPagesAreWhole(t *testing.T) {
	t.Parallel()
	r := fill()
	r.try = tryNothing
	l := r.withTargets(t)
	a := crawledAd()
	c := &a.Finding.Sighting.Provenance.Captures // of a page alone, in a file with a long name: the first column is squeezed
	*c = (*c)[:1]
	(*c)[0].File = "nordmarked/varde-" + strings.Repeat("20261114140500-", 8) + "1.warc.gz"
	r.ads[a.Key] = a
	l.draft(targetFile(t, "gammel", "policy: obey", "policy: ignore", "# reason: why", "  reason: Nettstedet stenger alle ute; avklart med jurist # why", "rate: 0.5", "rate: 0.2"), "Fornyet for vinteren")
	w := open(t, r, nil)
	b := testkit.Open(t)
	withAxe(t, b)
	w.name, w.pass = "ola", w.account(t, "ola")
	comeIn(b, w)
	for name, path := range targetPages {
		b.Goto(w.url + path)
		look(t, b, name)
	}
	b.Goto(w.url + "/ad?key=nordmarked.example%2F84312")
	b.Wait(".captures")
	look(t, b, "ad-evidence")
	if n := testkit.Eval[int](b, "[...document.querySelectorAll('.captures tbody th')].filter(th => { const r = document.createRange(); r.selectNodeContents(th); return r.getClientRects().length > 1 }).length"); n != 0 {
		t.Errorf("%d answers of the evidence have names that are broken over lines", n)
	}
	if err := w.SetLang(t.Context(), "ola", "en"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"targets", "target", "target-approve", "target-try", "pause"} {
		b.Goto(w.url + targetPages[name])
		b.Wait("html[lang=en]")
		fits(t, b, name+"-en", func() {})
		accessible(t, b, name+"-en") // once: the Norwegian pages are built the same
	}
	quiet(t, b, w)
}

func TestEmptyAndSimulated(t *testing.T) {
	t.Parallel()
	r := newRecords()
	r.simulation = true
	r.newLedger(t)
	w := open(t, r, nil)
	b := testkit.Open(t)
	withAxe(t, b)
	b.Goto(w.url + "/sign-in")
	look(t, b, "simulated-sign-in")
	comeIn(b, w)
	b.Press("g")
	b.Press("t")
	b.WaitText("h1", "Mål")
	look(t, b, "targets-empty")
	quiet(t, b, w)
}

// as signs in as somebody else.
func as(b *testkit.Browser, w *world, name, pass string) {
	b.Goto(w.url + "/queue")
	b.Click("details.account > summary")
	b.Click("form[action='/sign-out'] button")
	b.Wait("#name")
	b.Type("#name", name)
	b.Type("#password", pass)
	b.Press("\r")
	b.Wait("nav.menu")
	b.Wait("[data-keys]:not([hidden])")
}

// shows waits for a page that has come wholly.
func shows(b *testkit.Browser, selector, text string) {
	b.WaitText(selector, text)
	b.Wait(settled)
}

// write replaces what the field holds: a file is too long to be typed key by key.
func write(b *testkit.Browser, selector, text string) {
	testkit.Eval[bool](b, fmt.Sprintf("(document.querySelector(%q).value = %q, true)", selector, text))
}

// TestATargetsLifeInABrowser follows one target from its first draft to its end, through everybody who has a hand in it.
func TestATargetsLifeInABrowser(t *testing.T) {
	t.Parallel()
	r := fill()
	r.try = tryNothing
	l := r.newLedger(t)
	w := open(t, r, nil)
	kari, ola := w.account(t, "kari"), w.account(t, "ola")
	b := testkit.Open(t)
	withAxe(t, b)
	w.name, w.pass = "kari", kari
	comeIn(b, w)
	file := targetFile(t, "bymarked", "policy: obey", "policy: ignore", "# reason: why", "  reason: Nettstedet stenger alle ute; avklart med jurist # why", "approver: ola ", "approver: kari ")
	one := life{b, w, l, file}
	one.draft(t)
	one.tryAndCorrect(t)
	as(b, w, "ola", ola)
	one.approve(t)
	one.end(t)
	quiet(t, b, w)
}

// life is one target, in one browser.
type life struct {
	b    *testkit.Browser
	w    *world
	l    *ledger
	file string
}

// draft writes a draft with a mistake, which is shown at its line, and then one without.
func (f life) draft(t *testing.T) {
	b := f.b
	b.Goto(f.w.url + "/targets")
	b.Click("a[href='/targets/new']")
	shows(b, "h1", "Nytt mål")
	write(b, "#text", strings.Replace(strings.Replace(f.file, "rate: 0.5", "rate: 500", 1), "pictures: hash", "pictures: hush", 1))
	b.Type("#reason", "Sak 2026/1234")
	b.Click("button[value=save]")
	shows(b, "#problems", "2 ting må rettes.")
	look(t, b, "target-edit-wrong")
	b.Click("#problems li:first-child a")
	if got := testkit.Eval[string](b, "(e => e.value.slice(e.selectionStart, e.selectionEnd))(document.querySelector('#text'))"); !strings.HasPrefix(got, "rate: 500") {
		t.Errorf("the first mistake leads to %q", got)
	}
	write(b, "#text", f.file)
	b.Click("button[value=check]")
	shows(b, ".notice", "Ingen feil funnet")
	b.Click("button[value=save]")
	shows(b, ".notice", "Lagret som utkast")
	b.WaitURL("/targets/bymarked?done=draft")
}

// tryAndCorrect: who drafted it is refused, also by a form that was made by hand; it is tried, corrected, and the difference shown.
func (f life) tryAndCorrect(t *testing.T) {
	b := f.b
	shows(b, ".next", "Du er nevnt som godkjenner, men har selv skrevet versjon 1.")
	const byHand = `fetch("/targets/bymarked/approve", {method: "POST", body: new URLSearchParams({version: "1", hash: %q, read: "on", consent: "on"})}).then(r => r.status)`
	if status := testkit.Eval[int](b, fmt.Sprintf(byHand, must(f.l.desk.Get(t.Context(), "bymarked")).Hash)); status != 403 {
		t.Errorf("approved by who drafted it: status %d", status)
	}
	b.Forget()

	b.Click(".acts a[href$='/try']")
	shows(b, "h1", "Prøv")
	b.Click(".trial .does button")
	shows(b, ".result", "Mangler: Telefon.")
	look(t, b, "target-try-result")
	b.Click(".back")
	b.Click(".acts a[href$='/edit']")
	shows(b, "h1", "Rediger")
	write(b, "#text", strings.Replace(f.file, "approver: kari ", "approver: ola ", 1))
	b.Click("button[value=save]")
	shows(b, ".lead", "ola må godkjenne versjon 2")
	b.Click(".target-versions a[href$='/versions/2']")
	shows(b, ".diff", "approver: ola")
}

// approve: the second person reads and approves, with consent.
func (f life) approve(t *testing.T) {
	b := f.b
	b.Goto(f.w.url + "/targets/bymarked")
	b.Click(".acts a[href$='/approve']")
	shows(b, ".decide", "avklart med jurist")
	look(t, b, "target-approve-consent")
	b.Click("#read")
	b.Click(".decide .does button")
	if at := testkit.Eval[string](b, "document.activeElement.id"); at != "consent" {
		t.Errorf("without consent the form leads to %q", at)
	}
	b.Click("#consent")
	b.Click(".decide .does button")
	shows(b, ".notice", "Godkjent. Ingenting hentes før noen starter.")
}

// end starts the target, pauses it, and revokes it.
func (f life) end(t *testing.T) {
	b := f.b
	b.Click(".acts details:first-of-type > summary")
	look(t, b, "target-act-open")
	b.Click(".acts details[open] form button")
	shows(b, ".lead", "Hentes nå, til og med 30. apr. 2027.")
	b.Wait(".state[data-state=active]")
	if err := f.l.desk.Allow(t.Context(), must(f.l.desk.At(t.Context(), "bymarked", 2)), nil); err != nil {
		t.Errorf("started, and yet: %v", err)
	}
	b.Click(".acts details:first-of-type > summary")
	b.Type("#reason-pause", "Nettstedet er nede")
	b.Press("\r")
	shows(b, ".lead", "På pause.")
	b.Click(".acts details:last-of-type > summary")
	b.Click(".acts details[open] form button") // the browser asks for the reason
	b.Type("#reason-revoke", "Saken er henlagt")
	b.Press("\r")
	shows(b, ".lead", "Trukket tilbake for godt.")
	shows(b, ".history", "kari fikk nei til å godkjenne versjon 1")
	shows(b, ".history", "ola trakk versjon 2 tilbake.")
	look(t, b, "target-revoked")
	if err := f.l.desk.Allow(t.Context(), must(f.l.desk.At(t.Context(), "bymarked", 2)), nil); err == nil {
		t.Error("a revoked target may be crawled")
	}
}
