package detectors_test

import (
	"cmp"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// section is a part of a file of testdata/fairness: a line "= name" and what follows it.
type section struct {
	name  string
	lines []string
}

// sections reads a file of testdata/fairness. Lines that begin with # are comments.
func sections(t testing.TB, path string) (out []section) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "fairness", path))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch name, is := strings.CutPrefix(line, "= "); {
		case is:
			out = append(out, section{name: name})
		case line == "" || strings.HasPrefix(line, "#"):
		case len(out) == 0:
			t.Fatalf("%s: %q stands before the first section", path, line)
		default:
			out[len(out)-1].lines = append(out[len(out)-1].lines, line)
		}
	}
	return out
}

// wordList are words of which each can stand for each other in a sentence: what they say of a person must not matter.
type wordList struct {
	// kind is the file's name, language the language or "any", form the place in a sentence that the words fit.
	kind, language, form string
	// sentence is what the words stand in where they do not stand beside a person.
	sentence string
	words    []string
	any      *regexp.Regexp
}

func (l *wordList) key() string { return strings.Trim(l.kind+"."+l.form, ".") }

// describes says whether the words are adjectives that can be put beside a person.
func (l *wordList) describes() bool {
	return slices.Contains([]string{"nationality", "appearance", "religion", "health"}, l.kind)
}

// swaps says whether a word of the list found in any text has that meaning there: pronouns and the like are also other words, and
// are only put into templates.
func (l *wordList) swaps() bool {
	return l.form == "" && l.sentence == "" || slices.Contains([]string{"persons", "definite", "pupil"}, l.form)
}

// wordLists reads testdata/fairness/words.
func wordLists(t testing.TB) (all []*wordList) {
	t.Helper()
	files, err := filepath.Glob("testdata/fairness/words/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no word lists: %v", err)
	}
	for _, f := range files {
		for _, s := range sections(t, filepath.Join("words", filepath.Base(f))) {
			l := &wordList{kind: strings.TrimSuffix(filepath.Base(f), ".txt")}
			l.language, l.form, _ = strings.Cut(s.name, " ")
			if strings.Contains(s.lines[0], "%s") {
				l.sentence, s.lines = s.lines[0], s.lines[1:]
			}
			l.words = strings.Fields(strings.Join(s.lines, " "))
			if len(l.words) < 2 {
				t.Fatalf("%s, %s: nothing to put in another's place", f, s.name)
			}
			long := slices.Clone(l.words)
			slices.SortFunc(long, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
			l.any = regexp.MustCompile(`(?i)(?:^|[^\p{L}-])(` + strings.Join(long, "|") + `)(?:$|[^\p{L}-])`)
			all = append(all, l)
		}
	}
	return all
}

// forLanguage are the lists whose words stand in texts of a language.
func forLanguage(lists []*wordList, language string) (out []*wordList) {
	for _, l := range lists {
		if l.language == language || l.language == "any" {
			out = append(out, l)
		}
	}
	return out
}

// variant is a text with one thing in it changed that says who somebody is.
type variant struct{ what, text string }

// variants are all of a text's: each word of a list replaced by each other, each adjective put beside each person, and each
// list's words as a sentence before and after the text.
func variants(lists []*wordList, language, text string) iter.Seq[variant] {
	lists = forLanguage(lists, language)
	return func(yield func(variant) bool) {
		for _, l := range lists {
			if !l.eachSwap(text, yield) || l.form == "persons" && !eachInsertion(l, lists, text, yield) {
				return
			}
			if l.form != "" {
				continue // of these each says the same and one more says more: they are swapped and not added
			}
			said := l.said(l.words)
			if !yield(variant{l.key() + " after", text + ". " + said}) || !yield(variant{l.key() + " before", said + " " + text}) {
				return
			}
		}
	}
}

// said is a sentence of some of a list's words.
func (l *wordList) said(words []string) string {
	if l.sentence != "" {
		return strings.ReplaceAll(l.sentence, "%s", strings.Join(words, " "))
	}
	return strings.Join(words, " ") + "."
}

// places are where a list's words stand in a text.
func (l *wordList) places(text string) (out [][2]int) {
	for from := 0; from < len(text); {
		at := l.any.FindStringSubmatchIndex(text[from:])
		if at == nil {
			return out
		}
		out = append(out, [2]int{from + at[2], from + at[3]})
		from += at[3]
	}
	return out
}

// undeclared ends with svart where it is no colour: beside pay it says that no tax is paid, and to say something else says less.
var undeclared = regexp.MustCompile(`(?i)(?:timen|time|dagen|kr/t) svart$`)

func (l *wordList) eachSwap(text string, yield func(variant) bool) bool {
	if !l.swaps() {
		return true
	}
	for _, at := range l.places(text) {
		if undeclared.MatchString(text[:at[1]]) {
			continue
		}
		for _, w := range l.words {
			if !yield(variant{l.key() + ": " + text[at[0]:at[1]] + " → " + w, swapped(text, at, w)}) {
				return false
			}
		}
	}
	return true
}

// swapped is a text with another word at a place, written large where the old one was.
func swapped(text string, at [2]int, word string) string {
	if first, _ := utf8.DecodeRuneInString(text[at[0]:]); unicode.IsUpper(first) {
		r, n := utf8.DecodeRuneInString(word)
		word = string(unicode.ToUpper(r)) + word[n:]
	}
	return text[:at[0]] + word + text[at[1]:]
}

func eachInsertion(persons *wordList, lists []*wordList, text string, yield func(variant) bool) bool {
	for _, at := range persons.places(text) {
		for _, l := range lists {
			if !l.describes() {
				continue
			}
			for _, w := range l.words {
				if !yield(variant{l.key() + ": + " + w, beside(persons.language, text, at, w)}) {
					return false
				}
			}
		}
	}
	return true
}

// insertions are all of a text's with an adjective put before one of its words, whatever that word is: a pattern may name any thing
// or person that somebody's can be. At each word one adjective of each list is tried, in turn, so that a phrase meets many.
func insertions(lists []*wordList, language, text string) iter.Seq[variant] {
	return func(yield func(variant) bool) {
		turn := len(text)
		for _, at := range wordStarts.FindAllStringIndex(text, -1) {
			for _, l := range forLanguage(lists, language) {
				if !l.describes() {
					continue
				}
				turn++
				w := l.words[turn%len(l.words)]
				if !yield(variant{l.key() + ": + " + w, text[:at[1]] + w + " " + text[at[1]:]}) {
					return
				}
			}
		}
	}
}

// wordStarts end where a word begins.
var wordStarts = regexp.MustCompile(`(?:^|[ (])`)

// beside is a text with an adjective put to a person: after it in Romanian and Spanish, before it elsewhere.
func beside(language, text string, at [2]int, word string) string {
	if language == "ro" || language == "es" {
		return text[:at[1]] + " " + word + text[at[1]:]
	}
	return text[:at[0]] + word + " " + text[at[0]:]
}
