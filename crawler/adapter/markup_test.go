package adapter_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"varde/crawler/adapter"
	"varde/internal/ad"
)

func TestMicrodataAndRDFaOfManyShapes(t *testing.T) {
	const s = `<div itemscope itemtype="https://schema.org/`
	prices := []ad.Price{{Amount: 9500, Currency: "NOK"}}
	for name, tt := range map[string]struct {
		in, shape string
		want      ad.Sighting
	}{
		"elements have their own values": {s + `Product"><h1 itemprop="name">Hybel</h1><meta itemprop="description" content="Sentralt"><img itemprop="image" src="/a.jpg"><link itemprop="image" href="/b.jpg"><time itemprop="releaseDate" datetime="2026-10-04">i går</time>
			<p itemprop="offers" itemscope itemtype="https://schema.org/Offer"><data itemprop="price" value="9500">ni tusen</data><meta itemprop="priceCurrency" content="NOK"></p></div>`, "microdata",
			ad.Sighting{Title: "Hybel", Text: "Sentralt", Images: []string{"https://market.example/a.jpg", "https://market.example/b.jpg"}, PostedAt: time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC), Prices: prices}},
		"content of any element":  {s + `Offer"><b itemprop="name">Hybel</b><b itemprop="price" content="9500">9 500,-</b></div>`, "microdata", ad.Sighting{Title: "Hybel", Prices: prices}},
		"a price as people write": {s + `Offer"><b itemprop="name">Hybel</b><b itemprop="price">9 500,00</b></div>`, "microdata", ad.Sighting{Title: "Hybel", Prices: prices}},
		"things in things": {s + `JobPosting"><b itemprop="title">Kokk</b><div itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization"><b itemprop="name">Kro AS</b><b itemprop="telephone">22 00 00 01</b></div>
			<div itemprop="jobLocation" itemscope itemtype="https://schema.org/Place"><div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><b itemprop="addressLocality">Voss</b></div></div></div>`, "microdata",
			ad.Sighting{Title: "Kokk", Advertiser: "Kro AS", Phones: []string{"22 00 00 01"}, Location: "Voss"}},
		"parts elsewhere": {s + `Offer" itemref="a b"><b itemprop="name">Hybel</b></div><p id=a itemprop="description">Sentralt</p><p id=b><b itemprop="price">9500</b></p><p id=c itemprop="telephone">1</p>`, "microdata",
			ad.Sighting{Title: "Hybel", Text: "Sentralt", Prices: prices}},
		"itself elsewhere": {`<div id=a itemscope itemtype="https://schema.org/Offer" itemref="a"><b itemprop="name">Hybel</b></div>`, "microdata", ad.Sighting{Title: "Hybel"}},
		"several names":    {s + `Offer"><b itemprop="name alternateName">Hybel</b></div>`, "microdata", ad.Sighting{Title: "Hybel"}},
		"breadcrumbs first": {`<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem"><b itemprop="name">Bolig</b></li></ol>` + s + `Offer"><b itemprop="name">Hybel</b></div>`, "microdata",
			ad.Sighting{Title: "Hybel"}},
		"RDFa": {`<div vocab="https://schema.org/" typeof="Offer" resource="#ad"><h1 property="name">Hybel</h1><b property="price" content="9500">9.500,-</b><a property="image" href="/a.jpg">bilde</a><i property="seller" typeof="Person"><b property="name">Per</b></i></div>`, "rdfa",
			ad.Sighting{Title: "Hybel", Prices: prices, Images: []string{"https://market.example/a.jpg"}, Advertiser: "Per"}},
		"RDFa with prefixes": {`<div prefix="schema: https://schema.org/" typeof="schema:Offer"><b property="schema:name">Hybel</b></div>`, "rdfa", ad.Sighting{Title: "Hybel"}},
	} {
		tt.want.Category = "job"
		got, err := extract(t, structured(t), page(tt.in))
		if err != nil || !reflect.DeepEqual(got.Ad, tt.want) || got.Shape != tt.shape || len(got.Problems) > 0 {
			t.Errorf("%s: %s\ngot  %+v, %q, %v\nwant %+v", name, got.Shape, got.Ad, got.Problems, err, tt.want)
		}
	}
}

// TestOpenGraphIsOfTheAdAndNotOfTheSite: every page has some, pages of errors too.
func TestOpenGraphIsOfTheAdAndNotOfTheSite(t *testing.T) {
	const title = `<meta property="og:title" content="Hybel"><meta property="og:description" content="Sentralt"><meta property="og:image" content="/a.jpg"><meta property="og:locality" content="Oslo"><meta name="og:email" content="a@b.example">`
	whole := ad.Sighting{Title: "Hybel", Text: "Sentralt", Images: []string{"https://market.example/a.jpg"}, Location: "Oslo", Contacts: []string{"mailto:a@b.example"}, Category: "job"}
	for more, want := range map[string]bool{
		``: false, `<meta property="og:type" content="website">`: false, `<meta property="og:type" content="article">`: true, `<meta property="og:type" content="product">`: true,
		`<meta property="og:url" content="https://market.example/ad/7">`: true, `<meta property="og:url" content="https://market.example/">`: false, `<meta property="og:url" content="https://market.example/ad/6">`: false,
		`<meta property="og:type" content="website"><meta property="og:url" content="/ad/7?utm=x">`: true,
	} {
		got, err := extract(t, structured(t), page(title+more))
		if want != (err == nil) || want && (!reflect.DeepEqual(got.Ad, whole) || got.Shape != "opengraph") || !want && !errors.Is(err, adapter.ErrNoAd) {
			t.Errorf("%s: %+v, %v", more, got.Ad, err)
		}
	}
	got, err := extract(t, structured(t), page(title+`<meta property="product:price:amount" content="9500"><meta property="product:price:currency" content="SEK">`))
	if err != nil || !reflect.DeepEqual(amounts(got.Ad.Prices), []string{"9500 SEK"}) {
		t.Errorf("%+v, %v", got.Ad, err)
	}
}

// TestEachSourceCompletesTheOnesBefore: and the target's selectors come first. The reading says which gave what.
func TestEachSourceCompletesTheOnesBefore(t *testing.T) {
	tg := spec(t, `{kind: structured, ad_path: "^/ad/(\\d+)", fields: {advertiser: {selector: .who}, age: {selector: .age}, text: {selector: .none}, price: {selector: .price, optional: true}}}`)
	got, err := extract(t, tg, page(block(`{"@type":"Offer","name":"Hybel","offeredBy":"Feil"}`)+
		`<div itemscope itemtype="https://schema.org/Product"><b itemprop="name">Feil</b><b itemprop="description">Sentralt</b><b itemprop="price">1</b></div>
		<div typeof="Offer"><b property="name">Feil</b><b property="areaServed">Oslo</b></div>
		<meta property="og:title" content="Feil"><meta property="og:image" content="/a.jpg">
		<b class=who>Per</b><b class=age>23 år</b><b class=price>9500 kr</b>`))
	if err != nil || got.Shape != "json-ld" {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, want := range map[string]string{"title": "json-ld Offer.name: Hybel", "text": "microdata Product.description: Sentralt", "location": "rdfa Offer.areaServed: Oslo", "images": "opengraph og:image: /a.jpg",
		"advertiser": ".who: Per", "age": ".age: 23 år", "price": ".price: 9500 kr", "phones": "json-ld, microdata, rdfa, opengraph: ", "posted_at": "json-ld, microdata, rdfa, opengraph: "} {
		if f := field(t, got, name); f.From+": "+strings.Join(f.Values, " ") != want || f.Optional != (name == "price") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	want := ad.Sighting{Title: "Hybel", Text: "Sentralt", Location: "Oslo", Images: []string{"https://market.example/a.jpg"}, Advertiser: "Per", Age: 23, Prices: []ad.Price{{Amount: 9500, Currency: "NOK"}}, Category: "massage"}
	if !reflect.DeepEqual(got.Ad, want) {
		t.Errorf("%+v", got.Ad)
	}
}
