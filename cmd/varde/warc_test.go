package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/evidence"
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
	if r.Records != 13 || r.Pages != 4 || r.Revisits != 1 || r.New != 3 || r.Known != 0 || r.NoAd != 1 || r.Damaged != 1 || !res.Waited || res.SetAside > 0 {
		t.Errorf("%+v", r)
	}
	for reason, n := range map[string]int{leftDamaged: 1, leftOutside: 1, leftNoAdPage: 1, leftKind: 3, leftType: 1, leftStatus: 1, leftOrphan: 1} {
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
	if out := p.must("ola", "evidence", "show", "market.example/7"); !strings.Contains(out, "stands for urn:uuid:"+uuid(1)) || !strings.Contains(out, `"file":"capture.warc.gz"`) {
		t.Errorf("show:\n%s", out)
	}
	for n, want := range map[int]string{1: "> GET /ad/7 HTTP/1.1", 2: "> GET /ad/8 HTTP/1.1"} {
		if out := p.must("ola", "evidence", "show", "urn:uuid:"+uuid(n)); !strings.Contains(out, want) {
			t.Errorf("show:\n%s", out)
		}
	}
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
	if res := p.reextract("", "--dry-run"); res.Pages != 4 || res.Unchanged != 3 || res.NoAd != 1 || res.Orphans > 0 {
		t.Errorf("read again: %+v", res)
	}
	if out := p.must("", "reconcile"); !strings.Contains(out, "3 sightings in the evidence compared: 3 were recorded") {
		t.Errorf("reconcile: %s", out)
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
