package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"varde/internal/target"
)

// TestTargetByTwoPeople: from draft to end, at each step by who may and not by who may not.
func TestTargetByTwoPeople(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	text := m.target(t)
	out := p.must("ola", "target", "add", p.draft("market.yaml", text), "--reason", "new site")
	next := regexp.MustCompile(`varde (target approve market --version 1 --hash [0-9a-f]{64}) --as kari --data`).FindStringSubmatch(out)
	if next == nil || !strings.Contains(out, "market: draft, version 1") {
		t.Fatalf("add says %q", out)
	}
	approve := append(strings.Fields(next[1]), "--yes")
	p.refused(exitUsage, "is the same", "ola", "target", "add", p.draft("market.yaml", text))
	p.refused(exitUsage, "has not been approved", "ola", "target", "activate", "market")
	p.refused(exitUsage, "cannot approve it", "ola", approve...)
	p.refused(exitUsage, "say --yes", "kari", "target", "approve", "market", "--version", "1")
	p.must("kari", approve...)
	if l := p.standing("market"); l.State != target.Approved || l.Approved != "kari" || l.Why != target.NotApproved || l.Authorisation == "" {
		t.Errorf("after the approval: %+v", l)
	}
	p.must("ola", "target", "activate", "market")
	if l := p.standing("market"); l.State != target.Active || l.Why != "" {
		t.Errorf("after its start: %+v", l)
	}

	// An edit is another version, and nothing is crawled under the approval of the one before.
	text = m.target(t, "reference: case 7", "reference: case 8", "rate: 0\n", "rate: 2\n")
	p.must("ola", "target", "add", p.draft("market.yaml", text))
	if l := p.standing("market"); l.State != target.Draft || l.Version != 2 || l.Why != target.NotApproved || l.Approved != "" {
		t.Errorf("after an edit: %+v", l)
	}
	p.refused(exitUsage, "not the one that you read", "kari", approve...)
	_, shown, code := p.varde("kari", "target", "approve", "market", "--version", "2", "--yes", "--note", "seen")
	for _, want := range []string{"against version 1", "-  reference: case 7\n+  reference: case 8", "-rate: 0\n+rate: 2", "Legal basis", "politiloven § 2", "robots.txt", "obeyed"} {
		if !strings.Contains(shown, want) || code != 0 {
			t.Errorf("exit status %d; before the approval %q is not shown:\n%s", code, want, shown)
		}
	}
	if diff := p.must("", "target", "diff", "market", "1", "2"); strings.Count(diff, "\n-") != 2 || !strings.Contains(diff, "lines as they were") {
		t.Errorf("diff:\n%s", diff)
	}
	if got := p.must("", "target", "print", "market"); got != text {
		t.Errorf("printed:\n%s", got)
	}
	p.must("ola", "target", "activate", "market")
	p.must("ola", "target", "pause", "--all") // stopping takes no reason
	if l := p.standing("market"); l.State != target.Paused {
		t.Errorf("after the pause: %+v", l)
	}
	p.must("ola", "target", "activate", "market")
	p.refused(exitUsage, "why", "kari", "target", "revoke", "market")
	p.must("kari", "target", "revoke", "market", "--reason", "case closed")
	p.refused(exitUsage, "revoked", "ola", "target", "activate", "market")
	p.historyIs("market", "target_refused ola", "target_revoked kari", "target_refused kari", "target_activated ola", "target_paused ola", "target_activated ola",
		"target_approved kari", "target_refused kari", "target_drafted ola", "target_activated ola", "target_approved kari", "target_refused ola",
		"target_refused ola", "target_refused ola", "target_drafted ola")
	if asked := m.took(); len(asked) > 0 {
		t.Errorf("the site was asked %v", asked)
	}
}

func TestTargetAddNamesMistakes(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	p.refused(exitUsage, "rte: unknown field", "ola", "target", "add", p.draft("bad.yaml", m.target(t, "rate:", "rte:")))
	p.refused(exitUsage, "loopback", "ola", "target", "add", p.draft("real.yaml", m.target(t, "loopback: true\n", "", "rate: 0\n", "rate: 1\n")))
	p.refused(exitNothing, "none.yaml", "ola", "target", "add", "none.yaml")
	p.refused(exitNothing, "varde target list", "ola", "target", "activate", "nothing")
	p.refused(exitNothing, "varde target list", "", "target", "show", "nothing")
	if out := p.must("", "target", "list"); !strings.Contains(out, "no targets yet") {
		t.Errorf("list: %q", out)
	}
	p.must("ola", "target", "add", p.draft("market.yaml", m.target(t)))
	if out := p.must("", "target", "list"); !regexp.MustCompile(`(?m)^market +draft +1 .* it is not approved and active *$`).MatchString(out) || !strings.Contains(out, "ADS KNOWN") || !strings.Contains(out, "TROUBLE") {
		t.Errorf("list: %q", out)
	}
	p.refused(exitUsage, "no version 7", "kari", "target", "approve", "market", "--version", "7", "--yes")
	p.refused(exitUsage, "--version", "kari", "target", "approve", "market", "--yes")
	p.refused(exitUsage, "not the one that you read", "kari", "target", "approve", "market", "--version", "1", "--hash", strings.Repeat("0", 64), "--yes")
}

// TestWhatCannotBeApprovedIsTold: whoever drafts what nobody could approve hears it at once, and is given no command that cannot work.
func TestWhatCannotBeApprovedIsTold(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	for approver, want := range map[string]string{"ola": "cannot approve it", "per": "no account of that name"} {
		out, errs, code := p.varde("ola", "target", "add", p.draft("market.yaml", m.target(t, "approver: kari", "approver: "+approver)))
		shown := p.must("", "target", "show", "market")
		if code != 0 || !strings.Contains(errs, "varde: warning: market: authority.approver is "+approver) || !strings.Contains(errs, want) || !strings.Contains(shown, want) ||
			strings.Contains(out+shown, "target approve") {
			t.Errorf("%s: exit status %d\n%s%s%s", approver, code, out, errs, shown)
		}
	}
	yesterday := time.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	p.refused(exitUsage, "ended on "+yesterday, "ola", "target", "add", p.draft("market.yaml", m.target(t, "valid_to: ", "valid_to: "+yesterday+" # ")))
}

// TestRobotsTakeConsent: ignoring robots.txt takes the reason of who drafts and the word of who approves.
func TestRobotsTakeConsent(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	out := p.must("ola", "target", "add", p.draft("market.yaml", m.target(t, "pictures: hash", "robots: {policy: ignore, reason: it forbids everything}\npictures: hash")))
	if !strings.Contains(out, "--consent-to-ignoring-robots") {
		t.Errorf("add says %q", out)
	}
	p.refused(exitUsage, "robots.txt", "kari", "target", "approve", "market", "--version", "1", "--yes")
	p.must("kari", "target", "approve", "market", "--version", "1", "--yes", "--consent-to-ignoring-robots")
}

// TestWhoActs: nobody changes anything without an account and its password.
func TestWhoActs(t *testing.T) {
	t.Parallel()
	p, m := staff(t), open(t, nil)
	add := []string{"target", "add", p.draft("market.yaml", m.target(t))}
	p.refused(exitUsage, "--as NAME", "", add...)
	p.refused(exitUsage, "--password-file", "", append(add, "--as", "ola")...)
	p.refused(exitNothing, "do not belong together", "", append(add, "--as", "ola", "--password-file", p.words["kari"])...)
	p.refused(exitNothing, "do not belong together", "", append(add, "--as", "per", "--password-file", p.words["kari"])...)
	p.must("", "user", "add", "per")
	var reset struct{ Password string }
	if err := json.Unmarshal([]byte(p.must("", "user", "reset", "per", "--json")), &reset); err != nil {
		t.Fatal(err)
	}
	p.words["per"] = p.draft("per.txt", reset.Password+"\n")
	p.refused(exitNothing, "varde user password per", "per", add...)
	var out, errs bytes.Buffer
	args := append(add, "--as", " OLA ", "--password-file", "-", "--data", p.data, "--config", p.config)
	if code := run(t.Context(), args, strings.NewReader(passwordOf["ola"]+"\n"), &out, &errs); code != 0 {
		t.Errorf("with the password on standard input: exit status %d, %s", code, errs.String())
	}
	p.historyIs("market", "target_drafted ola")
	for range 4 {
		p.refused(exitNothing, "do not belong together", "", append(add, "--as", "kari", "--password-file", p.words["ola"])...)
	}
	p.refused(exitNothing, "do not belong together", "", append(add, "--as", "kari", "--password-file", p.words["ola"])...)
	p.refused(exitNothing, "too many wrong passwords", "", append(add, "--as", "kari", "--password-file", p.words["kari"])...)
	if all := out.String() + errs.String(); strings.Contains(all, passwordOf["ola"]) {
		t.Errorf("a password was printed: %s", all)
	}
}

func TestWhoActsByTheEnvironment(t *testing.T) {
	p, m := staff(t), open(t, nil)
	t.Setenv("VARDE_USER", "ola")
	p.must("", "target", "add", p.draft("market.yaml", m.target(t)), "--password-file", p.words["ola"])
}

// TestReasonsHaveSentences: whatever keeps a target from being crawled is told in words.
func TestReasonsHaveSentences(t *testing.T) {
	for _, r := range target.Reasons {
		if whyNot[r] == "" {
			t.Errorf("there is no sentence for %s", r)
		}
	}
	if len(whyNot) != len(target.Reasons) {
		t.Error("there are sentences for what does not happen")
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{`Bodø "x" \d`: `Bodø "x" \d`, "a\x1b[2Jb": `a\x1b[2Jb`, "a\u202eb\xffc": `a\u202eb\xffc`, "en\nto": `en\nto`} {
		if got := printable(in); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}
