package auth_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"varde/internal/auth"
	"varde/internal/fault"
)

// records is a small real store of accounts and sessions in memory.
type records struct {
	mu       sync.Mutex
	users    map[string]auth.User
	sessions map[string][]byte
	down     error
}

func newRecords() *records {
	return &records{users: map[string]auth.User{}, sessions: map[string][]byte{}}
}

func (r *records) CreateUser(_ context.Context, u auth.User) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.users[u.Name] = u
	return r.down
}

func (r *records) User(_ context.Context, name string) (auth.User, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u, ok := r.users[name]
	if !ok {
		return u, fault.ErrNotFound
	}
	return u, nil
}

func (r *records) Users(context.Context) (all []auth.User, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range r.users {
		all = append(all, u)
	}
	return all, r.down
}

func (r *records) update(name string, change func(*auth.User)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.users[name]
	change(&u)
	r.users[name] = u
	return nil
}

func (r *records) SetPassword(_ context.Context, name, hash string, must bool) error {
	return r.update(name, func(u *auth.User) { u.Hash, u.MustChange = hash, must })
}

func (r *records) SetLang(_ context.Context, name, lang string) error {
	return r.update(name, func(u *auth.User) { u.Lang = lang })
}

func (r *records) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.sessions[token]
	return b, ok, nil
}

func (r *records) CommitCtx(_ context.Context, token string, b []byte, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sessions[token] = b
	return r.down
}

func (r *records) DeleteCtx(_ context.Context, token string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.sessions, token)
	return nil
}

// clock is a time that only the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type world struct {
	*records
	auth  *auth.Auth
	first *auth.FirstAccount
	clock *clock
	log   *bytes.Buffer
	srv   *httptest.Server
}

// start serves the few doors that sign-in needs, as the console does.
func start(t *testing.T) *world {
	t.Helper()
	w := &world{records: newRecords(), clock: &clock{now: time.Date(2026, 10, 4, 12, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}}
	a, err := auth.New(auth.Config{Now: w.clock.Now, Log: slog.New(slog.NewTextHandler(w.log, nil))}, w, w)
	if err != nil {
		t.Fatal(err)
	}
	w.auth = a
	if w.first, err = a.First(t.Context(), true); err != nil || w.first == nil {
		t.Fatalf("first account: %v %v", w.first, err)
	}
	status := func(rw http.ResponseWriter, err error) {
		var locked *auth.LockedError
		var weak *auth.WeakError
		switch {
		case err == nil:
			rw.WriteHeader(http.StatusOK)
		case errors.As(err, &locked):
			rw.WriteHeader(http.StatusTooManyRequests)
		case errors.As(err, &weak):
			rw.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = rw.Write([]byte(weak.Weakness))
		case errors.Is(err, auth.ErrRefused), errors.Is(err, auth.ErrSignedOut):
			rw.WriteHeader(http.StatusForbidden)
		default:
			rw.WriteHeader(http.StatusInternalServerError)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/in", func(rw http.ResponseWriter, r *http.Request) {
		status(rw, a.SignIn(r.Context(), r.FormValue("name"), r.FormValue("password"), "192.0.2.1"))
	})
	mux.HandleFunc("/out", func(rw http.ResponseWriter, r *http.Request) { status(rw, a.SignOut(r.Context())) })
	mux.HandleFunc("/me", func(rw http.ResponseWriter, r *http.Request) {
		u, err := a.User(r.Context())
		status(rw, err)
		_, _ = rw.Write([]byte(u.Name + " " + u.Lang))
	})
	mux.HandleFunc("/change", func(rw http.ResponseWriter, r *http.Request) {
		status(rw, a.ChangePassword(r.Context(), r.FormValue("old"), r.FormValue("new")))
	})
	mux.HandleFunc("/lang", func(rw http.ResponseWriter, r *http.Request) { status(rw, a.SetLang(r.Context(), "en")) })
	w.srv = httptest.NewServer(a.Sessions(mux, func(rw http.ResponseWriter, _ *http.Request, _ error) {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(w.srv.Close)
	return w
}

// person is a browser with its own cookies.
type person struct {
	t      *testing.T
	base   string
	client *http.Client
}

func (w *world) person(t *testing.T) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, base: w.srv.URL, client: &http.Client{Jar: jar}}
}

func (p *person) wants(want int, path string, form ...string) string {
	p.t.Helper()
	values := map[string][]string{}
	for i := 0; i < len(form); i += 2 {
		values[form[i]] = []string{form[i+1]}
	}
	res, err := p.client.PostForm(p.base+path, values)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		p.t.Fatal(err)
	}
	if res.StatusCode != want {
		p.t.Fatalf("%s: status %d, want %d", path, res.StatusCode, want)
	}
	return b.String()
}

func TestFirstAccountIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := start(t)
	u := w.users[w.first.Name]
	if !u.MustChange || !strings.HasPrefix(u.Hash, "$argon2id$v=19$m=65536,t=3,p=4$") || len(w.first.Password) != 23 {
		t.Errorf("account %+v", u)
	}
	again, err := w.auth.First(t.Context(), true)
	if again != nil || err != nil {
		t.Errorf("a second first account: %v %v", again, err)
	}
	if strings.Contains(w.log.String(), w.first.Password) {
		t.Error("the password is in the log")
	}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	w := start(t)
	p := w.person(t)
	p.wants(403, "/me")
	if len(w.sessions) != 0 {
		t.Errorf("%d sessions before anybody signed in", len(w.sessions))
	}
	p.wants(403, "/in", "name", w.first.Name, "password", "wrong")
	p.wants(403, "/in", "name", "nobody", "password", w.first.Password)
	p.wants(200, "/in", "name", " ADMIN ", "password", w.first.Password)
	if got := p.wants(200, "/me"); got != "admin " {
		t.Errorf("user %q", got)
	}
	p.wants(200, "/lang")
	if got := p.wants(200, "/me"); got != "admin en" {
		t.Errorf("user %q", got)
	}
	for token := range w.sessions {
		for _, c := range p.client.Jar.Cookies(mustRequest(t, p.base).URL) {
			if c.Value == token {
				t.Error("the store holds the token itself")
			}
		}
	}
	p.wants(200, "/out")
	p.wants(403, "/me")
	if len(w.sessions) != 0 {
		t.Errorf("%d sessions after signing out", len(w.sessions))
	}
}

func mustRequest(t *testing.T, url string) *http.Request {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestUnknownNameTakesAsLong(t *testing.T) {
	w := start(t)
	p := w.person(t)
	took := func(name string) time.Duration {
		best := time.Hour
		for range 2 {
			begin := time.Now()
			p.wants(403, "/in", "name", name, "password", "wrong")
			best = min(best, time.Since(begin))
		}
		return best
	}
	known, unknown := took(w.first.Name), took("nobody")
	if unknown < known/3 {
		t.Errorf("an unknown name was refused in %s, a known one in %s", unknown, known)
	}
}

func TestLockOut(t *testing.T) {
	t.Parallel()
	w := start(t)
	p := w.person(t)
	for range 5 {
		p.wants(403, "/in", "name", w.first.Name, "password", "wrong")
	}
	p.wants(429, "/in", "name", w.first.Name, "password", w.first.Password)
	p.wants(403, "/in", "name", "somebody-else", "password", "x")
	w.clock.forward(31 * time.Second)
	p.wants(403, "/in", "name", w.first.Name, "password", "wrong")
	w.clock.forward(31 * time.Second)
	p.wants(429, "/in", "name", w.first.Name, "password", w.first.Password)
	w.clock.forward(30 * time.Second)
	p.wants(200, "/in", "name", w.first.Name, "password", w.first.Password)
}

func TestParallelGuessesGetNoMoreTries(t *testing.T) {
	w := start(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	tried := map[bool]int{}
	for range 12 {
		wg.Go(func() {
			err := w.auth.SignIn(t.Context(), w.first.Name, "wrong", "192.0.2.9")
			var locked *auth.LockedError
			mu.Lock()
			defer mu.Unlock()
			tried[errors.As(err, &locked)]++
		})
	}
	wg.Wait()
	if tried[false] != 5 {
		t.Errorf("%d of 12 parallel guesses were checked, want 5", tried[false])
	}
}

// TestHangingUpIsATryToo: an attempt that is broken off does not wipe out those before it.
func TestHangingUpIsATryToo(t *testing.T) {
	w := start(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range 5 {
		ctx := t.Context()
		if i == 3 {
			ctx = gone
		}
		if err := w.auth.SignIn(ctx, w.first.Name, "wrong", "192.0.2.9"); err == nil {
			t.Fatal("a wrong password was taken")
		}
	}
	var locked *auth.LockedError
	if err := w.auth.SignIn(t.Context(), w.first.Name, "wrong", "192.0.2.9"); !errors.As(err, &locked) {
		t.Errorf("after five wrong attempts: %v", err)
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := start(t)
	here, there := w.person(t), w.person(t)
	for _, p := range []*person{here, there} {
		p.wants(200, "/in", "name", w.first.Name, "password", w.first.Password)
	}
	const better = "fjell fjord og vidde"
	here.wants(403, "/change", "old", "wrong", "new", better)
	for replacement, want := range map[string]auth.Weakness{
		"kort": auth.TooShort, w.first.Password: auth.Same, strings.Repeat("ab", 9): auth.TooPlain,
		"admin er best i verden": auth.TooPlain, strings.Repeat("abcdefgh", 40): auth.TooLong,
	} {
		if got := here.wants(422, "/change", "old", w.first.Password, "new", replacement); got != string(want) {
			t.Errorf("%.30q: %s, want %s", replacement, got, want)
		}
	}
	here.wants(200, "/change", "old", w.first.Password, "new", better)
	here.wants(200, "/me")
	there.wants(403, "/me")
	if w.users[w.first.Name].MustChange {
		t.Error("still has to change it")
	}
	there.wants(403, "/in", "name", w.first.Name, "password", w.first.Password)
	there.wants(200, "/in", "name", w.first.Name, "password", better)
	w.person(t).wants(403, "/change", "old", better, "new", "noe helt annet nå")
}

func TestStoreFailureLetsNothingOut(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.mu.Lock()
	w.down = errors.New("disk full")
	w.mu.Unlock()
	p := w.person(t)
	if got := p.wants(503, "/in", "name", w.first.Name, "password", w.first.Password); got != "" {
		t.Errorf("body %q", got)
	}
}
