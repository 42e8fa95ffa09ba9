package console

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is a marked stretch of text: byte offsets, and the number of the reason or identifier it belongs to.
type span struct {
	start, end int
	// ref is the number that the page gives the reason, 0 for an identifier.
	ref   int
	title string
}

// part is a piece of text that is shown in one way.
type part struct {
	Text string
	// Mark is "", "reason", "identifier" or "both".
	Mark string
	// Title names what the marked text belongs to.
	Title string
	// Ends are the numbers of the reasons whose spans end after this part.
	Ends []int
	// Unseen says that Text names characters that cannot be seen, such as "U+202E", and Title which they are.
	Unseen bool
	// Match marks words that were searched for.
	Match bool
	// Break allows a new line after this part: it ends inside an endless word.
	Break bool
}

// markText cuts text at the borders of its spans. Spans may overlap; those that do not lie on rune borders inside the
// text are left out.
func markText(text string, spans []span) []part {
	var good []span
	cuts := []int{0, len(text)}
	for _, s := range spans {
		if s.start < 0 || s.end > len(text) || s.start >= s.end || !border(text, s.start) || !border(text, s.end) {
			continue
		}
		good = append(good, s)
		cuts = append(cuts, s.start, s.end)
	}
	slices.SortStableFunc(good, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var parts []part
	var open []span
	next := 0
	for i := 0; i+1 < len(cuts); i++ {
		from, to := cuts[i], cuts[i+1]
		for next < len(good) && good[next].start <= from {
			open = append(open, good[next])
			next++
		}
		open = slices.DeleteFunc(open, func(s span) bool { return s.end <= from })
		parts = append(parts, piece(text[from:to], open, to)...)
	}
	return parts
}

func border(text string, i int) bool { return i == len(text) || utf8.RuneStart(text[i]) }

// piece is one stretch under the same spans, cut further where it holds characters that cannot be seen.
func piece(text string, open []span, end int) []part {
	p := part{}
	var titles []string
	for _, s := range open {
		kind := "reason"
		if s.ref == 0 {
			kind = "identifier"
		}
		if p.Mark != "" && p.Mark != kind {
			kind = "both"
		}
		p.Mark = kind
		if !slices.Contains(titles, s.title) {
			titles = append(titles, s.title)
		}
		if s.end == end && s.ref > 0 && !slices.Contains(p.Ends, s.ref) {
			p.Ends = append(p.Ends, s.ref)
		}
	}
	slices.Sort(p.Ends)
	p.Title = strings.Join(titles, " · ")
	parts := unseenParts(text, p)
	if len(parts) > 0 {
		parts[len(parts)-1].Ends = p.Ends
	}
	return parts
}

// unseenParts cuts out the characters that change how text looks without being seen. A run of the same one is one mark.
func unseenParts(text string, like part) []part {
	like.Ends = nil
	var parts []part
	add := func(s string) {
		for s != "" {
			p := like
			n := endless(s)
			p.Text, p.Break = s[:n], n < len(s)
			parts = append(parts, p)
			s = s[n:]
		}
	}
	from := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unseen(r, text, i, size) {
			i += size
			continue
		}
		add(text[from:i])
		n := 0
		for same := text[i : i+size]; strings.HasPrefix(text[i:], same); {
			i += size
			n++
		}
		p := like
		p.Unseen, p.Text, p.Title = true, fmt.Sprintf("U+%04X", r), unseenName(r)
		if n > 1 {
			p.Text += fmt.Sprintf("×%d", n)
		}
		parts = append(parts, p)
		from = i
	}
	add(text[from:])
	return parts
}

// longestWord is from how many bytes on a word is cut into parts, so that a browser need not shape it as one: Chromium
// takes 20 seconds over 200,000 letters without a space, and a fifth of a second over the same in parts.
const longestWord = 200

// endless returns where text is to be cut: after its first longestWord bytes without a space, or at its end.
func endless(text string) int {
	run := 0
	for i, r := range text {
		if r == ' ' || r == '\n' || r == '\t' {
			run = i + 1
		} else if i-run >= longestWord {
			return i
		}
	}
	return len(text)
}

// unseen says whether r, at text[i], is a character that is not seen as such: controls, format characters such as
// bidirectional overrides and zero-width ones, tags, and bytes that are no text. A joiner inside an emoji is ordinary.
func unseen(r rune, text string, i, size int) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return false
	case r == utf8.RuneError && size == 1:
		return true
	case r == '\u200d':
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+size:])
		return !emoji(before) || !emoji(after)
	case r >= 0xfe00 && r <= 0xfe0f: // how the character before is drawn
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		return !emoji(before) && before != '\u20e3' && !unicode.In(before, unicode.Nd)
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) ||
		r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || r == '\u034f' || r == '\u2800' ||
		r >= 0xe0100 && r <= 0xe01ef
}

func emoji(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff || r >= 0x2190 && r <= 0x2bff || r >= 0xfe00 && r <= 0xfe0f || r == 0xa9 || r == 0xae
}

// unseenNames are those that matter most when reading ads; others are shown by their number.
var unseenNames = map[rune]string{
	'\u00ad': "SOFT HYPHEN", '\u061c': "ARABIC LETTER MARK", '\u180e': "MONGOLIAN VOWEL SEPARATOR",
	'\u200b': "ZERO WIDTH SPACE", '\u200c': "ZERO WIDTH NON-JOINER", '\u200d': "ZERO WIDTH JOINER",
	'\u200e': "LEFT-TO-RIGHT MARK", '\u200f': "RIGHT-TO-LEFT MARK", '\u202a': "LEFT-TO-RIGHT EMBEDDING",
	'\u202b': "RIGHT-TO-LEFT EMBEDDING", '\u202c': "POP DIRECTIONAL FORMATTING", '\u202d': "LEFT-TO-RIGHT OVERRIDE",
	'\u202e': "RIGHT-TO-LEFT OVERRIDE", '\u2060': "WORD JOINER", '\u2066': "LEFT-TO-RIGHT ISOLATE",
	'\u2067': "RIGHT-TO-LEFT ISOLATE", '\u2068': "FIRST STRONG ISOLATE", '\u2069': "POP DIRECTIONAL ISOLATE",
	'\ufeff': "ZERO WIDTH NO-BREAK SPACE",
}

func unseenName(r rune) string {
	if name, ok := unseenNames[r]; ok {
		return name
	}
	return fmt.Sprintf("U+%04X", r)
}

// visible replaces what cannot be seen by its number in brackets. It is applied to every page as it goes out, so that
// no place where an ad's words turn up can be forgotten.
func visible(page []byte) []byte {
	if !mayHide(page) {
		return page
	}
	text := string(page)
	var b strings.Builder
	b.Grow(len(text) + 256)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unseen(r, text, i, size) {
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		} else {
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return []byte(b.String())
}

// mayHide is a quick look that most pages fail: nothing below space but line ends, nothing above Latin-1 Supplement's
// letters but a few marks of punctuation.
func mayHide(page []byte) bool {
	for i := 0; i < len(page); {
		c := page[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
				return true
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(page[i:])
		if r == utf8.RuneError || r < 0xa0 || r == 0xad || r >= 0x300 && (r < 0x2010 || r > 0x2027) {
			return true
		}
		i += size
	}
	return false
}
