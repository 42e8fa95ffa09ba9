package lexicon

import (
	"regexp"
	"strings"
	"unicode"
)

// How far words of denial reach, in words of the same clause; a clause ends at any sign but an apostrophe or hyphen.
const (
	farNegation = `{0,5}`
	farAfter    = `{0,2}`
	farList     = `{0,12}`
)

// around is how many bytes before and after a phrase are looked at.
const around = 160

// denials tell what turns a phrase of one language around; each may be nil.
type denials struct {
	// before ends, in what stands before a phrase, with a negation of it; list with one of the list that the phrase belongs to.
	before, list *regexp.Regexp
	// or begins what stands after a phrase within a list.
	or *regexp.Regexp
	// after begins, in what stands after a phrase, with a denial.
	after *regexp.Regexp
	// affirmations are taken out before anything else is read, warnings stand anywhere in a sentence.
	affirmations, warnings *regexp.Regexp
}

const (
	begins = `(?:^|[^\p{L}\p{N}])`
	// gap is what stands between words of a clause, listed what stands between the words of a list.
	gap    = `[ \t'’/-]+`
	listed = `[ \t'’/,-]+`
)

func (l *file) denials() (d denials, err error) {
	make := func(into **regexp.Regexp, list []string, before, after string) {
		re, e := words(list, before, after)
		if *into = re; e != nil {
			err = e
		}
	}
	make(&d.before, l.Negations, begins, `(?:`+gap+`[\p{L}\p{N}]+)`+farNegation+gap+`?$`)
	make(&d.list, l.Negations, begins, `(?:`+listed+`[\p{L}\p{N}]+)`+farList+listed+`?$`)
	make(&d.or, l.Or, `(?:^|`+listed+`)`, edge)
	make(&d.after, l.After, `^(?:`+gap+`[\p{L}\p{N}]+)`+farAfter+gap, edge)
	make(&d.affirmations, l.Affirmations, begins, edge)
	make(&d.warnings, l.Warnings, begins, edge)
	return d, err
}

// denied says that a phrase from start to end of a folded text says the opposite of what it would say alone.
func (d *denials) denied(in string, start, end int, warned bool) bool {
	before, after := lastSentence(in[max(0, start-around):start], start > around), firstSentence(in[end:min(len(in), end+around)])
	if d.affirmations != nil {
		before, after = d.affirmations.ReplaceAllString(before, " . "), d.affirmations.ReplaceAllString(after, " . ")
	}
	switch {
	case d.before != nil && d.before.MatchString(before), d.after != nil && d.after.MatchString(after):
		return true
	case d.list != nil && d.or != nil && d.list.MatchString(before) && (nearOr(d.or, before) || d.or.MatchString(after[:min(len(after), 40)])):
		return true
	}
	return !warned && d.warnings != nil && (d.warnings.MatchString(before) || d.warnings.MatchString(after))
}

// nearOr says whether what stands before a phrase ends with the word of a list, or with it and two words more.
func nearOr(or *regexp.Regexp, before string) bool {
	at := or.FindAllStringIndex(before, -1)
	return len(at) > 0 && len(strings.Fields(before[at[len(at)-1][1]-1:])) <= 2
}

// lastSentence is what of a text lies after its last end of a sentence; cut says that the text begins within a word.
func lastSentence(s string, cut bool) string {
	if cut {
		if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
			s = s[i:]
		}
	}
	return s[strings.LastIndexAny(s, ".!?\n•")+1:]
}

// firstSentence is what of a text lies before its first end of a sentence.
func firstSentence(s string) string {
	if i := strings.IndexAny(s, ".!?\n•"); i >= 0 {
		return s[:i]
	}
	return s
}
