package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"varde/internal/target"
)

// TestNothingLeavesWithoutAuthority: beside a target that is crawled stand others that must not be: not one request reaches their sites,
// and the operator is told why.
func TestNothingLeavesWithoutAuthority(t *testing.T) {
	t.Parallel()
	p := staff(t)
	sites := map[string]*market{}
	text := func(id string, change ...string) string {
		if sites[id] == nil {
			sites[id] = open(t, nil)
		}
		return sites[id].target(t, append([]string{"id: market", "id: " + id, "site: market.example", "site: " + id + ".example"}, change...)...)
	}
	add := func(id string, change ...string) {
		p.must("ola", "target", "add", p.draft(id+".yaml", text(id, change...)))
	}
	ends := p.ending("expired", text)
	add("draft")
	add("selfapproved", "approver: kari", "approver: ola")
	p.refused(exitUsage, "cannot approve it", "ola", "target", "approve", "selfapproved", "--version", "1", "--yes")
	add("approved")
	p.must("kari", "target", "approve", "approved", "--version", "1", "--yes")
	p.active("edited", text("edited"))
	add("edited", "allow: [/ads, /ad/]", "allow: [/]")
	p.active("paused", text("paused"))
	p.must("ola", "target", "pause", "paused", "--reason", "the site is slow")
	p.active("revoked", text("revoked"))
	p.must("kari", "target", "revoke", "revoked", "--reason", "the case is closed")
	tomorrow := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	p.active("early", text("early", "valid_from: ", "valid_from: "+tomorrow+" # "))
	soon := time.Now().UTC().Add(5 * time.Hour)
	p.active("closed", text("closed", "every: 1h", fmt.Sprintf("windows: [%q]\ntimezone: UTC\nevery: 1h", soon.Format("15:04")+"-"+soon.Add(time.Hour).Format("15:04"))))
	p.active("crawled", text("crawled"))
	wait(t, "the authority to end", func() bool { return time.Now().After(ends) })
	p.crawl(2)
	for id, m := range sites {
		if asked := m.took(); (len(asked) > 0) != (id == "crawled") {
			t.Errorf("%s: the site was asked %v", id, asked)
		}
	}
	p.why(t)
}

// ending makes a target active whose authority ends in a few seconds, or in more where the machine takes longer for that.
func (p *people) ending(id string, text func(id string, change ...string) string) (ends time.Time) {
	p.t.Helper()
	for in := 2 * time.Second; in < patience; in *= 2 {
		ends = time.Now().Add(in).UTC()
		if _, _, added := p.varde("ola", "target", "add", p.draft(id+".yaml", text(id, "valid_to: ", "valid_to: "+ends.Format(time.RFC3339)+" # "))); added != 0 {
			continue // it has ended already
		}
		_, _, approved := p.varde("kari", "target", "approve", id, "--version", fmt.Sprint(p.standing(id).Version), "--yes")
		_, _, active := p.varde("ola", "target", "activate", id)
		if approved == 0 && active == 0 {
			return ends
		}
	}
	p.t.Fatal("no target could be made active in time")
	return ends
}

// why compares what the operator is told of each target.
func (p *people) why(t *testing.T) {
	t.Helper()
	var list []listLine
	if err := json.Unmarshal([]byte(p.must("", "target", "list", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"draft": target.NotApproved, "selfapproved": target.NotApproved, "approved": target.NotApproved, "edited": target.NotApproved,
		"paused": target.IsPaused, "revoked": target.IsRevoked, "expired": target.IsExpired, "early": target.NotYetValid, "closed": target.Closed, "crawled": ""}
	for _, l := range list {
		if l.Why != want[l.ID] || l.ID == "expired" && l.State != target.Expired || l.ID == "crawled" && (l.Ads != 2 || l.LastRead.IsZero() || l.NextDue.IsZero()) {
			t.Errorf("%s: %+v, want %q", l.ID, l, want[l.ID])
		}
		delete(want, l.ID)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
	shown := p.must("", "target", "show", "crawled")
	for _, line := range []string{`(?m)^crawled – A market on this machine$`, `it is crawled while varde up runs`, `Pages +\d lists, 2 ads known; \d pages read, 0 due now, 0 gone`,
		`(?m)^ad_read +2 +`, `(?m)^title +2 +2`, `(?m)^price +0 +2`, `Legal basis +politiloven § 2`} {
		if !regexp.MustCompile(line).MatchString(shown) {
			t.Errorf("%s is not shown:\n%s", line, shown)
		}
	}
	if shown := p.must("", "target", "show", "closed"); !strings.Contains(shown, "its hours open at") || !strings.Contains(shown, "it is outside its hours") {
		t.Errorf("closed:\n%s", shown)
	}
}
