package adapter

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"varde/internal/ad"
)

// prices reads each value; what is none is named and does not lose the others.
func prices(s *ad.Sighting, values []string, country string) (err error) {
	for _, v := range values {
		found := pricesIn(v, country)
		if len(found) == 0 && err == nil {
			err = fmt.Errorf("%q is no price", short(v))
		}
		s.Prices = append(s.Prices, found[:min(len(found), mostValues-len(s.Prices))]...)
	}
	return err
}

// longestPrice is how far in bytes a text is searched for prices: whoever names a whole page as its price gets those at its beginning.
const longestPrice = 1000

// pricesIn are the amounts of a text that stand with a currency, as "1500,-", or with what they are paid for. Where none does, it is
// the first number or range: "1 time 1800 kr" has one price, and so has "1500".
func pricesIn(text, country string) []ad.Price {
	p := priceReader{parts: priceParts(text[:min(len(text), longestPrice)]), country: country}
	p.read()
	return p.out
}

// pricePart is a part of a text about money. Its kind is 'a' for an amount, 'c' for a currency, 'l' for a length of time or another
// thing paid for, 'b' for a word such as timelønn, ',' for ",-", 'p' for what stands between an amount and what it is paid for, 'r'
// for what stands in a range, 'w' for any other word.
type pricePart struct {
	kind   byte
	text   string
	amount float64
	// per is the unit of a length of time; of one without a name it is "".
	per string
	// counted says that a length of time stands with its number.
	counted bool
}

// priceToken is an amount, digits as people group them; dashes; a sign; or a word.
var priceToken = regexp.MustCompile(`(\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,3})?)|([.,]?\s?[-–—]+)|([€£$₴₽₺/%²])|([\pL\pM]+)`)

var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "ё", "е", "⁄", "/")

func priceParts(text string) (out []pricePart) {
	text = spaces.Replace(strings.ToLower(norm.NFC.String(strings.ToValidUTF8(text, " "))))
	for _, m := range priceToken.FindAllStringSubmatchIndex(text, -1) {
		t := text[m[0]:m[1]]
		switch {
		case m[2] >= 0:
			a, err := amount(t)
			if err != nil {
				a = -1
			}
			out = append(out, pricePart{kind: 'a', text: t, amount: a})
		case m[4] >= 0:
			dashes := strings.TrimSpace(t)
			if n := len(out); n > 0 && out[n-1].kind == 'a' && (dashes[0] == ',' || dashes[0] == '.' || !follows(text[m[1]:])) {
				out = append(out, pricePart{kind: ',', text: t})
			} else {
				out = append(out, pricePart{kind: 'r', text: "-"})
			}
		default:
			out = classify(out, t, m[0] > 0 && text[m[0]-1] >= '0' && text[m[0]-1] <= '9')
		}
	}
	return out
}

// follows says whether an amount comes next, so that a dash is one of a range.
func follows(text string) bool {
	text = strings.TrimLeft(text, " .€$£krnoeuzł")
	return text != "" && text[0] >= '0' && text[0] <= '9'
}

// classify adds a word or sign. Adjoined says that it stands right after a digit.
func classify(out []pricePart, t string, adjoined bool) []pricePart {
	n := len(out)
	after := func(kind byte) bool { return n > 0 && out[n-1].kind == kind && out[n-1].amount >= 0 }
	switch {
	case multipliers[t] != 0 && after('a') && (t != "k" || adjoined):
		out[n-1].amount *= multipliers[t]
		out[n-1].text += t
		return out
	case (t == "%" || t == "²") && n > 0: // a share or an area is no price
		out[n-1].kind = 'w'
		return out
	case minuteWords[t]:
		if after('a') {
			out[n-1] = pricePart{kind: 'l', per: map[float64]string{15: "quarter", 30: "half_hour", 60: "hour"}[out[n-1].amount], counted: true}
		}
		return out
	case units[t] != "":
		return unit(out, t)
	case currencies[t] != "":
		return append(out, pricePart{kind: 'c', text: t})
	case payWords[t] != "":
		return append(out, pricePart{kind: 'b', per: payWords[t]})
	case t != "/" && to[t] && after('a'), t != "/" && to[t] && after('c'):
		return append(out, pricePart{kind: 'r', text: t})
	case per[t]:
		return append(out, pricePart{kind: 'p', text: t})
	}
	return append(out, pricePart{kind: 'w', text: t})
}

// mostCounted is how many of a unit a number before it may count: "2 timer" is a length of time, "200 timen" is a price for one.
var mostCounted = map[string]float64{"hour": 24, "half_hour": 1, "quarter": 3, "night": 7, "day": 14, "week": 8, "month": 12, "year": 3, "piece": 10}

func unit(out []pricePart, t string) []pricePart {
	n, u := len(out), units[t]
	if n == 0 || out[n-1].kind != 'a' || out[n-1].amount > mostCounted[u] || n > 1 && out[n-2].kind == 'c' && !(n > 2 && out[n-3].kind == 'a') {
		return append(out, pricePart{kind: 'l', text: t, per: u})
	}
	if out[n-1].amount != 1 {
		u = ""
	}
	out[n-1] = pricePart{kind: 'l', text: t, per: u, counted: true}
	return out
}

// priceReader goes over the parts of a text.
type priceReader struct {
	parts   []pricePart
	country string
	out     []ad.Price
}

func (p *priceReader) read() {
	leading := p.leads()
	named := slices.ContainsFunc(p.parts, func(t pricePart) bool { return t.kind == 'b' })
	pending, weak := "", []ad.Price(nil)
	for i := 0; i < len(p.parts); i++ {
		switch t := p.parts[i]; {
		case t.kind == 'b', t.kind == 'l' && leading:
			pending = t.per
		case t.kind == 'a' && t.amount >= 0:
			got, strong, next := p.amounts(i)
			for j := range got {
				if got[j].Per == "" && (leading || named) {
					got[j].Per = pending
				}
			}
			if strong || leading {
				p.out = append(p.out, got...)
			} else if weak == nil && len(got) > 0 && got[0].Amount < mostBare {
				weak = got
			}
			i = next - 1
		}
	}
	if len(p.out) == 0 {
		p.out = weak
	}
}

// leads says whether a length of time stands before the first amount: they do so then for all amounts, as in a table.
func (p *priceReader) leads() bool {
	i := slices.IndexFunc(p.parts, func(t pricePart) bool { return t.kind == 'l' || t.kind == 'a' && t.amount >= 0 })
	return i >= 0 && p.parts[i].kind == 'l'
}

func (p *priceReader) at(i int) pricePart {
	if i < 0 || i >= len(p.parts) {
		return pricePart{}
	}
	return p.parts[i]
}

// amounts reads the amount or the range at a place, with its currency and what it is paid for. Strong says that something beside the
// number makes it a price; next is the part after it.
func (p *priceReader) amounts(i int) (out []ad.Price, strong bool, next int) {
	values, sign := []float64{p.parts[i].amount}, ""
	if p.at(i-1).kind == 'c' {
		sign = p.at(i - 1).text
	}
	sign, strong, next = p.signs(i+1, sign)
	if high, at := p.high(next); at > 0 {
		values, next = []float64{scaled(p.parts[i], high), high.amount}, at+1
		if sign == "" && p.at(at-1).kind == 'c' {
			sign = p.at(at - 1).text
		}
		var more bool
		sign, more, next = p.signs(next, sign)
		strong = strong || more
	}
	unit, after := p.paidFor(next)
	if after > next {
		next = after
		strong = strong || unit != "" && !p.at(after-1).counted
	}
	for _, v := range values {
		if v < mostAmount {
			out = append(out, ad.Price{Amount: v, Currency: currencyIn(sign, p.country), Per: unit})
		}
	}
	return out, strong || sign != "", next
}

// signs reads currencies and ",-" after an amount. One that is not the amount's own and stands before another amount is that one's.
func (p *priceReader) signs(i int, sign string) (string, bool, int) {
	strong := false
	for ; p.at(i).kind == 'c' || p.at(i).kind == ','; i++ {
		switch t := p.at(i); {
		case t.kind == ',':
			strong = true
		case sign == "":
			sign = t.text
		case sign != t.text && p.at(i+1).kind == 'a':
			return sign, strong, i
		}
	}
	return sign, strong, i
}

// high returns the upper end of a range and its place, 0 where there is none.
func (p *priceReader) high(i int) (pricePart, int) {
	if p.at(i).kind != 'r' {
		return pricePart{}, 0
	}
	for i++; p.at(i).kind == 'c'; i++ {
	}
	if t := p.at(i); t.kind == 'a' && t.amount >= 0 {
		return t, i
	}
	return pricePart{}, 0
}

// scaled is the lower end of a range: "480-520 000" says the thousands once.
func scaled(low, high pricePart) float64 {
	if a := low.amount * 1000; low.amount < 1000 && a <= high.amount && a >= high.amount/10 && grouped(high.text) && !grouped(low.text) {
		return a
	}
	return low.amount
}

// paidFor reads "per time", "/ 30 min", "timen" after an amount, and returns the part after it. A length of time that another amount
// follows belongs to that one.
func (p *priceReader) paidFor(i int) (unit string, next int) {
	j, said := i, false
	for p.at(j).kind == 'p' || p.at(j).kind == 'r' && per[p.at(j).text] {
		j, said = j+1, true
	}
	t := p.at(j)
	if t.kind != 'l' || t.counted && (p.at(j+1).kind == 'a' || p.at(j+1).kind == 'c' && p.at(j+2).kind == 'a') {
		return "", i
	}
	if !said && p.leads() {
		return "", i
	}
	return t.per, j + 1
}

// grouped says whether digits stand in groups of three.
func grouped(text string) bool { return strings.ContainsAny(text, " .'’") || len(text) > 3 }

// amount reads digits as people group them: three digits after a separator are thousands, one or two at the end are a fraction.
func amount(text string) (float64, error) {
	fraction := ""
	if i := strings.LastIndexAny(text, ".,"); i >= 0 && len(text)-i <= 3 {
		text, fraction = text[:i], "."+text[i+1:]
	}
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '.' || r == ',' || r == '\'' || r == '’' })
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && len(g) > 3 {
			return 0, fmt.Errorf("%q is no amount", short(text))
		}
	}
	a, err := strconv.ParseFloat(strings.Join(groups, "")+fraction, 64)
	if err != nil || a >= mostAmount {
		return 0, fmt.Errorf("%q is no amount", short(text))
	}
	return a, nil
}

const (
	// mostAmount bounds what is taken for a price.
	mostAmount = 1e12
	// mostBare bounds what is taken for one where nothing says that it is: eight digits are a phone in many countries.
	mostBare = 1e7
)
