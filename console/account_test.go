package console_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"varde/console"
	"varde/internal/auth"
	"varde/internal/child"
	"varde/internal/decision"
	"varde/internal/review"
	"varde/internal/testkit"
	"varde/internal/watch"
)

// entry is the first account, as every console of the tests has it, with a session that it signed in to.
type entry struct {
	user     auth.User
	pass     string
	sessions map[string][]byte
	cookies  []*http.Cookie
}

var (
	entryMu  sync.Mutex
	anyEntry *entry
)

// firstAccount makes the first account and signs in to it, once for all tests: to hash a password takes long, as it must. What is proven of
// signing in is proven by those tests that do it themselves.
func firstAccount(t testing.TB) entry {
	t.Helper()
	entryMu.Lock()
	defer entryMu.Unlock()
	if anyEntry != nil {
		return *anyEntry
	}
	r := newRecords()
	log := slog.New(slog.DiscardHandler)
	a, err := auth.New(auth.Config{Log: log}, r, r)
	if err != nil {
		t.Fatal(err)
	}
	first, err := a.First(context.Background(), false)
	if err != nil || first == nil {
		t.Fatalf("first account: %v %v", first, err)
	}
	c, err := console.New(console.Config{Log: log}, console.Deps{Targets: r.desk(), Crawl: r.record(), Children: child.NewDesk(&r.flags, nil), Watch: watch.NewDesk(&r.watch, "NO", nil), Decided: decision.NewDesk(r, "NO", nil), Exports: r, Help: contacts(t), Records: r, Search: &search{records: r}, Auth: a, Catalogue: testkit.Catalogue(t), Reviews: review.NewDesk(r, nil), Scores: scoreVersions{testkit.Catalogue(t)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(c.Handler())
	defer srv.Close()
	p := (&world{url: srv.URL}).person(t)
	if res := p.post("/sign-in", "name", first.Name, "password", first.Password); res.status != http.StatusSeeOther {
		t.Fatalf("sign in: status %d", res.status)
	}
	anyEntry = &entry{user: r.users[first.Name], pass: first.Password, sessions: r.sessions, cookies: p.client.Jar.Cookies(address(t, srv.URL))}
	return *anyEntry
}

func address(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// signedIn returns somebody who has signed in. The first takes over the session that was made once for all tests; another one gets a session of
// its own.
func (w *world) signedIn(t testing.TB) *person {
	t.Helper()
	p := w.person(t)
	w.mu.Lock()
	first := !w.entered
	w.entered = true
	w.mu.Unlock()
	if first {
		e := firstAccount(t)
		for token, b := range e.sessions {
			if err := w.CommitCtx(t.Context(), token, b, day(60)); err != nil {
				t.Fatal(err)
			}
		}
		p.client.Jar.SetCookies(address(t, w.url), e.cookies)
		return p
	}
	if res := p.post("/sign-in", "name", w.name, "password", w.pass); res.status != http.StatusSeeOther {
		t.Fatalf("sign in: status %d", res.status)
	}
	return p
}
