package network_test

import (
	"fmt"
	"testing"

	"varde/configs"
	"varde/detectors"
	"varde/internal/ad"
	"varde/internal/network"
	"varde/internal/testkit"
)

// TestNamesInTheText: ads of one phone that name nobody in a field present as many persons as their titles and texts name; an advertiser's
// name wins over them, and words for where somebody is from are no names.
func TestNamesInTheText(t *testing.T) {
	for name, c := range map[string]struct {
		titles, texts [4]string
		advertiser    string
		several       bool
	}{
		"titles":      {titles: [4]string{"Bea, 22", "Cleo, 23", "Dina, 24", "Ema, 23"}, several: true},
		"with places": {titles: [4]string{"Bea i Oslo", "Mia i Oslo", "Dina i Oslo", "Ema i Oslo"}, several: true},
		"texts":       {texts: [4]string{"Jeg heter Bea.", "My name is Cleo.", "Jestem Dina, 24 lata", "Меня зовут Ева"}, several: true},
		"one person":  {texts: [4]string{"Jeg heter Bea.", "My name is Bea.", "Jestem Bea, 24 lata", "Me llamo Bea"}},
		"the field":   {titles: [4]string{"Bea, 22", "Cleo, 23", "Dina, 24", "Ema, 23"}, advertiser: "mia"},
		"peoples":     {titles: [4]string{"Thai, 22", "Russian, 23", "Latina, 24", "Polka, 23"}, texts: [4]string{"I am Thai, 22", "I am Russian, 23", "Soy Latina, 24", "Jestem Polka, 23"}},
	} {
		t.Run(name, func(t *testing.T) {
			cat := testkit.Catalogue(t)
			d, err := detectors.New(detectors.Config{Catalogue: cat, Files: configs.FS, Region: "NO"})
			if err != nil {
				t.Fatal(err)
			}
			l, err := network.Open("", network.Config{HubAds: 100, HubPhones: 5, TextSimilarity: .7, Boilerplate: 0.1, BoilerplateAds: 40, SplitAds: 24, Bridge: 0.6, PictureDistance: 7}, cat)
			if err != nil {
				t.Fatal(err)
			}
			var found []ad.Finding
			for i := range 4 {
				f, err := d.Find(t.Context(), &ad.Sighting{Site: "a.example", AdID: fmt.Sprint(i), SeenAt: start, Category: ad.SexualServices, Title: c.titles[i], Text: c.texts[i] + " Ring 412 34 567", Advertiser: c.advertiser})
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, f)
			}
			u, err := l.Link(t.Context(), found, start)
			if err != nil {
				t.Fatal(err)
			}
			got := false
			for _, s := range u.Standings {
				for _, in := range s.Indicators {
					got = got || in.Code == "N01"
				}
			}
			if got != c.several {
				t.Errorf("N01 %v, want %v", got, c.several)
			}
		})
	}
}
