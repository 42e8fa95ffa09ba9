package text

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// SignatureSize is the number of values of a signature. The standard error of the similarity it estimates is at most
// 1/(2·√128) = 0.044 (Broder 1997).
const SignatureSize = 128

// LeastWords is the shortest text that gets a signature. Shorter ones are alike by chance.
const LeastWords = 20

// shingle is how many words stand together: single words would make every ad of a trade alike.
const shingle = 3

// Signature is what a text is compared by.
type Signature struct {
	// Hash names the words in their order, without what ads of one template vary: digits, case, punctuation.
	Hash string
	// Values are MinHash values of the set of word triples.
	Values []uint32
}

// Sign returns the signature of the words of a text; ok is false for fewer than LeastWords.
func Sign(d *Doc) (sig Signature, ok bool) {
	words := make([]string, 0, len(d.Tokens))
	for i := 0; i < len(d.Tokens); i++ {
		start, digits := i, d.Tokens[i].Kind == Digits
		for d.joined(i) {
			i++
			digits = digits || d.Tokens[i].Kind == Digits
		}
		if digits {
			words = append(words, "0")
		} else {
			words = append(words, d.Text[d.Tokens[start].Start:d.Tokens[i].End])
		}
	}
	if len(words) < LeastWords {
		return sig, false
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	sig.Hash = hex.EncodeToString(sum[:12])
	var least [SignatureSize]uint32
	for j := range least {
		least[j] = ^uint32(0)
	}
	for i := 0; i+shingle <= len(words); i++ {
		h := fnv(words[i : i+shingle])
		for j := range least {
			least[j] = min(least[j], uint32((h*multipliers[j]+offsets[j])>>32))
		}
	}
	sig.Values = least[:]
	return sig, true
}

// fnv is FNV-1a over words with a separator.
func fnv(words []string) uint64 {
	h := uint64(14695981039346656037)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 1099511628211
		}
		h = (h ^ ' ') * 1099511628211
	}
	return mix(h)
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014): FNV alone leaves the high bits poor.
func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// multipliers and offsets are the hash functions h·a+b, drawn once by SplitMix64 from fixed seeds: signatures are stored, so
// they must never change.
var multipliers, offsets = draw(0x5eed1), draw(0x5eed2)

func draw(seed uint64) (out [SignatureSize]uint64) {
	for i := range out {
		seed += 0x9e3779b97f4a7c15
		out[i] = mix(seed) | 1
	}
	return out
}
