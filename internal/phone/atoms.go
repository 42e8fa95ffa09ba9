package phone

import (
	"strings"
	"unicode/utf8"

	"varde/internal/text"
)

// kind is what an atom is made of.
type kind uint8

const (
	figures  kind = iota // digits
	spelled              // a number word
	lettered             // letters that look like digits
)

// atom is a piece of a number: digits, a number word, or letters meant as digits.
type atom struct {
	kind
	numeral
	// digits are the figures, or what the letters look like; empty for a word.
	digits string
	// start and end are bytes of the folded text, token the first token.
	start, end int32
	token      int32
	// gap is what stands between this atom and the one before.
	gap gap
	// plus says that a plus sign or word stands before it; changed that its spelling was a disguise.
	plus, changed bool
	// cut says that the atom cannot belong to a phone: money, a date, a measure.
	cut bool
}

// gap is what kind of characters stand between two atoms of a number.
type gap uint8

const (
	tight   gap = iota // none
	plain              // those of ordinary numbers
	odd                // any signs
	listing            // commas and colons
	newline
	between // words such as dot and og
	apart   // what two atoms of a number never have between them
)

// Most of what may stand between two atoms of one number.
const (
	mostPlain = 3
	mostGap   = 10
)

// gapOf says what kind of gap s is.
func gapOf(s string) gap {
	if s == "" {
		return tight
	}
	if len(s) > 6*mostGap {
		return apart
	}
	if s == ". " { // a sentence ends, unless each digit is one
		return listing
	}
	kind, n := plain, 0
	for _, r := range s {
		n++
		switch r {
		case ' ', '.', '-', '/', '(', ')', '\t':
		case '\n', '\r':
			kind = max(kind, newline)
		case ',', ';', ':':
			kind = max(kind, listing)
		case '%', '€', '$', '£', '+', '@', '§', '°', '?', '\x00', '"':
			return apart
		default:
			kind = max(kind, odd)
		}
	}
	switch {
	case n > mostGap:
		return apart
	case kind == plain && n > mostPlain:
		return odd
	case kind == newline && strings.Trim(s, " \t\r\n") != "":
		return apart
	}
	return kind
}

// reader turns a document into atoms and these into runs.
type reader struct {
	doc    *text.Doc
	region string
	atoms  []atom
	// tries is how often something may still be tried that is no number.
	tries int
	found []Match
	parts []numeral
	// abroad is the other country that the text's words point to, once asked.
	abroad string
	asked  bool
}

// mostRead is how many atoms of a text are read; one of 64 KB, the longest that detectors read, has no more.
const mostRead = 1 << 16

// read cuts the document into atoms. Tokens that can be no part of a number are left out, and the gap over them is apart.
func (r *reader) read() {
	d := r.doc
	pending := gap(0) // a filler word that may stand inside a number
	plusAt, last := int32(-1), int32(-1)
	for i := 0; i < len(d.Tokens) && len(r.atoms) < mostRead; i++ {
		t := d.Tokens[i]
		leet, leetUsed, isLeet := r.leet(i)
		if t.Kind == text.Digits && !isLeet {
			r.add(atom{kind: figures, digits: d.Text[t.Start:t.End], start: t.Start, end: t.End, token: int32(i)}, last, pending, plusAt)
			last, pending, plusAt = t.End, 0, -1
			continue
		}
		n, used, ok := r.numeral(i)
		if !ok && isLeet {
			n, used, ok = leet, leetUsed, true
		}
		switch {
		case !ok && r.letterDigits(i, last):
			r.add(atom{kind: lettered, digits: asDigits(d.Word(i)), start: t.Start, end: t.End, token: int32(i)}, last, pending, plusAt)
			last, pending, plusAt = t.End, 0, -1
		case !ok && r.glued(i):
			for _, part := range r.parts {
				r.add(atom{kind: spelled, numeral: part, start: t.Start, end: t.End, token: int32(i)}, last, pending, plusAt)
				last, pending, plusAt = t.End, 0, -1
			}
		case !ok:
			last, pending, plusAt = -1, 0, -1
		case n.class == plus:
			last, pending, plusAt = -1, 0, d.Tokens[i+used-1].End
		case n.class == filler || n.class == link:
			if last >= 0 && gapOf(d.Text[last:t.Start]) <= odd && pending == 0 && !(n.class == link && !r.linkable()) {
				pending, last = between, d.Tokens[i+used-1].End
			} else {
				last, pending, plusAt = -1, 0, -1
			}
		default:
			end := d.Tokens[i+used-1].End
			r.add(atom{kind: spelled, numeral: n, start: t.Start, end: end, token: int32(i)}, last, pending, plusAt)
			last, pending, plusAt = end, 0, -1
		}
		i += max(used-1, 0)
	}
}

// linkable says that og, y and the like may stand behind the last atom: fire hundre og tolv, treinta y dos.
func (r *reader) linkable() bool {
	a := r.atoms[len(r.atoms)-1]
	return a.kind == spelled && (a.class == ten || a.class == hundred || a.class == times100)
}

// numeral is the number word at token i, which may reach over an apostrophe (дев'ять) or undo leet (f0ur), and how many tokens
// it takes.
func (r *reader) numeral(i int) (numeral, int, bool) {
	d := r.doc
	t := d.Tokens[i]
	if n, ok := lookup(d.Text[t.Start:t.End]); ok {
		return n, 1, true
	}
	if i+1 < len(d.Tokens) && d.Tokens[i+1].Kind == text.Letters && d.Tokens[i+1].Start == t.End+1 && d.Text[t.End] == '\'' {
		if n, ok := lookup(d.Text[t.Start:t.End] + d.Text[t.End+1:d.Tokens[i+1].End]); ok {
			return n, 2, true
		}
	}
	k := i
	for k+1 < len(d.Tokens) && d.Tokens[k+1].Start == d.Tokens[k].End && k < i+4 {
		k++
	}
	if k > i {
		end := d.Tokens[k].End
		if n, ok := lookup(d.Words.Text[t.Start:end]); ok && d.Words.Changed(int(t.Start), int(end)) {
			return n, k - i + 1, true
		}
	}
	return numeral{}, 0, false
}

// leetLetters are the letters that digits stand for in a number word; 1 is i.
var leetLetters = [256]byte{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b'}

// shortestLeet is the shortest number word that is read with digits in it, longestLeet the longest.
const (
	shortestLeet = 3
	longestLeet  = 12
)

// leet is the number word that letters and digits beginning at token i spell, such as 0ne and thr33, and how many tokens it takes. Short
// and ordinary words are none: 5to, 2en.
func (r *reader) leet(i int) (n numeral, used int, ok bool) {
	d := r.doc
	k := i
	for k+1 < len(d.Tokens) && d.Tokens[k+1].Start == d.Tokens[k].End && k < i+4 {
		k++
	}
	start, end := d.Tokens[i].Start, d.Tokens[k].End
	if k == i || end-start < shortestLeet || end-start > longestLeet || i > 0 && d.Tokens[i-1].End == start || k+1 < len(d.Tokens) && d.Tokens[k+1].Start == end {
		return n, 0, false
	}
	var b [longestLeet]byte
	letters := 0
	for at := start; at < end; at++ {
		c := d.Text[at]
		if to := leetLetters[c]; to != 0 {
			c = to
		} else {
			letters++
		}
		b[at-start] = c
	}
	n, ok = lookup(string(b[:end-start]))
	return n, k - i + 1, ok && letters > 0 && (!n.vague || end-start == 3 && d.Text[end-1] == 'e') && n.class <= repeat
}

// glued takes the token apart into r.parts if it is several number words.
func (r *reader) glued(i int) bool {
	r.parts = takeApart(r.doc.Word(i), r.parts[:0])
	return len(r.parts) > 1
}

// looks are the letters that stand for digits; folding made them small.
const (
	looks   = "olisbzозбі"
	meaning = "0115820361"
)

// asDigits is what letters look like, or empty if one looks like no digit.
func asDigits(w string) string {
	var b [8]byte
	n := 0
	for _, r := range w {
		i := strings.IndexRune(looks, r)
		if i < 0 || n == len(b) {
			return ""
		}
		b[n] = meaning[utf8.RuneCountInString(looks[:i])]
		n++
	}
	return string(b[:n])
}

// mostLetters is how many letters in a row may stand for digits.
const mostLetters = 3

// letterDigits says that token i is of letters that stand for digits: they touch digits, or are one between digits and not
// written like the words o, i, s.
func (r *reader) letterDigits(i int, last int32) bool {
	d := r.doc
	t := d.Tokens[i]
	if t.End-t.Start > 2*mostLetters || strings.IndexByte("olisbz\xd0\xd1", d.Text[t.Start]) < 0 || asDigits(d.Word(i)) == "" {
		return false
	}
	before := i > 0 && d.Tokens[i-1].Kind == text.Digits && d.Tokens[i-1].End == t.Start
	after := i+1 < len(d.Tokens) && d.Tokens[i+1].Kind == text.Digits && d.Tokens[i+1].Start == t.End
	if before && after {
		return true
	}
	if before || after {
		return utf8.RuneCountInString(d.Word(i)) <= mostLetters && !(before && cup(d, i))
	}
	if t.End-t.Start != 1 || last < 0 || i+1 >= len(d.Tokens) || gapOf(d.Text[last:t.Start]) > odd || gapOf(d.Text[t.End:d.Tokens[i+1].Start]) > odd {
		return false
	}
	from, _ := d.Span(int(t.Start), int(t.End))
	return strings.IndexByte("OISBZl", d.Source[from]) >= 0
}

// cup says that token i is the letter of a bra's size: 75B.
func cup(d *text.Doc, i int) bool {
	n := d.Word(i - 1)
	return d.Word(i) == "b" && (len(n) == 2 && n[0] >= '6' && (n[1] == '0' || n[1] == '5') || n == "100")
}

// add appends an atom; last is where the one before ended, or -1 if that can be no part of its number.
func (r *reader) add(a atom, last int32, pending gap, plusAt int32) {
	d := r.doc
	a.changed = a.kind != figures || d.Changed(int(a.start), int(a.end))
	switch {
	case last < 0:
		a.gap = apart
	case last > a.start: // one word of several glued together
		a.gap = tight
	case pending == between:
		a.gap = between
		if gapOf(d.Text[last:a.start]) > odd {
			a.gap = apart
		}
	default:
		a.gap = gapOf(d.Text[last:a.start])
	}
	a.plus = a.gap != tight && (plusAt >= 0 && gapOf(d.Text[plusAt:a.start]) <= plain || r.plusBefore(int(a.start)))
	if a.plus {
		a.gap = apart
	}
	r.atoms = append(r.atoms, a)
}

// plusBefore says that a plus sign belongs to what begins at i: +47, (+ 47), but not 18+ 47.
func (r *reader) plusBefore(i int) bool {
	s := r.doc.Text
	for n := 0; i > 0 && n < 2 && (s[i-1] == ' ' || s[i-1] == '('); n++ {
		i--
	}
	if i == 0 || s[i-1] != '+' {
		return false
	}
	return i == 1 || s[i-2] < '0' || s[i-2] > '9'
}
