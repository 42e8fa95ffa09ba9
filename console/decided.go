package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
	"varde/internal/decision"
	"varde/internal/fault"
)

// LinkDecisions is where people decide about links; *decision.Desk is one.
type LinkDecisions interface {
	// List returns all decisions by their numbers, also those undone.
	List(ctx context.Context) ([]decision.Item, error)
	// Cut decides that an identifier does not link an ad, or none of its ads where key is "".
	Cut(ctx context.Context, actor string, key ad.Key, kind ad.Kind, value, reason string) (decision.Item, error)
	Join(ctx context.Context, actor string, a, b ad.Key, reason string) (decision.Item, error)
	Undo(ctx context.Context, actor string, id int64, reason string) (decision.Item, error)
}

// decidedLinks is what is decided about a network's links, and the forms to decide with.
type decidedLinks struct {
	Rows []decidedRow
	// Cuts are the identifiers that can be cut, by their names in the form; Ads are the network's, as far as they are offered.
	Cuts []choice
	Ads  []ad.Key
	// Problem says why a decision was not taken, Do which form it was. The others are what that form held.
	Problem, Do               string
	Cut, Ad, Mine, To, Reason string
	All                       bool
	// ID is the decision that was not undone.
	ID int64
}

// choice is one line of a list to choose from.
type choice struct{ Value, Text string }

// decidedRow is one decision that is in force.
type decidedRow struct {
	ID           int64
	Text, Reason string
	By           string
	At           moment
}

// mostOffered is how many ads a form offers by name; any other can be typed.
const mostOffered = 200

// decidedOf reads what is decided about the ads of a network; ads are some of these.
func (s *Server) decidedOf(ctx context.Context, l *locale, n ad.Network, ads []ad.Ad, rows []identifierRow) (*decidedLinks, error) {
	list, err := s.linkDecisions.List(ctx)
	if err != nil {
		return nil, err
	}
	d := &decidedLinks{Ads: n.Ads[:min(len(n.Ads), mostOffered)]}
	for i := range list {
		if one := &list[i]; one.Undone == nil && concerns(one, &n, ads) {
			d.Rows = append(d.Rows, decidedRow{ID: one.ID, Text: l.decidedText(one), Reason: short(one.Reason, decision.Most), By: short(one.By, 40), At: l.clock(one.At)})
		}
	}
	for _, row := range rows {
		if row.Joins && row.Kind != ad.Decided {
			d.Cuts = append(d.Cuts, choice{row.Cuts(), l.named("kind.", string(row.Kind)) + " " + row.Value})
		}
	}
	return d, nil
}

// concerns says whether a decision is about ads of a network: by name, or by an identifier that is cut from all ads and that the network has.
func concerns(i *decision.Item, n *ad.Network, ads []ad.Ad) bool {
	if i.Ad != "" {
		return slices.ContainsFunc([]ad.Key{i.Ad, i.Other}, func(key ad.Key) bool { return slices.Contains(n.Ads, key) })
	}
	if slices.ContainsFunc(n.Identifiers, func(id ad.NetworkIdentifier) bool { return id.Kind == i.Kind && id.Value == i.Value }) {
		return true
	}
	return slices.ContainsFunc(ads, func(a ad.Ad) bool { // a text or picture of a group that the network knows by another name
		return slices.ContainsFunc(a.Identifiers, func(id ad.Identifier) bool { return id.Kind == i.Kind && id.Value == i.Value })
	})
}

// decidedText says in words what was decided.
func (l *locale) decidedText(i *decision.Item) string {
	if i.Sort == decision.Join {
		return l.say("decided.joined", "a", short(string(i.Ad), longestValue), "b", short(string(i.Other), longestValue))
	}
	what := l.named("kind.", string(i.Kind)) + " " + short(identifier(i.Kind, i.Value), longestValue)
	if i.Ad == "" {
		return l.say("decided.cut_all", "what", what)
	}
	return l.say("decided.cut_one", "what", what, "ad", short(string(i.Ad), longestValue))
}

// Cuts names an identifier in the form that cuts it.
func (r identifierRow) Cuts() string { return string(r.Kind) + ":" + r.value }

// networkLinks cuts or adds a link, or undoes that. A form that cannot be taken is shown again with what it held.
func (s *Server) networkLinks(w http.ResponseWriter, r *http.Request) error {
	if err := plainForm(r); err != nil {
		return err
	}
	ctx, who, l := r.Context(), userOf(r.Context()).Name, s.locale(r)
	f := decidedLinks{Do: r.PostFormValue("do"), Cut: r.PostFormValue("cut"), Ad: strings.TrimSpace(r.PostFormValue("ad")), All: r.PostFormValue("all") != "",
		Mine: strings.TrimSpace(r.PostFormValue("mine")), To: strings.TrimSpace(r.PostFormValue("to")), Reason: reasonOf(r)}
	var err error
	switch f.Do {
	case "cut":
		kind, value, _ := strings.Cut(f.Cut, ":")
		if (f.Ad == "") != f.All { // neither an ad nor all, or both
			f.Problem = l.say("decided.which")
			break
		}
		_, err = s.linkDecisions.Cut(ctx, who, ad.Key(f.Ad), ad.Kind(kind), value, f.Reason)
	case "join":
		_, err = s.linkDecisions.Join(ctx, who, ad.Key(f.Mine), ad.Key(f.To), f.Reason)
	case "undo":
		if f.ID, err = strconv.ParseInt(r.PostFormValue("id"), 10, 64); err != nil {
			return &pageError{status: http.StatusBadRequest, key: "error.bad_request", err: err}
		}
		_, err = s.linkDecisions.Undo(ctx, who, f.ID, f.Reason)
	default:
		return &pageError{status: http.StatusBadRequest, key: "error.bad_request"}
	}
	status := http.StatusUnprocessableEntity
	var no *fault.Refusal
	switch {
	case errors.As(err, &no):
		if no.Rule == "decided" || no.Rule == "not_in_force" {
			status = http.StatusConflict
		}
		f.Problem = l.say("decided.refused." + no.Rule)
	case errors.Is(err, fault.ErrUsage): // a value that cannot be read as its kind
		f.Problem = l.say("decided.refused.not_shown")
	case err != nil:
		return err
	}
	if f.Problem != "" {
		return s.showNetwork(w, r, status, func(p *networkPage) {
			f.Rows, f.Cuts, f.Ads = p.Decided.Rows, p.Decided.Cuts, p.Decided.Ads
			p.Decided = &f
		})
	}
	done := map[string]string{"cut": "cut", "join": "join", "undo": "undo-link"}[f.Do] // undo is a review's
	http.Redirect(w, r, networkURL(r.PathValue("id"))+"?done="+done+"#decided", http.StatusSeeOther)
	return nil
}
