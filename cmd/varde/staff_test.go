package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"varde/internal/store"
)

// people are ola, who drafts, and kari, who approves, with accounts of their own in a data folder of their own.
type people struct {
	t      testing.TB
	data   string
	config string
	words  map[string]string // file of each one's password
}

var passwordOf = map[string]string{"ola": "fjell fjord og vidde", "kari": "skog og mark og hav"}

// hashOf are hashes of these passwords that cost a thousandth of real ones, which the race detector makes ten times as slow; a hash says
// itself what it costs. That accounts made by the program cost what they should is tested in internal/auth.
var hashOf = map[string]string{
	"ola":  "$argon2id$v=19$m=64,t=1,p=1$bnhXxBeUOzOS32WbBTTHjQ$wfX9TqiHOw5wvSDiTVYvzMc6478k+Tc5KE/tuCsHshQ",
	"kari": "$argon2id$v=19$m=64,t=1,p=1$t1huENP7g37DDZ06DqxYWA$wppq89qLTuWuA9tIhemOk8qZBUZqeHs14Lg+AwvH9RU",
}

// staffed is a record with two accounts, made once.
var staffed = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "varde-people-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	s, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "varde.db"), store.Options{})
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"ola", "kari"} {
		if err := s.CreateUser(ctx, store.User{Name: name, Hash: hashOf[name], Role: "admin", Created: time.Now().UTC()}); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	names, err := filepath.Glob(filepath.Join(dir, "varde.db*"))
	for _, name := range names {
		if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	return files, err
})

// staff gives a test two people on simulated sites.
func staff(t testing.TB) *people {
	t.Helper()
	files, err := staffed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := &people{t: t, data: filepath.Join(dir, "data"), config: filepath.Join(dir, "varde.yaml"), words: map[string]string{}}
	if err := os.Mkdir(p.data, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		p.file(filepath.Join(p.data, name), string(data))
	}
	p.file(p.config, "crawl: {loopback: true}\n")
	for _, name := range []string{"ola", "kari"} {
		p.words[name] = filepath.Join(dir, name+".txt")
		p.file(p.words[name], passwordOf[name]+"\n")
	}
	return p
}

func (p *people) file(path, text string) string {
	p.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// draft writes a file that is not in the data folder.
func (p *people) draft(name, text string) string {
	return p.file(filepath.Join(filepath.Dir(p.data), name), text)
}

// varde runs a command on the people's data. Who is "" names nobody.
func (p *people) varde(who string, args ...string) (stdout, stderr string, code int) {
	p.t.Helper()
	args = append(args, "--data", p.data, "--config", p.config)
	if who != "" {
		args = append(args, "--as", who, "--password-file", p.words[who])
	}
	return varde(p.t, args...)
}

func (p *people) must(who string, args ...string) string {
	p.t.Helper()
	out, errs, code := p.varde(who, args...)
	if code != 0 {
		p.t.Fatalf("varde %s: exit status %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// refused runs a command that must fail with a status and a message.
func (p *people) refused(code int, message, who string, args ...string) {
	p.t.Helper()
	out, errs, got := p.varde(who, args...)
	if got != code || !strings.Contains(errs, message) {
		p.t.Errorf("varde %s: exit status %d, want %d and %q\n%s%s", strings.Join(args, " "), got, code, message, out, errs)
	}
}

// standing is where a target stands, as programs are told.
func (p *people) standing(id string) (l standingLine) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(p.must("", "target", "show", id, "--json")), &l); err != nil {
		p.t.Fatal(err)
	}
	return l
}

// active brings a target's text through all steps.
func (p *people) active(id, text string) {
	p.t.Helper()
	p.must("ola", "target", "add", p.draft(id+".yaml", text))
	p.must("kari", "target", "approve", id, "--version", fmt.Sprint(p.standing(id).Version), "--yes")
	p.must("ola", "target", "activate", id)
}

// market is a site on loopback that remembers what it was asked.
type market struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	// tokens are the values of X-Token that came.
	tokens []string
	pages  map[string]string
}

const adPage = `<html><head><title>Market</title></head><body><h1>Servitør søkes</h1><div class="text">Vi søker servitør til restaurant.</div>
<a href="tel:+4741234567">Ring</a><span class="city">Oslo</span></body></html>`

// open serves the pages by their paths; what begins with / and a status in front is answered so, with its Location.
func open(t testing.TB, pages map[string]string) *market {
	t.Helper()
	m := &market{pages: map[string]string{"/ads": `<a class="ad" href="/ad/7">7</a> <a class="ad" href="/ad/8">8</a> <a rel="next" href="/ads?page=2">next</a>`,
		"/ad/7": adPage, "/ad/8": strings.ReplaceAll(adPage, "Servitør", "Kokk")}}
	maps.Copy(m.pages, pages)
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.asked = append(m.asked, r.URL.RequestURI())
		m.tokens = append(m.tokens, r.Header.Values("X-Token")...)
		page, ok := m.pages[r.URL.Path]
		m.mu.Unlock()
		if to, moved := strings.CutPrefix(page, "302 "); moved {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/robots.txt" {
			w.Header().Set("Content-Type", "text/plain")
		}
		fmt.Fprint(w, page)
	}))
	t.Cleanup(m.Close)
	return m
}

// took returns what was asked since the last call.
func (m *market) took() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	asked := m.asked
	m.asked = nil
	return asked
}

// target is the market's target, with some lines changed: pairs of old and new.
func (m *market) target(t testing.TB, change ...string) string {
	t.Helper()
	host, err := url.Parse(m.URL)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	text := strings.NewReplacer("HOST", host.Host, "FROM", now.AddDate(0, 0, -2).Format(time.DateOnly), "UNTIL", now.AddDate(0, 1, 0).Format(time.DateOnly)).Replace(marketTarget)
	for i := 0; i < len(change); i += 2 {
		if !strings.Contains(text, change[i]) {
			t.Fatalf("the target has no %q", change[i])
		}
		text = strings.Replace(text, change[i], change[i+1], 1)
	}
	return text
}

const marketTarget = `id: market
name: A market on this machine
site: market.example
categories: [job]
country: "NO"
authority:
  purpose: finding offers of work that hide exploitation
  necessity: the site has no other way to see its ads
  legal_basis: politiloven § 2
  reference: case 7
  unit: unit 3
  approver: kari
  valid_from: FROM
  valid_to: UNTIL
  terms: nothing is said on automated reading
hosts: ["HOST"]
start: ["http://HOST/ads"]
allow: [/ads, /ad/]
deny: [/ads/private]
rate: 0
concurrency: 2
every: 1h
user_agent: VardeBot/1.0
contact: mailto:crawler@police.example
pictures: hash
retention_days: 120
loopback: true
adapter:
  kind: css
  list: {ads: a.ad, next: "a[rel=next]"}
  ad_path: ^/ad/(\d+)
  fields:
    title: {selector: h1}
    text: {selector: .text}
    phones: {selector: "a[href^='tel:']", attr: href, pattern: "tel:(.+)", all: true}
    location: {selector: .city}
    price: {selector: .price}
    age: {selector: .age, optional: true}
`

// historyIs compares the log, newest first.
func (p *people) historyIs(id string, want ...string) {
	p.t.Helper()
	var entries []struct{ Action, Actor string }
	if err := json.Unmarshal([]byte(p.must("", "target", "history", id, "--json")), &entries); err != nil {
		p.t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Action+" "+e.Actor)
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("history:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
