package lexicon

import "varde/internal/text"

// automaton finds many strings in one pass over a text (Aho and Corasick 1975), as a table: for each state and class of bytes
// the next state. Bytes of no string share a class. A run of spaces, tabs and ornaments is one space.
type automaton struct {
	class   [256]uint8
	classes int
	next    []int32
	// ends are the strings that end at a state, longest first; most states have none.
	ends [][]int32
}

// newAutomaton builds the automaton of different strings in order; a string is named by its place in the list.
func newAutomaton(list []string) *automaton {
	a := &automaton{classes: 1}
	for _, s := range list {
		for _, b := range []byte(s) {
			if a.class[b] == 0 {
				a.class[b] = uint8(a.classes)
				a.classes++
			}
		}
	}
	a.class['\t'], a.class[text.Ornament] = a.class[' '], a.class[' ']
	states := 1 // of strings in order: one for each byte that the string before does not share
	for i, s := range list {
		states += len(s)
		for k := 0; i > 0 && k < min(len(s), len(list[i-1])) && s[k] == list[i-1][k]; k++ {
			states--
		}
	}
	a.next = make([]int32, 0, states*a.classes)
	a.ends = make([][]int32, 0, states)
	a.grow()
	for id, s := range list {
		state := int32(0)
		for _, b := range []byte(s) {
			at := int(state)*a.classes + int(a.class[b])
			if a.next[at] == 0 {
				to := a.grow()
				a.next[at] = to
			}
			state = a.next[at]
		}
		a.ends[state] = append(a.ends[state], int32(id))
	}
	a.link()
	return a
}

// grow adds a state.
func (a *automaton) grow() int32 {
	a.next = a.next[:len(a.next)+a.classes]
	a.ends = append(a.ends, nil)
	return int32(len(a.ends) - 1)
}

// link turns the tree of strings into the automaton, in the order of the states' depth: where a state knows no way on, the way of
// its longest end that begins a string is taken.
func (a *automaton) link() {
	fail := make([]int32, len(a.ends))
	queue := make([]int32, 0, len(a.ends))
	for _, to := range a.next[:a.classes] {
		if to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		a.ends[state] = append(a.ends[state], a.ends[fail[state]]...)
		row := a.next[int(state)*a.classes:][:a.classes]
		back := a.next[int(fail[state])*a.classes:][:a.classes]
		for c, to := range row {
			if to == 0 {
				row[c] = back[c]
				continue
			}
			fail[to] = back[c]
			queue = append(queue, to)
		}
	}
}

// isBlank says whether a byte can stand where a pattern has a space.
func isBlank(b byte) bool { return b == ' ' || b == '\t' || b == text.Ornament }

// hit is a string found in a text: which, and where it ends.
type hit struct{ id, end int32 }

// scan appends to hits what stands in a text, in the order of its ends, at most limit of them.
func (a *automaton) scan(in string, hits []hit, limit int) []hit {
	state, blank := int32(0), false
	for i := range len(in) {
		b := in[i]
		if isBlank(b) {
			if blank {
				continue
			}
			blank = true
		} else {
			blank = false
		}
		state = a.next[int(state)*a.classes+int(a.class[b])]
		if ends := a.ends[state]; len(ends) != 0 {
			for _, id := range ends {
				hits = append(hits, hit{id, int32(i + 1)})
			}
			if len(hits) > limit {
				return hits
			}
		}
	}
	return hits
}
