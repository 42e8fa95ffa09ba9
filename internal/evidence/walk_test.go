package evidence_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
)

func walked(t *testing.T, a *evidence.Archive, set string, from evidence.Position) (ids []string, last evidence.Position) {
	t.Helper()
	for l, err := range a.Walk(context.Background(), set, from) {
		if err != nil {
			ids = append(ids, "error of "+l.ID)
			if !errors.Is(err, fault.ErrDamaged) {
				t.Error(err)
			}
			continue
		}
		if l.Type != evidence.Warcinfo {
			ids = append(ids, l.ID)
		}
		last = l.After()
	}
	return ids, last
}

func idsOf(captures []ad.Capture) []string {
	var ids []string
	for _, c := range captures {
		ids = append(ids, c.Record)
	}
	return ids
}

func TestWalkGoesOnWhereItWas(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.Rotate = 3000
	a := open(t, cfg)
	var all []string
	var last evidence.Position
	for i := range 12 {
		captures, err := a.Append("site", exchange(fmt.Sprintf("http://example.test/%d", i), "x")...)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, idsOf(captures)...)
		var got []string
		if got, last = walked(t, a, "", last); !slices.Equal(got, idsOf(captures)) {
			t.Fatalf("after exchange %d: got %v, want %v", i, got, idsOf(captures))
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if got, _ := walked(t, a, "site", evidence.Position{}); !slices.Equal(got, all) {
		t.Errorf("got %d records of %d", len(got), len(all))
	}
	if got, _ := walked(t, a, "", last); len(got) > 0 {
		t.Errorf("after the last: %v", got)
	}
	if got, _ := walked(t, a, "other", evidence.Position{}); len(got) > 0 {
		t.Errorf("of another set: %v", got)
	}
}

func TestWalkGoesOverWhatIsDamaged(t *testing.T) {
	cfg := testConfig(t.TempDir())
	captures := fill(t, cfg, "site", 3)
	file := filepath.Join(cfg.Dir, filepath.FromSlash(captures[0].File))
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(file, 0o600)
	if err := os.WriteFile(file, overwrite(data, int(captures[4].Offset)+40, 8), 0o600); err != nil {
		t.Fatal(err)
	}
	want := idsOf(captures)
	want[4] = "error of " + want[4]
	if got, _ := walked(t, open(t, cfg), "", evidence.Position{}); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	cfg := testConfig(t.TempDir())
	captures := fill(t, cfg, "site", 2)
	a := open(t, cfg)
	good := captures[1]
	rows := map[string]struct {
		change func(c *ad.Capture)
		want   error
	}{
		"nothing":            {func(*ad.Capture) {}, nil},
		"a file that is not": {func(c *ad.Capture) { c.File = "site/x.warc.gz" }, fault.ErrNotFound},
		"a file elsewhere":   {func(c *ad.Capture) { c.File = "../../etc/x.warc.gz" }, fault.ErrNotFound},
		"no evidence file":   {func(c *ad.Capture) { c.File += ".idx" }, fault.ErrNotFound},
		"another offset":     {func(c *ad.Capture) { c.Offset++ }, fault.ErrDamaged},
		"beyond the end":     {func(c *ad.Capture) { c.Offset = 1 << 40 }, fault.ErrDamaged},
		"below zero":         {func(c *ad.Capture) { c.Offset = -1 }, fault.ErrDamaged},
		"another record":     {func(c *ad.Capture) { c.Offset = captures[2].Offset }, fault.ErrDamaged},
		"another hash":       {func(c *ad.Capture) { c.SHA256 = captures[2].SHA256 }, fault.ErrDamaged},
		"another id":         {func(c *ad.Capture) { c.Record = captures[2].Record }, fault.ErrDamaged},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c := good
			row.change(&c)
			_, err := a.Read(context.Background(), c)
			if !errors.Is(err, row.want) || row.want == nil && err != nil {
				t.Errorf("error %v, want %v", err, row.want)
			}
			if errors.Is(err, fault.ErrDamaged) && (fault.Sentence(err) == "" || !strings.Contains(err.Error(), c.Record) || !strings.Contains(err.Error(), fmt.Sprint(c.Offset))) {
				t.Errorf("the error does not name the record: %v", err)
			}
		})
	}
}

func TestReadOnlyTouchesNothing(t *testing.T) {
	l, captures := leave(t, 2, true)
	cfg := l.put(t, l.warc[:len(l.warc)-10], l.index)
	cfg.ReadOnly = true
	a := open(t, cfg)
	if _, err := a.Read(context.Background(), captures[0]); err != nil {
		t.Error(err)
	}
	if _, err := a.Append("site", exchange("http://example.test/", "x")...); !errors.Is(err, fault.ErrUsage) {
		t.Error(err)
	}
	if r := verify(t, a); r.OK() {
		t.Error("the torn record is not found")
	}
	if got := stored(t, cfg.Dir); len(got) != 2 || !strings.HasSuffix(got[1], ".open") {
		t.Error(got)
	}
	if _, err := evidence.Open(evidence.Config{Dir: filepath.Join(cfg.Dir, "nothing"), ReadOnly: true}); err == nil {
		t.Error("opened what is not there")
	}
}
