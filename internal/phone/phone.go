// Package phone finds phone numbers in what people write and gives each its one international spelling, E.164.
//
// It promises that only numbers valid in their country come out, that each names the bytes it was read from, and that prices,
// dates, times and organisation numbers are not taken for phones. A number's country is never scored.
package phone

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"varde/internal/text"
)

// Match is one number found in a text.
type Match struct {
	// E164 is the number in international form, such as +4741234567.
	E164 string
	// Start and End are the bytes of the text it was read from.
	Start, End int
	// Obscured says that it was written so that a search for it fails: digits as words or signs, or odd characters between
	// them. Spaces, dots, hyphens, slashes and brackets are ordinary.
	Obscured bool
}

// Parse reads a string that is nothing but a number, in the spelling of region (ISO 3166).
func Parse(s, region string) (e164 string, ok bool) {
	if strings.ContainsFunc(s, unicode.IsLetter) { // the library would read letters as on a telephone keypad
		return "", false
	}
	n, err := phonenumbers.Parse(s, region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// digitWords are the digits as words in the languages of configs/lexicons. Words that also mean something else count only
// where they stand among other digits.
var digitWords = map[string]string{
	"null": "0", "zero": "0", "en": "1", "ein": "1", "ett": "1", "one": "1", "to": "2", "two": "2", "tre": "3", "three": "3",
	"fire": "4", "four": "4", "fem": "5", "five": "5", "seks": "6", "six": "6", "sju": "7", "syv": "7", "seven": "7", "atte": "8",
	"eight": "8", "ni": "9", "nine": "9",
}

// piece is a run of digits, or a digit word, of the folded text.
type piece struct {
	digits     string
	start, end int
	word       bool
	// odd says that characters between it and the piece before, or in it, are not those of an ordinary number.
	odd bool
	// plus says that + or 00 stands before it.
	plus bool
}

// notPhones are dates, times, ranges of hours, money and organisation numbers.
var notPhones = regexp.MustCompile(`\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}\b|\b(?:19|20)\d{2}-\d{2}-\d{2}\b|\b\d{1,2}[.:]\d{2}(?:\s*[-–]\s*\d{1,2}[.:]\d{2})?\b` +
	`|(?:kr|nok|sek|dkk|eur|usd|€|\$|£)\.?\s*\d{1,3}(?:[ .]\d{3})*(?:,\d+)?|\d{1,3}(?:[ .]\d{3})*(?:,\d+)?\s*(?:kr|nok|sek|dkk|eur|usd|€|\$|£|,-|:-)` +
	`|\borg(?:\.|anisasjons)?\s?-?(?:nr|nummer)?\.?:?\s*\d[\d ]{7,10}\d|#[a-z]+_[0-9a-f]+#|[0-9a-f]{20,}`)

// Find returns the numbers in s in the order in which they stand. region is the country in which a number without prefix is
// read.
func Find(s, region string) []Match {
	f := text.Fold(s)
	if !enoughDigits(f.Text) {
		return nil
	}
	masked := mask(f.Text)
	var out []Match
	for _, run := range runs(masked, &f) {
		for i := 0; i < len(run); {
			m, used := first(run[i:], region)
			if used == 0 {
				i++
				continue
			}
			m.Start, m.End = f.Span(m.Start, m.End)
			m.Start = trimStart(s, m.Start, m.End)
			out = append(out, m)
			i += used
		}
	}
	return out
}

// enoughDigits says whether digits and words could make a number at all; most texts without one are done here.
func enoughDigits(s string) bool {
	n := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	if n >= leastDigits {
		return true
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if digitWords[w] != "" {
			n++
		}
	}
	return n >= leastDigits
}

// mask blanks what is certainly not a phone, keeping the length. Long hexadecimal strings go too: digits in a hash are no phone.
func mask(s string) string {
	return notPhones.ReplaceAllStringFunc(s, func(m string) string { return strings.Repeat("\x00", len(m)) })
}

var word = regexp.MustCompile(`\d+|\pL+`)

// mostBetween is how many characters may stand between two digits of one number.
const mostBetween = 3

// runs cuts text into runs of pieces that may form one number.
func runs(s string, f *text.Folded) [][]piece {
	var all [][]piece
	var run []piece
	last := 0
	for _, at := range word.FindAllStringIndex(s, -1) {
		p := piece{digits: s[at[0]:at[1]], start: at[0], end: at[1]}
		if !isDigit(p.digits[0]) {
			d, ok := digitWords[p.digits]
			if !ok {
				if len(run) > 0 {
					all, run = append(all, run), nil
				}
				continue
			}
			p.digits, p.word = d, true
		}
		p.odd = p.word || f.Changed(p.start, p.end)
		between := s[last:p.start]
		p.plus = strings.HasSuffix(strings.TrimRight(between, " ("), "+") || strings.HasPrefix(p.digits, "00") && len(p.digits) > 3
		if len(run) > 0 {
			far := utf8.RuneCountInString(between) > mostBetween || strings.ContainsAny(between, "\n\x00")
			if far || p.plus {
				all, run = append(all, run), nil
			} else if strings.Trim(between, " .-/()") != "" {
				p.odd = true
			}
		}
		run = append(run, p)
		last = p.end
	}
	if len(run) > 0 {
		all = append(all, run)
	}
	return all
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// Lengths of numbers without and with country code: E.164 allows 15 digits; Norwegian ones have 8.
const (
	leastDigits = 7
	mostDigits  = 15
)

// first reads the longest valid number at the beginning of a run and says how many pieces it used.
func first(run []piece, region string) (Match, int) {
	digits, words, odd := "", 0, false
	var best Match
	used := 0
	for i, p := range run {
		digits += p.digits
		if len(digits) > mostDigits+2 {
			break
		}
		if p.word {
			words++
		}
		odd = odd || p.odd
		if len(digits) < leastDigits || priceList(run[:i+1]) {
			continue
		}
		spelled := digits
		if run[0].plus {
			spelled = "+" + strings.TrimPrefix(digits, "00")
		}
		if e164, ok := Parse(spelled, region); ok && (words == 0 || words >= 4 || words < len(digits)/2) {
			best, used = Match{E164: e164, Start: run[0].start, End: p.end, Obscured: odd}, i+1
		} else if e164, ok := Parse("+"+digits, ""); ok && !run[0].plus && used == 0 && region != "" && e164 == withCode(digits, region) {
			best, used = Match{E164: e164, Start: run[0].start, End: p.end, Obscured: odd}, i+1
		}
	}
	return best, used
}

// withCode is the number as written with the region's own country code but without plus, as in 4741234567.
func withCode(digits, region string) string {
	code := phonenumbers.GetCountryCodeForRegion(region)
	if code == 0 || !strings.HasPrefix(digits, strconv.Itoa(code)) {
		return ""
	}
	return "+" + digits
}

// priceList says that the pieces look like prices beside each other: 1000 1800, or 1500/2500.
func priceList(pieces []piece) bool {
	if len(pieces) < 2 || pieces[0].plus {
		return false
	}
	for _, p := range pieces {
		if p.word || len(p.digits) < 3 || !strings.HasSuffix(p.digits, "00") {
			return false
		}
	}
	return true
}

// trimStart moves over the plus and bracket that belong to a number.
func trimStart(s string, start, end int) int {
	for i := start; i > 0 && start-i < 4; i-- {
		switch s[i-1] {
		case ' ', '(':
			continue
		case '+':
			return i - 1
		}
		break
	}
	return min(start, end)
}
