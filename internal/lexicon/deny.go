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
	// inside is a negation anywhere in a phrase, joined the end of what stands before it that makes its own negation a second one.
	inside, joined *regexp.Regexp
	// or begins what stands after a phrase within a list.
	or *regexp.Regexp
	// after begins, in what stands after a phrase, with a denial.
	after *regexp.Regexp
	// affirmations are taken out before anything else is read, warnings stand anywhere in a sentence.
	affirmations, warnings *regexp.Regexp
}

const (
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
	make(&d.before, l.Negations, begins, `(?:(?:`+gap+word+`)`+farNegation+gap+`?|[ \t\v]*)$`)
	make(&d.list, l.Negations, begins, `(?:`+listed+word+`)`+farList+listed+`?$`)
	make(&d.inside, l.Negations, begins, edge)
	make(&d.joined, l.And, begins, gap+`$`)
	make(&d.or, l.Or, `(?:^|`+listed+`)`, edge)
	make(&d.after, l.After, `^(?:`+gap+word+`)`+farAfter+gap, edge)
	make(&d.affirmations, l.Affirmations, begins, edge)
	make(&d.warnings, l.Warnings, begins, edge)
	return d, err
}

// denied says that a phrase from start to end of a folded text says the opposite of what it would say alone. The pattern and its
// rule say what they are indifferent to.
func (d *denials) denied(in string, start, end int, p *pattern, r *rule) bool {
	before, after := lastSentence(in[max(0, start-around):start], start > around), firstSentence(in[end:min(len(in), end+around)])
	if d.affirmations != nil {
		before, after = d.affirmations.ReplaceAllString(before, " . "), d.affirmations.ReplaceAllString(after, " . ")
	}
	own := d.ownNegation(in[start:end])
	second := own > 0 && matches(d.joined, before)
	switch {
	case matches(d.before, before) && !second, matches(d.after, after), !p.negative && matches(d.inside, in[start+own:end]):
		return true
	case !second && matches(d.list, before) && (nearOr(d.or, before) || matches(d.or, after[:min(len(after), 40)])):
		return true
	}
	return matches(r.unless, before) || matches(r.unless, after) || !r.warned && (matches(d.warnings, before) || matches(d.warnings, after))
}

// matches says whether a regular expression that may be nil matches.
func matches(re *regexp.Regexp, s string) bool { return re != nil && re.MatchString(s) }

// ownNegation is how long the negation is that a phrase begins with: it is part of what the pattern looks for.
func (d *denials) ownNegation(phrase string) int {
	if d.inside == nil {
		return 0
	}
	if at := d.inside.FindStringIndex(phrase); at != nil && at[0] == 0 {
		return at[1]
	}
	return 0
}

// nearOr says whether what stands before a phrase ends with the word of a list, or with it and two words more.
func nearOr(or *regexp.Regexp, before string) bool {
	if or == nil {
		return false
	}
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
