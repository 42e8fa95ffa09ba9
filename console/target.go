package console

import (
	"net/http"
	"slices"
	"strings"

	"varde/internal/audit"
	"varde/internal/target"
)

// mostHistory bounds how many entries and versions of one target a page lists.
const mostHistory = 200

// targetPage shows one target: what it is waiting for, what one may do, under whose authority it stands, and what came of it.
type targetPage struct {
	base
	ID, Name, Site string
	State          target.State
	Version        int
	// Next says in one sentence what has to happen next, and who has to do it.
	Next, Why, Ends string
	// MayApprove: the reader is the one who can; otherwise WhyNot says why a draft waits for somebody else.
	MayApprove bool
	WhyNot     string
	Acts       []targetAct
	// Problem is why what was just asked for did not happen.
	Problem    string
	Unreadable bool
	Approval   []fact
	Authority  []fact
	Reach      []fact
	Warnings   []targetWarning
	// Troubles say what else nobody hoped for.
	Troubles []trouble
	Outcomes []outcomeGroup
	Fields   []coverageRow
	Fallen   []coverageRow
	Pages    []fact
	Tries    int
	Share    string
	Versions []versionLine
	History  []historyRow
	// MoreVersions and MoreHistory count those that are not listed.
	MoreVersions, MoreHistory int
}

// targetWarning is a barrier that stands.
type targetWarning struct {
	outcomeRow
	Blocked bool
}

// targetAct is something that can be done to a target now.
type targetAct struct {
	// Do is "activate", "pause" or "revoke". Name is what people call it, the end of keys: revoking a draft is to reject it.
	Do, Name string
	// Open shows the form at once; Reason is what was typed into it.
	Open     bool
	Reason   string
	Required bool
	First    bool
}

// versionLine is one version in the list of them.
type versionLine struct {
	N              int
	Href           string
	When           moment
	Author, Reason string
	Approved       string
	Consent        bool
	Current        bool
}

func (s *Server) target(w http.ResponseWriter, r *http.Request) error {
	return s.showTarget(w, r, http.StatusOK, "", targetAct{})
}

// showTarget writes the page of a target. problem is why what was asked for did not happen; tried is the form that asked for it.
func (s *Server) showTarget(w http.ResponseWriter, r *http.Request, status int, problem string, tried targetAct) error {
	ctx, l := r.Context(), s.locale(r)
	st, err := s.targets.Get(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	versions, err := s.targets.Versions(ctx, st.ID)
	if err != nil {
		return err
	}
	history, err := s.targets.History(ctx, st.ID)
	if err != nil {
		return err
	}
	c, err := s.crawled(ctx, st)
	if err != nil {
		return err
	}
	p := targetPage{base: s.targetBase(r, st, ""), ID: st.ID, Name: st.ID, State: st.State, Version: st.Version, Why: s.whyWaits(l, st, c), Problem: problem,
		Acts: targetActs(st, tried), Unreadable: !readable(st)}
	if done := r.URL.Query().Get("done"); slices.Contains(targetDone, done) && r.Method == http.MethodGet {
		p.Notice = l.say("target.done." + done)
	}
	p.MayApprove, p.WhyNot = l.mayApprove(p.User.Name, st, versions)
	p.Next = s.nextStep(l, st, c, versions, p.MayApprove)
	if t := st.Spec; readable(st) {
		p.Name, p.Site, p.Ends = short(t.Name, longestValue), short(t.Site, 60), l.ends(st, s.cfg.Now())
		p.Authority, p.Reach = l.authorityFacts(t), l.reachFacts(t)
	}
	p.Approval = l.approvalFacts(st)
	s.fillCrawled(l, &p, st, c)
	p.Versions, p.History = l.versionLines(st, versions), l.historyRows(history)
	p.MoreVersions, p.MoreHistory = len(versions)-len(p.Versions), len(history)-len(p.History)
	return s.render(w, r, status, "target", p)
}

// targetBase is what pages about one target have around them. after is what follows the target's name in the title.
func (s *Server) targetBase(r *http.Request, st target.Standing, after string) base {
	title := st.ID
	if readable(st) {
		title = short(st.Spec.Name, 60)
	}
	if after != "" {
		title = after + " · " + title
	}
	b := s.base(r, title, "targets")
	if r.Method != http.MethodGet {
		b.Path = r.URL.Path
	}
	return b
}

// targetDone are what a page can be told has just been done.
var targetDone = []string{"draft", "approve", "activate", "pause", "revoke"}

// fillCrawled shows what came of crawling.
func (s *Server) fillCrawled(l *locale, p *targetPage, st target.Standing, c crawled) {
	now := s.cfg.Now()
	_, blocked := c.blocked(now)
	for _, b := range c.barriers(now) {
		p.Warnings = append(p.Warnings, targetWarning{l.outcomeRow(b), blocked})
	}
	p.Troubles = s.troubles(l, st, c)
	for _, f := range c.coverages {
		row := l.coverageRow(f)
		p.Fields = append(p.Fields, row)
		if row.Fallen {
			p.Fallen = append(p.Fallen, row)
		}
	}
	p.Outcomes = l.outcomeGroups(c.tallies)
	p.Tries, p.Share = c.tries(), l.share(c.good(), c.tries())
	last := l.visit(c.size.LastRead)
	next := s.nextVisit(l, st, c)
	n := func(key string, n int) fact { return fact{Key: key, Values: []string{l.number(n)}} }
	p.Pages = []fact{n("target.lists", c.size.Lists), n("target.ads", c.size.Ads), n("target.read", c.size.Read), n("target.due", c.size.Due),
		n("target.gone", c.size.Gone), {Key: "target.last", When: &last}, {Key: "target.next_visit", When: &next}}
}

// authorsSince are those who wrote a version since the last one that was approved, as far as the current one.
func authorsSince(st target.Standing, versions []target.Version) map[string]int {
	authors := map[string]int{}
	for _, v := range versions { // newest first
		if v.Approval != nil && v.Number != st.Version {
			break
		}
		if _, there := authors[account(v.Author)]; !there {
			authors[account(v.Author)] = v.Number
		}
	}
	return authors
}

// account is how the desk compares names of accounts.
func account(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// mayApprove says whether a person is the one who can approve the current version, and otherwise why not. It only spares people a form:
// the desk decides.
func (l *locale) mayApprove(name string, st target.Standing, versions []target.Version) (bool, string) {
	if st.State != target.Draft || !readable(st) {
		return false, ""
	}
	approver := st.Spec.Authority.Approver
	n, wrote := authorsSince(st, versions)[account(name)]
	switch {
	case wrote && account(name) == account(approver):
		return false, l.say("target.cannot.self", "version", plainNumber(n))
	case wrote:
		return false, l.say("target.cannot.own", "version", plainNumber(n), "approver", short(approver, 60))
	case account(name) == audit.Program:
		return false, l.say("refusal.program")
	case account(name) != account(approver):
		return false, l.say("target.cannot.other", "approver", short(approver, 60))
	}
	return true, ""
}

// nextStep says what has to happen next.
func (s *Server) nextStep(l *locale, st target.Standing, c crawled, versions []target.Version, may bool) string {
	if !readable(st) {
		return l.say("target.next.unreadable")
	}
	approver, version := short(st.Spec.Authority.Approver, 60), plainNumber(st.Version)
	until := l.day(lastDay(st.Spec)).Text
	say := func(key string) string {
		return l.say(key, "approver", approver, "version", version, "until", until, "from", l.clock(st.Spec.From()).Text, "why", s.whyWaits(l, st, c))
	}
	switch st.State {
	case target.Draft:
		if may {
			return say("target.next.you_approve")
		}
		if _, wrote := authorsSince(st, versions)[account(st.Spec.Authority.Approver)]; wrote {
			return say("target.next.no_approver")
		}
		return say("target.next.draft")
	case target.Revoked:
		if st.Approval == nil {
			return say("target.next.rejected")
		}
	case target.Active:
		switch st.Why {
		case "":
			if _, resting := c.resting(st, s.cfg.Now()); resting {
				return say("target.next.left")
			}
			return say("target.next.active")
		case target.NotYetValid:
			return say("target.next.not_yet")
		}
		return say("target.next.waits")
	}
	return say("target.next." + string(st.State))
}

// targetActs are what can be done to a target in its state, the likeliest first.
func targetActs(st target.Standing, tried targetAct) []targetAct {
	var acts []targetAct
	switch st.State {
	case target.Draft:
		acts = []targetAct{{Do: "revoke", Name: "reject", Required: true}}
	case target.Approved, target.Paused:
		acts = []targetAct{{Do: "activate", Name: "activate", First: true}, {Do: "revoke", Name: "revoke", Required: true}}
	case target.Active:
		acts = []targetAct{{Do: "pause", Name: "pause"}, {Do: "revoke", Name: "revoke", Required: true}}
	}
	for i, a := range acts {
		if a.Do == tried.Do {
			acts[i].Open, acts[i].Reason = true, tried.Reason
		}
	}
	return acts
}

func (l *locale) approvalFacts(st target.Standing) []fact {
	a := st.Approval
	if a == nil {
		return nil
	}
	facts := targetFacts{}
	facts.add("target.approved_by", a.By)
	when := l.clock(a.At)
	facts = append(facts, fact{Key: "target.approved_at", When: &when})
	facts.exact("provenance.authorisation", a.ID)
	if a.Consent {
		facts.add("target.robots", l.say("target.consent_given"))
	}
	facts.add("target.note", a.Note)
	return facts
}

func (l *locale) versionLines(st target.Standing, versions []target.Version) (lines []versionLine) {
	for _, v := range versions[:min(len(versions), mostHistory)] {
		line := versionLine{N: v.Number, Href: versionURL(st.ID, v.Number), When: l.clock(v.At), Author: short(v.Author, 60), Reason: short(v.Reason, 500),
			Current: v.Number == st.Version}
		if v.Approval != nil {
			line.Approved = l.say("target.approved_line", "who", short(v.Approval.By, 60), "when", l.clock(v.Approval.At).Text)
			line.Consent = v.Approval.Consent
		}
		lines = append(lines, line)
	}
	return lines
}

func (l *locale) historyRows(entries []audit.Entry) (rows []historyRow) {
	for _, e := range entries[:min(len(entries), mostHistory)] {
		rows = append(rows, l.historyRow(e))
	}
	return rows
}
