package adapter_test

import (
	"path/filepath"
	"strings"
	"testing"

	"varde/crawler/adapter"
	"varde/internal/frontier"
)

// TestBarriersAreRecognised: testdata/barrier/OUTCOME-NAME.html are made-up pages of the kinds that sites put before their own, and
// none-NAME.html ordinary ones that have the same parts.
func TestBarriersAreRecognised(t *testing.T) {
	paths, err := filepath.Glob("testdata/barrier/*.html")
	if err != nil || len(paths) < 50 {
		t.Fatalf("%d examples, %v", len(paths), err)
	}
	for _, path := range paths {
		want, _, _ := strings.Cut(filepath.Base(path), "-")
		if want == "none" {
			want = ""
		}
		body := string(read(t, path))
		for how, p := range map[string]*adapter.Page{"as it is": page(body), "nested deep": page(strings.Repeat("<div>", 600) + body)} {
			if how == "nested deep" && (strings.Contains(body, "<header") || strings.Contains(path, "cookie")) {
				continue // a head that is open to the end of the page is all of it
			}
			if got := adapter.Barrier(p); got != frontier.Outcome(want) {
				t.Errorf("%s %s is taken for %q", path, how, got)
			}
		}
	}
	if got := adapter.Barrier(page(`{"url":"https://geo.captcha-delivery.com/captcha/?initialCid=AAAA"}`)); got != frontier.Captcha {
		t.Errorf("what a program is told: %q", got)
	}
	for _, body := range []string{`{"items":[]}`, `[]`, "<urlset></urlset>", "\x00\x01"} {
		if got := adapter.Barrier(page(body)); got != "" {
			t.Errorf("%q is taken for %q", body, got)
		}
	}
}

// TestAdsAreNoBarriers: all pages of ads among the examples, whatever stands around them.
func TestAdsAreNoBarriers(t *testing.T) {
	for _, pattern := range []string{"testdata/css/*.html", "testdata/structured/*.html", "testdata/real/*.html", "testdata/json/*.json", "testdata/lists/*"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, path := range paths {
			want := frontier.Outcome("")
			if path == "testdata/css/none.html" {
				want = frontier.LogIn
			}
			if got := adapter.Barrier(page(string(read(t, path)))); got != want {
				t.Errorf("%s is taken for %q", path, got)
			}
		}
	}
}
