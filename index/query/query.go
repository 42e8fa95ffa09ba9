package query

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Kinds of things that can be found.
const (
	Ads      = "ad"
	Networks = "network"
)

// Request asks for one page of hits.
type Request struct {
	Text string
	// Filters narrow by facet: a hit has one of the values of every name.
	Filters map[string][]string
	// Kind is Ads or Networks; "" is both.
	Kind string
	From int
	Size int
	// Sort is "relevance" (the default with text), "score" or "seen".
	Sort string
}

// Result is one page of hits and the facets of all.
type Result struct {
	Total  int
	Hits   []Hit
	Facets []Facet
	// Query is the text as understood.
	Query string
}

// Hit is one ad or network.
type Hit struct {
	Kind string
	// ID is an ad's key or a network's id.
	ID        string
	Score     float64
	Fragments []Fragment
}

// Fragment is a piece of the thing found in which words were matched.
type Fragment struct {
	Field string
	Parts []Part
}

// Part is a piece of a fragment; Match marks what was matched.
type Part struct {
	Text  string
	Match bool
}

// Facet counts the hits by one property.
type Facet struct {
	Name   string
	Values []FacetValue
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Value string
	Count int
}

// Limits of what is read of a query.
const (
	MaxText  = 1000
	MaxTerms = 24
)

// TermKind says how a term is to be looked for.
type TermKind int

// The kinds of terms.
const (
	Word TermKind = iota
	Phrase
	// Phone is a number or a part of one; Digits holds it. Its words may also stand in a text as they are.
	Phone
	// Field is name:value.
	Field
)

// Term is one thing that a hit must have, or with Not must lack.
type Term struct {
	Kind   TermKind
	Field  string
	Value  string
	Digits string
	Not    bool
}

// Query is the terms that a hit must all satisfy.
type Query []Term

// FieldNames are the fields that can be asked for by name. "indicator" is another word for "code".
var FieldNames = []string{"phone", "site", "place", "category", "band", "code", "language", "network", "contact", "advertiser", "after", "before"}

// leastDigits is from how many digits on a number is looked for as a part of a phone.
const leastDigits = 4

// plusApart is a prefix written apart from its number: "+ 47 41234567".
var plusApart = regexp.MustCompile(`\+\s+(\d)`)

// Parse reads what somebody typed. It always gives a query; an empty text gives an empty one.
func Parse(text string) Query {
	if len(text) > MaxText {
		text = strings.ToValidUTF8(text[:MaxText], "")
	}
	// Composed and ordinary forms: full-width digits, and letters whose accents stand apart as some systems paste them.
	text = plusApart.ReplaceAllString(norm.NFKC.String(text), "+$1")
	var q Query
	for _, t := range tokens(text) {
		if len(q) == MaxTerms {
			break
		}
		if term, ok := read(t); ok {
			q = append(q, term)
		}
	}
	return q
}

// token is a word or a quoted phrase, with the minus and the field that stand before it.
type token struct {
	text   string
	field  string
	not    bool
	quoted bool
}

func tokens(text string) (all []token) {
	rest := strings.TrimSpace(text)
	for rest != "" {
		if n := phoneLength(rest); n > 0 {
			all = append(all, token{text: strings.TrimSpace(rest[:n]), field: "phone?"})
			rest = strings.TrimSpace(rest[n:])
			continue
		}
		var t token
		if len(rest) > 1 && rest[0] == '-' && !unicode.IsSpace(rune(rest[1])) {
			t.not, rest = true, rest[1:]
		}
		t.field, rest = cutField(rest)
		if t.field == "phone" {
			if n := phoneLength(rest); n > 0 {
				t.text, rest = rest[:n], strings.TrimSpace(rest[n:])
				all = append(all, t)
				continue
			}
		}
		if strings.HasPrefix(rest, `"`) {
			t.quoted = true
			t.text, rest, _ = strings.Cut(rest[1:], `"`)
		} else if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
			t.text, rest = rest[:i], rest[i:]
		} else {
			t.text, rest = rest, ""
		}
		all = append(all, t)
		rest = strings.TrimSpace(rest)
	}
	return all
}

func cutField(s string) (field, rest string) {
	name, after, ok := strings.Cut(s, ":")
	name = strings.ToLower(name)
	if name == "indicator" {
		name = "code"
	}
	if !ok || after == "" || unicode.IsSpace(rune(after[0])) {
		return "", s
	}
	for _, f := range FieldNames {
		if f == name {
			return f, after
		}
	}
	return "", s
}

// phoneLength is how much of the beginning of s is a phone number in some spelling: digits with what people put between them.
func phoneLength(s string) int {
	digits, end := 0, 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
			end = i + 1
		case r == '+' && digits == 0, r == '(' && i == 0, strings.ContainsRune(" .-/()\u00a0", r) && digits > 0 || r == '(' || r == '+' && digits == 0:
		default:
			if unicode.IsLetter(r) || r == ':' {
				if i == end { // a letter directly behind the digits: a word such as 24timer or a date's T
					return 0
				}
			}
			if digits < leastDigits {
				return 0
			}
			return end
		}
	}
	if digits < leastDigits {
		return 0
	}
	return end
}

func read(t token) (Term, bool) {
	t.text = strings.TrimSpace(t.text)
	if t.text == "" {
		return Term{}, false
	}
	switch {
	case t.field == "phone?":
		return Term{Kind: Phone, Value: t.text, Digits: Digits(t.text)}, true
	case t.field == "phone":
		return Term{Kind: Phone, Field: "phone", Value: t.text, Digits: Digits(t.text), Not: t.not}, true
	case t.field != "":
		return Term{Kind: Field, Field: t.field, Value: t.text, Not: t.not}, true
	case t.quoted:
		return Term{Kind: Phrase, Value: t.text, Not: t.not}, true
	}
	return Term{Kind: Word, Value: t.text, Not: t.not}, true
}

// Digits is the digits of a phone as typed, without what means "abroad".
func Digits(s string) string {
	d := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if len(d) > leastDigits+2 {
		d = strings.TrimPrefix(d, "00")
	}
	return d
}

// String writes the query as it was understood.
func (q Query) String() string {
	var parts []string
	for _, t := range q {
		s := t.Value
		switch t.Kind {
		case Phrase:
			s = `"` + t.Value + `"`
		case Phone:
			s = "phone:" + t.Digits
		case Field:
			s = t.Field + ":" + t.Value
			if strings.ContainsFunc(t.Value, unicode.IsSpace) {
				s = t.Field + `:"` + t.Value + `"`
			}
		}
		if t.Not {
			s = "-" + s
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}
