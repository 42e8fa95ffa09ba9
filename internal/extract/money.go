package extract

import (
	"slices"
	"strings"

	"varde/internal/ad"
)

// mostOfAKind bounds how many values of one kind one text can make us hold.
const mostOfAKind = 100

// Bounds of an amount that stands without a currency: below and above are counts, years and phones.
const (
	leastBare = 100
	mostBare  = 99_999
)

// sum is an amount of money being read.
type sum struct {
	value, to  float64
	money      money
	unit       unit
	first, end int // tokens
	// start and stop are bytes of the folded text.
	start, stop int
	// certain says that it is money by itself; what is not needs another of its kind beside it.
	certain bool
	// thousands says that it was written with k.
	thousands bool
}

// prices reads amounts of money with what they are paid for. A bare number is one only beside a length of time, and only where the text
// has others.
func (r *reader) prices(country string) []ad.Value {
	var found []sum
	used := 0 // the first token that no amount has yet
	for i := 0; i < len(r.Tokens) && len(found) < mostOfAKind; i++ {
		if !r.digits(i) || i < used {
			continue
		}
		s, ok := r.sum(i, used)
		if !ok {
			continue
		}
		found = append(found, s)
		used = s.end
		i = s.end - 1
	}
	return r.priced(found, country)
}

// priced turns the amounts into values; a bare one takes the currency of the others.
func (r *reader) priced(found []sum, country string) (out []ad.Value) {
	marked, bare := crown, 0
	for _, s := range found {
		if s.money == noMoney {
			bare++
		}
	}
	if at := slices.IndexFunc(found, func(s sum) bool { return s.money != noMoney }); at >= 0 {
		marked = found[at].money
		bare += 2
	} else if bare > 0 {
		marked = noMoney // that of the country
	}
	for _, s := range found {
		if s.money == noMoney && !s.certain && bare < 2 {
			continue
		}
		m := s.money
		if m == noMoney {
			m = marked
		}
		out = append(out, r.price(s, m, country))
	}
	return out
}

func (r *reader) price(s sum, m money, country string) ad.Value {
	v := ad.Value{Kind: ad.PriceValue, Number: s.value, To: s.to, Unit: moneyNames[m], Evidence: r.evidence(s.start, s.stop)}
	switch m {
	case noMoney:
		v.Unit = ad.Currency(country)
	case crown:
		v.Unit = ad.Crown(country)
	}
	if name := unitNames[s.unit]; name != "" {
		v.Unit += "/" + name
	}
	return v
}

// sum reads the amount at token i with its currency, its range and its unit. The tokens before used belong to the amount before.
func (r *reader) sum(i, used int) (s sum, ok bool) {
	first, ok := r.amount(i)
	if !ok {
		return s, false
	}
	s = sum{value: first.value, thousands: first.thousands, first: i, end: first.next, start: int(r.Tokens[i].Start), stop: first.stop}
	s.money, s.start = r.moneyBefore(i, s.start, used)
	if m, next, stop := r.moneyAfter(s.end); m != noMoney && (s.money == noMoney || s.money == m || s.money == crown) {
		s.money, s.end, s.stop = m, next, stop
	}
	r.readRange(&s, first)
	if s.money == noMoney && r.noPrice(i, s) {
		return s, false
	}
	r.readUnit(&s, used)
	if s.money == noMoney {
		return s, s.unit != noUnit && s.value >= leastBare && s.value <= mostBare && s.value == float64(int(s.value))
	}
	return s, s.value > 0
}

// noPrice says that a number without a currency is a phone, a time, a measure or a share.
func (r *reader) noPrice(i int, s sum) bool {
	after := r.gap(s.end)
	if strings.HasPrefix(strings.TrimLeft(after, " "), "%") || strings.HasPrefix(after, ":") && r.digits(s.end) || r.is(s.end, measure|yearsOld) && !r.is(s.end, upTo|timeNoun) {
		return true
	}
	if before := r.gap(i); strings.HasSuffix(before, "+") || strings.HasSuffix(before, "#") || i > 0 && before == "" {
		return true
	}
	follows := r.digits(s.end) && (after == " " || after == "" || after == "-" || after == ".") && !r.is(s.end+1, timeNoun)
	return follows || r.is(s.end, timeNoun) && after == "" && r.of[s.end].unit == minute
}

// readRange reads "–40 000 kr" or "to 20 €" after an amount.
func (r *reader) readRange(s *sum, first amount) {
	k := s.end
	if k >= len(r.Tokens) {
		return
	}
	gap := strings.Trim(r.gap(k), " +")
	if r.is(k, upTo) && strings.Trim(gap, ".,-/") == "" || r.is(k, and) && r.is(s.first-1, between) {
		k++
		if k >= len(r.Tokens) {
			return
		}
		gap = strings.Trim(r.gap(k), " ")
	} else if !strings.HasPrefix(gap, "-") && !strings.HasPrefix(gap, "–") && !strings.HasPrefix(gap, "—") {
		return
	}
	sign, rest := moneySign(strings.Trim(gap, "-–— ,:"))
	if rest != "" {
		return
	}
	if sign == noMoney && r.is(k, currency) && !r.is(k, afterOnly) && r.digits(k+1) {
		sign = r.of[k].money
		k++
	}
	if !r.digits(k) {
		return
	}
	second, ok := r.amount(k)
	if !ok {
		return
	}
	m, next, stop := r.moneyAfter(second.next)
	if m == noMoney {
		m, next, stop = sign, second.next, second.stop
	}
	if first.plain && s.value < 1000 && (second.thousands || !second.plain && s.value*1000 < second.value) { // 25-30k, $80-$130,000
		s.value *= 1000
	}
	if second.value <= s.value || s.money == noMoney && m == noMoney && s.value < leastBare {
		return
	}
	if s.money != noMoney && m != noMoney && s.money != m && s.money != crown {
		return
	}
	s.to, s.end, s.stop, s.thousands = second.value, next, stop, s.thousands || second.thousands
	if m != noMoney {
		s.money = m
	}
}

// moneySigns are those that no word is made of.
var moneySigns = []struct {
	sign  string
	money money
}{{"€", eur}, {"$", usd}, {"£", gbp}, {"₽", rub}, {"₴", uah}, {",-", crown}, {":-", crown}, {".-", crown}, {",–", crown}, {":–", crown}, {",—", crown}}

// moneySign finds a sign in a gap and returns what is left of the gap.
func moneySign(gap string) (money, string) {
	for _, s := range moneySigns {
		if before, after, ok := strings.Cut(gap, s.sign); ok {
			return s.money, strings.Trim(before+after, " ")
		}
	}
	return noMoney, gap
}

// moneyBefore reads a currency before token i, unless it belongs to the amount before.
func (r *reader) moneyBefore(i, start, used int) (money, int) {
	gap := r.gap(i)
	for _, s := range moneySigns[:5] {
		if trimmed := strings.TrimRight(gap, " "); strings.HasSuffix(trimmed, s.sign) && !(i == used && used > 0 && strings.TrimSpace(gap) == s.sign && !strings.HasPrefix(gap, " ")) {
			return s.money, start - len(gap) + len(trimmed) - len(s.sign)
		}
	}
	j := i - 1
	if j < used || !r.is(j, currency) || r.is(j, afterOnly) || len(gap) > 3 || strings.Trim(gap, " .:") != "" {
		return noMoney, start
	}
	if m := r.of[j].money; (m == nok || m == sek) && !r.capital(j) && r.bare(i) < leastBare {
		return noMoney, start // nok is enough, sek is seconds
	}
	return r.of[j].money, int(r.Tokens[j].Start)
}

// bare is the number of token i alone.
func (r *reader) bare(i int) float64 {
	a, _ := r.amount(i)
	return a.value
}

// moneyAfter reads a currency before token k, which follows an amount, or as token k. It returns the next token and where the currency
// ends.
func (r *reader) moneyAfter(k int) (m money, next, stop int) {
	gap := r.gap(k)
	stop = len(r.Text) - len(gap)
	if k < len(r.Tokens) {
		stop = int(r.Tokens[k].Start) - len(gap)
	}
	trimmed := strings.TrimLeft(gap, " ")
	space := len(gap) - len(trimmed)
	for _, s := range moneySigns {
		if strings.HasPrefix(trimmed, s.sign) && space <= 1 && !(s.money != crown && r.digits(k) && strings.HasSuffix(gap, s.sign) && space == 1) {
			return s.money, k, stop + space + len(s.sign)
		}
	}
	if trimmed = strings.TrimLeft(trimmed, "+*"); k >= len(r.Tokens) || trimmed != "" || space > 2 || !r.is(k, currency) {
		return noMoney, k, stop
	}
	if r.of[k].money == sek && !r.capital(k) && r.bare(k-1) < leastBare && space == 1 || r.belongsToNext(k) {
		return noMoney, k, stop
	}
	return r.of[k].money, k + 1, int(r.Tokens[k].End)
}

// belongsToNext says that a currency that stands between two amounts is that of the second: "30 min kr 600, 1 time kr 1000" has none
// after a number.
func (r *reader) belongsToNext(k int) bool {
	return !r.is(k, afterOnly) && r.digits(k+1) && r.gap(k+1) == " " && r.gap(k) != "" && !r.is(k+2, timeNoun) && r.precededByMoney(k)
}

// precededByMoney says whether the amount before the currency at token k has its own currency before it.
func (r *reader) precededByMoney(k int) bool {
	i := k - 1
	for i > 0 && k-i < 4 && r.digits(i-1) {
		i--
	}
	return r.is(i-1, currency) && !r.is(i-1, afterOnly)
}
