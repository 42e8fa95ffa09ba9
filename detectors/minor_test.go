package detectors_test

import (
	"slices"
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
		{ad.SexualServices, "Mia 16", "Ring meg", 0, "S04"},
		{ad.SexualServices, "Mia, 16", "Ring meg", 0, "S04"},
		{ad.SexualServices, "Ny i byen", "jente (17) tar imot", 0, "S04"},
		{ad.SexualServices, "Oslo, 16", "Ring meg", 0, ""},
		{ad.SexualServices, "Mia", "No clients under 18", 0, ""},
		{ad.SexualServices, "Mia", "18+ only. Under 18? Go away.", 0, ""},
		{ad.SexualServices, "Mia", "Not for anyone under 18! Do not contact if under 18.", 0, ""},
		{ad.SexualServices, "Mia", "Er du under 18? Ikke kontakt.", 0, ""},
		{ad.SexualServices, "Mia", "Personer under 18 avvises. Under 18 kan bare glemme det", 0, ""},
		{ad.SexualServices, "Mia", "No men under 18, no boys of 17 years", 0, ""},
		{ad.SexualServices, "Mia", "My dog is 15 years old. Whisky 16 years old. Bilen er 15 år gammel. mam syna 15 lat", 0, ""},
		{ad.SexualServices, "Mia", "Young girls under 18 for you", 0, "S04"},
		{ad.SexualServices, "Mia", "17 år tar imot gjester", 0, "S04"},
		{ad.SexualServices, "Mia", "Jeg er 17 år for menn", 0, "S04"},
		{ad.Job, "Nanny abroad", "Children from 14 years, gutt fra 15 år er sønnen vår", 0, ""},
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
		{ad.SexualServices, "Mia", "1️⃣7️⃣ years, 1 7 y o", 0, "S04"},
		{ad.Other, "Mia", "Jeg er 17 år, tilbyr sex og erotisk massasje", 0, "S04"},
		{ad.Other, "Anna", "мне 16 лет, интим", 0, "S04"},
		{ad.Other, "Mia", "I am 16, incall only", 0, "S04"},
		{ad.Other, "Toys", "Toys for 14 year olds. For a boy of 13 years.", 0, ""},
		{ad.Other, "Ford Escort", "16 years old, 15 år gammel, one owner", 0, ""},
		{ad.Other, "Konfirmasjonsdress", "Sønnen min er 15 år. Til gutt 14 år.", 0, ""},
		{ad.Other, "Barnevakt", "Jeg er 15 år og passer barn", 0, ""},
		{ad.Other, "Stolar", "Säljer sex stolar, 16 år gamla", 0, ""},
		{ad.Other, "Bøker", "Erotisk roman, 17 år gammel bok", 0, ""},
	} {
		f := find(t, d, ad.Sighting{Category: tt.category, Title: tt.title, Text: tt.text, Age: tt.age})
		var got []string
		for _, in := range f.Indicators {
			if in.Code == "S04" || in.Code == "J22" {
				got = append(got, in.Code)
				if in.Points != 0 || len(in.Evidence) == 0 || in.Evidence[0].Figure == nil && !strings.Contains(tt.text, "under 18") {
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

// A limit and a child must be told apart by who reads the quote.
func TestQuotesOnChildrenShowTheirWords(t *testing.T) {
	d := ready(t)
	long := strings.Repeat("ære vær så god ", 20)
	for _, tt := range []struct{ text, want string }{
		{"Velkommen. Det er fint her, og jeg er 17 år. Ring meg", "Velkommen. Det er fint her, og jeg er 17 år. Ring meg"},
		{long + "Det er jente under 18 her. Kom i dag. " + long, "god Det er jente under 18 her. Kom i dag. ære"},
	} {
		f := find(t, d, ad.Sighting{Category: ad.SexualServices, Title: "Hei", Text: tt.text})
		found := false
		for _, in := range f.Indicators {
			for _, e := range in.Evidence {
				if in.Code == "S04" {
					found = true
					if !strings.Contains(e.Quote, tt.want) || tt.text[e.Start:e.End] != e.Quote || len(e.Quote) > len(tt.want)+120 {
						t.Errorf("quote %q at %d, want the words around: %q", e.Quote, e.Start, tt.want)
					}
				}
			}
		}
		if !found {
			t.Errorf("%q: no S04", tt.text)
		}
	}
}

// Limits for clients, and years of what is nobody who offers, as people write them.
func TestLimitsAreNoChildren(t *testing.T) {
	d := ready(t)
	for _, in := range []string{
		"No clients under 18",
		"No one under 18",
		"Nobody under 18",
		"No one under the age of 18",
		"18+, under 18 don't call",
		"Under 18s need not contact me",
		"Not available for under 18",
		"I do not see anyone under 18.",
		"Must not be under 18",
		"You can't be under 18",
		"Sorry, no under 18",
		"Ingen under 18 år",
		"Personer under 18 avvises",
		"Er du under 18? Ikke kontakt.",
		"Du som er under 18, ikke ring",
		"Do not contact if under 18",
		"Not under 18",
		"No guys under 20",
		"Not for anyone under 18!",
		"No under 18s",
		"Under 18 not allowed",
		"Under 18? no thanks",
		"If you are under 18 leave now",
		"I don't meet people under 18",
		"nobody below 18 please",
		"Ikke ring om du er under 18",
		"er du under 18 så ikke ring",
		"Jeg tar ikke imot gutter under 18",
		"Ingen under 18",
		"Ikke under 18 takk",
		"Under 18 kan bare glemme det",
		"Aldersgrense 16 år på hotellet",
		"Du som er under 18: ikke kontakt meg",
		"Kontakta mig inte om du är under 18",
		"Jeśli masz mniej niż 18 lat nie dzwoń",
		"Если тебе нет 18, не звони",
		"Якщо тобі менше 18 — не дзвони",
		"si tienes menos de 18 no llames",
		"dacă ai sub 18 ani nu suna",
		"jei tau mažiau nei 18, neskambink",
		"I am not underage, I am 28",
		"no underage, no drugs",
		"I have a 16 year old son so no calls at night",
		"My dog is 15 years old",
		"Jeg har en sønn på 15 år",
		"min datter er 16 år, derfor bare dagtid",
		"mam syna 15 lat",
		"у меня сын 15 лет",
		"15 years experience in massage",
		"15 år erfaring",
		"apartment is 12 years old",
		"bilen er 15 år gammel",
		"Whisky 16 years old included",
		"Open since 17 years",
		"Guests from 18 to 80",
		"Minors are strictly prohibited",
		"no minors",
		"This site is for adults; minors must leave",
		"The girl next door, 17 minutes from the airport",
		"from 16 to 22",
		"16-22",
		"kl. 16, 17 eller 18",
		"Gäster under 18 år undanbedes",
		"Er du mand under 18, så ring ikke",
		"Men under 18 not welcome",
		"Brak osób poniżej 18 lat",
		"Мужчинам до 18 лет не звонить",
		"девушки и парни до 18 лет не принимаются",
		"No girls under 18 here",
		"Chicos menores de edad no llamar",
		"Only for men from 18, not younger than 17 years",
		"Guests of 17 years are not welcome",
		"Gutter på 17 år, ikke kontakt meg",
		"Hotel Opera, 16",
		"Oslo 16, Bergen 17",
		"Massage 16",
		"Privat leilighet i Storgata 16",
		"Моей дочери 16 лет, поэтому по вечерам не звоните.",
		"моєму синові 15 років",
		"моїй доньці 16 років",
		"mano dukrai 16 metų",
		"Min datter er bare 16",
		"meine Tochter ist erst 16",
		"Min datter er 🌸 16 🌸 år",
		"My dog is 🌸 15 years",
		"ich bin 15 Minuten entfernt",
		"ich bin 16 Jahre im Geschäft",
		"she is 16 minutes away",
		"jeg er bare 16 minutter unna",
		"Only over 17",
		"mein sechzehnjähriger Sohn wohnt hier",
		"пятнадцатилетний опыт",
		"15-jährige Tradition",
		"mit 15-jähriger Routine",
		"15-летняя история салона",
		"15-річна репутація",
		"femtonårig tradition",
		"salongen har nettopp fylt 15",
		"our studio just turned 15",
		"fiesta de quinceañera",
		"sie ist erst 15 Uhr frei",
		"hun er 16 mil unna",
		"Massagen für 16-jährige nur in Begleitung der Eltern",
		"Går på videregående om kveldene, er 34",
	} {
		for _, title := range []string{"Mia", ""} {
			f := find(t, d, ad.Sighting{Category: ad.SexualServices, Title: title, Text: in})
			for _, found := range f.Indicators {
				if found.Code == "S04" {
					t.Errorf("%q: a child is seen in %+v", in, found.Evidence)
				}
			}
		}
	}
}

// Ages of children in words, with signs between and behind "only", in the languages of the ads.
func TestChildrenInOtherWords(t *testing.T) {
	d := ready(t)
	for _, in := range []string{
		"she is only 16", "she is 16", "hun er bare 17", "jeg er kun 16", "hon är bara 17", "sie ist erst 16", "ich bin 16", "ей 16", "мне только 17", "їй лише 16", "I am only 16 and new",
		"16 🌸 år", "jeg 🌸 er 🌸 16", "girl🌸sixteen🌸years🌸old", "hun ❤️ er ❤️ femten", "mindreårig 🌸 jente", "мне 🌸 16 🌸 лет",
		"šešiolikos metų mergina", "šešiolikmetė", "szesnastolatka", "16-latka", "шестнадцатилетняя", "шістнадцятирічна", "sechzehnjährige", "sextonåring", "sekstenårig pige", "chica de dieciséis años",
		"abia am împlinit 17 ani", "nettopp fylt 17", "I just turned 17", "sweet sixteen",
	} {
		f := find(t, d, ad.Sighting{Category: ad.SexualServices, Title: "Kontakt", Text: in})
		if !slices.ContainsFunc(f.Indicators, func(i ad.Indicator) bool { return i.Code == "S04" }) {
			t.Errorf("%q: no child is seen", in)
		}
	}
}
