package extract

import "strings"

// addNumerals adds the numbers of a language: one to nineteen, the tens, and the words that Scandinavians and Spaniards write as one
// (tjuefem, femogtyve, veinticinco).
func addNumerals(add func(string, lexeme), language struct{ small, tens string }) {
	smalls, tens := strings.Fields(language.small), strings.Fields(language.tens)
	forms := func(s string) []string {
		var out []string
		for _, f := range strings.Split(s, "|") {
			if !strings.HasSuffix(f, "_") { // a number that is another word in some language
				out = append(out, f)
			}
		}
		return out
	}
	for i, s := range smalls {
		for _, f := range forms(s) {
			add(f, lexeme{is: numeral, n: uint8(i + 1)})
		}
	}
	for i, t := range tens {
		for _, ten := range forms(t) {
			n := 20 + 10*i
			add(ten, lexeme{is: numeral, n: uint8(n)})
			for j, s := range smalls[:9] {
				for _, one := range forms(s) {
					compound := lexeme{is: numeral, n: uint8(n + j + 1)}
					add(ten+one, compound)
					add(one+"og"+ten, compound)
					if ten == "veinte" {
						add("veinti"+one, compound)
					}
				}
			}
		}
	}
}

// number reads a number in digits or words at token i, words of tens and ones together, and returns the token after it; n is -1 where
// there is none.
func (r *reader) number(i int) (n, next int) {
	n = r.small(i)
	if n < 20 || n > 90 || n%10 != 0 || !r.is(i, numeral) {
		return n, i + 1
	}
	next = i + 1
	if r.is(next, and) && r.near(next) && r.is(next+1, numeral) && r.near(next+1) && r.of[next+1].n < 10 {
		return n + int(r.of[next+1].n), next + 2
	}
	if next < len(r.of) && r.is(next, numeral) && r.of[next].n < 10 && (r.near(next) || r.gap(next) == "-") {
		return n + int(r.of[next].n), next + 1
	}
	return n, next
}
