package adapter

import (
	"strings"

	"varde/internal/ad"
)

// currencies by what people write for them. "kr" is the crown of the target's country.
var currencies = byWord(map[string]string{
	"NOK": `nok`, "SEK": `sek`, "DKK": `dkk`, "ISK": `isk`, "EUR": `€ eur euro euros euri eurai eurų евро євро`, "GBP": `£ gbp pund`, "USD": `$ usd dollar dollars`,
	"PLN": `zł zl pln złotych złote złoty`, "RON": `lei leu ron`, "UAH": `₴ грн uah гривень гривні`, "RUB": `₽ руб rub рублей рубля р`, "CHF": `chf fr`, "CZK": `kč czk`,
	"HUF": `huf`, "BGN": `bgn лв`, "TRY": `₺ try`, "kr": `kr kroner kronor kroner kr.`,
})

// ofCountry is what an amount is in where nothing but the country is known; elsewhere it is the crown.
var ofCountry = byWord(map[string]string{
	"EUR": "at be cy de ee es fi fr gr hr ie it lt lu lv mt nl pt si sk", "PLN": "pl", "RON": "ro", "UAH": "ua", "RUB": "ru", "GBP": "gb", "USD": "us", "CHF": "ch li", "CZK": "cz",
	"HUF": "hu", "BGN": "bg", "TRY": "tr", "ISK": "is",
})

// units are what is paid for, as ad.Price.Per has it, by what people write for one of it.
var units = byWord(map[string]string{
	"quarter":   `kvarter kvart kwadrans`,
	"half_hour": `halvtime halvtimen halvtimme halbestunde halvtimmen`,
	"hour":      `time timen timer timar t tim timma timme timmen timmar hour hours hr hrs h godz godzina godzinę godzinę godziny godzin oră ora ore час часа часов год година годину години годин val valanda valandą valandas valandų hora horas stunde stunden std stk-time`,
	"night":     `natt natta natten nat nights night noc noapte ночь ніч naktis naktį noche nacht overnatting övernattning overnight`,
	"day":       `dag dagen dager dagar dage døgn dygn day days dzień dni doba dobę zi zile день дня дней сутки добу доба днів diena dieną dienas dienos día días tag tage`,
	"week":      `uke uka uken uker veke veka vecka veckan uge ugen week weeks tydzień tygodniowo săptămână неделя неделю тиждень savaitė savaitę semana woche`,
	"month":     `mnd måned måneden månad månaden mån md mdr month months mo mies miesiąc miesiąc miesięcznie lună luna месяц мес місяць міс mėnuo mėnesį mėn mes monat`,
	"year":      `år året year years rok rocznie рік metai metus año jahr`,
	"piece":     `stk styk stück stykk szt buc шт vnt`,
})

// minuteWords are a unit of which 15, 30 and 60 have names.
var minuteWords = set(`min mins minutt minutter minuttar minuter minut minutes minute minuta minuty мин минут хв хвилин minučių minutos minuten`)

// payWords say before an amount what it is paid for.
var payWords = byWord(map[string]string{
	"hour": `timelønn timeløn timesløn timlön timpris timepris timebetaling stundenlohn`, "month": `månedslønn månedsløn månadslön månadsløn månedsleie månadshyra husleie leie hyra monatsgehalt miete czynsz chirie`,
	"year": `årslønn årsløn årslön jahresgehalt`, "day": `dagslønn dagsats døgnpris dygnspris`,
})

// multipliers stand for zeros.
var multipliers = map[string]float64{"k": 1e3, "tkr": 1e3, "tusen": 1e3, "тыс": 1e3, "тис": 1e3, "tys": 1e3, "tūkst": 1e3, "mill": 1e6, "mio": 1e6, "mln": 1e6, "млн": 1e6, "million": 1e6, "millioner": 1e6, "miljoner": 1e6}

// per are words between an amount and what it is paid for.
var per = set(`/ per pr i om za pe la в за на už por al pro the an a each cada`)

// to are words between the ends of a range.
var to = set(`- – — til till to bis do до la iki hasta a upp`)

func byWord(rows map[string]string) map[string]string {
	m := map[string]string{}
	for value, list := range rows {
		for _, w := range strings.Fields(list) {
			m[w] = value
		}
	}
	return m
}

// currencyIn is the currency that a word says in a country.
func currencyIn(word, country string) string {
	switch c := currencies[word]; {
	case c == "kr" && country == "IS":
		return "ISK"
	case c == "kr":
		return ad.Crown(country)
	case c != "":
		return c
	}
	if c := ofCountry[strings.ToLower(country)]; c != "" {
		return c
	}
	return ad.Crown(country)
}
