package evidence_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
)

// disk is files that fail when they are told to.
type disk struct {
	write, sync, truncate, create atomic.Pointer[error]
	// room is how many bytes can still be written before write fails, short.
	room  atomic.Int64
	syncs atomic.Int64
}

func (d *disk) open(name string, flag int, perm fs.FileMode) (evidence.File, error) {
	if err := d.create.Load(); err != nil && flag&os.O_CREATE != 0 {
		return nil, *err
	}
	f, err := os.OpenFile(name, flag, perm)
	return &faulty{File: f, d: d}, err
}

type faulty struct {
	*os.File
	d *disk
}

func (f *faulty) WriteAt(b []byte, at int64) (int, error) {
	if err := f.d.write.Load(); err != nil {
		n, _ := f.File.WriteAt(b[:min(int64(len(b)), f.d.room.Load())], at)
		return n, *err
	}
	return f.File.WriteAt(b, at)
}

func (f *faulty) Sync() error {
	f.d.syncs.Add(1)
	if err := f.d.sync.Load(); err != nil {
		return *err
	}
	return f.File.Sync()
}

func (f *faulty) Truncate(n int64) error {
	if err := f.d.truncate.Load(); err != nil {
		return *err
	}
	return f.File.Truncate(n)
}

var (
	noSpace error = syscall.ENOSPC
	ioError error = syscall.EIO
)

func TestAFullDiskIsToldAndNothingTornStays(t *testing.T) {
	for _, room := range []int64{0, 1, 100, 600, 900} {
		for _, cannotCut := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d bytes of room, cannot cut %v", room, cannotCut), func(t *testing.T) {
				d := new(disk)
				d.room.Store(room)
				cfg := evidence.WithFiles(testConfig(t.TempDir()), d.open)
				a := open(t, cfg)
				good, err := a.Append("site", exchange("http://example.test/1", "x")...)
				if err != nil {
					t.Fatal(err)
				}
				d.write.Store(&noSpace)
				if cannotCut {
					d.truncate.Store(&ioError)
				}
				for range 3 {
					if _, err := a.Append("site", exchange("http://example.test/2", "y")...); !errors.Is(err, noSpace) && !(cannotCut && errors.Is(err, ioError)) {
						t.Fatalf("no error of the full disk: %v", err)
					}
				}
				d.write.Store(nil)
				d.truncate.Store(nil)
				later, err := a.Append("site", exchange("http://example.test/3", "z")...)
				if err != nil {
					t.Fatalf("there is room again: %v", err)
				}
				if err := a.Sync(context.Background()); err != nil {
					t.Fatal(err)
				}
				readable(t, a, append(good, later...))
				if err := a.Close(); err != nil {
					t.Fatal(err)
				}
				if r := verify(t, a); !r.OK() || r.Records != 7 {
					t.Errorf("%d records; %s", r.Records, faults(r))
				}
			})
		}
	}
}

func readable(t *testing.T, a *evidence.Archive, captures []ad.Capture) {
	t.Helper()
	for _, c := range captures {
		if _, err := a.Read(context.Background(), c); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASyncThatFailedIsNotTakenForDone(t *testing.T) {
	d := new(disk)
	cfg := evidence.WithFiles(testConfig(t.TempDir()), d.open)
	a := open(t, cfg)
	first, err := a.Append("site", exchange("http://example.test/1", "x")...)
	if err != nil {
		t.Fatal(err)
	}
	d.sync.Store(&ioError)
	if err := a.Sync(context.Background()); !errors.Is(err, ioError) {
		t.Fatalf("sync: %v", err)
	}
	// What a system does after such a failure: the pages are gone, and the next sync says that all is well.
	path := filepath.Join(cfg.Dir, filepath.FromSlash(first[0].File)) + ".open"
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, make([]byte, len(before)), 0o600); err != nil {
		t.Fatal(err)
	}
	d.sync.Store(nil)
	second, err := a.Append("site", exchange("http://example.test/2", "y")...)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Sync(context.Background()); err != nil {
		t.Fatal(err)
	}
	readable(t, a, append(first, second...))
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, a); !r.OK() || r.Records != 7 {
		t.Errorf("%d records; %s", r.Records, faults(r))
	}
}

func TestFilesThatCannotBeMadeOrSealedAreTriedAgain(t *testing.T) {
	d := new(disk)
	cfg := evidence.WithFiles(testConfig(t.TempDir()), d.open)
	cfg.Rotate = 500 // a new file with every exchange
	a := open(t, cfg)
	var kept []ad.Capture
	try := func(want error) {
		t.Helper()
		captures, err := a.Append("site", exchange("http://example.test/", "x")...)
		if !errors.Is(err, want) {
			t.Fatalf("got %v, want %v", err, want)
		}
		kept = append(kept, captures...)
	}
	d.create.Store(&noSpace)
	try(noSpace)
	d.create.Store(nil)
	try(nil)
	d.create.Store(&noSpace)
	try(noSpace)
	d.create.Store(nil)
	try(nil)
	d.sync.Store(&ioError)
	try(ioError)
	d.sync.Store(nil)
	try(nil)
	d.write.Store(&noSpace)
	try(noSpace)
	d.write.Store(nil)
	try(nil)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	readable(t, a, kept)
	if r := verify(t, a); !r.OK() || r.Files != 4 || r.Records != 16 {
		t.Errorf("%d files, %d records; %s", r.Files, r.Records, faults(r))
	}
}

func TestCallersShareASync(t *testing.T) {
	d := new(disk)
	a := open(t, evidence.WithFiles(testConfig(t.TempDir()), d.open))
	const callers, rounds = 16, 50
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	var all []ad.Capture
	for c := range callers {
		wg.Go(func() {
			for i := range rounds {
				captures, err := a.Append("site", exchange(fmt.Sprintf("http://example.test/%d/%d", c, i), "x")...)
				if err == nil {
					err = a.Sync(context.Background())
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for j, got := range captures {
					if j > 0 && (got.File != captures[0].File || got.Offset <= captures[j-1].Offset) {
						t.Error("records of one Append are not one after the other")
					}
					if place := fmt.Sprint(got.File, got.Offset); seen[place] {
						t.Error("two records in one place")
					} else {
						seen[place] = true
					}
				}
				all = append(all, captures...)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if n := d.syncs.Load(); n > callers*rounds/2 {
		t.Errorf("%d syncs for %d calls", n, callers*rounds)
	}
	readable(t, a, all)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, a); !r.OK() || r.Records != callers*rounds*3+1 {
		t.Errorf("%d records; %s", r.Records, faults(r))
	}
}

func TestSetsAndSizesAndAgesHaveTheirOwnFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig(t.TempDir())
		cfg.Now = time.Now
		cfg.Age = time.Hour
		a := open(t, cfg)
		add := func(set string) string {
			captures, err := a.Append(set, exchange("http://example.test/", "x")...)
			if err != nil {
				t.Fatal(err)
			}
			return captures[0].File
		}
		one, two := add("one"), add("two")
		if one == two || !strings.HasPrefix(one, "one/one-2000") || add("one") != one {
			t.Errorf("files %s, %s", one, two)
		}
		time.Sleep(61 * time.Minute) // of the bubble's clock
		later := add("one")
		if later <= one {
			t.Errorf("after an hour: %s after %s", later, one)
		}
		if _, err := os.Stat(filepath.Join(cfg.Dir, filepath.FromSlash(one))); err != nil {
			t.Error("the first is not sealed:", err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Append("one", exchange("http://example.test/", "x")...); err == nil {
			t.Error("appended to closed evidence")
		}
		if sets, err := a.Sets(); err != nil || fmt.Sprint(sets) != "[one two]" {
			t.Errorf("sets %v, %v", sets, err)
		}
	})
}

func TestNamesFollowEachOtherWhenTheClockGoesBack(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.Rotate = 1
	now := testTime
	cfg.Now = func() time.Time { now = now.Add(-time.Minute); return now }
	captures := fill(t, cfg, "site", 5)
	for i := 3; i < len(captures); i += 3 {
		if captures[i].File <= captures[i-3].File {
			t.Errorf("%s after %s", captures[i].File, captures[i-3].File)
		}
	}
}

func TestWhatIsNoRecordIsRefused(t *testing.T) {
	a := open(t, testConfig(t.TempDir()))
	rows := map[string]*evidence.Record{
		"no type":                    {},
		"unknown type":               {Type: "page"},
		"a response of nowhere":      {Type: evidence.Response},
		"a line break in a type":     {Type: evidence.Metadata, ContentType: "a/b\r\nWARC-Type: response"},
		"a line break in a field":    {Type: evidence.Metadata, Fields: [][2]string{{"X-A", "b\nc: d"}}},
		"a line break in a name":     {Type: evidence.Metadata, Fields: [][2]string{{"X-A: b\r\nX-C", "d"}}},
		"a NUL":                      {Type: evidence.Metadata, Fields: [][2]string{{"X-A", "b\x00"}}},
		"a field with its own place": {Type: evidence.Metadata, Fields: [][2]string{{"warc-date", "2020-01-01"}}},
		"a line break in an id":      {Type: evidence.Metadata, ID: "urn:x:a\r\nb"},
		"a bracket in an id":         {Type: evidence.Metadata, RefersTo: "urn:x:a>"},
		"an id that is no URI":       {Type: evidence.Metadata, ConcurrentTo: []string{"a"}},
		"no IP":                      {Type: evidence.Metadata, IP: "localhost\r\n"},
		"no digest":                  {Type: evidence.Resource, TargetURI: "http://x/", PayloadSHA256: "ABC"},
		"a revisit of no profile":    {Type: evidence.Revisit, TargetURI: "http://x/"},
		"a response that refers":     {Type: evidence.Response, TargetURI: "http://x/", RefersTo: "urn:x:a"},
		"a metadata with a payload":  {Type: evidence.Metadata, PayloadSHA256: strings.Repeat("a", 64)},
		"too large":                  {Type: evidence.Metadata, Block: make([]byte, evidence.MaxBlock+1)},
	}
	for name, r := range rows {
		if _, err := a.Append("site", r); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, set := range []string{"", "..", "a/b", "Å", ".x", strings.Repeat("a", 101)} {
		if _, err := a.Append(set, exchange("http://x/", "x")...); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("set %q: %v", set, err)
		}
	}
	if sets, err := a.Sets(); err != nil || len(sets) > 0 {
		t.Errorf("something was written: %v, %v", sets, err)
	}
}

func TestAddressesCannotBeginAFieldOrEndAString(t *testing.T) {
	a := open(t, testConfig(t.TempDir()))
	uri := "http://example.test/å\r\nWARC-Type: x\r\n\r\n\"},{\\<>\x00\xff"
	captures, err := a.Append("site", exchange(uri, "x")...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Read(context.Background(), captures[1])
	if err != nil || r.TargetURI != "http://example.test/%C3%A5%0D%0AWARC-Type:%20x%0D%0A%0D%0A%22%7D,%7B%5C%3C%3E%00%FF" {
		t.Errorf("%q, %v", r.TargetURI, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, a); !r.OK() {
		t.Error(faults(r))
	}
}

// TestAnAddressWithoutEndDoesNotStopACrawl: sites send what they like.
func TestAnAddressWithoutEndDoesNotStopACrawl(t *testing.T) {
	a := open(t, testConfig(t.TempDir()))
	for _, uri := range []string{"http://x/" + strings.Repeat("a", 1<<20), "http://x/" + strings.Repeat("å", 1<<18), "http://x/a" + strings.Repeat("å", 1<<18),
		"http://x/aa" + strings.Repeat("å", 1<<18)} {
		captures, err := a.Append("site", exchange(uri, "x")...)
		if err != nil {
			t.Fatal(err)
		}
		r, err := a.Read(context.Background(), captures[1])
		if err != nil || len(r.TargetURI) > 16<<10 || !strings.Contains(r.TargetURI, "#cut-sha256-") {
			t.Errorf("%d bytes, %v", len(r.TargetURI), err)
		}
		if _, err := url.Parse(r.TargetURI); err != nil {
			t.Error(err)
		}
		if related, err := a.Related(context.Background(), captures[1]); err != nil || len(related) != 2 {
			t.Errorf("%d related, %v", len(related), err)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, a); !r.OK() {
		t.Error(faults(r))
	}
}
