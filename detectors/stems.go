package detectors

import (
	"strings"

	"varde/internal/ad"
	"varde/internal/text"
)

// stems are beginnings of words, or of several words in a row, found at the beginning of a word.
type stems map[string][]string

// stemKey is how many bytes a stem must have; they are what it is looked up by.
const stemKey = 3

func newStems(words []string) stems {
	s := stems{}
	for _, w := range words {
		w = text.Fold(w).Text
		s[w[:stemKey]] = append(s[w[:stemKey]], w)
	}
	return s
}

// find returns where the first of them stands in the folded text between two bytes.
func (s stems) find(d *text.Doc, from, to int) (start, end int, ok bool) {
	for _, t := range d.Tokens {
		at := int(t.Start)
		if at < from || at+stemKey > len(d.Text) {
			continue
		}
		if at >= to {
			break
		}
		for _, stem := range s[d.Text[at:at+stemKey]] {
			if strings.HasPrefix(d.Text[at:], stem) {
				return at, at + len(stem), true
			}
		}
	}
	return 0, 0, false
}

// in says whether one of them stands in a text.
func (s stems) in(d *text.Doc) bool {
	_, _, ok := s.find(d, 0, len(d.Text))
	return ok
}

// quote returns the first of them in title or text as evidence.
func (s stems) quote(in *Input) (ad.Evidence, bool) {
	for _, f := range in.fields() {
		if start, end, ok := s.find(f.Doc, 0, len(f.Text)); ok {
			from, to := f.Span(start, end)
			return span(f.Field, f.Source, from, to), true
		}
	}
	return ad.Evidence{}, false
}
