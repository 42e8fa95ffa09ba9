package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/network"
	"varde/internal/store"
	"varde/internal/stream"
)

// TestNothingIsLinkedOnAStaleState: when the record was away, what the linker believed then must not be built on.
func TestNothingIsLinkedOnAStaleState(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard, data: t.TempDir()}
	s, err := a.open(ctx, slog.LevelError)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	var in []stream.Message
	for _, id := range []string{"1", "2"} {
		x := ad.Sighting{Site: "a.example", AdID: id, Title: "Servitør " + id, Category: ad.Job, SeenAt: worldStart, Phones: []string{"+4741234567"}}
		f, err := s.detectors.Find(ctx, &x)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(&f)
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, stream.Message{ID: x.ID(), Data: data})
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first fails to commit, the second to load
		if _, err := s.link(ctx, in); !recordAway(err) {
			t.Fatalf("while the record is away: %v", err)
		}
	}
	if s.store, err = store.Open(ctx, a.storeURL(), store.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.link(ctx, in); err != nil {
		t.Fatal(err)
	}
	if c, err := s.store.Counts(ctx); err != nil || c.Networks != 1 || c.Ads != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}

// panicky panics where scores are made.
type panicky struct{ network.Scorer }

func (panicky) Score([]ad.Indicator) indicator.Scored { panic("an ad that nobody thought of") }

// TestNothingIsLinkedOnAHalfMadeState: an ad by which linking panics is set aside, and what it left half done is not built on.
func TestNothingIsLinkedOnAHalfMadeState(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard, data: t.TempDir()}
	s, err := a.open(ctx, slog.LevelError)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if err := s.dropLinker(); err != nil {
		t.Fatal(err)
	}
	if s.linker, err = openLinker(s.settings.Linking, "", panicky{s.catalogue}); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(&ad.Finding{Sighting: ad.Sighting{Site: "a.example", AdID: "1", Title: "Servitør", SeenAt: worldStart}})
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("it did not panic")
			}
		}()
		s.link(ctx, []stream.Message{{ID: "1", Data: data}})
	}()
	if s.linker != nil {
		t.Error("the half-made state is kept")
	}
	if err := s.takeUpPeople(ctx); err != nil || s.linker == nil { // decisions are followed though no ad comes
		t.Errorf("it is not loaded anew: %v", err)
	}
}

// TestDamagedLinkState: where files of the state of linking are damaged, the next command says so, makes it anew, and the networks are the same.
func TestDamagedLinkState(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", fewAds(t, 0, 60), "--data", data)
	must(t, "import", fewAds(t, 60, 1), "--data", data) // Pebble's log goes to tables
	before := must(t, "export", "networks", "--format", "jsonl", "--data", data)
	tables, err := filepath.Glob(filepath.Join(data, "links", "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatal("there are no tables", err)
	}
	for _, f := range tables {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for i := range b[:len(b)/2] {
			b[i] ^= 0x55
		}
		if err := os.WriteFile(f, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, errs, code := varde(t, "import", fewAds(t, 0, 61), "--data", data)
	if code != 0 || !strings.Contains(errs, "the state of linking is damaged; it is made anew") {
		t.Errorf("exit status %d\n%s", code, errs)
	}
	if after := must(t, "export", "networks", "--format", "jsonl", "--data", data); after != before {
		t.Errorf("networks were\n%s\nand are\n%s", before, after)
	}
}

// TestImportOfOddValues: one ad that no record could keep is refused by name, an identifier that nobody could type links nothing,
// and what stands twice is counted once.
func TestImportOfOddValues(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, data := filepath.Join(dir, "ads.jsonl"), filepath.Join(dir, "data")
	in := []string{adLine(1, ""), adLine(2, `,"posted_at":"9999-12-31T23:59:59-10:00"`), adLine(3, `,"contacts":["telegram:ab\u0000cd"]`),
		adLine(4, `,"contacts":["`+strings.Repeat("x", 3000)+`"]`)}
	for i := range 300 { // more than a batch
		in = append(in, adLine(10+i, ""))
	}
	in = append(in, in[4:]...)
	if err := os.WriteFile(file, []byte(strings.Join(in, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, code := varde(t, "import", file, "--data", data, "--json")
	var res imported
	if err := json.Unmarshal([]byte(out), &res); err != nil || code != 0 {
		t.Fatalf("exit status %d, %v\n%s", code, err, errs)
	}
	if res.Rejected != 1 || res.New != 303 || res.Known != 300 || res.SetAside != 0 {
		t.Errorf("%+v\n%s", res, errs)
	}
	if n := len(adsOf(t, data)); n != 303 {
		t.Errorf("%d ads", n)
	}
}

// TestIndexOfANewerRecord: the record was restored from an older copy, and what is imported then is found all the same.
func TestIndexOfANewerRecord(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	record := filepath.Join(data, "varde.db")
	must(t, "import", fewAds(t, 0, 10), "--data", data)
	copied, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	must(t, "import", fewAds(t, 10, 100), "--data", data)
	if err := os.WriteFile(record, copied, 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "import", fewAds(t, 500, 20), "--data", data)
	a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard, data: data}
	s, err := a.open(context.Background(), slog.LevelError)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	last, err := s.store.LastChange(ctx)
	if err != nil || s.index.Seq() != last {
		t.Errorf("the index is at %d, the record at %d (%v)", s.index.Seq(), last, err)
	}
	if c, err := s.store.Counts(ctx); err != nil || c.Ads != 30 {
		t.Errorf("%d ads, %v", c.Ads, err)
	}
}
