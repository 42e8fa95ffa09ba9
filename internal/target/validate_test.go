package target_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"varde/internal/config"
	"varde/internal/target"
)

// change replaces the one place of old in the example.
func change(t testing.TB, in, old, replacement string) string {
	t.Helper()
	if strings.Count(in, old) != 1 {
		t.Fatalf("the example has %q %d times", old, strings.Count(in, old))
	}
	return strings.Replace(in, old, replacement, 1)
}

// lineOf is the number of the line of the example that holds text.
func lineOf(t testing.TB, in, text string) int {
	t.Helper()
	before, _, found := strings.Cut(in, text)
	if !found {
		t.Fatalf("the example has no %q", text)
	}
	return strings.Count(before, "\n") + 1
}

// mistakes parses and returns the problems, which must all name the file and a line.
func mistakes(t testing.TB, in string) string {
	t.Helper()
	_, err := target.Parse("t.yaml", []byte(in))
	if err == nil {
		return ""
	}
	var ps config.Problems
	if !errors.As(err, &ps) {
		t.Fatalf("%T: %v", err, err)
	}
	for _, p := range ps {
		if p.File != "t.yaml" || p.Line < 1 || p.Text == "" {
			t.Errorf("a problem without file, line or text: %+v", p)
		}
	}
	return err.Error()
}

func TestEveryRequiredFieldIsAskedFor(t *testing.T) {
	in := example(t)
	for _, line := range []string{"id: example", "name: Example market", "site: market.example", "categories: [sexual", "  purpose: ", "  necessity: ", "  legal_basis: ",
		"  reference: ", "  unit: ", "  approver: ", "  valid_from: ", "  valid_to: ", "  terms: ", "hosts: [", "start: [", "allow: [", "user_agent: ", "contact: ",
		"retention_days: ", "  kind: css", "  ad_path: "} {
		at := lineOf(t, in, "\n"+line) + 1
		lines := strings.Split(in, "\n")
		name := strings.TrimSpace(strings.Split(line, ":")[0])
		got := mistakes(t, strings.Join(append(lines[:at-1:at-1], lines[at:]...), "\n"))
		want := map[bool]string{true: "authority." + name, false: name}[strings.HasPrefix(line, "  ")]
		if name == "kind" || name == "ad_path" {
			want = "adapter." + name
		}
		if !strings.Contains(got, " "+want+": ") {
			t.Errorf("without %s: %s", want, got)
		}
	}
	if got := mistakes(t, change(t, in, "legal_basis: politi", "legal_basis: \" \" # politi")); !strings.Contains(got, fmt.Sprintf("t.yaml:%d: authority.legal_basis: required", lineOf(t, in, "legal_basis"))) {
		t.Errorf("an empty legal basis: %s", got)
	}
	// Nothing at all: all of it is told at once.
	if got := mistakes(t, ""); strings.Count(got, "required") < 18 {
		t.Errorf("an empty file: %s", got)
	}
}

func TestMistakesAreNamed(t *testing.T) {
	in := example(t)
	for name, tt := range map[string]struct {
		old, new string
		// at is a text on the line that is named, where it is not old's.
		at   string
		want string
	}{
		"unknown":           {"rate: 0.5", "rte: 0.5", "", "rte: unknown field"},
		"enabled":           {"loopback: false", "enabled: true", "", "enabled: unknown field"},
		"id":                {"id: example", "id: Example", "", "id: required: small letters"},
		"category":          {"[sexual_services, massage]", "[sexual_services, yoga]", "", `categories.1: "yoga" is none of`},
		"outside":           {"https://market.example/ads\"", "https://evil.example/ads\"", "", "start.0: "},
		"denied":            {"https://market.example/ads\"", "https://market.example/ads/private\"", "", "start.0: "},
		"a host's scheme":   {"hosts: [market.example]", "hosts: [\"https://market.example\"]", "", "hosts.0: "},
		"a path":            {"allow: [/ads, ", "allow: [ads, ", "", `allow.0: "ads" does not begin with /`},
		"country":           {`country: "NO"`, `country: "ZZ"`, "", `country: "ZZ" is not`},
		"rate":              {"rate: 0.5", "rate: 500", "", "rate: 500 requests"},
		"no limit":          {"rate: 0.5", "rate: 0", "", "rate: 0 requests"},
		"concurrency":       {"concurrency: 1", "concurrency: 33", "", "concurrency: 33"},
		"duration":          {"every: 6h", "every: soon", "", "`soon` is not a duration"},
		"too often":         {"every: 6h", "every: 10s", "", "every: 10s is shorter than a minute"},
		"revisit":           {"most: 168h", "most: 6h", "", "revisit.most: 6h0m0s is shorter"},
		"pages":             {"max_pages: 50000", "max_pages: 5000001", "", "max_pages: 5000001 is not"},
		"window":            {"windows: []", `windows: ["Mon-Fri 8-16"]`, "", `windows.0: "Mon-Fri 8-16" is not days and hours`},
		"hours":             {"windows: []", `windows: ["25:00-26:00"]`, "", "windows.0: "},
		"zone":              {"timezone: Europe/Oslo", "timezone: Oslo", "", `timezone: "Oslo" is no time zone`},
		"this machine's":    {"timezone: Europe/Oslo", "timezone: Local", "", `timezone: "Local" is no time zone`},
		"no zone":           {"timezone: Europe/Oslo", `timezone: ""`, "", `timezone: "" is no time zone`},
		"no day":            {"valid_to: 2027-04-30", "valid_to: 2027-02-29", "", `authority.valid_to: "2027-02-29" is no day`},
		"before it begins":  {"valid_to: 2027-04-30", "valid_to: 2026-10-31", "", "authority.valid_to: 2026-10-31 does not come after 2026-11-01"},
		"too long":          {"valid_to: 2027-04-30", "valid_to: 2027-11-02", "", "authority.valid_to: an approval lasts at most a year"},
		"retention":         {"retention_days: 120", "retention_days: 5000", "", "retention_days: required"},
		"robots":            {"policy: obey", "policy: maybe", "", `robots.policy: "maybe" is neither`},
		"robots unreasoned": {"policy: obey", "policy: ignore", "robots:", "robots.reason: required where robots.txt is ignored"},
		"contact":           {"mailto:crawler@police.example", "nobody", "", "contact: required"},
		"pictures":          {"pictures: hash", "pictures: all", "", `pictures: "all" is none of`},
		"a cookie":          {"pictures: hash", "token: {header: Cookie, file: x}\npictures: hash", "", `token.header: "Cookie" is no header that can carry a key`},
		"a secret's path":   {"pictures: hash", "token: {header: X-Key, file: ../x}\npictures: hash", "", `token.file: "../x" is not the name of a file`},
		"kind":              {"kind: css", "kind: xpath", "", `adapter.kind: "xpath" is none of`},
		"broken":            {"title: {selector: h1}", `title: {selector: "h1:::("}`, "", `adapter.fields.title.selector: "h1:::(" is no CSS selector`},
		"broken list":       {"article.ad a.title", "a[[", "", "adapter.list.ads"},
		"selector":          {"title: {selector: h1}", "title: {}", "", "adapter.fields.title.selector: required"},
		"unknown page":      {"title: {selector: h1}", "titel: {selector: h1}", "", "adapter.fields.titel: unknown field"},
		"pattern":           {`"(\\d+)"`, `"("`, "", "adapter.fields.age.pattern"},
		"ad_path":           {`^/ad/(\d+)`, `^/ad/\d+`, "", "adapter.ad_path"},
		"a word's category": {"Eskorte: sexual_services", "Eskorte: job", "", `adapter.fields.category.values.Eskorte: "job" is none of the target's categories`},
		"a path of json":    {"kind: css", "kind: json", "    next: ", `adapter.list.next: "a[rel=next]" is no path such as items[*].url`},
	} {
		if tt.at == "" {
			tt.at = tt.old
		}
		want := fmt.Sprintf("t.yaml:%d: ", lineOf(t, in, tt.at))
		if strings.Contains(tt.new, "\n") {
			want = "t.yaml:"
		}
		got := mistakes(t, change(t, in, tt.old, tt.new))
		if !strings.Contains(got, tt.want) || !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s%s", name, got, want, tt.want)
		}
	}
}

func TestWhatOnlyASimulatedSiteMay(t *testing.T) {
	in := change(t, example(t), "loopback: false", "loopback: true")
	in = change(t, in, "rate: 0.5", "rate: 0")
	in = change(t, in, "every: 6h", "every: 50ms")
	in = change(t, in, "least: 12h", "least: 10ms")
	in = change(t, in, "hosts: [market.example]", "hosts: [\"127.0.0.1:8080\"]")
	in = change(t, in, "https://market.example/ads\"", "http://127.0.0.1:8080/ads\"")
	if got := mistakes(t, in); got != "" {
		t.Error(got)
	}
}

func TestAYearIsTheLongest(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		ok       bool
	}{
		{"2026-11-01", "2027-10-31", true},
		{"2026-11-01", "2027-11-01", true}, // to the same day
		{"2026-11-01", "2027-11-02", false},
		{"2027-03-01", "2028-02-29", true}, // over a leap day
		{"2026-11-01", "2026-11-01", true}, // a day is whole
		{"2026-11-01T08:00:00Z", "2026-11-01T08:00:00Z", false},
		{"2026-11-01T08:00:00Z", "2026-11-01T10:00:00+01:00", true},
		{"2026-11-01T08:00:00Z", "2026-11-01T09:00:00+01:00", false},
		{"2026-11-01", "2026-11-01T22:00:00+01:00", true},
	} {
		in := change(t, change(t, example(t), "valid_from: 2026-11-01 ", "valid_from: "+tt.from+" "), "valid_to: 2027-04-30", "valid_to: "+tt.to)
		if got := mistakes(t, in); (got == "") != tt.ok {
			t.Errorf("from %s to %s: %q", tt.from, tt.to, got)
		}
	}
}
