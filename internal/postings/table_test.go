package postings_test

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"varde/internal/fault"
	"varde/internal/kv"
	"varde/internal/postings"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const most = 4

// open opens a store and the postings beside it, which go to a run after every 20 records.
func open(t testing.TB, dir string) (*kv.Store, *postings.Table) {
	t.Helper()
	s, err := kv.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	runs := ""
	if dir != "" {
		runs = filepath.Join(dir, "postings")
	}
	p, err := postings.Open(runs, s, 'k', postings.Config{Most: most, Fresh: 20})
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// TestTableIsAMap: what was put and not deleted is found, also after merges, restarts and kills; what was not committed is gone after these.
func TestTableIsAMap(t *testing.T) {
	folders, runs := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		dir := ""
		if rapid.Bool().Draw(rt, "on disk") {
			runs++
			dir = filepath.Join(folders, string(rune('a'+runs%26)))
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		s, p := open(t, dir)
		type posting struct{ key, tag uint64 }
		now, kept := map[posting]uint64{}, map[posting]uint64{}
		keys := rapid.SampledFrom([]uint64{0, 1, 1 << 20, 1 << 63, 1<<64 - 2, 1<<64 - 1})
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			key := keys.Draw(rt, "key")
			switch rapid.IntRange(0, 9).Draw(rt, "do") {
			default:
				of := 0
				for one := range now {
					if one.key == key {
						of++
					}
				}
				for tag := range uint64(rapid.IntRange(0, most-of).Draw(rt, "puts")) { // of more than most some may be forgotten
					one := posting{key, 2 * rapid.Uint64Range(0, 3).Draw(rt, "tag")}
					now[one] = tag
					p.Put(key, postings.Entry{Tag: one.tag, Look: tag})
				}
			case 5, 6:
				tag := 2 * rapid.Uint64Range(0, 3).Draw(rt, "tag")
				p.Delete(key, tag)
				delete(now, posting{key, tag})
			case 7:
				if err := p.Commit(); err != nil {
					t.Fatal(err)
				}
				kept = maps.Clone(now)
			case 8:
				if dir == "" {
					break
				}
				if err := errors.Join(p.Close(), s.Close()); err != nil {
					t.Fatal(err)
				}
				s, p = open(t, dir)
				now = maps.Clone(kept)
			}
			key = keys.Draw(rt, "find")
			var want []postings.Entry
			for one, look := range now {
				if one.key == key {
					want = append(want, postings.Entry{Tag: one.tag, Look: look})
				}
			}
			slices.SortFunc(want, func(a, b postings.Entry) int { return cmp.Compare(a.Tag, b.Tag) })
			if got := p.Find(key, nil); !slices.Equal(got, want) {
				rt.Fatalf("key %x has %v, want %v", key, got, want)
			}
		}
		if err := errors.Join(s.Err(), p.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
	})
}

// filled makes a table with runs on disk, and returns their files.
func filled(t *testing.T, dir string) []string {
	t.Helper()
	s, p := open(t, dir)
	for i := range uint64(500) {
		p.Put(i*0x9e3779b97f4a7c15, postings.Entry{Tag: 2 * i})
		if err := p.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(p.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "postings", "*.run"))
	if err != nil || len(files) < 2 || len(files) > 5 {
		t.Fatalf("runs are %v, %v", files, err)
	}
	return files
}

// TestDamage: a run of which a byte changed, or that is gone or cut off, is told of when it is opened or read, and never answers wrongly.
func TestDamage(t *testing.T) {
	damage := map[string]func(b []byte) []byte{
		"a block":        func(b []byte) []byte { b[100]++; return b },
		"the first keys": func(b []byte) []byte { b[len(b)-100]++; return b },
		"cut":            func(b []byte) []byte { return b[:len(b)-64] },
		"empty":          func([]byte) []byte { return nil },
	}
	for name, change := range damage {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, file := range filled(t, dir) {
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, change(b), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s, err := kv.Open(dir, "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			p, err := postings.Open(filepath.Join(dir, "postings"), s, 'k', postings.Config{Most: most, Fresh: 20})
			if err == nil {
				defer p.Close()
				for i := range uint64(500) {
					p.Find(i*0x9e3779b97f4a7c15, nil)
				}
				err = s.Err()
			}
			if !errors.Is(err, fault.ErrDamaged) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestMissingRun(t *testing.T) {
	dir := t.TempDir()
	if err := os.Remove(filled(t, dir)[0]); err != nil {
		t.Fatal(err)
	}
	s, err := kv.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := postings.Open(filepath.Join(dir, "postings"), s, 'k', postings.Config{Most: most, Fresh: 20}); !errors.Is(err, fault.ErrDamaged) {
		t.Errorf("the error is %v", err)
	}
}

// TestLeftovers: a run that was written and not committed is removed.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	left := filepath.Join(dir, "postings", "999.run")
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, p := open(t, dir)
	defer s.Close()
	defer p.Close()
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there: %v", err)
	}
	for i := range uint64(500) {
		if got := p.Find(i*0x9e3779b97f4a7c15, nil); len(got) != 1 || got[0].Tag != 2*i {
			t.Fatalf("key %d has %v", i, got)
		}
	}
}
