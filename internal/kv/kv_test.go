package kv_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"varde/internal/fault"
	"varde/internal/kv"
)

func TestMain(m *testing.M) {
	// Pebble leaves a ticker behind where a folder could not be opened.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/cockroachdb/pebble/v2/vfs.(*diskHealthCheckingFS).startTickerLocked.func1"))
}

// TestStoreIsAMap: reads see what was written, a scan is in order, and what was committed, and only that, is there after a restart.
func TestStoreIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "kv")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		s, err := kv.Open(dir, "a")
		if err != nil {
			t.Fatal(err)
		}
		now, kept := map[string]string{}, map[string]string{}
		keys := rapid.StringOfN(rapid.RuneFrom([]rune("ab\x00\xff")), 1, 4, -1)
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "do") {
			case 0, 1, 2:
				key, value := keys.Draw(t, "key"), fmt.Sprint(rapid.Int().Draw(t, "value"))
				s.Put([]byte(key), []byte(value))
				now[key] = value
			case 3:
				key := keys.Draw(t, "key")
				s.Delete([]byte(key))
				delete(now, key)
			case 4:
				if err := s.Commit(); err != nil {
					t.Fatal(err)
				}
				kept = maps.Clone(now)
			case 5:
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if s, err = kv.Open(dir, "a"); err != nil {
					t.Fatal(err)
				}
				now = maps.Clone(kept)
			}
			key := keys.Draw(t, "read")
			value, ok := s.Get([]byte(key))
			if want, there := now[key]; ok != there || string(value) != want {
				t.Fatalf("%q is %q, %v, want %q", key, value, ok, want)
			}
			var got, want []string
			for k, v := range s.Scan([]byte(key)) {
				got = append(got, string(k)+"="+string(v))
			}
			for _, k := range slices.Sorted(maps.Keys(now)) {
				if strings.HasPrefix(k, key) {
					want = append(want, k+"="+now[k])
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("from %q: %q, want %q", key, got, want)
			}
		}
		if err := errors.Join(s.Err(), s.Close()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDamagedFolder(t *testing.T) {
	dir := t.TempDir()
	s, err := kv.Open(dir, "a")
	if err != nil {
		t.Fatal(err)
	}
	s.Put([]byte("a"), []byte("b"))
	if err := errors.Join(s.Commit(), s.Close()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "MANIFEST*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no manifest", err)
	}
	for _, f := range files {
		if err := os.WriteFile(f, []byte("not this"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := kv.Open(dir, "a"); !errors.Is(err, fault.ErrDamaged) {
		t.Errorf("a damaged folder opens with %v", err)
	}
}
