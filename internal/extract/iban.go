package extract

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/text"
)

// ibanLengths are the lengths of account numbers by country (SWIFT, IBAN Registry, release 99).
var ibanLengths = func() map[string]int {
	m := map[string]int{}
	for _, f := range strings.Fields("ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 br29 by28 ch21 cr22 cy28 cz24 de22 dk18 do28 ee20 eg29 es24 fi18 fo18 fr27 gb22 ge22 " +
		"gi23 gl18 gr27 gt28 hr21 hu28 ie22 il23 iq23 is26 it27 jo30 kw30 kz20 lb28 lc32 li21 lt20 lu20 lv21 ly25 mc27 md24 me22 mk19 mr27 mt31 mu30 nl18 no15 pk24 pl28 " +
		"ps29 pt25 qa29 ro24 rs22 sa24 sc31 se24 si19 sk24 sm27 st25 sv28 tl23 tn24 tr26 ua29 va22 vg24 xk20") {
		m[f[:2]], _ = strconv.Atoi(f[2:])
	}
	return m
}()

// longestIBAN is the longest of them.
const longestIBAN = 34

// iban reads an international account number that begins at a token of two letters.
func (p *payments) iban(i int) {
	start := int(p.d.Tokens[i].Start)
	size := ibanLengths[p.s[start:start+2]]
	if size == 0 || i+1 >= len(p.d.Tokens) || p.d.Tokens[i+1].Kind != text.Digits || start > 0 && wordBefore(p.s, start) {
		return
	}
	apart := p.d.Tokens[i+1].Start - p.d.Tokens[i].End
	if apart > 1 || apart == 1 && (!p.capital(start) || p.s[start+2] != ' ') { // "no 93 …" is prose, "NO 93 …" is not
		return
	}
	var b [longestIBAN]byte
	n, end := 0, start
	for at := start; at < len(p.s) && n < size; at++ {
		switch c := p.s[at]; {
		case isAlnum(c):
			b[n] = c
			n++
			end = at + 1
		case (c == ' ' || c == '-' || c == '.') && isAlnum(p.s[at-1]):
		default:
			return
		}
	}
	if n < size || wordAfter(p.s, end) {
		return
	}
	account := strings.ToUpper(string(b[:n]))
	if mod97(account[4:]+account[:4]) != 1 || account[:2] == "NO" && !validNorwegian(account[4:]) {
		return
	}
	p.found = append(p.found, Payment{Value: "iban:" + account, Start: start, End: end})
}

// capital says that the original has capitals at a place of the folded text.
func (p *payments) capital(at int) bool {
	from, _ := p.d.Span(at, at+1)
	r, _ := utf8.DecodeRuneInString(p.d.Source[from:])
	return unicode.IsUpper(r)
}

// mod97 is the remainder of ISO 7064, letters being 10 to 35.
func mod97(s string) int {
	rest := 0
	for i := range len(s) {
		switch c := s[i]; {
		case isNumeral(c):
			rest = (rest*10 + int(c-'0')) % 97
		default:
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}

// norwegianAccount is the length of a Norwegian account number.
const norwegianAccount = 11

// norwegian reads a Norwegian account number, 1234.56.78903, which is its IBAN too.
func (p *payments) norwegian(start, at int) {
	if p.region != "" && p.region != "NO" || !isNumeral(p.s[at]) {
		return
	}
	account, end := p.digits(at, norwegianAccount)
	if len(account) != norwegianAccount || wordAfter(p.s, end) || !validNorwegian(account) {
		return
	}
	check := 98 - mod97(account+"NO00")
	p.found = append(p.found, Payment{Value: "iban:NO" + strconv.Itoa(check/10) + strconv.Itoa(check%10) + account, Start: start, End: end})
}

// validNorwegian checks the last digit of a Norwegian account number (modulus 11, Bits: "Kontonummer og IBAN").
func validNorwegian(account string) bool {
	return len(account) == norwegianAccount && mod11(account, "5432765432")
}

// mod11 says whether the last digit of a number checks the others by their weights.
func mod11(number, weights string) bool {
	if len(number) != len(weights)+1 {
		return false
	}
	sum := 0
	for i := range len(weights) {
		if !isNumeral(number[i]) {
			return false
		}
		sum += int(number[i]-'0') * int(weights[i]-'0')
	}
	check := (11 - sum%11) % 11
	return check < 10 && int(number[len(weights)]-'0') == check
}
