package lexicon

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"varde/internal/text"
)

// pattern is a compiled pattern.
type pattern struct {
	rule int32
	// source is the folded regular expression without edges.
	source string
	// re matches the pattern at the beginning of a text, up to a word's edge; its first group is the match.
	re *regexp.Regexp
	// left is how many bytes before the anchor a match can begin, most how long it can be, both at most reach.
	left, most int
	// negative says that a negation is part of what the pattern is looking for.
	negative bool
	// also are sets of literals beside the anchor of which one each is needed.
	also []int32
}

// reach bounds how long a match is, in bytes of folded text: a phrase is part of a sentence. What can be of any length, such as
// one word of many, is cut there.
const reach = 200

// Classes of characters of folded text. A pattern's \p{L} is short for letter: the whole of Unicode's letters, spelt out in every
// expression, would take seconds to make ready. What is no word's is listed, and all else counts as a word's.
const (
	noWord = `\x00-/:-\x60{-\x{a9}\x{ab}-\x{b4}\x{b6}-\x{b9}\x{bb}-\x{bf}×÷\x{2000}-\x{2bff}\x{3000}-\x{303f}\x{fe00}-\x{fe4f}\x{fffd}\x{1f000}-\x{1faff}`
	letter = `a-z\x{80}-\x{10ffff}`
	word   = `[0-9` + letter + `]+`
	// begins and edge match where a word begins and ends.
	begins = `(?:^|[` + noWord + `])`
	edge   = `(?:$|[` + noWord + `])`
)

// spellLetters puts letter in the place of \p{L}, within brackets or for itself.
func spellLetters(source string) string {
	if !strings.Contains(source, `\p{L}`) {
		return source
	}
	var b strings.Builder
	within := false
	for i := 0; i < len(source); i++ {
		switch rest := source[i:]; {
		case strings.HasPrefix(rest, `\p{L}`):
			if within {
				b.WriteString(letter)
			} else {
				b.WriteString("[" + letter + "]")
			}
			i += len(`\p{L}`) - 1
			continue
		case source[i] == '\\' && len(rest) > 1:
			b.WriteByte(source[i])
			i++
		case source[i] == '[':
			within = true
		case source[i] == ']':
			within = false
		}
		b.WriteByte(source[i])
	}
	return b.String()
}

// compile prepares a pattern; the sets are its literals, the anchor first.
func compile(source string) (p pattern, sets []literalSet, err error) {
	re, err := fold(source)
	if err != nil {
		return p, nil, err
	}
	if re.MaxCap() > 0 {
		return p, nil, fmt.Errorf("%q: write (?:…) for (…)", source)
	}
	sets = needs(re)
	if len(sets) == 0 {
		return p, nil, fmt.Errorf("%q needs no word of at least %d letters, so that it would have to be looked for everywhere", source, leastLiteral)
	}
	p.source = re.String()
	if p.re, err = regexp.Compile(`^(` + p.source + `)` + edge); err != nil {
		return p, nil, fmt.Errorf("%q: %w", source, err)
	}
	p.most, p.left = min(longest(re), reach), min(sets[0].before, reach)
	return p, sets, nil
}

// The spellings of signs that keyboards and word processors vary.
var (
	spaces      = []rune{'\t', '\t', text.Ornament, text.Ornament, ' ', ' '}
	apostrophes = []rune{'\'', '\'', '`', '`', '´', '´', '‘', '’'}
	hyphens     = []rune{'-', '-', '‐', '–'}
)

// fold parses a regular expression in proper spelling as one over folded text, in which its space, apostrophe and hyphen are any
// of theirs.
func fold(source string) (*syntax.Regexp, error) {
	folded, err := text.FoldPattern(spellLetters(source))
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression: %w", source, err)
	}
	re, err := syntax.Parse(folded, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression once folded: %w", source, err)
	}
	return loosen(re).Simplify(), nil
}

// loosen lets signs in literals vary.
func loosen(re *syntax.Regexp) *syntax.Regexp {
	for i := range re.Sub {
		re.Sub[i] = loosen(re.Sub[i])
	}
	if re.Op != syntax.OpLiteral {
		return re
	}
	out := &syntax.Regexp{Op: syntax.OpConcat}
	var plain []rune
	flush := func() {
		if len(plain) > 0 {
			out.Sub = append(out.Sub, &syntax.Regexp{Op: syntax.OpLiteral, Rune: plain})
			plain = nil
		}
	}
	for _, r := range re.Rune {
		class := variants(r)
		if class == nil {
			plain = append(plain, r)
			continue
		}
		flush()
		sub := &syntax.Regexp{Op: syntax.OpCharClass, Rune: class}
		if r == ' ' {
			sub = &syntax.Regexp{Op: syntax.OpPlus, Sub: []*syntax.Regexp{sub}}
		}
		out.Sub = append(out.Sub, sub)
	}
	flush()
	if len(out.Sub) == 1 {
		return out.Sub[0]
	}
	return out
}

func variants(r rune) []rune {
	switch r {
	case ' ':
		return spaces
	case '\'':
		return apostrophes
	case '-':
		return hyphens
	}
	return nil
}

// unbounded is the length that is reckoned with for what may be repeated without end.
const unbounded = 40

// longestBlank is the length that is reckoned with for what stands between two words: an emoji and two spaces, or two emojis.
const longestBlank = 8

// longest is the most bytes that a regular expression matches, with unbounded for each repetition without end.
func longest(re *syntax.Regexp) int {
	n := 0
	switch re.Op {
	case syntax.OpLiteral:
		return len(string(re.Rune))
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 4
	case syntax.OpStar, syntax.OpPlus:
		if isSpace(re.Sub[0]) {
			return longestBlank
		}
		return max(unbounded, longest(re.Sub[0]))
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			n = max(n, longest(sub))
		}
	default:
		for _, sub := range re.Sub {
			n += longest(sub)
		}
	}
	return n
}

// isSpace says whether a class is the one that loosen makes of a space.
func isSpace(re *syntax.Regexp) bool {
	return re.Op == syntax.OpCharClass && len(re.Rune) == len(spaces) && re.Rune[0] == '\t' && re.Rune[2] == text.Ornament
}

// words joins words and phrases of a list into a folded regular expression that matches one of them, nil for none.
func words(list []string, before, after string) (*regexp.Regexp, error) {
	if len(list) == 0 {
		return nil, nil
	}
	folded := make([]string, len(list))
	for i, w := range list {
		re, err := fold(w)
		if err != nil {
			return nil, err
		}
		folded[i] = re.String()
	}
	return regexp.Compile(before + `(?:` + strings.Join(folded, "|") + `)` + after)
}

// notWord is the class noWord as pairs of first and last.
var notWord = func() []rune {
	re, err := syntax.Parse("["+noWord+"]", syntax.Perl)
	if err != nil {
		panic(err) // a constant
	}
	return re.Rune
}()

// isWord says whether a character is a word's.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
	}
	for i := 0; i < len(notWord); i += 2 {
		if r <= notWord[i+1] {
			return r < notWord[i]
		}
	}
	return true
}
