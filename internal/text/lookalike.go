package text

import (
	"unicode"
	"unicode/utf8"
)

// toLatin are the letters of other scripts that look like Latin ones in lower or upper case.
var toLatin = map[rune]byte{'а': 'a', 'в': 'b', 'ь': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'є': 'e', 'ҽ': 'e', 'ԍ': 'g', 'һ': 'h', 'н': 'h', 'і': 'i', 'ӏ': 'l',
	'ј': 'j', 'к': 'k', 'м': 'm', 'п': 'n', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'г': 'r', 'я': 'r', 'ѕ': 's', 'т': 't', 'и': 'u', 'ц': 'u', 'ѵ': 'v', 'ԝ': 'w', 'ш': 'w', 'х': 'x',
	'у': 'y', 'ү': 'y', 'з': 'z',
	'€': 'e',
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'μ': 'm', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'σ': 'o', 'τ': 't', 'υ': 'u', 'χ': 'x', 'ω': 'w', 'γ': 'y', 'ζ': 'z', 'ϲ': 'c', 'ϳ': 'j'}

// toCyrillic are the Latin letters that look like Cyrillic ones in lower or upper case.
var toCyrillic = map[byte]string{'a': "а", 'b': "в", 'c': "с", 'e': "е", 'h': "н", 'i': "і", 'j': "ј", 'k': "к", 'm': "м", 'o': "о", 'p': "р", 's': "ѕ",
	't': "т", 'x': "х", 'y': "у", 'n': "п"}

// lookalikes adds the edits that put right the words of s, a folded text, in which scripts are mixed: letters of a foreign script
// that look like the word's own become these, as does a euro sign inside a Latin word. A word all of one script is left alone.
func lookalikes(s string, edits []edit) []edit {
	for i := 0; i < len(s); {
		start, ascii := i, true
		for i < len(s) {
			if isLetter(s[i]) {
				i++
				continue
			}
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == '€' && i > start {
				next, _ := utf8.DecodeRuneInString(s[i+n:])
				if !isWordRune(next) {
					break
				}
			} else if r < utf8.RuneSelf || !isWordRune(r) {
				break
			}
			ascii = false
			i += n
		}
		if !ascii {
			edits = mend(s, start, i, edits)
		}
		if i == start {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n
		}
	}
	return edits
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func isWordRune(r rune) bool {
	if r < tabled {
		return table[r].traits&letter != 0
	}
	return unicode.In(r, unicode.Letter, unicode.Mn)
}

// mend adds the edits that put a word right. Letters that look like none of the other script decide which script is the word's;
// where there are none, the more numerous ones do.
func mend(s string, start, end int, edits []edit) []edit {
	latin, cyrillic, greek := 0, 0, 0
	allLatin, allCyrillic := true, true
	for _, r := range s[start:end] {
		_, looksLatin := toLatin[r]
		switch {
		case r < utf8.RuneSelf:
			latin++
			_, ok := toCyrillic[byte(r)]
			allCyrillic = allCyrillic && ok
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
			allLatin = allLatin && looksLatin
		case unicode.Is(unicode.Greek, r):
			greek++
			allLatin = allLatin && looksLatin
		case unicode.Is(unicode.Latin, r):
			latin++
			allCyrillic = false
		}
	}
	if latin == 0 {
		return edits
	}
	allCyrillic = allCyrillic && greek == 0
	isLatin := latin >= cyrillic+greek
	if allLatin != allCyrillic {
		isLatin = allLatin
	}
	if greek > 0 && (!isLatin || cyrillic > 0 && !allLatin) { // whose letters they are cannot be told
		return edits
	}
	for i := start; i < end; {
		r, n := utf8.DecodeRuneInString(s[i:])
		if to, ok := toLatin[r]; ok && isLatin {
			edits = append(edits, edit{int32(i), int32(i + n), asciiStrings[to : to+1]})
		} else if to, ok := toCyrillic[s[i]]; ok && !isLatin {
			edits = append(edits, edit{int32(i), int32(i + n), to})
		}
		i += n
	}
	return edits
}

// asciiStrings is every ASCII character at its own place, to cut strings of one from.
var asciiStrings = func() string {
	var b [utf8.RuneSelf]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}()
