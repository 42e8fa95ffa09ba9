package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
)

// queueSize is how many networks fit a page of 1440 by 900 without scrolling.
const queueSize = 25

// queuePage is the ranked list of networks.
type queuePage struct {
	base
	Rows  []queueRow
	Bands []bandChoice
	Pager pager
	// Empty says that nothing has come in yet; Hidden counts ads that are linked to no other and not shown.
	Empty bool
	// OpenHref leads to the queue without what is settled, or back to all; Open says which it is now. Meanings are what the bands have meant.
	OpenHref string
	Open     bool
	// Single says that ads linked to no other are listed.
	Single   bool
	Meanings []meaningRow
	Counts   Counts
	Export   *exportForm
}

// queueRow is one network in one line.
type queueRow struct {
	ID, Href string
	Band     ad.Band
	Summary  string
	Reasons  []string
	LastSeen moment
	// Decided is the key of the decision that stands, "" for none.
	Decided string
	// Regrouped says that it was merged or split after that.
	Regrouped bool
	// Child counts its ads in which a child may be involved.
	Child int
}

// bandChoice is one choice of the filter by band; the one with no band is all.
type bandChoice struct {
	Band    ad.Band
	Href    string
	Count   int
	Current bool
	// Spam and Child are the choices beside the bands.
	Spam, Child bool
	// Single is the choice of ads that are linked to no other and have the points for more than low.
	Single bool
}

func (s *Server) queue(w http.ResponseWriter, r *http.Request) error {
	l := s.locale(r)
	q := r.URL.Query()
	counts, err := s.records.Counts(r.Context())
	if err != nil {
		return err
	}
	f, band, only := s.queueFilter(q)
	page := pageNumber(q)
	f.Offset = (page - 1) * queueSize
	networks, total, err := s.records.Ranked(r.Context(), f)
	if err != nil {
		return err
	}
	if last := max(1, (total+queueSize-1)/queueSize); page > last { // an old link, or a queue that has become shorter
		q.Set("page", strconv.Itoa(last))
		http.Redirect(w, r, "/queue?"+q.Encode(), http.StatusSeeOther)
		return nil
	}
	p := queuePage{base: s.base(r, l.say("queue.title"), "queue"), Counts: counts, Empty: counts.Ads == 0, Single: only == "single",
		Pager: newPager(r.URL, page, total, queueSize)}
	_, single, err := s.records.Ranked(r.Context(), RankFilter{MinAds: 1, MaxAds: 1, MinScore: s.catalogue.Near(), NoSpam: true, Limit: 1})
	if err != nil {
		return err
	}
	p.Bands = bandChoices(counts, single, band, only)
	if q.Get("done") == "password" {
		p.Notice = l.say("password.done")
	}
	p.Open, p.OpenHref = f.Open, openURL(q, !f.Open)
	p.Export = newExportForm(r.URL.RequestURI())
	p.Export.Choose = true
	decided, err := s.decided(r.Context(), networks)
	if err != nil {
		return err
	}
	children, err := s.records.PossibleChildren(r.Context(), idsOf(networks))
	if err != nil {
		return err
	}
	regrouped, err := s.records.Regrouped(r.Context(), idsOf(networks))
	if err != nil {
		return err
	}
	if p.Meanings, err = s.meanings(r.Context(), l); err != nil {
		return err
	}
	for _, n := range networks {
		p.Rows = append(p.Rows, queueRow{ID: n.ID, Href: networkURL(n.ID), Band: n.Band, Summary: s.summary(l, n, 2, true),
			Reasons: s.strongest(l, n.Indicators, 2), LastSeen: l.day(n.LastSeen), Child: children[n.ID], Decided: decided[n.ID], Regrouped: regrouped[n.ID]})
	}
	return s.render(w, r, http.StatusOK, "queue", p)
}

// queueFilter is what an address of the queue asks for.
func (s *Server) queueFilter(q url.Values) (f RankFilter, band ad.Band, only string) {
	f = RankFilter{MinAds: 2, Limit: queueSize, NoSpam: true, Open: q.Get("open") == "1"}
	band, only = ad.Band(q.Get("band")), q.Get("only")
	switch {
	case only == "child": // also ads that are linked to no other, and spam
		f.OnlyChild, f.NoSpam, f.MinAds = true, false, 1
	case only == "single":
		f.MinAds, f.MaxAds, f.MinScore = 1, 1, s.catalogue.Near()
	case only == "spam":
		f.OnlySpam, f.NoSpam = true, false
	case slices.Contains(ad.Bands, band):
		f.Bands = []ad.Band{band}
	default:
		band, only = "", ""
	}
	return f, band, only
}

// openURL is the queue with the same choice, without what is settled or with it.
func openURL(q url.Values, open bool) string {
	next := url.Values{}
	for _, k := range []string{"band", "only"} {
		if v := q.Get(k); v != "" {
			next.Set(k, v)
		}
	}
	if open {
		next.Set("open", "1")
	}
	if len(next) == 0 {
		return "/queue"
	}
	return "/queue?" + next.Encode()
}

func bandChoices(c Counts, single int, current ad.Band, only string) []bandChoice {
	all := []bandChoice{{Href: "/queue", Count: c.Networks, Current: current == "" && only == ""}}
	for _, b := range ad.Bands {
		all = append(all, bandChoice{Band: b, Href: "/queue?band=" + string(b), Count: c.PerBand[b], Current: b == current && only == ""})
	}
	if single > 0 || only == "single" {
		all = append(all, bandChoice{Href: "/queue?only=single", Count: single, Current: only == "single", Single: true})
	}
	if c.Child > 0 || only == "child" {
		all = append(all, bandChoice{Href: "/queue?only=child", Count: c.Child, Current: only == "child", Child: true})
	}
	if c.Spam > 0 || only == "spam" {
		all = append(all, bandChoice{Href: "/queue?only=spam", Count: c.Spam, Current: only == "spam", Spam: true})
	}
	return all
}

// summary says what a network is: "7 ads, 3 names, 2 phones, Bergen → Stavanger, 4 Oct–21 Nov 2026". It names at most
// places places, in the order in which the network's ads were first seen there.
// In brief it leaves out this year's number.
func (s *Server) summary(l *locale, n ad.Network, places int, brief bool) string {
	parts := []string{l.say("summary.ads", "n", len(n.Ads))}
	if n.Personas > 0 {
		parts = append(parts, l.say("summary.personas", "n", n.Personas))
	}
	kinds := map[ad.Kind]int{}
	for _, id := range n.Identifiers {
		if !id.Hub && (id.Cut == 0 || id.Cut < id.Ads) {
			kinds[id.Kind]++
		}
	}
	if kinds[ad.Phone] > 0 {
		parts = append(parts, l.say("summary.phones", "n", kinds[ad.Phone]))
	}
	if handles := kinds[ad.Handle] + kinds[ad.Email]; handles > 0 {
		parts = append(parts, l.say("summary.handles", "n", handles))
	}
	where := n.Places[:min(len(n.Places), places)]
	if len(where) > 0 {
		names := make([]string, len(where))
		for i, w := range where {
			names[i] = short(w, 30)
		}
		text := strings.Join(names, " → ")
		if more := len(n.Places) - len(where); more > 0 {
			text = l.say("summary.more_places", "places", text, "more", more)
		}
		parts = append(parts, text)
	}
	return strings.Join(append(parts, l.period(n.FirstSeen, n.LastSeen, !brief || n.LastSeen.In(l.zone).Year() != s.cfg.Now().In(l.zone).Year())), ", ")
}

// pager are the links to other pages of a list.
type pager struct {
	Page, Pages, Total, From, To int
	Prev, Next                   string
	Links                        []pageLink
}

// pageLink is one page; one without a number is a gap.
type pageLink struct {
	N       int
	Href    string
	Current bool
}

// deepest bounds how far people can page; beyond it a filter or a search serves better.
const deepest = 400

func pageNumber(q url.Values) int {
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil {
		return 1
	}
	return min(max(n, 1), deepest)
}

func newPager(u *url.URL, page, total, size int) pager {
	p := pager{Page: page, Pages: min(max(1, (total+size-1)/size), deepest), Total: total}
	p.From = min((page-1)*size+1, total)
	p.To = min(page*size, total)
	href := func(n int) string {
		q := u.Query()
		q.Del("done")
		q.Set("page", strconv.Itoa(n))
		return u.Path + "?" + q.Encode()
	}
	if page > 1 {
		p.Prev = href(min(page-1, p.Pages))
	}
	if page < p.Pages {
		p.Next = href(page + 1)
	}
	last := 0
	for n := 1; n <= p.Pages; n++ {
		if n != 1 && n != p.Pages && (n < page-2 || n > page+2) {
			continue
		}
		if n != last+1 {
			p.Links = append(p.Links, pageLink{})
		}
		p.Links = append(p.Links, pageLink{N: n, Href: href(n), Current: n == page})
		last = n
	}
	return p
}
