package neartext

import (
	"unicode"
	"unicode/utf8"
)

// Features are words, because a changed word then costs one feature and the order of sentences none. Words that say little are left
// out by the only sign of it that holds in every language: they are short. On the simulated world pairs and triples of words, with
// and without gaps, tell different writers apart no better, and lose far more of the texts with changed words; docs/performance.md
// has the figures.

// leastLetters is how long a word must be to count, by its first letter: scripts that write no vowels, or several sounds as one
// letter, need fewer.
func leastLetters(first rune) int {
	switch {
	case first >= 0x1100 && first <= 0x11FF, first >= 0xAC00 && first <= 0xD7FF: // Hangul
		return 2
	case first >= 0x590 && first < 0x10A0, first >= 0x1200 && first < 0x1380: // Hebrew, Arabic, the scripts of India, Ethiopic
		return 3
	}
	return 4
}

// appendFeatures adds the features of a passage.
func appendFeatures(out []uint32, words []word) []uint32 {
	for _, w := range words {
		if w.unspaced {
			out = appendRuns(out, w.text)
			continue
		}
		first, _ := utf8.DecodeRuneInString(w.text)
		if utf8.RuneCountInString(w.text) >= leastLetters(first) {
			out = append(out, hash32(w.text))
		}
	}
	return out
}

// How many characters stand for a word in a script without spaces: of Han two; of kana, where endings are the same everywhere,
// three; of scripts that write sounds, such as Thai, five.
const (
	runHan, runKana, runSounds = 2, 3, 5
	longestRun                 = runSounds
)

// runLength is the length of the runs of characters that begin with r.
func runLength(r rune) int {
	switch {
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return runKana
	case r >= 0x3000:
		return runHan
	}
	return runSounds
}

// count is how many words it is, about.
func (w word) count() int {
	if !w.unspaced {
		return 1
	}
	first, _ := utf8.DecodeRuneInString(w.text)
	per := runLength(first)
	return (utf8.RuneCountInString(w.text) + per - 1) / per
}

// appendRuns adds the overlapping runs of characters of a text without spaces, or all of it if it is shorter than one.
func appendRuns(out []uint32, s string) []uint32 {
	added := false
	for i, r := range s {
		end, n := i, 0
		for need := runLength(r); n < need && end < len(s); n++ {
			_, size := utf8.DecodeRuneInString(s[end:])
			end += size
		}
		if n == runLength(r) {
			out, added = append(out, hash32(s[i:end])), true
		}
	}
	if !added {
		out = append(out, hash32(s))
	}
	return out
}

// hash32 is FNV-1a, mixed.
func hash32[T string | []byte](s T) uint32 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return uint32(mix(h) >> 32)
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014): FNV alone leaves the high bits poor.
func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}
