package adapter_test

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"varde/crawler/adapter"
)

// fuzzField reads one value as one field, and checks what holds for every field: a value that cannot be read is named, shortened, and
// one that can be is not.
func fuzzField(f *testing.F, name string, seeds []string, property func(t *testing.T, value string, r adapter.Reading)) {
	for _, s := range seeds {
		f.Add(s)
	}
	for _, s := range []string{"", " ", "\x00", "\xff", "٣٢", "½", "1e9", "-", strings.Repeat("9", 100), strings.Repeat("ø", 300), "<b>1</b>", "\u202e12"} {
		f.Add(s)
	}
	tg := with(f, name, "")
	f.Fuzz(func(t *testing.T, value string) {
		p := ofField(value)
		r, err := adapter.Read(p, tg)
		if err != nil {
			t.Fatal(err)
		}
		check(t, r)
		got := field(t, r, name)
		if len(got.Values) == 0 && got.Problem != "" {
			t.Errorf("%q: a problem with nothing", value)
		}
		if len(got.Problem) > 300 || got.Problem != "" && !strings.Contains(strings.Join(r.Problems, "\n"), name+": "+got.Problem) {
			t.Errorf("%q: %+v, %q", value, got, r.Problems)
		}
		property(t, value, r)
	})
}

func FuzzTime(f *testing.F) {
	fuzzField(f, "posted_at", []string{"4. okt. 2026 kl. 14.05", "i går 14:05", "for 3 timer siden", "2026-09-01T10:30:00+02:00", "1788258600", "2 days ago", "4 октября 2026 г. в 14:05", "2026 m. spalio 4 d.", "acum o oră", "12/24/2026", "2:05 pm", "год тому"},
		func(t *testing.T, value string, r adapter.Reading) {
			at, got := r.Ad.PostedAt, field(t, r, "posted_at")
			if has := len(got.Values) > 0; has && at.IsZero() == (got.Problem == "") || !has && !at.IsZero() {
				t.Errorf("%q: %s, %+v", value, at, got)
			}
			if !at.IsZero() && (at.Year() < 1990 || at.Year() > 9998 || at.Location() != time.UTC) {
				t.Errorf("%q: %s", value, at)
			}
		})
}

func FuzzPrice(f *testing.F) {
	fuzzField(f, "price", []string{"1 500 kr/time", "30 min 1000 / 1 t 1800", "årslønn 480-520 000", "€ 100 - € 150", "1500,-", "fra 200 kr", "1,5k", "70 m², 12 000 kr", "1'500 CHF", "50 тыс. руб. в месяц", "kr 1e400"},
		func(t *testing.T, value string, r adapter.Reading) {
			got := field(t, r, "price")
			if has := len(got.Values) > 0; has && (len(r.Ad.Prices) == 0) == (got.Problem == "") || len(r.Ad.Prices) > 200 {
				t.Errorf("%q: %v, %+v", value, r.Ad.Prices, got)
			}
			for _, p := range r.Ad.Prices {
				if p.Amount < 0 || p.Amount >= 1e12 || math.IsNaN(p.Amount) {
					t.Errorf("%q: %+v", value, p)
				}
				switch p.Per {
				case "", "hour", "half_hour", "quarter", "night", "day", "week", "month", "year", "piece":
				default:
					t.Errorf("%q: per %q", value, p.Per)
				}
			}
		})
}

func FuzzAge(f *testing.F) {
	fuzzField(f, "age", []string{"23", "23 år", "Age: 23", "20-25 år", "18+", "23 l.", "170 cm, 23 år"}, func(t *testing.T, value string, r adapter.Reading) {
		if got := field(t, r, "age"); len(got.Values) > 0 && (r.Ad.Age == 0) == (got.Problem == "") || r.Ad.Age < 0 || r.Ad.Age > 130 {
			t.Errorf("%q: %d, %+v", value, r.Ad.Age, got)
		}
	})
}

func FuzzPlace(f *testing.F) {
	fuzzField(f, "location", []string{"5003 Bergen", "Storgata 1, 5003 Bergen, Norge", "Sted: Bergen", "Bergen, Vestland", "00-950 Warszawa", "Город: Москва"}, func(t *testing.T, value string, r adapter.Reading) {
		got := field(t, r, "location")
		if len(got.Values) > 0 && (r.Ad.Location == "") == (got.Problem == "") || strings.ContainsAny(r.Ad.Location, "\n\r") || len(r.Ad.Location) > 500 {
			t.Errorf("%q: %q, %+v", value, r.Ad.Location, got)
		}
		if r.Ad.Location != "" && !strings.Contains(got.Values[0], r.Ad.Location) {
			t.Errorf("%q is not on the page: %q", r.Ad.Location, got.Values)
		}
	})
}

func FuzzPhones(f *testing.F) {
	fuzzField(f, "phones", []string{"Tlf: 900 00 001", "90000001 / 90000002", "tel:%2B4790000001", "https://wa.me/4790000001", "WhatsApp +47 900 00 001", "9OO OO OO1", "Vis nummer", "tel. kom. 600 000 001"}, func(t *testing.T, value string, r adapter.Reading) {
		digits := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) {
					return r
				}
				return -1
			}, s)
		}
		got := field(t, r, "phones")
		if len(got.Values) > 0 && len(r.Ad.Phones) == 0 && got.Problem == "" {
			t.Errorf("%q: nothing, and no problem", value)
		}
		for _, p := range r.Ad.Phones {
			if p == "" || strings.TrimSpace(p) != p || !utf8.ValidString(p) {
				t.Errorf("%q: phone %q", value, p)
			}
			if !strings.Contains(value, "%") && !strings.Contains(digits(got.Values[0]), digits(p)) {
				t.Errorf("%q: %q has digits that are not on the page", value, p)
			}
		}
	})
}

// FuzzJSON: what is broken is mended or named, and never becomes something else.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"title":"x"}`, `{"title":"x",}`, "{\"title\":\"a\nb\"}", `{/*x*/"title":"x"}`, `{"title":"it\'s"}`, `{&quot;title&quot;:&quot;x&quot;}`, `cb({"title":"x"});`, `{"title":"x"},{"title":"y"}`, `)]}',{"title":["a","b"]}`, `{"title":{"title":"x"}}`, `[{"title":7}]`, `{"title":1e400}`} {
		f.Add(s)
	}
	tg := spec(f, `{kind: json, list: {ads: "a[*].url", next: next}, ad_path: "(\\d+)", fields: {title: {selector: title}, text: {selector: "a[0].b[*].c", all: true}, price: {selector: price}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		r, _ := adapter.Read(page(body), tg)
		check(t, r)
		l, _ := adapter.List(page(body), tg)
		checkLinks(t, l)
		if r.Ad.Title != "" && !strings.Contains(body, "title") && !strings.Contains(body, `\u`) && !strings.Contains(body, "&") && !strings.ContainsRune(body, 0) {
			t.Errorf("%q has the title %q", body, r.Ad.Title)
		}
	})
}
