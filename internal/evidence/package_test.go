package evidence_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
)

// makePackage writes a package of two exchanges with another between them, and of a sighting that stands in the next file.
func makePackage(t *testing.T) (dir string, m evidence.Manifest, a *evidence.Archive) {
	t.Helper()
	cfg := testConfig(quick(t))
	cfg.Rotate = 4800
	a = open(t, cfg)
	var captures []ad.Capture
	for i, uri := range []string{"http://example.test/1", "http://example.test/other", "http://example.test/2", "http://example.test/3"} {
		got, err := a.Append("site", exchange(uri, "<p>Hei</p>")...)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			captures = append(captures, got[1])
		}
	}
	sighting := &evidence.Record{Type: evidence.Metadata, TargetURI: "http://example.test/one", RefersTo: captures[0].Record,
		ContentType: "application/vnd.varde.sighting+json", Block: []byte(`{"ad_id":"1"}`)}
	if _, err := a.Append("site", sighting); err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(quick(t), "package")
	m, err := evidence.WritePackage(context.Background(), dir, evidence.Package{
		Subject: "ad:example.test/1", By: "kari", Purpose: "case 12\x1b[2J/26", Made: testTime, Software: "varde/test",
		Ad: []byte(`{"site":"example.test"}` + "\n"), Page: "Hei\r\n\x1b[31mrød\u202e\x00tekst\n\tinnrykk", Authorisation: []byte("{}\n"),
		Targets: []evidence.TargetText{{ID: "site", Version: 3, Text: []byte("id: site\n")}, {ID: "site", Version: 4, Text: []byte("id: site\n")}, {ID: "other", Version: 3, Text: []byte("id: other\n")}},
		Custody: []byte("[]\n"), CustodyText: "1. captured", Archive: a, Captures: captures,
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, m, a
}

func TestAPackageIsWholeAndVerifies(t *testing.T) {
	dir, m, a := makePackage(t)
	r, err := evidence.VerifyPackage(dir)
	if err != nil || !r.OK() || r.Files != 12 {
		t.Fatalf("%+v, %v", r, err)
	}
	var kinds []string
	for _, rec := range m.Records {
		kinds = append(kinds, rec.Type)
		if rec.OriginFile == "" {
			continue
		}
		if _, err := a.Read(context.Background(), ad.Capture{Record: rec.Record, File: rec.OriginFile, Offset: rec.OriginOffset, SHA256: rec.SHA256}); err != nil {
			t.Error("its origin:", err)
		}
	}
	want := "warcinfo warcinfo request response metadata request response metadata warcinfo metadata"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("records %s", got)
	}
	for name, want := range map[string]string{"target-site-v3.yaml": "id: site\n", "target-other-v3.yaml": "id: other\n"} { // two targets, one number
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != want {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, "page.txt"))
	if err != nil || string(page) != "Hei\n[31mrødtekst\n\tinnrykk\n" {
		t.Errorf("page.txt is %q", page)
	}
	text, err := os.ReadFile(filepath.Join(dir, "README.txt"))
	if err != nil || bytes.ContainsAny(text, "\x1b\x00") {
		t.Errorf("README.txt holds control characters: %q", text)
	}
}

// TestThePackagesOwnInstructionsWork runs each command of README.txt. Those that would fetch a program run the same one as it is installed.
func TestThePackagesOwnInstructionsWork(t *testing.T) {
	dir, m, _ := makePackage(t)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "README.txt"))
	if err != nil {
		t.Fatal(err)
	}
	installed := strings.NewReplacer(
		"npx warcio@2.4.11", "node "+here+"/testdata/warcio/node_modules/warcio/dist/cli.js",
		"go run github.com/internetarchive/gowarc/cmd/warc@v0.8.101 verify ", "go tool -C "+here+"/testdata/gowarc warc verify "+dir+"/")
	outputs := map[string]string{}
	for line := range strings.Lines(string(text)) {
		command, is := strings.CutPrefix(strings.TrimSpace(line), "")
		if is = is && strings.HasPrefix(line, "     ") && line[5] != ' '; !is {
			continue
		}
		cmd := exec.Command("bash", "-euo", "pipefail", "-c", installed.Replace(command))
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		outputs[command] = string(out)
	}
	asked := m.Records[slices.IndexFunc(m.Records, func(r evidence.PackagedRecord) bool { return r.Asked })]
	for command, want := range map[string]string{"sha256sum -c": "records.warc.gz: OK", "sha256sum SHA": m.SHA256, "gzip -t": "", "npx warcio": `"warc-type":"metadata"`,
		"go run": "valid=true", "tail": asked.SHA256} {
		found := false
		for c, out := range outputs {
			found = found || strings.HasPrefix(c, command) && strings.Contains(out, want)
		}
		if !found {
			t.Errorf("no command %q prints %q: %v", command, want, outputs)
		}
	}
	for name, theirs := range map[string][]foreignRecord{"warcio": warcio(t, filepath.Join(dir, "records.warc.gz")), "gowarc": gowarc(t, filepath.Join(dir, "records.warc.gz"))} {
		if len(theirs) != len(m.Records) {
			t.Fatalf("%s reads %d records of %d", name, len(theirs), len(m.Records))
		}
		for i, r := range theirs {
			if r.ID != "<"+m.Records[i].Record+">" || r.Offset != m.Records[i].Offset || !*r.Block {
				t.Errorf("%s reads %+v", name, r)
			}
		}
	}
}

func TestAChangedByteOfAPackageIsFound(t *testing.T) {
	t.Parallel()
	dir, m, _ := makePackage(t)
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range names {
		file := filepath.Join(dir, e.Name())
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(data); at += sparsely {
			if step := map[string]int{"README.txt": 41, "manifest.json": 29, "records.warc.gz": 5}[e.Name()]; step > 0 && at%step > 0 {
				continue
			}
			changed := bytes.Clone(data)
			changed[at] ^= byte(1 << (at / sparsely % 8))
			if err := os.WriteFile(file, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := evidence.VerifyPackage(dir)
			if err != nil {
				t.Fatal(err)
			}
			named := slices.ContainsFunc(r.Faults, func(f evidence.Fault) bool {
				if e.Name() != "records.warc.gz" {
					return f.File == e.Name() || e.Name() == "SHA256SUMS"
				}
				i := slices.IndexFunc(m.Records, func(r evidence.PackagedRecord) bool { return int64(at) < r.Offset+r.Length })
				return f.Record == m.Records[i].Record
			})
			if !named {
				t.Fatalf("byte %d of %s changed: %s", at, e.Name(), faults(r))
			}
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPackageWithMoreOrLessInItIsNotWhole(t *testing.T) {
	for name, change := range map[string]func(dir string) error{
		"a file more": func(d string) error { return os.WriteFile(d+"/more.txt", nil, 0o600) },
		"a file less": func(d string) error { return os.Remove(d + "/custody.txt") },
		"no sums":     func(d string) error { return os.Remove(d + "/SHA256SUMS") },
		"no manifest": func(d string) error { return os.Remove(d + "/manifest.json") },
		"no records":  func(d string) error { return os.Remove(d + "/records.warc.gz") },
		"a folder":    func(d string) error { return os.Mkdir(d+"/x", 0o700) },
		"half a file": func(d string) error { return os.Truncate(d+"/records.warc.gz", 300) },
		"a longer file": func(d string) error {
			b, err := os.ReadFile(d + "/records.warc.gz")
			return errors.Join(err, os.WriteFile(d+"/records.warc.gz", append(b, b...), 0o600))
		},
	} {
		dir, _, _ := makePackage(t)
		if err := change(dir); err != nil {
			t.Fatal(err)
		}
		if r, err := evidence.VerifyPackage(dir); err != nil || r.OK() {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// TestAStrangersFolderHoldsNobodyUp: what is no file is named and not opened. A pipe nobody writes to would be waited for without end.
func TestAStrangersFolderHoldsNobodyUp(t *testing.T) {
	for _, name := range []string{"SHA256SUMS", "manifest.json", "records.warc.gz", "custody.txt", "more.txt"} {
		for kind, put := range map[string]func(path string) error{
			"a pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) },
			"a link to another place": func(path string) error {
				return errors.Join(os.WriteFile(path+"-elsewhere", nil, 0o600), os.Rename(path+"-elsewhere", filepath.Join(filepath.Dir(path), "../elsewhere")), os.Symlink("../elsewhere", path))
			},
			"a folder": func(path string) error { return os.Mkdir(path, 0o700) },
		} {
			dir, _, _ := makePackage(t)
			path := filepath.Join(dir, name)
			if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			if err := put(path); err != nil {
				t.Fatal(err)
			}
			done := make(chan evidence.Report, 1)
			go func() {
				r, err := evidence.VerifyPackage(dir)
				if err != nil {
					t.Error(err)
				}
				done <- r
			}()
			select {
			case r := <-done:
				if !slices.ContainsFunc(r.Faults, func(f evidence.Fault) bool { return f.File == name && strings.Contains(f.What, kind) }) {
					t.Errorf("%s as %s is not named: %s", name, kind, faults(r))
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("%s as %s is waited for", name, kind)
			}
		}
	}
}

func TestAPackageIsNotWrittenOverOrHalf(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.WritePackage(context.Background(), dir, evidence.Package{}); !errors.Is(err, fault.ErrUsage) || fault.Sentence(err) == "" {
		t.Errorf("into a folder that is not empty: %v", err)
	}
	cfg := testConfig(t.TempDir())
	captures := fill(t, cfg, "site", 1)
	replaceIn(t, filepath.Join(cfg.Dir, filepath.FromSlash(captures[1].File)), "\x1f\x8b\x08", "\x1f\x8b\x09")
	captures[1].SHA256 = strings.Repeat("0", 64)
	to := filepath.Join(t.TempDir(), "new")
	_, err := evidence.WritePackage(context.Background(), to, evidence.Package{Archive: open(t, cfg), Captures: captures[1:2], Made: testTime})
	if !errors.Is(err, fault.ErrDamaged) || !strings.Contains(err.Error(), captures[1].Record) {
		t.Errorf("of damaged evidence: %v", err)
	}
	if left, _ := os.ReadDir(to); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAManifestSaysWhereEveryRecordIsFrom(t *testing.T) {
	dir, m, _ := makePackage(t)
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var read evidence.Manifest
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if read.Subject != m.Subject || len(read.Records) != len(m.Records) || len(read.Files) != len(m.Files) || read.SHA256 != "" || len(m.SHA256) != 64 {
		t.Errorf("manifest %+v\nreturned %+v", read, m)
	}
	for _, f := range read.Files {
		if f.What == "" || f.Size == 0 {
			t.Errorf("file %+v", f)
		}
	}
}
