package adapter

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
	"varde/internal/target"
)

// thing is an object of schema.org's kind, from wherever it was read. Any value can be missing, single or a list, a text or another
// thing, or {"@id": …} for one that is told elsewhere.
type thing map[string]any

// kinds are the things that are ads, and in what order they are looked for.
var kinds = []string{"JobPosting", "Product", "RealEstateListing", "Apartment", "House", "SingleFamilyResidence", "Accommodation", "Room", "Service", "Vehicle", "Car", "ClassifiedAd", "Offer"}

// mostDepth bounds how deep things in things are followed.
const mostDepth = 20

// mostThings bounds how many things of a page are looked at.
const mostThings = 10_000

// collect gathers all objects of a value, outer ones first.
func collect(v any, all *[]thing, depth int) {
	if depth > mostDepth || len(*all) >= mostThings {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			collect(e, all, depth+1)
		}
	case thing:
		collect(map[string]any(v), all, depth)
	case map[string]any:
		*all = append(*all, v)
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			collect(v[k], all, depth+1)
		}
	}
}

// graph finds things by their @id.
type graph map[string]thing

func index(all []thing) graph {
	g := graph{}
	for _, t := range all {
		if id, ok := t["@id"].(string); ok && len(t) > 1 && g[id] == nil {
			g[id] = t
		}
	}
	return g
}

// things are those among a value; a reference is what it refers to.
func (g graph) things(v any) (out []thing) {
	for _, e := range list(v) {
		m, ok := e.(map[string]any)
		if !ok {
			continue
		}
		if id, ok := m["@id"].(string); ok && len(m) == 1 && g[id] != nil {
			m = g[id]
		}
		out = append(out, m)
	}
	return out
}

func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func (t thing) is(kind string) bool {
	for _, v := range list(t["@type"]) {
		if s, ok := v.(string); ok && s[strings.LastIndexAny(s, "/#:")+1:] == kind {
			return true
		}
	}
	return false
}

// pageThing is the thing that a page is about: the first of the first kind that has words. One whose address is that of another ad
// is a neighbour; the one that has the page's is preferred.
func pageThing(all []thing, base, page *url.URL, t *target.Target) (thing, string) {
	own, _ := t.AdID(page)
	for _, kind := range kinds {
		var first thing
		for _, th := range all {
			if !th.is(kind) || th.text("title", "name", "headline", "description") == "" {
				continue
			}
			id := ""
			for _, ref := range th.addresses() {
				if u := resolve(base, ref); u != nil && id == "" {
					id, _ = t.AdID(u)
				}
			}
			if id != "" && id == own {
				return th, kind
			}
			if first == nil && (id == "" || own == "") {
				first = th
			}
		}
		if first != nil {
			return first, kind
		}
	}
	return nil, ""
}

// addresses are what a thing says of where it stands.
func (t thing) addresses() (out []string) {
	for _, name := range []string{"url", "@id", "mainEntityOfPage"} {
		for _, v := range list(t[name]) {
			if m, ok := v.(map[string]any); ok {
				v = m["@id"]
			}
			out = add(out, scalar(v))
		}
	}
	return out
}

// text is the first value of the names that is there, as words.
func (t thing) text(names ...string) string {
	text, _ := t.named(names...)
	return text
}

// named is the first value of the names that is there, as words, and which name it was.
func (t thing) named(names ...string) (text, name string) {
	for _, name := range names {
		for _, v := range list(t[name]) {
			if s := told(v, 0); s != "" {
				return s, name
			}
		}
	}
	return "", ""
}

// told is a value as words; of a thing they are its name.
func told(v any, depth int) string {
	switch v := v.(type) {
	case string:
		return legible(v)
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), "eE") {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return v.String()
	case map[string]any:
		if depth >= mostDepth {
			return ""
		}
		for _, name := range []string{"name", "value", "@value", "addressLocality", "url"} {
			for _, e := range list(v[name]) {
				if s := told(e, depth+1); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// currencyCodeOf is the first of the candidates that is a currency, as a code or as people write it, and otherwise usual.
func currencyCodeOf(usual string, candidates ...string) string {
	for _, c := range candidates {
		if code := strings.ToUpper(c); currencyCode.MatchString(code) {
			return code
		}
		if code := currencies[strings.ToLower(c)]; code != "" && code != "kr" {
			return code
		}
	}
	return usual
}

// numberOf is an amount. As a text it may be written as people do: schema.org asks for a point, and sites write what they show.
func numberOf(v any) (float64, bool) {
	text := strings.TrimSpace(scalar(v))
	if _, ok := v.(bool); ok || text == "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		if f, err = amount(spaces.Replace(text)); err != nil {
			return 0, false
		}
	}
	return f, f >= 0 && f < mostAmount
}

// priceAt adds an amount of a thing to prices.
func priceAt(prices []ad.Price, v any, currency, per string) []ad.Price {
	for _, e := range list(v) {
		if a, ok := numberOf(e); ok && len(prices) < mostValues {
			if p := (ad.Price{Amount: a, Currency: currency, Per: per}); !slices.Contains(prices, p) {
				prices = append(prices, p)
			}
		}
	}
	return prices
}
