package text

import "unicode/utf8"

// Doc is a text prepared once for everything that reads it: folded, with the way back to the original, and cut into tokens.
// It is never changed and may be read by many at once.
type Doc struct {
	Folded
	// Source is the original.
	Source string
	Tokens []Token
	// Words is the folded text with digits and signs that stand for letters inside a word undone: b4rely, sch00l, n0, f@st, $ex.
	// It has as many bytes as Text, and what is at a place in one is at the same place in the other; where there was nothing to
	// undo it is the same. Signs that decorate are Ornament there.
	Words Folded
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
	f := folders.Get().(*folder)
	d := &Doc{Source: s, Folded: f.fold(s)}
	f.tokens = tokens(d.Text, f.tokens[:0])
	d.Tokens = append([]Token(nil), f.tokens...)
	f.release()
	d.Words = d.words()
	return d
}

// Kinds of byte: none, a letter's, a digit's, or the first of a character that is no ASCII.
const (
	other = iota
	aLetter
	aDigit
	wide
)

var kinds = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= utf8.RuneSelf:
			t[c] = wide
		case isLetter(lower[c]):
			t[c] = aLetter
		case isDigit(byte(c)):
			t[c] = aDigit
		}
	}
	return t
}()

func tokens(s string, out []Token) []Token {
	for i := 0; i < len(s); {
		start := i
		switch kinds[s[i]] {
		case aDigit:
			for i < len(s) && kinds[s[i]] == aDigit {
				i++
			}
			out = append(out, Token{Digits, int32(start), int32(i)})
			continue
		case other:
			i++
			continue
		}
		for i < len(s) {
			if kinds[s[i]] == wide {
				r, n := utf8.DecodeRuneInString(s[i:])
				if !isWordRune(r) {
					break
				}
				i += n
			} else if kinds[s[i]] == aLetter {
				i++
			} else {
				break
			}
		}
		if i > start {
			out = append(out, Token{Letters, int32(start), int32(i)})
		} else {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n
		}
	}
	return out
}

// Word is a token's folded text.
func (d *Doc) Word(i int) string { return d.Text[d.Tokens[i].Start:d.Tokens[i].End] }
