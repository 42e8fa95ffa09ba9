package target_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varde/configs"
	"varde/internal/target"
)

func example(t testing.TB) string {
	t.Helper()
	data, err := configs.FS.ReadFile("targets/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheExampleIsValid(t *testing.T) {
	tg, err := target.Parse("example.yaml", []byte(example(t)))
	if err != nil || tg.Enabled {
		t.Fatalf("%+v, %v", tg, err)
	}
}

func TestInside(t *testing.T) {
	tg, err := target.Parse("example.yaml", []byte(example(t)))
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]bool{
		"https://market.example/ads": true, "https://market.example:443/ads": true, "https://MARKET.example/ad/7": true, "https://market.example/robots.txt": true,
		"https://market.example/": false, "https://market.example/ads/private/1": false, "https://market.example:8080/ads": false,
		"https://evil.example/ads": false, "https://market.example.evil.example/ads": false, "ftp://market.example/ads": false,
		"https://user@market.example/ads": false, "//market.example/ads": false, "https://169.254.169.254/ads": false,
		// Ways around a path: dots, escaped dots, escaped slashes, backslashes, double slashes.
		"https://market.example/ads/../private": false, "https://market.example/ads/%2e%2e/private": false, "https://market.example/ads/.%2E/private": false,
		"https://market.example/ads/%2e./private": false, "https://market.example/ads%2f..%2fprivate": false, "https://market.example/ads/..": false,
		`https://market.example/ads/..\private`: false, "https://market.example/ads/..%5cprivate": false, "https://market.example/ads/./private/1": false,
		"https://market.example/ads%2fprivate/1": false, "https://market.example/ads/%70rivate/1": false, "https://market.example/ads//private/1": false,
		"https://market.example/ads//7": true, "https://market.example/ads/7..8": true, "https://market.example/ads/...": true, "https://market.example/../robots.txt": false,
		"https://market.example/ads?next=../private": true,
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := tg.Inside(u); got != want {
			t.Errorf("%s: inside is %v", in, got)
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for name, tt := range map[string]struct{ old, new, want string }{
		"unknown":      {"rate: 0.5", "rte: 0.5", "t.yaml:16: rte: unknown field"},
		"missing":      {"hosts: [market.example] ", "", "hosts: required"},
		"outside":      {"https://market.example/ads\"", "https://evil.example/ads\"", "start.0: "},
		"country":      {`country: "NO"`, `country: "ZZ"`, "country: \"ZZ\" is not"},
		"broken":       {"title: {selector: h1}", "title: {selector: \"h1:::(\"}", "adapter.fields.title.selector: \"h1:::(\" is no CSS selector"},
		"broken list":  {"article.ad a.title", "a[[", "adapter.list.ads"},
		"selector":     {"title: {selector: h1}", "title: {}", "adapter.fields.title.selector: required"},
		"unknown page": {"title: {selector: h1}", "titel: {selector: h1}", "adapter.fields.titel: unknown field"},
		"pattern":      {`"(\\d+)"`, `"("`, "adapter.fields.age.pattern"},
		"ad_path":      {`^/ad/(\d+)`, `^/ad/\d+`, "adapter.ad_path"},
		"contact":      {"mailto:crawler@police.example", "nobody", "contact: required"},
		"rate":         {"rate: 0.5", "rate: 500", "rate: 500 requests"},
		"duration":     {"every: 6h", "every: soon", "t.yaml:18"},
	} {
		in := example(t)
		if !strings.Contains(in, tt.old) {
			t.Fatalf("%s: the example has no %q", name, tt.old)
		}
		_, err := target.Parse("t.yaml", []byte(strings.Replace(in, tt.old, tt.new, 1)))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "t.yaml:") {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

func TestLoadRefusesDoubleIDs(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.yaml", "b.yaml"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(example(t)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := target.Load(dir); err == nil || !strings.Contains(err.Error(), "stands in") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(example(f))
	f.Fuzz(func(t *testing.T, in string) {
		if tg, err := target.Parse("t.yaml", []byte(in)); err == nil && (tg.ID == "" || len(tg.Hosts) == 0) {
			t.Errorf("half a target: %+v", tg)
		}
	})
}
