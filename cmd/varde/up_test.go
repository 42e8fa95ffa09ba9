package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"varde/internal/store"
	"varde/internal/testkit"
)

var natsAddress = regexp.MustCompile(`--nats (\S+)`)

// fewAds writes n ads that say one word each, beginning with id from.
func fewAds(t testing.TB, from, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), fmt.Sprintf("ads-%d.jsonl", from))
	var b strings.Builder
	for i := range n {
		b.WriteString(adLine(from+i, "") + "\n")
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOtherCommandsWhileTheServiceRuns: a data folder belongs to one process, and others reach it through the stream.
func TestOtherCommandsWhileTheServiceRuns(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	up := start(t, greetUp, "up", "--data", data, "--listen", "127.0.0.1:0", "--listen-nats", "127.0.0.1:0")
	_, errs, code := varde(t, "import", fewAds(t, 0, 5), "--data", data)
	if code != exitNothing || !strings.Contains(errs, "in use") || !strings.Contains(errs, "--nats") {
		t.Errorf("a second process: exit status %d\n%s", code, errs)
	}
	m := natsAddress.FindStringSubmatch(up.out.String())
	if m == nil {
		t.Fatalf("no address of the stream in %q", up.out.String())
	}
	if out := must(t, "import", fewAds(t, 0, 5), "--data", data, "--nats", m[1]); !strings.Contains(out, "5 new") || !strings.Contains(out, "searchable") {
		t.Errorf("import into the service says %q", out)
	}
	if out := must(t, "import", fewAds(t, 3, 5), "--data", data, "--nats", m[1]); !strings.Contains(out, "3 new, 2 known") {
		t.Errorf("import of known ads says %q", out)
	}
	if n := len(adsOf(t, data)); n != 8 {
		t.Errorf("%d ads", n)
	}
	setAsideAndReplayed(t, data, m[1])
}

// setAsideAndReplayed: a message that cannot be read is listed with its reason, does not stop the others, and can be put back.
func setAsideAndReplayed(t *testing.T, data, url string) {
	t.Helper()
	if out := must(t, "dead", "list", "--nats", url); !strings.Contains(out, "Nothing is set aside") {
		t.Errorf("a list before anything failed: %q", out)
	}
	testkit.Put(t, url, "varde.sighting", []byte("\x1b[31mgarbage"))
	must(t, "import", fewAds(t, 100, 5), "--data", data, "--nats", url)
	number := regexp.MustCompile(`(?m)^(\d+) .*read sighting`)
	wait(t, "the garbage to be set aside", func() bool { return number.MatchString(must(t, "dead", "list", "--nats", url)) })
	list := must(t, "dead", "list", "--nats", url)
	if strings.Contains(list, "\x1b") || len(lines(list)) != 2 {
		t.Errorf("list: %q", list)
	}
	first := number.FindStringSubmatch(list)[1]
	if out := must(t, "dead", "replay", first, "--data", data, "--nats", url); !strings.HasPrefix(out, "1 messages") {
		t.Errorf("replay says %q", out)
	}
	wait(t, "the garbage to be set aside again", func() bool {
		m := number.FindStringSubmatch(must(t, "dead", "list", "--nats", url))
		return m != nil && m[1] != first
	})
	if _, errs, code := varde(t, "dead", "replay", "7000", "--data", data, "--nats", url); code != exitNothing || !strings.Contains(errs, "7000") {
		t.Errorf("replay of what is not there: exit status %d, %s", code, errs)
	}
	if n := len(adsOf(t, data)); n != 13 {
		t.Errorf("%d ads, want 13", n)
	}
}

// TestUpOnServersThatAreThere runs the service on a NATS server and a PostgreSQL of their own.
func TestUpOnServersThatAreThere(t *testing.T) {
	t.Parallel()
	at := []string{"--nats", testkit.NATS(t, t.TempDir(), testkit.AnyPort).ClientURL(), "--db", testkit.Postgres(t), "--data", t.TempDir()}
	up := start(t, greetUp, append([]string{"up", "--listen", "127.0.0.1:0"}, at...)...)
	if out := must(t, append([]string{"import", worldFile(t, t.TempDir(), 100)}, at...)...); !strings.Contains(out, "100 new") {
		t.Errorf("import says %q", out)
	}
	networks := must(t, append([]string{"export", "networks"}, at...)...)
	if len(lines(networks)) < 3 || strings.Contains(networks, "%!") {
		t.Errorf("networks: %.500s", networks)
	}
	up.stop()
	must(t, append([]string{"rebuild"}, at...)...)
	if again := must(t, append([]string{"export", "networks"}, at...)...); again != networks {
		t.Errorf("networks differ after a rebuild: %s", firstDifference(networks, again))
	}
}

// TestIndexWithSpamIsWhole: networks of spam are counted apart, and an index that has them is not taken for damaged.
func TestIndexWithSpamIsWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), worldFile(t, dir, 300)
	must(t, "import", file, "--data", data)
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(data, "varde.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := s.Counts(t.Context()); err != nil || c.Spam == 0 {
		t.Fatalf("the world has no network of spam: %+v, %v", c, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := varde(t, "import", file, "--data", data); code != 0 || strings.Contains(errs, "index built anew") {
		t.Errorf("the next start: exit status %d\n%s", code, errs)
	}
}

// TestDamagedIndexIsMended: the index is damaged while nothing runs; at the next start it is built anew and the operator told.
func TestDamagedIndexIsMended(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", fewAds(t, 0, 20), "--data", data)
	segments, err := filepath.Glob(filepath.Join(data, "index", "current", "bleve", "store", "*.zap"))
	if err != nil || len(segments) == 0 {
		t.Fatalf("no segments (%v)", err)
	}
	body, err := os.ReadFile(segments[0])
	if err != nil {
		t.Fatal(err)
	}
	body[len(body)/2] ^= 0xff
	if err := os.WriteFile(segments[0], body, 0o600); err != nil {
		t.Fatal(err)
	}
	up := start(t, greetUp, "up", "--data", data, "--listen", "127.0.0.1:0")
	b := testkit.Open(t)
	up.come(b)
	b.Type("#old", up.password)
	b.Type("#new", "a long enough phrase to keep")
	b.Type("#again", "a long enough phrase to keep")
	b.Press("\r")
	b.WaitURL("/queue")
	b.Goto(up.url + "/system")
	b.WaitText(".notice", "Søkeindeksen var skadet")
	b.Goto(up.url + "/search?q=Servit%C3%B8r")
	b.Wait(".hits [data-item]")
	res, err := http.Get(up.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != http.StatusOK {
		t.Errorf("healthz: %s", res.Status)
	}
}
