package adapter

import (
	"strconv"
	"strings"
	"time"
)

// day is a date that stands in a text.
type day struct {
	found, hasYear bool
	year           int
	month          time.Month
	day            int
}

// findDate returns the first date of a text that has a month in words, or day, month and year in numbers.
func findDate(ts []token) day {
	for i, t := range ts {
		switch t.kind {
		case 'd':
			return numeric(t.text)
		case 'w':
			if m, ok := months[t.text]; ok {
				if d := aroundMonth(ts, i); d.found {
					d.month = time.Month(m)
					return d
				}
			}
		}
	}
	return day{}
}

// pointed returns a day and a month in numbers: "4.10." alone, or before a time of day.
func pointed(ts []token) day {
	for i, t := range ts {
		if t.kind != 'p' || i > 0 && kl[ts[i-1].text] {
			continue
		}
		a, b, _ := strings.Cut(t.text, ".")
		if d, m := number(a), number(b); d >= 1 && d <= 31 && m >= 1 && m <= 12 {
			return day{found: true, month: time.Month(m), day: d}
		}
	}
	return day{}
}

// numeric reads 2026-10-04, 4.10.2026, 4/10/26 and the like: the day comes before the month. Where a site writes the month first, its
// target gives a layout.
func numeric(text string) day {
	p := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '.' || r == '/' })
	if len(p) != 3 {
		return day{}
	}
	if len(p[0]) == 4 {
		p[0], p[2] = p[2], p[0]
	}
	year := number(p[2])
	if len(p[2]) == 2 {
		year += 2000
	}
	return day{found: true, hasYear: true, year: year, month: time.Month(number(p[1])), day: number(p[0])}
}

// aroundMonth looks for the day and the year beside the name of a month: "4. okt. 2026", "October 4th, 2026", "2026 m. spalio 4 d.".
func aroundMonth(ts []token, i int) (d day) {
	at := func(i int) token {
		if i < 0 || i >= len(ts) {
			return token{}
		}
		return ts[i]
	}
	isDay := func(t token) bool { return t.kind == 'n' && t.n >= 1 && t.n <= 31 && len(t.text) <= 2 }
	isYear := func(t token) bool { return t.kind == 'n' && len(t.text) == 4 }
	before, after := i-1, i+1
	for before > 0 && between[at(before).text] {
		before--
	}
	for after < len(ts)-1 && between[at(after).text] {
		after++
	}
	switch {
	case isDay(at(before)):
		d = day{found: true, day: at(before).n}
		if isYear(at(after)) {
			d.hasYear, d.year = true, at(after).n
		}
	case isDay(at(after)):
		d = day{found: true, day: at(after).n}
		year := after + 1
		for year < len(ts)-1 && between[at(year).text] {
			year++
		}
		if isYear(at(before)) {
			d.hasYear, d.year = true, at(before).n
		} else if isYear(at(year)) {
			d.hasYear, d.year = true, at(year).n
		}
	}
	return d
}

// between are words that stand between the parts of a date.
var between = set(`de del of the den st nd rd th m d r г р го`)

// hour is a time of day; where none is found it is midnight.
type hour struct {
	found                bool
	hour, minute, second int
	// zone is the one that is said, nil where none is.
	zone *time.Location
}

// findTime returns the time of day of a text. "14.05" is one after "kl." and the like, and where there is a day besides.
func findTime(ts []token, dated bool) hour {
	at := func(i int) token {
		if i < 0 || i >= len(ts) {
			return token{}
		}
		return ts[i]
	}
	for i, t := range ts {
		next, called := at(i+1).text, kl[at(i-1).text]
		var p []string
		switch {
		case t.kind == 't':
			p = strings.Split(t.text, ":")
		case t.kind == 'p' && (called || dated && i > 0):
			p = strings.Split(t.text, ".")
		case t.kind == 'n' && next == "h" && at(i+2).kind == 'n' && len(at(i+2).text) == 2:
			p = []string{t.text, at(i + 2).text}
		case t.kind == 'n' && (next == "am" || next == "pm" || called && len(t.text) <= 2):
			p = []string{t.text, "0"}
		default:
			continue
		}
		h := hour{found: true, hour: number(p[0]), minute: number(p[1])}
		if len(p) == 3 {
			h.second = number(p[2])
		}
		if (next == "a" || next == "p") && at(i+2).text == "m" {
			next += "m"
		}
		switch {
		case next == "pm" && h.hour < 12:
			h.hour += 12
		case next == "am" && h.hour == 12:
			h.hour = 0
		}
		h.zone = zoneOf(at(i + 1))
		return h
	}
	return hour{}
}

// zoneOf is the zone that a token names, nil where it names none.
func zoneOf(t token) *time.Location {
	if hours, ok := offsets[t.text]; ok && t.kind == 'w' {
		return time.FixedZone("", hours*3600)
	}
	if t.kind != 'z' {
		return nil
	}
	digits := strings.ReplaceAll(t.text[1:], ":", "")
	seconds := (number(digits[:2])*60 + number(digits[2:])) * 60
	if t.text[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds)
}

// on is the time of day on a day.
func (h hour) on(y int, m time.Month, d int, zone *time.Location) (time.Time, error) {
	if h.zone != nil {
		zone = h.zone
	}
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	if noon.Month() != m || noon.Day() != d || h.hour > 23 || h.minute > 59 || h.second > 59 {
		return noon, errNoDate
	}
	return time.Date(y, m, d, h.hour, h.minute, h.second, 0, zone), nil
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
