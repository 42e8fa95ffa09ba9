package console

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"varde/internal/frontier"
	"varde/internal/target"
)

func targetURL(id string) string { return "/targets/" + url.PathEscape(id) }

func versionURL(id string, n int) string { return targetURL(id) + "/versions/" + strconv.Itoa(n) }

// readable says whether the current version of a target can be read: its text may have been written for an older program.
func readable(st target.Standing) bool { return st.Spec != nil && st.Why != target.Unreadable }

// visit is a time that may not have come yet.
func (l *locale) visit(t time.Time) moment {
	if t.IsZero() {
		return moment{Text: l.say("time.never")}
	}
	return l.clock(t)
}

// nextVisit is when a target is visited next; what is due is visited as soon as its turn comes.
func (s *Server) nextVisit(l *locale, st target.Standing, c crawled) moment {
	due, now := c.size.NextDue, s.cfg.Now()
	if st.State != target.Active || due.IsZero() {
		return moment{Text: l.say("target.none_due")}
	}
	if until, resting := c.resting(st, now); resting && due.Before(until) {
		due = until
	}
	if readable(st) && st.Why == target.Closed {
		if opens := st.Spec.Opens(now); due.Before(opens) {
			due = opens
		}
	}
	if !due.After(now) {
		return moment{Text: l.say("target.due_now")}
	}
	return l.clock(due)
}

// whyWaits says why a target is not crawled now, "" where it is: of our own rules, or of the site.
func (s *Server) whyWaits(l *locale, st target.Standing, c crawled) string {
	until, resting := c.resting(st, s.cfg.Now())
	if st.Why != "" || !resting {
		return s.whyNot(l, st)
	}
	return l.say("target.left_until", "when", l.clock(until).Text)
}

// share writes a part of a whole in percent, never 0 or 100 where it is not quite.
func (l *locale) share(part, whole int) string {
	if whole <= 0 {
		return ""
	}
	percent := int(math.Round(100 * float64(part) / float64(whole)))
	if part > 0 {
		percent = max(percent, 1)
	}
	if part < whole {
		percent = min(percent, 99)
	}
	return l.number(percent) + nbsp + "%"
}

// lastDay is the last instant at which a target's authority holds.
func lastDay(t *target.Target) time.Time { return t.To().Add(-time.Nanosecond) }

// validity writes the period of a target's authority.
func (l *locale) validity(t *target.Target) string { return l.period(t.From(), lastDay(t), true) }

// ends says in how many days a target's authority is over, where that is soon and it can still be crawled.
func (l *locale) ends(st target.Standing, now time.Time) string {
	switch st.State {
	case target.Approved, target.Active, target.Paused:
	default:
		return ""
	}
	left := st.Spec.To().Sub(now)
	if left <= 0 || left > endsSoon {
		return ""
	}
	return l.say("target.ends", "n", int(math.Ceil(left.Hours()/24)))
}

// whyNot says why a target is not crawled now, "" where it is.
func (s *Server) whyNot(l *locale, st target.Standing) string {
	if st.Why == "" {
		return ""
	}
	switch {
	case st.Why == target.Closed:
		return l.say("target.closed_until", "when", l.clock(st.Spec.Opens(s.cfg.Now())).Text)
	case st.Why == target.NotApproved && st.State == target.Draft && st.Spec != nil:
		return l.say("target.waits_approval", "approver", short(st.Spec.Authority.Approver, 60))
	case st.Why == target.NotApproved && st.State == target.Approved:
		return l.say("target.waits_start")
	}
	return short(l.named("denial.", st.Why), longestValue)
}

// span of time as people write it: "6 t", "7 d", "90 s".
func (l *locale) duration(d time.Duration) string {
	for _, u := range []struct {
		unit string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}} {
		if d >= u.size && d%u.size == 0 {
			return l.number(int(d/u.size)) + nbsp + l.named("unit.", u.unit)
		}
	}
	return l.decimal(d.Seconds()) + nbsp + l.named("unit.", "s")
}

// authorityFacts say why a target may be crawled and under whose responsibility.
func (l *locale) authorityFacts(t *target.Target) []fact {
	a := t.Authority
	var categories []string
	for _, c := range t.Categories {
		categories = append(categories, l.named("category.", string(c)))
	}
	facts := targetFacts{}
	facts.add("target.purpose", a.Purpose)
	facts.add("target.necessity", a.Necessity)
	facts.add("target.legal_basis", a.LegalBasis)
	facts.add("target.reference", a.Reference)
	facts.add("target.unit", a.Unit)
	facts.add("target.approver", a.Approver)
	facts.add("target.valid", l.validity(t))
	facts.add("target.terms", a.Terms)
	facts.add("fact.categories", categories...)
	facts.add("target.retention", l.say("target.days", "n", t.RetentionDays))
	facts.add("target.pictures", l.named("target.pictures.", t.Pictures))
	return facts
}

// reachFacts say where the crawler may go, how fast and when.
func (l *locale) reachFacts(t *target.Target) []fact {
	facts := targetFacts{}
	facts.exact("target.hosts", t.Hosts...)
	facts.exact("target.start", t.Start...)
	facts.exact("target.allow", t.Allow...)
	facts.exact("target.deny", t.Deny...)
	facts.add("target.robots", l.named("target.robots.", t.Robots.Policy))
	facts[len(facts)-1].Warn = t.Robots.Ignored()
	facts.add("target.robots_reason", t.Robots.Reason)
	if len(t.Windows) > 0 {
		facts.add("target.windows", append(append([]string{}, t.Windows...), t.Timezone)...)
	} else {
		facts.add("target.windows", l.say("target.always"))
	}
	rate := l.say("target.no_rate")
	if t.Rate > 0 {
		rate = l.say("target.per_second", "rate", l.decimal(t.Rate))
	}
	facts.add("target.rate", rate, l.say("target.at_once", "n", t.Concurrency))
	facts.add("target.every", l.say("target.lists_every", "every", l.duration(t.Every)),
		l.say("target.ads_every", "least", l.duration(t.Revisit.Least), "most", l.duration(t.Revisit.Most)))
	facts.add("target.max_pages", l.number(t.MaxPages))
	facts.exact("target.user_agent", t.UserAgent)
	facts.exact("target.contact", t.Contact)
	if t.Token.Header != "" {
		facts.exact("target.token", t.Token.Header)
	}
	return facts
}

// targetFacts are lines of what a target's file says; what it does not say has no line.
type targetFacts []fact

// mostListed bounds how many values of one field are shown.
const mostListed = 40

func (f *targetFacts) put(key string, exact bool, values []string) {
	v := fact{Key: key, Exact: exact}
	for _, text := range values[:min(len(values), mostListed)] {
		if strings.TrimSpace(text) != "" {
			v.Values = append(v.Values, short(text, 2000))
		}
	}
	if len(values) > mostListed {
		v.Values = append(v.Values, "…")
	}
	if len(v.Values) > 0 {
		*f = append(*f, v)
	}
}

func (f *targetFacts) add(key string, values ...string)   { f.put(key, false, values) }
func (f *targetFacts) exact(key string, values ...string) { f.put(key, true, values) }

// outcomeGroup are the outcomes of one sort.
type outcomeGroup struct {
	// Name is "barriers", "others", "unasked" or "good", the end of a key.
	Name string
	Rows []outcomeRow
}

// outcomeRow is one outcome with how often it came out.
type outcomeRow struct {
	Word        string
	N           int
	First, Last moment
	Example     string
	Detail      detail
}

// detail says more of one case. Lang is the language of Text where it is not the page's: the crawler notes details in English.
type detail struct{ Text, Lang string }

// detail words what the crawler noted: where a target was not in force it is the word for why, which the catalogue has.
func (l *locale) detail(o frontier.Outcome, text string, most int) detail {
	if o == frontier.NotAuthorised {
		if m, known := l.text["denial."+text]; known {
			return detail{Text: m.Other}
		}
	}
	return detail{Text: short(text, most), Lang: "en"}
}

// outcomeGroups part what came out into barriers, what was not read, what was, and what was never asked for.
func (l *locale) outcomeGroups(tallies []frontier.Tally) []outcomeGroup {
	groups := []outcomeGroup{{Name: "barriers"}, {Name: "others"}, {Name: "good"}, {Name: "unasked"}}
	for _, o := range frontier.Outcomes {
		for _, t := range tallies {
			if t.Outcome == o {
				at := 1
				switch {
				case o.Barrier():
					at = 0
				case o.Good():
					at = 2
				case unasked(o):
					at = 3
				}
				groups[at].Rows = append(groups[at].Rows, l.outcomeRow(t))
			}
		}
	}
	var all []outcomeGroup
	for _, g := range groups {
		if len(g.Rows) > 0 {
			all = append(all, g)
		}
	}
	return all
}

func (l *locale) outcomeRow(t frontier.Tally) outcomeRow {
	return outcomeRow{Word: short(l.named("outcome.", string(t.Outcome)), 60), N: t.N, First: l.clock(t.First), Last: l.clock(t.Last),
		Example: short(t.Example, 300), Detail: l.detail(t.Outcome, t.Detail, 300)}
}

// coverageRow is one field of the ad pages.
type coverageRow struct {
	Field, Word string
	Fallen      bool
	Share       string
	Had, Pages  int
	// Recent are the latest pages, oldest first: whether each had the field.
	Recent  []bool
	Lately  int
	Missing string
	// Before is the share of pages that the latest are compared with.
	Before string
}

func (l *locale) coverageRow(c frontier.Coverage) coverageRow {
	row := coverageRow{Field: c.Field, Word: short(l.named("field.", c.Field), 60), Fallen: c.Fallen(), Share: l.share(c.Had, c.Pages), Had: c.Had, Pages: c.Pages,
		Missing: short(c.Missing, 300)}
	for _, bit := range c.Recent {
		row.Recent = append(row.Recent, bit == '1')
		if bit == '1' {
			row.Lately++
		}
	}
	row.Before = l.share(int(math.Round(1000*c.Before())), 1000)
	return row
}
