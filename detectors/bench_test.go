package detectors

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"varde/configs"
	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/text"
)

// hundredWords is an ordinary ad of a hundred words: a phone, two prices, an age, hours and a place, and nothing else to find.
const hundredWords = "Hei! Jeg er Anna, 27 år, og her til søndag. Jeg tar imot i egen leilighet nær sentrum av Bergen, i rolige omgivelser med egen inngang. " +
	"Ring eller send melding på 412 34 567 mellom 10.00 og 20.00, så avtaler vi tid. Kun hyggelige menn, skjulte nummer besvares ikke. " +
	"Prisene er 1500 kr for en halv time og 2500 kr for en hel time. Alltid kondom, det er ikke noe å diskutere. " +
	"Jeg liker gode samtaler, lange turer i fjellet og kaffe på en stille kafé når det regner ute. " +
	"Fortell litt om deg selv når du skriver første gang, da føler jeg meg trygg og vet hvem som kommer. Velkommen til meg i byen mellom fjellene."

// extractors are the detectors that read identifiers and values from the text, beside the values that are read once for all; the others
// judge, sign or tell the language.
var extractors = []string{"phone", "contact", "payment", "address", "claim"}

// BenchmarkExtract measures all text extraction of an ad of a hundred words on one core, the preparation of the text included; each detector
// by itself; and the whole finding.
func BenchmarkExtract(b *testing.B) {
	data, err := os.ReadFile("../configs/indicators.yaml")
	if err != nil {
		b.Fatal(err)
	}
	catalogue, err := indicator.Load("indicators.yaml", data)
	if err != nil {
		b.Fatal(err)
	}
	d, err := New(Config{Catalogue: catalogue, Files: configs.FS, Region: "NO"})
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	s := &ad.Sighting{Site: "a.example", AdID: "1", SeenAt: time.Date(2026, 10, 4, 12, 0, 0, 0, time.UTC), Category: ad.SexualServices, Title: "Anna i Bergen", Text: hundredWords}
	prepare := func() *Input { return &Input{Sighting: s, Title: text.Read(s.Title), Text: text.Read(s.Text)} }
	b.Run("text", func(b *testing.B) {
		for b.Loop() {
			prepare()
		}
		perSecond(b)
	})
	b.Run("values", func(b *testing.B) {
		in := prepare()
		for b.Loop() {
			d.values(in)
		}
	})
	b.Run("extraction", func(b *testing.B) {
		for b.Loop() {
			in := prepare()
			in.Values = d.values(in)
			for _, one := range d.list {
				if !slices.Contains(extractors, one.Name()) {
					continue
				}
				if _, err := one.Detect(ctx, in); err != nil {
					b.Fatal(err)
				}
			}
		}
		perSecond(b)
	})
	b.Run("finding", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.Find(ctx, s); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
	for _, one := range d.list {
		b.Run("detector="+one.Name(), func(b *testing.B) {
			in := prepare()
			in.Values = d.values(in)
			for b.Loop() {
				if _, err := one.Detect(ctx, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func perSecond(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ads/s") }
