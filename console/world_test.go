package console_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"varde/console"
	"varde/index/query"
	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/auth"
	"varde/internal/child"
	"varde/internal/decision"
	"varde/internal/fault"
	"varde/internal/review"
	"varde/internal/testkit"
	"varde/internal/watch"
)

// records is a record in memory: what the console reads, with the meaning that the real one has.
type records struct {
	mu       sync.Mutex
	ads      map[ad.Key]ad.Ad
	versions map[ad.Key][]ad.Finding
	networks map[string]ad.Network
	became   map[string]string
	users    map[string]auth.User
	sessions map[string][]byte
	err      error
	outfit
	flags   childLedger
	watch   watchLedger
	decided []decision.Item
	reviews reviewLedger
	// lineages is what became of networks.
	lineages map[string][]ad.Lineage
	// exported is the log of exports; logBroken is why it cannot be written.
	exported  []audit.Entry
	logBroken error
}

func newRecords() *records {
	return &records{ads: map[ad.Key]ad.Ad{}, versions: map[ad.Key][]ad.Finding{}, networks: map[string]ad.Network{},
		became: map[string]string{}, users: map[string]auth.User{}, sessions: map[string][]byte{}}
}

func (r *records) Ad(_ context.Context, key ad.Key) (ad.Ad, error) {
	a, ok := r.ads[key]
	if !ok {
		return a, errors.Join(fault.ErrNotFound, r.err)
	}
	return a, r.err
}

func (r *records) Versions(_ context.Context, key ad.Key) ([]ad.Finding, error) {
	return r.versions[key], r.err
}

func (r *records) AdsOf(_ context.Context, keys []ad.Key) (all []ad.Ad, err error) {
	for _, k := range keys {
		if a, ok := r.ads[k]; ok {
			all = append(all, a)
		}
	}
	return all, r.err
}

func (r *records) Network(_ context.Context, id string) (ad.Network, error) {
	if to := r.became[id]; to != "" {
		id = to
	}
	n, ok := r.networks[id]
	if !ok {
		return n, fault.ErrNotFound
	}
	return n, r.err
}

func (r *records) Ranked(ctx context.Context, f console.RankFilter) ([]ad.Network, int, error) {
	var all []ad.Network
	for _, n := range r.networks {
		standing, err := r.Standing(ctx)
		if err != nil {
			return nil, 0, err
		}
		if d := standing[n.ID].Decision; f.Open && d.Settles() {
			continue
		}
		if f.MaxAds > 0 && len(n.Ads) > f.MaxAds || n.Score < f.MinScore {
			continue
		}
		if len(n.Ads) >= f.MinAds && (len(f.Bands) == 0 || slices.Contains(f.Bands, n.Band)) {
			all = append(all, n)
		}
	}
	slices.SortFunc(all, func(a, b ad.Network) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(len(b.Ads), len(a.Ads)), b.LastSeen.Compare(a.LastSeen), cmp.Compare(a.ID, b.ID))
	})
	total := len(all)
	from := min(f.Offset, total)
	return all[from:min(from+f.Limit, total)], total, r.err
}

func (r *records) Counts(context.Context) (console.Counts, error) {
	c := console.Counts{Ads: len(r.ads), PerBand: map[ad.Band]int{}}
	for _, a := range r.ads {
		c.Sightings += a.Sightings
	}
	for _, n := range r.networks {
		if len(n.Ads) < 2 {
			c.Singletons++
			continue
		}
		c.Networks++
		c.PerBand[n.Band]++
	}
	return c, r.err
}

func (r *records) LastChange(context.Context) (int64, error) { return 1234, r.err }

func (r *records) CreateUser(_ context.Context, u auth.User) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.users[u.Name] = u
	return nil
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
	return all, nil
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
	return nil
}

func (r *records) DeleteCtx(_ context.Context, token string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.sessions, token)
	return nil
}

// search finds ads and networks by plain containment of each word, phones by their digits.
type search struct {
	*records
	asked query.Request
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func (s *search) Seq() int64 { return 1230 }

func (s *search) Search(_ context.Context, q query.Request) (query.Result, error) {
	s.mu.Lock()
	s.asked = q
	s.mu.Unlock()
	res := query.Result{Query: strings.ToLower(q.Text)}
	sites := map[string]int{}
	for _, key := range slices.Sorted(func(yield func(ad.Key) bool) {
		for k := range s.ads {
			if !yield(k) {
				return
			}
		}
	}) {
		a := s.ads[key]
		text := a.Finding.Sighting.Text
		at := strings.Index(strings.ToLower(text), strings.ToLower(q.Text))
		phone := len(digits(q.Text)) >= 4 && strings.Contains(digits(fmt.Sprint(a.Identifiers)), strings.TrimPrefix(digits(q.Text), "00"))
		want := q.Filters["site"]
		if at < 0 && !phone || len(want) > 0 && !slices.Contains(want, key.Site()) {
			continue
		}
		sites[key.Site()]++
		id, kind := string(key), "ad"
		if q.Kind == "network" {
			id, kind = a.Network, "network"
		}
		hit := query.Hit{Kind: kind, ID: id}
		if at >= 0 {
			end := at + len(q.Text)
			hit.Fragments = []query.Fragment{{Field: "text", Parts: []query.Part{{Text: text[max(0, at-20):at]}, {Text: text[at:end], Match: true}, {Text: text[end:min(len(text), end+60)]}}}}
		}
		res.Hits = append(res.Hits, hit)
	}
	res.Total = len(res.Hits)
	facet := query.Facet{Name: "site"}
	for site, n := range sites {
		facet.Values = append(facet.Values, query.FacetValue{Value: site, Count: n})
	}
	slices.SortFunc(facet.Values, func(a, b query.FacetValue) int { return cmp.Compare(a.Value, b.Value) })
	res.Facets = []query.Facet{facet}
	from := min(q.From, res.Total)
	res.Hits = res.Hits[from:min(from+q.Size, res.Total)]
	return res, s.err
}

// aside holds what was set aside.
type aside []console.Aside

func (a aside) DeadCount(context.Context) (int, error) { return len(a), nil }

func (a aside) Dead(context.Context) iter.Seq2[console.Aside, error] {
	return func(yield func(console.Aside, error) bool) {
		for _, d := range a {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// world is a console on a loopback port.
type world struct {
	*records
	search  *search
	console *console.Server
	auth    *auth.Auth
	url     string
	pass    string
	name    string
	log     *testkit.Output
	// entered says that somebody took over the session that was made once.
	entered bool
}

// open serves a record.
func open(t testing.TB, r *records, dead console.SetAside, notices ...fault.Notice) *world {
	t.Helper()
	w := build(t, r, dead, notices...)
	srv := httptest.NewServer(w.console.Handler())
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

// build makes a console that nobody serves yet.
func build(t testing.TB, r *records, dead console.SetAside, notices ...fault.Notice) *world {
	t.Helper()
	w := &world{records: r, search: &search{records: r}, log: &testkit.Output{}}
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a, err := auth.New(auth.Config{Log: log}, r, r)
	if err != nil {
		t.Fatal(err)
	}
	first := firstAccount(t)
	if err := r.CreateUser(t.Context(), first.user); err != nil {
		t.Fatal(err)
	}
	w.name, w.pass, w.auth = first.user.Name, first.pass, a
	w.console, err = console.New(console.Config{Log: log, Now: func() time.Time { return day(50) }, Simulation: r.simulation},
		console.Deps{Targets: r.desk(), Crawl: r.record(), Children: child.NewDesk(&r.flags, func() time.Time { return day(50) }), Watch: watch.NewDesk(&r.watch, "NO", func() time.Time { return day(50) }), Decided: decision.NewDesk(r, "NO", func() time.Time { return day(50) }), Exports: r, Help: contacts(t), Try: r.try, Records: r, Search: w.search, Auth: a, Catalogue: testkit.Catalogue(t), Reviews: review.NewDesk(r, func() time.Time { return day(50) }), Scores: scoreVersions{testkit.Catalogue(t)}, SetAside: dead, Notices: func() []fault.Notice { return notices }})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// person is somebody with a browser's cookies and no JavaScript.
type person struct {
	t      testing.TB
	w      *world
	client *http.Client
}

func (w *world) person(t testing.TB) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, w: w, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

func (p *person) do(method, path string, body io.Reader, header ...string) answer {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.w.url+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer{p.t, res.StatusCode, res.Header, string(b)}
}

func (p *person) get(path string) answer { p.t.Helper(); return p.do(http.MethodGet, path, nil) }

// page fetches a page that must be there.
func (p *person) page(path string) *testkit.Page {
	p.t.Helper()
	res := p.get(path)
	if res.status != http.StatusOK {
		p.t.Fatalf("%s: status %d, to %q: %.600s\n%s", path, res.status, res.header.Get("Location"), res.body, p.w.log)
	}
	return res.page()
}

func (a answer) page() *testkit.Page {
	a.t.Helper()
	return testkit.ReadPage(a.t, strings.NewReader(a.body))
}

func (p *person) post(path string, form ...string) answer {
	p.t.Helper()
	v := url.Values{}
	for i := 0; i < len(form); i += 2 {
		v.Add(form[i], form[i+1])
	}
	return p.do(http.MethodPost, path, strings.NewReader(v.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

var (
	sharedOnce   sync.Once
	sharedWorld  *world
	sharedClient *http.Client
)

// shared is a filled console that several tests read and none changes.
func shared(t *testing.T) *world {
	t.Helper()
	sharedOnce.Do(func() {
		sharedWorld = build(t, fill(), nil)
		sharedWorld.url = httptest.NewServer(sharedWorld.console.Handler()).URL // lives as long as the test binary
		sharedClient = sharedWorld.signedIn(t).client
	})
	return sharedWorld
}

// reader is somebody who has signed in to the shared console and reads.
func reader(t *testing.T) *person {
	t.Helper()
	return &person{t: t, w: shared(t), client: sharedClient}
}
