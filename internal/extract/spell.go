package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/text"
)

// runOf is the length of the run of bytes at the beginning of s that are in, looking no further than most.
func runOf(s string, most int, in func(byte) bool) int {
	n := 0
	for n < len(s) && n < most && in(s[n]) {
		n++
	}
	return n
}

// runBack is the length of the run at the end of s.
func runBack(s string, most int, in func(byte) bool) int {
	n := 0
	for n < len(s) && n < most && in(s[len(s)-1-n]) {
		n++
	}
	return n
}

func isNumeral(b byte) bool { return b >= '0' && b <= '9' }
func isSmall(b byte) bool   { return b >= 'a' && b <= 'z' }
func isAlnum(b byte) bool   { return isSmall(b) || isNumeral(b) }
func isHex(b byte) bool     { return isNumeral(b) || b >= 'a' && b <= 'f' }
func isHost(b byte) bool    { return isAlnum(b) || b == '-' || b >= utf8.RuneSelf }
func isBlank(b byte) bool   { return b == ' ' || b == '\t' }

// wordBefore and wordAfter say whether a letter or digit stands directly before or after a place of the folded text.
func wordBefore(s string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:at])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func wordAfter(s string, at int) bool {
	r, _ := utf8.DecodeRuneInString(s[at:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// proper is a span of the folded text in the spelling of the original, in lower case: a host may have an å of its own. Where the
// original is a disguise, the folded text is what was meant.
func proper(d *text.Doc, start, end int) string {
	from, to := d.Span(start, end)
	src := d.Source[from:to]
	if isASCII(src) || d.Changed(start, end) || strings.ContainsFunc(src, notInHost) {
		return d.Text[start:end]
	}
	return strings.ToLower(src)
}

// notInHost are characters that no part of a host's name has, such as an invisible one.
func notInHost(r rune) bool {
	return r == utf8.RuneError || r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// cased is a span of the folded text with the case of the original, for what differs by case: paths of short links and accounts of
// cryptocurrencies. Full-width letters become plain, invisible characters go; ok is false where anything else is no ASCII.
func cased(d *text.Doc, start, end int) (s string, ok bool) {
	from, to := d.Span(start, end)
	src := d.Source[from:to]
	if isASCII(src) {
		return src, true
	}
	var b strings.Builder
	for _, r := range src {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case r >= '！' && r <= '～': // full-width forms stand in ASCII's order
			b.WriteByte(byte(r - '！' + '!'))
		case unicode.Is(unicode.Cf, r):
		default:
			return "", false
		}
	}
	return b.String(), true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// genuine says that a span of the folded text was plain ASCII or a disguise of it: a name of an account, and not a word with an ø.
func genuine(d *text.Doc, start, end int) bool {
	from, to := d.Span(start, end)
	return isASCII(d.Source[from:to]) || d.Changed(start, end)
}

// folded are words folded as texts are, so that tables can be written in proper spelling.
func folded(words string) []string {
	list := strings.Fields(words)
	for i, w := range list {
		f := text.Fold(w)
		list[i] = f.Text
	}
	return list
}
