package adapter

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
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
		if err := fill(&out.Ad, name, values, f, page.URL); err != nil {
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
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(values, f.Prefix+v) {
			values = append(values, f.Prefix+v)
		}
		return f.All || len(values) == 0
	})
	return values
}

// fill puts the values of one field into the ad.
func fill(s *ad.Sighting, name string, values []string, f target.Field, base *url.URL) error {
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
				s.Images = append(s.Images, u.String())
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
		return prices(s, values)
	}
	return nil
}

func when(value, layout string) (time.Time, error) {
	layouts := []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly}
	if layout != "" {
		layouts = []string{layout}
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, value); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is not a time", value)
}

// price is "1 500 kr/time" and the like: amount, currency, and perhaps what it is paid for.
var price = regexp.MustCompile(`(?i)(\d[\d .\x{a0}]*)\s*(kr|nok|sek|dkk|eur|€)?[.,-]*\s*(?:/|per|pr\.?|i)?\s*(time|t|hour|h|halvtime|30 min|natt|night|dag|day|uke|week|mnd|måned|month|år|year)?(?:\b|$)`)

var (
	priceCurrency = map[string]string{"": "NOK", "kr": "NOK", "nok": "NOK", "sek": "SEK", "dkk": "DKK", "eur": "EUR", "€": "EUR"}
	pricePer      = map[string]string{"time": "hour", "t": "hour", "hour": "hour", "h": "hour", "halvtime": "half_hour", "30 min": "half_hour", "natt": "night",
		"night": "night", "dag": "day", "day": "day", "uke": "week", "week": "week", "mnd": "month", "måned": "month", "month": "month", "år": "year", "year": "year"}
)

func prices(s *ad.Sighting, values []string) error {
	for _, v := range values {
		m := price.FindStringSubmatch(v)
		if m == nil {
			return fmt.Errorf("%.40q is no price", v)
		}
		amount, err := strconv.ParseFloat(strings.NewReplacer(" ", "", ".", "", "\u00a0", "").Replace(m[1]), 64)
		if err != nil {
			return fmt.Errorf("%.40q is no price", v)
		}
		s.Prices = append(s.Prices, ad.Price{Amount: amount, Currency: priceCurrency[strings.ToLower(m[2])], Per: pricePer[strings.ToLower(m[3])]})
	}
	return nil
}
