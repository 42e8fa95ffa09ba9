package main

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/evidence"
)

// crawl runs the service until it has recorded that many ads, and stops it.
func (p *people) crawl(ads int) {
	p.t.Helper()
	up := start(p.t, regexp.MustCompile(`console is at (\S+)/()()`), "up", "--data", p.data, "--config", p.config, "--listen", "127.0.0.1:0")
	wait(p.t, "the ads to be recorded", func() bool { return recorded(p.data) >= ads })
	up.stop()
}

// ad is one ad as it is exported.
func (p *people) ad(id string) (a ad.Sighting) {
	p.t.Helper()
	for _, l := range lines(p.must("", "export", "ads")) {
		var one ad.Sighting
		if err := json.Unmarshal([]byte(l), &one); err != nil {
			p.t.Fatal(err)
		}
		if one.AdID == id {
			a = one
		}
	}
	return a
}

func (p *people) reextract(who string, args ...string) (res rereadResult) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(p.must(who, append([]string{"reextract", "--target", "market", "--json"}, args...)...)), &res); err != nil {
		p.t.Fatal(err)
	}
	return res
}

// TestReextract: a site has changed its layout; with a mended target its stored pages give what they did not, and the site is not
// asked again.
func TestReextract(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, map[string]string{"/ad/7": strings.Replace(adPage, "<span", `<b class="cost">kr 1500</b><span`, 1)})
	p.active("market", m.target(t))
	p.crawl(2)
	m.took()
	if a := p.ad("7"); len(a.Prices) > 0 || len(a.Provenance.Captures) == 0 {
		t.Fatalf("%+v", a)
	}
	before := p.ad("7")
	p.must("ola", "target", "add", p.draft("market.yaml", m.target(t, "price: {selector: .price}", "price: {selector: .cost}")))
	p.refused(exitUsage, "approved", "ola", "reextract", "--target", "market")
	res := p.reextract("", "--dry-run")
	if res.Pages != 2 || res.Changed != 1 || res.Unchanged != 1 || res.Published != 0 || res.Version != 2 {
		t.Errorf("%+v", res)
	}
	for _, f := range res.Fields {
		if f.Field == "price" && (f.Before != 0 || f.After != 1) || f.Field == "title" && (f.Before != 2 || f.After != 2) {
			t.Errorf("%+v", f)
		}
	}
	p.must("kari", "target", "approve", "market", "--version", "2", "--yes")
	p.refused(exitUsage, "--as NAME", "", "reextract", "--target", "market")
	if out := p.must("ola", "reextract", "--target", "market", "--reason", "mended"); !strings.Contains(out, "1 published") || !strings.Contains(out, "0 of 2  1 of 2  +1") {
		t.Errorf("reextract says %q", out)
	}
	a := p.ad("7")
	if len(a.Prices) != 1 || !a.SeenAt.Equal(before.SeenAt) || a.Provenance.Reading != 2 || a.Provenance.TargetVersion != 1 ||
		a.Provenance.Authorisation != before.Provenance.Authorisation || len(a.Provenance.Captures) != 1 || a.Provenance.Captures[0] != before.Provenance.Captures[0] {
		t.Errorf("read again: %+v\nbefore: %+v", a, before)
	}
	if res := p.reextract("ola"); res.Changed != 0 || res.Unchanged != 2 || res.Published != 0 {
		t.Errorf("a second time: %+v", res)
	}
	if res := p.reextract("ola", "--until", "2020-01-01"); res.Pages != 0 {
		t.Errorf("of another time: %+v", res)
	}
	m.askedFor(t)
	if h := p.must("", "target", "history", "market"); strings.Count(h, "target_reread") != 3 || !strings.Contains(h, "mended") {
		t.Errorf("history:\n%s", h)
	}
	p.damaged(t)
}

// TestWhatIsReadAgainWasCrawled: a page that gave nothing when it was crawled is a crawled page when it gives an ad later.
func TestWhatIsReadAgainWasCrawled(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, map[string]string{"/ad/8": `<h2>Kokk søkes</h2>`})
	p.active("market", m.target(t))
	up := start(t, regexp.MustCompile(`console is at (\S+)/()()`), "up", "--data", p.data, "--config", p.config, "--listen", "127.0.0.1:0")
	wait(t, "both pages", func() bool {
		return recorded(p.data) == 1 && strings.Contains(p.must("", "target", "show", "market"), "no_ad")
	})
	up.stop()
	authorisation := p.standing("market").Authorisation
	p.must("ola", "target", "add", p.draft("market.yaml", m.target(t, "{selector: h1}", `{selector: "h1, h2"}`)))
	p.must("kari", "target", "approve", "market", "--version", "2", "--yes")
	if res := p.reextract("ola"); res.New != 1 || res.Published != 1 {
		t.Fatalf("%+v", res)
	}
	if at := p.ad("8").Provenance; at.Source != "crawl" || at.Reading != 2 || at.TargetVersion != 1 || at.Authorisation != authorisation {
		t.Errorf("%+v", at)
	}
	if out := p.must("ola", "evidence", "show", "market.example/8"); !strings.Contains(out, "source crawl") || !strings.Contains(out, "read again with version 2") {
		t.Errorf("shown:\n%s", out)
	}
}

// damaged: what fails its checks is not read, and named.
func (p *people) damaged(t *testing.T) {
	t.Helper()
	c := p.ad("7").Provenance.Captures[0]
	flip(t, filepath.Join(p.data, "evidence", c.File), c.Offset+200)
	_, errs, code := p.varde("", "reextract", "--target", "market", "--dry-run")
	if code != 0 || !strings.Contains(errs, c.Record) || !strings.Contains(errs, c.File) {
		t.Errorf("exit status %d, %s is not named:\n%s", code, c.Record, errs)
	}
}

// flip changes one byte of a file.
func flip(t testing.TB, path string, at int64) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[at] ^= 0x20
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, data, 0o600)); err != nil {
		t.Fatal(err)
	}
}

// TestReconcile: the record was restored from an older copy and the stream is lost; the evidence gives back what was seen.
func TestReconcile(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	p.refused(exitNothing, "no evidence", "", "reconcile")
	p.active("market", m.target(t))
	record := filepath.Join(p.data, "varde.db")
	older, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	p.crawl(2)
	m.took()
	p.must("", "reconcile")
	want := p.must("", "export", "ads")
	for _, rest := range []string{"-wal", "-shm"} {
		if err := os.Remove(record + rest); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.WriteFile(record, older, 0o600), os.RemoveAll(filepath.Join(p.data, "stream")), os.RemoveAll(filepath.Join(p.data, "index"))); err != nil {
		t.Fatal(err)
	}
	// What was compared before counts for the record that it was compared with: this one has not come so far.
	var res reconciled
	if err := json.Unmarshal([]byte(p.must("", "reconcile", "--json")), &res); err != nil || res.Published != 2 || res.Damaged+res.Waiting+res.SetAside > 0 {
		t.Errorf("%+v, %v", res, err)
	}
	if got := p.must("", "export", "ads"); got != want {
		t.Errorf("the ads differ: %s", firstDifference(want, got))
	}
	if out := p.must("", "reconcile"); !strings.Contains(out, "0 sightings in the evidence compared") {
		t.Errorf("a second time: %s", out)
	}
	if out := p.must("", "reconcile", "--all"); !strings.Contains(out, "2 were recorded, 0 were published") {
		t.Errorf("all of it again: %s", out)
	}
	m.askedFor(t)
}

// TestReconcileWithWhatNoStreamTakes: what is refused for good is told, and does not keep the rest from being compared for good.
func TestReconcileWithWhatNoStreamTakes(t *testing.T) {
	t.Parallel()
	p := staff(t)
	a := &app{data: p.data, config: p.config, out: io.Discard, err: io.Discard}
	archive, err := a.openArchive(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"small", strings.Repeat("too much ", 1<<20)} {
		s := ad.Sighting{Site: "market.example", AdID: strconv.Itoa(i), SeenAt: time.Now().UTC(), Category: ad.Job, Title: "Kokk", Text: text}
		block, err := json.Marshal(&s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Append("market", &evidence.Record{Type: evidence.Metadata, TargetURI: "https://market.example/", ContentType: crawler.SightingType, Block: block}); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	var res reconciled
	if err := json.Unmarshal([]byte(p.must("", "reconcile", "--json")), &res); err != nil || res.Read != 2 || res.Published != 1 || res.Refused != 1 || res.Waiting > 0 {
		t.Errorf("%+v, %v", res, err)
	}
	if out := p.must("", "reconcile"); !strings.Contains(out, "0 sightings in the evidence compared") {
		t.Errorf("a second time: %s", out)
	}
}

// TestCheckpoint: a checkpoint is written only for what is in the record, and one that cannot be read costs nothing.
func TestCheckpoint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reconciled.json")
	for _, text := range []string{"", "nonsense", `{"files":null}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := readCheckpoint(path); err != nil || c.Files == nil || len(c.Files) != 0 {
			t.Errorf("%q: %+v, %v", text, c, err)
		}
	}
	if err := (checkpoint{Files: map[string]int64{"a/b.warc.gz": 7}}).write(path); err != nil {
		t.Fatal(err)
	}
	if c, err := readCheckpoint(path); err != nil || c.Files["a/b.warc.gz"] != 7 {
		t.Errorf("%+v, %v", c, err)
	}
}
