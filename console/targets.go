package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"varde/internal/audit"
	"varde/internal/frontier"
	"varde/internal/target"
)

// Targets is the desk of what may be crawled: it decides who may do what, and the console only asks. *target.Desk is one. A target or
// version that is not there is fault.ErrNotFound; what the rules forbid is fault.ErrUsage with a sentence.
type Targets interface {
	List(ctx context.Context) ([]target.Standing, error)
	Get(ctx context.Context, id string) (target.Standing, error)
	// At returns the target as one of its versions says.
	At(ctx context.Context, id string, version int) (*target.Target, error)
	// Versions and History come newest first.
	Versions(ctx context.Context, id string) ([]target.Version, error)
	History(ctx context.Context, id string) ([]audit.Entry, error)

	Draft(ctx context.Context, actor, file string, text []byte, reason string) (target.Standing, error)
	Approve(ctx context.Context, actor, id string, version int, hash string, consent bool, note string) (target.Standing, error)
	Activate(ctx context.Context, actor, id, reason string) (target.Standing, error)
	Pause(ctx context.Context, actor, id, reason string) (target.Standing, error)
	PauseAll(ctx context.Context, actor, reason string) (int, error)
	Revoke(ctx context.Context, actor, id, reason string) (target.Standing, error)
	Tried(ctx context.Context, actor, id string, version int, address string) error
}

// CrawlRecords is what is known of the crawling of targets. A target of which nothing is known has zero values. Tallies come in the order
// of frontier.Outcomes, coverages in that of target.FieldNames.
type CrawlRecords interface {
	FrontierSize(ctx context.Context, target string, now time.Time) (frontier.Size, error)
	Tallies(ctx context.Context, target string) ([]frontier.Tally, error)
	Coverages(ctx context.Context, target string, version int) ([]frontier.Coverage, error)
}

// endsSoon is from when on the end of an authority is marked, so that a new one can be asked for in time.
const endsSoon = 14 * 24 * time.Hour

// targetsPage lists the targets.
type targetsPage struct {
	base
	Rows []targetRow
	// Active counts those that are being crawled, which can be paused all at once.
	Active int
}

// targetRow is one target in one line.
type targetRow struct {
	ID, Href, Name, Site string
	State                target.State
	Version              int
	// Why says why it is not crawled now, "" where it is.
	Why string
	// Valid is the period of its authority, Ends how soon it is over, where that is soon.
	Valid, Ends string
	Last, Next  moment
	Pages, Ads  int
	// Share is the part of Tries that came out well, "" where nothing was tried.
	Share    string
	Tries    int
	Warnings []string
}

func (s *Server) targetList(w http.ResponseWriter, r *http.Request) error {
	l := s.locale(r)
	all, err := s.targets.List(r.Context())
	if err != nil {
		return err
	}
	p := targetsPage{base: s.base(r, l.say("targets.title"), "targets")}
	if r.URL.Query().Get("done") == "pause_all" {
		p.Notice = l.say("target.done.pause_all")
	}
	slices.SortStableFunc(all, func(a, b target.Standing) int { return cmp.Compare(urgency(a.State), urgency(b.State)) })
	for _, st := range all {
		c, err := s.crawled(r.Context(), st)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, s.targetRow(l, st, c))
		if st.State == target.Active {
			p.Active++
		}
	}
	return s.render(w, r, http.StatusOK, "targets", p)
}

// urgency orders targets: those that are crawled first, then those that wait for somebody, then those that are over.
func urgency(s target.State) int {
	return slices.Index([]target.State{target.Active, target.Draft, target.Approved, target.Paused, target.Expired, target.Revoked}, s)
}

func (s *Server) targetRow(l *locale, st target.Standing, c crawled) targetRow {
	row := targetRow{ID: st.ID, Href: targetURL(st.ID), Name: st.ID, State: st.State, Version: st.Version, Why: s.whyWaits(l, st, c), Last: l.visit(c.size.LastRead),
		Next: s.nextVisit(l, st, c), Pages: c.size.Lists + c.size.Ads, Tries: c.tries(), Share: l.share(c.good(), c.tries()), Ads: c.count(frontier.AdRead),
		Warnings: s.rowWarnings(l, st, c)}
	if readable(st) {
		row.Name, row.Site = short(st.Spec.Name, longestValue), short(st.Spec.Site, 60)
		row.Valid, row.Ends = l.validity(st.Spec), l.ends(st, s.cfg.Now())
	}
	return row
}
