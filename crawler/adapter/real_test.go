package adapter_test

import (
	"strings"
	"testing"

	"varde/crawler/adapter"
	"varde/internal/ad"
)

// TestThreeMarkupsOfOneJobSayTheSame reads schema.org's own example: see testdata/real/SOURCES.md.
func TestThreeMarkupsOfOneJobSayTheSame(t *testing.T) {
	tg := spec(t, `{kind: structured, ad_path: "^/ad/(\\d+)"}`)
	for markup, shape := range map[string]string{"microdata": "microdata", "rdfa": "rdfa", "jsonld": "json-ld"} {
		got, err := extract(t, tg, page(string(read(t, "testdata/real/schemaorg-"+markup+".html"))))
		if err != nil || got.Shape != shape || len(got.Problems) > 0 {
			t.Fatalf("%s: %s, %q, %v", markup, got.Shape, got.Problems, err)
		}
		a := got.Ad
		if a.Title != "Software Engineer" || !strings.Contains(a.Text, "ABC Company Inc.") || !strings.Contains(a.Text, "in-house tools.") || a.Location != "Kirkland" ||
			len(a.Prices) != 1 || a.Prices[0] != (ad.Price{Amount: 100000, Currency: "USD"}) || a.PostedAt.Format("2006-01-02 15:04") != "2011-10-30 23:00" {
			t.Errorf("%s: %+v", markup, a)
		}
		if from := field(t, got, "title").From; from != shape+" JobPosting.title" {
			t.Errorf("the title is from %q", from)
		}
	}
	if got, err := extract(t, tg, page(string(read(t, "testdata/real/schemaorg-plain.html")))); err == nil || got.Shape != "css" {
		t.Errorf("without markup: %+v, %v", got, err)
	}
}

// TestARealVacancyIsRead: what a page of a recruitment system says, by selectors alone and with OpenGraph.
func TestARealVacancyIsRead(t *testing.T) {
	p := page(string(read(t, "testdata/real/danish-vacancy.html")))
	got, err := extract(t, spec(t, `
  kind: css
  ad_path: ^/ad/(\d+)
  fields:
    title: {selector: h1}
    text: {selector: .jd-description}
    location: {selector: .jd-location p}
    advertiser: {selector: "meta[name=author]", attr: content}
    phones: {selector: .jd-contact-person, pattern: "Telephone:.*", all: true}
    images: {selector: .department-image, attr: src}
`, "categories: [job]", "country: DK"), p)
	if err != nil || len(got.Problems) > 0 {
		t.Fatalf("%q, %v", got.Problems, err)
	}
	a := got.Ad
	if a.Title != "Clinical disclosure specialist" || a.Location != "Ballerup, Greater Copenhagen, DK" || a.Advertiser != "LEO Pharma" || a.Phones[0] != "+45 00 00 00 00" ||
		!strings.HasPrefix(a.Text, "Are you an expert in clinical disclosure regulations") || len(a.Text) < 2000 || a.Images[0] != "https://market.example/images/image/3274/Easycruit_banner_v5.jpg" {
		t.Errorf("%+v", a)
	}
	if text := adapter.Text(p); !strings.HasPrefix(text, "LEO Pharma - Clinical disclosure specialist\n") || strings.Contains(text, "jquery") || !strings.Contains(text, "Region Hovedstaden\nRegion Sjælland") {
		t.Errorf("as text: %.300s", text)
	}
	if b := adapter.Barrier(p); b != "" {
		t.Errorf("taken for a %s", b)
	}
	// Its OpenGraph says that it is about the whole site.
	if _, err := extract(t, spec(t, `{kind: structured, ad_path: "^/ad/(\\d+)"}`), p); err == nil {
		t.Error("an ad was read from what the site says of itself")
	}
}
