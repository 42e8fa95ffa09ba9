package detectors_test

import (
	"strings"
	"testing"

	"varde/internal/ad"
)

// TestPhrasesAreReadThroughOrnaments: signs that decorate stand between the words of a phrase and hide nothing; a denial right before one
// still denies, and one before another item of a decorated list does not.
func TestPhrasesAreReadThroughOrnaments(t *testing.T) {
	d := ready(t)
	for in, want := range map[string]string{
		"New 💋 girls 💋 every 💋 week":        "S09",
		"Nye💋jenter💋hver💋uke":               "S09",
		"**New** girls ~ every ❤️ week":     "S09",
		"новые ⭐ девочки ⭐ каждую ⭐ неделю": "S09",
		"ask 💋 my 💋 manager":                "S10",
		"ask 🇵🇱 my Polish 🇵🇱 manager":       "S10",
		"✅ no 🚫 limits 🚫":                   "S11",
		"no stress 💋 bareback":              "S11",
		"ingen krav 💋 ubeskyttet":           "S11",
		"NO ❌ BAREBACK":                     "",
		"ikke 💋 ubeskyttet":                 "",
		"never 🌸 without 🌸 condom":          "",
		"I am new 💋 girls, every week trip": "",
	} {
		f := find(t, d, ad.Sighting{Category: ad.SexualServices, Title: "Kontakt", Text: in})
		var got []string
		for _, i := range f.Indicators {
			got = append(got, i.Code)
			if q := i.Evidence[0].Quote; !strings.Contains(in, q) || q == "" {
				t.Errorf("%q: quote %q", in, q)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %q", in, got, want)
		}
	}
}
