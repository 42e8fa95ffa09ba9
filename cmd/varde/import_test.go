package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/sim"
)

var worldStart = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

// worldFile writes the ads of a simulated world, without the files of their pictures, and returns the file. Each of change may
// alter an ad first.
func worldFile(t testing.TB, dir string, ads int, change ...func(*ad.Sighting)) string {
	t.Helper()
	path := filepath.Join(dir, fmt.Sprintf("world-%d.jsonl", ads))
	w, err := ad.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	world := sim.NewWorld(sim.Config{Seed: 7, Ads: ads, Start: worldStart})
	for s := range world.Sightings() {
		for _, f := range change {
			f(&s)
		}
		if err := ad.WriteLine(w, &s); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// varde runs one command in this process and returns what it printed and its exit status.
func varde(t testing.TB, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &out, &errs)
	return out.String(), errs.String(), code
}

// must runs a command that has to succeed.
func must(t testing.TB, args ...string) string {
	t.Helper()
	out, errs, code := varde(t, args...)
	if code != 0 {
		t.Fatalf("varde %s: exit status %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

func lines(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })
}

func adLine(id int, extra string) string {
	return fmt.Sprintf(`{"site":"a.example","ad_id":"%d","seen_at":"2026-05-01T20:00:00Z","category":"job","title":"Servitør %d","text":"Vi søker servitør til restaurant nummer %d."%s}`, id, id, id, extra)
}

func TestImportSetsBrokenLinesAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "ads.jsonl")
	var b strings.Builder
	for i := range 1000 {
		switch i {
		case 3:
			b.WriteString("{broken\n")
		case 100:
			b.WriteString(`{"ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x"}` + "\n")
		case 500:
			b.WriteString(adLine(i, `,"age":"old"`) + "\n")
		case 501:
			b.WriteString(adLine(i, `,"category":"cars"`) + "\n")
		case 999:
			b.WriteString("\"\xff\"\n")
		default:
			b.WriteString(adLine(i, "") + "\n")
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	out, errs, code := varde(t, "import", file, "--data", data, "--json")
	if code != 0 {
		t.Fatalf("exit status %d\n%s", code, errs)
	}
	var res imported
	if err := json.Unmarshal([]byte(out), &res); err != nil {
		t.Fatal(err)
	}
	if res.New != 995 || res.Rejected != 5 || !strings.Contains(errs, "5 lines could not be read") {
		t.Errorf("%+v\n%s", res, errs)
	}
	rejected, err := os.ReadFile(file + ".rejected.jsonl")
	if err != nil {
		rejected, err = os.ReadFile(res.Files[0].RejectedFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]ad.Rejected{}
	for _, l := range lines(string(rejected)) {
		var r ad.Rejected
		if err := json.Unmarshal([]byte(l), &r); err != nil {
			t.Fatal(err)
		}
		got[r.Line] = r
	}
	for line, field := range map[int]string{4: "", 101: "site", 501: "age", 502: "category", 1000: ""} {
		if r, ok := got[line]; !ok || r.Field != field || r.Reason == "" || r.Raw == "" {
			t.Errorf("line %d is set aside as %+v", line, r)
		}
	}
	if n := len(lines(must(t, "export", "ads", "--data", data))); n != 995 {
		t.Errorf("%d ads exported", n)
	}
}

func TestImportOfNothingFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "bad.jsonl")
	if err := os.WriteFile(file, []byte("nonsense\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := varde(t, "import", file, "--data", filepath.Join(dir, "data")); code != exitNothing || !strings.Contains(errs, "rejected.jsonl") {
		t.Errorf("exit status %d\n%s", code, errs)
	}
	if _, errs, code := varde(t, "import", filepath.Join(dir, "none.jsonl"), "--data", filepath.Join(dir, "data")); code != exitNothing || !strings.Contains(errs, "none.jsonl") {
		t.Errorf("missing file: exit status %d\n%s", code, errs)
	}
	if _, _, code := varde(t, "import"); code != exitUsage {
		t.Errorf("no file named: exit status %d, want %d", code, exitUsage)
	}
}

// TestImportOfAFileThatBreaksOff: what could be read is in, and a script can tell that it is not all. Rejected lines of files that
// differ in their ending alone do not overwrite each other.
func TestImportOfAFileThatBreaksOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, cut, whole := filepath.Join(dir, "data"), filepath.Join(dir, "x.jsonl.gz"), filepath.Join(dir, "x.jsonl")
	w, err := ad.Create(cut)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(w, "broken")
	for i := range 2000 {
		fmt.Fprintln(w, adLine(i, ""))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(cut)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(cut, packed[:len(packed)/2], 0o600), os.WriteFile(whole, []byte("broken too\n"+adLine(7000, "")+"\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	_, errs, code := varde(t, "import", cut, whole, "--data", data)
	if code != exitNothing || !strings.Contains(errs, "broke off") || !strings.Contains(errs, "1 of 2 files") {
		t.Errorf("exit status %d\n%s", code, errs)
	}
	if n := len(adsOf(t, data)); n < 500 || n > 1900 {
		t.Errorf("%d ads", n)
	}
	for path, want := range map[string]string{cut: `"broken"`, whole: `"broken too"`} {
		if got, err := os.ReadFile(path + ".rejected.jsonl"); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: %s, %v", path, got, err)
		}
	}
}

func TestImportCSVByItsHeader(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	out := must(t, "import", "testdata/jobs.csv", "--data", data, "--json")
	var res imported
	if err := json.Unmarshal([]byte(out), &res); err != nil || res.New != 3 || res.Rejected != 0 {
		t.Errorf("%s (%v)", out, err)
	}
	if ads := must(t, "export", "ads", "--data", data); !strings.Contains(ads, "Rubber Gasket Inspector") {
		t.Errorf("the ads are not there:\n%s", ads)
	}
	_, errs, code := varde(t, "import", "testdata/other.csv", "--data", data)
	if code == 0 || !strings.Contains(errs, "--mapping") {
		t.Errorf("a CSV without mapping: exit status %d\n%s", code, errs)
	}
	must(t, "import", "testdata/other.csv", "--mapping", "testdata/other.mapping.yaml", "--data", data)
}

// binary builds the program once for all tests that need it as a process of its own.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "varde-test-*")
	if err != nil {
		return "", err
	}
	buildDir = dir
	path := filepath.Join(dir, "varde")
	cmd := exec.Command("go", "build", "-o", path, ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build varde: %w\n%s", err, out)
	}
	return path, nil
})

// program runs the binary, for what computes so much that the race detector would make it take minutes.
func program(t testing.TB, args ...string) (out, errs string, code int) {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	var o, e strings.Builder
	cmd := exec.Command(bin, args...)
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// buildDir holds the binary; TestMain removes it.
var buildDir string

func TestMain(m *testing.M) {
	if role, arg, _ := strings.Cut(os.Getenv(benchRole), " "); role != "" {
		if err := benchRoles[role](arg); err != nil {
			fmt.Fprintln(os.Stderr, role+":", err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if buildDir != "" {
		_ = os.RemoveAll(buildDir) // a temporary folder
	}
	os.Exit(code)
}

// short leaves the beginning of an ad's text and no pictures: a test of repeats needs many ads and not much to read in each.
func short(s *ad.Sighting) {
	s.Text = strings.ToValidUTF8(s.Text[:min(len(s.Text), 200)], "")
	s.Images = nil
}

// TestImportSurvivesKill kills an import of 4,000 ads with SIGKILL in its middle, repeats it, and compares with an import that
// nobody disturbed.
func TestImportSurvivesKill(t *testing.T) {
	t.Parallel()
	const ads = 4000
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := worldFile(t, dir, ads, short)
	calm, killed := filepath.Join(dir, "calm"), filepath.Join(dir, "killed")
	done := make(chan error, 1)
	go func() {
		out, err := exec.Command(bin, "import", file, "--data", calm).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		done <- err
	}()
	for _, after := range []int{1, ads / 2} { // at once after the first commit, and in the middle
		killWhen(t, exec.Command(bin, "import", file, "--data", killed), killed, after)
	}
	if out, err := exec.Command(bin, "import", file, "--data", killed).CombinedOutput(); err != nil {
		t.Fatalf("import again: %v\n%s", err, out)
	}
	if err := <-done; err != nil {
		t.Fatalf("undisturbed import: %v", err)
	}
	exported := func(args ...string) string {
		out, errs, code := program(t, append([]string{"export"}, args...)...)
		if code != 0 {
			t.Fatalf("export %v: exit status %d\n%s", args, code, errs)
		}
		return out
	}
	a, b := exported("networks", "--singletons", "--data", calm), exported("networks", "--singletons", "--data", killed)
	if a != b {
		t.Errorf("the networks differ after a kill: %s", firstDifference(a, b))
	}
	if n := len(lines(exported("ads", "--data", killed))); n != ads {
		t.Errorf("%d ads after a kill and a repeat, want %d", n, ads)
	}
}

// killWhen starts an import and kills it when the record holds that many ads. An import that ends before is a failure of the
// test: nothing was disturbed.
func killWhen(t *testing.T, cmd *exec.Cmd, data string, ads int) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	deadline := time.After(3 * time.Minute)
	tick := time.NewTicker(200 * time.Millisecond) // opening the record takes a while
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			t.Fatalf("the import ended before %d ads were recorded: %v", ads, err)
		case <-deadline:
			t.Fatalf("no %d ads after three minutes", ads)
		case <-tick.C:
			if recorded(data) >= ads {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				<-ended
				return
			}
		}
	}
}

// recorded counts the ads in a record that another process is writing.
func recorded(data string) int {
	ctx := context.Background()
	a := &app{data: data, err: &bytes.Buffer{}}
	s, err := a.openStore(ctx)
	if err != nil {
		return 0
	}
	defer s.Close()
	counts, err := s.Counts(ctx)
	if err != nil {
		return 0
	}
	return counts.Ads
}

func firstDifference(a, b string) string {
	la, lb := lines(a), lines(b)
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return fmt.Sprintf("line %d:\n%.600s\n%.600s", i+1, la[i], lb[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(la), len(lb))
}

func TestRebuildGivesTheSameNetworks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	must(t, "import", worldFile(t, dir, 300), "--data", data)
	networks, ads := must(t, "export", "networks", "--data", data), must(t, "export", "ads", "--data", data)
	if len(lines(networks)) < 3 {
		t.Fatalf("only %d networks", len(lines(networks)))
	}
	if err := os.RemoveAll(filepath.Join(data, "index")); err != nil {
		t.Fatal(err)
	}
	must(t, "rebuild", "--data", data)
	if again := must(t, "export", "networks", "--data", data); again != networks {
		t.Errorf("networks differ after a rebuild: %s", firstDifference(networks, again))
	}
	if again := must(t, "export", "ads", "--data", data); again != ads {
		t.Errorf("ads differ after a rebuild: %s", firstDifference(ads, again))
	}
}
