package adapter

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"varde/internal/target"
)

// clock reads times as the ads of a site write them: at is when the page was fetched, zone where its clock hangs.
type clock struct {
	at   time.Time
	zone *time.Location
}

func clockOf(page *Page, t *target.Target) clock {
	zone, err := zones.get(t.Timezone)
	if err != nil { // refused when the target was read
		zone = time.UTC
	}
	return clock{at: page.At, zone: zone}
}

// longestDate bounds in bytes how much of a text is searched for a date.
const longestDate = 160

var errNoClock = errors.New("says when only to those who know when the page was fetched")

// standard are forms of time that are read as they stand.
var standard = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999-0700", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04",
	"2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", time.DateOnly, "20060102T150405Z0700", time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", time.ANSIC}

// when reads a time. A layout that is given is the only one; without, all usual forms are tried. A day without an hour is its
// beginning. Of what is only said roughly, as "3 weeks ago", it is the beginning of that hour, day, week, month or year, so that the
// same words mean the same time on the next visit too, as long as they can.
func (c clock) when(value, layout string) (time.Time, error) {
	text := strings.TrimSpace(value)
	if len(text) > longestDate {
		text = strings.ToValidUTF8(text[:longestDate], "")
	}
	t, err := c.read(text, layout)
	if err == nil && (t.UTC().Year() < 1990 || t.UTC().Year() > 9998) {
		err = errNoDate
	}
	switch {
	case errors.Is(err, errNoClock):
		return time.Time{}, fmt.Errorf("%q %w", short(value), err)
	case err != nil:
		return time.Time{}, fmt.Errorf("%q is not a time", short(value))
	}
	return t.UTC(), nil
}

var errNoDate = errors.New("no date")

func (c clock) read(text, layout string) (time.Time, error) {
	if layout != "" {
		return c.byLayout(text, layout)
	}
	for _, l := range standard {
		if t, err := time.ParseInLocation(l, text, c.zone); err == nil {
			return t, nil
		}
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil { // seconds since 1970 have 10 digits from 2001 on
		switch {
		case n >= 1e9 && n < 1e10:
			return time.Unix(int64(n), 0), nil
		case n >= 1e12 && n < 1e13:
			return time.UnixMilli(int64(n)), nil
		}
	}
	return c.inWords(tokens(text))
}

// byLayout reads a time in a form of Go's, with the names of months and days in any of the languages.
func (c clock) byLayout(text, layout string) (time.Time, error) {
	t, err := time.ParseInLocation(layout, text, c.zone)
	if err != nil {
		text = word.ReplaceAllStringFunc(text, func(w string) string {
			if name := layoutName(strings.ToLower(norm.NFC.String(w)), layout); name != "" {
				return name
			}
			return w
		})
		if t, err = time.ParseInLocation(layout, text, c.zone); err != nil {
			return t, err
		}
	}
	if t.Year() == 0 { // the layout has none
		return c.inYear(t.Month(), t.Day(), t)
	}
	return t, nil
}

// token is one part of a date: a number, a word, a time of day, or several numbers.
type token struct {
	kind byte // 'n'umber, 'w'ord, 't'ime of day, 'd'ate, 'p'ointed numbers, 'z'one
	text string
	n    int
}

var (
	word = regexp.MustCompile(`[\pL\pM]+(?:['’][\pL\pM]+)*`)
	part = regexp.MustCompile(`(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2}))(?:\D|$)|` + // a date
		`(\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?|` + // a time of day
		`([+-]\d{2}:?\d{2})(?:\D|$)|` + // a zone
		`(\d{1,2}\.\d{1,2})(?:\D|$)|` + // either
		`(\d+)|([\pL\pM]+(?:['’][\pL\pM]+)*)`)
	oldLetters = strings.NewReplacer("ş", "ș", "ţ", "ț", "ё", "е", "’", "'", "\u200b", "")
)

// tokens parts a text. Letters are made small, and those that can be written in two ways are written in one.
func tokens(text string) (out []token) {
	text = oldLetters.Replace(strings.ToLower(norm.NFC.String(text)))
	for text != "" {
		m := part.FindStringSubmatchIndex(text)
		if m == nil {
			return out
		}
		for i, kind := range "dtzpnw" {
			from, to := m[2+2*i], m[3+2*i]
			if from < 0 {
				continue
			}
			t := token{kind: byte(kind), text: text[from:to]}
			if kind == 'n' {
				if t.n = -1; to-from <= 4 {
					t.n, _ = strconv.Atoi(t.text) // digits, as the expression says
				}
			}
			out = append(out, t)
			if kind == 't' { // and its fractions
				to = m[1]
			}
			text = text[to:]
			break
		}
	}
	return out
}

// inWords reads a date as people write it. What is said first here counts: a length of time that passed, a date, a day such as
// yesterday, a weekday, a day and a month in numbers, a time of today, just now.
func (c clock) inWords(ts []token) (time.Time, error) {
	if t, ok, err := c.ago(ts); ok {
		return t, err
	}
	d := findDate(ts)
	text := joined(ts)
	passed, weekday := daysAgo(text), findWeekday(ts)
	if !d.found && passed < 0 && weekday < 0 {
		d = pointed(ts)
	}
	h := findTime(ts, d.found || passed >= 0 || weekday >= 0)
	switch {
	case d.found && d.hasYear:
		return h.on(d.year, d.month, d.day, c.zone)
	case d.found:
		t, err := c.inYear(d.month, d.day, time.Time{})
		if err != nil {
			return t, err
		}
		return h.on(t.Year(), t.Month(), t.Day(), c.zone)
	case passed >= 0:
		return c.before(passed, h)
	case weekday >= 0:
		return c.lastWeekday(time.Weekday(weekday), h)
	case h.found && len(ts) <= 3: // a time of day and hardly anything else
		if t, err := c.before(0, h); err != nil || !t.After(c.at.Add(clocksDiffer)) {
			return t, err
		}
	case slices.ContainsFunc(nowWords, func(w string) bool { return strings.Contains(text, " "+w+" ") }):
		return c.before(0, hour{hour: c.at.In(c.zone).Hour(), minute: c.at.In(c.zone).Minute()})
	}
	return time.Time{}, errNoDate
}

// clocksDiffer is how far the clock of a site may be ahead.
const clocksDiffer = time.Hour

// daysAgo is how many days ago the day is that a text names, such as yesterday, or -1.
func daysAgo(text string) int {
	for _, d := range dayWords {
		if strings.Contains(text, " "+d.words+" ") {
			return d.ago
		}
	}
	return -1
}

func findWeekday(ts []token) int {
	for _, t := range ts {
		if n, ok := weekdays[t.text]; ok {
			return n
		}
	}
	return -1
}

// before is a time of day so many days ago.
func (c clock) before(days int, h hour) (time.Time, error) {
	if c.at.IsZero() {
		return time.Time{}, errNoClock
	}
	y, m, d := c.at.In(c.zone).AddDate(0, 0, -days).Date()
	return h.on(y, m, d, c.zone)
}

// lastWeekday is a time of day on the last such weekday, today included.
func (c clock) lastWeekday(w time.Weekday, h hour) (time.Time, error) {
	days := int(c.at.In(c.zone).Weekday()-w+7) % 7
	t, err := c.before(days, h)
	if err == nil && t.After(c.at.Add(clocksDiffer)) {
		return c.before(days+7, h)
	}
	return t, err
}

// joined is the words of a text with one space around each.
func joined(ts []token) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range ts {
		b.WriteString(t.text)
		b.WriteByte(' ')
	}
	return b.String()
}

// ago reads "3 timer siden" and the like; ok says that it is one.
func (c clock) ago(ts []token) (t time.Time, ok bool, err error) {
	passed, named, n, unit := false, false, 1, span{}
	thePast := strings.Contains(joined(ts), " тому ")
	t = c.at.In(c.zone)
	for i, tok := range ts {
		if passed = passed || agoWords[tok.text]; tok.kind == 'n' {
			n = tok.n
			continue
		}
		s, isSpan := spans[tok.text]
		if !isSpan || tok.kind != 'w' || tok.text == "an" && i+1 < len(ts) && spans[ts[i+1].text] != (span{}) { // an hour; acum un an
			continue
		}
		if tok.text == "год" && thePast { // short for an hour in Ukrainian, a year in Russian
			s = span{seconds: 3600}
		}
		if n < 0 || n > 1000 {
			return t, false, nil
		}
		named, unit = true, s
		t = t.Add(-time.Duration(n*s.seconds)*time.Second).AddDate(0, -n*s.months, -n*s.days)
		n = 1
	}
	switch {
	case !passed || !named:
		return t, false, nil
	case c.at.IsZero():
		return t, true, errNoClock
	}
	return c.beginning(t, unit), true, nil
}

// beginning is when the hour, day, week, month or year began in which an instant lies.
func (c clock) beginning(t time.Time, unit span) time.Time {
	y, m, d := t.Date()
	switch {
	case unit.months >= 12:
		return time.Date(y, 1, 1, 0, 0, 0, 0, c.zone)
	case unit.months > 0:
		return time.Date(y, m, 1, 0, 0, 0, 0, c.zone)
	case unit.days >= 7:
		return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, c.zone)
	case unit.days > 0:
		return time.Date(y, m, d, 0, 0, 0, 0, c.zone)
	case unit.seconds >= 3600:
		return t.Truncate(time.Hour)
	}
	return t.Truncate(time.Minute)
}

// inYear gives a day its year: the last one in which it was not later than tomorrow, for the clock of a site may be ahead.
func (c clock) inYear(m time.Month, d int, of time.Time) (time.Time, error) {
	if c.at.IsZero() {
		return time.Time{}, errNoClock
	}
	for back := range 8 { // 29 February comes every fourth year, but for some
		year := c.at.In(c.zone).Year() + 1 - back
		t := time.Date(year, m, d, of.Hour(), of.Minute(), of.Second(), 0, c.zone)
		if t.Day() == d && !t.After(c.at.AddDate(0, 0, 1)) {
			return t, nil
		}
	}
	return time.Time{}, errNoDate
}
