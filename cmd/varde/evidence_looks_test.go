package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"varde/internal/evidence"
	"varde/internal/frontier"
	"varde/internal/store"
)

// answersLater puts answers for the market's ad 7 into the evidence and notes that it is gone.
func (p *people) answersLater(t *testing.T, m *market, at time.Time) (old, gone, same string) {
	t.Helper()
	archive, err := evidence.Open(evidence.Config{Dir: filepath.Join(p.data, "evidence"), Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	uri := m.URL + "/ad/7"
	one := func(date time.Time, kind, block string) *evidence.Record {
		return &evidence.Record{Type: kind, ID: evidence.NewID(), TargetURI: uri, Date: date, ContentType: evidence.HTTPResponse, Block: []byte(block)}
	}
	before, notThere := one(at.AddDate(0, -1, 0), evidence.Response, page("as it was")), one(at, evidence.Response, "HTTP/1.1 404 Not Found\r\n\r\n")
	again := one(at.Add(-time.Second), evidence.Revisit, "HTTP/1.1 304 Not Modified\r\n\r\n")
	again.Profile, again.RefersTo = evidence.NotModified, p.ad("7").Provenance.Captures[0].Record
	_, failed := archive.Append("older", before)
	_, err = archive.Append("market", again, notThere)
	if err := errors.Join(failed, err, archive.Sync(t.Context()), archive.Close()); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(p.data, "varde.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	visit := frontier.Visit{Page: frontier.Page{Target: "market", URL: uri, Kind: frontier.Ad, Name: "7", Visits: 2, Gone: at}, Version: 1, At: at, Ad: "market.example/7", Gone: at}
	if err := errors.Join(s.Finish(t.Context(), []frontier.Visit{visit}), s.Close()); err != nil {
		t.Fatal(err)
	}
	return before.ID, notThere.ID, again.ID
}

// TestEveryLookIsEvidence: what said that an ad is gone is shown and handed over, and so are looks under other targets and at other times.
func TestEveryLookIsEvidence(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	p.active("market", m.target(t))
	p.crawl(2)
	old, gone, same := p.answersLater(t, m, time.Now().UTC().Add(time.Second))
	out := p.must("ola", "evidence", "show", "market.example/7")
	for _, want := range []string{"the ad is gone since 20", "target market: 3 looks", ", no longer there", "target older: 1 looks", gone} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not shown:\n%s", want, out)
		}
	}
	raw, errs, code := p.varde("ola", "evidence", "show", same, "--raw")
	if whole := p.ad("7").Provenance.Captures[0].Record; code != 0 || raw != adPage || !strings.Contains(errs, "stands for "+whole) {
		t.Errorf("the page of a revisit: exit status %d, %q\n%s", code, raw, errs)
	}
	dir := filepath.Join(t.TempDir(), "case")
	p.must("kari", "evidence", "export", "market.example/7", "-o", dir, "--purpose", "case 7")
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	custody, failed := os.ReadFile(filepath.Join(dir, "custody.txt"))
	if err := errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, id := range []string{old, p.ad("7").Provenance.Captures[0].Record, same, gone} {
		i := strings.Index(string(custody)[at:], "captured            varde  "+id)
		if i < 0 || strings.Count(string(manifest), id) != 1 {
			t.Errorf("%s does not follow in\n%s\nor is not once in\n%s", id, custody, manifest)
			break
		}
		at += i
	}
	if !strings.Contains(string(custody)[at:], "/ad/7 (404: no longer there)") {
		t.Errorf("that it is gone is not said:\n%s", custody)
	}
}
