package adapter

import (
	"fmt"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/target"
)

// structured reads ads from what pages say of themselves for machines: JSON-LD, then microdata, RDFa Lite and OpenGraph, each for what
// the ones before lack. The target's selectors come first.
type structured struct{}

func (structured) name() string { return "structured" }

// facts are what one source says of an ad, by field. Prices are understood already, with words for them among the values.
type facts struct {
	shape  string
	fields map[string]found
	prices []ad.Price
}

// known are the fields that a page's own data can give.
var known = []string{"title", "text", "phones", "contacts", "location", "posted_at", "advertiser", "price", "images"}

func (structured) read(src *source, t *target.Target, out *Reading) {
	doc := src.document()
	out.FellBack = doc.fellBack
	all := doc.facts(src, t)
	out.Shape = "css"
	if len(all) > 0 {
		out.Shape = all[0].shape
	}
	fill := newFiller(src.page, doc.base, t, out)
	for _, name := range target.FieldNames {
		spec, chosen := t.Adapter.Fields[name]
		if !chosen && !slices.Contains(known, name) {
			continue
		}
		if chosen {
			if got := doc.pick(spec); len(got.values) > 0 {
				fill.field(name, spec, got)
				continue
			}
		}
		got, prices := best(all, name)
		switch {
		case got.from == "" && chosen:
			got.from = from(spec)
		case got.from == "":
			got.from = "json-ld, microdata, rdfa, opengraph"
		}
		if name == "price" && len(prices) > 0 {
			out.Ad.Prices = prices
			out.Fields = append(out.Fields, FieldReading{Name: name, Values: got.values, From: got.from, Optional: spec.Optional})
			continue
		}
		fill.field(name, target.Field{Layout: spec.Layout, Values: spec.Values, Optional: spec.Optional}, got)
	}
}

// best is what the first source says that says anything.
func best(all []facts, name string) (found, []ad.Price) {
	for _, f := range all {
		if got := f.fields[name]; len(got.values) > 0 {
			got.from = f.shape + " " + got.from
			return got, f.prices
		}
	}
	return found{}, nil
}

// facts are the sources of a page that say something of its ad, in their order.
func (d *document) facts(src *source, t *target.Target) (out []facts) {
	for _, s := range []struct {
		shape string
		found []thing
	}{{"json-ld", d.jsonLD(src)}, {"microdata", d.items(microdata)}, {"rdfa", d.items(rdfa)}} {
		if subject, kind := pageThing(s.found, d.base, src.page.URL, t); subject != nil {
			f := subject.facts(kind, index(s.found), currencyIn("", t.Country))
			f.shape = s.shape
			out = append(out, f)
		}
	}
	if f := d.openGraph(t, src.page.URL, len(out) > 0); len(f.fields) > 0 {
		out = append(out, f)
	}
	return out
}

// priceText words an amount for people.
func priceText(p ad.Price) string {
	text := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", p.Amount), "0"), ".") + " " + p.Currency
	if p.Per != "" {
		text += "/" + p.Per
	}
	return text
}
