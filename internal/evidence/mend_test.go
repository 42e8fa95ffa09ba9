package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/evidence"
)

// left is what a killed process left of a set's one file.
type left struct {
	name        string // of the file, as it will be called
	warc, index []byte
}

// leave appends exchanges and takes the files as a killed process would leave them: with or without a last sync.
func leave(t *testing.T, n int, synced bool) (left, []ad.Capture) {
	t.Helper()
	cfg := testConfig(t.TempDir())
	a := open(t, cfg)
	var all []ad.Capture
	for i := range n {
		captures, err := a.Append("site", exchange(fmt.Sprintf("http://example.test/%d", i), "<p>hei</p>")...)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, captures...)
	}
	if synced {
		if err := a.Sync(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	l := left{name: filepath.Base(all[0].File)}
	var err error
	if l.warc, err = os.ReadFile(filepath.Join(cfg.Dir, "site", l.name+".open")); err != nil {
		t.Fatal(err)
	}
	if l.index, err = os.ReadFile(filepath.Join(cfg.Dir, "site", l.name+".idx")); err != nil {
		t.Fatal(err)
	}
	return l, all
}

// put lays what was left into a new folder; a nil index is none.
func (l left) put(t *testing.T, warc, index []byte) evidence.Config {
	t.Helper()
	cfg := testConfig(quick(t))
	dir := filepath.Join(cfg.Dir, "site")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, l.name+".open"), warc, 0o600); err != nil {
		t.Fatal(err)
	}
	if index != nil {
		if err := os.WriteFile(filepath.Join(dir, l.name+".idx"), index, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cfg
}

func TestAFileCutAnywhereKeepsItsWholeRecords(t *testing.T) {
	t.Parallel()
	l, captures := leave(t, 1, false)
	for i, index := range [][]byte{l.index, nil, l.index[:len(l.index)/2]} {
		for cut := range len(l.warc) + 1 {
			if i > 0 && cut%5 != 0 || cut%sparsely != 0 {
				continue
			}
			cfg := l.put(t, l.warc[:cut], index)
			a := open(t, cfg)
			whole := int64(0) // the records that end before the cut; the first one is the file's own
			ends := append(captures, ad.Capture{Offset: int64(len(l.warc))})
			for _, e := range ends {
				if e.Offset <= int64(cut) {
					whole++
				}
			}
			r := verify(t, a)
			if !r.OK() || r.Records != whole {
				t.Fatalf("cut at %d: %d records of %d; %s", cut, r.Records, whole, faults(r))
			}
			for i, c := range captures[:max(0, whole-1)] {
				if _, err := a.Read(context.Background(), c); err != nil {
					t.Fatalf("cut at %d: record %d: %v", cut, i, err)
				}
			}
			got := a.Recovered()
			if len(got) != 1 || got[0].Err != nil || got[0].Records != whole || got[0].Lost+got[0].Gaps+got[0].IndexCut > 0 {
				t.Fatalf("cut at %d: told %v", cut, got)
			}
			if left, _ := filepath.Glob(filepath.Join(cfg.Dir, "site", "*.open")); len(left) > 0 {
				t.Fatalf("cut at %d: %v left", cut, left)
			}
			a.Close()
		}
	}
}

func TestAFileWithItsIndexCutAnywhereIsMended(t *testing.T) {
	t.Parallel()
	l, captures := leave(t, 1, true)
	for cut := 0; cut <= len(l.index); cut += sparsely {
		a := open(t, l.put(t, l.warc, l.index[:cut]))
		r := verify(t, a)
		if !r.OK() || r.Records != int64(len(captures))+1 {
			t.Fatalf("index cut at %d: %d records; %s", cut, r.Records, faults(r))
		}
		if got := a.Recovered()[0]; got.IndexCut > 0 {
			t.Fatalf("index cut at %d: a line that broke off is told as damage: %v", cut, got)
		}
		a.Close()
	}
}

func TestWhatWasOnDiskAndIsGoneIsToldOf(t *testing.T) {
	l, captures := leave(t, 3, true)
	rows := map[string]struct {
		warc, index []byte
		told        string
		fault       string
	}{
		"the end of the file": {l.warc[:len(l.warc)-30], l.index, "30 bytes that were on disk are gone", captures[len(captures)-1].Record + ": its bytes are missing"},
		"all of the file":     {nil, l.index, "bytes that were on disk are gone", captures[0].Record + ": its bytes are missing"},
		"a page of zeros in the file": {overwrite(l.warc, int(captures[4].Offset)+10, 40), l.index[:bytes.IndexByte(l.index, '\n')+1],
			"bytes between records are no record", ""},
		"a line of the index": {l.warc, overwrite(l.index, bytes.IndexByte(l.index, '\n')+20, 3), "bytes of the index were dropped", ""},
		"a byte of a record":  {overwrite(l.warc, int(captures[4].Offset)+30, 1), l.index, "0 of them added", captures[4].Record + ": its stored bytes were changed"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			a := open(t, l.put(t, row.warc, row.index))
			if told := a.Recovered(); len(told) != 1 || !strings.Contains(told[0].String(), row.told) {
				t.Errorf("told %v", told)
			}
			r := verify(t, a)
			if got := faults(r); !strings.Contains(got, row.fault) || row.fault == "" && got != "" {
				t.Errorf("faults %s", got)
			}
			if len(r.Notes) == 0 && !strings.Contains(row.fault, "were changed") { // where nothing was mended the fault says all
				t.Error("nothing is noted of the mending")
			}
			if _, err := a.Append("site", exchange("http://example.test/", "x")...); err != nil {
				t.Error(err)
			}
		})
	}
}

func overwrite(b []byte, at, n int) []byte {
	c := bytes.Clone(b)
	clear(c[at : at+n])
	return c
}

func TestAFileOfALivingProcessIsLeftAlone(t *testing.T) {
	cfg := testConfig(t.TempDir())
	a := open(t, cfg)
	before, err := a.Append("site", exchange("http://example.test/1", "x")...)
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, cfg)
	if told := b.Recovered(); len(told) > 0 {
		t.Error("mended the other's file:", told)
	}
	after, err := a.Append("site", exchange("http://example.test/2", "y")...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Append("site", exchange("http://example.test/3", "z")...); err != nil {
		t.Fatal(err)
	}
	for _, c := range append(before, after...) {
		if _, err := b.Read(context.Background(), c); err != nil {
			t.Error(err)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, b); !r.OK() || r.Files != 2 || r.Records != 11 {
		t.Errorf("%+v", r)
	}
}

func TestAFileThatCannotBeMendedIsToldOfAndTriedAgain(t *testing.T) {
	l, captures := leave(t, 1, false)
	cfg := l.put(t, l.warc, l.index)
	d := new(disk)
	d.create.Store(&noSpace)
	a := open(t, evidence.WithFiles(cfg, d.open))
	if told := a.Recovered(); len(told) != 1 || !errors.Is(told[0].Err, noSpace) || !strings.Contains(told[0].String(), "could not be mended") {
		t.Errorf("told %v", told)
	}
	d.create.Store(nil)
	if _, err := a.Append("site", exchange("http://example.test/", "x")...); err != nil {
		t.Error("other files must not wait for it:", err)
	}
	b := open(t, cfg)
	if told := b.Recovered(); len(told) != 1 || told[0].Err != nil {
		t.Errorf("told %v", told)
	}
	readable(t, b, captures)
}
