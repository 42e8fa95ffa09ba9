package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"varde/index/query"
	"varde/internal/ad"
	"varde/internal/fault"
)

const (
	searchSize = 20
	// longestQuery bounds what is looked for, in bytes; mostFilters how many facets can be chosen at once.
	longestQuery = query.MaxText
	mostFilters  = 20
	// filterPrefix sets the parameters that are filters apart from others.
	filterPrefix = "f."
)

// searchPage lists what was found, and how the question was understood.
type searchPage struct {
	base
	Kind       string
	Kinds      []kindChoice
	Sorts      []sortChoice
	Asked      bool
	Understood string
	Hits       []hitRow
	Facets     []facet
	Filters    []filter
	Pager      pager
	// Behind counts changes of the record that the search does not know yet.
	Behind int
	Export *exportForm
}

// kindChoice is the choice between ads and networks.
type kindChoice struct {
	Kind, Href string
	Current    bool
}

// sorts are the orders that hits can come in; "relevance" is the default.
var sorts = []string{"relevance", "score", "seen"}

// sortChoice is one order of the hits.
type sortChoice struct {
	Sort, Href string
	Current    bool
}

func sortChoices(u *url.URL, current string) (all []sortChoice) {
	if current == "" {
		current = sorts[0]
	}
	for _, name := range sorts {
		q := u.Query()
		q.Del("page")
		q.Set("sort", name)
		all = append(all, sortChoice{name, u.Path + "?" + q.Encode(), name == current})
	}
	return all
}

// hitRow is one thing found.
type hitRow struct {
	ID, Href  string
	Band      ad.Band
	Title     []part
	Line      string
	Network   *link
	Fragments []fragment
}

// fragment is a piece of the thing found with the words that were looked for.
type fragment struct {
	Field string
	Parts []part
}

// facet counts the hits by one property.
type facet struct {
	Name   string
	Values []facetValue
}

// facetValue is a link that narrows the search.
type facetValue struct {
	Name  string
	Href  string
	Count int
}

// filter is a facet that was chosen, with the link that drops it.
type filter struct{ Facet, Name, Href string }

func (s *Server) searchPage(w http.ResponseWriter, r *http.Request) error {
	l := s.locale(r)
	q := r.URL.Query()
	page := pageNumber(q)
	req := searchRequest(q)
	req.From, req.Size = (page-1)*searchSize, searchSize
	p := searchPage{base: s.base(r, l.say("search.title"), "search"), Kind: req.Kind, Kinds: kindChoices(q, req.Kind), Sorts: sortChoices(r.URL, req.Sort),
		Filters: s.chosen(l, r.URL, req.Filters)}
	p.Asked = strings.TrimSpace(req.Text) != "" || len(req.Filters) > 0
	if !p.Asked {
		return s.render(w, r, http.StatusOK, "search", p)
	}
	change, err := s.records.LastChange(r.Context())
	if err != nil {
		return err
	}
	res, err := s.search.Search(r.Context(), req)
	if err != nil {
		return err
	}
	p.Behind = int(max(0, change-s.search.Seq()))
	p.Understood = res.Query
	p.Pager = newPager(r.URL, page, res.Total, searchSize)
	p.Facets = s.facets(l, r.URL, res.Facets, req.Filters)
	if p.Hits, err = s.hits(r.Context(), l, res.Hits); err != nil {
		return err
	}
	p.Export = newExportForm(r.URL.RequestURI())
	p.Export.Choose = true
	return s.render(w, r, http.StatusOK, "search", p)
}

// searchRequest is what an address of the search page asks for.
func searchRequest(q url.Values) query.Request {
	req := query.Request{Text: strings.ToValidUTF8(cut(q.Get("q"), longestQuery), "\ufffd"), Filters: filtersOf(q), Kind: query.Ads}
	if q.Get("kind") == query.Networks {
		req.Kind = query.Networks
	}
	if slices.Contains(sorts, q.Get("sort")) {
		req.Sort = q.Get("sort")
	}
	return req
}

// cut shortens s to at most n bytes, on a rune border.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !border(s, n) {
		n--
	}
	return s[:n]
}

func kindChoices(q url.Values, current string) (all []kindChoice) {
	for _, kind := range []string{query.Ads, query.Networks} {
		to := url.Values{"q": {q.Get("q")}, "kind": {kind}}
		all = append(all, kindChoice{kind, "/search?" + to.Encode(), kind == current})
	}
	return all
}

func filtersOf(q url.Values) map[string][]string {
	filters := map[string][]string{}
	n := 0
	for name, values := range q {
		name, ok := strings.CutPrefix(name, filterPrefix)
		if !ok || name == "" {
			continue
		}
		for _, v := range values {
			if n++; n <= mostFilters && len(v) <= longestQuery && !slices.Contains(filters[name], v) {
				filters[name] = append(filters[name], v)
			}
		}
	}
	return filters
}

// narrowed is the address of the same search with one filter more, or one less, from its first page.
func narrowed(u *url.URL, name, value string, add bool) string {
	q := u.Query()
	q.Del("page")
	key := filterPrefix + name
	if add {
		q.Add(key, value)
	} else {
		q[key] = slices.DeleteFunc(q[key], func(v string) bool { return v == value })
	}
	return u.Path + "?" + q.Encode()
}

// facetName is a facet's value in words.
func (s *Server) facetName(l *locale, name, value string) string {
	switch name {
	case "band":
		return l.named("band.", value)
	case "category":
		return l.named("category.", value)
	case "language":
		return l.named("speech.", value)
	case "indicator", "code":
		return value + " " + s.title(l, value)
	}
	return short(value, 60)
}

func (s *Server) chosen(l *locale, u *url.URL, filters map[string][]string) (all []filter) {
	for name, values := range filters {
		for _, v := range values {
			all = append(all, filter{name, s.facetName(l, name, v), narrowed(u, name, v, false)})
		}
	}
	slices.SortFunc(all, func(a, b filter) int { return strings.Compare(a.Facet+"\x00"+a.Name, b.Facet+"\x00"+b.Name) })
	return all
}

func (s *Server) facets(l *locale, u *url.URL, found []query.Facet, chosen map[string][]string) (all []facet) {
	for _, f := range found {
		v := facet{Name: f.Name}
		for _, val := range f.Values {
			if !slices.Contains(chosen[f.Name], val.Value) {
				v.Values = append(v.Values, facetValue{s.facetName(l, f.Name, val.Value), narrowed(u, f.Name, val.Value, true), val.Count})
			}
		}
		if len(v.Values) > 0 {
			all = append(all, v)
		}
	}
	return all
}

// hits reads what was found from the record: the index may be a moment behind, and what is gone is left out.
func (s *Server) hits(ctx context.Context, l *locale, found []query.Hit) ([]hitRow, error) {
	var keys []ad.Key
	for _, h := range found {
		if h.Kind == query.Ads {
			keys = append(keys, ad.Key(h.ID))
		}
	}
	ads, err := s.records.AdsOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	byKey := map[ad.Key]ad.Ad{}
	for _, a := range ads {
		byKey[a.Key] = a
	}
	var rows []hitRow
	for _, h := range found {
		row := hitRow{Fragments: fragments(h.Fragments)}
		if a, ok := byKey[ad.Key(h.ID)]; ok && h.Kind == query.Ads {
			s.adHit(l, &row, a)
			rows = append(rows, row)
			continue
		}
		if h.Kind != query.Networks {
			continue
		}
		n, err := s.records.Network(ctx, h.ID)
		if errors.Is(err, fault.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		row.ID, row.Href, row.Band, row.Title = n.ID, networkURL(n.ID), n.Band, []part{{Text: s.summary(l, n, 3, false)}}
		row.Line = strings.Join(s.strongest(l, n.Indicators, 2), " · ")
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *Server) adHit(l *locale, row *hitRow, a ad.Ad) {
	sg := &a.Finding.Sighting
	row.ID, row.Href, row.Band, row.Title = string(a.Key), adURL(a.Key), a.Band, unseenParts(adTitle(sg), part{})
	line := []string{l.named("category.", string(sg.Category)), sg.Site}
	if sg.Location != "" {
		line = append(line, short(sg.Location, 40))
	}
	row.Line = strings.Join(append(line, l.period(a.FirstSeen, a.LastSeen, true)), " · ")
	if a.Network != "" {
		row.Network = &link{networkURL(a.Network), a.Network}
	}
}

func fragments(found []query.Fragment) (all []fragment) {
	for _, f := range found {
		v := fragment{Field: f.Field}
		for _, p := range f.Parts {
			v.Parts = append(v.Parts, unseenParts(p.Text, part{Match: p.Match})...)
		}
		all = append(all, v)
	}
	return all
}

// searchWord is what to search for to find an identifier elsewhere.
func searchWord(kind ad.Kind, value string) string {
	switch kind {
	case ad.Phone:
		return value
	case ad.Handle:
		_, name, _ := strings.Cut(value, ":")
		return `"` + name + `"`
	}
	return `"` + value + `"`
}
