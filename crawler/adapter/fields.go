package adapter

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
	"varde/internal/target"
)

// filler puts what was found on a page into a reading.
type filler struct {
	out   *Reading
	t     *target.Target
	base  *url.URL
	clock clock
}

func newFiller(page *Page, base *url.URL, t *target.Target, out *Reading) *filler {
	return &filler{out: out, t: t, base: base, clock: clockOf(page, t)}
}

// field puts one field into the reading, and how it was read.
func (f *filler) field(name string, spec target.Field, got found) {
	r := FieldReading{Name: name, Values: got.values, From: got.from, Optional: spec.Optional || name == "gone"}
	if len(got.values) > 0 {
		if err := f.fill(&f.out.Ad, name, got.values, spec); err != nil {
			r.Problem = err.Error()
		}
	}
	f.out.Fields = append(f.out.Fields, r)
}

// fill puts the values of one field into an ad.
func (f *filler) fill(s *ad.Sighting, name string, values []string, spec target.Field) (err error) {
	switch name {
	case "title":
		s.Title = clip(strings.Join(values, " "), longestLine)
	case "text":
		s.Text = clip(strings.Join(values, "\n"), longestText)
	case "category":
		return f.category(s, values, spec)
	case "location":
		s.Location, err = place(values[0])
	case "advertiser":
		s.Advertiser = clip(values[0], longestLine)
	case "phones":
		s.Phones, err = phones(values)
	case "contacts":
		for _, v := range values {
			s.Contacts = add(s.Contacts, clip(v, longestEntry))
		}
	case "images":
		return f.images(s, values)
	case "age":
		s.Age, err = age(values[0])
	case "posted_at":
		s.PostedAt, err = f.clock.when(values[0], spec.Layout)
	case "price":
		return prices(s, values, f.t.Country)
	case "gone":
		f.out.Gone = true
	}
	return err
}

// longestLine bounds a title or a name in bytes, longestEntry an entry of a list and longestAddress one of a picture, so that an ad with
// all its lists stays below what the ad file takes, 1 MiB.
const (
	longestLine    = 4 << 10
	longestEntry   = 500
	longestAddress = 2 << 10
)

// clip bounds a text in bytes.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// images resolves addresses. A page may show a picture in several sizes: srcset names each with its width, and the largest is it.
func (f *filler) images(s *ad.Sighting, values []string) error {
	for _, v := range values {
		if u := resolve(f.base, largest(v)); u != nil && len(u.String()) <= longestAddress {
			s.Images = add(s.Images, u.String())
		}
	}
	if len(s.Images) == 0 { // pictures that are part of the page, or stand in for those to come, are none
		return fmt.Errorf("%q is no address of a picture", short(values[0]))
	}
	return nil
}

var sized = regexp.MustCompile(`(\S+)\s+([\d.]+)[wx](?:\s*,\s*|\s*$)`)

func largest(v string) string {
	if !strings.ContainsAny(v, " \t\n") {
		return v
	}
	best, most := v, 0.0
	for _, m := range sized.FindAllStringSubmatch(v, mostValues) {
		if width, err := strconv.ParseFloat(m[2], 64); err == nil && width > most {
			best, most = strings.TrimSpace(m[1]), width
		}
	}
	return best
}

// category turns the site's word into ours. A word that the target does not name is of another category, so that a market's cars are
// not taken for jobs.
func (f *filler) category(s *ad.Sighting, values []string, spec target.Field) error {
	for _, v := range values {
		for _, word := range slices.Sorted(maps.Keys(spec.Values)) {
			if strings.EqualFold(word, v) {
				s.Category = ad.Category(spec.Values[word])
				return nil
			}
		}
		if c := ad.Category(v); slices.Contains(f.t.Categories, c) {
			s.Category = c
			return nil
		}
	}
	s.Category = ad.Other
	return fmt.Errorf("%q is none of the words in values", short(values[0]))
}

// short cuts a value for a message.
func short(s string) string {
	const most = 40
	s = strings.Join(strings.Fields(s[:min(len(s), 4*most)]), " ")
	if len(s) <= most {
		return strings.ToValidUTF8(s, "")
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
