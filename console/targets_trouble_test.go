package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"varde/internal/audit"
	"varde/internal/frontier"
	"varde/internal/target"
)

// crawlOf is what the record says of every target.
type crawlOf struct {
	size      frontier.Size
	tallies   []frontier.Tally
	coverages []frontier.Coverage
}

func (c *crawlOf) FrontierSize(context.Context, string, time.Time) (frontier.Size, error) {
	return c.size, nil
}

func (c *crawlOf) Tallies(context.Context, string) ([]frontier.Tally, error) { return c.tallies, nil }

func (c *crawlOf) Coverages(context.Context, string, int) ([]frontier.Coverage, error) {
	return c.coverages, nil
}

// tallied gives outcomes with their numbers, met on one day.
func tallied(of map[frontier.Outcome]int) (all []frontier.Tally) {
	for _, o := range frontier.Outcomes {
		if n := of[o]; n > 0 {
			all = append(all, frontier.Tally{Count: frontier.Count{Outcome: o, N: n, Example: "https://market.example/" + string(o)}, First: day(50), Last: day(50)})
		}
	}
	return all
}

// underWay is a console with one target that has been active since a time, of which c is known.
func underWay(t *testing.T, c *crawlOf, since time.Time, pairs ...string) (*world, *ledger) {
	t.Helper()
	r := newRecords()
	l := r.newLedger(t)
	r.crawl = c
	l.now = since
	l.active(targetFile(t, "marked", pairs...), "")
	l.now = day(50)
	return open(t, r, nil), l
}

func TestTargetsThatGiveNothingAreWarnedOf(t *testing.T) {
	const adless, failing = "Ingen annonse er lest ennå", "Nesten ingenting går bra"
	for name, tt := range map[string]struct {
		came      map[frontier.Outcome]int
		since     time.Duration
		want, not []string
		pairs     []string
	}{
		"one in five went well":    {came: map[frontier.Outcome]int{frontier.AdRead: 2, frontier.Refused: 8}, not: []string{failing, adless}},
		"fewer than one in five":   {came: map[frontier.Outcome]int{frontier.AdRead: 2, frontier.Refused: 5, frontier.Timeout: 4}, want: []string{failing + ": 18 % av 11 forsøk. Oftest: Nettstedet nektet."}, not: []string{adless}},
		"too few to say":           {came: map[frontier.Outcome]int{frontier.Refused: 9}, not: []string{failing, adless}},
		"nothing left":             {came: map[frontier.Outcome]int{frontier.ListRead: 3, frontier.Outside: 900, frontier.RobotsForbid: 80, frontier.TooMany: 70, frontier.Endless: 60, frontier.NotAuthorised: 50}, not: []string{failing, adless}},
		"ten tries and no ad":      {came: map[frontier.Outcome]int{frontier.ListRead: 10}, want: []string{adless}, not: []string{failing}},
		"a day and no ad":          {since: 25 * time.Hour, want: []string{adless}, not: []string{failing}},
		"a day, and an ad":         {came: map[frontier.Outcome]int{frontier.AdRead: 1}, since: 25 * time.Hour, not: []string{adless, failing}},
		"an hour and no ad":        {since: time.Hour, not: []string{adless, failing}},
		"no window has been open":  {since: 25 * time.Hour, pairs: []string{"windows: []", `windows: ["Sat 01:00-02:00"]`}, not: []string{adless}},
		"its authority is to come": {since: 25 * time.Hour, pairs: []string{"2026-11-01 ", "2026-12-01 "}, not: []string{adless}},
	} {
		t.Run(name, func(t *testing.T) {
			w, l := underWay(t, &crawlOf{tallies: tallied(tt.came)}, day(50).Add(-tt.since), tt.pairs...)
			p := w.signedIn(t)
			for path, where := range map[string]string{"/targets": ".targets tbody", "/targets/marked": "main", "/system": "main"} {
				page := p.page(path)
				page.Has(where, tt.want...)
				for _, not := range tt.not {
					page.HasNot(where, not)
				}
			}
			l.must(l.desk.Revoke(t.Context(), "ola", "marked", "Henlagt"))
			p.page("/targets/marked").HasNot("main", failing)
		})
	}
}

// TestNothingLeftIsNoTry: what our own rules kept from being asked for is no try that failed, and is shown by itself, with the reason in words.
func TestNothingLeftIsNoTry(t *testing.T) {
	c := &crawlOf{tallies: tallied(map[frontier.Outcome]int{frontier.AdRead: 3, frontier.Busy: 1, frontier.Outside: 87, frontier.RobotsForbid: 6, frontier.NotAuthorised: 5, frontier.TooMany: 4, frontier.Endless: 3})}
	w, _ := underWay(t, c, day(50))
	p := w.signedIn(t)
	p.page("/targets").Has(".targets tbody", "75 % av 4")
	p.page("/targets/marked").Has("[aria-labelledby=outcomes] > .hint", "75 % av 4 forsøk gikk bra.")
	for _, word := range target.Reasons {
		for i := range c.tallies {
			c.tallies[i].Detail = word
		}
		page := p.page("/targets/marked")
		page.Has("[data-group=unasked] tr.group", "Ikke hentet")
		if n := page.Count("[data-group=unasked] tr"); n != 6 {
			t.Errorf("%d lines are of what was not fetched, want its heading and five", n)
		}
		if detail := strings.Join(page.Texts("[data-group=unasked] .hint:not(:has([lang]))"), " "); !strings.HasSuffix(strings.TrimSpace(detail), ".") || strings.Contains(detail, "_") {
			t.Errorf("%s: a denial is told as %q", word, detail)
		}
	}
	c.tallies = tallied(map[frontier.Outcome]int{frontier.Outside: 2})
	p.page("/targets/marked").HasNot("main", "forsøk gikk bra")
}

func TestSiteThatIsLeftAlone(t *testing.T) {
	c := &crawlOf{size: frontier.Size{Lists: 1, NextDue: day(50).Add(-time.Hour), LeftUntil: day(50).Add(2 * time.Hour)}, tallies: tallied(map[frontier.Outcome]int{frontier.AdRead: 3})}
	w, l := underWay(t, c, day(50))
	p := w.signedIn(t)
	const left = "Nettstedet får være i fred til 20. nov. 2026 kl. 15.05."
	p.page("/targets").Has(".targets .why-not", left)
	p.page("/targets").Has(".targets td[data-label='Neste besøk']", "20. nov. 2026 kl. 15.05")
	page := p.page("/targets/marked")
	page.Has(".lead", left)
	page.HasNot(".lead", "Hentes nå")
	page.Has(".side", "Neste besøk20. nov. 2026 kl. 15.05")
	c.size.NextDue = day(51)
	p.page("/targets/marked").Has(".side", "Neste besøk21. nov. 2026 kl. 13.05")
	c.size.LeftUntil = day(50).Add(-time.Second)
	p.page("/targets/marked").Has(".lead", "Hentes nå")
	c.size.LeftUntil = day(52)
	l.must(l.desk.Pause(t.Context(), "kari", "marked", ""))
	p.page("/targets/marked").HasNot("main", "i fred")
}

func TestTargetListAndPageSayWhatPeopleAskFor(t *testing.T) {
	w, l := crawling(t)
	for _, e := range []audit.Entry{
		{Action: audit.TargetTried, Object: "https://market.example/ad/1"},
		{Action: audit.TargetTried, Version: 2, Object: " "},
		{Action: audit.EvidenceExported, Object: " "},
	} {
		e.At, e.Actor, e.Subject = day(50), "kari", audit.Target("nordmarked")
		if err := l.store.PutEntry(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	p := w.signedIn(t)
	p.page("/targets").Has(".targets tbody tr:nth-child(2) th code", "nordmarked")
	page := p.page("/targets/nordmarked")
	page.Has(".side", "120 dager (sletting kommer i en senere versjon)")
	page.Has("[aria-labelledby=fields]", "Felt som målet sier kan mangle (optional), er ikke med.")
	page.Has(".history", "kari prøvde et utkast på en side: https://market.example/ad/1")
	page.Has(".history", "kari prøvde versjon 2 på en side.")
	if n := page.Count(".history code:not(:has(bdi:not(:empty)))"); n != 0 {
		t.Errorf("%d entries of the history end in an empty address", n)
	}
	page.HasNot(".history", "versjon 0")
}

// TestEnglishIsMarked: what the reader says in English is marked as such, behind a sentence in the reader's language.
func TestEnglishIsMarked(t *testing.T) {
	w, _ := crawling(t)
	p := w.signedIn(t)
	page := p.post("/targets/nordmarked/try", "version", "2", "address", "https://market.example/ad/1").page()
	page.Has(".result > [role=status] > strong", "Annonse lest.")
	page.Has(".result li [lang=en]", "is no amount")
	page.Has(".trial-fields .soon [lang=en]", "is no amount")
	p.page("/targets/nordmarked").Has("[data-group=others] .hint [lang=en]", "status 429")
	page = p.post("/targets/new", "text", targetFile(t, "nytt", "rate: 0.5", "rate: 500"), "do", "check").page()
	page.Has("#problems > p", "Rett linjene under i filen, og sjekk på nytt")
	if page.Count("#problems li [lang=en]") != 1 {
		t.Error("what is wrong with the file is not marked as English")
	}
	reader(t).page("/ad?key=nordmarked.example%2F84312").Has("[aria-labelledby=provenance] li [lang=en]", "picture 2: status 404")
}

func TestProvenanceNamesTheLineOfImportsOnly(t *testing.T) {
	for _, tt := range []struct {
		source, want string
		line         int
	}{{"import", "Fil og linjeads.jsonl:7", 7}, {"import", "Filads.jsonl", 0}, {"crawl", "", 0}, {"crawl", "", 7}} {
		t.Run(fmt.Sprintf("%s %d", tt.source, tt.line), func(t *testing.T) {
			r := fill()
			a := ringAd(0)
			p := &a.Finding.Sighting.Provenance
			p.Source, p.File, p.Line = tt.source, "ads.jsonl", tt.line
			r.ads[a.Key], r.versions[a.Key] = a, nil
			page := open(t, r, nil).signedIn(t).page("/ad?key=nordmarked.example%2F84312")
			if tt.want == "" {
				page.HasNot(".provenance", "ads.jsonl")
				return
			}
			page.Has(".provenance", tt.want)
			page.HasNot(".provenance", ":0")
		})
	}
}
