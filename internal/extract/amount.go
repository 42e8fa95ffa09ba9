package extract

import (
	"strconv"
	"strings"
)

// amount is a number as people write sums: groups of three by space, point, comma or apostrophe, decimals by comma or point, and k for
// thousands.
type amount struct {
	value float64
	// next is the token after it, stop where it ends in the folded text.
	next, stop int
	// thousands says that it was written with k or a word for thousand; plain that it was digits only.
	thousands, plain bool
}

// longestAmount is more digits than any sum has.
const longestAmount = 9

// amount reads the number that begins with token i, which is digits.
func (r *reader) amount(i int) (a amount, ok bool) {
	digits := r.Word(i)
	if len(digits) > longestAmount {
		return a, false
	}
	next := i + 1
	if len(digits) <= 3 && digits[0] != '0' {
		digits, next = r.groups(i, digits)
	}
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return a, false
	}
	a = amount{value: value, next: next, plain: next == i+1}
	if r.digits(next) && (r.gap(next) == "," || r.gap(next) == ".") && len(r.Word(next)) <= 2 {
		if value, err = strconv.ParseFloat(digits+"."+r.Word(next), 64); err != nil || r.digits(next+1) && r.gap(next+1) == "." {
			return a, false // a date
		}
		a.value, a.next, a.plain = value, next+1, false
	}
	if r.is(a.next, million) && r.near(a.next) {
		return a, false
	}
	a.stop = int(r.Tokens[a.next-1].End)
	if r.is(a.next, thousand) && r.near(a.next) {
		a.value, a.thousands, a.stop = a.value*1000, true, int(r.Tokens[a.next].End)
		a.next++
	}
	return a, true
}

// groups reads the groups of three that follow the first digits, all with one separator. What looks like a phone is left alone.
func (r *reader) groups(i int, first string) (digits string, next int) {
	digits, next = first, i+1
	separator := ""
	for r.digits(next) && len(r.Word(next)) == 3 && len(digits) < longestAmount {
		gap := r.gap(next)
		if !strings.Contains(" .,'’", gap) || gap == "" || separator != "" && gap != separator {
			break
		}
		separator = gap
		digits += r.Word(next)
		next++
	}
	if separator == " " && (r.digits(next) && r.gap(next) == " " && !r.is(next+1, timeNoun) || i > 0 && r.digits(i-1) && r.gap(i) == " ") {
		return first, i + 1
	}
	return digits, next
}
