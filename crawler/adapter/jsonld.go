package adapter

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"varde/internal/ad"
	"varde/internal/target"
)

// jsonLD reads ads from schema.org JSON-LD: JobPosting, Product and Offer.
type jsonLD struct{}

// Name is the adapter's kind in target files.
func (jsonLD) Name() string { return "jsonld" }

// thing is a JSON-LD object. Any value can be missing, single or a list, a text or an object with a name.
type thing map[string]any

// Extract reads the first JobPosting, Product or Offer of a page.
func (jsonLD) Extract(doc *goquery.Document, page *Page, _ *target.Target) (Extracted, error) {
	var out Extracted
	var found []thing
	doc.Find(`script[type="application/ld+json"]`).Each(func(i int, s *goquery.Selection) {
		var v any
		if err := json.Unmarshal([]byte(strings.TrimSpace(s.Text())), &v); err != nil {
			out.Problems = add(out.Problems, fmt.Sprintf("JSON-LD block %d: %v", i+1, err))
			return
		}
		collect(v, &found, 0)
	})
	for _, kind := range []string{"JobPosting", "Product", "Offer"} {
		for _, t := range found {
			if t.is(kind) {
				var s ad.Sighting // a new one: nothing of an ad without words may get into the next
				problems := t.fill(&s, kind)
				if s.Title == "" && s.Text == "" {
					continue
				}
				s.Images = absolute(base(doc, page), s.Images)
				out.Ad, out.Problems = s, append(out.Problems, problems...)
				return out, nil
			}
		}
	}
	return out, ErrNoAd
}

// mostDepth bounds how deep a graph is followed.
const mostDepth = 20

// collect gathers all objects, outer ones first.
func collect(v any, found *[]thing, depth int) {
	if depth > mostDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			collect(e, found, depth+1)
		}
	case map[string]any:
		*found = append(*found, v)
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			collect(v[k], found, depth+1)
		}
	}
}

func (t thing) is(kind string) bool {
	for _, v := range list(t["@type"]) {
		if s, ok := v.(string); ok && strings.TrimPrefix(strings.TrimPrefix(s, "http://schema.org/"), "https://schema.org/") == kind {
			return true
		}
	}
	return false
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

// text is the first value of the names that is there, as words.
func (t thing) text(names ...string) string {
	for _, name := range names {
		for _, v := range list(t[name]) {
			if s := words(v); s != "" {
				return s
			}
		}
	}
	return ""
}

func words(v any) string {
	switch v := v.(type) {
	case string:
		return plain(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case map[string]any:
		t := thing(v)
		return t.text("name", "value", "@value", "addressLocality", "url")
	}
	return ""
}

// plain takes markup out of a value: descriptions often hold HTML.
func plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(s)
	}
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return strings.TrimSpace(s)
	}
	return readable(root)
}

func (t thing) object(name string) thing {
	for _, v := range list(t[name]) {
		if m, ok := v.(map[string]any); ok {
			return m
		}
	}
	return nil
}

// fill puts what the object says into the ad, and returns what could not be read.
func (t thing) fill(s *ad.Sighting, kind string) (problems []string) {
	s.Title = t.text("title", "name")
	s.Text = t.text("description")
	if v := t.text("datePosted", "releaseDate", "validFrom"); v != "" {
		posted, err := when(v, "")
		if err != nil {
			problems = append(problems, "posted_at: "+err.Error())
		}
		s.PostedAt = posted
	}
	s.Advertiser = t.text("hiringOrganization", "seller", "offeredBy", "brand")
	s.Location = t.object("jobLocation").object("address").text("addressLocality", "addressRegion")
	if s.Location == "" {
		s.Location = t.text("jobLocation", "areaServed", "availableAtOrFrom")
	}
	if kind == "JobPosting" {
		t.salary(s)
	}
	for _, o := range append(slices.Clone(list(t["offers"])), map[string]any(t)) { // a clone: appending must not write into the page's own list
		if m, ok := o.(map[string]any); ok && kind != "JobPosting" {
			thing(m).offer(s)
		}
	}
	for _, v := range list(t["image"]) {
		s.Images = add(s.Images, imageOf(v))
	}
	for _, from := range []thing{t, t.object("hiringOrganization"), t.object("seller"), t.object("offeredBy"), t.object("applicationContact"), t.object("contactPoint")} {
		from.contact(s)
	}
	return problems
}

func (t thing) contact(s *ad.Sighting) {
	for _, v := range list(t["telephone"]) {
		s.Phones = add(s.Phones, words(v))
	}
	for _, v := range list(t["email"]) {
		if m := strings.TrimPrefix(words(v), "mailto:"); m != "" {
			s.Contacts = add(s.Contacts, "mailto:"+m)
		}
	}
}

func imageOf(v any) string {
	if m, ok := v.(map[string]any); ok {
		return thing(m).text("url", "contentUrl")
	}
	s, _ := v.(string)
	return s
}

// units are schema.org's unitText of pay.
var units = map[string]string{"HOUR": "hour", "DAY": "day", "WEEK": "week", "MONTH": "month", "YEAR": "year", "HUR": "hour", "MON": "month", "ANN": "year"}

func (t thing) salary(s *ad.Sighting) {
	pay := t.object("baseSalary")
	value := pay.object("value")
	if value == nil {
		value = pay
	}
	for _, name := range []string{"minValue", "maxValue", "value"} {
		if amount, ok := number(value[name]); ok {
			s.Prices = append(s.Prices, ad.Price{Amount: amount, Currency: currency(pay.text("currency"), t.text("salaryCurrency")), Per: units[strings.ToUpper(value.text("unitText", "unitCode"))]})
		}
	}
	if amount, ok := number(t["baseSalary"]); ok {
		s.Prices = append(s.Prices, ad.Price{Amount: amount, Currency: currency(t.text("salaryCurrency"))})
	}
}

func (t thing) offer(s *ad.Sighting) {
	for _, name := range []string{"price", "lowPrice", "highPrice"} {
		if amount, ok := number(t[name]); ok && len(s.Prices) < mostValues {
			s.Prices = append(s.Prices, ad.Price{Amount: amount, Currency: currency(t.text("priceCurrency"))})
		}
	}
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

func currency(candidates ...string) string {
	for _, c := range candidates {
		if c == "€" {
			return "EUR"
		}
		if c = strings.ToUpper(c); currencyCode.MatchString(c) {
			return c
		}
	}
	return "NOK"
}

// number is an amount. As a text it may be written as people do: schema.org asks for a point, and sites write what they show.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, v >= 0 && v < mostAmount
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return f, f >= 0 && f < mostAmount
		}
		f, err := amount(v)
		return f, err == nil
	}
	return 0, false
}

func absolute(from *url.URL, images []string) (out []string) {
	for _, i := range images {
		if u := resolve(from, i); u != nil {
			out = add(out, u.String())
		}
	}
	return out
}
