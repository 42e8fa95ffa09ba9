package extract

import "strings"

// readUnit finds what an amount is paid for: a length of time after it ("per time", "/h", "weekly"), or before it ("30 min 1000").
func (r *reader) readUnit(s *sum, used int) {
	if u, start, ok := r.durationBefore(s.first, s.start, used); ok {
		s.unit, s.start = u, start
		return
	}
	u, end, sure := r.unitAfter(s.end)
	if end > s.end && (u != noUnit || s.money != noMoney) {
		s.unit, s.certain = u, sure && (u == hour || u == halfHour || s.thousands)
		s.take(r, end)
		return
	}
	if u, start := r.adverbBefore(s.first, used); u != noUnit && s.money != noMoney {
		s.unit, s.start = u, start
	}
}

func (s *sum) take(r *reader, end int) {
	s.end, s.stop = end, int(r.Tokens[end-1].End)
}

// betweenDuration are the signs that stand between an amount and its time.
const betweenDuration = " \n\r\t:=-–—.,/|>→•*~()+"

// durationBefore reads a length of time before an amount.
func (r *reader) durationBefore(first, start, used int) (u unit, at int, ok bool) {
	j := first - 1
	if r.is(j, currency) && j >= used && int(r.Tokens[j].Start) == start {
		j--
	}
	gap := r.Text[max(0, r.endOf(j)):start]
	if j < used || len(gap) > 12 || strings.Trim(gap, betweenDuration) != "" {
		return noUnit, 0, false
	}
	if r.is(j, payWord) && !r.is(j, timeNoun) && j > used && r.near(j) { // "1 time er 1500"
		j--
	}
	if !r.is(j, timeNoun) {
		return noUnit, 0, false
	}
	for k := max(used, j-3); k <= j; k++ {
		if u, next, ok := r.duration(k); ok && next == j+1 {
			return u, int(r.Tokens[k].Start), true
		}
	}
	return noUnit, 0, false
}

func (r *reader) endOf(i int) int {
	if i < 0 {
		return -1
	}
	return int(r.Tokens[i].End)
}

// duration reads a length of time at token i: "30 min", "en halv time", "hour". The unit is noUnit for one that is none of the units,
// such as two hours.
func (r *reader) duration(i int) (u unit, next int, ok bool) {
	n, k := r.number(i)
	counted := n > 0
	if !counted {
		n, k = 1, i
	} else if k >= len(r.Tokens) || !r.near(k) && r.gap(k) != "-" && r.gap(k) != "," {
		return noUnit, i, false
	}
	if r.is(k, half) {
		k++
		if r.near(k) && (r.is(k, per) || r.at(k) == "de") { // half an hour
			k++
		}
		if r.is(k, timeNoun) && r.of[k].unit == hour && n == 1 {
			return halfHour, k + 1, true
		}
		return noUnit, i, false
	}
	if !r.is(k, timeNoun) || !counted && r.is(k, needsCount) {
		return noUnit, i, false
	}
	return lengthOf(n, r.of[k].unit), k + 1, true
}

// lengthOf is n of a unit, where that is a unit.
func lengthOf(n int, u unit) unit {
	switch {
	case u == minute && n == 15:
		return quarter
	case u == minute && n == 30:
		return halfHour
	case u == minute && n == 60:
		return hour
	case n == 1 && u != minute:
		return u
	}
	return noUnit
}

// unitAfter reads the unit after an amount that ends before token k. It is sure where a sign or word says "for each".
func (r *reader) unitAfter(k int) (u unit, end int, sure bool) {
	if k >= len(r.Tokens) {
		return noUnit, k, false
	}
	gap := r.gap(k)
	if len(gap) > 10 || strings.Contains(gap, "\n") {
		return noUnit, k, false
	}
	each := strings.Contains(gap, "/")
	if rest := strings.Trim(gap, " +*()/.-–:=,|€$£₽₴"); rest != "" || strings.Contains(gap, ". ") && !r.is(k-1, currency) && !strings.Contains(gap, ".-") {
		return noUnit, k, false
	}
	at := k
	for n := 0; n < 2 && r.is(at, payWord|currency) && !r.is(at, per|timeNoun|timeAdverb) && at+1 < len(r.Tokens) && (r.near(at+1) || strings.Trim(r.gap(at+1), " /.") == ""); n++ {
		each = each || strings.Contains(r.gap(at+1), "/")
		at++ // "kr brutto per måned"
	}
	if r.is(at, timeAdverb) {
		return r.of[at].unit, at + 1, true
	}
	last := at
	for n := 0; n < 2 && r.is(at, per) && at+1 < len(r.Tokens) && strings.Trim(r.gap(at+1), " ./") == ""; n++ {
		if r.today(at) {
			return noUnit, k, false
		}
		last, at, each = at, at+1, true
	}
	if each && r.is(at, timeNoun) {
		return r.unitOf(at, k), at + 1, true
	}
	if u, next, ok := r.duration(at); ok && (u != noUnit || each || last == at) && at < k+3 {
		return u, next, each
	}
	return noUnit, k, false
}

// unitOf is the unit of a time noun after "per"; год is an hour in Ukrainian and a year in Russian.
func (r *reader) unitOf(i, amountEnd int) unit {
	u := r.of[i].unit
	if u == year && r.Word(i) == "год" && r.is(amountEnd-1, currency) && r.of[amountEnd-1].money == uah {
		return hour
	}
	if u == minute {
		return noUnit
	}
	return u
}

// today says that what looks like "per day" at token i means this day: i dag, i natt, i år.
func (r *reader) today(i int) bool {
	switch r.Word(i) {
	case "i":
		switch r.at(i + 1) {
		case "dag", "natt", "ar", "uke":
			return true
		}
	case "на", "в", "у":
		return r.at(i+1) == "сегодня"
	}
	return false
}

// at is the word of token i, or "".
func (r *reader) at(i int) string {
	if i < 0 || i >= len(r.Tokens) {
		return ""
	}
	return r.Word(i)
}

// adverbBefore reads "hourly rate: $15" and "Månedslønn fra 35 000 kr".
func (r *reader) adverbBefore(first, used int) (unit, int) {
	for j := first - 1; j >= max(used, first-4); j-- {
		if gap := r.gap(j + 1); strings.ContainsAny(gap, ".!?;\n") && !r.is(j, currency) {
			break
		}
		switch {
		case r.is(j, timeAdverb):
			return r.of[j].unit, int(r.Tokens[j].Start)
		case !r.is(j, payWord|currency|between):
			return noUnit, 0
		}
	}
	return noUnit, 0
}
