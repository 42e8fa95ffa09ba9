package neartext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/text"
)

// shortPassage is how many words a sentence of a line needs to be a passage of its own; a shorter one is read with the next.
const shortPassage = 4

// passage is a sentence or a line.
type passage struct {
	hash     uint32
	words    int
	features []uint32
}

// number is what every run of digits is read as: prices, phones and dates are what copies of one text differ in.
const number = "0"

// word is one word, or the number of units of a run of characters without spaces, which is then its own text.
type word struct {
	text string
	// unspaced says that it is written in a script without spaces between words.
	unspaced bool
}

// reader reads the words of a text, passage by passage.
type reader struct {
	doc   *text.Doc
	words []word
	// line is how many of the words stand in this line and not in a finished passage.
	done func(words []word)
}

// read calls done for every passage.
func read(d *text.Doc, done func(words []word)) {
	var words []word
	for i := 0; i < len(d.Tokens); i++ {
		start := d.Tokens[i].Start
		if i > 0 {
			between := d.Text[d.Tokens[i-1].End:start]
			if strings.Contains(between, "\n") || len(words) >= shortPassage && endsSentence(between) {
				if len(words) > 0 {
					done(words)
				}
				words = words[:0]
			}
		}
		for i+1 < len(d.Tokens) && d.Tokens[i+1].Start == d.Tokens[i].End {
			i++
		}
		words = appendWords(words, d.Words.Text[start:d.Tokens[i].End])
	}
	if len(words) > 0 {
		done(words)
	}
}

// appendWords adds a token, or several that stand together, such as mia88, which is a number.
func appendWords(words []word, s string) []word {
	if strings.ContainsAny(s, "0123456789") {
		if n := len(words); n > 0 && words[n-1].text == number {
			return words
		}
		return append(words, word{text: number})
	}
	for len(s) > 0 {
		first, _ := utf8.DecodeRuneInString(s)
		without := unspaced(first)
		end := strings.IndexFunc(s, func(r rune) bool { return unspaced(r) != without && unicode.IsLetter(r) })
		if end < 0 {
			end = len(s)
		}
		words = append(words, word{s[:end], without})
		s = s[end:]
	}
	return words
}

// unspaced says that a letter is of a script that is written without spaces between words.
func unspaced(r rune) bool {
	switch {
	case r < 0xE00:
		return false
	case r <= 0xEFF, // Thai, Lao
		r >= 0x1000 && r <= 0x109F, r >= 0x1780 && r <= 0x17FF, // Burmese, Khmer
		r >= 0x3041 && r <= 0x30FF, r >= 0x31F0 && r <= 0x31FF, // kana
		r >= 0x3400 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF: // Han
		return true
	}
	return false
}

// ideographs says that a character stands for a word or a syllable and not for a sound.
func ideograph(r rune) bool { return r >= 0x3041 }

// endsSentence says whether what stands between two words ends a sentence.
func endsSentence(between string) bool {
	for i, r := range between {
		switch r {
		case '!', '?', '|', '•', '。', '।', '॥', '؟', '۔', '։', '።', '။', '។':
			return true
		case '.':
			if rest := between[i+1:]; rest != "" && (rest[0] == ' ' || rest[0] == '.' || rest[0] == '\t' || rest[0] == '\r') {
				return true
			}
		}
	}
	return false
}
