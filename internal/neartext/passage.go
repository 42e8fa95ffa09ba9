package neartext

import (
	"strings"
	"unicode/utf8"

	"varde/internal/text"
)

// shortPassage is how many words a sentence needs to be a passage of its own; a shorter one is read with the next of its line.
const shortPassage = 4

// number is what every run of digits is read as: prices, phones and dates are what copies of one text differ in.
const number = "0"

// word is a word, or a run of characters of a script that is written without spaces between words.
type word struct {
	text     string
	unspaced bool
}

// read calls done with the words of each passage of a text, a sentence or a line. done must not keep them.
func read(d *text.Doc, done func(words []word)) {
	words := make([]word, 0, 64)
	for i := 0; i < len(d.Tokens); i++ {
		start := d.Tokens[i].Start
		if i > 0 && len(words) > 0 {
			between := d.Text[d.Tokens[i-1].End:start]
			if between != " " && (strings.Contains(between, "\n") || len(words) >= shortPassage && endsSentence(between)) {
				done(words)
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

// appendWords adds what stands together: a word, a number such as 912 or mia88, or words of several scripts. Numbers in a row, such
// as the parts of a phone, are one.
func appendWords(words []word, s string) []word {
	digits, plain := kindOf(s)
	if digits {
		if n := len(words); n > 0 && words[n-1].text == number {
			return words
		}
		return append(words, word{text: number})
	}
	if plain {
		return append(words, word{text: s})
	}
	for len(s) > 0 {
		first, _ := utf8.DecodeRuneInString(s)
		without := unspaced(first)
		end := strings.IndexFunc(s, func(r rune) bool { return unspaced(r) != without })
		if end <= 0 {
			end = len(s)
		}
		words = append(words, word{s[:end], without})
		s = s[end:]
	}
	return words
}

// kindOf says whether there is a digit in s, and whether all of it is of scripts that need no closer look, such as Latin.
func kindOf(s string) (digits, plain bool) {
	plain = true
	for i := range len(s) {
		digits = digits || s[i] >= '0' && s[i] <= '9'
		plain = plain && s[i] < 0xE0 // the characters of two bytes
	}
	return digits, plain
}

// unspaced says that a character is of a script that is written without spaces between words.
func unspaced(r rune) bool {
	switch {
	case r < 0xE00:
		return false
	case r <= 0xEFF, // Thai, Lao
		r >= 0x1000 && r <= 0x109F, r >= 0x1780 && r <= 0x17FF, // Burmese, Khmer
		r >= 0x3005 && r <= 0x3007, r >= 0x3041 && r <= 0x30FF, r >= 0x31F0 && r <= 0x31FF, // kana
		r >= 0x3400 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF: // Han
		return true
	}
	return false
}

// endsSentence says whether what stands between two words ends a sentence.
func endsSentence(between string) bool {
	for i, r := range between {
		switch r {
		case '!', '?', '|', '•', '。', '।', '॥', '؟', '۔', '։', '።', '။', '។':
			return true
		case '.':
			if i+1 < len(between) && strings.IndexByte(" .\t\r", between[i+1]) >= 0 {
				return true
			}
		}
	}
	return false
}
