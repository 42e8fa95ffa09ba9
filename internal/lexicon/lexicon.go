package lexicon

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"varde/internal/ad"
	"varde/internal/text"
)

// Set is all lexicons, ready to read. It is never changed and may be used by many at once.
type Set struct {
	rules    []rule
	patterns []pattern
	denials  []*denials
	codes    []string
	who      who

	literals  []string
	automaton *automaton
	// uses are, for each literal, the sets it belongs to; sets counts all sets.
	uses [][]use
	sets int
	pool sync.Pool
}

// rule is an entry of a lexicon.
type rule struct {
	code       string
	in         uint8
	confidence float64
	denials    int
	warned     bool
	title      bool
	unless     *regexp.Regexp
	// first and count are its patterns; all says that each is needed.
	first, count int
	all          bool
}

// use says what a literal is for: the set it belongs to, and the pattern where that set is the pattern's anchor, else -1.
type use struct {
	set, pattern int32
	start, end   bool
}

// Place is where a phrase stands: from byte Start to byte End of the folded text of number Field.
type Place struct{ Field, Start, End int }

// Found is a code with the places that show it, in their order.
type Found struct {
	Code       string
	Confidence float64
	On         []Place
}

// Title is the number of the text that is the ad's title, where there are several.
const Title = 0

// mostPlaces bounds how often one code is shown.
const mostPlaces = 10

// Reads is the view of a text that lexicons read.
func Reads(d *text.Doc) *text.Folded { return &d.Words }

// Codes lists the codes that the lexicons can give, sorted.
func (s *Set) Codes() []string { return s.codes }

// category is the bit of a category in a rule's mask.
func category(c ad.Category) uint8 { return 1 << max(slices.Index(ad.Categories, c), 0) }

// add takes in a lexicon's phrases.
func (s *Set) add(l *file) error {
	d, err := l.denials()
	if err != nil {
		return err
	}
	s.denials = append(s.denials, &d)
	s.who.take(l.Who, l.WhoAlso)
	for _, p := range l.Phrases {
		r := rule{code: p.Code, confidence: cmp.Or(p.Confidence, 1), denials: len(s.denials) - 1, warned: p.Warned, title: p.Title, first: len(s.patterns), count: len(p.Patterns), all: p.All}
		for _, c := range p.In {
			r.in |= category(c)
		}
		if r.unless, err = words(p.Unless, begins, edge); err != nil {
			return err
		}
		for _, source := range p.Patterns {
			one, sets, err := compile(source)
			if err != nil {
				return err
			}
			one.rule, one.negative = int32(len(s.rules)), matches(d.inside, source)
			for i, set := range sets {
				anchor := int32(-1)
				if i == 0 {
					anchor = int32(len(s.patterns))
				} else {
					one.also = append(one.also, int32(s.sets))
				}
				for _, l := range set.strings {
					s.use(l, use{int32(s.sets), anchor, set.start, set.end})
				}
				s.sets++
			}
			s.patterns = append(s.patterns, one)
		}
		s.rules = append(s.rules, r)
		s.codes = append(s.codes, r.code)
	}
	slices.Sort(s.codes)
	s.codes = slices.Compact(s.codes)
	return nil
}

// join takes in what another set holds.
func (s *Set) join(o *Set) {
	rules, patterns, sets := len(s.rules), len(s.patterns), s.sets
	for _, r := range o.rules {
		r.first += patterns
		r.denials += len(s.denials)
		s.rules = append(s.rules, r)
	}
	for _, p := range o.patterns {
		p.rule += int32(rules)
		p.also = slices.Clone(p.also)
		for i := range p.also {
			p.also[i] += int32(sets)
		}
		s.patterns = append(s.patterns, p)
	}
	for i, literal := range o.literals {
		for _, u := range o.uses[i] {
			u.set += int32(sets)
			if u.pattern >= 0 {
				u.pattern += int32(patterns)
			}
			s.use(literal, u)
		}
	}
	s.sets += o.sets
	s.who.join(o.who)
	s.denials = append(s.denials, o.denials...)
	s.codes = append(s.codes, o.codes...)
	slices.Sort(s.codes)
	s.codes = slices.Compact(s.codes)
}

func (s *Set) use(literal string, u use) {
	s.literals = append(s.literals, literal)
	s.uses = append(s.uses, []use{u})
}

// build makes the set ready: equal literals become one.
func (s *Set) build() {
	byLiteral := map[string][]use{}
	for i, l := range s.literals {
		byLiteral[l] = append(byLiteral[l], s.uses[i]...)
	}
	s.literals = slices.Sorted(maps.Keys(byLiteral))
	s.uses = make([][]use, len(s.literals))
	for i, l := range s.literals {
		s.uses[i] = byLiteral[l]
	}
	s.automaton = newAutomaton(s.literals)
	s.pool.New = func() any {
		return &scratch{seen: make([]uint32, s.sets), next: make([]int32, len(s.patterns)), tries: make([]int32, len(s.patterns)),
			at: make([]uint32, len(s.patterns))}
	}
}

// edgesFit says whether a literal that ends at end stands at the edges that its use demands.
func (u use) edgesFit(in string, start, end int) bool {
	if u.end {
		if r, _ := utf8.DecodeRuneInString(in[end:]); end < len(in) && isWord(r) {
			return false
		}
	}
	if u.start {
		if r, _ := utf8.DecodeLastRuneInString(in[:start]); start > 0 && isWord(r) {
			return false
		}
	}
	return true
}

// startOf is where a literal that ends at end begins in a text in which a run of spaces is one space.
func startOf(in, literal string, end int) int {
	if !strings.Contains(literal, " ") {
		return end - len(literal)
	}
	blank := false
	n := len(literal)
	for ; n > 0 && end > 0; end-- {
		b := in[end-1]
		if isBlank(b) {
			if blank {
				continue
			}
			blank = true
		} else {
			blank = false
		}
		n--
	}
	return end
}
