package detectors_test

import (
	"strings"
	"testing"

	"varde/internal/ad"
)

// BenchmarkLargeAd reads ads of a megabyte of what looks like the beginning of something a detector knows, over and over: each must take less
// than a second.
func BenchmarkLargeAd(b *testing.B) {
	d := ready(b)
	for _, c := range []struct {
		name, of string
		n        int
	}{
		{"words", "one two ", 125_000}, {"mail and codes", "a@b.c +47 ", 100_000}, {"prices", "kr 1 ", 200_000}, {"digits", "4 1 ", 250_000}, {"names", "I am Mia, ", 100_000}, {"spaced mail", "a @ ", 250_000},
		{"phones", "tlf 600-700-800 ", 60_000},
	} {
		for _, category := range []ad.Category{ad.SexualServices, ad.Job} {
			s := ad.Sighting{Site: "a.example", AdID: "1", SeenAt: seen, Category: category, Title: "Mia", Text: strings.Repeat(c.of, c.n)}
			b.Run(c.name+" "+string(category), func(b *testing.B) {
				for b.Loop() {
					if _, err := d.Find(b.Context(), &s); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
