package adapter_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"varde/crawler/adapter"
	"varde/internal/ad"
	"varde/internal/target"
)

func structured(t testing.TB) *target.Target {
	return spec(t, `{kind: structured, ad_path: "^/ad/(\\d+)"}`, "categories: [job]", "timezone: UTC")
}

func block(json string) string { return `<script type="application/ld+json">` + json + `</script>` }

func TestJSONLDOfManyShapes(t *testing.T) {
	const job = `"@type":"JobPosting","title":"Renholder"`
	type sighting = ad.Sighting
	prices := func(per string, amounts ...float64) (out []ad.Price) {
		for _, a := range amounts {
			out = append(out, ad.Price{Amount: a, Currency: "NOK", Per: per})
		}
		return out
	}
	for name, tt := range map[string]struct {
		in   string
		want sighting
	}{
		"alone":                  {`{` + job + `}`, sighting{}},
		"list":                   {`[{"@type":"WebPage"},{` + job + `}]`, sighting{}},
		"graph":                  {`{"@graph":[{"@type":"WebPage"},{` + job + `}]}`, sighting{}},
		"main entity":            {`{"@type":"WebPage","mainEntity":{` + job + `}}`, sighting{}},
		"types":                  {`{"@type":["Thing","http://schema.org/JobPosting"],"title":"Renholder"}`, sighting{}},
		"a prefixed type":        {`{"@type":"schema:JobPosting","title":"Renholder"}`, sighting{}},
		"a job before an offer":  {`[{"@type":"Offer","name":"Kake","price":1},{` + job + `}]`, sighting{}},
		"salary from to":         {`{` + job + `,"baseSalary":{"currency":"NOK","value":{"minValue":200,"maxValue":"1,250.5","unitText":"hour"}}}`, sighting{Prices: prices("hour", 200, 1250.5)}},
		"salary, one value":      {`{` + job + `,"baseSalary":{"currency":"nok","value":{"value":30000,"unitText":"MONTH"}}}`, sighting{Prices: prices("month", 30000)}},
		"salary, flat":           {`{` + job + `,"baseSalary":{"minValue":1,"maxValue":2,"unitText":"DAY"},"salaryCurrency":"NOK"}`, sighting{Prices: prices("day", 1, 2)}},
		"salary, a number":       {`{` + job + `,"baseSalary":200}`, sighting{Prices: prices("", 200)}},
		"salary, no number":      {`{` + job + `,"baseSalary":{"value":{"minValue":"etter avtale","maxValue":-5,"value":"NaN"}}}`, sighting{}},
		"salary of decimals":     {`{` + job + `,"baseSalary":"199,50"}`, sighting{Prices: prices("", 199.5)}},
		"salary, large":          {`{` + job + `,"baseSalary":5.2e5}`, sighting{Prices: prices("", 520000)}},
		"no money":               {`{` + job + `,"baseSalary":1,"salaryCurrency":"€"}`, sighting{Prices: []ad.Price{{Amount: 1, Currency: "EUR"}}}},
		"money as people say":    {`{` + job + `,"baseSalary":1,"salaryCurrency":"zł"}`, sighting{Prices: []ad.Price{{Amount: 1, Currency: "PLN"}}}},
		"HTML in the text":       {`{` + job + `,"description":"<p>En<br>to &amp; tre</p><style>x{}</style><p hidden>skjult</p>"}`, sighting{Text: "En\nto & tre"}},
		"HTML packed in HTML":    {`{` + job + `,"description":"&lt;p&gt;En&lt;/p&gt;"}`, sighting{Text: "<p>En</p>"}},
		"lines of the text":      {`{` + job + `,"description":"En\n\nto"}`, sighting{Text: "En\n\nto"}},
		"half a rune":            {`{` + job + `,"description":"a\ud83d b"}`, sighting{Text: "a\ufffd b"}},
		"place as words":         {`{` + job + `,"jobLocation":"Drammen"}`, sighting{Location: "Drammen"}},
		"place by region":        {`{` + job + `,"jobLocation":{"address":{"addressRegion":"Viken"}}}`, sighting{Location: "Viken"}},
		"place as an address":    {`{` + job + `,"jobLocation":{"address":"Storgata 1, 3015 Drammen"}}`, sighting{Location: "Drammen"}},
		"place of its own":       {`{` + job + `,"address":{"addressLocality":"Drammen"}}`, sighting{Location: "Drammen"}},
		"contacts, each once":    {`{` + job + `,"telephone":"1000","email":"a@b.example","contactPoint":[{"telephone":"1000","email":"mailto:a@b.example"}]}`, sighting{Phones: []string{"1000"}, Contacts: []string{"mailto:a@b.example"}}},
		"a reference":            {`{"@graph":[{` + job + `,"hiringOrganization":{"@id":"#o"}},{"@id":"#o","@type":"Organization","name":"Rent AS","telephone":"22000001"}]}`, sighting{Advertiser: "Rent AS", Phones: []string{"22000001"}}},
		"references in a circle": {`{"@graph":[{` + job + `,"@id":"#j","hiringOrganization":{"@id":"#j"}}]}`, sighting{}},
		"wrong types":            {`{` + job + `,"description":{"a":1},"image":{"a":1},"hiringOrganization":[[]],"jobLocation":[[7]],"telephone":{},"baseSalary":[true]}`, sighting{}},
		"pictures":               {`{` + job + `,"image":["/a.jpg",{"contentUrl":"https://cdn.example/b.jpg"},"javascript:x","/a.jpg",null]}`, sighting{Images: []string{"https://market.example/a.jpg", "https://cdn.example/b.jpg"}}},
		"posted":                 {`{` + job + `,"datePosted":"2026-10-04"}`, sighting{PostedAt: time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC)}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.want.Title, tt.want.Category = "Renholder", "job"
			got, err := extract(t, structured(t), page(block(tt.in)))
			if err != nil || !reflect.DeepEqual(got.Ad, tt.want) || len(got.Problems) > 0 {
				t.Errorf("got  %+v, %q, %v\nwant %+v", got.Ad, got.Problems, err, tt.want)
			}
		})
	}
}

func TestOffersOfManyShapes(t *testing.T) {
	for in, want := range map[string][]string{
		`{"@type":"Product","name":"x","offers":{"price":"1 500","priceCurrency":"NOK"}}`:                                                                                  {"1500 NOK"},
		`{"@type":"Product","name":"x","offers":[{"price":1},{"lowPrice":2,"highPrice":3,"priceCurrency":"EUR"}]}`:                                                         {"1 NOK", "2 EUR", "3 EUR"},
		`{"@type":"Apartment","name":"x","offers":{"priceSpecification":{"price":9500,"priceCurrency":"NOK","unitText":"MONTH"}}}`:                                         {"9500 NOK month"},
		`{"@type":"Service","name":"x","offers":{"@type":"Offer","priceSpecification":[{"minPrice":100,"maxPrice":150,"priceCurrency":"EUR","unitCode":"HUR"}]}}`:          {"100 EUR hour", "150 EUR hour"},
		`{"@type":"Offer","name":"x","price":7500,"priceCurrency":"kr"}`:                                                                                                   {"7500 NOK"},
		`{"@type":"Offer","name":"x","price":7500,"offers":{"price":7500}}`:                                                                                                {"7500 NOK"},
		`{"@graph":[{"@type":"Product","name":"x","offers":{"@id":"#o"}},{"@type":"Offer","@id":"#o","price":1,"priceCurrency":"SEK","seller":{"telephone":"22000001"}}]}`: {"1 SEK"},
	} {
		got, err := extract(t, structured(t), page(block(in)))
		if have := amounts(got.Ad.Prices); err != nil || !reflect.DeepEqual(have, want) {
			t.Errorf("%s: %q, %v; want %q", in, have, err, want)
		}
	}
}

// TestBrokenJSONLDIsMendedWhereNothingIsGuessed: and what was mended is said.
func TestBrokenJSONLDIsMendedWhereNothingIsGuessed(t *testing.T) {
	for name, tt := range map[string]struct{ in, problem string }{
		"as it should be":      {`{"@type":"Offer","name":"Hybel"}`, ""},
		"commas":               {`{"@type":"Offer","name":"Hybel","a":[1,2, ],}`, "a comma too many"},
		"comments":             {"{/* x */\"@type\":\"Offer\", // y\n\"name\":\"Hybel\"}", "comments"},
		"HTML comments":        {"<!--{\"@type\":\"Offer\",\"name\":\"Hybel\"}-->", ""},
		"HTML comments within": {"{\"@type\":\"Offer\",<!-- x -->\"name\":\"Hybel\"}", "comments"},
		"CDATA":                {"//<![CDATA[\n{\"@type\":\"Offer\",\"name\":\"Hybel\"}\n//]]>", ""},
		"entities":             {`{&quot;@type&quot;:&quot;Offer&quot;,&quot;name&quot;:&quot;Hybel&quot;,}`, "HTML entities, a comma too many"},
		"line breaks":          {"{\"@type\":\"Offer\",\"name\":\"Hybel\",\"description\":\"a\nb\tc\"}", "line breaks in a text, control characters in a text"},
		"escapes":              {`{"@type":"Offer","name":"Hybel","description":"it\'s"}`, "escapes that JSON does not have"},
		"several":              {`{"@type":"WebSite"} {"@type":"Offer","name":"Hybel"}`, ""},
		"several with commas":  {`{"@type":"WebSite"},{"@type":"Offer","name":"Hybel"},`, "several values"},
		"a semicolon":          {`{"@type":"Offer","name":"Hybel"};`, ""},
		"a mark":               {"\ufeff{\"@type\":\"Offer\",\"name\":\"Hybel\"}", ""},
	} {
		got, err := extract(t, structured(t), page(block(tt.in)))
		want := "JSON-LD block 1 mended: " + tt.problem
		if tt.problem == "" {
			want = ""
		}
		if err != nil || got.Ad.Title != "Hybel" || strings.Join(got.Problems, "; ") != want {
			t.Errorf("%s: %q, %q, %v", name, got.Ad.Title, got.Problems, err)
		}
	}
}

func TestABrokenBlockIsNamedAndTheGoodOneRead(t *testing.T) {
	good := block(`{"@type":"Offer","name":"Hybel","validFrom":"snart"}`)
	for name, bad := range map[string]string{"cut": `{"@type":"Offer","name":"x`, "quotes": `{"@type":"Offer","name":"a "x" b"}`, "empty": "", "endless": strings.Repeat("[", 20_000), "names": `{@type:Offer}`} {
		got, err := extract(t, structured(t), page(block(bad)+good))
		if err != nil || got.Ad.Title != "Hybel" || len(got.Problems) != 2 || !strings.HasPrefix(got.Problems[0], "JSON-LD block 1: ") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if len(got.Problems) == 2 && !strings.Contains(got.Problems[1], "snart") {
			t.Errorf("the time that cannot be read is not named: %q", got.Problems)
		}
	}
	if got, err := extract(t, structured(t), page(block("{"))); !errors.Is(err, adapter.ErrNoAd) || len(got.Problems) != 1 || len(got.Fields) == 0 {
		t.Errorf("only a broken block: %+v, %v", got, err)
	}
}

// TestNothingOfANeighbourIsTaken: sites list other ads on the pages of their ads. The page is that of ad 7.
func TestNothingOfANeighbourIsTaken(t *testing.T) {
	for name, in := range map[string]string{
		"one without a name": block(`[{"@type":"Offer","price":9,"telephone":"1000","image":"/n.jpg","areaServed":"Oslo","validFrom":"x"},{"@type":"Offer","name":"Hybel"}]`),
		"other addresses":    block(`[{"@type":"Offer","name":"Nabo","url":"/ad/6","telephone":"1000"},{"@type":"Offer","name":"Hybel","url":"https://market.example/ad/7"}]`),
		"the own is last":    block(`[{"@type":"Offer","name":"Uten adresse"},{"@type":"Offer","name":"Hybel","@id":"/ad/7#ad"}]`),
		"a list after":       block(`[{"@type":"Offer","name":"Hybel"},{"@type":"ItemList","itemListElement":[{"@type":"Offer","name":"Nabo"}]}]`),
	} {
		got, err := extract(t, structured(t), page(in))
		if want := (ad.Sighting{Title: "Hybel", Category: "job"}); err != nil || !reflect.DeepEqual(got.Ad, want) || len(got.Problems) > 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, err := extract(t, structured(t), page(block(`{"@type":"Offer","name":"Nabo","url":"/ad/6"}`))); !errors.Is(err, adapter.ErrNoAd) {
		t.Errorf("only a neighbour: %+v, %v", got, err)
	}
}

func TestDeepJSONLDIsBounded(t *testing.T) {
	for name, in := range map[string]string{
		"deep":             strings.Repeat(`{"a":`, 5000) + `{"@type":"Offer","name":"x"}` + strings.Repeat("}", 5000),
		"name in name":     `{"@type":"Offer","name":` + strings.Repeat(`{"name":`, 5000) + `""` + strings.Repeat("}", 5000) + "}",
		"names in lists":   `{"@type":"Offer","name":` + strings.Repeat(`[{"name":`, 2000) + `""` + strings.Repeat("}]", 2000) + "}",
		"offers in offers": strings.Repeat(`{"@type":"Offer","offers":`, 5000) + "1" + strings.Repeat("}", 5000),
		"many objects":     `[` + strings.Repeat(`{},`, 400_000) + `{"@type":"Offer","name":"x"}]`,
	} {
		if got, err := extract(t, structured(t), page(block(in))); !errors.Is(err, adapter.ErrNoAd) {
			t.Errorf("%s: %.100q, %v", name, got.Ad.Title, err)
		}
	}
	got, err := extract(t, structured(t), page(block(`{"@type":"Offer","description":"`+strings.Repeat("<div>", 5000)+`dypt"}`)))
	if err != nil || got.Ad.Text != "dypt" {
		t.Errorf("a page in a description: %q, %v", got.Ad.Text, err)
	}
}
