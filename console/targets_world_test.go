package console_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"varde/configs"
	"varde/console"
	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/store"
	"varde/internal/target"
)

// outfit is what of crawling a console is given.
type outfit struct {
	targets    console.Targets
	crawl      console.CrawlRecords
	try        console.Try
	simulation bool
}

// desk and record are those of a console that no test asks about targets, where none was given.
func (o *outfit) desk() console.Targets {
	if o.targets == nil {
		return noTargets{}
	}
	return o.targets
}

func (o *outfit) record() console.CrawlRecords {
	if o.crawl == nil {
		return noTargets{}
	}
	return o.crawl
}

// noTargets is a desk that nobody has handed anything in to.
type noTargets struct {
	console.Targets
	console.CrawlRecords
}

func (noTargets) List(context.Context) ([]target.Standing, error) { return nil, nil }

func (noTargets) Get(context.Context, string) (target.Standing, error) {
	return target.Standing{}, fault.ErrNotFound
}

// targetFile is the example of a target under another id, with pairs of what is replaced and by what.
func targetFile(t testing.TB, id string, pairs ...string) string {
	t.Helper()
	data, err := configs.FS.ReadFile("targets/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "\nid: example ", "\nid: "+id+" ", 1)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the example has no %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// ledger is a desk on the real record, with a clock that tests set.
type ledger struct {
	t     testing.TB
	store *store.Store
	desk  *target.Desk
	now   time.Time
}

// newLedger opens an empty record and gives it to the console.
func (r *records) newLedger(t testing.TB) *ledger {
	t.Helper()
	return r.ledgerOf(t, "empty", func(*ledger) {})
}

// made holds the files of records that several tests begin with: each is filled once and copied, for to fill one takes a second.
var made sync.Map

// ledgerOf opens a copy of the record that fill makes of an empty one, and gives it to the console.
func (r *records) ledgerOf(t testing.TB, name string, fill func(*ledger)) *ledger {
	t.Helper()
	file := filepath.Join(t.TempDir(), "varde.db")
	data, there := made.Load(name)
	if !there {
		l := newRecords().openLedger(t, file)
		fill(l)
		if err := l.store.Close(); err != nil { // puts everything into the one file
			t.Fatal(err)
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		made.Store(name, b)
	} else if err := os.WriteFile(file, data.([]byte), 0o600); err != nil {
		t.Fatal(err)
	}
	l := r.openLedger(t, file)
	t.Cleanup(func() {
		if err := l.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// openLedger opens the record in a file, which its caller closes.
func (r *records) openLedger(t testing.TB, file string) *ledger {
	t.Helper()
	l := &ledger{t: t, now: day(50)}
	var err error
	if l.store, err = store.Open(context.Background(), "sqlite:"+file, store.Options{}); err != nil {
		t.Fatal(err)
	}
	l.desk = target.NewDesk(l.store, target.DeskConfig{Now: func() time.Time { return l.now }, Loopback: r.simulation})
	r.targets, r.crawl = l.desk, l.store
	return l
}

// must ends the test where a step of the desk fails.
func (l *ledger) must(st target.Standing, err error) target.Standing {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
	return st
}

func (l *ledger) draft(text, reason string) target.Standing {
	l.t.Helper()
	return l.must(l.desk.Draft(context.Background(), "kari", "t.yaml", []byte(text), reason))
}

// approve drafts by kari and approves by ola, who is the example's approver.
func (l *ledger) approve(text, reason string) target.Standing {
	l.t.Helper()
	st := l.draft(text, reason)
	return l.must(l.desk.Approve(context.Background(), "ola", st.ID, st.Version, st.Hash, true, "Lest sammen med saken."))
}

func (l *ledger) active(text, reason string) target.Standing {
	l.t.Helper()
	st := l.approve(text, reason)
	return l.must(l.desk.Activate(context.Background(), "kari", st.ID, ""))
}

// withTargets fills the record with targets in every state, and with what came of crawling them.
func (r *records) withTargets(t testing.TB) *ledger {
	t.Helper()
	return r.ledgerOf(t, "targets", (*ledger).putTargets)
}

func (l *ledger) putTargets() {
	t, ctx := l.t, context.Background()
	l.now = day(34)
	named := func(id, name string, more ...string) string {
		return targetFile(t, id, append([]string{"Example market, escort ads", name, "site: market.example", "site: " + id + ".example"}, more...)...)
	}
	l.draft(named("bymarked", "Bymarked, massasje"), "Ny side i saken, se notat 4")
	l.approve(named("senere", "Senere.no, eskorte", "2026-11-01 ", "2026-12-01 "), "")
	l.active(named("nordmarked", "Nordmarked, eskorte"), "Første versjon")
	l.now = day(36)
	l.active(named("nordmarked", "Nordmarked, eskorte", "rate: 0.5", "rate: 1", "2027-04-30", "2026-11-28"), "Raskere, etter avtale")
	l.active(named("vestlysning", "Vestlysning", "policy: obey", "policy: ignore", "# reason: why", "  reason: Nettstedet stenger alle ute; avklart med jurist # why"), "Se bort fra robots.txt")
	l.active(named("nattmarked", "Nattmarked", "windows: []", `windows: ["Mon-Fri 22:00-05:00"]`), "")
	l.active(named("jobbtorget", "Jobbtorget, stillinger", "[sexual_services, massage]", "[job, sexual_services, massage]"), "")
	l.must(l.desk.Pause(ctx, "kari", "jobbtorget", "Nettstedet er nede for vedlikehold"))
	l.active(named("lukket", "Lukket marked"), "")
	l.must(l.desk.Revoke(ctx, "ola", "lukket", "Saken er henlagt"))
	l.active(named("gammel", "Gammelt marked", "2027-04-30", "2026-11-15"), "")
	if _, err := l.desk.Approve(ctx, "kari", "bymarked", 1, l.must(l.desk.Get(ctx, "bymarked")).Hash, false, ""); err == nil {
		t.Fatal("kari approved her own draft")
	}
	l.now = day(50)
	l.crawlNordmarked()
	l.visit("vestlysning", frontier.ListRead, 3, day(40), "https://market.example/ads", "")
	l.visit("vestlysning", frontier.Captcha, 41, day(49), "https://market.example/ad/77", "status 200")
	l.visit("jobbtorget", frontier.AdRead, 1204, day(38), "https://market.example/ad/9", "")
}

// visit records what came of one page, n times over.
func (l *ledger) visit(id string, o frontier.Outcome, n int, at time.Time, example, detail string) {
	l.t.Helper()
	v := frontier.Visit{Page: frontier.Page{Target: id, Kind: frontier.List, Name: example, URL: example, Due: day(50).Add(3 * time.Hour), Every: time.Hour, Visits: 1,
		Found: day(36), Read: at, Outcome: o}, Version: 1, At: at, Counts: []frontier.Count{{Outcome: o, N: n, Example: example, Detail: detail}}}
	if !o.Good() {
		v.Page.Read = time.Time{}
	}
	if err := l.store.Finish(context.Background(), []frontier.Visit{v}); err != nil {
		l.t.Fatal(err)
	}
}

// crawlNordmarked reads 40 ads, of which the latest have no phone, and meets a bit of everything.
func (l *ledger) crawlNordmarked() {
	l.t.Helper()
	var visits []frontier.Visit
	for i := range 40 {
		at := day(37).Add(time.Duration(i) * 6 * time.Hour)
		address := fmt.Sprintf("https://market.example/ad/%d", 100+i)
		visits = append(visits, frontier.Visit{Version: 2, At: at, Page: frontier.Page{Target: "nordmarked", Kind: frontier.Ad, Name: fmt.Sprint(100 + i), URL: address,
			Due: day(50).Add(time.Duration(i-3) * time.Hour), Every: 12 * time.Hour, Visits: 1, Found: at, Read: at, Changed: at, Outcome: frontier.AdRead},
			Counts: []frontier.Count{{Outcome: frontier.AdRead, N: 1, Example: address}, {Outcome: frontier.Hashed, N: 3, Example: address + "/1.jpg"}},
			Fields: map[string]bool{"title": true, "text": true, "phones": i < 29, "location": i%9 > 0, "posted_at": true, "images": i%4 > 0}})
	}
	if err := l.store.Finish(context.Background(), visits); err != nil {
		l.t.Fatal(err)
	}
	last := day(49)
	for o, n := range map[frontier.Outcome]int{frontier.ListRead: 12, frontier.Unchanged: 310, frontier.Gone: 4, frontier.Busy: 2, frontier.TLS: 1, frontier.Outside: 87,
		frontier.Cookies: 1, frontier.RobotsForbid: 6, frontier.NoAd: 5} {
		l.visit("nordmarked", o, n, last, "https://market.example/ads?page="+string(o), map[frontier.Outcome]string{frontier.Busy: "status 429, Retry-After 120 s"}[o])
	}
}

// named makes an account and returns somebody who has signed in to it.
func (w *world) named(t testing.TB, name string) *person {
	t.Helper()
	p := w.person(t)
	if res := p.post("/sign-in", "name", name, "password", w.account(t, name)); res.status != http.StatusSeeOther {
		t.Fatalf("sign in as %s: status %d", name, res.status)
	}
	return p
}

// account makes an account that need not change its password, and returns that: it is everybody's, for to hash one takes long.
func (w *world) account(t testing.TB, name string) string {
	t.Helper()
	first := firstAccount(t)
	first.user.Name = name
	if err := w.CreateUser(t.Context(), first.user); err != nil {
		t.Fatal(err)
	}
	return first.pass
}

// crawledAd is an ad whose every answer is in the evidence.
func crawledAd() ad.Ad {
	a := ringAd(0)
	p := &a.Finding.Sighting.Provenance
	p.Authorisation, p.Reading = "A-0123456789", 3
	p.Captures = []ad.Capture{
		{Record: "<urn:uuid:3c0f1c1e-7a53-4d0e-9b6e-0c6f4a1d2e01>", File: "nordmarked/20261114-140500-1.warc.gz", Offset: 81234, SHA256: strings.Repeat("e1", 32)},
		{Image: 1, Record: "<urn:uuid:3c0f1c1e-7a53-4d0e-9b6e-0c6f4a1d2e02>", File: "nordmarked/20261114-140500-1.warc.gz", Offset: 99120, SHA256: strings.Repeat("e2", 32)},
	}
	return a
}
