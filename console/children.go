package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"varde/internal/ad"
	"varde/internal/child"
	"varde/internal/fault"
	"varde/internal/help"
)

// Children is where ads in which a child may be involved are listed and answered for; *child.Desk is one.
type Children interface {
	Get(ctx context.Context, key ad.Key) (child.Flag, error)
	List(ctx context.Context, states []child.State, limit, offset int) ([]child.Flag, int, error)
	Waiting(ctx context.Context) (int, error)
	Take(ctx context.Context, actor string, key ad.Key, revision int64) (child.Flag, error)
	Answer(ctx context.Context, actor string, key ad.Key, revision int64, outcome child.Outcome, note string) (child.Flag, error)
	Reopen(ctx context.Context, actor string, key ad.Key, revision int64, note string) (child.Flag, error)
}

// childrenSize is how many flags a page shows.
const childrenSize = 20

// childrenPage lists ads in which a child may be involved, those that wait longest first.
type childrenPage struct {
	base
	// Answered says that the answered ones are listed, otherwise those that wait.
	Answered bool
	Rows     []childRow
	Pager    pager
	Contacts []contactRow
	Outcomes []child.Outcome
	// Problem says why a form was not taken.
	Problem string
}

// childRow is one flag with its form.
type childRow struct {
	N              int
	Ad             link
	Network        *link
	Title          []part
	Place, Site    string
	Why            []childReason
	State          child.State
	Outcome        child.Outcome
	By, Note       string
	Since, Changed moment
	Key            string
	Revision       int64
	// Mine says that the reader has taken it.
	Mine bool
	// Wrote and Chose are what a form for it held that was not taken.
	Wrote string
	Chose child.Outcome
}

// childReason is a code with what it rests on.
type childReason struct {
	Title, Code, Innocent string
	Seen                  []seen
}

// contactRow is somebody to turn to.
type contactRow struct {
	Name, What, Phone, Mail, Source string
	Checked                         string
	Stale                           bool
}

// childNotice tells on an ad's page that a child may be involved, or who has answered that there is none.
type childNotice struct {
	Href string
	// Cleared is the answer that there is none, "" where nobody gave it.
	Cleared child.Outcome
	By      string
	When    moment
}

// childNotice is nil for an ad in which no child may be involved.
func (s *Server) childNotice(ctx context.Context, l *locale, a *ad.Ad) (*childNotice, error) {
	if !a.Child {
		return nil, nil
	}
	n := &childNotice{Href: childURL(a.Key)}
	f, err := s.children.Get(ctx, a.Key)
	switch {
	case errors.Is(err, fault.ErrNotFound): // it will be on the list soon
	case err != nil:
		return nil, err
	case f.Cleared():
		n.Cleared, n.By, n.When = f.Outcome, f.By, l.clock(f.Changed)
	}
	return n, nil
}

func (s *Server) childList(w http.ResponseWriter, r *http.Request) error {
	return s.showChildren(w, r, http.StatusOK, childForm{key: ad.Key(r.URL.Query().Get("ad"))})
}

// childForm is what a form that was not taken held, about which flag, and why.
type childForm struct {
	key           ad.Key
	note, problem string
	outcome       child.Outcome
}

// showChildren lists flags, or the one that a form or an address names.
func (s *Server) showChildren(w http.ResponseWriter, r *http.Request, status int, form childForm) error {
	l, q := s.locale(r), r.URL.Query()
	p := childrenPage{base: s.base(r, l.say("child.title"), "children"), Answered: q.Get("show") == "answered", Outcomes: child.Outcomes, Problem: form.problem}
	states := []child.State{child.Open, child.Taken}
	if p.Answered {
		states = []child.State{child.Answered}
	}
	page := pageNumber(q)
	flags, total, err := s.children.List(r.Context(), states, childrenSize, (page-1)*childrenSize)
	if err != nil {
		return err
	}
	if last := max(1, (total+childrenSize-1)/childrenSize); page > last { // an old link, or a list that has become shorter: it must not look empty
		q.Set("page", strconv.Itoa(last))
		http.Redirect(w, r, "/children?"+q.Encode(), http.StatusSeeOther)
		return nil
	}
	if form.key != "" {
		f, err := s.children.Get(r.Context(), form.key)
		if err != nil {
			return err
		}
		flags, total, page = []child.Flag{f}, 1, 1
		p.Answered = f.State == child.Answered
	}
	for i, f := range flags {
		row, err := s.childRow(r.Context(), l, f)
		if err != nil {
			return err
		}
		row.N, row.Mine = i+1, f.State == child.Taken && f.By == userOf(r.Context()).Name
		row.Wrote, row.Chose = form.note, form.outcome
		p.Rows = append(p.Rows, row)
	}
	p.Pager = newPager(r.URL, page, total, childrenSize)
	for _, c := range s.help.Of(help.Child) {
		p.Contacts = append(p.Contacts, contactRow{Name: inLang(c.Name, l.lang), What: inLang(c.What, l.lang), Phone: c.Phone, Mail: c.Mail, Source: c.Source,
			Checked: l.dateOf(c.CheckedOn), Stale: c.Stale(s.cfg.Now())})
	}
	if done := q.Get("done"); done == "take" || done == "answer" || done == "reopen" {
		p.Notice = l.say("child.done." + done)
	}
	return s.render(w, r, status, "children", p)
}

func (s *Server) childRow(ctx context.Context, l *locale, f child.Flag) (childRow, error) {
	row := childRow{Ad: adLink(f.Ad), State: f.State, Outcome: f.Outcome, By: f.By, Note: f.Note, Since: l.clock(f.At), Changed: l.clock(f.Changed),
		Key: string(f.Ad), Revision: f.Revision}
	a, err := s.records.Ad(ctx, f.Ad)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return row, err
	}
	if err == nil {
		sg := &a.Finding.Sighting
		row.Title, row.Place, row.Site = unseenParts(adTitle(sg), part{}), short(sg.Location, 40), sg.Site
		if a.Network != "" {
			row.Network = &link{networkURL(a.Network), a.Network}
		}
	}
	for _, in := range f.Indicators {
		why := childReason{Title: s.title(l, in.Code), Code: in.Code, Innocent: inLang(s.entry(in.Code).Innocent, l.lang)}
		for _, ev := range in.Evidence[:min(len(in.Evidence), mostSeen)] {
			why.Seen = append(why.Seen, l.seen(ev))
		}
		row.Why = append(row.Why, why)
	}
	return row, nil
}

func childURL(key ad.Key) string { return "/children?ad=" + url.QueryEscape(string(key)) }

// childSubmit takes, answers or reopens a flag. A form that came too late, or lacks its note, is answered with the flag as it is now and what the
// form held.
func (s *Server) childSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	ctx, who, key, note, do := r.Context(), userOf(r.Context()).Name, ad.Key(r.PostFormValue("ad")), reasonOf(r), r.PostFormValue("do")
	revision, err := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	if err != nil {
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
	}
	switch do {
	case "take":
		_, err = s.children.Take(ctx, who, key, revision)
	case "answer":
		_, err = s.children.Answer(ctx, who, key, revision, child.Outcome(r.PostFormValue("outcome")), note)
	case "reopen":
		_, err = s.children.Reopen(ctx, who, key, revision, note)
	default:
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
	}
	for refused, why := range map[error]string{child.ErrChanged: "changed", child.ErrState: "changed", child.ErrNoNote: "no_note", child.ErrOutcome: "no_outcome"} {
		if errors.Is(err, refused) {
			status := http.StatusUnprocessableEntity
			if why == "changed" {
				status = http.StatusConflict
			}
			return s.showChildren(w, r, status, childForm{key, note, s.locale(r).say("child." + why), child.Outcome(r.PostFormValue("outcome"))})
		}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/children?done="+do, http.StatusSeeOther)
	return nil
}
