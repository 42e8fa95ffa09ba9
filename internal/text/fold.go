package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Folded is text in its plainest spelling: lower case, compatibility forms (full-width, circled, superscript) replaced by plain
// ones, invisible characters and enclosing marks dropped. Every byte knows where it came from.
type Folded struct {
	Text string
	// from and to are, for each byte of Text, the bytes of the original that its character came from.
	from, to []int32
	// Changed is true at each byte whose original character was not a plain spelling of it, such as ④ for 4.
	Changed []bool
}

// Fold folds s.
func Fold(s string) Folded {
	f := Folded{from: make([]int32, 0, len(s)), to: make([]int32, 0, len(s)), Changed: make([]bool, 0, len(s))}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		out, changed := foldRune(r)
		if out == "" && len(f.to) > 0 { // what is dropped belongs to the character before it
			f.to[len(f.to)-1] = int32(i + n)
			f.Changed[len(f.Changed)-1] = true
		}
		b.WriteString(out)
		for range len(out) {
			f.from = append(f.from, int32(i))
			f.to = append(f.to, int32(i+n))
			f.Changed = append(f.Changed, changed)
		}
		i += n
	}
	f.Text = b.String()
	return f
}

func foldRune(r rune) (out string, changed bool) {
	switch {
	case r < utf8.RuneSelf:
		return string(unicode.ToLower(r)), false
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Me, r), r >= 0xFE00 && r <= 0xFE0F:
		return "", true
	case r == '\u00a0' || r == '\u202f' || r == '\u2009':
		return " ", false
	}
	plain := norm.NFKC.String(string(r))
	return strings.ToLower(plain), plain != string(r) || unicode.Is(unicode.Nd, r)
}

// Span returns the bytes of the original that a span of the folded text came from.
func (f *Folded) Span(start, end int) (from, to int) {
	if start >= end || end > len(f.from) {
		return 0, 0
	}
	from, to = int(f.from[start]), int(f.to[start])
	for _, t := range f.to[start:end] {
		to = max(to, int(t))
	}
	return from, to
}

// Cut returns at most n bytes of s, ending between characters.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
