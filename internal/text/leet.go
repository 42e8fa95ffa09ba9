package text

import (
	"strings"
	"unicode/utf8"
)

// leet are the digits and signs that stand for a letter inside a word; 1 is i or l and is told apart by what follows.
var leet = [128]byte{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '@': 'a', '$': 's', '!': 'i'}

// maxLeetHead is the longest beginning of a word that ! or @ stands behind: sk!n, esc@pe. Behind longer ones a sentence ended, or a
// mail address goes on.
const maxLeetHead = 3

// words returns the text with leet spelling inside words undone, or the same where there is none.
func (d *Doc) words() Folded {
	f := folders.Get().(*folder)
	defer f.release()
	f.edits = f.edits[:0]
	for i, t := range d.Tokens {
		if t.Kind == Digits && t.End-t.Start <= 2 && (d.joined(i-1) || d.joined(i)) {
			f.edits = d.unleet(i, f.edits)
		}
	}
	if strings.ContainsAny(d.Text, "@$!") {
		f.edits = d.unsign(f.edits)
	}
	return ornamented(d.respell(f.edits))
}

// joined says that nothing stands between token i and the next.
func (d *Doc) joined(i int) bool {
	return i >= 0 && i+1 < len(d.Tokens) && d.Tokens[i].End == d.Tokens[i+1].Start
}

// unleet adds the edits for the digits of token i, which has letters beside it. Digits before a word are a count (2girls,
// 30min), behind it a year or a number (mia88); what is between letters, or a nought where a count cannot begin or end, is spelling.
func (d *Doc) unleet(i int, edits []edit) []edit {
	t := d.Tokens[i]
	digits := d.Word(i)
	before, after := d.joined(i-1) && d.Tokens[i-1].Kind == Letters, d.joined(i) && d.Tokens[i+1].Kind == Letters
	if leet[digits[0]] == 0 || len(digits) == 2 && digits[0] != digits[1] || d.inAddress(t) {
		return edits
	}
	next := byte(0)
	if after {
		next = d.Text[t.End]
	}
	switch {
	case before && after:
	case after && digits == "0" && d.Tokens[i+1].End-d.Tokens[i+1].Start >= 3 && !isVowel(next): // 0ral
	case after && digits == "5" && strings.HasPrefix(d.Word(i+1), "ex"): // 5ex
	case before && digits == "0" && d.Tokens[i-1].End-d.Tokens[i-1].Start <= 2 && !isVowel(d.Text[t.Start-1]) && d.Word(i-1) != "kr": // n0
	case before && len(digits) == 1 && len(edits) > 0 && edits[len(edits)-1].end == d.Tokens[i-1].Start: // g1rl5
	default:
		return edits
	}
	for k := t.Start; k < t.End; k++ {
		to := leet[d.Text[k]]
		if d.Text[k] == '1' && isVowel(next) { // b1ow, but g1rl
			to = 'l'
		}
		edits = append(edits, edit{k, k + 1, asciiStrings[to : to+1]})
	}
	return edits
}

// inAddress says that a token belongs to a mail or web address or a handle, which spell nothing.
func (d *Doc) inAddress(t Token) bool {
	start, end := int(t.Start), int(t.End)
	for start > 0 && inAddresses[d.Text[start-1]] && int(t.Start)-start < longestAddress {
		start--
	}
	for end < len(d.Text) && inAddresses[d.Text[end]] && end-int(t.End) < longestAddress {
		end++
	}
	whole := d.Text[start:end]
	if at := strings.IndexByte(whole, '@'); at >= 0 {
		dot := strings.IndexByte(whole[at:], '.')
		return at == 0 || dot > 0 && at+dot+1 < len(whole) && isLetter(whole[at+dot+1])
	}
	return strings.Contains(whole, "www.") || strings.Contains(whole, "://")
}

// longestAddress is how far an address is looked for to either side; longer ones are none.
const longestAddress = 64

// inAddresses are the bytes of mail and web addresses.
var inAddresses = func() (t [256]bool) {
	for c := range t {
		t[c] = isLetter(byte(c)) || isDigit(byte(c)) || strings.IndexByte("@._-+/:%", byte(c)) >= 0
	}
	return t
}()

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isVowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }

// unsign adds the edits for signs that stand for a letter: f@st, $ex, g!rl.
func (d *Doc) unsign(edits []edit) []edit {
	s, digits := d.Text, edits
	edits = nil
	for i := range len(s) {
		c := s[i]
		if c != '@' && c != '$' && c != '!' || i+1 >= len(s) || !isLetter(s[i+1]) {
			continue
		}
		head := 0
		for head < i && head <= maxLeetHead && isLetter(s[i-1-head]) {
			head++
		}
		switch {
		case c == '$' && (head > 0 || i == 0 || !isDigit(s[i-1]) && s[i-1] != '$'):
		case head == 0 || head > maxLeetHead:
			continue
		case c == '!' && strings.ContainsAny(s[i-head:i], "aeiouy"): // the end of a sentence: nå!ring
			continue
		case c == '@' && d.inAddress(Token{Start: int32(i), End: int32(i + 1)}):
			continue
		}
		edits = append(edits, edit{int32(i), int32(i + 1), asciiStrings[leet[c] : leet[c]+1]})
	}
	return merged(digits, edits)
}

// merged are two lists of edits as one in order.
func merged(a, b []edit) []edit {
	if len(b) == 0 {
		return a
	}
	out := make([]edit, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].start < b[0].start {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// respell is the text with edits of one byte for one byte: the way back stays what it is.
func (d *Doc) respell(edits []edit) Folded {
	if len(edits) == 0 {
		return d.Folded
	}
	b := []byte(d.Text)
	marks := folder{changed: make([]extent, 0, len(d.changed)+len(edits))}
	k := 0
	for _, e := range edits {
		copy(b[e.start:e.end], e.with)
		for ; k < len(d.changed) && d.changed[k].start <= e.start; k++ {
			marks.markSpan(int(d.changed[k].start), int(d.changed[k].end))
		}
		marks.markSpan(int(e.start), int(e.end))
	}
	for ; k < len(d.changed); k++ {
		marks.markSpan(int(d.changed[k].start), int(d.changed[k].end))
	}
	return Folded{Text: string(b), runs: d.runs, changed: marks.changed}
}

// Ornament is what stands in Doc.Words in the place of each byte of a sign that decorates: an emoji, a heart, a star, an asterisk. People
// put such signs between the words of a sentence, where readers of phrases take them for a space, and between sentences.
const Ornament = '\v'

// ornamented puts Ornament in the place of signs that decorate.
func ornamented(f Folded) Folded {
	var b []byte
	for i := 0; i < len(f.Text); {
		n := ornament(f.Text[i:])
		if n == 0 {
			i++
			continue
		}
		if b == nil {
			b = []byte(f.Text)
		}
		for ; n > 0; n-- {
			b[i] = Ornament
			i++
		}
	}
	if b != nil {
		f.Text = string(b)
	}
	return f
}

// ornament is how many bytes the sign has that a text begins with, if it decorates, else 0.
func ornament(s string) int {
	switch c := s[0]; {
	case c == '*' || c == '~' || c == '_':
		return 1
	case c != 0xE2 && c != 0xF0:
		return 0
	}
	if r, n := utf8.DecodeRuneInString(s); r >= 0x2190 && r <= 0x2BFF || r >= 0x1F000 && r <= 0x1FAFF { // arrows to stars; pictographs
		return n
	}
	return 0
}
