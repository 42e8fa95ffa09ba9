package evidence_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"varde/internal/evidence"
)

// foreignRecord is what a reader that did not come from here says of a record.
type foreignRecord struct {
	Type, ID, URI, Date string
	Offset              int64
	Block, Payload      *bool
	Status              int
	Content             string
}

// warcio reads files with npm's warcio.
func warcio(t *testing.T, files ...string) []foreignRecord {
	t.Helper()
	if _, err := os.Stat("testdata/warcio/node_modules/warcio"); err != nil {
		t.Fatal("npm's warcio is not installed; run: make tools")
	}
	return run(t, exec.Command("node", append([]string{"testdata/warcio/check.mjs"}, files...)...))
}

// gowarc reads files with the Internet Archive's gowarc.
func gowarc(t *testing.T, files ...string) []foreignRecord {
	t.Helper()
	program := filepath.Join(t.TempDir(), "gowarc")
	if out, err := exec.Command("go", "build", "-C", "testdata/gowarc", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("gowarc cannot be built; run: make tools\n%s", out)
	}
	return run(t, exec.Command(program, files...))
}

func run(t *testing.T, cmd *exec.Cmd) []foreignRecord {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, stderr.String())
	}
	var recs []foreignRecord
	for line := range bytes.Lines(out) {
		var r foreignRecord
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		recs = append(recs, r)
	}
	return recs
}

// everyKind is records of all the kinds that the crawler writes.
func everyKind(t testing.TB, dir string) {
	t.Helper()
	cfg := testConfig(dir)
	cfg.Rotate = 4 << 10
	a := open(t, cfg)
	add := func(recs ...*evidence.Record) {
		t.Helper()
		if _, err := a.Append("site", recs...); err != nil {
			t.Fatal(err)
		}
	}
	first := exchange("http://example.test/å?q=\"x\" y", "<p>Blåbær</p>")
	add(first...)
	head := http.Header{"Content-Type": {"text/html"}, "Set-Cookie": {"a=b", "c=d"}, "X-Odd": {"a\r\nb"}, "Content-Encoding": {"gzip"}, "Transfer-Encoding": {"chunked"}}
	add(&evidence.Record{Type: evidence.Response, TargetURI: "https://example.test/2", ContentType: evidence.HTTPResponse, IP: "2001:db8::1",
		Fields: [][2]string{{"WARC-Protocol", "h2"}}, Block: evidence.ResponseBlock("HTTP/2.0", 200, head, []byte(packedAs(t, page(3000))))})
	add(&evidence.Record{Type: evidence.Response, TargetURI: "https://example.test/picture.jpg", ContentType: evidence.HTTPResponse, Truncated: "unspecified",
		Block: evidence.ResponseBlock("HTTP/1.1", 200, http.Header{"Content-Type": {"image/jpeg"}, "Content-Length": {"12345"}}, nil)})
	add(&evidence.Record{Type: evidence.Response, TargetURI: "https://example.test/long", ContentType: evidence.HTTPResponse, Truncated: "length",
		Block: evidence.ResponseBlock("HTTP/1.1", 200, http.Header{"Content-Length": {"99999"}}, []byte("<p>and so on"))})
	add(&evidence.Record{Type: evidence.Revisit, TargetURI: first[0].TargetURI, ContentType: evidence.HTTPResponse, Profile: evidence.NotModified,
		RefersTo: first[1].ID, RefersToURI: first[1].TargetURI, RefersToDate: first[1].Date, Block: evidence.ResponseBlock("HTTP/1.1", 304, http.Header{"Etag": {`"x"`}}, nil)})
	add(&evidence.Record{Type: evidence.Metadata, TargetURI: first[0].TargetURI, ContentType: "application/vnd.varde.sighting+json", RefersTo: first[1].ID,
		Block: []byte(`{"site":"example.test"}`)})
	add(&evidence.Record{Type: evidence.Resource, TargetURI: "urn:x:certificate", ContentType: "application/pkix-cert", Block: []byte{0, 1, 2, 0xff}})
	add(&evidence.Record{Type: evidence.Response, TargetURI: "http://example.test/empty", ContentType: evidence.HTTPResponse,
		Block: evidence.ResponseBlock("HTTP/1.0", 204, nil, nil)})
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestReadersFromElsewhereReadEveryRecord(t *testing.T) {
	dir := t.TempDir()
	everyKind(t, dir)
	files, _ := filepath.Glob(filepath.Join(dir, "site", "*.warc.gz"))
	a := open(t, testConfig(dir))
	var ours []*evidence.Located
	for l, err := range a.Walk(context.Background(), "", evidence.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		ours = append(ours, l)
	}
	if len(files) < 2 || len(ours) != 10+len(files) {
		t.Fatalf("%d files, %d records", len(files), len(ours))
	}
	for name, theirs := range map[string][]foreignRecord{"warcio": warcio(t, files...), "gowarc": gowarc(t, files...)} {
		if len(theirs) != len(ours) {
			t.Fatalf("%s reads %d records of %d", name, len(theirs), len(ours))
		}
		for i, r := range theirs {
			l := ours[i]
			if r.ID != "<"+l.ID+">" || r.Type != l.Type || r.Offset != l.Offset {
				t.Errorf("%s reads record %d as %+v, it is %s %s at %d", name, i, r, l.Type, l.ID, l.Offset)
			}
			if r.Block == nil || !*r.Block || r.Payload != nil && !*r.Payload {
				t.Errorf("%s: record %d, %s: digests %v, %v", name, i, l.Type, r.Block, r.Payload)
			}
		}
	}
	for i, r := range warcio(t, files...) {
		l := ours[i]
		if r.URI != l.TargetURI || r.Date != l.Date.Format(time.RFC3339Nano) {
			t.Errorf("warcio reads the head of record %d as %+v", i, r)
		}
		if m, err := l.HTTP(); err == nil && (m.Status != r.Status || l.Type == evidence.Response && m.Header.Get("Content-Type") != r.Content) {
			t.Errorf("warcio reads the HTTP head of record %d as %+v, it is %+v", i, r, m)
		}
	}
}

// TestReadersFromElsewhereReadABusyArchive reads what many callers wrote at once, over several files.
func TestReadersFromElsewhereReadABusyArchive(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.Rotate = 50 << 10
	captures := fill(t, cfg, "site", 300)
	files, _ := filepath.Glob(filepath.Join(cfg.Dir, "site", "*.warc.gz"))
	want := len(captures) + len(files)
	for name, theirs := range map[string][]foreignRecord{"warcio": warcio(t, files...), "gowarc": gowarc(t, files...)} {
		good := 0
		for _, r := range theirs {
			if r.Block != nil && *r.Block && (r.Payload == nil || *r.Payload) {
				good++
			}
		}
		if len(theirs) != want || good != want {
			t.Errorf("%s reads %d records, %d of them with right digests; there are %d", name, len(theirs), good, want)
		}
	}
}

// TestTheCommandOfGowarcFindsOurFilesValid runs the very command that a package's README names.
func TestTheCommandOfGowarcFindsOurFilesValid(t *testing.T) {
	dir := t.TempDir()
	everyKind(t, dir)
	files, _ := filepath.Glob(filepath.Join(dir, "site", "*.warc.gz"))
	for _, f := range files {
		out, err := exec.Command("go", "tool", "-C", "testdata/gowarc", "warc", "verify", f).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "valid=true") || !strings.Contains(string(out), "errors=0") {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
