package adapter

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"varde/internal/ad"
	"varde/internal/target"
)

// css reads ads by the selectors that the target's file gives.
type css struct{}

// Name is the adapter's kind in target files.
func (css) Name() string { return "css" }

// Extract reads an ad page.
func (css) Extract(doc *goquery.Document, page *Page, t *target.Target) (Extracted, error) {
	var out Extracted
	from := base(doc, page)
	for _, name := range target.FieldNames {
		f, ok := t.Adapter.Fields[name]
		if !ok {
			continue
		}
		values := pick(doc, f)
		if len(values) == 0 {
			out.Missing = append(out.Missing, name)
			continue
		}
		if err := fill(&out.Ad, name, values, f, from, t.Country); err != nil {
			out.Problems = append(out.Problems, fmt.Sprintf("%s: %v", name, err))
		}
	}
	if out.Ad.Title == "" && out.Ad.Text == "" {
		return out, ErrNoAd
	}
	return out, nil
}

// pick returns the values of a field on a page, without empty ones and repeats.
func pick(doc *goquery.Document, f target.Field) (values []string) {
	pattern := regexp.MustCompile(f.Pattern) // checked when the target was read
	doc.Find(f.Selector).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		v := strings.TrimSpace(s.AttrOr(f.Attr, ""))
		if f.Attr == "" {
			v = readable(s.Nodes...)
		}
		if f.Pattern != "" {
			m := pattern.FindStringSubmatch(v)
			switch len(m) {
			case 0:
				v = ""
			case 1:
				v = m[0]
			default:
				v = m[1]
			}
		}
		if v = strings.TrimSpace(v); v != "" {
			values = add(values, f.Prefix+v)
		}
		return len(values) == 0 || f.All && len(values) < mostValues
	})
	return values
}

// fill puts the values of one field into the ad.
func fill(s *ad.Sighting, name string, values []string, f target.Field, base *url.URL, country string) error {
	switch name {
	case "title":
		s.Title = strings.Join(values, " ")
	case "text":
		s.Text = strings.Join(values, "\n")
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
			if u := resolve(base, v); u != nil {
				s.Images = add(s.Images, u.String())
			}
		}
	case "age":
		n, err := strconv.Atoi(values[0])
		if err != nil || n < 0 || n > 150 {
			return fmt.Errorf("%.20q is no age", values[0])
		}
		s.Age = n
	case "posted_at":
		t, err := when(values[0], f.Layout)
		if err != nil {
			return err
		}
		s.PostedAt = t
	case "price":
		return prices(s, values, country)
	}
	return nil
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
	return time.Time{}, fmt.Errorf("%.40q is not a time", value)
}
