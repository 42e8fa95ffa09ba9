package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// traits are what folding must know of a character.
type traits uint8

const (
	// same: it folds to itself.
	same traits = 1 << iota
	// gone: it folds to nothing. Beside it: combines for a mark on the character before, encloses for one around it.
	gone
	combines
	encloses
	// disguise: people choose it to look like another one.
	disguise
	// otherScript: a Cyrillic or Greek letter.
	otherScript
	// letter: what it folds to begins with a letter or a mark of a script that needs it.
	letter
)

// tabled is where the table of characters ends: behind Latin, Greek, Cyrillic, Armenian and Hebrew, which most texts are of.
const tabled = 0x600

type folding struct {
	to string
	traits
}

var table = func() (t [tabled]folding) {
	for r := range rune(tabled) {
		t[r].to, t[r].traits = work(r)
	}
	return t
}()

// plain is what a character folds to. For one that folds to itself the string may be empty.
func plain(r rune) (string, traits) {
	switch {
	case r < tabled:
		return table[r].to, table[r].traits
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0xAC00 && r <= 0xD7A3: // Han, Hangul
		return "", same | letter
	case r >= 0x2600 && r <= 0x2775, r >= 0x1F300 && r <= 0x1FAFF, r == utf8.RuneError: // pictures
		return "", same
	}
	return work(r)
}

// work finds out what a character folds to.
func work(r rune) (string, traits) {
	switch {
	case unicode.Is(unicode.Me, r):
		return "", gone | encloses
	case isAccent(r):
		return "", gone | combines
	case invisible(r):
		return "", gone
	}
	s := once(string(r))
	for next := ""; s != next; s, next = once(s), s { // İ is i̇ is i
	}
	var t traits
	first, _ := utf8.DecodeRuneInString(s)
	if unicode.In(first, unicode.Letter, unicode.Mn) {
		t |= letter
	}
	if unicode.In(first, unicode.Cyrillic, unicode.Greek) {
		t |= otherScript
	}
	if s == string(r) {
		return s, t | same
	}
	if disguised(r) {
		t |= disguise
	}
	return s, t
}

func once(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(step(r))
	}
	return b.String()
}

// step takes one step from a character towards its plainest spelling.
func step(r rune) string {
	if to, ok := special[r]; ok {
		return to
	}
	if from, base := sequence(r); base != 0 {
		return string(base + r - from)
	}
	if isAccent(r) || unicode.Is(unicode.Me, r) || invisible(r) {
		return ""
	}
	parts := strings.Map(func(r rune) rune {
		if isAccent(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(string(r)))
	return norm.NFKC.String(parts)
}

// special are characters with a plain spelling that Unicode does not tell: letters of their own in their languages that others
// write without the stroke, quotation marks and dashes, and the letters that fonts for fancy names use.
var special = func() map[rune]string {
	m := map[rune]string{'ø': "o", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŋ': "n", 'ß': "ss", 'ŧ': "t",
		'ĸ': "k", 'ƒ': "f", 'ɨ': "i", 'ɡ': "g", 'ɑ': "a", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ґ': "г", '´': "'", '⁄': "/", '∕': "/", '⓿': "0", '🄌': "0", '\u2800': " "}
	for with, all := range map[string]string{"'": "‘’‚‛ʼʹʻ′＇`", "\"": "“”„‟«»″", "-": "‐‑‒–—―−⁃", "\n": "\u2028\u2029\u0085"} {
		for _, r := range all {
			m[r] = with
		}
	}
	for i, r := range []rune("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ") {
		if r != 'x' {
			m[r] = string(rune('a' + i))
		}
	}
	return m
}()

// sequence says which run of characters that stand for letters or digits in order r belongs to: its first character, and the
// letter or digit meant by that.
func sequence(r rune) (from, base rune) {
	switch {
	case r >= 0x2776 && r <= 0x277E: // ❶ to ❾; ten is left as it is
		return 0x2776, '1'
	case r >= 0x2780 && r <= 0x2788:
		return 0x2780, '1'
	case r >= 0x278A && r <= 0x2792:
		return 0x278A, '1'
	case r >= 0x24F5 && r <= 0x24FD:
		return 0x24F5, '1'
	case r >= 0x1F150 && r <= 0x1F169: // 🅐
		return 0x1F150, 'a'
	case r >= 0x1F170 && r <= 0x1F189: // 🅰
		return 0x1F170, 'a'
	case r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r):
		return 0, 0
	}
	for _, set := range unicode.Nd.R16 { // digits stand in tens, each set a whole number of them
		if lo, hi := rune(set.Lo), rune(set.Hi); r >= lo && r <= hi {
			return lo + (r-lo)/10*10, '0'
		}
	}
	for _, set := range unicode.Nd.R32 {
		if lo, hi := rune(set.Lo), rune(set.Hi); r >= lo && r <= hi {
			return lo + (r-lo)/10*10, '0'
		}
	}
	return 0, 0
}

// isAccent says that r is a mark that writing in Latin, Greek or Cyrillic letters can do without. The vowel signs of other
// scripts are marks too and stay.
func isAccent(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36F, r >= 0x483 && r <= 0x487, r >= 0x1AB0 && r <= 0x1AFF, r >= 0x1DC0 && r <= 0x1DFF, r >= 0x20D0 && r <= 0x20FF, r >= 0xFE20 && r <= 0xFE2F:
		return true
	}
	return false
}

// invisible says that r shows nothing.
func invisible(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r == 0x17B4, r == 0x17B5: // fillers
		return true
	case r >= 0x180B && r <= 0x180F, r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF: // variants and tags
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// disguised says that r, which folds to something else, is of those that nobody types by accident. Digits of other scripts are not
// among them: they are how a language is written.
func disguised(r rune) bool {
	switch {
	case r >= 0xFF10 && r <= 0xFF5A, // full-width
		r >= 0x2460 && r <= 0x24FF, r >= 0x2776 && r <= 0x2793, r >= 0x1F100 && r <= 0x1F189, // in circles and squares
		r >= 0x1D400 && r <= 0x1D7FF, r >= 0x1FBF0 && r <= 0x1FBF9, // mathematical, segmented
		r >= 0x2070 && r <= 0x209C, r == '¹', r == '²', r == '³', // raised and lowered
		r >= 0x1D00 && r <= 0x1D2B, r >= 0x250 && r <= 0x2AF, r >= 0xA730 && r <= 0xA7AF: // small capitals and the phonetic alphabet
		return true
	case r >= 0x2100 && r <= 0x214F: // script and black letter, but not ℃, №, ™, Ω, K, Å
		return unicode.IsLetter(r) && r != 0x2126 && r != 0x212A && r != 0x212B
	}
	return false
}
