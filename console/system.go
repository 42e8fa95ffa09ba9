package console

import (
	"context"
	"net/http"
	"strings"

	"varde/internal/target"
)

// mostAside is how many set-aside messages the page lists.
const mostAside = 100

// systemPage shows the operator how the system does.
type systemPage struct {
	base
	Counts  Counts
	Bands   []bandChoice
	Change  int
	Indexed int
	Behind  int
	Rules   string
	// Meanings are what the bands have meant by the decisions of people.
	Meanings []meaningRow
	// HasStream says whether this process can tell what was set aside.
	HasStream bool
	Dead      int
	Aside     []asideRow
	Notices   []string
	// Targets are those that need somebody to look: fields that pages used to have are missing, the site shuts the
	// crawler out, or hardly anything is read.
	Targets []targetNotice
	Checked moment
}

// targetNotice is what an operator should know of one target.
type targetNotice struct {
	Target link
	Texts  []string
}

// asideRow is one message that waits for a person.
type asideRow struct {
	Aside
	When moment
}

func (s *Server) system(w http.ResponseWriter, r *http.Request) error {
	ctx, l := r.Context(), s.locale(r)
	counts, err := s.records.Counts(ctx)
	if err != nil {
		return err
	}
	change, err := s.records.LastChange(ctx)
	if err != nil {
		return err
	}
	indexed := s.search.Seq()
	p := systemPage{base: s.base(r, l.say("system.title"), "system"), Counts: counts, Bands: bandChoices(counts, 0, "", "")[1:],
		Change: int(change), Indexed: int(indexed), Behind: int(max(0, change-indexed)), Rules: s.catalogue.Version(),
		Checked: l.clock(s.cfg.Now())}
	if p.Meanings, err = s.meanings(ctx, l); err != nil {
		return err
	}
	for _, n := range s.notices() {
		p.Notices = append(p.Notices, l.say("notice."+string(n.Kind), "about", n.About))
	}
	if p.Targets, err = s.targetNotices(ctx, l); err != nil {
		return err
	}
	if s.setAside != nil {
		p.HasStream = true
		if p.Dead, err = s.setAside.DeadCount(ctx); err != nil {
			return err
		}
		for a, err := range s.setAside.Dead(ctx) {
			if err != nil {
				return err
			}
			p.Aside = append(p.Aside, asideRow{a, l.clock(a.At)})
			if len(p.Aside) == mostAside {
				break
			}
		}
	}
	return s.render(w, r, http.StatusOK, "system", p)
}

// targetNotices looks at what came of crawling each target that can be crawled.
func (s *Server) targetNotices(ctx context.Context, l *locale) (all []targetNotice, err error) {
	targets, err := s.targets.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, st := range targets {
		if st.State != target.Active && st.State != target.Paused {
			continue
		}
		c, err := s.crawled(ctx, st)
		if err != nil {
			return nil, err
		}
		n := targetNotice{Target: link{targetURL(st.ID), short(st.Spec.Name, longestValue)}}
		for _, f := range c.fallen() {
			row := l.coverageRow(f)
			n.Texts = append(n.Texts, l.say("target.fallen", "field", row.Word, "n", row.Lately, "of", len(row.Recent), "before", row.Before))
		}
		if b, blocked := c.blocked(s.cfg.Now()); blocked {
			n.Texts = append(n.Texts, l.say("target.blocked", "what", l.named("outcome.", string(b.Outcome)), "when", l.clock(b.Last).Text))
		}
		for _, t := range s.troubles(l, st, c) {
			n.Texts = append(n.Texts, strings.TrimSpace(t.Text+" "+t.Means))
		}
		if len(n.Texts) > 0 {
			all = append(all, n)
		}
	}
	return all, nil
}
