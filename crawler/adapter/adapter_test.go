package adapter_test

import (
	"encoding/json"
	"errors"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"varde/crawler/adapter"
	"varde/internal/target"
)

var update = flag.Bool("update", false, "write the golden files anew")

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func load(t testing.TB, path string) *target.Target {
	t.Helper()
	tg, err := target.Parse(path, read(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

// rest is what a target must say beside what a test is about.
const rest = `
id: test
name: A made-up market
site: market.example
retention_days: 30
user_agent: VardeBot/1.0
contact: mailto:crawler@police.example
hosts: [market.example]
start: ["https://market.example/ads"]
allow: [/]
authority: {purpose: tests, necessity: tests, legal_basis: none, reference: T-1, unit: tests, approver: kari, valid_from: "2026-01-01", valid_to: "2026-12-31", terms: made up}
`

// spec is a target of a test: its adapter as YAML, and perhaps more fields, one a line.
func spec(t testing.TB, adapter string, more ...string) *target.Target {
	t.Helper()
	text := rest + "adapter: " + adapter + "\n" + strings.Join(more, "\n")
	for _, d := range []string{"categories: [massage]", `country: "NO"`} {
		if name, _, _ := strings.Cut(d, ":"); !strings.Contains(text, "\n"+name+":") {
			text += "\n" + d
		}
	}
	tg, err := target.Parse("target.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

// fetched is when the pages of tests were fetched: a Wednesday, ten to three in Oslo.
var fetched = time.Date(2026, 10, 7, 12, 50, 30, 0, time.UTC)

func page(body string) *adapter.Page {
	return &adapter.Page{URL: &url.URL{Scheme: "https", Host: "market.example", Path: "/ad/7"}, ContentType: "text/html; charset=utf-8", Body: []byte(body), At: fetched}
}

// extract reads a page; reading it twice must be no different.
func extract(t testing.TB, tg *target.Target, p *adapter.Page) (adapter.Reading, error) {
	t.Helper()
	got, err := adapter.Read(p, tg)
	if again, err2 := adapter.Read(p, tg); !reflect.DeepEqual(got, again) || !errors.Is(err2, err) {
		t.Errorf("the same page twice:\n%+v, %v\n%+v, %v", got, err, again, err2)
	}
	return got, err
}

// list reads a page's links; reading it twice must be no different.
func list(t testing.TB, tg *target.Target, p *adapter.Page) (adapter.Listing, error) {
	t.Helper()
	got, err := adapter.List(p, tg)
	if again, err2 := adapter.List(p, tg); !reflect.DeepEqual(got, again) || (err == nil) != (err2 == nil) {
		t.Errorf("the same page twice:\n%+v, %v\n%+v, %v", got, err, again, err2)
	}
	return got, err
}

// field returns how a field was read.
func field(t testing.TB, r adapter.Reading, name string) adapter.FieldReading {
	t.Helper()
	for _, f := range r.Fields {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("the reading does not tell of %s: %+v", name, r.Fields)
	return adapter.FieldReading{}
}

// addresses are links as texts, with when they changed where that is known.
func addresses(links []adapter.Link) (out []string) {
	for _, l := range links {
		text := l.URL.String()
		if !l.Modified.IsZero() {
			text += " " + l.Modified.Format(time.RFC3339)
		}
		out = append(out, text)
	}
	return out
}

// kinds are the adapters with their examples: testdata/KIND/NAME.EXT, and what is read from it in NAME.golden.json.
var kinds = []struct{ kind, target, ext, at string }{
	{"css", "testdata/css/target.yaml", ".html", "https://market.example/ad/7"},
	{"structured", "testdata/structured/target.yaml", ".html", "https://market.example/ad/7"},
	{"json", "../../configs/targets/nav.yaml", ".json", "https://pam-stilling-feed.nav.no/api/v1/feedentry/0b1c7c2e-0000-4000-8000-000000000007"},
}

func examples(t testing.TB, ext, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*"+ext))
	if err != nil {
		t.Fatal(err)
	}
	out := paths[:0]
	for _, p := range paths {
		if !strings.HasSuffix(p, ".golden.json") {
			out = append(out, p)
		}
	}
	return out
}

// at is an example as a page.
func at(t testing.TB, path, address string) *adapter.Page {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return &adapter.Page{URL: u, ContentType: "text/html; charset=utf-8", Body: read(t, path), At: fetched}
}

func TestExamples(t *testing.T) {
	for _, k := range kinds {
		tg, paths := load(t, k.target), examples(t, k.ext, k.kind)
		if len(paths) < 2 {
			t.Fatalf("%d examples of %s", len(paths), k.kind)
		}
		none := 0
		for _, path := range paths {
			t.Run(k.kind+"/"+filepath.Base(path), func(t *testing.T) {
				p := at(t, path, k.at)
				got, err := extract(t, tg, p)
				if errors.Is(err, adapter.ErrNoAd) {
					none++
				}
				check(t, got)
				golden(t, strings.TrimSuffix(path, k.ext)+".golden.json", view(t, tg, p, got, err))
			})
		}
		if none == 0 {
			t.Errorf("%s has no example of a page without an ad", k.kind)
		}
	}
}

// view is all that a page gives.
func view(t testing.TB, tg *target.Target, p *adapter.Page, got adapter.Reading, err error) any {
	t.Helper()
	v := struct {
		adapter.Reading
		Error     string   `json:",omitempty"`
		Ads, Next []string `json:",omitempty"`
		List      string   `json:",omitempty"`
		Lists     []string `json:",omitempty"`
	}{Reading: got}
	if err != nil {
		v.Error = err.Error()
	}
	l, err := list(t, tg, p)
	if err != nil {
		v.List = err.Error()
	}
	v.Ads, v.Next, v.Lists = addresses(l.Ads), addresses(l.Next), l.Problems
	return v
}

func golden(t testing.TB, path string, v any) {
	t.Helper()
	have, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, append(have, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(read(t, path)); string(have)+"\n" != want {
		t.Errorf("got\n%s\nwant\n%s", have, want)
	}
}

func TestAnUnknownKindIsNamed(t *testing.T) {
	tg := spec(t, `{kind: structured, ad_path: "(.)"}`)
	tg.Adapter.Kind = "xpath"
	if _, err := adapter.Read(page(""), tg); err == nil || !strings.Contains(err.Error(), `"xpath"`) || !strings.Contains(err.Error(), "/ad/7") {
		t.Errorf("got %v", err)
	}
}

// TestTruncatedPagesAreReadAsFarAsTheyGo: a connection can end anywhere.
func TestTruncatedPagesAreReadAsFarAsTheyGo(t *testing.T) {
	for path, k := range map[string]int{"testdata/css/ad.html": 0, "testdata/css/list.html": 0, "testdata/structured/job.html": 1, "testdata/structured/microdata.html": 1, "testdata/structured/rdfa.html": 1,
		"testdata/json/entry.json": 2, "testdata/json/feed.json": 2} {
		tg, whole := load(t, kinds[k].target), read(t, path)
		for n := 0; n < len(whole); n += sparsely {
			p := at(t, path, kinds[k].at)
			p.Body = whole[:n]
			got, err := adapter.Read(p, tg)
			if err != nil && !errors.Is(err, adapter.ErrNoAd) {
				t.Fatalf("%s cut at %d: %v", path, n, err)
			}
			check(t, got)
			l, _ := adapter.List(p, tg) //nolint // what is no list may be an error
			checkLinks(t, l)
			if t.Failed() {
				t.Fatalf("%s cut at %d", path, n)
			}
		}
	}
}
