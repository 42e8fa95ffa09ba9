package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"varde/internal/evidence"
)

// TestEvidence: what was crawled can be shown, checked and handed over, by who says who they are and what for; one byte changed is found
// and named, and nothing that rests on it is handed out.
func TestEvidence(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	p.active("market", m.target(t))
	p.crawl(2)
	const key = "market.example/7"
	p.refused(exitUsage, "--as NAME", "", "evidence", "show", key)
	p.refused(exitNothing, "there is no ad", "ola", "evidence", "show", "market.example/70")
	out := p.must("ola", "evidence", "show", key)
	for _, want := range []string{"1 versions, 1 captures", "sound", "> GET /ad/7 HTTP/1.1", "< HTTP/1.1 200 OK", `"robots":"none"`, "authorisation A-"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not shown:\n%s", want, out)
		}
	}
	if raw := p.must("ola", "evidence", "show", key, "--raw"); raw != adPage {
		t.Errorf("raw: %q", raw)
	}
	c := p.ad("7").Provenance.Captures[0]
	if out := p.must("ola", "evidence", "show", c.Record); !strings.Contains(out, c.SHA256) {
		t.Errorf("record:\n%s", out)
	}
	p.refused(exitNothing, "no record", "ola", "evidence", "show", evidence.NewID())

	var v verified
	if err := json.Unmarshal([]byte(p.must("", "evidence", "verify", "--json")), &v); err != nil || !v.Sound || v.Ads != 2 || v.Captures != 2 || v.Files == 0 {
		t.Errorf("%+v, %v", v, err)
	}
	p.handedOver(t, key)
	p.changed(t, key)
}

// handedOver exports a package and checks it with other tools.
func (p *people) handedOver(t *testing.T, key string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case 7")
	p.refused(exitUsage, "--purpose", "kari", "evidence", "export", key, "-o", dir)
	p.refused(exitUsage, "-o DIR", "kari", "evidence", "export", key, "--purpose", "case 7")
	p.refused(exitUsage, "--as NAME", "", "evidence", "export", key, "-o", dir, "--purpose", "case 7")
	if _, err := os.Stat(dir); err == nil {
		t.Fatal("something was written")
	}
	var exported struct{ SHA256 string }
	if err := json.Unmarshal([]byte(p.must("kari", "evidence", "export", key, "-o", dir, "--purpose", "case 7", "--json")), &exported); err != nil {
		t.Fatal(err)
	}
	check := exec.Command("sha256sum", "-c", "SHA256SUMS")
	check.Dir = dir
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("sha256sum: %v\n%s", err, out)
	}
	if sum, err := sha256File(filepath.Join(dir, "SHA256SUMS")); err != nil || sum != exported.SHA256 {
		t.Errorf("%s, want %s, %v", sum, exported.SHA256, err)
	}
	custody, err := os.ReadFile(filepath.Join(dir, "custody.txt"))
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, step := range []string{"target_drafted", "target_approved", "captured", "read", "evidence_shown", "evidence_exported"} {
		i := strings.Index(string(custody)[at:], "  "+step)
		if i < 0 {
			t.Errorf("%s does not follow in\n%s", step, custody)
			break
		}
		at += i
	}
	for name, want := range map[string]string{"page.txt": "Servitør søkes", "ad.json": `"ad_id": "7"`, "authorisation.json": `"approved_by": "kari"`, "target-v1.yaml": "politiloven § 2"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s has no %q: %v\n%s", name, want, err, data)
		}
	}
	if out, errs, code := varde(t, "evidence", "verify", "--package", dir); code != 0 || !strings.Contains(out, "as it was written") {
		t.Errorf("exit status %d\n%s%s", code, out, errs)
	}
	p.refused(exitUsage, "not empty", "kari", "evidence", "export", key, "-o", dir, "--purpose", "case 7")
	flip(t, filepath.Join(dir, "records.warc.gz"), 1500)
	if out, _, code := varde(t, "evidence", "verify", "--package", dir); code != exitNothing || !strings.Contains(out, "records.warc.gz at byte") || !strings.Contains(out, "urn:uuid:") {
		t.Errorf("exit status %d\n%s", code, out)
	}
}

// changed: a byte of the record that an ad rests on is changed, and then its file is lost.
func (p *people) changed(t *testing.T, key string) {
	t.Helper()
	c := p.ad("7").Provenance.Captures[0]
	file := filepath.Join(p.data, "evidence", c.File)
	flip(t, file, c.Offset+300)
	dir := filepath.Join(t.TempDir(), "damaged")
	p.refused(exitNothing, c.Record, "kari", "evidence", "export", key, "-o", dir, "--purpose", "case 7")
	if _, err := os.Stat(dir); err == nil {
		t.Error("something was written")
	}
	p.refused(exitNothing, "faults", "kari", "evidence", "show", key)
	out, errs, code := p.varde("", "evidence", "verify")
	if code != exitNothing || !strings.Contains(out, c.Record) || !strings.Contains(out, c.File) || !strings.Contains(out, "1 different") {
		t.Errorf("exit status %d\n%s%s", code, out, errs)
	}
	if err := errors.Join(os.Chmod(filepath.Dir(file), 0o700), os.Remove(file), os.Remove(file+".idx")); err != nil {
		t.Fatal(err)
	}
	if out, _, code := p.varde("", "evidence", "verify"); code != exitNothing || !strings.Contains(out, "2 missing") {
		t.Errorf("exit status %d\n%s", code, out)
	}
}
