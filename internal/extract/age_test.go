package extract_test

import (
	"testing"

	"varde/internal/ad"
	"varde/internal/extract"
)

var escort = extract.About{Category: ad.SexualServices}

func TestAges(t *testing.T) {
	check(t, ad.AgeValue, escort, [][2]string{
		{"Hei, jeg er 25 år", "25"}, {"Jeg er Anna, 27 år, ny i byen", "27"}, {"27-åring i Bergen", "27"}, {"25 år gammel", "25"}, {"Mia 24 år, 168 cm", "24"}, {"Mia (24) i Oslo", "24"},
		{"Jeg er 24.", "24"}, {"eg er 31 og bur i Voss", "31"}, {"Alder: 23", "23"}, {"tjuefem år gammel", "25"}, {"Jenter 20-25 år", "20-25"}, {"født i 1998", "28"}, {"Mia (17)", "17"},
		{"22 y.o. student", "22"}, {"I am 24", "24"}, {"I'm 34, well educated", "34"}, {"24 years old", "24"}, {"twenty-four years old", "24"}, {"twenty two years old", "22"}, {"Age 29", "29"}, {"I am 17", "17"}, {"born in 2010", "16"}, {"22yo", "22"}, {"sixteen years old", "16"},
		{"jag är 26 år", "26"}, {"26-årig tjej", "26"}, {"Ålder: 30", "30"},
		{"mam 25 lat", "25"}, {"Mam 25", "25"}, {"wiek 22", "22"}, {"dwadzieścia pięć lat", "25"},
		{"am 22 de ani", "22"}, {"22 ani", "22"}, {"vârsta 24", "24"},
		{"мне 23 года", "23"}, {"мне 23", "23"}, {"Анна, 25 лет", "25"}, {"мені 23 роки", "23"}, {"двадцать пять лет", "25"},
		{"man 24 metai", "24"}, {"24 metų", "24"}, {"tengo 24 años", "24"}, {"tengo 24", "24"}, {"veinticinco años", "25"},
		{"Mia 16", "16"}, {"Mia, 16", "16"}, {"jente (17)", "17"}, {"Jente 17", "17"}, {"young girl 17", "17"}, {"nastolatka 16", "16"}, {"Mia 16, Oslo", "16"}, {"Jeg heter Mia, 17", "17"}, {"girl, 15", "15"}, {"Anna, 16 лет", "16"}, {"девушка 17", "17"},
		{"I have a cat and I am 16 years old", "16"}, {"16 år gammel jente med katt", "16"}, {"Ikke hund. Mia 17 år", "17"}, {"no condom 17 years old", "17"}, {"she is 16 years old and has a dog", "16"},
		{"1 7 y o", "17"}, {"1 6 yo", "16"}, {"jeg er 1 7 år", "17"}, {"1  5 years old", "15"}, {"1️⃣7️⃣ years", "17"}, {"I'm 1️⃣6️⃣ years old", "16"}, {"мне 1 7 лет", "17"},
	})
}

func TestNoAges(t *testing.T) {
	for _, in := range []string{
		"18+", "kun over 18 år", "only over 18", "18 years or older", "you must be at least 21 years", "minst 20 år", "du må være fylt 18 år", "menn over 30 år", "klienter fra 25 år", "bare for menn 40-60 år",
		"25 år erfaring", "25 years of experience", "20 års erfaring i bransjen", "20 лет опыта", "15 lat doświadczenia", "de siste 20 år", "i 20 år har jeg drevet salong", "for 20 years", "20 years in the business", "18 år erfaring",
		"åpent 10-22", "kl 18.00", "I am 168 cm", "jeg er 60 kg", "24 timer", "24/7", "15 minutter", "500 kr", "Ring 22 33 44 55", "jeg har en datter på 14 år", "my 15 year old son", "20 %", "10.00-20.00", "Vika 24", "18-20 cm",
		"My dog is 15 years old", "14 year old cat", "Whisky 16 years old", "bilen er 15 år gammel", "mam syna 15 lat", "min 16 år gamle hund", "a 15 years old whisky", "mam córkę 16 lat", "у меня сын 15 лет", "tengo un hijo de 15 años", "huset er 17 år gammelt", "my cat is 16 years old, I am kind",
		"If you are 16 years old, leave", "er du 17 år, ikke ring", "No boys 17 years", "I don't see anyone of 17 years", "jeg tar ikke kunder på 17 år", "jeśli masz 16 lat", "no clients under 16 years", "Clients under 17 years are turned away",
		"Storgata 16", "Mia, 16-22", "Mia 16:00", "Mia, 16.00-22.00", "Mia 16. mai", "Mia 16 May", "Mia 15 min", "Mia 15 cm", "Mia, 15 euro", "Room 16", "Rom 16", "Kl 16", "Mandag 16", "Size 16", "Bilder (17)", "Mia 16+", "girls 16-20", "Mia, 16 til 22", "girl 16:30", "Ring Mia 16 til 20", "Mia 16 kg", "Mia 16 %", "iPhone 16", "Mia, 16, 17 og 18 mai",
		"1.7 years", "1 7 år erfaring", "Ring 9 1 2 3 4 1 7 years", "from 1 to 7 years", "1 7 km", "1 8 yo", "min sønn på 1 7 år", "1 7 5 cm",
		"siden 1998", "2008", "only gentlemen 35+", "20-25 menn", "от 18 лет", "od 18 lat", "de la 18 ani", "desde 18 años", "nuo 18 metų", "am 20 minute", "leieperiode 15 år", "bilder (17)", "Foto: Se bilder (17)",
	} {
		if got := read(t, in, ad.AgeValue, escort); got != "" {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestJobsStateNoAges(t *testing.T) {
	if got := read(t, "Firmaet er 25 år gammelt", ad.AgeValue, extract.About{Category: ad.Job}); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestPersons(t *testing.T) {
	check(t, ad.PersonsValue, escort, [][2]string{
		{"2 girls in town", "2"}, {"to jenter", "2"}, {"tre venninner på tur", "3"}, {"Vi er to.", "2"}, {"2-3 nye jenter", "2-3"}, {"three hot young ladies", "3"}, {"two guys", "2"}, {"to gutter", "2"},
		{"dwie dziewczyny", "2"}, {"две девушки", "2"}, {"три подруги", "3"}, {"дві дівчини", "2"}, {"două fete", "2"}, {"dos chicas", "2"}, {"dvi merginos", "2"}, {"två tjejer", "2"}, {"to piger", "2"},
		{"for to menn", ""}, {"2 hours with girls", ""}, {"2 min from the girls", ""}, {"vi er to minutter unna", ""}, {"412 34 567 jenter", ""}, {"one girl", ""}, {"Ring 22 girls", ""}, {"2.5 women", ""},
	})
}

func TestAvailable(t *testing.T) {
	check(t, ad.AvailableValue, escort, [][2]string{
		{"24/7", "0-1440"}, {"døgnet rundt", "0-1440"}, {"day and night", "0-1440"}, {"24 timer", "0-1440"}, {"круглосуточно", "0-1440"}, {"цілодобово", "0-1440"}, {"całą dobę", "0-1440"}, {"zi și noapte", "0-1440"},
		{"visą parą", "0-1440"}, {"24 horas", "0-1440"}, {"dygnet runt", "0-1440"}, {"non-stop", "0-1440"}, {"24h", "0-1440"},
		{"10.00-22.00", "600-1320"}, {"mellom 10.00 og 20.00", "600-1200"}, {"kl 10-22", "600-1320"}, {"fra 10 til 22", "600-1320"}, {"from 10am to 10pm", "600-1320"}, {"10:30 – 23:00", "630-1380"}, {"с 10 до 22", "600-1320"},
		{"od 10 do 22", "600-1320"}, {"de 10 a 22", "600-1320"}, {"nuo 10 iki 22", "600-1320"}, {"åpent 12-02", "720-120"},
		{"10-22", ""}, {"fra 18 til 25 år", ""}, {"4.10-9.10", ""}, {"fra 10 til 20 euro", ""}, {"kr 10.00-22.00,-", ""}, {"24.10.2026", ""}, {"412 24 700", ""}, {"from 2 to 5 girls", ""},
	})
}

func TestWork(t *testing.T) {
	check(t, ad.WorkValue, extract.About{Category: ad.Job}, [][2]string{
		{"60 timer i uken", "60 hours/week"}, {"37,5 timer i uken", "37.5 hours/week"}, {"12 hours a day", "12 hours/day"}, {"7 days a week", "7 days/week"}, {"ingen fridager", "7 days/week"}, {"10-12 timer per dag", "10-12 hours/day"},
		{"40h/week", "40 hours/week"}, {"40-50 hours per week", "40-50 hours/week"}, {"seven days a week", "7 days/week"}, {"40 timmar i veckan", "40 hours/week"}, {"12 timer om dagen", "12 hours/day"}, {"12 timer i døgnet", "12 hours/day"},
		{"60 godzin tygodniowo", "60 hours/week"}, {"7 dni w tygodniu", "7 days/week"}, {"bez dni wolnych", "7 days/week"}, {"60 часов в неделю", "60 hours/week"}, {"без выходных", "7 days/week"}, {"60 годин на тиждень", "60 hours/week"},
		{"60 ore pe săptămână", "60 hours/week"}, {"12 ore pe zi", "12 hours/day"}, {"60 horas a la semana", "60 hours/week"}, {"60 horas semanales", "60 hours/week"}, {"60 valandų per savaitę", "60 hours/week"}, {"no days off", "7 days/week"}, {"You must be open to work 7 days a week", "7 days/week"}, {"We are open, you work 7 days a week", "7 days/week"},
		{"Butikken er åpen 7 dager i uken, du får fri 2", ""}, {"We are open 7 days a week", ""}, {"Åpent 16 timer i døgnet", ""}, {"7 days a week the shop is open", ""}, {"sklep czynny 7 dni w tygodniu", ""},
		{"24 timer", ""}, {"1 time i dag", ""}, {"200 timer i uken", ""}, {"2 uker i året", ""}, {"8 dager i uken", ""}, {"i dag", ""},
	})
}

func TestPlaces(t *testing.T) {
	p := places(t)
	for in, want := range map[string]string{
		"Jeg er i Bergen": "Bergen 4601", "oslo sentrum": "Oslo 0301", "i oslo nå": "Oslo 0301", "tromso": "Tromsø 5501", "Tromsø": "Tromsø 5501", "Oslos beste": "Oslo 0301", "Mo i Rana": "Mo i Rana 1833", "i Ås": "Ås 3218",
		"w Oslo": "Oslo 0301", "в Осло": "Oslo 0301", "в Бергене": "Bergen 4601", "Osle": "Oslo 0301", "bor i Os": "Os 3430", "på Ski": "Ski 3207", "Bærum": "Bærum 3201", "in Stockholm": "Stockholm", "Oslo, Bergen": "Oslo 0301; Bergen 4601",
		"By the way, go to hell": "", "Hell no": "", "god vik": "", "ski i fjellet": "", "vi er nes": "", "gran calidad": "", "alta calidad": "", "på time": "", "Time for fun": "", "Kari Lund": "", "Lena er her": "", "moss": "", "en sand strand": "", "mo": "",
		"åpent på ås": "", "Sola skinner": "", "the time is now": "",
	} {
		if got := placesOf(p, in, "", false); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"bergen": "Bergen 4601", "Os": "Os 3430", "ski": "Ski 3207", "Bergen sentrum": "Bergen 4601", "US, NY": ""} {
		if got := placesOf(p, in, "", true); got != want {
			t.Errorf("field %q: got %q, want %q", in, got, want)
		}
	}
	if got := placesOf(p, "i Nyborg", "DK", false); got != "Nyborg" {
		t.Errorf("the ad's own country counts first: got %q", got)
	}
}
