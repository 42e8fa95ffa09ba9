package adapter

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/target"
)

// filler puts what was found on a page into a reading.
type filler struct {
	out  *Reading
	t    *target.Target
	base *url.URL
	at   time.Time
	zone *time.Location
}

func newFiller(page *Page, base *url.URL, t *target.Target, out *Reading) *filler {
	zone, err := zones.get(t.Timezone)
	if err != nil { // refused when the target was read
		zone = time.UTC
	}
	return &filler{out: out, t: t, base: base, at: page.At, zone: zone}
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
func (f *filler) fill(s *ad.Sighting, name string, values []string, spec target.Field) error {
	switch name {
	case "title":
		s.Title = strings.Join(values, " ")
	case "text":
		s.Text = strings.Join(values, "\n")
	case "category":
		return f.category(s, values, spec)
	case "location":
		s.Location = values[0]
	case "advertiser":
		s.Advertiser = values[0]
	case "phones":
		s.Phones = values
	case "contacts":
		s.Contacts = values
	case "images":
		for _, v := range values {
			if u := resolve(f.base, v); u != nil {
				s.Images = add(s.Images, u.String())
			}
		}
	case "age":
		n, err := strconv.Atoi(values[0])
		if err != nil || n < 0 || n > 150 {
			return fmt.Errorf("%q is no age", short(values[0]))
		}
		s.Age = n
	case "posted_at":
		t, err := when(values[0], spec.Layout)
		if err != nil {
			return err
		}
		s.PostedAt = t
	case "price":
		return prices(s, values, f.t.Country)
	case "gone":
		f.out.Gone = true
	}
	return nil
}

// category turns the site's word into ours. A word that the target does not name is of another category, so that a market's cars are
// not taken for jobs.
func (f *filler) category(s *ad.Sighting, values []string, spec target.Field) error {
	for _, v := range values {
		for word, c := range spec.Values {
			if strings.EqualFold(word, v) {
				s.Category = ad.Category(c)
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

func when(value, layout string) (time.Time, error) {
	layouts := []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly}
	if layout != "" {
		layouts = []string{layout}
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, value); err == nil && t.UTC().Year() >= 1990 && t.UTC().Year() <= 9998 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time", short(value))
}
