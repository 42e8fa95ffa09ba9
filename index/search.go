package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	bquery "github.com/blevesearch/bleve/v2/search/query"

	"varde/index/query"
	"varde/internal/ad"
	"varde/internal/fault"
)

// Limits of one search.
const (
	maxSize   = 200
	maxFrom   = 10_000
	facetSize = 12
)

// Search answers one request.
func (ix *Index) Search(ctx context.Context, r query.Request) (query.Result, error) {
	q := query.Parse(r.Text)
	req := bleve.NewSearchRequestOptions(understand(q, r), min(max(r.Size, 0), maxSize), min(max(r.From, 0), maxFrom), false)
	req.IncludeLocations = true
	switch {
	case r.Sort == "seen":
		req.SortBy([]string{"-last_seen", "_id"})
	case r.Sort == "score" || len(q) == 0:
		req.SortBy([]string{"-score", "-last_seen", "_id"})
	default:
		req.SortBy([]string{"-_score", "-score", "_id"})
	}
	for _, f := range facets {
		req.AddFacet(f, bleve.NewFacetRequest(f, facetSize))
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.bleve == nil {
		return query.Result{}, fault.Tell("The index is not open.", fault.ErrNotFound)
	}
	res, err := ix.bleve.SearchInContext(ctx, req)
	if err != nil {
		return query.Result{}, fmt.Errorf("search: %w", err)
	}
	out := query.Result{Total: int(res.Total), Query: q.String()}
	for _, name := range facets {
		out.Facets = appendFacet(out.Facets, name, res.Facets[name])
	}
	out.Hits, err = ix.hits(ctx, res.Hits)
	return out, err
}

func appendFacet(all []query.Facet, name string, f *search.FacetResult) []query.Facet {
	if f == nil || f.Terms == nil {
		return all
	}
	facet := query.Facet{Name: name}
	for _, t := range f.Terms.Terms() {
		if t.Term != "" {
			facet.Values = append(facet.Values, query.FacetValue{Value: t.Term, Count: t.Count})
		}
	}
	if len(facet.Values) == 0 {
		return all
	}
	return append(all, facet)
}

// understand makes Bleve's query of ours: all terms and all filters must hold.
func understand(q query.Query, r query.Request) bquery.Query {
	all := bleve.NewBooleanQuery()
	if len(q) == 0 && strings.TrimSpace(r.Text) != "" { // signs alone: nothing was asked that anything could answer
		all.AddMust(bleve.NewMatchNoneQuery())
	}
	if r.Kind != "" {
		all.AddMust(term("kind", r.Kind))
	}
	names := make([]string, 0, len(r.Filters))
	for name := range r.Filters {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var any []bquery.Query
		for _, v := range r.Filters[name] {
			any = append(any, filter(name, v))
		}
		if len(any) > 0 {
			all.AddMust(bleve.NewDisjunctionQuery(any...))
		}
	}
	for _, t := range q {
		if t.Not {
			all.AddMustNot(one(t))
		} else {
			all.AddMust(one(t))
		}
	}
	all.AddShould(bleve.NewMatchAllQuery()) // so that a query of exclusions alone finds the rest
	return all
}

func one(t query.Term) bquery.Query {
	switch t.Kind {
	case query.Phrase:
		return words(t.Value, true)
	case query.Phone:
		phone := phonePart(t.Digits)
		if t.Field == "phone" {
			return phone
		}
		return bleve.NewDisjunctionQuery(phone, words(t.Value, false))
	case query.Field:
		return filter(t.Field, t.Value)
	}
	return words(t.Value, false)
}

// phonePart finds a part of a number: it is the beginning of one of the ends that are kept.
func phonePart(digits string) bquery.Query {
	if digits == "" {
		return bleve.NewMatchNoneQuery()
	}
	spellings := []bquery.Query{prefix("phone", digits)}
	if rest := strings.TrimPrefix(digits, "0"); rest != digits && rest != "" { // a trunk zero is not part of the number
		spellings = append(spellings, prefix("phone", rest))
	}
	return bleve.NewDisjunctionQuery(spellings...)
}

// words finds text as it stands, without accents, and in the forms of each language.
func words(text string, phrase bool) bquery.Query {
	match := func(field string, boost float64) bquery.Query {
		if phrase {
			q := bleve.NewMatchPhraseQuery(text)
			q.SetField(field)
			q.SetBoost(boost)
			return q
		}
		q := bleve.NewMatchQuery(text)
		q.SetField(field)
		q.SetBoost(boost)
		q.SetOperator(bquery.MatchQueryOperatorAnd)
		return q
	}
	if phrase { // only fields that keep the places of words
		return bleve.NewDisjunctionQuery(match("title", 2), match("text", 1))
	}
	any := []bquery.Query{match("title", 2), match("text", 1), match("folded", 0.5), match("contact", 1), match("advertiser", 1)}
	for _, f := range stemFields {
		any = append(any, match(f, 0.7))
	}
	// What stands in an export or at the top of a page can be pasted: the key of an ad, the id of a network.
	any = append(any, bleve.NewDocIDQuery([]string{adID(ad.Key(text)), networkID(text)}))
	return bleve.NewDisjunctionQuery(any...)
}

func term(field, value string) bquery.Query {
	q := bleve.NewTermQuery(value)
	q.SetField(field)
	return q
}

func prefix(field, value string) bquery.Query {
	q := bleve.NewPrefixQuery(value)
	q.SetField(field)
	return q
}

// filter narrows by one value of a named field.
func filter(name, value string) bquery.Query {
	switch name {
	case "phone":
		return phonePart(query.Digits(value))
	case "contact", "advertiser":
		q := bleve.NewMatchQuery(value)
		q.SetField(name)
		q.SetOperator(bquery.MatchQueryOperatorAnd)
		return q
	case "after", "before":
		return seen(name, value)
	case "indicator":
		name = "code"
	}
	if name == "band" || name == "category" || name == "language" || name == "site" {
		value = strings.ToLower(value)
	}
	if name == "place" || name == "code" { // people type them in any case
		return bleve.NewDisjunctionQuery(term(name, value), term(name, capital(value)), term(name, strings.ToUpper(value)))
	}
	return term(name, value)
}

func capital(s string) string {
	for _, r := range s {
		return strings.ToUpper(string(r)) + s[len(string(r)):]
	}
	return s
}

// seen narrows to ads that were last seen on or after, or first seen before or on, a day such as 2026-10-04.
func seen(name, value string) bquery.Query {
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return bleve.NewMatchNoneQuery()
	}
	if name == "after" {
		q := bleve.NewDateRangeQuery(day, time.Time{})
		q.SetField("last_seen")
		return q
	}
	q := bleve.NewDateRangeQuery(time.Time{}, day.AddDate(0, 0, 1))
	q.SetField("first_seen")
	return q
}

func (ix *Index) hits(ctx context.Context, found search.DocumentMatchCollection) ([]query.Hit, error) {
	var keys []ad.Key
	for _, h := range found {
		if kind, id, _ := strings.Cut(h.ID, ":"); kind == query.Ads {
			keys = append(keys, ad.Key(id))
		}
	}
	ads, err := ix.cfg.Records.AdsOf(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read %d hits: %w", len(keys), err)
	}
	byKey := map[ad.Key]*ad.Ad{}
	for i := range ads {
		byKey[ads[i].Key] = &ads[i]
	}
	var out []query.Hit
	for _, h := range found {
		kind, id, _ := strings.Cut(h.ID, ":")
		hit := query.Hit{Kind: kind, ID: id, Score: h.Score}
		if a := byKey[ad.Key(id)]; a != nil && kind == query.Ads {
			hit.Fragments = fragments(a, h.Locations)
		}
		out = append(out, hit)
	}
	return out, nil
}
