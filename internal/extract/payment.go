package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/phone"
	"varde/internal/text"
)

// Payment is an account that money is asked to, with the bytes of the original it was read from.
type Payment struct {
	// Value is system:account, such as vipps:123456, iban:NO9386011117947 or btc:bc1q…; a Norwegian account number is its IBAN.
	Value      string
	Start, End int
}

// payments collects what is found in one text. Spans are of the folded text until the end.
type payments struct {
	d      *text.Doc
	s      string
	region string
	found  []Payment
}

// Payments reads accounts of Vipps, MobilePay, Swish, BLIK, Revolut, PayPal, Cash App and Venmo, bank accounts and addresses of
// cryptocurrencies, in the order in which they stand. What has a checksum is checked: a wrong one gives nothing. region is the country in
// which a phone or account number without prefix is read.
func Payments(d *text.Doc, region string) []Payment {
	p := &payments{d: d, s: d.Text, region: region}
	run := -1
	for i, t := range d.Tokens {
		if n := int(t.End - t.Start); t.Kind == text.Letters && n >= shortestSystem && n <= longestSystem {
			if w, ok := systemWords[d.Text[t.Start:t.End]]; ok {
				p.announced(w, i)
			}
		}
		if t.Kind == text.Letters && t.End-t.Start == 2 {
			p.iban(i)
		}
		if i > run { // the first token of a run of letters and digits
			for run = i; run+1 < len(d.Tokens) && d.Tokens[run+1].Start == d.Tokens[run].End; {
				run++
			}
			if start, end := int(t.Start), int(d.Tokens[run].End); end-start >= leastCrypto && end-start <= mostCrypto {
				p.crypto(start, end)
			}
		}
	}
	slices.SortStableFunc(p.found, func(a, b Payment) int { return a.Start - b.Start })
	for i := range p.found {
		p.found[i].Start, p.found[i].End = d.Span(p.found[i].Start, p.found[i].End)
	}
	return p.found
}

// systemWord is what a word announces.
type systemWord struct {
	system string
	// country is where the system's phones are, "" for wherever the ad is.
	country string
	// short says that the system gives numbers of five and six digits.
	short bool
	// tag is the sign that its names begin with.
	tag byte
}

var systemWords = func() map[string]systemWord {
	m := map[string]systemWord{}
	for words, w := range map[string]systemWord{
		"vipps vippse vippses vippsnummer vippsnr": {system: "vipps", country: "NO", short: true},
		"mobilepay":                        {system: "mobilepay", country: "DK", short: true},
		"swish swisha swishnummer swishnr": {system: "swish", country: "SE"},
		"blik blikiem blika":               {system: "blik", country: "PL"},
		"revolut revolutem revtag револют": {system: "revolut", tag: '@'},
		"paypal пейпал":                    {system: "paypal", tag: '@'},
		"cashapp cash":                     {system: "cashapp", tag: '$'},
		"venmo":                            {system: "venmo", tag: '@'},
		"konto kontonr kontonummer kontonummeret kto bankkonto bankkontonummer account acct": {system: "iban"},
	} {
		for _, f := range folded(words) {
			m[f] = w
		}
	}
	return m
}()

// The shortest and longest words of systemWords, in bytes.
const (
	shortestSystem = 3
	longestSystem  = 16
)

// payLinks stand between a system's word and the account.
var payLinks = wordSet("til to på nr nummer number no er is meg me mitt min my gjerne konto kontonummer mobil telefon tlf tel phone kasse box tag nick name id app pay " +
	"på na numer telefonu till mot numret nummeret kontonr numeris la el en al numero número på: via for bank norsk norwegian")

// mostPayLinks is how many such words may stand between.
const mostPayLinks = 3

// announced reads the account that a word at a token announces.
func (p *payments) announced(w systemWord, i int) {
	start, at := int(p.d.Tokens[i].Start), int(p.d.Tokens[i].End)
	if p.s[start:at] == "cash" {
		if !strings.HasPrefix(p.s[at:], " app") {
			return
		}
		at += len(" app")
	}
	if w.system == "mobilepay" && i > 0 && p.d.Word(i-1) == "vipps" { // one company, one number
		w = systemWords["vipps"]
	}
	named := false
	for range mostPayLinks + 1 {
		next, ok := p.between(at)
		if !ok {
			return
		}
		at = next
		n := letters(p.s[at:], longestAnchor)
		if n == 0 || !payLinks[p.s[at:at+n]] {
			break
		}
		named = true
		at += n
	}
	switch {
	case w.system == "iban":
		p.norwegian(start, at)
	case w.tag != 0:
		p.tagged(w, start, at)
	default:
		p.numbered(w, start, at, named)
	}
}

// between passes over what stands between two words; ok is false where a sentence ends.
func (p *payments) between(at int) (next int, ok bool) {
	for next = at; next < len(p.s) && next-at < mostGap; {
		r, n := utf8.DecodeRuneInString(p.s[next:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '@' || r == '$' {
			return next, next > at
		}
		if strings.ContainsRune(";!?", r) || r == '.' && (next+n >= len(p.s) || p.s[next+n] == ' ' && next == at && n > 1) {
			return 0, false
		}
		next += n
	}
	return 0, false
}

// numbered reads the number of a system that goes by numbers and phones.
func (p *payments) numbered(w systemWord, start, at int, named bool) {
	if p.s[at] != '+' && !isNumeral(p.s[at]) {
		return
	}
	first := runOf(p.s[at:], mostDigits, isNumeral)
	if end := at + first; w.short && (first == 5 || first == 6) && !wordAfter(p.s, end) && !p.money(at, end, named) {
		if next := end + runOf(p.s[end:], 1, isBlank); next >= len(p.s) || !isNumeral(p.s[next]) {
			p.found = append(p.found, Payment{Value: w.system + ":" + p.s[at:end], Start: start, End: end})
			return
		}
	}
	if end := p.grouped(at); w.short && end > 0 && numberWords[p.s[start:start+letters(p.s[start:], longestAnchor)]] && !p.money(at, end, true) {
		p.found = append(p.found, Payment{Value: w.system + ":" + p.s[at:at+first] + p.s[end-first:end], Start: start, End: end})
		return
	}
	digits, end := p.digits(at, 10)
	if w.system == "swish" && len(digits) == 10 && strings.HasPrefix(digits, "123") && !wordAfter(p.s, end) { // numbers of firms
		p.found = append(p.found, Payment{Value: "swish:" + digits, Start: start, End: end})
		return
	}
	region := w.country
	if p.region != "" && (w.system == "mobilepay" && p.region == "FI" || region == "") {
		region = p.region
	}
	if e164, end, ok := p.phoneAt(at, region); ok {
		p.found = append(p.found, Payment{Value: w.system + ":" + e164, Start: start, End: end})
	}
}

// numberWords name a number of a system by themselves, so that two groups of three digits behind one are no amount: Vippsnr 614 203.
var numberWords = wordSet("vippsnummer vippsnr")

// grouped is where two groups of three digits end that begin at a place, 0 where there are none.
func (p *payments) grouped(at int) int {
	end := at + 7
	if end > len(p.s) || runOf(p.s[at:], 4, isNumeral) != 3 || p.s[at+3] != ' ' || runOf(p.s[at+4:], 4, isNumeral) != 3 || wordAfter(p.s, end) {
		return 0
	}
	if end+1 < len(p.s) && (p.s[end] == ' ' || p.s[end] == '.') && isNumeral(p.s[end+1]) {
		return 0
	}
	return end
}

// mostDigits is more than any number here has.
const mostDigits = 20

// money says that digits are an amount: a currency stands by, or they are as round as prices are. A number that was called one is not.
func (p *payments) money(at, end int, named bool) bool {
	after := strings.TrimLeft(p.s[end:min(len(p.s), end+8)], " ")
	for _, unit := range []string{"kr", "nok", "sek", "dkk", ",-", "eur", "€", ":-", "$"} {
		if strings.HasPrefix(after, unit) {
			return true
		}
	}
	return !named && strings.HasSuffix(p.s[at:end], "00")
}

// digits collects up to n digits with single spaces, dots and hyphens between; end is after the last.
func (p *payments) digits(at, n int) (digits string, end int) {
	var b [mostDigits]byte
	k := 0
	for i := at; i < len(p.s) && k < n && k < mostDigits; i++ {
		switch c := p.s[i]; {
		case isNumeral(c):
			b[k] = c
			k++
			end = i + 1
		case (c == ' ' || c == '.' || c == '-') && k > 0 && isNumeral(p.s[i-1]):
		default:
			return string(b[:k]), end
		}
	}
	return string(b[:k]), end
}

// phoneAt reads a phone in groups of digits: the first few groups that make a valid one.
func (p *payments) phoneAt(at int, region string) (e164 string, end int, ok bool) {
	n := 0
	for i := at; i < len(p.s) && n < mostDigits; i++ {
		c := p.s[i]
		switch {
		case isNumeral(c):
			n++
			if n >= leastPhone && (i+1 >= len(p.s) || !isNumeral(p.s[i+1])) {
				if e164, ok = phone.Parse(p.s[at:i+1], region); ok {
					return e164, i + 1, true
				}
			}
		case c != ' ' && c != '-' && c != '.' && c != '+' && c != '(' && c != ')':
			return "", 0, false
		}
	}
	return "", 0, false
}

// tagged reads the name or mail address of a system that goes by names.
func (p *payments) tagged(w systemWord, start, at int) {
	c := contacts{d: p.d, s: p.s}
	n := runOf(p.s[at:], mostLocal, isLocal)
	if w.system == "paypal" && n > 0 && at+n < len(p.s) && p.s[at+n] == '@' {
		if h, ok := c.hostAt(at+n+1, false); ok {
			p.found = append(p.found, Payment{Value: "paypal:" + p.s[at:at+n] + "@" + h.name, Start: start, End: h.end})
		}
		return
	}
	marked := p.s[at] == w.tag || p.s[at] == '@'
	if marked {
		at++
	}
	name, end := c.nameAt(min(at, len(p.s)))
	if name = accountName(w.system, name); name != "" && isSmall(name[0]) && (marked || w.tag == '@' && like(name)) {
		p.found = append(p.found, Payment{Value: w.system + ":" + name, Start: start, End: end})
	}
}
