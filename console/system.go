package console

import (
	"net/http"
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
	// HasStream says whether this process can tell what was set aside.
	HasStream bool
	Dead      int
	Aside     []asideRow
	Notices   []string
	Checked   moment
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
	p := systemPage{base: s.base(r, l.say("system.title"), "system"), Counts: counts, Bands: bandChoices(counts, "")[1:],
		Change: int(change), Indexed: int(indexed), Behind: int(max(0, change-indexed)), Rules: s.catalogue.Version(),
		Checked: l.clock(s.cfg.Now())}
	for _, n := range s.notices() {
		p.Notices = append(p.Notices, l.say("notice."+string(n.Kind), "about", n.About))
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
