package extract

import (
	"strings"
	"unicode"

	"varde/internal/text"
)

// class is what a word can be to a reader of values; a word can be several things, also in several languages at once.
type class uint32

const (
	numeral    class = 1 << iota // one, to, trzy
	currency                     // a currency's word on either side of an amount
	afterOnly                    // a currency's word that is another word too, so that it must stand after the amount
	timeNoun                     // hour, natt
	needsCount                   // a time noun that is another word too: it needs a number or a sign before it
	timeAdverb                   // weekly, miesięcznie
	per                          // per, i, za
	upTo                         // to, til, do
	between                      // between, mellom
	and                          // and, og
	half                         // half, halv
	thousand                     // k, tusen
	million                      // millioner: such a sum is nobody's price
	payWord                      // lønn, rate, and what stands between it and the amount
	yearsOld                     // gammel, old: makes years an age
	yearsWord                    // år, years, lat
	stateAge                     // am, er, mam: before an age
	ageLabel                     // alder, wiek
	born                         // født, born
	notAge                       // experience, guarantee, children: near years that are nobody's age
	limit                        // over, minst, at least: years that are a limit
	measure                      // cm, kg
	personNoun                   // girls, venninner
	countOther                   // for, til: persons after it are somebody else
	plural                       // vi, we: who speaks of several
	placeWord                    // i, in, w: before a place
	clockWord                    // kl, åpent, open
	from                         // from, fra, od
	halfDay                      // am, pm
	phrase                       // the first word of a row such as day and night
	always                       // non-stop, круглосуточно
	another                      // son, dog, whisky: what years can be of that is nobody who offers
)

// unit is a length of time that something is paid for.
type unit uint8

const (
	noUnit unit = iota
	minute
	quarter
	halfHour
	hour
	night
	day
	week
	month
	year
	piece
)

// unitNames are the units as ad.Value writes them.
var unitNames = [...]string{quarter: "quarter", halfHour: "half_hour", hour: "hour", night: "night", day: "day", week: "week", month: "month", year: "year", piece: "piece"}

// money is a currency; crown is that of the country.
type money uint8

const (
	noMoney money = iota
	crown
	nok
	sek
	dkk
	eur
	usd
	gbp
	pln
	ron
	uah
	rub
)

var moneyNames = [...]string{nok: "NOK", sek: "SEK", dkk: "DKK", eur: "EUR", usd: "USD", gbp: "GBP", pln: "PLN", ron: "RON", uah: "UAH", rub: "RUB"}

// lexeme is what a word is.
type lexeme struct {
	is    class
	n     uint8 // of a numeral
	unit  unit
	money money
}

// lexemes are the words that the readers know, of all languages together: an ad mixes them, and a wrong guess of its language must
// cost nothing.
var lexemes = gatherLexemes()

// longestLexeme spares the search for words that cannot be there, in bytes.
const longestLexeme = 40

func gatherLexemes() map[string]lexeme {
	all := map[string]lexeme{}
	add := func(words string, l lexeme) {
		for _, w := range strings.Fields(words) {
			w = text.Fold(w).Text
			old := all[w]
			l := lexeme{is: old.is | l.is, n: max(old.n, l.n), unit: max(old.unit, l.unit), money: max(old.money, l.money)}
			all[w] = l
		}
	}
	for _, t := range timeWords {
		add(t.words, lexeme{is: t.is, unit: t.unit})
	}
	for _, m := range moneyWords {
		add(m.words, lexeme{is: m.is, money: m.money})
	}
	for _, o := range otherWords {
		add(o.words, lexeme{is: o.is})
	}
	for _, of := range []map[string][][]string{dayAndNightWords, noDaysOff} {
		for first := range of {
			add(first, lexeme{is: phrase})
		}
	}
	for _, language := range numerals {
		addNumerals(add, language)
	}
	return all
}

// reader walks over one prepared text.
type reader struct {
	*text.Doc
	of []lexeme // of each token
}

func newReader(d *text.Doc) reader {
	r := reader{Doc: d, of: make([]lexeme, len(d.Tokens))}
	for i, t := range d.Tokens {
		if t.Kind == text.Letters && t.End-t.Start <= longestLexeme {
			r.of[i] = lexemes[d.Text[t.Start:t.End]]
		}
	}
	return r
}

// is says whether token i is one of the classes; there is none outside the text.
func (r *reader) is(i int, c class) bool { return i >= 0 && i < len(r.of) && r.of[i].is&c != 0 }

func (r *reader) digits(i int) bool {
	return i >= 0 && i < len(r.Tokens) && r.Tokens[i].Kind == text.Digits
}

// gap is what stands before token i, since the token before it or the beginning; after the last token it is the rest.
func (r *reader) gap(i int) string {
	start, end := 0, len(r.Text)
	if i > 0 {
		start = int(r.Tokens[i-1].End)
	}
	if i < len(r.Tokens) {
		end = int(r.Tokens[i].Start)
	}
	return r.Text[start:end]
}

// near says whether only a space or nothing stands before token i.
func (r *reader) near(i int) bool {
	if i <= 0 || i >= len(r.Tokens) {
		return false
	}
	g := r.gap(i)
	return g == "" || g == " "
}

// small is the number that token i says in digits, up to three of them, or as a word; it is -1 where it says none.
func (r *reader) small(i int) int {
	switch {
	case r.digits(i) && r.Tokens[i].End-r.Tokens[i].Start <= 3:
		n := 0
		for _, c := range r.Word(i) {
			n = n*10 + int(c-'0')
		}
		return n
	case r.is(i, numeral):
		return int(r.of[i].n)
	}
	return -1
}

// capital says whether token i begins with a capital letter in the original.
func (r *reader) capital(i int) bool {
	from, to := r.Span(int(r.Tokens[i].Start), int(r.Tokens[i].End))
	for _, c := range r.Source[from:to] {
		return unicode.IsUpper(c) || unicode.IsTitle(c)
	}
	return false
}
