package extract

import (
	"strings"

	"varde/internal/ad"
)

// noDaysOff are words in a row that say that somebody works every day.
var noDaysOff = rows("ingen fridager", "ingen fridagar", "uten fridager", "utan fridagar", "no days off", "no day off", "without days off", "inga lediga dagar", "utan lediga dagar", "ingen fridage", "bez dni wolnych", "bez wolnego",
	"без выходных", "без вихідних", "fără zile libere", "fara zile libere", "sin días libres", "sin dias libres", "be poilsio dienų", "be laisvadienių", "be išeiginių")

// Bounds of working time: more hours has no week or day.
const (
	weekHours = 7 * 24
	dayHours  = 24
)

// work reads working time: hours a week or day, days a week.
func (r *reader) work() (out []ad.Value) {
	for i := 0; i < len(r.Tokens) && len(out) < mostOfAKind; i++ {
		if !r.digits(i) && !r.is(i, phrase|numeral) {
			continue
		}
		if last := r.row(i, noDaysOff); last >= 0 {
			out = append(out, ad.Value{Kind: ad.WorkValue, Number: 7, Unit: "days/week", Evidence: r.tokens(i, last)})
			i = last
			continue
		}
		v, last, ok := r.workAt(i)
		if ok {
			out = append(out, v)
			i = last
		}
	}
	return out
}

// workAt reads "60 timer i uken", "10-12 hours a day", "40h tygodniowo", "7 days a week" at token i.
func (r *reader) workAt(i int) (v ad.Value, last int, ok bool) {
	low, k := r.hours(i)
	if low <= 0 || r.part(i, i+1) && k == i+1 {
		return v, 0, false
	}
	v = ad.Value{Kind: ad.WorkValue, Number: low}
	if gap := r.gap(k); k < len(r.Tokens) && (strings.Trim(gap, " ") == "-" || strings.Trim(gap, " ") == "–" || gap == " " && r.is(k, upTo)) {
		if r.is(k, upTo) {
			k++
		}
		if to, next := r.hours(k); to > low {
			v.To, k = to, next
		}
	}
	if k+1 < len(r.Tokens) && r.Word(k) == "de" && r.gap(k) == " " { // Romanian counts "60 de ore" from twenty up
		k++
	}
	if !r.is(k, timeNoun) || strings.Trim(r.gap(k), " -") != "" {
		return v, 0, false
	}
	what := r.of[k].unit
	if r.Word(k) == "d" || r.Word(k) == "st" {
		return v, 0, false
	}
	of, end := r.each(k + 1)
	most := max(v.Number, v.To)
	switch {
	case what == hour && of == week && most <= weekHours && most > dayHours/4:
		v.Unit = "hours/week"
	case what == hour && of == day && most <= dayHours && most > 1:
		v.Unit = "hours/day"
	case what == day && of == week && most <= 7 && most > 1:
		v.Unit = "days/week"
	default:
		return v, 0, false
	}
	if r.opening(i, end) {
		return v, 0, false
	}
	v.Evidence = r.tokens(i, end-1)
	return v, end - 1, true
}

// openWords say that a place is open, and openTo what follows some of them where somebody is open to something.
var (
	openWords = wordSet("open opened opening åpen åpent åpne åpner ope opent opne opnar öppet öppen öppna åben åbent åbner geöffnet offen otwarty otwarta otwarte otwarci czynny czynna czynne открыт открыта открыто открыты відкрито відкритий відкрита deschis deschisă deschise abierto abierta abiertos atidaryta atviras")
	openTo    = wordSet("to for til till på about")
)

// opening says that hours or days are those in which a place is open, and nobody's work: "butikken er åpen 7 dager i uken".
func (r *reader) opening(first, end int) bool {
	for j := first - 1; j >= max(0, first-6) && !strings.ContainsAny(r.gap(j+1), ".!?;\n"); j-- {
		switch {
		case openWords[r.Word(j)]:
			return !openTo[r.at(j+1)]
		case toReader[r.Word(j)]: // "we are open and you work 7 days a week"
			return false
		}
	}
	for j := end; j < min(end+4, len(r.Tokens)) && !strings.ContainsAny(r.gap(j), ".!?;,\n"); j++ {
		if openWords[r.Word(j)] {
			return !openTo[r.at(j+1)]
		}
	}
	return false
}

// hours reads a number of hours, which may have decimals, at token i.
func (r *reader) hours(i int) (n float64, next int) {
	if r.is(i, numeral) {
		whole, next := r.number(i)
		return float64(whole), next
	}
	if !r.digits(i) || len(r.Word(i)) > 3 {
		return 0, i
	}
	a, ok := r.amount(i)
	if !ok || a.thousands || a.next > i+2 {
		return 0, i
	}
	return a.value, a.next
}

// each reads "i uken", "a day", "/week", "tygodniowo", "arbeidsuke" at token k.
func (r *reader) each(k int) (of unit, end int) {
	if k >= len(r.Tokens) {
		return noUnit, k
	}
	gap := r.gap(k)
	slash := strings.Trim(gap, " ") == "/"
	if strings.Trim(gap, " .") != "" && !slash {
		return noUnit, k
	}
	if r.is(k, timeAdverb) {
		return r.of[k].unit, k + 1
	}
	if u, ok := alone[r.Word(k)]; ok {
		return u, k + 1
	}
	for n := 0; n < 3 && r.is(k, per) && k+1 < len(r.Tokens) && strings.Trim(r.gap(k+1), " .") == "" && !r.today(k); n++ {
		k, slash = k+1, true
	}
	if slash && r.is(k, timeNoun) {
		return r.of[k].unit, k + 1
	}
	return noUnit, k
}

// alone are words that say "each week" by themselves after hours.
var alone = map[string]unit{"arbeidsuke": week, "uka": week, "ukentlig": week, "dagen": day, "daglig": day, "dagligen": day, "dagligt": day, "døgnet": day, "week": week, "daily": day, "veckan": week}
