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

	"github.com/PuerkitoBio/goquery"

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

// example is the target of a folder of examples.
func example(t testing.TB, kind string) *target.Target {
	t.Helper()
	path := filepath.Join("testdata", kind, "target.yaml")
	tg, err := target.Parse(path, read(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

func page(body string) *adapter.Page {
	return &adapter.Page{URL: &url.URL{Scheme: "https", Host: "market.example", Path: "/ad/7"}, ContentType: "text/html; charset=utf-8", Body: []byte(body)}
}

func parse(t testing.TB, p *adapter.Page) *goquery.Document {
	t.Helper()
	doc, err := adapter.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// extract reads a page by the target's adapter; reading it twice must be no different.
func extract(t testing.TB, tg *target.Target, p *adapter.Page) (adapter.Extracted, error) {
	t.Helper()
	a, err := adapter.For(tg)
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Extract(parse(t, p), p, tg)
	if again, err2 := a.Extract(parse(t, p), p, tg); !reflect.DeepEqual(got, again) || !errors.Is(err2, err) {
		t.Errorf("the same page twice:\n%+v, %v\n%+v, %v", got, err, again, err2)
	}
	return got, err
}

// TestExamples compares what is read from testdata/KIND/NAME.html with NAME.golden.json.
func TestExamples(t *testing.T) {
	for _, kind := range []string{"css", "jsonld"} {
		tg := example(t, kind)
		paths, err := filepath.Glob(filepath.Join("testdata", kind, "*.html"))
		if err != nil || len(paths) < 2 {
			t.Fatalf("%d examples of %s, %v", len(paths), kind, err)
		}
		none := 0
		for _, path := range paths {
			t.Run(kind+"/"+filepath.Base(path), func(t *testing.T) {
				p := page(string(read(t, path)))
				got, err := extract(t, tg, p)
				if errors.Is(err, adapter.ErrNoAd) {
					none++
				}
				view := struct {
					adapter.Extracted
					Error string   `json:",omitempty"`
					Links []string `json:",omitempty"`
				}{Extracted: got}
				if err != nil {
					view.Error = err.Error()
				}
				for _, u := range append(adapter.Links(parse(t, p), p, tg.Adapter.List.Ads), adapter.Links(parse(t, p), p, tg.Adapter.List.Next)...) {
					view.Links = append(view.Links, u.String())
				}
				have, err := json.MarshalIndent(view, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				golden := strings.TrimSuffix(path, ".html") + ".golden.json"
				if *update {
					if err := os.WriteFile(golden, append(have, '\n'), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if want := string(read(t, golden)); string(have)+"\n" != want {
					t.Errorf("got\n%s\nwant\n%s", have, want)
				}
			})
		}
		if none == 0 {
			t.Errorf("%s has no example of a page without an ad", kind)
		}
	}
}

func TestForKnowsItsAdapters(t *testing.T) {
	for _, kind := range []string{"css", "jsonld"} {
		if a, err := adapter.For(&target.Target{Adapter: target.Adapter{Kind: kind}}); err != nil || a.Name() != kind {
			t.Errorf("%s: %v, %v", kind, a, err)
		}
	}
	if _, err := adapter.For(&target.Target{Adapter: target.Adapter{Kind: "xpath"}}); err == nil || !strings.Contains(err.Error(), `"xpath"`) {
		t.Errorf("got %v", err)
	}
}

// TestPagesAreReadInTheirEncoding: sites lie about theirs, or say nothing.
func TestPagesAreReadInTheirEncoding(t *testing.T) {
	const want = "Blåbærøl"
	const utf8, latin1 = "Bl\u00e5b\u00e6r\u00f8l", "Bl\xe5b\xe6r\xf8l"
	long := strings.Repeat("<!-- a long head -->", 100) // beyond the 1024 bytes in which encodings are looked for
	for name, tt := range map[string]struct{ contentType, body string }{
		"declared in the header":            {"text/html; charset=utf-8", "<h1>" + utf8},
		"declared in the page":              {"text/html", `<meta charset="utf-8"><h1>` + utf8},
		"not declared":                      {"", "<h1>" + utf8},
		"not declared, late":                {"text/html", long + "<h1>" + utf8},
		"with a mark":                       {"text/html; charset=iso-8859-1", "\ufeff<h1>" + utf8},
		"latin-1 declared in the header":    {"text/html; charset=ISO-8859-1", "<h1>" + latin1},
		"latin-1 declared in the page":      {"text/html", `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><h1>` + latin1},
		"latin-1 not declared":              {"text/html", "<h1>" + latin1},
		"latin-1 not declared, late":        {"text/html", long + "<h1>" + latin1},
		"latin-1 of a charset nobody knows": {"text/html; charset=klingon", "<h1>" + latin1},
		"the header before the page":        {"text/html; charset=utf-8", `<meta charset="iso-8859-1"><h1>` + utf8},
		"UTF-16 with a mark":                {"text/html", "\xff\xfe<\x00h\x001\x00>\x00B\x00l\x00\xe5\x00b\x00\xe6\x00r\x00\xf8\x00l\x00"},
		"a broken content type":             {";;=", "<h1>" + utf8},
	} {
		t.Run(name, func(t *testing.T) {
			p := page(tt.body)
			p.ContentType = tt.contentType
			if got := parse(t, p).Find("h1").Text(); got != want {
				t.Errorf("read %q", got)
			}
		})
	}
}

func TestBytesThatAreNoTextAreReplaced(t *testing.T) {
	for name, body := range map[string]string{"declared": "<h1>a\xffb", "late": "<h1>ø" + strings.Repeat(" ", 2000) + "a\xffb"} {
		p := page(body)
		if name == "late" {
			p.ContentType = ""
		}
		if got, err := extract(t, example(t, "css"), p); err != nil || !strings.HasSuffix(got.Ad.Title, "a\ufffdb") {
			t.Errorf("%s: %q, %v", name, got.Ad.Title, err)
		}
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	for n, ok := range map[int]bool{100: true, 600: false, 100_000: false} {
		p := page(strings.Repeat("<div>", n) + "<h1>x</h1>")
		if _, err := adapter.Parse(p); (err == nil) != ok {
			t.Errorf("%d nested elements: %v", n, err)
		} else if err != nil && !strings.Contains(err.Error(), "/ad/7") {
			t.Errorf("the error names no page: %v", err)
		}
	}
	if _, err := adapter.Parse(page("")); err != nil {
		t.Errorf("an empty page: %v", err)
	}
}

// TestTruncatedPagesAreReadAsFarAsTheyGo: a connection can end anywhere.
func TestTruncatedPagesAreReadAsFarAsTheyGo(t *testing.T) {
	for path, kind := range map[string]string{"testdata/css/ad.html": "css", "testdata/css/list.html": "css", "testdata/jsonld/job.html": "jsonld"} {
		tg, whole := example(t, kind), string(read(t, path))
		a, err := adapter.For(tg)
		if err != nil {
			t.Fatal(err)
		}
		for n := range len(whole) {
			p := page(whole[:n])
			doc, err := adapter.Parse(p)
			if err != nil {
				t.Fatalf("%s cut at %d: %v", path, n, err)
			}
			got, err := a.Extract(doc, p, tg)
			if err != nil && !errors.Is(err, adapter.ErrNoAd) {
				t.Fatalf("%s cut at %d: %v", path, n, err)
			}
			check(t, got)
			for _, u := range adapter.Links(doc, p, tg.Adapter.List.Ads) {
				absolute(t, u.String())
			}
		}
	}
}
