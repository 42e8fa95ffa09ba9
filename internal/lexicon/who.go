package lexicon

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"varde/internal/text"
)

// who are the stems, folded, of adjectives that say who somebody is: nationality, colour, religion, health, language.
//
// Such words are never to count. A text that holds some is therefore read as if they were not there: whatever pattern finds
// "ask my manager" finds "ask my Russian manager" too, and no pattern has to provide for it. Only what needs such a word, such as
// "Thai salon", is found where it stands.
type who struct {
	stems map[string]bool
	// also are the words among them that mean something else as well, as svart is black and undeclared: a text that holds such a
	// word and others is read with it, too.
	also map[string]bool
}

// An ending of a stem is at most this long, in characters: long stems are sure, short ones begin other words too.
const (
	longStem    = 6
	longEnding  = 4
	shortEnding = 2
)

// take adds stems and words in proper spelling.
func (w *who) take(stems, also []string) {
	if w.stems == nil {
		w.stems, w.also = map[string]bool{}, map[string]bool{}
	}
	for _, s := range stems {
		w.stems[text.Fold(s).Text] = true
	}
	for _, s := range also {
		w.also[text.Fold(s).Text] = true
	}
}

// join adds those of another.
func (w *who) join(o who) {
	w.take(nil, nil)
	maps.Copy(w.stems, o.stems)
	maps.Copy(w.also, o.also)
}

// says whether a folded word is a stem with an ending, or some of them joined.
func (w *who) says(word string) bool {
	for end, cut := len(word), 0; end > 0 && cut <= longEnding; cut++ {
		if w.stems[word[:end]] && (cut <= shortEnding || utf8.RuneCountInString(word[:end]) >= longStem) {
			return true
		}
		_, size := utf8.DecodeLastRuneInString(word[:end])
		end -= size
	}
	first, rest, joined := strings.Cut(word, "-")
	return joined && w.says(first) && w.says(rest)
}

// cut is a place of a shortened text before which something was left out: in all gone bytes up to there, size of them here.
type cut struct{ at, gone, size int }

// without is a folded text without the words that say who somebody is, and the places where they were; sure says that those that
// mean something else as well are left.
func (w *who) without(in string, sure bool) (string, []cut) {
	var b strings.Builder
	var cuts []cut
	kept := 0 // up to where the text is taken over
	for i := 0; i < len(in); {
		if !beginsAt(in, i) {
			i++
			continue
		}
		end := joinedEnd(in, i)
		if end == i {
			i++
			continue
		}
		if w.says(in[i:end]) && !(sure && w.also[in[i:end]]) {
			from, to := alone(in, i, w.listed(in, end))
			from = max(from, kept)
			b.WriteString(in[kept:from])
			gone := to - from
			if n := len(cuts); n > 0 {
				gone += cuts[n-1].gone
			}
			cuts = append(cuts, cut{b.Len(), gone, to - from})
			kept = to
		}
		i = end
	}
	if cuts == nil {
		return in, nil
	}
	b.WriteString(in[kept:])
	return b.String(), cuts
}

// joinedEnd is the end of the word at a byte with what hyphens and apostrophes join to it.
func joinedEnd(in string, at int) int {
	end := wordEnd(in, at)
	for end > at && end < len(in) && (in[end] == '-' || in[end] == '\'') {
		next := wordEnd(in, end+1)
		if next == end+1 {
			break
		}
		end = next
	}
	return end
}

// listed is the end of a word, or of the comma or slash after it that joins it to another that says who somebody is.
func (w *who) listed(in string, end int) int {
	if end == len(in) || in[end] != ',' && in[end] != '/' {
		return end
	}
	next := end + 1
	for next < len(in) && in[next] == ' ' {
		next++
	}
	if next < len(in) && beginsAt(in, next) && w.says(in[next:joinedEnd(in, next)]) {
		return end + 1
	}
	return end
}

// alone is a word with the blanks after it, or before it where none follow.
func alone(in string, start, end int) (int, int) {
	to := end
	for to < len(in) && (in[to] == ' ' || in[to] == '\t') {
		to++
	}
	if to == end {
		for start > 0 && (in[start-1] == ' ' || in[start-1] == '\t') {
			start--
		}
	}
	return start, to
}

// back is where a span of the shortened text stood in the whole one.
func back(cuts []cut, p Place) Place {
	shift := func(at int) int {
		n := sort.Search(len(cuts), func(i int) bool { return cuts[i].at > at })
		if n == 0 {
			return at
		}
		return at + cuts[n-1].gone
	}
	return Place{p.Field, shift(p.Start), shift(p.End-1) + 1}
}

// covers says whether something that was left out lies in a place of the whole text.
func covers(cuts []cut, p Place) bool {
	n := sort.Search(len(cuts), func(i int) bool { return cuts[i].at+cuts[i].gone > p.Start })
	return n < len(cuts) && cuts[n].at+cuts[n].gone-cuts[n].size < p.End
}

// read appends the matches in one text: as if what says who somebody is were not there, and what needs such a word.
func (s *Set) read(sc *scratch, in uint8, txt string, field int, all []match) []match {
	plain, cuts := s.who.without(txt, false)
	if cuts == nil {
		return s.matches(sc, in, txt, field, all)
	}
	needing := func(txt string, kept []cut) {
		from := len(all)
		all = s.matches(sc, in, txt, field, all)
		for i := range all[from:] {
			all[from+i].Place = back(kept, all[from+i].Place)
		}
		all = all[:from+len(slices.DeleteFunc(all[from:], func(m match) bool { return m.denied || !covers(cuts, m.Place) }))]
	}
	needing(txt, nil)
	if partly, some := s.who.without(txt, true); some != nil && len(some) < len(cuts) {
		needing(partly, some)
	}
	from := len(all)
	all = s.matches(sc, in, plain, field, all)
	for i := range all[from:] {
		all[from+i].Place = back(cuts, all[from+i].Place)
	}
	return all
}
