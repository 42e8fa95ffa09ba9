package evidence_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"varde/internal/ad"
	"varde/internal/evidence"
)

// TestAnAppendThatFailsLeavesNothing, also where it fails because what waits for a sync is too much to keep and cannot be synced.
func TestAnAppendThatFailsLeavesNothing(t *testing.T) {
	d := new(disk)
	a := open(t, evidence.WithFiles(testConfig(t.TempDir()), d.open))
	large := func() *evidence.Record {
		block := make([]byte, 12<<20)
		_, _ = rand.NewChaCha8([32]byte{1}).Read(block) // cannot be packed
		return &evidence.Record{Type: evidence.Resource, TargetURI: "http://example.test/large", ContentType: "application/octet-stream", Block: block}
	}
	d.sync.Store(&ioError)
	var kept []ad.Capture
	var err error
	for len(kept) < 10 && err == nil {
		var got []ad.Capture
		got, err = a.Append("site", large())
		kept = append(kept, got...)
	}
	if !errors.Is(err, ioError) || len(kept) != 3 {
		t.Fatalf("%d records of 12 MB wait in memory, %v", len(kept), err)
	}
	if _, err := a.Append("site", large()); !errors.Is(err, ioError) {
		t.Fatalf("and once more: %v", err)
	}
	d.sync.Store(nil)
	got, err := a.Append("site", large())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	readable(t, a, append(kept, got...))
	if r := verify(t, a); !r.OK() || r.Records != 5 { // with the file's first
		t.Errorf("%d records; %s", r.Records, faults(r))
	}
}
