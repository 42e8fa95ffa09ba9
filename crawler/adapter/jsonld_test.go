package adapter_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"varde/crawler/adapter"
	"varde/internal/ad"
	"varde/internal/target"
)

var jsonld = &target.Target{Adapter: target.Adapter{Kind: "jsonld"}}

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
		"alone":                 {`{` + job + `}`, sighting{}},
		"list":                  {`[{"@type":"WebPage"},{` + job + `}]`, sighting{}},
		"graph":                 {`{"@graph":[{"@type":"WebPage"},{` + job + `}]}`, sighting{}},
		"main entity":           {`{"@type":"WebPage","mainEntity":{` + job + `}}`, sighting{}},
		"types":                 {`{"@type":["Thing","http://schema.org/JobPosting"],"title":"Renholder"}`, sighting{}},
		"a job before an offer": {`[{"@type":"Offer","name":"Kake","price":1},{` + job + `}]`, sighting{}},
		"salary from to":        {`{` + job + `,"baseSalary":{"currency":"NOK","value":{"minValue":200,"maxValue":"1,250.5","unitText":"hour"}}}`, sighting{Prices: prices("hour", 200, 1250.5)}},
		"salary, one value":     {`{` + job + `,"baseSalary":{"currency":"nok","value":{"value":30000,"unitText":"MONTH"}}}`, sighting{Prices: prices("month", 30000)}},
		"salary, flat":          {`{` + job + `,"baseSalary":{"minValue":1,"maxValue":2,"unitText":"DAY"},"salaryCurrency":"NOK"}`, sighting{Prices: prices("day", 1, 2)}},
		"salary, a number":      {`{` + job + `,"baseSalary":200}`, sighting{Prices: prices("", 200)}},
		"salary, no number":     {`{` + job + `,"baseSalary":{"value":{"minValue":"etter avtale","maxValue":-5,"value":"NaN"}}}`, sighting{}},
		"salary of decimals":    {`{` + job + `,"baseSalary":"199,50"}`, sighting{Prices: prices("", 199.5)}},
		"no money":              {`{` + job + `,"baseSalary":1,"salaryCurrency":"€"}`, sighting{Prices: []ad.Price{{Amount: 1, Currency: "EUR"}}}},
		"HTML in the text":      {`{` + job + `,"description":"<p>En<br>to &amp; tre</p><style>x{}</style><p hidden>skjult</p>"}`, sighting{Text: "En\nto & tre"}},
		"HTML packed in HTML":   {`{` + job + `,"description":"&lt;p&gt;En&lt;/p&gt;"}`, sighting{Text: "<p>En</p>"}},
		"lines of the text":     {`{` + job + `,"description":"En\n\nto"}`, sighting{Text: "En\n\nto"}},
		"half a rune":           {`{` + job + `,"description":"a\ud83d b"}`, sighting{Text: "a\ufffd b"}},
		"place as words":        {`{` + job + `,"jobLocation":"Drammen"}`, sighting{Location: "Drammen"}},
		"place by region":       {`{` + job + `,"jobLocation":{"address":{"addressRegion":"Viken"}}}`, sighting{Location: "Viken"}},
		"contacts, each once":   {`{` + job + `,"telephone":"1","email":"a@b.example","contactPoint":[{"telephone":"1","email":"mailto:a@b.example"}]}`, sighting{Phones: []string{"1"}, Contacts: []string{"mailto:a@b.example"}}},
		"wrong types":           {`{` + job + `,"description":{"a":1},"image":{"a":1},"hiringOrganization":[[]],"jobLocation":7,"telephone":{},"baseSalary":[true]}`, sighting{Location: "7"}},
		"pictures":              {`{` + job + `,"image":["/a.jpg",{"contentUrl":"https://cdn.example/b.jpg"},"javascript:x","/a.jpg",null]}`, sighting{Images: []string{"https://market.example/a.jpg", "https://cdn.example/b.jpg"}}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.want.Title = "Renholder"
			got, err := extract(t, jsonld, page(block(tt.in)))
			if err != nil || !reflect.DeepEqual(got.Ad, tt.want) || len(got.Problems) > 0 {
				t.Errorf("got  %+v, %q, %v\nwant %+v", got.Ad, got.Problems, err, tt.want)
			}
		})
	}
}

func TestABrokenBlockIsNamedAndTheGoodOneRead(t *testing.T) {
	good := block(`{"@type":"Offer","name":"Hybel","validFrom":"snart"}`)
	for name, bad := range map[string]string{"cut": `{"@type":"Offer","name":"x`, "comma": `{"@type":"Offer","name":"x",}`, "empty": "", "two": `{} {}`, "endless": strings.Repeat("[", 20_000)} {
		got, err := extract(t, jsonld, page(block(bad)+good))
		if err != nil || got.Ad.Title != "Hybel" || len(got.Problems) != 2 || !strings.HasPrefix(got.Problems[0], "JSON-LD block 1: ") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if len(got.Problems) == 2 && !strings.Contains(got.Problems[1], "snart") {
			t.Errorf("the time that cannot be read is not named: %q", got.Problems)
		}
	}
	if got, err := extract(t, jsonld, page(block("{"))); !errors.Is(err, adapter.ErrNoAd) || len(got.Problems) != 1 {
		t.Errorf("only a broken block: %+v, %v", got, err)
	}
}

// TestNothingOfANamelessOneIsTaken: sites list neighbouring offers before the page's own.
func TestNothingOfANamelessOneIsTaken(t *testing.T) {
	got, err := extract(t, jsonld, page(block(`[{"@type":"Offer","price":9,"telephone":"1","image":"/n.jpg","areaServed":"Oslo","validFrom":"x"},{"@type":"Offer","name":"Hybel"}]`)))
	if want := (ad.Sighting{Title: "Hybel"}); err != nil || !reflect.DeepEqual(got.Ad, want) || len(got.Problems) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDeepJSONLDIsBounded(t *testing.T) {
	for name, in := range map[string]string{
		"deep":             strings.Repeat(`{"a":`, 5000) + `{"@type":"Offer","name":"x"}` + strings.Repeat("}", 5000),
		"name in name":     `{"@type":"Offer","name":` + strings.Repeat(`{"name":`, 5000) + `""` + strings.Repeat("}", 5000) + "}",
		"names in lists":   `{"@type":"Offer","name":` + strings.Repeat(`[{"name":`, 2000) + `""` + strings.Repeat("}]", 2000) + "}",
		"offers in offers": strings.Repeat(`{"@type":"Offer","offers":`, 5000) + "1" + strings.Repeat("}", 5000),
		"a page in a name": `{"@type":"Offer","description":"` + strings.Repeat("<div>", 5000) + `"}`,
	} {
		if got, err := extract(t, jsonld, page(block(in))); name != "a page in a name" && !errors.Is(err, adapter.ErrNoAd) {
			t.Errorf("%s: %.100q, %v", name, got.Ad.Title, err)
		}
	}
}
