package evidence_test

import (
	"errors"
	"slices"
	"testing"

	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
)

// TestFind: a record is found by its id and by its address, in files that are sealed and in those that are being written.
func TestFind(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.Rotate = 1 // a file for each exchange
	a, err := evidence.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	const uri = "http://example.test/ad/1?q=\"ø\""
	var answers, all []ad.Capture
	for _, address := range []string{uri, "http://example.test/ad/2", uri} {
		captures, err := a.Append("site", exchange(address, "<p>hei</p>")...)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, captures...)
		if address == uri {
			answers = append(answers, captures[1])
		}
	}
	if err := a.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, c := range all {
			if got, err := a.Find(t.Context(), c.Record); err != nil || got != c {
				t.Errorf("found %+v, %v; want %+v", got, err, c)
			}
		}
		if got, err := a.Answers(t.Context(), "site", uri); err != nil || !slices.Equal(got, answers) {
			t.Errorf("found %+v, %v; want %+v", got, err, answers)
		}
		if err := a.Close(); err != nil { // what is there can still be read
			t.Fatal(err)
		}
	}
	for _, id := range []string{"", evidence.NewID(), `","x":"`} {
		if _, err := a.Find(t.Context(), id); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if got, err := a.Answers(t.Context(), "other", uri); err != nil || len(got) > 0 {
		t.Errorf("of another set: %v, %v", got, err)
	}
}
