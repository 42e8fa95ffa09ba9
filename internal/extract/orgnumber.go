package extract

import (
	"strings"

	"varde/internal/text"
)

// OrgNumber is a Norwegian organisation number, with the bytes of the original it was read from.
type OrgNumber struct {
	Number string
	// Valid says that it begins with 8 or 9 and its last digit checks the others (Brønnøysundregistrene: "Organisasjonsnummeret").
	Valid      bool
	Start, End int
}

const orgDigits = 9

// orgWords are words that announce an organisation number; "org" and what follows them are told by orgParts.
var orgWords = wordSet("orgnr orgno orgnummer organisasjonsnr organisasjonsnummer organisasjonsnummeret organisationsnummer foretaksnr foretaksnummer mva vat")

// orgParts follow "org": org. nr., org no, org-nummer.
var orgParts = wordSet("nr no nummer num number nummeret")

// OrgNumbers reads Norwegian organisation numbers. One that a word announces is read also where it is wrong; one that stands alone with
// MVA behind only where it is right. Digits alone are no organisation number: they may be a phone.
func OrgNumbers(d *text.Doc) (out []OrgNumber) {
	for i, t := range d.Tokens {
		if t.Kind != text.Letters || t.End-t.Start > longestAnchor {
			continue
		}
		at, word := int(t.End), d.Text[t.Start:t.End]
		switch {
		case word == "org" || word == "organisation" || word == "organization" || word == "organisasjons":
			if i+1 >= len(d.Tokens) || !orgParts[d.Word(i+1)] || d.Tokens[i+1].Start-t.End > 2 {
				continue
			}
			at = int(d.Tokens[i+1].End)
		case word == "mva": // 923 609 016 MVA
			if n, ok := orgBefore(d, int(t.Start)); ok && (len(out) == 0 || out[len(out)-1].End <= n.Start) {
				out = append(out, n)
			}
			continue
		case !orgWords[word]:
			continue
		}
		if n, ok := orgAfter(d, at); ok {
			out = append(out, n)
		}
	}
	return out
}

// orgAfter reads the number that stands after a word, past a colon or "NO".
func orgAfter(d *text.Doc, at int) (n OrgNumber, ok bool) {
	s := d.Text
	at += runOf(s[at:], 6, func(b byte) bool { return strings.IndexByte(" .:-#(", b) >= 0 })
	if strings.HasPrefix(s[at:], "no") {
		at += 2
		at += runOf(s[at:], 2, func(b byte) bool { return b == ' ' || b == '-' })
	}
	p := payments{d: d, s: s}
	digits, end := p.digits(at, orgDigits)
	if len(digits) != orgDigits || wordAfter(s, end) && !strings.HasPrefix(s[end:], "mva") {
		return n, false
	}
	if rest := strings.TrimLeft(s[end:], "- "); strings.HasPrefix(s[end:], "-") && rest != "" && isNumeral(rest[0]) { // the Swedish 556036-0793 is longer
		return n, false
	}
	return orgNumber(d, digits, at, end), true
}

// orgBefore reads the number that ends before a place.
func orgBefore(d *text.Doc, at int) (n OrgNumber, ok bool) {
	s := d.Text
	end := at - runBack(s[:at], mostBlanks, isBlank)
	start, digits := end, ""
	for start > 0 && len(digits) < orgDigits {
		c := s[start-1]
		if isNumeral(c) {
			digits = string(c) + digits
		} else if c != ' ' || start == end || !isNumeral(s[start]) {
			break
		}
		start--
	}
	if len(digits) != orgDigits || start > 0 && isNumeral(s[start-1]) {
		return n, false
	}
	n = orgNumber(d, digits, start, end)
	return n, n.Valid
}

func orgNumber(d *text.Doc, digits string, start, end int) OrgNumber {
	n := OrgNumber{Number: digits, Valid: (digits[0] == '8' || digits[0] == '9') && mod11(digits, "32765432")}
	n.Start, n.End = d.Span(start, end)
	return n
}
