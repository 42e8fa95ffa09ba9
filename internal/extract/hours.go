package extract

import (
	"strings"

	"varde/internal/ad"
	"varde/internal/text"
)

// wholeDay is the minutes of a day.
const wholeDay = 24 * 60

// available reads when somebody can be met: day and night, or from an hour to an hour.
func (r *reader) available() (out []ad.Value) {
	for i := 0; i < len(r.Tokens) && len(out) < mostOfAKind; i++ {
		if last := r.dayAndNight(i); last >= i {
			out = append(out, ad.Value{Kind: ad.AvailableValue, Number: 0, To: wholeDay, Evidence: r.tokens(i, last)})
			i = last
			continue
		}
		if v, last, ok := r.clockRange(i); ok {
			out = append(out, v)
			i = last
		}
	}
	return out
}

// dayAndNightWords are words in a row that say it.
var dayAndNightWords = rows("døgnet rundt", "hele døgnet", "heile døgnet", "dygnet runt", "hela dygnet", "around the clock", "day and night", "night and day", "dag og natt", "dag og nat", "dag och natt",
	"natt og dag", "cała dobę", "całą dobę", "calą dobę", "cala dobe", "dzień i noc", "dniem i nocą", "24 timer", "24 timer i døgnet", "24 hours", "24h", "24 h", "24 timmar", "24 godziny", "24 часа", "24 години", "24 horas", "24 de ore", "24 ore", "24 val", "24 valandas",
	"día y noche", "zi și noapte", "zi si noapte", "non stop", "днем и ночью", "днём и ночью", "день и ночь", "день і ніч", "visą parą", "dieną ir naktį", "dieną naktį", "las 24", "døgnet igennem", "all day and night", "at any hour")

// rows indexes rows of words by the first.
func rows(list ...string) map[string][][]string {
	out := map[string][][]string{}
	for _, row := range list {
		row = text.Fold(row).Text
		words := splitWords(row)
		out[words[0]] = append(out[words[0]], words[1:])
	}
	return out
}

// splitWords cuts a row as text.Read does: also between digits and letters.
func splitWords(row string) (words []string) {
	for _, w := range strings.Fields(row) {
		if digits := strings.TrimLeft(w, "0123456789"); digits != "" && digits != w {
			words = append(words, w[:len(w)-len(digits)], digits)
			continue
		}
		words = append(words, w)
	}
	return words
}

// row returns the last token of the longest row that begins at token i, or -1.
func (r *reader) row(i int, of map[string][][]string) int {
	if !r.is(i, phrase) && !r.digits(i) {
		return -1
	}
	return r.rowAt(i, of)
}

// rowAt is row for rows whose first words are not marked as such.
func (r *reader) rowAt(i int, of map[string][][]string) int {
	last := -1
	for _, rest := range of[r.Word(i)] {
		k := i
		for _, w := range rest {
			if k++; k >= len(r.Tokens) || r.Word(k) != w || strings.Trim(r.gap(k), " -'") != "" {
				k = -1
				break
			}
		}
		last = max(last, k)
	}
	return last
}

func (r *reader) dayAndNight(i int) int {
	if r.is(i, always) {
		return i
	}
	if r.at(i) == "24" && !r.part24(i) {
		if r.at(i+1) == "7" && (r.gap(i+1) == "/" || r.gap(i+1) == " / " || r.gap(i+1) == "-") || r.at(i+1) == "24" && r.gap(i+1) == "/" {
			return i + 1
		}
	}
	if r.digits(i) && (r.Word(i) != "24" || r.part24(i)) {
		return -1
	}
	return r.row(i, dayAndNightWords)
}

// part24 says that 24 is part of a larger number.
func (r *reader) part24(i int) bool {
	return i > 0 && r.digits(i-1) && len(r.gap(i)) == 1 && r.gap(i) != " " && r.gap(i) != "\n" || strings.HasSuffix(r.gap(i), "+")
}

// clockRange reads "10.00-22.00", "kl 10-22", "fra 10 til 22", "10am to 10pm".
func (r *reader) clockRange(i int) (v ad.Value, last int, ok bool) {
	start, next, full := r.clock(i)
	if start < 0 || next >= len(r.Tokens) {
		return v, 0, false
	}
	said := r.is(i-1, clockWord) && len(r.gap(i)) <= 3
	begin := i
	if r.is(i-1, clockWord|from) && len(r.gap(i)) <= 3 {
		begin = i - 1
	}
	gap := strings.Trim(r.gap(next), " .")
	if gap == "-" || gap == "–" || gap == "—" {
		// the hours follow
	} else if gap == "" && r.is(next, upTo) {
		said = said || r.is(i-1, from)
		next++
		if r.is(next, clockWord) && r.near(next) {
			next++
		}
	} else if gap == "" && r.is(next, and) && r.is(i-1, between) {
		said = true
		next++
	} else {
		return v, 0, false
	}
	end, after, fullEnd := r.clock(next)
	if end < 0 || end == start || !(said || full && fullEnd) || r.clockIsNot(after, full && fullEnd) || r.clockIsNot(i, true) && r.digits(i-1) {
		return v, 0, false
	}
	return ad.Value{Kind: ad.AvailableValue, Number: float64(start), To: float64(end), Evidence: r.tokens(begin, after-1)}, after - 1, true
}

// clockIsNot says that what follows shows numbers to be no hours of the day.
func (r *reader) clockIsNot(k int, full bool) bool {
	gap := r.gap(k)
	if strings.ContainsAny(gap, "€$£%₽") && len(gap) < 3 || strings.HasPrefix(gap, ",-") || r.digits(k) && (gap == "." || gap == "" || gap == "/" || gap == "-") {
		return true
	}
	return !full && r.is(k, currency|yearsWord|yearsOld|measure|thousand|million|personNoun|timeNoun) && strings.Trim(gap, " ") == "" && !r.is(k, halfDay)
}

// clock reads an hour of the day at token i in minutes, -1 where there is none. It is full where it has minutes or am and pm.
func (r *reader) clock(i int) (minutes, next int, full bool) {
	if !r.digits(i) || len(r.Word(i)) > 2 {
		return -1, i, false
	}
	h := r.small(i)
	next = i + 1
	m := 0
	if r.digits(next) && len(r.Word(next)) == 2 && (r.gap(next) == ":" || r.gap(next) == ".") {
		m = r.small(next)
		if m > 59 || r.gap(next) == "." && m%15 != 0 { // 10.11 is a date
			return -1, i, false
		}
		next++
		full = true
	}
	if r.is(next, halfDay) && r.near(next) && h >= 1 && h <= 12 {
		h %= 12
		if r.Word(next) == "pm" {
			h += 12
		}
		next++
		full = true
	}
	if h > 24 || h == 24 && m > 0 {
		return -1, i, false
	}
	return h*60 + m, next, full
}
