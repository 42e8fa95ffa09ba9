package lexicon

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"varde/internal/ad"
	"varde/internal/text"
)

// Bounds of the work that one text can ask for. An ordinary ad comes nowhere near; what does is a list of words.
const (
	mostHits  = 1 << 16
	mostTries = 120
)

// scratch is what one reading needs, kept for the next. Marks of older readings are told by their round.
type scratch struct {
	round uint32
	hits  []hit
	// seen is, for each set, the round in which one of its strings stood in the text.
	seen []uint32
	// at is, for each pattern, the round that next and tries are of: from where it is tried next, and how often it was.
	at          []uint32
	next, tries []int32
}

// match is a pattern found in a text.
type match struct {
	pattern int32
	Place
	denied bool
}

// Find returns what stands in the texts of an ad of a category, in the order of the codes.
func (s *Set) Find(in ad.Category, texts []*text.Folded) []Found {
	all := s.all(in, texts, nil)
	if len(all) == 0 {
		return nil
	}
	return s.gather(s.kept(all))
}

// all are the matches in the texts of an ad of the rules that read its category, or of those of them that only says.
func (s *Set) all(in ad.Category, texts []*text.Folded, only func(rule int32) bool) (all []match) {
	sc := s.pool.Get().(*scratch)
	defer s.pool.Put(sc)
	for i, f := range texts {
		all = s.read(sc, category(in), f.Text, i, all)
	}
	if only != nil {
		all = slices.DeleteFunc(all, func(m match) bool { return !only(s.patterns[m.pattern].rule) })
	}
	return all
}

// matches appends the matches in one text of the patterns that read the category.
func (s *Set) matches(sc *scratch, in uint8, txt string, field int, all []match) []match {
	if sc.round++; sc.round == 0 { // after four thousand million texts the marks of the first would be taken for new
		clear(sc.seen)
		clear(sc.at)
		sc.round = 1
	}
	sc.hits = s.automaton.scan(txt, sc.hits[:0], mostHits)
	for _, h := range sc.hits {
		for _, u := range s.uses[h.id] {
			sc.seen[u.set] = sc.round
		}
	}
	for _, h := range sc.hits {
		end := int(h.end)
		start := startOf(txt, s.literals[h.id], end)
		for _, u := range s.uses[h.id] {
			if u.pattern < 0 {
				continue
			}
			p := &s.patterns[u.pattern]
			if r := &s.rules[p.rule]; r.in&in == 0 || r.title && field != Title || !u.edgesFit(txt, start, end) || !sc.whole(p) {
				continue
			}
			all = s.try(sc, u.pattern, txt, field, start, all)
		}
	}
	return all
}

// whole says whether something of every set that a pattern needs stands in the text.
func (sc *scratch) whole(p *pattern) bool {
	for _, set := range p.also {
		if sc.seen[set] != sc.round {
			return false
		}
	}
	return true
}

// try looks for a pattern at each word's beginning from which it can reach its literal, which begins at byte literal.
func (s *Set) try(sc *scratch, id int32, txt string, field, literal int, all []match) []match {
	p := &s.patterns[id]
	if sc.at[id] != sc.round {
		sc.at[id], sc.next[id], sc.tries[id] = sc.round, 0, 0
	}
	for i := max(int(sc.next[id]), literal-p.left, 0); i <= literal && sc.tries[id] < mostTries; i++ {
		if !beginsAt(txt, i) {
			continue
		}
		sc.tries[id]++
		at := p.re.FindStringSubmatchIndex(txt[i:wordEnd(txt, i+p.most)])
		sc.next[id] = int32(i + 1)
		if at == nil || at[3] == 0 {
			continue
		}
		end := i + at[3]
		r := &s.rules[p.rule]
		all = append(all, match{id, Place{field, i, end}, s.denials[r.denials].denied(txt, i, end, p, r)})
		sc.next[id] = int32(end)
		i = end - 1
	}
	return all
}

// beginsAt says whether a pattern may begin at a byte: it starts a character, and none of a word comes before it.
func beginsAt(txt string, i int) bool {
	if i >= len(txt) || !utf8.RuneStart(txt[i]) || isBlank(txt[i]) {
		return false
	}
	if i == 0 {
		return true
	}
	if b := txt[i-1]; b < utf8.RuneSelf {
		return !isWord(rune(b))
	}
	r, _ := utf8.DecodeLastRuneInString(txt[:i])
	return !isWord(r)
}

// wordEnd is the end of the word that a byte lies in, or the text's.
func wordEnd(txt string, i int) int {
	for n := i; n < len(txt); {
		r, size := utf8.DecodeRuneInString(txt[n:])
		if !isWord(r) && utf8.RuneStart(txt[n]) {
			return n
		}
		n += size
	}
	return len(txt)
}

// kept leaves those matches whose rule is shown: by any of its patterns, or by every one where it needs all. What one lexicon
// denies no other of the same code may claim: languages share words.
func (s *Set) kept(all []match) (kept []match) {
	met := map[int32]bool{}
	var denied []match
	for _, m := range all {
		if m.denied {
			denied = append(denied, m)
		} else {
			met[m.pattern] = true
		}
	}
	for _, m := range all {
		r := s.ruleOf(m)
		missing := false
		for i := r.first; r.all && i < r.first+r.count; i++ {
			missing = missing || !met[int32(i)]
		}
		elsewhere := func(o match) bool {
			return o.Field == m.Field && o.Start < m.End && m.Start < o.End && s.ruleOf(o).code == r.code
		}
		if !m.denied && !missing && !slices.ContainsFunc(denied, elsewhere) {
			kept = append(kept, m)
		}
	}
	return kept
}

func (s *Set) ruleOf(m match) *rule { return &s.rules[s.patterns[m.pattern].rule] }

// gather sorts matches by code and place; of those that overlap the first, and of those the longest, is shown.
func (s *Set) gather(all []match) (out []Found) {
	code := func(m match) string { return s.ruleOf(m).code }
	slices.SortFunc(all, func(a, b match) int {
		return cmp.Or(strings.Compare(code(a), code(b)), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	for _, m := range all {
		last := len(out) - 1
		if last < 0 || out[last].Code != code(m) {
			out = append(out, Found{Code: code(m)})
			last++
		}
		f := &out[last]
		f.Confidence = max(f.Confidence, s.ruleOf(m).confidence)
		if n := len(f.On); n > 0 && f.On[n-1].Field == m.Field && m.Start < f.On[n-1].End || n == mostPlaces {
			continue
		}
		f.On = append(f.On, m.Place)
	}
	return out
}
