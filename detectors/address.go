package detectors

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/ad"
	"varde/internal/text"
)

// addressDetector reads exact addresses, street and number, in ads for sexual services, so that linking can see several personas at one.
// A quarter or a landmark is no address.
type addressDetector struct{}

func newAddress(*Config) (Detector, error) { return addressDetector{}, nil }

func (addressDetector) Name() string    { return "address" }
func (addressDetector) Codes() []string { return nil }

// streetEndings end the names of Nordic and German streets, folded; the word they stand in begins with a capital letter. Each has its one
// spelling.
var streetEndings = foldedEndings([]streetEnding{
	{"gata", "gata"}, {"gaten", "gata"}, {"gate", "gata"}, {"gatan", "gata"}, {"gade", "gata"}, {"veien", "vei"}, {"vegen", "vei"}, {"vei", "vei"}, {"veg", "vei"},
	{"vej", "vei"}, {"vagen", "vei"}, {"vägen", "vei"}, {"allé", "alle"}, {"alleen", "alle"}, {"plass", "plass"}, {"plassen", "plass"}, {"torget", "torget"}, {"strasse", "strasse"},
	{"straße", "strasse"}, {"bakken", "bakken"}, {"svingen", "svingen"}, {"brygge", "brygge"},
})

type streetEnding struct{ ending, plain string }

func foldedEndings(list []streetEnding) []streetEnding {
	for i := range list {
		list[i].ending = text.Fold(list[i].ending).Text
	}
	return list
}

// streetWords stand before the street's name in other languages, and streetTails behind it in English.
var (
	streetWords = folded("ulica", "ulicy", "ul", "aleja", "strada", "str", "calle", "c", "avenida", "улица", "улице", "ул", "вулиця", "вулиці", "вул", "проспект")
	streetTails = folded("street", "st", "road", "rd", "avenue", "ave", "lane", "square", "gatvė", "g", "prospektas")
	// measures after a number say that it is none of a house.
	measures = folded("min", "minutter", "minutes", "mins", "minuter", "m", "meter", "metres", "km", "kr", "nok", "år", "years", "t", "timer", "time", "hours", "h", "minut", "минут", "хвилин", "minutos")
)

func folded(words ...string) map[string]bool {
	out := map[string]bool{}
	for _, w := range words {
		out[text.Fold(w).Text] = true
	}
	return out
}

// mostAddresses bounds what one ad can make us hold.
const mostAddresses = 5

func (addressDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	if !isSexual(s) {
		return r, nil
	}
	for _, f := range s.fields() {
		for i, token := range f.Tokens {
			if token.Kind != text.Digits || token.End-token.Start > 3 || len(r.Values) == mostAddresses {
				continue
			}
			first, last, name := addressAt(f.Doc, i)
			if name == "" {
				continue
			}
			start, end := f.Span(int(f.Tokens[first].Start), int(f.Tokens[last].End))
			r.Values = append(r.Values, ad.Value{Kind: ad.AddressValue, Name: name, Evidence: span(f.Field, f.Source, start, end)})
		}
	}
	return r, nil
}

// addressAt reads the address whose number is token i, and where it begins and ends.
func addressAt(d *text.Doc, i int) (first, last int, name string) {
	last, number := i, d.Word(i)
	if next := i + 1; next < len(d.Tokens) {
		gap := between(d, i)
		switch {
		case strings.Trim(gap, " -–") == "" && measures[d.Word(next)], gap == ".", gap == ":", gap == ",", strings.Trim(gap, " ") == "-" && d.Tokens[next].Kind == text.Digits:
			return 0, 0, "" // ten minutes, a time, a price, a range
		case (gap == "" || gap == " " && capital(d, next)) && d.Tokens[next].End-d.Tokens[next].Start == 1 && d.Tokens[next].Kind == text.Letters:
			last, number = next, number+d.Word(next) // 5b, 5 B
		}
	}
	if first, street := streetBefore(d, i); street != "" {
		return first, last, street + " " + number
	}
	// 12 High Street
	for n := i + 2; n <= i+3 && n < len(d.Tokens); n++ {
		if streetTails[d.Word(n)] && capital(d, i+1) && spaced(d, i, n) {
			return i, n, words(d, i+1, n+1) + " " + d.Word(i)
		}
	}
	return 0, 0, ""
}

// streetBefore reads a street's name that ends right before token i.
func streetBefore(d *text.Doc, i int) (first int, street string) {
	if i == 0 || !spaced(d, i-1, i) {
		return 0, ""
	}
	word := d.Word(i - 1)
	for _, e := range streetEndings {
		stem, ok := strings.CutSuffix(word, e.ending)
		switch {
		case ok && utf8.RuneCountInString(stem) >= 3 && capital(d, i-1):
			return i - 1, stem + e.plain // Storgata 12
		case ok && stem == "" && i >= 2 && capital(d, i-2) && spaced(d, i-2, i-1):
			first = i - 2
			if i >= 3 && capital(d, i-3) && spaced(d, i-3, i-2) {
				first = i - 3 // Karl Johans gate 5
			}
			return first, words(d, first, i-1) + " " + e.plain
		}
	}
	if streetTails[word] && i >= 2 && capital(d, i-2) && spaced(d, i-2, i-1) {
		return i - 2, words(d, i-2, i) // Gedimino g. 5
	}
	for n := i - 2; n >= max(0, i-3); n-- {
		if streetWords[d.Word(n)] && capital(d, n+1) && spaced(d, n, i) {
			return n, words(d, n+1, i) // ul. Długa 7
		}
	}
	return 0, ""
}

// capital says whether a token begins with a capital letter in the original.
func capital(d *text.Doc, i int) bool {
	start, _ := d.Span(int(d.Tokens[i].Start), int(d.Tokens[i].End))
	r, _ := utf8.DecodeRuneInString(d.Source[start:])
	return unicode.IsUpper(r)
}

// spaced says whether only a space, or a point and a space, stands between each two tokens of a span.
func spaced(d *text.Doc, first, last int) bool {
	for i := first; i < last; i++ {
		switch between(d, i) {
		case " ", ". ", ".":
		default:
			return false
		}
	}
	return true
}

func words(d *text.Doc, first, end int) string {
	list := make([]string, 0, end-first)
	for i := first; i < end; i++ {
		list = append(list, d.Word(i))
	}
	return strings.Join(list, " ")
}
