package extract

import (
	"strings"

	"varde/internal/ad"
	"varde/internal/text"
)

// YoungLimits reads the ages under 18 that a text asks at least of applicants or lodgers: "fra 16 år", "16+", "minimum age 15", "от 16
// лет". Limits that clients must keep are 18 and above, so that they are not among them.
func YoungLimits(d *text.Doc) (out []ad.Value) {
	r := newReader(d)
	for i := 0; i < len(r.Tokens) && len(out) < mostOfAKind; i++ {
		n, next := r.number(i)
		if n < leastAge || n >= adult || r.part(i, next) || r.ofAnother(i, r.yearsEnd(next), false) || r.refused(i) {
			continue
		}
		if last, ok := r.youngLimit(i, next); ok {
			out = append(out, ad.Value{Kind: ad.AgeValue, Number: float64(n), Evidence: r.tokens(i, last)})
		}
	}
	return out
}

// youngLimit says whether the number of tokens first to next is a least age, and which token ends it.
func (r *reader) youngLimit(first, next int) (last int, ok bool) {
	years := r.yearsEnd(next)
	switch r.at(next) {
	case "til", "to", "do", "до", "a", "iki", "till": // "16 til 18 år": the first is the least
		if top, after := r.number(next + 1); top > 0 && r.yearsEnd(after) > after {
			years = next
			if r.least(first) {
				return r.yearsEnd(after) - 1, true
			}
		}
	}
	if strings.HasPrefix(r.gap(next), "+") && (r.is(first-1, ageLabel|personNoun) || r.is(next, yearsWord) && strings.TrimSpace(r.gap(next)) == "+") {
		return max(next-1, first), true
	}
	if years == next || r.elsewhere(first, years) && !r.least(first) {
		return 0, false
	}
	if r.least(first) && !r.ofSomethingElse(first, years) {
		return years - 1, true
	}
	for j := years; j < min(years+3, len(r.Tokens)); j++ {
		switch r.Word(j) {
		case "older", "eldre", "oppover", "above", "over", "старше", "starsze", "wiecej", "mas", "aldre", "uppat", "daugiau":
			return j, true
		}
		if strings.ContainsAny(r.gap(j), ".!?;\n") {
			break
		}
	}
	return 0, false
}

// ofSomethingElse says that years that are asked at least are of experience and the like. English has no word for years of age alone.
func (r *reader) ofSomethingElse(first, years int) bool {
	for j := years; j < min(years+8, len(r.Tokens)) && !strings.ContainsAny(r.gap(j), ".!?;\n"); j++ {
		if r.is(j, notAge) && !r.is(j, personNoun) {
			return true
		}
	}
	switch r.Word(years - 1) {
	case "years", "year", "yrs", "yr":
		return r.at(first-1) != "from" && r.at(first-1) != "aged" && !r.is(first-2, ageLabel) && r.at(years+1) != "age"
	}
	return false
}

// least says that the words before a number make it the least: from, minimum, fylt.
func (r *reader) least(first int) bool {
	for j := first - 1; j >= max(0, first-2); j-- {
		if strings.ContainsAny(r.gap(j+1), ".!?;\n") {
			return false
		}
		switch r.Word(j) {
		case "fra", "from", "minimum", "min", "minst", "least", "over", "fylt", "od", "от", "с", "від", "nuo", "desde", "mind", "mindst", "fran", "minimalnie", "ukonczone", "fyllt", "aged", "peste", "powyzej", "mellom", "between", "mellan":
			return true
		case "la": // de la 16 ani
			return r.at(j-1) == "de"
		}
	}
	return false
}
