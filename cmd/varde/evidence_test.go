package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/evidence"
)

// TestEvidence: what was crawled can be shown, checked and handed over, by who says who they are and what for; one byte changed is found
// and named, and nothing that rests on it is handed out.
func TestEvidence(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	p.active("market", m.target(t))
	p.crawl(2)
	const key = "market.example/7"
	p.must("ola", "target", "pause", "market", "--reason", "slow\n2026-01-01T00:00:00Z  target_approved     chief    target:market")
	p.refused(exitUsage, "--as NAME", "", "evidence", "show", key)
	p.refused(exitNothing, "there is no ad", "ola", "evidence", "show", "market.example/70")
	out := p.must("ola", "evidence", "show", key)
	for _, want := range []string{"1 versions, 1 captures", "sound", "> GET /ad/7 HTTP/1.1", "< HTTP/1.1 200 OK", `"robots":"none"`, "authorisation A-"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not shown:\n%s", want, out)
		}
	}
	if raw := p.must("ola", "evidence", "show", key, "--raw"); raw != adPage {
		t.Errorf("raw: %q", raw)
	}
	c := p.ad("7").Provenance.Captures[0]
	if out := p.must("ola", "evidence", "show", c.Record); !strings.Contains(out, c.SHA256) {
		t.Errorf("record:\n%s", out)
	}
	p.refused(exitNothing, "no record", "ola", "evidence", "show", evidence.NewID())

	var v verified
	if err := json.Unmarshal([]byte(p.must("", "evidence", "verify", "--json")), &v); err != nil || !v.Sound || v.Ads != 2 || v.Captures != 2 || v.Files == 0 {
		t.Errorf("%+v, %v", v, err)
	}
	p.handedOver(t, key)
	p.changed(t, key)
}

// handedOver exports a package and checks it with other tools.
func (p *people) handedOver(t *testing.T, key string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case 7")
	p.refused(exitUsage, "--purpose", "kari", "evidence", "export", key, "-o", dir)
	p.refused(exitUsage, "-o DIR", "kari", "evidence", "export", key, "--purpose", "case 7")
	p.refused(exitUsage, "--as NAME", "", "evidence", "export", key, "-o", dir, "--purpose", "case 7")
	if _, err := os.Stat(dir); err == nil {
		t.Fatal("something was written")
	}
	var exported struct{ SHA256 string }
	if err := json.Unmarshal([]byte(p.must("kari", "evidence", "export", key, "-o", dir, "--purpose", "case 7", "--json")), &exported); err != nil {
		t.Fatal(err)
	}
	check := exec.Command("sha256sum", "-c", "SHA256SUMS")
	check.Dir = dir
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("sha256sum: %v\n%s", err, out)
	}
	if sum, err := sha256File(filepath.Join(dir, "SHA256SUMS")); err != nil || sum != exported.SHA256 {
		t.Errorf("%s, want %s, %v", sum, exported.SHA256, err)
	}
	custody, err := os.ReadFile(filepath.Join(dir, "custody.txt"))
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, step := range []string{"target_drafted", "target_approved", "captured", "read", "evidence_shown", "evidence_exported"} {
		i := strings.Index(string(custody)[at:], "  "+step)
		if i < 0 {
			t.Errorf("%s does not follow in\n%s", step, custody)
			break
		}
		at += i
	}
	if strings.Contains(string(custody), "\n2026-01-01T00:00:00Z") || !strings.Contains(string(custody), `reason "slow\n2026-01-01`) {
		t.Errorf("a reason is a line of its own:\n%s", custody)
	}
	for name, want := range map[string]string{"page.txt": "Servitør søkes", "ad.json": `"ad_id": "7"`, "authorisation.json": `"approved_by": "kari"`, "target-market-v1.yaml": "politiloven § 2"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s has no %q: %v\n%s", name, want, err, data)
		}
	}
	if out, errs, code := varde(t, "evidence", "verify", "--package", dir); code != 0 || !strings.Contains(out, "as it was written") {
		t.Errorf("exit status %d\n%s%s", code, out, errs)
	}
	p.refused(exitUsage, "not empty", "kari", "evidence", "export", key, "-o", dir, "--purpose", "case 7")
	broken := filepath.Join(t.TempDir(), "broken off")
	p.file(filepath.Join(mkdir(t, broken+".part"), "ad.json"), "{}")
	p.refused(exitUsage, "broken off", "kari", "evidence", "export", key, "-o", broken, "--purpose", "case 7")
	p.noted(t)
	flip(t, filepath.Join(dir, "records.warc.gz"), 1500)
	if out, _, code := varde(t, "evidence", "verify", "--package", dir); code != exitNothing || !strings.Contains(out, "records.warc.gz at byte") || !strings.Contains(out, "urn:uuid:") {
		t.Errorf("exit status %d\n%s", code, out)
	}
}

// changed: a byte of the record that an ad rests on is changed, and then its file is lost.
func (p *people) changed(t *testing.T, key string) {
	t.Helper()
	c := p.ad("7").Provenance.Captures[0]
	file := filepath.Join(p.data, "evidence", c.File)
	flip(t, file, c.Offset+300)
	dir := filepath.Join(t.TempDir(), "damaged")
	p.refused(exitNothing, c.Record, "kari", "evidence", "export", key, "-o", dir, "--purpose", "case 7")
	if _, err := os.Stat(dir); err == nil {
		t.Error("something was written")
	}
	p.refused(exitNothing, "faults", "kari", "evidence", "show", key)
	out, errs, code := p.varde("", "evidence", "verify")
	if code != exitNothing || !strings.Contains(out, c.Record) || !strings.Contains(out, c.File) || !strings.Contains(out, "1 different") {
		t.Errorf("exit status %d\n%s%s", code, out, errs)
	}
	if err := errors.Join(os.Chmod(filepath.Dir(file), 0o700), os.Remove(file), os.Remove(file+".idx")); err != nil {
		t.Fatal(err)
	}
	if out, _, code := p.varde("", "evidence", "verify"); code != exitNothing || !strings.Contains(out, "2 missing") {
		t.Errorf("exit status %d\n%s", code, out)
	}
}

func mkdir(t testing.TB, dir string) string {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// noted: a package is in the log before it is in its place, and where it cannot be put there nothing of it is left, and of what was there
// before all.
func (p *people) noted(t *testing.T) {
	t.Helper()
	a := &app{data: p.data, config: p.config, err: io.Discard}
	archive, err := a.readEvidence()
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	pack := evidence.Package{Subject: "ad:market.example/7", By: "kari", Purpose: "case 9", Made: time.Now().UTC(), Archive: archive, Captures: p.ad("7").Provenance.Captures}
	dir := mkdir(t, filepath.Join(t.TempDir(), "taken"))
	p.file(filepath.Join(dir, "mine.txt"), "mine")
	export := &evidenceExport{app: a, dir: dir, archive: archive}
	if export.store, err = a.openStore(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := func() string {
		found, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*", "*")) // the pattern is sound
		return strings.Join(found, " ")
	}
	exports := func() int {
		entries, err := export.store.Entries(t.Context(), pack.Subject)
		if err != nil {
			t.Fatal(err)
		}
		return len(slices.DeleteFunc(entries, func(e audit.Entry) bool { return e.Purpose != "case 9" }))
	}
	if _, err := export.hand(t.Context(), pack); err == nil || exports() != 1 || left() != filepath.Join(dir, "mine.txt") {
		t.Errorf("a folder that has something else in it: %v, %d entries, there is %s", err, exports(), left())
	}
	if err := export.store.Close(); err != nil {
		t.Fatal(err)
	}
	export.dir = filepath.Join(filepath.Dir(dir), "unnoted")
	if _, err := export.hand(t.Context(), pack); err == nil || left() != filepath.Join(dir, "mine.txt") {
		t.Errorf("without the log: %v, there is %s", err, left())
	}
}

// TestCustodyIsInOrder: by time, and what happened at one time by its number in the log; each on one line.
func TestCustodyIsInOrder(t *testing.T) {
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	events := []custodyEvent{{At: at.Add(time.Second), Entry: 1}, {At: at, Entry: 9}, {At: at, Entry: 3}, {At: at}}
	inOrder(events)
	for i, want := range []int64{0, 3, 9, 1} {
		if events[i].Entry != want {
			t.Errorf("%d: %+v", i, events[i])
		}
	}
	e := custodyEvent{At: at, What: "taken_in", Who: "another program, as x\u2028y\r\n says", Record: "r", Detail: "from\u0085 \v here"}
	if line := e.line(); line != "2026-11-01T08:00:00Z  taken_in            another program, as x y says  r  from here\n" {
		t.Errorf("%q", line)
	}
}

// TestARevisitStandsForWhatWasBeforeIt: a record that somebody wrote later under a known id does not take its place.
func TestARevisitStandsForWhatWasBeforeIt(t *testing.T) {
	archive, err := evidence.Open(evidence.Config{Dir: t.TempDir(), Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	const uri = "https://market.example/ad/7"
	whole := func(id, body string) *evidence.Record {
		return &evidence.Record{Type: evidence.Response, ID: id, TargetURI: uri, ContentType: evidence.HTTPResponse, Block: []byte(page(body))}
	}
	first := evidence.NewID()
	revisit := func() *evidence.Record {
		return &evidence.Record{Type: evidence.Revisit, TargetURI: uri, ContentType: evidence.HTTPResponse, Profile: evidence.NotModified, RefersTo: first,
			Block: []byte("HTTP/1.1 304 Not Modified\r\n\r\n")}
	}
	captures, err := archive.Append("market", whole(first, "genuine"), revisit(), whole(first, "forged"), revisit())
	if err := errors.Join(err, archive.Sync(t.Context())); err != nil {
		t.Fatal(err)
	}
	for _, c := range []ad.Capture{captures[1], captures[3]} {
		chain, err := wholePageOf(t.Context(), archive, c)
		if err != nil || len(chain) != 2 || !strings.Contains(string(chain[1].Block), "genuine") || chain[1].at != captures[0] {
			t.Errorf("%v, %v", chain, err)
		}
	}
	orphan := revisit()
	orphan.RefersTo = evidence.NewID()
	later := whole(orphan.RefersTo, "later")
	captures, err = archive.Append("market", orphan, later)
	if err := errors.Join(err, archive.Sync(t.Context())); err != nil {
		t.Fatal(err)
	}
	if chain, err := wholePageOf(t.Context(), archive, captures[0]); err == nil {
		t.Errorf("what came later stands for it: %v", chain)
	}
}
