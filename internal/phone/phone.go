// Package phone finds phone numbers in what people write and gives each its one international spelling, E.164.
//
// It promises that only numbers valid in their country come out, that each names the bytes it was read from, and that prices,
// dates, times and organisation numbers are not taken for phones. A number's country is never scored.
//
// A text is read in four steps: its tokens become atoms (digits, number words, letters meant as digits); what is money, time or
// another number is cut out; the atoms between which a number's separators stand are runs; and the longest valid windows of a run
// are numbers. All is linear in the text.
package phone

import (
	"strings"
	"sync"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"varde/internal/text"
)

// Match is one number found in a text.
type Match struct {
	// E164 is the number in international form, such as +4741234567.
	E164 string
	// Start and End are the bytes of the text it was read from.
	Start, End int
	// Obscured says that it was written so that a search for it fails: digits as words, letters or signs, odd or invisible
	// characters between them. Spaces, dots, hyphens, slashes and brackets are ordinary.
	Obscured bool
	// Spelled says that the digits themselves were obscured, not only what stands between them.
	Spelled bool
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

// Bounds of one text: nobody gives more numbers, and a text in which more often something like a number is none is an attack.
// Asking the library takes as long as asking is worth of the simpler tries.
const (
	asking      = 40
	mostNumbers = 500
	mostTries   = 200_000
)

// Lengths of numbers with country code: E.164 allows 15 digits; a few countries have 7.
const (
	leastDigits = 7
	mostDigits  = 15
)

var readers = sync.Pool{New: func() any { return new(reader) }}

// Find returns the numbers in a text in the order in which they stand. region is the country in which a number without prefix is
// read.
func Find(d *text.Doc, region string) []Match {
	r := readers.Get().(*reader)
	defer r.release()
	r.start(d, region)
	r.read()
	if !r.possible() {
		return nil
	}
	r.cutLookalikes()
	r.runs()
	return r.found
}

func (r *reader) start(d *text.Doc, region string) {
	r.doc, r.region, r.atoms, r.tries, r.found = d, region, r.atoms[:0], mostTries, nil
	r.abroad, r.asked = "", false
}

// mostKept is the longest list of atoms that is kept for the next text.
const mostKept = 1 << 12

func (r *reader) release() {
	r.doc, r.found = nil, nil
	if cap(r.atoms) <= mostKept {
		clear(r.atoms[:cap(r.atoms)])
		readers.Put(r)
	}
}
