package evidence_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/evidence"
)

// quick is a folder in memory where there is one, for tests that write, sync and open thousands of times and do not ask whether a disk keeps
// what it is given.
func quick(t testing.TB) string {
	t.Helper()
	memory := "/dev/shm"
	if _, err := os.Stat(memory); err != nil {
		memory = ""
	}
	dir, err := os.MkdirTemp(memory, "varde-evidence-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// fill writes n exchanges to a set and closes the archive.
func fill(t testing.TB, cfg evidence.Config, set string, n int) []ad.Capture {
	t.Helper()
	a := open(t, cfg)
	var all []ad.Capture
	for i := range n {
		captures, err := a.Append(set, exchange(fmt.Sprintf("http://example.test/ad/%d", i), strings.Repeat(fmt.Sprintf("<p>hei %d</p>", i), 1+i%7))...)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, captures...)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

func open(t testing.TB, cfg evidence.Config) *evidence.Archive {
	t.Helper()
	a, err := evidence.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func verify(t testing.TB, a *evidence.Archive) evidence.Report {
	t.Helper()
	r, err := a.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func faults(r evidence.Report) string {
	var lines []string
	for _, f := range r.Faults {
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}

// stored are the files of an archive's set, by their names, in order.
func stored(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestWhatWasWrittenVerifies(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.Rotate = 8 << 10
	fill(t, cfg, "site", 40)
	a := open(t, cfg)
	r := verify(t, a)
	if !r.OK() || r.Files < 3 || r.Records != 40*3+r.Files || len(r.Notes) > 0 {
		t.Errorf("report %+v", r)
	}
	if _, err := a.Append("site", exchange("http://example.test/x", "y")...); err != nil {
		t.Fatal(err)
	}
	if again := verify(t, a); !again.OK() || again.Records != r.Records+4 {
		t.Errorf("while a file is being written: %+v", again)
	}
}

// owners says, for each byte of a file or an index, which record a change of it must be told of.
func owners(t *testing.T, file string) func(at int) []string {
	t.Helper()
	index, err := os.ReadFile(strings.TrimSuffix(file, ".idx") + ".idx")
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		ID             string `json:"id"`
		Offset, Length int
	}
	var lines []line
	for _, text := range strings.SplitAfter(string(index), "\n") {
		var l line
		if text != "" {
			if err := json.Unmarshal([]byte(text), &l); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, l)
		}
	}
	if !strings.HasSuffix(file, ".idx") {
		return func(at int) []string {
			for _, l := range lines {
				if at >= l.Offset && at < l.Offset+l.Length {
					return []string{l.ID}
				}
			}
			return nil
		}
	}
	return func(at int) []string {
		n := strings.Count(string(index[:at]), "\n")
		switch {
		case n == 0:
			return []string{lines[1].ID}
		case n == len(lines)-1:
			return []string{lines[n-1].ID}
		}
		return []string{lines[n].ID}
	}
}

func TestAChangedByteIsFoundAndItsRecordNamed(t *testing.T) {
	t.Parallel()
	cfg := testConfig(quick(t))
	cfg.Rotate = 1
	fill(t, cfg, "site", 1)
	a := open(t, cfg)
	for _, file := range stored(t, cfg.Dir) {
		os.Chmod(file, 0o600)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		owner := owners(t, file)
		name, _ := filepath.Rel(cfg.Dir, file)
		for at := 0; at < len(data); at += sparsely {
			changed := bytes.Clone(data)
			changed[at] ^= byte(1 << (at / sparsely % 8))
			if err := os.WriteFile(file, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			r := verify(t, a)
			i := slices.IndexFunc(r.Faults, func(f evidence.Fault) bool { return f.File == name && slices.Contains(owner(at), f.Record) })
			if i < 0 {
				t.Fatalf("byte %d of %s changed; want a fault of record %v, have:\n%s", at, name, owner(at), faults(r))
			}
			if len(r.Faults) > 3 {
				t.Fatalf("byte %d of %s changed; %d faults for one byte:\n%s", at, name, len(r.Faults), faults(r))
			}
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if r := verify(t, a); !r.OK() {
		t.Error("all put back:", faults(r))
	}
}

func TestAChangedByteOfALargerArchiveIsFound(t *testing.T) {
	t.Parallel()
	cfg := testConfig(quick(t))
	cfg.Rotate = 30 << 10
	fill(t, cfg, "site", 50)
	a := open(t, cfg)
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, file := range stored(t, cfg.Dir) {
		os.Chmod(file, 0o600)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		owner := owners(t, file)
		f, err := os.OpenFile(file, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for range 300 / sparsely {
			at := rnd.IntN(len(data))
			f.WriteAt([]byte{data[at] ^ byte(1+rnd.IntN(255))}, int64(at))
			r := verify(t, a)
			if !slices.ContainsFunc(r.Faults, func(f evidence.Fault) bool { return slices.Contains(owner(at), f.Record) }) {
				t.Fatalf("byte %d of %s changed; want a fault of record %v, have:\n%s", at, file, owner(at), faults(r))
			}
			f.WriteAt(data[at:at+1], int64(at))
		}
	}
}

func TestWhatIsMissingOrTooMuchIsFound(t *testing.T) {
	rows := map[string]struct {
		change func(t *testing.T, files []string) // files: two with their indexes
		want   string
	}{
		"a file":            {func(t *testing.T, f []string) { os.Remove(f[0]) }, "the file is missing; its index is there"},
		"an index":          {func(t *testing.T, f []string) { os.Remove(f[1]) }, "the index is missing"},
		"a file with index": {func(t *testing.T, f []string) { os.Remove(f[0]); os.Remove(f[1]) }, "the file is missing; "},
		"the last record": {func(t *testing.T, f []string) {
			cutLines(t, f[2], f[3], 2)
		}, "a seal: what followed was cut off"},
		"the seal":               {func(t *testing.T, f []string) { cutLines(t, "", f[3], 1) }, "a seal: what followed was cut off"},
		"half a file":            {func(t *testing.T, f []string) { os.Chmod(f[2], 0o600); os.Truncate(f[2], 700) }, "its bytes are missing: the file ends at 700"},
		"all of a file":          {func(t *testing.T, f []string) { os.Chmod(f[2], 0o600); os.Truncate(f[2], 0) }, "its bytes are missing: the file ends at 0"},
		"half an index":          {func(t *testing.T, f []string) { os.Chmod(f[3], 0o600); os.Truncate(f[3], 900) }, "its line in the index was changed"},
		"a stranger's file":      {func(t *testing.T, f []string) { os.WriteFile(filepath.Dir(f[0])+"/x.txt", nil, 0o600) }, "it is not part of the evidence"},
		"bytes at the end":       {func(t *testing.T, f []string) { appendTo(t, f[2], "x") }, "1 bytes that the index does not know follow it"},
		"a line after the seal":  {func(t *testing.T, f []string) { appendTo(t, f[3], "{}\n") }, "its line in the index was changed"},
		"bytes in place of a CR": {func(t *testing.T, f []string) { replaceIn(t, f[3], "\n", "\r\n") }, "its line in the index was changed"},
		"one file for another":   {func(t *testing.T, f []string) { swap(t, f[0], f[2]); swap(t, f[1], f[3]) }, "the index is not this file's"},
		"another file's records": {func(t *testing.T, f []string) { swap(t, f[0], f[2]) }, "its stored bytes were changed"},
		"another set's file":     {func(t *testing.T, f []string) { os.Rename(filepath.Dir(f[0]), filepath.Dir(f[0])+"2") }, "the index is not this file's"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t.TempDir())
			cfg.Rotate = 2500
			fill(t, cfg, "site", 4)
			a := open(t, cfg)
			files := stored(t, cfg.Dir)
			if len(files) != 4 {
				t.Fatalf("%d files", len(files))
			}
			row.change(t, files)
			if got := faults(verify(t, a)); !strings.Contains(got, row.want) {
				t.Errorf("want %q, have %q", row.want, got)
			}
		})
	}
}

// cutLines takes the last lines of an index away, and the records of them of its file.
func cutLines(t *testing.T, file, index string, n int) {
	t.Helper()
	data, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	lines = lines[:len(lines)-1]
	keep := lines[:len(lines)-n]
	if file != "" {
		var last struct{ Offset, Length int64 }
		if err := json.Unmarshal([]byte(keep[len(keep)-1]), &last); err != nil {
			t.Fatal(err)
		}
		os.Chmod(file, 0o600)
		if err := os.Truncate(file, last.Offset+last.Length); err != nil {
			t.Fatal(err)
		}
	}
	os.Chmod(index, 0o600)
	if err := os.WriteFile(index, []byte(strings.Join(keep, "")), 0o600); err != nil {
		t.Fatal(err)
	}
}

func appendTo(t *testing.T, file, text string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(file, 0o600)
	if err := os.WriteFile(file, append(data, text...), 0o600); err != nil {
		t.Fatal(err)
	}
}

func replaceIn(t *testing.T, file, old, with string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(file, 0o600)
	if err := os.WriteFile(file, bytes.Replace(data, []byte(old), []byte(with), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

func swap(t *testing.T, a, b string) {
	t.Helper()
	for _, r := range [][2]string{{a, a + "~"}, {b, a}, {a + "~", b}} {
		if err := os.Rename(r[0], r[1]); err != nil {
			t.Fatal(err)
		}
	}
}
