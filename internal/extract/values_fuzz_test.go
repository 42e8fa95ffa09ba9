package extract_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"varde/internal/ad"
	"varde/internal/extract"
	"varde/internal/text"
)

// ordinary is an ad of about a hundred words, as people write them.
const ordinary = "Hei! Jeg er Anna, 27 år, ny i byen og her til søndag. Jeg tar imot i egen leilighet nær sentrum av Bergen, fem minutter fra Bystasjonen. " +
	"Ring eller send melding på 412 34 567, helst mellom 10.00 og 22.00. Kun hyggelige menn over 25 år, skjulte nummer besvares ikke. " +
	"30 min 1000 kr / 1 time 1500 kr / natt 6000 kr. Alltid kondom, og alltid tid til en kopp kaffe først. Jeg liker god samtale, lange turer i fjellet og musikk. " +
	"Min venninne Eva er her også, så vi er to. Vi reiser videre til Stavanger på mandag og er tilbake i Oslo i november. Ha en fin dag, og velkommen skal du være!"

// hostileValues are texts that make a careless reader slow.
func hostileValues() map[string]string {
	out := map[string]string{}
	for _, unit := range []string{"1 ", "1.", "100 ", "1000 kr ", "1-", "kr ", "per ", "30 min ", "24/", "fra 10 til ", "født ", "25 år ", "mo i ", "to ", "$", "k", "1k", "a1", "half an ", "twenty ", "mellom 10 og ", "\n1", "(1", "16+", "timer i ", "vi er to "} {
		out[unit] = strings.Repeat(unit, 1<<20/len(unit))
	}
	return out
}

// valid checks what every value promises.
func valid(t *testing.T, in string, v ad.Value) {
	t.Helper()
	if e := v.Evidence; e.Start < 0 || e.Start >= e.End || e.End > len(in) || in[e.Start:e.End] != e.Quote {
		t.Fatalf("%+v is not what stands in %q", v, in)
	}
	if v.Kind != ad.PlaceValue && (v.Number < 0 || v.Number > 1e14 || v.To != 0 && v.To <= v.Number && v.Kind != ad.AvailableValue) {
		t.Fatalf("%+v is no value", v)
	}
}

func fuzzKind(f *testing.F, kind ad.ValueKind, category ad.Category, seeds ...string) {
	for _, s := range append(seeds, ordinary) {
		f.Add(s, "NO")
	}
	f.Fuzz(func(t *testing.T, in, country string) {
		about := extract.About{Category: category, Country: country, At: posted}
		one, two := extract.Values(text.Read(in), about), extract.Values(text.Read(in), about)
		a, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := json.Marshal(two); utf8.ValidString(in) && string(a) != string(b) {
			t.Fatalf("read twice, %q gives %s and %s", in, a, b)
		}
		for _, v := range one {
			if v.Kind == kind {
				valid(t, in, v)
			}
		}
	})
}

func FuzzPrices(f *testing.F) {
	fuzzKind(f, ad.PriceValue, ad.Job, "30 min 1000 / 1 t 1500 / natt 6000", "35 000–40 000 kr i mnd", "$1,500+ weekly", "between 200 and 250 kr/t", "£25k per annum", "1,5k", "US$ 4,000/mo")
}

func FuzzAges(f *testing.F) {
	fuzzKind(f, ad.AgeValue, ad.SexualServices, "jeg er 25 år", "twenty-four years old", "Mia (24)", "født 1998", "18+", "Jenter 20-25 år", "am 22 de ani")
}

func FuzzPersons(f *testing.F) {
	fuzzKind(f, ad.PersonsValue, ad.SexualServices, "2-3 nye jenter", "vi er to.", "две девушки")
}

func FuzzAvailable(f *testing.F) {
	fuzzKind(f, ad.AvailableValue, ad.SexualServices, "10.00-22.00", "24/7", "fra 10 til 22", "10am to 10pm", "mellom 10.00 og 20.00")
}

func FuzzWork(f *testing.F) {
	fuzzKind(f, ad.WorkValue, ad.Job, "10-12 timer per dag", "37,5 timer i uken", "40h/week", "no days off")
}

func FuzzYoungLimits(f *testing.F) {
	for _, s := range []string{"fra 16 år", "16+ år", "16 til 18 år", "at least 16 years old", "de la 16 ani"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, v := range extract.YoungLimits(text.Read(in)) {
			valid(t, in, v)
			if v.Number >= 18 {
				t.Fatalf("%+v of %q is nobody under age", v, in)
			}
		}
	})
}

func FuzzPlaces(f *testing.F) {
	p := places(f)
	for _, s := range []string{"i Mo i Rana", "OSLO", "i Ås", "в Бергене", "Nykøbing Falster", "Oslos"} {
		f.Add(s, "NO")
	}
	f.Fuzz(func(t *testing.T, in, country string) {
		d := text.Read(in)
		for _, v := range append(p.Find(d, country), p.Field(d, country)...) {
			valid(t, in, v)
			if v.Name == "" {
				t.Fatalf("%q names a place without a name", in)
			}
		}
	})
}

// BenchmarkHostileValues: no text of a megabyte may take a second.
func BenchmarkHostileValues(b *testing.B) {
	p := places(b)
	for unit, in := range hostileValues() {
		d := text.Read(in)
		b.Run(strings.TrimSpace(unit), func(b *testing.B) {
			for b.Loop() {
				extract.Values(d, extract.About{Category: ad.SexualServices, At: posted})
				extract.YoungLimits(d)
				p.Find(d, "NO")
			}
		})
	}
}

func BenchmarkValues(b *testing.B) {
	d := text.Read(ordinary)
	about := extract.About{Category: ad.SexualServices, Country: "NO", At: posted}
	b.ReportAllocs()
	for b.Loop() {
		extract.Values(d, about)
	}
}

func BenchmarkPlaces(b *testing.B) {
	d, p := text.Read(ordinary), places(b)
	b.ReportAllocs()
	for b.Loop() {
		p.Find(d, "NO")
	}
}
