package detectors_test

import (
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/testkit"
)

func TestMinorsByNumber(t *testing.T) {
	d, cat := ready(t), testkit.Catalogue(t)
	for _, tt := range []struct {
		category    ad.Category
		title, text string
		age         int
		want        string
	}{
		{ad.SexualServices, "Mia", "Hei", 17, "S04"},
		{ad.SexualServices, "Mia", "Jeg er 17 år og bor i Bergen", 0, "S04"},
		{ad.SexualServices, "Mia (16)", "Ring meg", 0, "S04"},
		{ad.Massage, "Massage", "born in 2010, relaxing massage", 0, "S04"},
		{ad.SexualServices, "Anna", "мне 16 лет", 0, "S04"},
		{ad.SexualServices, "Anna", "mam 17 lat", 0, "S04"},
		{ad.SexualServices, "Mia", "Jeg er 18 år", 0, ""},
		{ad.SexualServices, "Mia", "Hei", 18, ""},
		{ad.SexualServices, "Mia", "18+ only, over 18 only. Kun voksne over 18 år.", 22, ""},
		{ad.SexualServices, "Mia", "18 år erfaring", 0, ""},
		{ad.Massage, "Massasje", "15 års erfaring. Salongen er 15 år gammel. 16 år i bransjen. Klienter fra 16 år med foresatte?", 0, ""},
		{ad.SexualServices, "Mia", "født 2008", 0, ""}, // of age in the year of the ad, perhaps not yet: not certain
		{ad.SexualServices, "Mia", "født 2009", 0, "S04"},
		{ad.SexualServices, "Mia", "Jeg har en sønn på 14 år", 0, ""},
		{ad.SexualServices, "Mia", "Ledig kl 17, pris 1500 kr, 17 min fra stasjonen", 0, ""},
		{ad.Job, "Hostess abroad", "Girls from 16 years. Apartment is paid.", 0, "J22"},
		{ad.Job, "Modell søkes", "Du må være minst 15 år. Reise til utlandet.", 0, "J22"},
		{ad.Job, "Praca za granicą", "Dziewczyny od 16 lat, zakwaterowanie", 0, "J22"},
		{ad.Job, "Работа за границей", "Девушки от 16 лет, хостес", 0, "J22"},
		{ad.Housing, "Gratis rom", "Gratis rom til jente fra 16 år", 0, "J22"},
		{ad.Job, "Sommerjobb i kiosk", "Passer for ungdom fra 16 år.", 0, ""},
		{ad.Job, "Avisbud", "Du må ha fylt 15 år.", 0, ""},
		{ad.Job, "Modellbygger", "Bedriften har vært 16 år i bransjen.", 0, ""},
		{ad.Job, "Dancer", "Over 18 years only. 16 years of experience.", 0, ""},
		{ad.Job, "Java Architect", "Minimum 14 years of progressive IT experience with data models. From 15 years experience in model design. At least 14 years in Java models.", 0, ""},
		{ad.Job, "Models wanted", "You are at least 16 years old. Travel abroad.", 0, "J22"},
		{ad.Housing, "Hybel", "Hybel til leie for elev, fra 16 år.", 0, ""},
	} {
		f := find(t, d, ad.Sighting{Category: tt.category, Title: tt.title, Text: tt.text, Age: tt.age})
		var got []string
		for _, in := range f.Indicators {
			if in.Code == "S04" || in.Code == "J22" {
				got = append(got, in.Code)
				if in.Points != 0 || len(in.Evidence) == 0 || in.Evidence[0].Figure == nil {
					t.Errorf("%q: %+v", tt.text, in)
				}
			}
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s %q: got %q, want %q", tt.category, tt.text, g, tt.want)
		}
		if tt.want != "" && cat.Score(f.Indicators).Score != cat.Score(f.Indicators[:0]).Score && len(f.Indicators) == 1 {
			t.Errorf("%q: a child is scored", tt.text)
		}
	}
}
