package adapter_test

import (
	"html"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"varde/crawler/adapter"
	"varde/internal/ad"
	"varde/internal/target"
)

// field is a target whose ads have a title and one more field.
func field(name string, f target.Field) *target.Target {
	f.Selector = ".f"
	return &target.Target{Adapter: target.Adapter{Kind: "css", Fields: map[string]target.Field{"title": {Selector: "h1"}, name: f}}}
}

func ofField(values ...string) *adapter.Page {
	var b strings.Builder
	b.WriteString("<h1>x</h1>")
	for _, v := range values {
		b.WriteString(`<p class="f">` + html.EscapeString(v) + "</p>")
	}
	return page(b.String())
}

func TestPrices(t *testing.T) {
	for in, want := range map[string][]string{
		"1 500 kr/time": {"1500 NOK hour"}, "1\u00a0500 kr/time": {"1500 NOK hour"}, "1\u202f500 kr / t": {"1500 NOK hour"}, "1.500 kr per hour": {"1500 NOK hour"},
		"1500,-": {"1500 NOK"}, "1500,- pr. time": {"1500 NOK hour"}, "kr 1500,- pr. time": {"1500 NOK hour"}, "1500": {"1500 NOK"}, "Kr. 1500": {"1500 NOK"},
		"€ 120": {"120 EUR"}, "€120/h": {"120 EUR hour"}, "120 €": {"120 EUR"}, "120 EUR / time": {"120 EUR hour"}, "EUR 120": {"120 EUR"}, "900 SEK": {"900 SEK"}, "900 DKK": {"900 DKK"},
		"200 kr pr. time": {"200 NOK hour"}, "200 kr i timen": {"200 NOK hour"}, "200 kr timen": {"200 NOK hour"}, "30 000 kr/måned": {"30000 NOK month"}, "30 000 kr i mnd.": {"30000 NOK month"},
		"500 000 kr pr år": {"500000 NOK year"}, "4000 kr natt": {"4000 NOK night"}, "800 kr/halvtime": {"800 NOK half_hour"}, "800 kr 30 min": {"800 NOK half_hour"}, "1000 kr/dag": {"1000 NOK day"},
		"1000-1500 kr/time": {"1000 NOK hour", "1500 NOK hour"}, "1 000 – 1 500 kr": {"1000 NOK", "1500 NOK"}, "100–150 EUR": {"100 EUR", "150 EUR"}, "€ 100 - € 150": {"100 EUR", "150 EUR"},
		"kr 200 til 250 pr. time": {"200 NOK hour", "250 NOK hour"}, "fra 200 kr": {"200 NOK"},
		"1 time 1800 kr": {"1800 NOK"}, "30 min: 1000,-": {"1000 NOK"}, "1 time: kr 1800": {"1800 NOK"}, "Pris: 1500": {"1500 NOK"},
		"12,50 kr": {"12.5 NOK"}, "199.90 EUR": {"199.9 EUR"}, "1.500,50 kr": {"1500.5 NOK"}, "1,500.50 EUR": {"1500.5 EUR"}, "1,500 EUR": {"1500 EUR"}, "7.500.000 kr": {"7500000 NOK"},
		"etter avtale": nil, "kr": nil, "kr,-": nil, "": nil, strings.Repeat("9", 400): nil, "1e9 kr": {"9 NOK"},
	} {
		t.Run(in, func(t *testing.T) {
			got, err := extract(t, field("price", target.Field{}), ofField(in))
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, p := range got.Ad.Prices {
				have = append(have, strings.TrimSpace(strconv.FormatFloat(p.Amount, 'f', -1, 64)+" "+p.Currency+" "+p.Per))
			}
			if !reflect.DeepEqual(have, want) {
				t.Errorf("got %q, want %q", have, want)
			}
			if named := len(got.Problems)+len(got.Missing) > 0; named != (want == nil) {
				t.Errorf("problems %q, missing %q", got.Problems, got.Missing)
			}
		})
	}
}

// TestCrownsAreThoseOfTheCountry: "kr" is written in three countries.
func TestCrownsAreThoseOfTheCountry(t *testing.T) {
	for country, want := range map[string]string{"NO": "NOK", "SE": "SEK", "DK": "DKK", "": "NOK"} {
		tg := field("price", target.Field{})
		tg.Country = country
		got, err := extract(t, tg, ofField("1 500 kr/time"))
		if err != nil || len(got.Ad.Prices) != 1 || got.Ad.Prices[0].Currency != want {
			t.Errorf("%s: %+v, %v", country, got.Ad.Prices, err)
		}
	}
}

// TestOnePriceThatIsNoneDoesNotLoseTheOthers: a list of prices often ends in words.
func TestOnePriceThatIsNoneDoesNotLoseTheOthers(t *testing.T) {
	got, err := extract(t, field("price", target.Field{All: true}), ofField("etter avtale", "1500 kr/time", "800,-"))
	want := []ad.Price{{Amount: 1500, Currency: "NOK", Per: "hour"}, {Amount: 800, Currency: "NOK"}}
	if err != nil || !reflect.DeepEqual(got.Ad.Prices, want) || len(got.Problems) != 1 || !strings.Contains(got.Problems[0], "etter avtale") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTimes(t *testing.T) {
	at := func(s string) time.Time {
		when, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for in, tt := range map[string]struct {
		layout string
		want   time.Time
	}{
		"2026-09-01T10:30:00+02:00": {"", at("2026-09-01T08:30:00Z")},
		"2026-09-01T10:30:00.5Z":    {"", at("2026-09-01T10:30:00.5Z")},
		"2026-09-01T10:30:00":       {"", at("2026-09-01T10:30:00Z")},
		"2026-09-01 10:30":          {"", at("2026-09-01T10:30:00Z")},
		"2026-09-01":                {"", at("2026-09-01T00:00:00Z")},
		"01.09.2026 10:30":          {"02.01.2006 15:04", at("2026-09-01T10:30:00Z")},
		"2026-09-01T10:30:00Z":      {"02.01.2006", time.Time{}}, // a layout that is given is the only one
		"i går":                     {"", time.Time{}},
		"2026-02-30":                {"", time.Time{}},
	} {
		got, err := extract(t, field("posted_at", target.Field{Layout: tt.layout}), ofField(in))
		if err != nil || !got.Ad.PostedAt.Equal(tt.want) || got.Ad.PostedAt.Location() != time.UTC {
			t.Errorf("%q: %v, %v", in, got.Ad.PostedAt, err)
		}
		if tt.want.IsZero() && (len(got.Problems) != 1 || !strings.HasPrefix(got.Problems[0], "posted_at: ")) {
			t.Errorf("%q: problems %q", in, got.Problems)
		}
	}
}

func TestAges(t *testing.T) {
	for in, want := range map[string]int{"24": 24, "0": 0, "150": 150, "151": 0, "-1": 0, "24 år": 0, "99999999999999999999": 0} {
		got, err := extract(t, field("age", target.Field{}), ofField(in))
		if err != nil || got.Ad.Age != want {
			t.Errorf("%q: %d, %v", in, got.Ad.Age, err)
		}
		if (want == 0 && in != "0") != (len(got.Problems) == 1) {
			t.Errorf("%q: problems %q", in, got.Problems)
		}
	}
}

func TestPatternsAndPrefixes(t *testing.T) {
	for name, tt := range map[string]struct {
		f      target.Field
		values []string
		want   []string
	}{
		"the first":              {target.Field{}, []string{"", "a", "b"}, []string{"a"}},
		"all, each once":         {target.Field{All: true}, []string{"a", "b", "a"}, []string{"a", "b"}},
		"the group":              {target.Field{Pattern: `tel:(\d+)`}, []string{"tel:90000001"}, []string{"90000001"}},
		"the whole match":        {target.Field{Pattern: `\d+`}, []string{"ring 90000001 nå"}, []string{"90000001"}},
		"the first that matches": {target.Field{Pattern: `\d+`}, []string{"ring", "90000001"}, []string{"90000001"}},
		"no match":               {target.Field{Pattern: `\d+`}, []string{"ring"}, nil},
		"a prefix":               {target.Field{Prefix: "telegram:", All: true}, []string{"@a", "@b"}, []string{"telegram:@a", "telegram:@b"}},
		"no prefix to nothing":   {target.Field{Prefix: "telegram:"}, []string{" "}, nil},
	} {
		got, err := extract(t, field("contacts", tt.f), ofField(tt.values...))
		if err != nil || !reflect.DeepEqual(got.Ad.Contacts, tt.want) || (len(got.Missing) == 1) != (tt.want == nil) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestWhatAPersonDoesNotSeeIsLeftOut, unless the target asks for just that: a phone in a hidden element is a decoy in the text, and
// a find where the selector names it.
func TestWhatAPersonDoesNotSeeIsLeftOut(t *testing.T) {
	for in, want := range map[string]string{
		"a<script>b</script>c":                       "ac",
		"a<span hidden>b</span>c":                    "ac",
		`a<span hidden="until-found">b</span>c`:      "ac",
		`a<span style="display:none">b</span>c`:      "ac",
		`a<b style="DISPLAY: none !important">b</b>`: "a",
		`a<span style="display:inline">b</span>c`:    "abc",
		`a<textarea>b</textarea>c`:                   "abc",
		"a<p>b</p>c":                                 "a\nb\nc",
		"a\n  b\tc&nbsp;d":                           "a b c d",
		"a<!-- b -->c":                               "ac",
	} {
		if got, err := extract(t, field("text", target.Field{}), page("<h1>x</h1><div class=f>"+in+"</div>")); err != nil || got.Ad.Text != want {
			t.Errorf("%s: %q, %v", in, got.Ad.Text, err)
		}
	}
	if got, err := extract(t, field("phones", target.Field{}), page("<h1>x</h1><i class=f hidden>90000001</i>")); err != nil || !reflect.DeepEqual(got.Ad.Phones, []string{"90000001"}) {
		t.Errorf("%+v, %v", got, err)
	}
}
