package extract

import (
	"strings"

	"varde/internal/ad"
)

// mostPersons is more than one ad offers.
const mostPersons = 12

// persons reads how many persons the text offers. Whether they are women or men is not kept.
func (r *reader) persons() (out []ad.Value) {
	for i := 0; i < len(r.Tokens) && len(out) < mostOfAKind; i++ {
		n := r.small(i)
		if n < 2 || n > mostPersons || r.part(i, i+1) || r.is(i-1, countOther) && !r.is(i-1, plural) {
			continue
		}
		v := ad.Value{Kind: ad.PersonsValue, Number: float64(n)}
		end := i + 1
		if gap := strings.TrimSpace(r.gap(end)); gap == "-" || gap == "–" {
			if to := r.small(end); to > n && to <= mostPersons {
				v.To = float64(to)
				end++
			}
		}
		if noun := r.personsAt(end); noun > 0 {
			v.Evidence = r.tokens(i, noun)
			out = append(out, v)
			i = noun
			continue
		}
		if start := r.weAre(i); start >= 0 && r.endsHere(end) {
			v.Evidence = r.tokens(start, end-1)
			out = append(out, v)
		}
	}
	return out
}

// personsAt finds the word for persons that a number counts, at token k or after up to two words of praise. It is 0 where there is none.
func (r *reader) personsAt(k int) int {
	for j := k; j < min(k+3, len(r.Tokens)); j++ {
		if gap := strings.Trim(r.gap(j), " -"); gap != "" && !(j > k && gap == ",") {
			return 0
		}
		if r.is(j, personNoun) {
			return j
		}
		if r.digits(j) || r.is(j, timeNoun|currency|yearsWord|measure|placeWord) {
			return 0
		}
	}
	return 0
}

// weAre finds "vi er" or a like before token i, or -1.
func (r *reader) weAre(i int) int {
	for j := i - 1; j >= max(0, i-2); j-- {
		if !r.near(j + 1) {
			return -1
		}
		if r.is(j, plural) {
			return j
		}
	}
	return -1
}

// endsHere says that no counted thing follows: "we are two" and not "we are two minutes away".
func (r *reader) endsHere(k int) bool {
	return k >= len(r.Tokens) || strings.ContainsAny(r.gap(k), ".,!?;:\n") || r.is(k, and|placeWord)
}
