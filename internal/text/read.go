package text

import (
	"unicode"
	"unicode/utf8"
)

// Doc is a text prepared once for everything that reads it: folded, with the way back to the original, and cut into tokens.
// It is never changed and may be read by many at once.
type Doc struct {
	Folded
	// Source is the original.
	Source string
	Tokens []Token
}

// TokenKind is what a token is made of.
type TokenKind uint8

// The kinds of token. What stands between two tokens (space, punctuation, signs) is Doc.Text between them.
const (
	Letters TokenKind = iota
	Digits
)

// Token is a run of letters or of digits of the folded text, from byte Start to byte End.
type Token struct {
	Kind       TokenKind
	Start, End int32
}

// Read prepares a text.
func Read(s string) *Doc {
	d := &Doc{Source: s, Folded: Fold(s)}
	d.Tokens = make([]Token, 0, len(d.Text)/5)
	for i := 0; i < len(d.Text); {
		kind, n, ok := kindAt(d.Text[i:])
		if last := len(d.Tokens) - 1; ok && last >= 0 && d.Tokens[last].Kind == kind && int(d.Tokens[last].End) == i {
			d.Tokens[last].End = int32(i + n)
		} else if ok {
			d.Tokens = append(d.Tokens, Token{Kind: kind, Start: int32(i), End: int32(i + n)})
		}
		i += n
	}
	return d
}

func kindAt(s string) (kind TokenKind, n int, ok bool) {
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case r >= '0' && r <= '9':
		return Digits, n, true
	case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r):
		return Letters, n, true
	}
	return 0, n, false
}

// Word is a token's folded text.
func (d *Doc) Word(i int) string { return d.Text[d.Tokens[i].Start:d.Tokens[i].End] }
