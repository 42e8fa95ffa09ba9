package neartext

import "unicode/utf8"

// Lengths of the runs of characters that are compared in scripts without spaces, about two words each, and of a word in them.
const (
	ideographs, soundSigns       = 3, 6
	ideographsAWord, soundsAWord = 2, 4
)

// count is how many words it is, about.
func (w word) count() int {
	if !w.unspaced {
		return 1
	}
	first, _ := utf8.DecodeRuneInString(w.text)
	per := soundsAWord
	if ideograph(first) {
		per = ideographsAWord
	}
	return (utf8.RuneCountInString(w.text) + per - 1) / per
}

// appendFeatures adds the features of a passage: each pair of neighbouring words.
func appendFeatures(out []uint32, words []word) []uint32 {
	for i, w := range words {
		if w.unspaced {
			out = appendRuns(out, w.text)
			continue
		}
		if i > 0 && !words[i-1].unspaced {
			out = append(out, pair(words[i-1].text, w.text))
		}
	}
	return out
}

// appendRuns adds the overlapping runs of characters of a text without spaces.
func appendRuns(out []uint32, s string) []uint32 {
	first, _ := utf8.DecodeRuneInString(s)
	size := soundSigns
	if ideograph(first) {
		size = ideographs
	}
	var starts [soundSigns]int
	n := 0
	for i := range s {
		if n >= size {
			out = append(out, uint32(fnv([]byte(s[starts[n%size]:i]))>>32))
		}
		starts[n%size] = i
		n++
	}
	if n >= size {
		return append(out, uint32(fnv([]byte(s[starts[n%size]:]))>>32))
	}
	return append(out, uint32(fnv([]byte(s))>>32))
}

func pair(a, b string) uint32 {
	h := uint64(14695981039346656037)
	for i := range len(a) {
		h = (h ^ uint64(a[i])) * 1099511628211
	}
	h = (h ^ ' ') * 1099511628211
	for i := range len(b) {
		h = (h ^ uint64(b[i])) * 1099511628211
	}
	return uint32(mix(h) >> 32)
}

// fnv is FNV-1a, mixed.
func fnv(s []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range s {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return mix(h)
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014): FNV alone leaves the high bits poor.
func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}
