package adapter

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"varde/internal/ad"
)

// price is "1 500 kr/time", "€ 120", "200-250 kr pr. time" and the like: currency before or after, one amount or a range, and perhaps
// what it is paid for.
var price = regexp.MustCompile(`(?i)(?:(€|\b(?:kr|nok|sek|dkk|eur))\.?\s*)?` + amountPattern +
	`(?:(?:kr|€)?\s*(?:-|–|til|to)\s*(?:€|kr\.?|eur|nok)?\s*` + amountPattern + `)?([-–]*)\s*(€|kr|nok|sek|dkk|eur)?[.,–-]*\s*(?:/|per|pr\.?|i)?\s*` +
	`(?:(timen?|t|hour|h|halvtimen?|30 min|natt|night|dag|day|uke|week|mnd|måned|month|år|year)\b)?`)

const amountPattern = `(\d[\d .,\x{a0}\x{202f}]*)`

var (
	priceCurrency = map[string]string{"nok": "NOK", "sek": "SEK", "dkk": "DKK", "eur": "EUR", "€": "EUR"}
	pricePer      = map[string]string{"time": "hour", "timen": "hour", "t": "hour", "hour": "hour", "h": "hour", "halvtime": "half_hour", "halvtimen": "half_hour",
		"30 min": "half_hour", "natt": "night", "night": "night", "dag": "day", "day": "day", "uke": "week", "week": "week", "mnd": "month", "måned": "month",
		"month": "month", "år": "year", "year": "year"}
)

// prices reads each value; what is none is named and does not lose the others.
func prices(s *ad.Sighting, values []string, country string) (err error) {
	for _, v := range values {
		found := pricesIn(v, country)
		if len(found) == 0 && err == nil {
			err = fmt.Errorf("%.40q is no price", v)
		}
		s.Prices = append(s.Prices, found[:min(len(found), mostValues-len(s.Prices))]...)
	}
	return err
}

// longestPrice is how far a text is searched for prices: whoever names a whole page as its price gets those at its beginning.
const longestPrice = 1000

// pricesIn are the amounts of a text that stand with a currency or as "1500,-". Where none does, it is the first number: "1 time
// 1800 kr" has one price, and so has "1500".
func pricesIn(text, country string) (out []ad.Price) {
	matches := price.FindAllStringSubmatch(text[:min(len(text), longestPrice)], mostValues)
	read := func(m []string) {
		for _, digits := range m[2:4] {
			if a, err := amount(digits); err == nil {
				out = append(out, ad.Price{Amount: a, Currency: currencyOf(m[1]+m[5], country), Per: pricePer[strings.ToLower(m[6])]})
			}
		}
	}
	for _, m := range matches {
		if m[1] != "" {
			m[5] = "" // "€ 100 - 150 €" says it twice
		}
		if m[1]+m[4]+m[5] != "" {
			read(m)
		}
	}
	if len(out) == 0 && len(matches) > 0 {
		read(matches[0])
	}
	return out
}

// currencyOf reads a sign; "kr", or an amount alone, is the country's crown.
func currencyOf(sign, country string) string {
	if c := priceCurrency[strings.ToLower(sign)]; c != "" {
		return c
	}
	return ad.Crown(country)
}

var errAmount = errors.New("not an amount")

// amount reads digits as people group them: three digits after a separator are thousands, one or two at the end are a fraction.
func amount(text string) (float64, error) {
	text = strings.Trim(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text), " .,")
	fraction := ""
	if i := strings.LastIndexAny(text, ".,"); i >= 0 && len(text)-i <= 3 {
		text, fraction = text[:i], "."+text[i+1:]
	}
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '.' || r == ',' })
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && len(g) > 3 {
			return 0, errAmount
		}
	}
	a, err := strconv.ParseFloat(strings.Join(groups, "")+fraction, 64)
	if err != nil || a >= mostAmount {
		return 0, errAmount
	}
	return a, nil
}

// mostAmount bounds what is taken for a price.
const mostAmount = 1e12
