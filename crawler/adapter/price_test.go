package adapter_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"varde/internal/ad"
)

// amounts are prices as texts.
func amounts(prices []ad.Price) (out []string) {
	for _, p := range prices {
		out = append(out, strings.TrimSpace(strconv.FormatFloat(p.Amount, 'f', -1, 64)+" "+p.Currency+" "+p.Per))
	}
	return out
}

func TestPricesOfEveryLanguage(t *testing.T) {
	for country, tests := range map[string]map[string][]string{
		"NO": {
			"1 500 kr/time": {"1500 NOK hour"}, "1\u00a0500 kr/time": {"1500 NOK hour"}, "1\u202f500 kr / t": {"1500 NOK hour"}, "1.500 kr per hour": {"1500 NOK hour"}, "1500kr/t": {"1500 NOK hour"},
			"1500,-": {"1500 NOK"}, "1500,- pr. time": {"1500 NOK hour"}, "kr 1500,- pr. time": {"1500 NOK hour"}, "1500": {"1500 NOK"}, "Kr. 1500": {"1500 NOK"}, "kr 1 500,00": {"1500 NOK"}, "1500.-": {"1500 NOK"}, "1500 ,-": {"1500 NOK"},
			"€ 120": {"120 EUR"}, "€120/h": {"120 EUR hour"}, "120 €": {"120 EUR"}, "120 EUR / time": {"120 EUR hour"}, "EUR 120": {"120 EUR"}, "900 SEK": {"900 SEK"}, "900 DKK": {"900 DKK"}, "120€/30 min": {"120 EUR half_hour"},
			"200 kr pr. time": {"200 NOK hour"}, "200 kr i timen": {"200 NOK hour"}, "200 kr timen": {"200 NOK hour"}, "30 000 kr/måned": {"30000 NOK month"}, "30 000 kr i mnd.": {"30000 NOK month"}, "35 000 i mnd": {"35000 NOK month"},
			"500 000 kr pr år": {"500000 NOK year"}, "4000 kr natt": {"4000 NOK night"}, "800 kr/halvtime": {"800 NOK half_hour"}, "800 kr 30 min": {"800 NOK half_hour"}, "1000 kr/dag": {"1000 NOK day"}, "kr 1800 per dag": {"1800 NOK day"},
			"600 kr kvarter": {"600 NOK quarter"}, "600 kr / 15 min": {"600 NOK quarter"}, "150 kr stk": {"150 NOK piece"}, "9000 kr per uke": {"9000 NOK week"}, "kr 1200/døgn": {"1200 NOK day"},
			"1000-1500 kr/time": {"1000 NOK hour", "1500 NOK hour"}, "1 000 – 1 500 kr": {"1000 NOK", "1500 NOK"}, "100–150 EUR": {"100 EUR", "150 EUR"}, "€ 100 - € 150": {"100 EUR", "150 EUR"}, "€ 100 - 150 €": {"100 EUR", "150 EUR"},
			"kr 200 til 250 pr. time": {"200 NOK hour", "250 NOK hour"}, "fra 200 kr": {"200 NOK"}, "fra 1200": {"1200 NOK"}, "årslønn 480-520 000": {"480000 NOK year", "520000 NOK year"}, "timelønn 220,50": {"220.5 NOK hour"}, "Månedslønn: 42 000 kroner": {"42000 NOK month"},
			"1 time 1800 kr": {"1800 NOK hour"}, "30 min: 1000,-": {"1000 NOK half_hour"}, "1 time: kr 1800": {"1800 NOK hour"}, "Pris: 1500": {"1500 NOK"}, "2 timer 3000 kr": {"3000 NOK"}, "Natt 6000 kr": {"6000 NOK night"}, "Pris per time 1500 kr": {"1500 NOK hour"},
			"30 min 1000 / 1 t 1800": {"1000 NOK half_hour", "1800 NOK hour"}, "15 min 600 kr, 30 min 1000 kr, 1 time 1800 kr, 2 timer 3000 kr": {"600 NOK quarter", "1000 NOK half_hour", "1800 NOK hour", "3000 NOK"},
			"Halvtime: 1000\nTime: 1800\nNatt: 6000": {"1000 NOK half_hour", "1800 NOK hour", "6000 NOK night"}, "1500 kr/time, 800 kr/halvtime": {"1500 NOK hour", "800 NOK half_hour"}, "30 min – 1000 kr": {"1000 NOK half_hour"},
			"12,50 kr": {"12.5 NOK"}, "199.90 EUR": {"199.9 EUR"}, "1.500,50 kr": {"1500.5 NOK"}, "1,500.50 EUR": {"1500.5 EUR"}, "1,500 EUR": {"1500 EUR"}, "7.500.000 kr": {"7500000 NOK"}, "1'500 CHF": {"1500 CHF"}, "1,5k": {"1500 NOK"}, "2k kr": {"2000 NOK"}, "2,5 mill kr": {"2500000 NOK"},
			"12 000 kr per måned, 70 m²": {"12000 NOK month"}, "70 m², 12 000 kr": {"12000 NOK"}, "25 % rabatt, 800 kr": {"800 NOK"}, "kr 8 500 + strøm": {"8500 NOK"}, "Depositum 3 mnd, leie 9 500 kr/mnd": {"9500 NOK month"},
			"etter avtale": nil, "kr": nil, "kr,-": nil, "": nil, strings.Repeat("9", 400): nil, "1e9 kr": {"9 NOK"}, "ring 90000001": nil, "etter tariff": nil, "25 %": nil, "kr 1e400": {"1 NOK"}, "0 kr": {"0 NOK"}, "Gis bort": nil, "-500 kr": {"500 NOK"},
		},
		"SE": {"1 500 kr/timme": {"1500 SEK hour"}, "1500:-": {"1500 SEK"}, "900 kr/tim": {"900 SEK hour"}, "9 500 kr/mån": {"9500 SEK month"}, "30 min 1000 kr": {"1000 SEK half_hour"}, "1500 kr i timmen": {"1500 SEK hour"}, "5 000 kr per vecka": {"5000 SEK week"}, "800 kr/halvtimme": {"800 SEK half_hour"}, "månadslön 28000": {"28000 SEK month"}},
		"DK": {"1.500 kr./time": {"1500 DKK hour"}, "1500,- kr. i timen": {"1500 DKK hour"}, "9.500 kr. pr. måned": {"9500 DKK month"}, "timeløn 150 kr.": {"150 DKK hour"}, "30 min. 700 kr.": {"700 DKK half_hour"}},
		"PL": {"300 zł/godz.": {"300 PLN hour"}, "300 zł za godzinę": {"300 PLN hour"}, "od 250 do 300 PLN": {"250 PLN", "300 PLN"}, "2 500 zł/mies.": {"2500 PLN month"}, "1500": {"1500 PLN"}, "1 godz. 300 zł, noc 1500 zł": {"300 PLN hour", "1500 PLN night"}, "5 tys. zł": {"5000 PLN"}},
		"RO": {"300 lei/oră": {"300 RON hour"}, "300 RON pe oră": {"300 RON hour"}, "100-150 lei": {"100 RON", "150 RON"}, "400 euro/lună": {"400 EUR month"}, "1500 lei pe noapte": {"1500 RON night"}, "30 min 200 lei": {"200 RON half_hour"}},
		"RU": {"3000 руб/час": {"3000 RUB hour"}, "3 000 ₽ за час": {"3000 RUB hour"}, "от 2000 до 3000 руб.": {"2000 RUB", "3000 RUB"}, "1 час 3000, ночь 12000": {"3000 RUB hour", "12000 RUB night"}, "50 тыс. руб. в месяц": {"50000 RUB month"}, "5000 р.": {"5000 RUB"}},
		"UA": {"1500 грн/год": {"1500 UAH hour"}, "1 500 грн за годину": {"1500 UAH hour"}, "20 000 грн на місяць": {"20000 UAH month"}, "ніч 8000 грн": {"8000 UAH night"}, "₴500": {"500 UAH"}},
		"LT": {"100 €/val.": {"100 EUR hour"}, "100 eur už valandą": {"100 EUR hour"}, "50–70 €": {"50 EUR", "70 EUR"}, "30 min 60 eur": {"60 EUR half_hour"}, "1 200 € per mėn.": {"1200 EUR month"}, "80": {"80 EUR"}},
		"ES": {"100 €/hora": {"100 EUR hour"}, "100 euros la hora": {"100 EUR hour"}, "de 80 a 100 €": {"80 EUR", "100 EUR"}, "500 € por noche": {"500 EUR night"}, "650 €/mes": {"650 EUR month"}, "media hora 60": {"60 EUR hour"}},
		"DE": {"100 €/Stunde": {"100 EUR hour"}, "100 € pro Stunde": {"100 EUR hour"}, "1.500,- €": {"1500 EUR"}, "80 bis 100 Euro": {"80 EUR", "100 EUR"}, "650 € pro Monat": {"650 EUR month"}, "1 Std. 150 €": {"150 EUR hour"}, "30 Min 80€": {"80 EUR half_hour"}, "Nacht 800 €": {"800 EUR night"}},
		"GB": {"£120 per hour": {"120 GBP hour"}, "£120ph": {"120 GBP"}, "£100 - £150": {"100 GBP", "150 GBP"}, "$50": {"50 USD"}, "£650 a month": {"650 GBP month"}, "1 hour £150, overnight £900": {"150 GBP hour", "900 GBP night"}, "1,500 an hour": {"1500 GBP hour"}},
		"":   {"1 500 kr/time": {"1500 NOK hour"}},
	} {
		for in, want := range tests {
			t.Run(country+"/"+in, func(t *testing.T) {
				got, err := extract(t, with(t, "price", "", `country: "`+country+`"`), ofField(in))
				if err != nil {
					t.Fatal(err)
				}
				if have := amounts(got.Ad.Prices); !reflect.DeepEqual(have, want) {
					t.Errorf("got %q, want %q", have, want)
				}
				f := field(t, got, "price")
				if named := f.Problem != "" || len(f.Values) == 0; named != (want == nil) || len(f.Problem) > 200 {
					t.Errorf("%+v", f)
				}
			})
		}
	}
}

// TestOnePriceThatIsNoneDoesNotLoseTheOthers: a list of prices often ends in words.
func TestOnePriceThatIsNoneDoesNotLoseTheOthers(t *testing.T) {
	got, err := extract(t, with(t, "price", ", all: true"), ofField("etter avtale", "1500 kr/time", "800,-"))
	want := []ad.Price{{Amount: 1500, Currency: "NOK", Per: "hour"}, {Amount: 800, Currency: "NOK"}}
	if err != nil || !reflect.DeepEqual(got.Ad.Prices, want) || !strings.Contains(field(t, got, "price").Problem, "etter avtale") {
		t.Errorf("%+v, %v", got, err)
	}
}
