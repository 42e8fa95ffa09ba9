package console_test

import (
	"testing"

	"varde/internal/ad"
)

// TestVersionsSayWhatChanged: each version after the first names what differs from the one before it; short values as they were and are.
func TestVersionsSayWhatChanged(t *testing.T) {
	r := fill()
	first := ringAd(0).Finding
	base := first.Sighting
	p := open(t, r, nil).signedIn(t)
	kinds := []struct {
		name   string
		change func(f *ad.Finding)
		want   string
	}{
		{"title", func(f *ad.Finding) { f.Sighting.Title = "Ny tittel" }, "Endret: Tittel"},
		{"text", func(f *ad.Finding) { f.Sighting.Text = "Noe annet." }, "Endret: Tekst"},
		{"price", func(f *ad.Finding) { f.Sighting.Prices = []ad.Price{{Amount: 1200, Currency: "NOK", Per: "hour"}} }, "Endret: Pris: 800 kr per halvtime → 1 200 kr per time"},
		{"phone", func(f *ad.Finding) { f.Sighting.Phones = []string{"900 00 001"} }, "Endret: Telefon: 412 34 567 → 900 00 001"},
		{"contact", func(f *ad.Finding) { f.Sighting.Contacts = []string{"telegram:@ny"} }, "Endret: Kontakt"},
		{"place", func(f *ad.Finding) { f.Sighting.Location = "Oslo" }, "Endret: Sted: Bergen → Oslo"},
		{"no age", func(f *ad.Finding) { f.Sighting.Age = 0 }, "Endret: Oppgitt alder: 22 → Ikke oppgitt"},
		{"pictures", func(f *ad.Finding) { f.Sighting.Pictures = nil }, "Endret: Bilder"},
		{"advertiser", func(f *ad.Finding) { f.Sighting.Advertiser = "Emma" }, "Endret: Annonsør"},
		{"category", func(f *ad.Finding) { f.Sighting.Category = ad.Massage }, "Endret: Kategori"},
		{"two", func(f *ad.Finding) { f.Sighting.Text, f.Sighting.Age = "Kort.", 19 }, "Endret: Tekst · Oppgitt alder: 22 → 19"},
	}
	for _, tt := range kinds {
		t.Run(tt.name, func(t *testing.T) {
			later := first
			later.Sighting = base
			tt.change(&later)
			later.Sighting.SeenAt = day(9)
			a := r.ads[base.Key()]
			a.Finding = later
			r.ads[a.Key], r.versions[a.Key] = a, []ad.Finding{later, first}
			page := p.page("/ad?key=nordmarked.example%2F84312")
			page.Has(".versions li:first-child .changes", tt.want)
			if n := page.Count(".versions li:last-child .changes"); n != 0 {
				t.Errorf("the first version differs from something: %d", n)
			}
		})
	}
}
