package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"varde/internal/evidence"
	"varde/internal/frontier"
	"varde/internal/target"
)

// foreignRecord is a record as another program writes it.
func foreignRecord(kind, id, uri, date, extra, block string) string {
	sum := sha1.Sum([]byte(block))
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:%s>\r\nWARC-Date: %s\r\nWARC-Target-URI: %s\r\nWARC-IP-Address: 192.0.2.7\r\n"+
		"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n%sWARC-Block-Digest: sha1:%s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
		kind, id, date, uri, extra, base32.StdEncoding.EncodeToString(sum[:]), len(block), block)
}

func page(body string) string {
	return "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
}

func uuid(n int) string { return fmt.Sprintf("11111111-1111-4111-8111-%012d", n) }

const httpResponse = "Content-Type: application/http;msgtype=response\r\n"

// capture is a WARC of the market that another program made: two ads within the target, one of them seen twice, and what is not to be read.
func (m *market) capture(t testing.TB) string {
	t.Helper()
	day := func(n int) string { return time.Now().UTC().AddDate(0, 0, n-9).Format("2006-01-02T15:04:05Z") }
	second := day(2)
	records := []string{
		foreignRecord("request", uuid(10), m.URL+"/ad/7", day(1), "Content-Type: application/http;msgtype=request\r\nWARC-Concurrent-To: <urn:uuid:"+uuid(1)+">\r\n", "GET /ad/7 HTTP/1.1\r\nHost: x\r\n\r\n"),
		foreignRecord("response", uuid(1), m.URL+"/ad/7", day(1), httpResponse, page(adPage)),
		foreignRecord("request", uuid(13), m.URL+"/ad/8", second, "Content-Type: application/http;msgtype=request\r\n", "GET /ad/8 HTTP/1.1\r\nHost: y\r\n\r\n"),
		foreignRecord("response", uuid(2), m.URL+"/ad/8", second, httpResponse+"WARC-Concurrent-To: <urn:uuid:"+uuid(13)+">\r\n", page(strings.ReplaceAll(adPage, "Servitør", "Kokk"))),
		foreignRecord("revisit", uuid(3), m.URL+"/ad/7", day(3), httpResponse+"WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\n"+
			"WARC-Refers-To-Target-URI: "+m.URL+"/ad/7\r\nWARC-Refers-To-Date: "+day(1)+"\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
		foreignRecord("revisit", uuid(4), m.URL+"/ad/9", day(3), httpResponse+"WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\nWARC-Refers-To: <urn:uuid:"+uuid(99)+">\r\n", "HTTP/1.1 200 OK\r\n\r\n"),
		foreignRecord("response", uuid(5), m.URL+"/ads", second, httpResponse, page(m.pages["/ads"])),
		foreignRecord("response", uuid(6), "http://other.example/ad/7", second, httpResponse, page(adPage)),
		foreignRecord("response", uuid(7), m.URL+"/ad/10", second, httpResponse, page("<p>log in first")),
		foreignRecord("response", uuid(8), m.URL+"/ad/11", second, httpResponse, "HTTP/1.1 404 Not Found\r\n\r\n"),
		foreignRecord("response", uuid(9), m.URL+"/ad/12", second, httpResponse, "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
		strings.Replace(foreignRecord("response", uuid(11), m.URL+"/ad/13", second, httpResponse, page(adPage)), "Servit", "Xervit", 1),
		foreignRecord("metadata", uuid(12), m.URL+"/ad/7", second, "Content-Type: application/warc-fields\r\n", "fetchTimeMs: 7\r\n"),
		foreignRecord("response", uuid(14), m.URL+"/ad/14", second, httpResponse, page("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")),
		foreignRecord("response", uuid(15), m.URL+"/ad/15", second, httpResponse, "HTTP/1.1 200 OK\r\n\r\n\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
		foreignRecord("revisit", uuid(16), m.URL+"/ad/7", day(3), httpResponse+"WARC-Refers-To: <urn:uuid:"+uuid(1)+">\r\n", page("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")),
		foreignRecord("response", uuid(17), m.URL+"/ad/17", second, httpResponse, page(`<form method=post action="/login"><input name=email><input type=password name=p></form>`)),
	}
	path := filepath.Join(t.TempDir(), "capture.warc.gz")
	var b bytes.Buffer
	for _, r := range records {
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(r)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestImportWARC: what another program fetched is read under a target, within its limits, and is evidence like what was crawled.
func TestImportWARC(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	file := m.capture(t)
	p.refused(exitUsage, "--target ID", "ola", "import", file)
	p.refused(exitNothing, "varde target list", "ola", "import", file, "--target", "market")
	p.must("ola", "target", "add", p.draft("market.yaml", m.target(t)))
	p.refused(exitUsage, "approved target only", "ola", "import", file, "--target", "market")
	p.must("kari", "target", "approve", "market", "--version", "1", "--yes")
	p.refused(exitUsage, "--as NAME", "", "import", file, "--target", "market")
	p.refused(exitUsage, "for WARC files", "ola", "import", fewAds(t, 0, 2), "--target", "market")
	p.refused(exitUsage, "by themselves", "ola", "import", file, fewAds(t, 0, 2), "--target", "market")

	out, errs, code := p.varde("ola", "import", file, "--target", "market", "--json")
	var res warcImported
	if err := json.Unmarshal([]byte(out), &res); err != nil || code != 0 || len(res.Files) != 1 {
		t.Fatalf("exit status %d, %v\n%s%s", code, err, out, errs)
	}
	r := res.Files[0]
	if r.Records != 17 || r.Pages != 5 || r.Revisits != 1 || r.New != 3 || r.Known != 0 || r.NoAd != 2 || r.Why[string(frontier.LogIn)] != 1 || r.Damaged != 1 || !res.Waited || res.SetAside > 0 {
		t.Errorf("%+v", r)
	}
	for reason, n := range map[string]int{leftDamaged: 1, leftOutside: 1, leftNoAdPage: 1, leftKind: 3, leftType: 4, leftStatus: 1, leftOrphan: 1} {
		if r.Left[reason] != n {
			t.Errorf("%s: %d, want %d", reason, r.Left[reason], n)
		}
	}
	if !strings.Contains(errs, uuid(11)) {
		t.Errorf("the damaged record is not named:\n%s", errs)
	}
	a := p.ad("7")
	if a.Title != "Servitør søkes" || a.Provenance.Source != "import" || a.Provenance.File != "capture.warc.gz" || a.Provenance.Authorisation == "" ||
		len(a.Provenance.Captures) != 1 || a.SeenAt.Format(time.DateOnly) != time.Now().UTC().AddDate(0, 0, -6).Format(time.DateOnly) {
		t.Errorf("%+v", a)
	}
	p.takenIn(t, file)
	m.askedFor(t)
}

// takenIn: what was imported is known the second time, can be shown and handed over, and read again.
func (p *people) takenIn(t *testing.T, file string) {
	t.Helper()
	before := p.must("", "export", "ads")
	if out := p.must("ola", "import", file, "--target", "market"); !strings.Contains(out, "nothing was changed") {
		t.Errorf("again: %s", out)
	}
	if after := p.must("", "export", "ads"); after != before {
		t.Errorf("the ads differ: %s", firstDifference(before, after))
	}
	out := p.must("ola", "evidence", "show", "market.example/7")
	whole := regexp.MustCompile(`stands for (urn:uuid:\S+)`).FindStringSubmatch(out)
	if whole == nil || whole[1] == "urn:uuid:"+uuid(1) || !strings.Contains(out, `"file":"capture.warc.gz"`) || !strings.Contains(out, `"record":"urn:uuid:`+uuid(3)) {
		t.Fatalf("show:\n%s", out)
	}
	for id, want := range map[string]string{whole[1]: "> GET /ad/7 HTTP/1.1", p.ad("8").Provenance.Captures[0].Record: "> GET /ad/8 HTTP/1.1"} {
		if out := p.must("ola", "evidence", "show", id); !strings.Contains(out, want) {
			t.Errorf("show:\n%s", out)
		}
	}
	p.refused(exitNothing, "no record", "ola", "evidence", "show", "urn:uuid:"+uuid(1)) // an id that others chose is not taken
	if raw := p.must("ola", "evidence", "show", "market.example/7", "--raw"); raw != adPage {
		t.Errorf("raw: %q", raw)
	}
	if out := p.must("", "evidence", "verify"); !strings.Contains(out, "2 captures of 2 ads looked up: 0 missing, 0 different") {
		t.Errorf("verify:\n%s", out)
	}
	dir := filepath.Join(t.TempDir(), "package")
	p.must("ola", "evidence", "export", "market.example/7", "-o", dir, "--purpose", "case 7")
	custody, err := os.ReadFile(filepath.Join(dir, "custody.txt"))
	if err != nil || !strings.Contains(string(custody), "taken_in") || !strings.Contains(string(custody), "another program") {
		t.Errorf("%v\n%s", err, custody)
	}
	if res := p.reextract("", "--dry-run"); res.Pages != 5 || res.Unchanged != 3 || res.NoAd != 2 || res.Why[string(frontier.LogIn)] != 1 || res.Orphans > 0 {
		t.Errorf("read again: %+v", res)
	}
	if out := p.must("", "reconcile"); !strings.Contains(out, "3 sightings in the evidence compared: 3 were recorded") {
		t.Errorf("reconcile: %s", out)
	}
}

// TestImportWARCThatIsBrokenOff: what an import wrote before it was broken off is not written again, and a target that is revoked meanwhile
// takes nothing more in.
func TestImportWARCThatIsBrokenOff(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	file := m.capture(t)
	p.active("market", m.target(t))
	a := &app{data: p.data, config: p.config, out: io.Discard, err: io.Discard}
	sys, err := a.openToPublish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = sys.with(t.Context(), func(ctx context.Context) error {
		st, err := sys.desk.Get(ctx, "market")
		if err != nil {
			return err
		}
		wi := &warcImporter{app: a, id: "market", noWait: true, sys: sys, desk: sys.desk, target: st.Spec, actor: "ola", publisher: &publishing{sys: sys, archive: sys.archive}}
		again := func() warcResult {
			wi.importedBefore = map[string]time.Time{} // as if it had not come to its end
			res, err := wi.run(ctx, []string{file})
			if err != nil {
				t.Fatal(err)
			}
			return res.Files[0]
		}
		records := func() (n int) {
			for _, err := range sys.archive.Walk(ctx, "market", evidence.Position{}) {
				if n++; err != nil {
					t.Error(err)
				}
			}
			return n
		}
		if r := again(); r.New != 3 || r.Failed != "" {
			t.Errorf("%+v", r)
		}
		before := records()
		if r := again(); r.New+r.Known != 3 || r.NoAd != 2 || r.Failed != "" {
			t.Errorf("again: %+v", r)
		}
		// The record may not have yet what was published a moment ago: then its three readings are written once more, and no page.
		if after := records(); after-before > 3 {
			t.Errorf("%d records after %d", after, before)
		}
		before = records()
		if _, err := sys.desk.Revoke(ctx, "kari", "market", "the case is closed"); err != nil {
			return err
		}
		if r := again(); !strings.Contains(r.Failed, "revoked") || r.New > 0 || records() != before {
			t.Errorf("after the target was revoked: %+v, %d records after %d", r, records(), before)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	m.askedFor(t)
}

// TestRootsAreBounded: a file of any length takes bounded memory.
func TestRootsAreBounded(t *testing.T) {
	w := &warcReader{}
	w.begin()
	for i := range mostRoots + 10 {
		id := strconv.Itoa(i)
		w.remember(&warcRoot{id: id, keys: [2]string{"k" + id, "d" + id}, uri: "u" + id})
	}
	if len(w.roots) != 2*mostRoots || len(w.latest) != mostRoots || w.roots["k9"] != nil || w.roots["k10"] == nil {
		t.Errorf("%d roots, %d latest", len(w.roots), len(w.latest))
	}
}

func TestIsWARC(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, pack bool) string {
		var b bytes.Buffer
		if pack {
			z := gzip.NewWriter(&b)
			_, _ = z.Write([]byte(text)) // into memory
			_ = z.Close()
		} else {
			b.WriteString(text)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	yes := []string{write("a.warc", "WARC/1.0\r\nx", false), write("b.jsonl", "WARC/1.1\r\nx", false), write("c.gz", "WARC/1.1\r\nx", true)}
	no := []string{write("d.warc", "", false), write("e.warc.gz", "{}\n{}\n{}", true), write("f", "WARC", false), write("g", "\x1f\x8b broken", false), "-", filepath.Join(dir, "none")}
	for _, path := range slices.Concat(yes, no) {
		if got := isWARC(path); got != slices.Contains(yes, path) {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// FuzzWARC: whatever a file of strangers holds, reading it ends, and what comes out are valid sightings within the target.
func FuzzWARC(f *testing.F) {
	m := open(f, nil)
	m.Close()
	tg, err := target.Parse("market.yaml", []byte(m.target(f)))
	if err != nil {
		f.Fatal(err)
	}
	seed, err := os.ReadFile(m.capture(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(foreignRecord("response", "x", m.URL+"/ad/7", "2026", httpResponse, page(adPage))))
	f.Fuzz(func(t *testing.T, data []byte) {
		w := &warcReader{warcImporter: &warcImporter{target: tg}, res: &warcResult{Why: map[string]int{}, Left: map[string]int{}}}
		w.begin()
		for l, err := range evidence.Scan(bytes.NewReader(data), 1<<20) {
			if err == nil {
				w.record(l)
			}
		}
		for _, one := range w.pending {
			if s := one.sighting; s != nil && (s.Site != tg.Site || s.Validate(time.Now()) != nil || s.Provenance.Source != "import") {
				t.Errorf("%+v", s)
			}
		}
	})
}
