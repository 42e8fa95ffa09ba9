package extract

import (
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/text"
)

// Bounds of an age that somebody states: below are children of whom the ad speaks, above are typing errors.
const (
	leastAge = 13
	mostAge  = 89
	// adult is where an age in brackets after a name is believed anywhere; below it must open the text.
	adult = 18
)

// ages reads the ages that the text states of whoever it is about. Experience, opening hours, limits ("18+", "over 18 only"), other
// people's ages and durations are none.
func (r *reader) ages(at time.Time) (out []ad.Value) {
	for i := 0; i < len(r.Tokens) && len(out) < mostOfAKind; i++ {
		if !r.digits(i) && !r.is(i, numeral|born) {
			continue
		}
		if v, next, ok := r.birth(i, at); ok {
			out = append(out, v)
			i = next - 1
			continue
		}
		n, next, ok := r.apart(i)
		if !ok {
			n, next = r.number(i)
		}
		if n < leastAge || n > mostAge {
			continue
		}
		if v, end, ok := r.age(i, next, n); ok {
			out = append(out, v)
			i = end - 1
			continue
		}
		i = next - 1
	}
	return out
}

// apart reads an age under 18 whose digits stand apart, so that a search for the number does not find it: "1 7 y o".
func (r *reader) apart(i int) (n, next int, ok bool) {
	if r.Word(i) != "1" || !r.digits(i+1) || len(r.Word(i+1)) != 1 || r.gap(i+1) == "" || strings.Trim(r.gap(i+1), " ") != "" {
		return 0, i, false
	}
	n, next = 10+r.small(i+1), i+2
	return n, next, n < adult && !(i > 0 && r.digits(i-1)) && !r.digits(next) && r.yearsEnd(next) > next
}

// age reads the number n, of the tokens first to next, as an age.
func (r *reader) age(first, next, n int) (v ad.Value, end int, ok bool) {
	if r.part(first, next) || r.limited(first, next) {
		return v, 0, false
	}
	v = ad.Value{Kind: ad.AgeValue, Number: float64(n)}
	end = next
	if gap := r.gap(next); next < len(r.Tokens) && strings.Trim(gap, " ") == "-" || gap == "–" { // 20-25 år
		if top, after := r.number(next); top > n && top <= mostAge && r.is(after, yearsWord|yearsOld) {
			v.To, end = float64(top), after
		}
	}
	years := r.yearsEnd(end)
	stated, from := r.stated(first)
	switch {
	case years > end && !r.elsewhere(first, years):
		v.Evidence, end = r.tokens(from, years-1), years
	case v.To == 0 && stated && years == end && !r.counts(end):
		v.Evidence = r.tokens(from, end-1)
	case v.To == 0 && r.bracketed(first, end) && (n >= adult || first <= 2):
		v.Evidence = r.tokens(first, end-1)
	case v.To == 0 && n >= leastBareAge && n < adult && r.afterPerson(first, end):
		v.Evidence = r.tokens(first-1, end-1)
	default:
		return v, 0, false
	}
	return v, end, true
}

// part says that the number is part of a larger one, a time or a date.
func (r *reader) part(first, next int) bool {
	if first > 0 && r.digits(first) {
		if gap := r.gap(first); r.digits(first-1) && (gap == "." || gap == "," || gap == ":" || gap == "/" || gap == " ") || gap == "" {
			return true
		}
		if gap := r.gap(first); strings.ContainsAny(gap, "+$€£#@") {
			return true
		}
	}
	gap := r.gap(next)
	if r.digits(next) && (gap == "." || gap == "," || gap == ":" || gap == "/" || gap == " " || gap == "") {
		return true
	}
	return strings.HasPrefix(strings.TrimLeft(gap, " "), "%")
}

// limited says that the number is a limit and nobody's age: "18+", "over 18", "18 or older".
func (r *reader) limited(first, next int) bool {
	if strings.HasPrefix(strings.TrimLeft(r.gap(next), " "), "+") || r.ofReader(first) || r.refused(first) {
		return true
	}
	for j := first - 1; j >= max(0, first-3); j-- {
		if strings.ContainsAny(r.gap(j+1), ".!?;\n") {
			break
		}
		if r.is(j, limit) && !r.is(j, stateAge|ageLabel) {
			if stated, from := r.stated(first); stated && from < j && onlyWords[r.Word(j)] { // "she is only 16"
				break
			}
			return true
		}
	}
	for j := next; j < min(next+4, len(r.Tokens)); j++ {
		if strings.ContainsAny(r.gap(j), ".!?;,\n") && j > next {
			break
		}
		switch r.Word(j) {
		case "older", "over", "above", "eldre", "oppover", "plus", "pluss", "mas", "mayor", "старше", "wiecej", "wzwyz", "wyzej", "uppat", "aldre", "peste", "vyresni", "daugiau", "up", "younger", "yngre", "ældre", "opp":
			return true
		}
	}
	return false
}

// yearsEnd is the token after the words that make a number an age ("år", "years old", "y.o.", "de ani"), or end where there are none.
func (r *reader) yearsEnd(end int) int {
	k := end
	if r.at(k) == "de" && r.near(k) && r.at(k+1) == "ani" {
		k++
	}
	if k >= len(r.Tokens) || strings.Trim(r.plainGap(k), " -") != "" || !r.is(k, yearsWord|yearsOld) {
		return end
	}
	if r.Word(k) == "y" && !strings.HasPrefix(r.gap(k+1), ".") && r.at(k+1) != "o" {
		return end
	}
	k++
	for n := 0; n < 2 && k < len(r.Tokens) && (r.is(k, yearsOld) || r.Word(k) == "o") && strings.Trim(r.plainGap(k), " .-/") == ""; n++ {
		k++
	}
	return k
}

// elsewhere says that the years are not an age: of experience, of a firm, of a child, or a length of time. What stands as
// "years old" or after "I am" always is one.
func (r *reader) elsewhere(first, end int) bool {
	old := r.is(end-1, yearsOld) || r.Word(end-1) == "o"
	stated, _ := r.stated(first)
	if r.ofAnother(first, end, stated) {
		return true
	}
	for j := end; j < min(end+4, len(r.Tokens)); j++ {
		if strings.ContainsAny(r.gap(j), ".!?;,\n") {
			break
		}
		if r.is(j, notAge) && (j == end || !clientWords[r.Word(j)]) { // "17 år tar imot menn"
			return true
		}
	}
	for j := first - 1; j >= max(0, first-4); j-- {
		if strings.ContainsAny(r.gap(j+1), ".!?;\n") {
			break
		}
		if (r.is(j, notAge) || clientWords[r.Word(j)]) && !(old && j == first-1 && r.is(j, personNoun)) {
			return true
		}
	}
	if stated || old {
		return false
	}
	switch r.at(first - 1) { // "i 20 år" is for twenty years
	case "i", "in", "for", "om", "pa", "w", "przez", "za", "через", "в", "en", "hace", "po", "per", "siste", "de", "under", "etter", "after", "within", "prin", "peste", "ca", "a", "med", "with", "z", "con", "cu", "с":
		return r.near(first)
	}
	return false
}

// stated says whether "I am", "Age:" or a like stands before the number, and where that begins.
func (r *reader) stated(first int) (bool, int) {
	j := first - 1
	if j < 0 || len(r.plainGap(first)) > 3 || strings.Trim(r.plainGap(first), " :.-=") != "" {
		return false, first
	}
	if onlyWords[r.Word(j)] && j > 0 && strings.Trim(r.plainGap(j), " ") == "" {
		j--
	}
	if r.is(j, ageLabel) {
		return true, j
	}
	if r.Word(j) == "m" && r.at(j-1) == "i" && len(r.gap(j)) <= 3 { // I'm
		return true, j - 1
	}
	if !r.is(j, stateAge) {
		return false, first
	}
	switch r.Word(j) {
	case "am":
		if prev := r.at(j - 1); prev == "i" || prev == "m" {
			return true, j - 1
		}
		return r.is(first+1, yearsWord) || r.at(first+1) == "de", j
	case "er", "ar", "is", "bin", "ist":
		return sayAge[r.at(j-1)], j - 1
	case "im":
		return r.at(j-1) != "i", j
	case "man", "jestem":
		return r.is(first+1, yearsWord), j
	}
	return true, j
}

// plainGap is what stands before token i, with each sign that decorates ("16 🌸 years") as a space and spaces in a row as one.
func (r *reader) plainGap(i int) string {
	gap := r.gap(i)
	if end := len(r.Text); gap != "" && i <= len(r.Tokens) {
		if i < len(r.Tokens) {
			end = int(r.Tokens[i].Start)
		}
		if words := r.Words.Text[end-len(gap) : end]; strings.IndexByte(words, text.Ornament) >= 0 {
			return " " + strings.Join(strings.FieldsFunc(words, func(c rune) bool { return c == ' ' || c == text.Ornament }), " ")
		}
	}
	return gap
}

// counts says that what follows a number shows it to be something else: money, a measure, a time.
func (r *reader) counts(end int) bool {
	if end >= len(r.Tokens) {
		return false
	}
	gap := r.gap(end)
	if strings.ContainsAny(gap, "€$£₽₴%:/") || strings.HasPrefix(gap, ",-") {
		return true
	}
	return strings.Trim(gap, " ") == "" && r.is(end, currency|measure|timeNoun|personNoun|thousand|halfDay) && !r.is(end, yearsWord)
}

// bracketed says that a number stands alone in brackets after a name: "Mia (24)".
func (r *reader) bracketed(first, end int) bool {
	if first == 0 || !strings.HasPrefix(r.gap(end), ")") {
		return false
	}
	gap := r.gap(first)
	return (gap == " (" || gap == "(") && r.Tokens[first-1].Kind == 0 && r.capital(first-1) && !noName[r.Word(first-1)] && !r.is(first-1, notAge|measure|personNoun|limit|another)
}

// birth reads a year of birth as the most that somebody can be old that day.
func (r *reader) birth(i int, at time.Time) (v ad.Value, next int, ok bool) {
	if !r.is(i, born) || at.IsZero() {
		return v, 0, false
	}
	for j := i + 1; j < min(i+6, len(r.Tokens)); j++ {
		if strings.ContainsAny(r.gap(j), "!?;\n") {
			break
		}
		if !r.digits(j) || len(r.Word(j)) != 4 {
			continue
		}
		n := at.Year() - fourDigits(r.Word(j))
		if n < leastAge || n > mostAge {
			break
		}
		return ad.Value{Kind: ad.AgeValue, Number: float64(n), Evidence: r.tokens(i, j)}, j + 1, true
	}
	return v, 0, false
}

func fourDigits(s string) (n int) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}
