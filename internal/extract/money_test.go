package extract_test

import (
	"testing"

	"varde/internal/ad"
	"varde/internal/extract"
)

func TestPrices(t *testing.T) {
	check(t, ad.PriceValue, extract.About{}, [][2]string{
		// Norwegian
		{"30 min 1000 / 1 t 1500 / natt 6000", "1000 NOK/half_hour; 1500 NOK/hour; 6000 NOK/night"},
		{"1500,-", "1500 NOK"},
		{"kr 1 500 per time", "1500 NOK/hour"},
		{"1.500 kr", "1500 NOK"},
		{"1500kr/t", "1500 NOK/hour"},
		{"1,5k kr", "1500 NOK"},
		{"1,5k per time", "1500 NOK/hour"},
		{"30 min 1000 kr", "1000 NOK/half_hour"},
		{"1000kr 30min, 1500kr 1t", "1000 NOK/half_hour; 1500 NOK/hour"},
		{"30 min\n1000\n1 time\n1500", "1000 NOK/half_hour; 1500 NOK/hour"},
		{"15 min: 600 kr\n30 min: 1000 kr\n60 min: 1800 kr", "600 NOK/quarter; 1000 NOK/half_hour; 1800 NOK/hour"},
		{"30 min kr 900, 1 time kr 1 500.", "900 NOK/half_hour; 1500 NOK/hour"},
		{"1500 kr for en halv time, 2500 for en time", "1500 NOK/half_hour; 2500 NOK/hour"},
		{"En time 1500 kr. To timer 2800 kr.", "1500 NOK/hour; 2800 NOK"},
		{"kr 204,50 pr. time", "204.5 NOK/hour"},
		{"35 000–40 000 kr i mnd", "35000-40000 NOK/month"},
		{"kr 35 000 - kr 40 000 per måned", "35000-40000 NOK/month"},
		{"mellom 200 og 250 kr/t", "200-250 NOK/hour"},
		{"480 000 - 520 000 kr per år", "480000-520000 NOK/year"},
		{"Timelønn fra 210 kr", "210 NOK/hour"},
		{"Månedslønn: 38 000 kroner", "38000 NOK/month"},
		{"lønn 25-30k i måneden", "25000-30000 NOK/month"},
		{"20 kr per kurv", "20 NOK/piece"},
		{"kr 2\u00a0000", "2000 NOK"},
		{"2000 NOK / time.", "2000 NOK/hour"},
		{"1500 kr i dag", "1500 NOK"},
		{"et bidrag på 2 000 kr. Per Hansen svarer", "2000 NOK"},
		// English
		{"€150/h", "150 EUR/hour"},
		{"150 euro an hour", "150 EUR/hour"},
		{"$1,500+ weekly", "1500 USD/week"},
		{"$1,500+ USD monthly", "1500 USD/month"},
		{"$18.50/hr", "18.5 USD/hour"},
		{"£25k per annum", "25000 GBP/year"},
		{"15-20 €/h", "15-20 EUR/hour"},
		{"€15-€20 per hour", "15-20 EUR/hour"},
		{"between 200 and 250 kr/t", "200-250 NOK/hour"},
		{"$3000 weekly, no experience", "3000 USD/week"},
		{"Earn $500 to $1,000 per week", "500-1000 USD/week"},
		{"hourly rate: $15", "15 USD/hour"},
		{"half an hour 100 euro, one hour 150 euro", "100 EUR/half_hour; 150 EUR/hour"},
		{"$80,000 - $100,000 per year", "80000-100000 USD/year"},
		{"$80-$130,000/yr", "80000-130000 USD/year"},
		{"US$ 4,000/mo", "4000 USD/month"},
		{"12 000 euro per month", "12000 EUR/month"},
		// Swedish and Danish
		{"1500 kronor i timmen", "1500 NOK/hour"}, {"30 minuter 900 kr, 1 timme 1500 kr", "900 NOK/half_hour; 1500 NOK/hour"}, {"28 000 kr per månad", "28000 NOK/month"},
		{"1200 kr. i timen", "1200 NOK/hour"}, {"30 minutter 800 kr", "800 NOK/half_hour"},
		// Polish
		{"150 euro za godzinę", "150 EUR/hour"}, {"200 zł", "200 PLN"}, {"1500-2500 zł miesięcznie", "1500-2500 PLN/month"}, {"35 zł/h", "35 PLN/hour"}, {"pół godziny 100 euro", "100 EUR/half_hour"},
		{"od 25 do 30 zł na godzinę", "25-30 PLN/hour"}, {"180 nok za godzinę", "180 NOK/hour"},
		// Romanian
		{"150 lei", "150 RON"}, {"150 euro pe oră", "150 EUR/hour"}, {"2000 euro pe lună", "2000 EUR/month"}, {"o oră 100 euro", "100 EUR/hour"}, {"jumătate de oră 80 euro", "80 EUR/half_hour"},
		// Russian and Ukrainian
		{"1500 крон", "1500 NOK"}, {"1500 крон в час", "1500 NOK/hour"}, {"30 мин 1000 крон, 1 час 1500 крон", "1000 NOK/half_hour; 1500 NOK/hour"}, {"2000 евро в месяц", "2000 EUR/month"},
		{"1500 крон за годину", "1500 NOK/hour"}, {"30 хв 1000 крон", "1000 NOK/half_hour"}, {"200 грн/год", "200 UAH/hour"}, {"2000 євро на місяць", "2000 EUR/month"},
		// Lithuanian
		{"150 eurų už valandą", "150 EUR/hour"}, {"2000 eur per mėnesį", "2000 EUR/month"}, {"1 val 150 eur", "150 EUR/hour"},
		// Spanish
		{"150 euros la hora", "150 EUR/hour"}, {"2.000 euros al mes", "2000 EUR/month"}, {"media hora 100€, una hora 150€", "100 EUR/half_hour; 150 EUR/hour"}, {"1500 € mensuales", "1500 EUR/month"},
	})
}

func TestNoPrices(t *testing.T) {
	for _, in := range []string{
		"25 år og 168 cm", "kl 20.00", "Ring 412 34 567", "tlf 41234567 hele døgnet", "5-10 timer ukentlig", "37,5 timer i uken", "0150 Oslo", "org.nr 923 609 016",
		"åpent 10.00-22.00, 7 dager", "100 % stilling", "30 min fra sentrum", "1 time 30 min med tog", "NOK 1,5 milliarder", "$5 million in revenue", "lift 50 pounds", "det er nok 10 minutter",
		"150 meter fra stasjonen", "3 rom, 85 kvm", "arkivsak 2017/5144", "4.10.2026", "30 sek pause", "2026", "3 per uke", "ca. 2000 ansatte", "500 applications per day", "12 hours a day, 6 days a week",
	} {
		if got := read(t, in, ad.PriceValue, extract.About{}); got != "" {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestCrownsAndBareAmountsAreOfTheCountry(t *testing.T) {
	check(t, ad.PriceValue, extract.About{Country: "SE"}, [][2]string{{"1500 kr i timmen", "1500 SEK/hour"}, {"30 min 1000 / 1 tim 1500", "1000 SEK/half_hour; 1500 SEK/hour"}})
	check(t, ad.PriceValue, extract.About{Country: "PL"}, [][2]string{{"30 min 100 / 1 godz 150", "100 PLN/half_hour; 150 PLN/hour"}})
	check(t, ad.PriceValue, extract.About{}, [][2]string{{"30 min 100 / 1 h 150 €", "100 EUR/half_hour; 150 EUR/hour"}})
}
