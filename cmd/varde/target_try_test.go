package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"varde/crawler/fetch"
	"varde/internal/frontier"
	"varde/internal/store"
	"varde/internal/target"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what was printed with a file.
func golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look, and run with -update:\n%s", path, got)
	}
}

// TestTryASavedPage: nothing is fetched, nobody is named, and each field is told with where it came from.
func TestTryASavedPage(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	file := p.draft("market.yaml", m.target(t))
	out, _, code := varde(t, "target", "try", file, "--html", p.draft("ad.html", strings.Replace(adPage, "Oslo", "Os\x1b[2Jlo", 1)), "--url", m.URL+"/ad/7")
	golden(t, "try_ad.golden", strings.ReplaceAll(out, m.URL, "http://SITE"))
	if code != 0 || strings.Contains(out, "\x1b") {
		t.Errorf("exit status %d\n%s", code, out)
	}
	out, _, code = varde(t, "target", "try", file, "--html", p.draft("list.html", m.pages["/ads"]))
	golden(t, "try_list.golden", strings.ReplaceAll(out, m.URL, "http://SITE"))
	if code != 0 {
		t.Errorf("exit status %d\n%s", code, out)
	}
	out, errs, code := varde(t, "target", "try", file, "--html", p.draft("other.html", "<p>another layout"), "--url", m.URL+"/ad/7")
	golden(t, "try_nothing.golden", strings.ReplaceAll(out, m.URL, "http://SITE"))
	if code != exitNothing || !strings.Contains(errs, "mend it") {
		t.Errorf("exit status %d\n%s%s", code, out, errs)
	}
	_, errs, code = varde(t, "target", "try", file, "--html", p.draft("ad.html", adPage), "--url", "http://evil.example/ad/7")
	if code != exitUsage || !strings.Contains(errs, "not an address within") {
		t.Errorf("exit status %d\n%s", code, errs)
	}
	if asked := m.took(); len(asked) > 0 {
		t.Errorf("the site was asked %v", asked)
	}
}

// TestATrySaysWhatItMeans: who drafts is told what an outcome means, and to mend the target only where that would help.
func TestATrySaysWhatItMeans(t *testing.T) {
	t.Parallel()
	for _, o := range frontier.Outcomes {
		if !o.Good() && meanings[o] == "" {
			t.Errorf("what %s means is not said", o)
		}
	}
	p, m := staff(t), open(t, map[string]string{"/robots.txt": "User-agent: *\nDisallow: /ad/8\n", "/ad/5": `<form action="/login"><input type="password"></form>`, "/ad/6": "302 http://elsewhere.example/"})
	file := p.draft("market.yaml", m.target(t))
	for path, want := range map[string]string{"/ad/404": "no longer has this page", "/ad/8": "robots.txt forbids", "/ad/5": "asks for a log-in", "/ad/6": "leads out of the target"} {
		out, errs, code := p.varde("ola", "target", "try", file, "--url", m.URL+path)
		if code != exitNothing || !strings.Contains(errs, want) || strings.Contains(errs, "mend") || strings.Contains(out, " 0 bytes") {
			t.Errorf("%s: exit status %d, want %q\n%s%s", path, code, want, out, errs)
		}
	}
	saved := p.draft("ad.html", "<h1>Servitør søkes</h1>")
	p.refused(exitUsage, "--url ADDRESS", "", "target", "try", file, "--html", saved)
	structured := p.draft("structured.yaml", m.target(t, "kind: css", "kind: structured"))
	out, _, _ := p.varde("", "target", "try", structured, "--html", p.draft("bare.html", "<p>nothing</p>"), "--url", m.URL+"/ad/7")
	if strings.Contains(out, "css") || !strings.Contains(out, "JSON-LD") {
		t.Errorf("a page without structured data:\n%s", out)
	}
}

// TestTryAsksForOnePage: robots.txt and one page leave, by who proves who they are, and the log says so.
func TestTryAsksForOnePage(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, map[string]string{"/robots.txt": "User-agent: *\nDisallow: /ad/8\n", "/ad/9": "302 /ad/7"})
	file := p.draft("market.yaml", m.target(t))
	var r trial
	out := p.must("ola", "target", "try", file, "--url", m.URL+"/ad/7", "--json")
	if err := json.Unmarshal([]byte(out), &r); err != nil || !r.Valid || r.AdID != "7" || r.Fetched == nil || r.Fetched.Robots != "allowed" {
		t.Errorf("%+v, %v", r, err)
	}
	m.askedFor(t, "/robots.txt", "/ad/7")
	if out := p.must("ola", "target", "try", file); !strings.Contains(out, "2 ads and 1 further pages") {
		t.Errorf("the start page: %s", out)
	}
	m.askedFor(t, "/robots.txt", "/ads")
	p.gives(frontier.RobotsForbid, "ola", "target", "try", file, "--url", m.URL+"/ad/8")
	m.askedFor(t, "/robots.txt")
	p.gives(frontier.Moved, "ola", "target", "try", file, "--url", m.URL+"/ad/9")
	m.askedFor(t, "/robots.txt", "/ad/9")
	p.historyIs("market", "target_tried ola", "target_tried ola", "target_tried ola", "target_tried ola")

	// To ignore robots.txt takes an approval, which a draft has not.
	ignoring := p.draft("ignoring.yaml", m.target(t, "pictures: hash", "robots: {policy: ignore, reason: it forbids everything}\npictures: hash"))
	p.gives(frontier.RobotsForbid, "ola", "target", "try", ignoring, "--url", m.URL+"/ad/8")
	m.askedFor(t, "/robots.txt")

	// What was added is tried by its id, in any of its versions.
	p.must("ola", "target", "add", file)
	p.must("ola", "target", "try", "--id", "market", "--version", "1", "--url", m.URL+"/ad/7")
	m.askedFor(t, "/robots.txt", "/ad/7")
}

// gives runs a try that gives nothing, for one reason.
func (p *people) gives(want frontier.Outcome, who string, args ...string) {
	p.t.Helper()
	out, errs, code := p.varde(who, append(args, "--json")...)
	var r trial
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.Outcome != want || r.Valid || code != exitNothing {
		p.t.Errorf("exit status %d, %v, want %s\n%s%s", code, err, want, out, errs)
	}
}

// askedFor compares what the site was asked since the last look.
func (m *market) askedFor(t testing.TB, want ...string) {
	t.Helper()
	if got := m.took(); !slices.Equal(got, want) {
		t.Errorf("the site was asked %v, want %v", got, want)
	}
}

// TestTryIsRefused: no request leaves where nobody says who they are, or the draft does not cover the page or the moment.
func TestTryIsRefused(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	draft := func(change ...string) string { return p.draft("draft.yaml", m.target(t, change...)) }
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	p.refused(exitUsage, "--as NAME", "", "target", "try", draft())
	p.refused(exitNothing, "do not belong together", "", "target", "try", draft(), "--as", "ola", "--password-file", p.words["kari"])
	p.refused(exitUsage, "not an address within", "ola", "target", "try", draft(), "--url", m.URL+"/ads/private/1")
	p.refused(exitUsage, "not an address within", "ola", "target", "try", draft(), "--url", m.URL+"/secret")
	p.refused(exitUsage, "has ended", "ola", "target", "try", draft("valid_from: "+day(-2), "valid_from: "+day(-9), "valid_to: "+time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "valid_to: "+day(-3)))
	p.refused(exitUsage, "has not begun", "ola", "target", "try", draft("valid_from: "+day(-2), "valid_from: "+day(2)))
	soon := time.Now().UTC().Add(3 * time.Hour)
	p.refused(exitUsage, "outside its hours until", "ola", "target", "try", draft("every: 1h", "windows: [\""+soon.Format("15:04")+"-"+soon.Add(time.Hour).Format("15:04")+"\"]\ntimezone: UTC\nevery: 1h"))
	simulation := p.config
	p.config = p.draft("real.yaml", "crawl: {loopback: false}\n")
	p.refused(exitUsage, "loopback", "ola", "target", "try", draft())
	p.config = simulation
	p.active("market", m.target(t))
	p.must("ola", "target", "pause", "market", "--reason", "the site asked us to")
	p.refused(exitUsage, "paused", "ola", "target", "try", "--id", "market")
	p.must("ola", "target", "revoke", "market", "--reason", "the case is closed")
	p.refused(exitUsage, "revoked", "ola", "target", "try", "--id", "market")
	p.refused(exitUsage, "revoked", "ola", "target", "try", draft())
	m.askedFor(t)
}

// TestTryKeepsTheToken: a draft names a token and a host, so whoever writes one could send any token anywhere. It is sent only for a text that
// is approved.
func TestTryKeepsTheToken(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	if err := os.Mkdir(filepath.Join(p.data, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.file(filepath.Join(p.data, "secrets", "market-key"), "s3cret\n")
	text := m.target(t, "pictures: hash", "token: {header: X-Token, file: market-key}\npictures: hash")
	file := p.draft("market.yaml", text)
	try := func(want bool, args ...string) {
		t.Helper()
		out := p.must("ola", append([]string{"target", "try", "--url", m.URL + "/ad/7"}, args...)...)
		m.mu.Lock()
		defer m.mu.Unlock()
		if sent := len(m.tokens) > 0; sent != want || strings.Contains(out, withoutToken) == want {
			t.Errorf("try %v: tokens %q\n%s", args, m.tokens, out)
		}
		m.tokens = nil
	}
	try(false, file)
	p.must("ola", "target", "add", file)
	try(false, "--id", "market")
	try(false, file)
	p.must("kari", "target", "approve", "market", "--version", "1", "--yes")
	try(true, "--id", "market")
	try(true, file)
	try(false, p.draft("other.yaml", strings.Replace(text, "case 7", "case 8", 1)))
	p.must("ola", "target", "add", p.draft("market.yaml", strings.Replace(text, "case 7", "case 8", 1)))
	try(false, "--id", "market")
	try(false, "--id", "market", "--version", "1") // its approval ended with the edit
}

// countedPace counts how often it was asked.
type countedPace struct{ asked atomic.Int32 }

func (c *countedPace) Wait(ctx context.Context, _ string, _ float64, _ time.Duration) error {
	c.asked.Add(1)
	return ctx.Err()
}

// TestTriesKeepOnePace: all tries of a service go at one pace, one after the other.
func TestTriesKeepOnePace(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	tg, err := target.Parse("market.yaml", []byte(m.target(t)))
	if err != nil {
		t.Fatal(err)
	}
	a := &app{data: p.data, config: p.config, err: io.Discard}
	pace := &countedPace{}
	err = a.desk(t.Context(), func(ctx context.Context, _ *store.Store, d *target.Desk) error {
		f := newTrier(d, true, fetch.Config{Pacer: pace})
		for range 2 {
			if _, err := f.forConsole(ctx, tg, m.URL+"/ad/7", nil); err != nil {
				return err
			}
		}
		if n := pace.asked.Load(); n != 4 {
			t.Errorf("the pace was asked for %d times, want 4: robots.txt and the page, twice", n)
		}
		f.turn <- struct{}{} // another try is under way
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := f.forConsole(gone, tg, m.URL+"/ad/7", nil); !errors.Is(err, context.Canceled) || pace.asked.Load() != 4 {
			t.Errorf("beside another try: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	m.askedFor(t, "/robots.txt", "/ad/7", "/robots.txt", "/ad/7")
}
