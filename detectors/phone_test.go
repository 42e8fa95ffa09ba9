package detectors_test

import (
	"strings"
	"testing"

	"varde/internal/ad"
)

// TestObscuredPhones: S01 is for a number that a search would miss on purpose, not for how a site or a person spaces digits.
func TestObscuredPhones(t *testing.T) {
	d := ready(t)
	for _, tt := range []struct {
		name string
		in   ad.Sighting
		want string // the quotes of S01
	}{
		{name: "words", in: ad.Sighting{Text: "Ring fire en to tre fire fem seks sju nå"}, want: "fire en to tre fire fem seks sju"},
		{name: "hearts", in: ad.Sighting{Text: "Ring 41❤23❤45❤67 nå"}, want: "41❤23❤45❤67"},
		{name: "over title and text", in: ad.Sighting{Title: "Mia 412", Text: "34 567 hele dagen"}, want: "412 | 34 567"},
		{name: "ordinary signs", in: ad.Sighting{Text: "Ring (+47) 412-34-567, 41.23.45.67 eller 41234567"}},
		{name: "spaced in a phone field", in: ad.Sighting{Phones: []string{"tlf 4 1 2 3 4 5 6 7"}}},
		{name: "words in a phone field", in: ad.Sighting{Phones: []string{"fire en to tre fire fem seks sju"}}, want: "fire en to tre fire fem seks sju"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.Category = ad.SexualServices
			var quotes []string
			for _, i := range find(t, d, tt.in).Indicators {
				if i.Code == "S01" {
					for _, e := range i.Evidence {
						quotes = append(quotes, e.Quote)
					}
				}
			}
			if got := strings.Join(quotes, " | "); got != tt.want {
				t.Errorf("S01 on %q, want %q", got, tt.want)
			}
		})
	}
}
