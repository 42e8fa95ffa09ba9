package adapter_test

import (
	"reflect"
	"strings"
	"testing"
)

func TestAgesOfEveryLanguage(t *testing.T) {
	for in, want := range map[string]int{
		"24": 24, "1": 1, "130": 130, "23 år": 23, "23år": 23, "23 år gammel": 23, "Alder: 23": 23, "Alder 23 år": 23, "alder: 23 år, høyde 170 cm": 23, "Jeg er 23 år": 23, "Ålder: 23": 23,
		"Age: 23": 23, "Age 23": 23, "23 years": 23, "23 years old": 23, "23 yrs": 23, "23 y.o.": 23, "23yo": 23, "23-year-old": 23, "23 lata": 23, "25 lat": 25, "23 l.": 23, "Wiek: 23": 23, "Wiek - 23 lata": 23,
		"23 ani": 23, "vârsta 23": 23, "Vârstă: 23 de ani": 23, "23 года": 23, "25 лет": 25, "Возраст: 23": 23, "23 роки": 23, "25 років": 25, "Вік: 23": 23, "23 metai": 23, "23 m.": 23, "Amžius: 23": 23, "23 años": 23, "Edad: 23": 23,
		"23 Jahre": 23, "23 J.": 23, "Alter: 23": 23, "23 år (23)": 23, "Mia, 23 år": 23, "170 cm, 55 kg, 23 år": 23,
		"0": 0, "131": 0, "-1": 0, "99999999999999999999": 0, "": 0, "ung": 0, "20-25 år": 0, "18+": 0, "18+ år": 0, "20 til 25 år": 0, "170 cm": 0, "født 1999": 0, "24 timer": 0, "23 år og 25 år": 0, "tjue år": 0, "2,3 år": 0,
	} {
		got, err := extract(t, with(t, "age", ""), ofField(in))
		if err != nil || got.Ad.Age != want {
			t.Errorf("%q: %d, %v; want %d", in, got.Ad.Age, err, want)
		}
		if f := field(t, got, "age"); (want == 0 && in != "") != (f.Problem != "") {
			t.Errorf("%q: %+v", in, f)
		}
	}
}

func TestPlacesOfEveryForm(t *testing.T) {
	for in, want := range map[string]string{
		"Bergen": "Bergen", "5003 Bergen": "Bergen", "Bergen, Vestland": "Bergen, Vestland", "Sted: Bergen": "Bergen", "Sted - Bergen": "Bergen", "Storgata 1\n5003 Bergen\nNorge": "Bergen", "Storgata 1, 5003 Bergen": "Bergen",
		"Storgata 1, 5003 Bergen, Norge": "Bergen", "Mo i Rana": "Mo i Rana", "8622 Mo i Rana": "Mo i Rana", "Grünerløkka, Oslo": "Grünerløkka, Oslo", "Poststed: 0550 OSLO": "OSLO", "Oslo (sentrum)": "Oslo (sentrum)",
		"111 22 Stockholm": "Stockholm", "SE-111 22 Stockholm": "Stockholm", "Ort: Malmö": "Malmö", "2100 København Ø": "København Ø", "DK-2100 København": "København", "00-950 Warszawa": "Warszawa", "Miasto: Kraków": "Kraków",
		"Lokalizacja: Gdańsk, Pomorskie": "Gdańsk, Pomorskie", "LT-01101 Vilnius": "Vilnius", "Miestas: Kaunas": "Kaunas", "010011 București": "București", "Город: Москва": "Москва", "101000 Москва": "Москва", "Місто: Київ": "Київ", "01001 Київ": "Київ",
		"28001 Madrid": "Madrid", "Ciudad: Madrid": "Madrid", "10115 Berlin": "Berlin", "D-10115 Berlin": "Berlin", "Location: Ballerup, Greater Copenhagen, DK": "Ballerup, Greater Copenhagen, DK", "12345": "", "–": "", "By: 7": "",
		"Bergen\nRing meg": "Bergen", " ,Bergen; ": "Bergen", "By the sea": "By the sea", "Ringebu": "Ringebu", strings.Repeat("æ", 2000): strings.Repeat("æ", 250),
	} {
		got, err := extract(t, with(t, "location", ""), page("<h1>x</h1><p class=f>"+strings.ReplaceAll(in, "\n", "<br>")+"</p>"))
		if err != nil || got.Ad.Location != want {
			t.Errorf("%q: %q, %v; want %q", in, got.Ad.Location, err, want)
		}
		if f := field(t, got, "location"); (want == "") != (f.Problem != "") {
			t.Errorf("%q: %+v", in, f)
		}
	}
}

func TestPhonesAreWhatIsDialled(t *testing.T) {
	for in, want := range map[string][]string{
		"90000001": {"90000001"}, "900 00 001": {"900 00 001"}, "+47 900 00 001": {"+47 900 00 001"}, "(+47) 900 00 001": {"(+47) 900 00 001"}, "0047 900 00 001": {"0047 900 00 001"},
		"Tlf: 900 00 001": {"900 00 001"}, "Tlf. 900 00 001": {"900 00 001"}, "tel.: 900 00 001": {"900 00 001"}, "Tel 900 00 001": {"900 00 001"}, "Telefon: 900 00 001": {"900 00 001"}, "Mobil 900 00 001": {"900 00 001"}, "Mob.nr.: 900 00 001": {"900 00 001"},
		"Ring: 900 00 001": {"900 00 001"}, "WhatsApp +47 900 00 001": {"+47 900 00 001"}, "WhatsApp: +47 900 00 001": {"+47 900 00 001"}, "+47 900 00 001 (WhatsApp)": {"+47 900 00 001"}, "+47 900 00 001 whatsapp": {"+47 900 00 001"},
		"Telefonnummer 900 00 001": {"900 00 001"}, "тел. +7 900 000-00-01": {"+7 900 000-00-01"}, "Телефон: 8 900 000 00 01": {"8 900 000 00 01"}, "tel. kom. 600 000 001": {"600 000 001"}, "Telefonas: +370 600 00001": {"+370 600 00001"}, "Teléfono: 600 000 001": {"600 000 001"},
		"tel:+4790000001": {"+4790000001"}, "tel:%2B47%20900%2000%20001": {"+47 900 00 001"}, "TEL://90000001": {"90000001"}, "sms:90000001?body=hei": {"90000001"}, "https://wa.me/4790000001": {"+4790000001"}, "https://wa.me/4790000001?text=hei": {"+4790000001"},
		"https://api.whatsapp.com/send?phone=4790000001&text=x": {"+4790000001"}, "90000001 / 90000002": {"90000001", "90000002"}, "90000001, 90000002": {"90000001", "90000002"}, "90000001 eller 90000002": {"90000001", "90000002"}, "90000001 lub 90000002": {"90000001", "90000002"},
		"90000001; 90000001": {"90000001"}, "９０００００01": {"９０００００01"}, "9 0 0 - 0 0 - 0 0 1": {"9 0 0 - 0 0 - 0 0 1"}, "9oo 00 001": {"9oo 00 001"},
		"9OO OO OO1": {"9OO OO OO1"}, "Vis nummer": nil, "Tlf:": nil, "tel:": nil, "–": nil, "ring": nil,
	} {
		got, err := extract(t, with(t, "phones", ""), ofField(in))
		if err != nil || !reflect.DeepEqual(got.Ad.Phones, want) {
			t.Errorf("%q: %q, %v; want %q", in, got.Ad.Phones, err, want)
		}
		if f := field(t, got, "phones"); (want == nil || in == "9OO OO OO1") != (f.Problem != "") {
			t.Errorf("%q: %+v", in, f)
		}
	}
}
