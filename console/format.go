package console

import (
	"math"
	"strconv"
	"strings"
	"time"

	"varde/internal/ad"
)

const nbsp = "\u00a0"

// number writes a whole number with its thousands apart: "1 500" in Norwegian, "1,500" in English.
func (l *locale) number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	apart := nbsp
	if l.lang == "en" {
		apart = ","
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + apart + s[i:]
	}
	return sign + s
}

// decimal writes a number with at most two decimals, and none where it is whole.
func (l *locale) decimal(f float64) string {
	if math.IsNaN(f) || math.Abs(f) > 1e15 {
		return strconv.FormatFloat(f, 'g', 4, 64)
	}
	whole, part := math.Modf(math.Round(math.Abs(f)*100) / 100)
	s := l.number(int(whole))
	if cents := int(math.Round(part * 100)); cents > 0 {
		point := ","
		if l.lang == "en" {
			point = "."
		}
		d := strconv.Itoa(cents + 100)[1:]
		s += point + strings.TrimSuffix(d, "0")
	}
	if f < 0 && s != "0" {
		s = "−" + s
	}
	return s
}

// amount writes a sum of money: "1 500 kr" or "NOK 1,500".
func (l *locale) amount(f float64, currency string) string {
	switch {
	case currency == "":
		return l.decimal(f)
	case l.lang == "en":
		return currency + nbsp + l.decimal(f)
	case currency == "NOK":
		return l.decimal(f) + nbsp + "kr"
	}
	return l.decimal(f) + nbsp + currency
}

// price writes an amount with what it is paid for.
func (l *locale) price(p ad.Price) string {
	s := l.amount(p.Amount, p.Currency)
	if p.Per != "" {
		s += " " + l.named("per.", p.Per)
	}
	return s
}

// moment is a point in time as people, machines and the careful read it.
type moment struct{ ISO, Text, Zone string }

func (l *locale) month(t time.Time) string { return l.say("month." + strconv.Itoa(int(t.Month()))) }

// clock returns t with its date and time in words.
func (l *locale) clock(t time.Time) moment {
	if t.IsZero() {
		return moment{Text: l.say("time.unknown")}
	}
	t = t.In(l.zone)
	text := l.say("time.moment", "d", strconv.Itoa(t.Day()), "month", l.month(t), "year", strconv.Itoa(t.Year()),
		"h", t.Format("15"), "m", t.Format("04"))
	return moment{ISO: t.Format(time.RFC3339), Text: text, Zone: t.Format("2006-01-02 15:04:05 MST") + " (" + zoneName + ")"}
}

// day returns t with its date in words.
func (l *locale) day(t time.Time) moment {
	if t.IsZero() {
		return moment{Text: l.say("time.unknown")}
	}
	t = t.In(l.zone)
	m := l.clock(t)
	m.Text = l.date(t, true)
	return m
}

// dateOf writes a date such as 2026-11-24 in words; what is none stays as it is.
func (l *locale) dateOf(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return l.date(t, true)
}

func (l *locale) date(t time.Time, year bool) string {
	key, args := "time.day_month", []any{"d", strconv.Itoa(t.Day()), "month", l.month(t)}
	if year {
		key, args = "time.day", append(args, "year", strconv.Itoa(t.Year()))
	}
	return l.say(key, args...)
}

// period writes from and to as briefly as is clear: "4. okt.–21. nov. 2026". Without year the year is left out where it
// is one and the same.
func (l *locale) period(from, to time.Time, year bool) string {
	if from.IsZero() || to.IsZero() {
		return l.say("time.unknown")
	}
	from, to = from.In(l.zone), to.In(l.zone)
	last := l.date(to, year || from.Year() != to.Year())
	switch {
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return last
	case from.Format("2006-01") == to.Format("2006-01"):
		return l.say("time.day_only", "d", strconv.Itoa(from.Day())) + "–" + last
	}
	return l.date(from, from.Year() != to.Year()) + "–" + last
}

// phone writes an E.164 number in groups: Norwegian ones as Norwegians do, others after their country code in threes
// and twos. What is no number stays as it is.
func phone(e164 string) string {
	digits, ok := strings.CutPrefix(e164, "+")
	if !ok || len(digits) < 7 || strings.Trim(digits, "0123456789") != "" {
		return e164
	}
	if rest, ok := strings.CutPrefix(digits, "47"); ok && len(rest) == 8 {
		if strings.ContainsAny(rest[:1], "489") {
			return "+47" + nbsp + group(rest, 3, 2, 3)
		}
		return "+47" + nbsp + group(rest, 2, 2, 2, 2)
	}
	code := 2
	switch {
	case digits[0] == '1' || digits[0] == '7':
		code = 1
	case strings.HasPrefix(digits, "35"), strings.HasPrefix(digits, "37"), strings.HasPrefix(digits, "38"),
		strings.HasPrefix(digits, "42"), digits[0] == '2' && digits[1] != '0' && digits[1] != '7',
		strings.HasPrefix(digits, "50"), strings.HasPrefix(digits, "59"), strings.HasPrefix(digits, "67"),
		strings.HasPrefix(digits, "85"), strings.HasPrefix(digits, "88"), strings.HasPrefix(digits, "96"),
		strings.HasPrefix(digits, "97"), strings.HasPrefix(digits, "99"):
		code = 3
	}
	rest := digits[code:]
	sizes := make([]int, 0, len(rest)/2)
	for left := len(rest); left > 0; {
		n := 3
		if left == 4 || left == 2 {
			n = 2
		}
		n = min(n, left)
		sizes = append(sizes, n)
		left -= n
	}
	return "+" + digits[:code] + nbsp + group(rest, sizes...)
}

func group(s string, sizes ...int) string {
	parts := make([]string, 0, len(sizes))
	for _, n := range sizes {
		parts = append(parts, s[:n])
		s = s[n:]
	}
	return strings.Join(parts, nbsp)
}

// identifier writes the value of an identifier as people read it.
func identifier(kind ad.Kind, value string) string {
	switch kind {
	case ad.Phone:
		return phone(value)
	case ad.Handle:
		if service, name, ok := strings.Cut(value, ":"); ok {
			return service + ": " + name
		}
	case ad.TextSig:
		return short(value, 12)
	}
	return value
}

// short cuts s to at most n runes and says so.
func short(s string, n int) string {
	seen := 0
	for i := range s {
		if seen++; seen > n {
			return s[:i] + "…"
		}
	}
	return s
}
