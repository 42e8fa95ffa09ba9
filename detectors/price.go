package detectors

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"varde/internal/ad"
	"varde/internal/text"
)

// priceDetector reads amounts of money with the unit paid for from title and text, unless the sighting brought them.
type priceDetector struct{}

func newPrice(*Config) (Detector, error) { return priceDetector{}, nil }

func (priceDetector) Name() string    { return "price" }
func (priceDetector) Codes() []string { return nil }

func (priceDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	if len(s.Prices) > 0 {
		r.Prices = s.Prices
		return r, nil
	}
	for _, f := range s.fields() {
		for _, m := range findMoney(f.Source, s.Country) {
			r.Prices = append(r.Prices, m.Price)
		}
	}
	return r, nil
}

// money is an amount found in a text.
type money struct {
	ad.Price
	Start, End int
	// Upper is the upper end of a range such as 35 000–40 000, else 0.
	Upper float64
}

// Patterns here are in the spelling of folded text: år is ar, måned is maned.

// amount is a number as written in the Nordic countries and in English: groups of three by space, point or comma, decimals
// by comma or point, and k for thousands.
const amount = `(\d{1,3}(?:[ .,]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?)\s?(k\b)?`

var (
	moneyPattern = regexp.MustCompile(`(?:(kr\.?|nok|sek|dkk|eur|euro|usd|gbp|€|\$|£)\s?)?` + amount + `(?:\s?[-–]\s?` + amount + `)?\s?(kr\b\.?|kroner\b|nok\b|sek\b|dkk\b|euro?\b|usd\b|gbp\b|€|\$|£|,-|:-)?` +
		`(?:\s?(?:/|pr\.?|per|i|an?|each|brutto|netto)?\s?(?:/|pr\.?|per|i|an?)?\s?(time\b|timen\b|timer\b|t\b|hour\b|hr\b|h\b|halvtime\b|30 min\b|kvarter\b|natt\b|night\b|dag\b|dagen\b|day\b|uke\b|uken\b|week\b|mnd\b\.?|maned\b|maneden\b|month\b|ar\b|aret\b|year\b|annum\b))?`)
	currencies = map[string]string{"kr": "", "kroner": "", ",-": "", ":-": "", "nok": "NOK", "sek": "SEK", "dkk": "DKK", "eur": "EUR", "euro": "EUR",
		"€": "EUR", "usd": "USD", "$": "USD", "gbp": "GBP", "£": "GBP"}
	units = map[string]string{"time": "hour", "timen": "hour", "timer": "hour", "t": "hour", "hour": "hour", "hr": "hour", "h": "hour", "halvtime": "half_hour",
		"30 min": "half_hour", "kvarter": "quarter", "natt": "night", "night": "night", "dag": "day", "dagen": "day", "day": "day", "uke": "week",
		"uken": "week", "week": "week", "mnd": "month", "maned": "month", "maneden": "month", "month": "month", "ar": "year", "aret": "year", "year": "year", "annum": "year"}
)

// moneySigns are what an amount must stand with; a text without any is not searched.
var moneySigns = []string{"kr", ",-", ":-", "nok", "sek", "dkk", "eur", "€", "usd", "$", "gbp", "£"}

// mostMoney bounds what one text can make us hold.
const mostMoney = 100

// findMoney returns the amounts that stand with a currency, in the order of the text. A bare number is no price.
func findMoney(in, country string) (out []money) {
	f := text.Fold(in)
	if !slices.ContainsFunc(moneySigns, func(sign string) bool { return strings.Contains(f.Text, sign) }) {
		return nil
	}
	for _, at := range moneyPattern.FindAllStringSubmatchIndex(f.Text, -1) {
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return f.Text[at[2*i]:at[2*i+1]]
		}
		sign := strings.TrimSuffix(group(1), ".")
		if sign == "" {
			sign = strings.TrimSuffix(group(6), ".")
		}
		value, ok := number(group(2), group(3))
		if sign == "" || !ok {
			continue
		}
		m := money{Price: ad.Price{Amount: value, Currency: currencies[sign], Per: units[strings.TrimSuffix(group(7), ".")]}}
		m.Upper, _ = number(group(4), group(5))
		if m.Currency == "" {
			m.Currency = ad.Crown(country)
		}
		m.Start, m.End = f.Span(at[0], at[1])
		if out = append(out, m); len(out) == mostMoney {
			break
		}
	}
	return out
}

// number reads an amount; the last separator is decimal if one or two digits follow it.
func number(s, thousand string) (float64, bool) {
	if s == "" {
		return 0, false
	}
	if i := strings.LastIndexAny(s, ".,"); i >= 0 && len(s)-i <= 3 {
		s = strings.Map(digitOnly, s[:i]) + "." + s[i+1:]
	} else {
		s = strings.Map(digitOnly, s)
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, false
	}
	if thousand != "" {
		v *= 1000
	}
	return v, true
}

func digitOnly(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}
