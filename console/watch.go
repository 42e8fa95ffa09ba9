package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/watch"
)

// Watch is the list of what is known from cases and tips; *watch.Desk is one.
type Watch interface {
	List(ctx context.Context) ([]watch.Item, error)
	Add(ctx context.Context, actor string, kind ad.Kind, value, reference, note string) (watch.Item, error)
	Remove(ctx context.Context, actor string, kind ad.Kind, value, reason string) error
	// Find returns what stands on the list for a value, nil where nothing does.
	Find(ctx context.Context, kind ad.Kind, value string) (*watch.Item, error)
}

// watchPage lists what is watched, with a form for more.
type watchPage struct {
	base
	Rows  []watchRow
	Kinds []ad.Kind
	// Kind, Value, Reference and Note are what a form that was not taken held; Problem says why.
	Kind                   ad.Kind
	Value, Reference, Note string
	Problem                string
	// Replaces is the reference that the form would put another in the place of, which its sender has been told.
	Replaces string
}

// watchRow is one entry.
type watchRow struct {
	N                           int
	Kind                        ad.Kind
	Value, Shown                string
	Reference, Note, By, Search string
	At                          moment
}

func (s *Server) watchList(w http.ResponseWriter, r *http.Request) error {
	return s.showWatch(w, r, http.StatusOK, watchPage{})
}

func (s *Server) showWatch(w http.ResponseWriter, r *http.Request, status int, p watchPage) error {
	l := s.locale(r)
	p.base, p.Kinds = s.base(r, l.say("watch.title"), "watch"), watch.Kinds
	p.Path = "/watch"
	list, err := s.watch.List(r.Context())
	if err != nil {
		return err
	}
	for n, i := range list {
		row := watchRow{N: n + 1, Kind: i.Kind, Value: i.Value, Shown: short(identifier(i.Kind, i.Value), longestValue), Reference: short(i.Reference, 200),
			Note: short(i.Note, 200), By: i.By, At: l.clock(i.At)}
		if i.Kind == ad.Phone || i.Kind == ad.Handle || i.Kind == ad.Email {
			row.Search = "/search?q=" + url.QueryEscape(searchWord(i.Kind, i.Value))
		}
		p.Rows = append(p.Rows, row)
	}
	if done := r.URL.Query().Get("done"); done == "add" || done == "remove" {
		p.Notice = l.say("watch.done." + done)
	}
	return s.render(w, r, status, "watch", p)
}

// watchSubmit adds or removes. A form that cannot be taken is shown again with what it held.
func (s *Server) watchSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	who, l := userOf(r.Context()).Name, s.locale(r)
	p := watchPage{Kind: ad.Kind(r.PostFormValue("kind")), Value: r.PostFormValue("value"), Reference: strings.TrimSpace(r.PostFormValue("reference")), Note: r.PostFormValue("note")}
	do := r.PostFormValue("do")
	var err error
	switch do {
	case "add":
		there, bad := s.watch.Find(r.Context(), p.Kind, p.Value)
		switch {
		case errors.Is(bad, fault.ErrUsage):
			p.Problem = l.say("watch.bad_value")
		case bad != nil:
			return bad
		case p.Reference == "":
			p.Problem = l.say("watch.no_reference")
		case there != nil && there.Reference != r.PostFormValue("replaces"): // another's case must not vanish unseen
			p.Problem, p.Replaces = l.say("watch.there", "reference", short(there.Reference, 200), "who", there.By), there.Reference
		default:
			_, err = s.watch.Add(r.Context(), who, p.Kind, p.Value, p.Reference, p.Note)
		}
	case "remove":
		if reasonOf(r) == "" {
			p = watchPage{Problem: l.say("watch.no_reason")}
		} else if err = s.watch.Remove(r.Context(), who, p.Kind, p.Value, reasonOf(r)); errors.Is(err, fault.ErrNotFound) {
			err = nil // somebody else was faster: it is gone, as wanted
		}
	default:
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
	}
	if err != nil {
		return err
	}
	if p.Problem != "" {
		return s.showWatch(w, r, http.StatusUnprocessableEntity, p)
	}
	http.Redirect(w, r, "/watch?done="+do, http.StatusSeeOther)
	return nil
}
