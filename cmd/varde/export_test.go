package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/export"
	"varde/internal/store"
)

// linkedAds is a file of ads that one phone links.
func linkedAds(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ads.jsonl")
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"site":"nordmarked.example","ad_id":"%d","category":"sexual_services","title":"=SUM(1) <b>Mia</b>","text":"Ring meg på 412 34 567, jeg er %d","seen_at":"2026-05-0%dT20:00:00Z","location":"Bergen","country":"NO"}`+"\n", i, 20+i, i+1)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func entriesOn(t *testing.T, data, subject string) []audit.Entry {
	t.Helper()
	s, err := store.Open(context.Background(), "sqlite:"+filepath.Join(data, "varde.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list, err := s.Entries(context.Background(), subject)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// An export of any format states its purpose and is in the log with the hash of its content before it is there; rows for programs take the
// configuration's purpose, as the design's commands show them.
func TestExportsAreStatedAndLogged(t *testing.T) {
	p := staff(t)
	p.must("", "import", linkedAds(t, 4))
	var n struct{ ID string }
	if err := json.Unmarshal([]byte(p.must("", "export", "networks", "--format", "jsonl")), &n); err != nil {
		t.Fatal(err)
	}
	if out := p.must("", "export", "networks", "--output", "-"); !strings.Contains(out, n.ID) {
		t.Errorf("standard output has\n%s", out)
	}
	dir := t.TempDir()
	p.refused(exitUsage, "--purpose", "", "export", "network", n.ID, "--format", "graphml")
	p.refused(exitUsage, "handling code", "", "export", "network", n.ID, "--purpose", "case 7", "--handling", "secret")
	p.refused(exitUsage, "band", "", "export", "networks", "--band", "higher")
	p.refused(exitNothing, "no network", "", "export", "network", "n-000000000000", "--purpose", "case 7")
	for i, f := range export.Formats {
		path := filepath.Join(dir, f.Name+"."+f.Extension)
		var out struct{ Statement export.Statement }
		if err := json.Unmarshal([]byte(p.must("kari", "export", "network", n.ID, "--format", f.Name, "--purpose", "case 7", "--handling", "red", "-o", path, "--json")), &out); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", f.Name, err)
		}
		list := entriesOn(t, p.data, audit.Network(n.ID))
		if len(list) != i+1 {
			t.Fatalf("%s: %d entries in the log, want %d", f.Name, len(list), i+1)
		}
		if e := list[0]; e.Action != audit.NetworkExported || e.Actor != "kari" || e.Purpose != "case 7" || !strings.Contains(e.Reason, f.Name+", TLP:RED, 1 networks, 4 ads") ||
			!strings.Contains(e.Object, out.Statement.SHA256) {
			t.Errorf("%s: the log says %+v", f.Name, e)
		}
		if _, err := os.Stat(path + ".statement.json"); (err == nil) != (f.Rows != nil) {
			t.Errorf("%s: a statement beside the file: %v", f.Name, err)
		}
	}
	if out := p.must("", "export", "networks", "--search", "412 34 567", "--format", "gexf", "--purpose", "all of it"); strings.Count(out, "<node id") != 5 {
		t.Errorf("a search exports\n%s", out)
	}
	held, err := (&app{data: p.data}).openStream(context.Background(), slog.New(slog.DiscardHandler)) // as varde up does
	if err != nil {
		t.Fatal(err)
	}
	p.refused(exitNothing, "console's search page", "", "export", "networks", "--search", "412 34 567", "--format", "gexf", "--purpose", "all of it")
	if err := held.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if out := p.must("", "export", "networks", "--band", "high"); out != "" {
		t.Errorf("a band without networks exports %q", out)
	}
	p.config = p.draft("strict.yaml", "export: {purpose: \"\"}\n")
	p.refused(exitUsage, "--purpose", "", "export", "ads")
}

// What cannot be written into the log is not given out.
func TestNoExportWithoutTheLog(t *testing.T) {
	p := staff(t)
	ctx := context.Background()
	s, err := store.Open(ctx, "sqlite:"+filepath.Join(p.data, "varde.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil { // from here on nothing can be written
		t.Fatal(err)
	}
	for _, name := range []string{"jsonl", "csv"} {
		f, err := export.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		dir := t.TempDir()
		h := handout{ex: &exporter{app: &app{data: p.data, out: &out}}, format: f, statement: export.Statement{Purpose: "case 7", MadeBy: "kari", MadeAt: time.Now()}}
		from := source{ads: func(yield func(ad.Ad, error) bool) { yield(ad.Ad{Key: "nordmarked.example/1"}, nil) }}
		if err := h.give(ctx, s, from); err == nil || out.Len() > 0 {
			t.Errorf("%v, and given out was %q", err, out.String())
		}
		h.ex.output = filepath.Join(dir, "out")
		if err := h.give(ctx, s, from); err == nil {
			t.Error("no error")
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("given out was %v", left)
		}
	}
}
