package console

import (
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
)

// change is one thing that differs between two versions of an ad. Short values are shown as they were and as they are; of long ones it is
// only said that they differ, for each version can be opened.
type change struct {
	// Key names what differs.
	Key string
	// Values says that From and To are to be shown; empty ones were not stated.
	Values   bool
	From, To []part
}

// longestChange is how much of a value that changed is shown.
const longestChange = 80

// changes says what differs between one version of an ad and the next.
func (l *locale) changes(from, to ad.Finding) (all []change) {
	a, b := &from.Sighting, &to.Sighting
	named := func(key string, differs bool) {
		if differs {
			all = append(all, change{Key: key})
		}
	}
	valued := func(key, was, is string) {
		if was != is {
			all = append(all, change{Key: key, Values: true, From: unseenParts(short(was, longestChange), part{}), To: unseenParts(short(is, longestChange), part{})})
		}
	}
	named("field.title", a.Title != b.Title)
	named("field.text", a.Text != b.Text)
	valued("field.price", l.pricesOf(from), l.pricesOf(to))
	valued("field.phones", strings.Join(a.Phones, ", "), strings.Join(b.Phones, ", "))
	named("field.contacts", !slices.Equal(a.Contacts, b.Contacts))
	valued("fact.place", a.Location, b.Location)
	valued("fact.age", ageOf(a), ageOf(b))
	named("field.images", !slices.Equal(a.Images, b.Images) || !slices.Equal(a.Pictures, b.Pictures))
	named("fact.advertiser", a.Advertiser != b.Advertiser)
	named("fact.category", a.Category != b.Category)
	named("fact.country", a.Country != b.Country)
	named("fact.posted", !a.PostedAt.Equal(b.PostedAt))
	return all
}

// pricesOf writes the prices of one version, those of its text too.
func (l *locale) pricesOf(f ad.Finding) string {
	prices := f.Prices()
	texts := make([]string, len(prices))
	for i, p := range prices {
		texts[i] = l.price(p)
	}
	return strings.Join(texts, ", ")
}

func ageOf(s *ad.Sighting) string {
	if s.Age <= 0 {
		return ""
	}
	return strconv.Itoa(s.Age)
}
