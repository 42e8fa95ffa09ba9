package neartext

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"

	"varde/internal/text"
)

// LeastWords is the shortest text that is compared. Shorter ones are alike by chance.
const LeastWords = 20

const (
	// mostFeatures are kept of a text; of more the ones with the smallest hashes, which are a fair sample of it (bottom-k, Cohen
	// & Kaplan 2007). The similarity of two such samples has a standard error of at most 1/(2·√384) = 0.026.
	mostFeatures = 384
	// mostPassages are told apart; those that follow count as one that is never boilerplate.
	mostPassages = 64
)

// mark begins the values of a signature: a name that no chance value has, and the version of the encoding and of what is read.
const mark = 0x6e780001

// rest is the hash of the passages that are not told apart.
const rest = 0

// Signature is what a text is compared by.
type Signature struct {
	// Hash names the normalised words in their order, without what copies of one text vary: digits, case, punctuation.
	Hash string
	// Values are the passages with their features, encoded: the mark, the greatest hash that a kept feature may have, the number
	// of passages, two values for each passage (its hash; its words and its features, 16 bits each), and the features, passage
	// by passage in ascending order.
	Values []uint32
}

// passage is a sentence or a line.
type passage struct {
	hash     uint32
	words    int
	features []uint32
}

// header is how many values stand before those of the passages.
const header = 3

// Sign returns the signature of a text. It is not ok for fewer than LeastWords, and for them gives none.
func Sign(d *text.Doc) (sig Signature, ok bool) {
	s := signer{sum: sha256.New()}
	read(d, s.passage)
	if s.words < LeastWords {
		return sig, false
	}
	sum := s.sum.Sum(nil)
	return Signature{Hash: hex.EncodeToString(sum[:12]), Values: s.encode()}, true
}

// signer collects the passages of a text.
type signer struct {
	sum      hash.Hash
	buf      []byte
	words    int
	passages []passage
	others   passage // those not told apart
}

func (s *signer) passage(words []word) {
	s.buf = s.buf[:0]
	for _, w := range words {
		s.buf = append(append(s.buf, w.text...), ' ')
	}
	s.sum.Write(s.buf)
	h := max(hash32(s.buf), rest+1)
	if slices.ContainsFunc(s.passages, func(p passage) bool { return p.hash == h }) { // said twice is said once
		return
	}
	n := 0
	for _, w := range words {
		n += w.count()
	}
	s.words += n
	if n < shortPassage || len(s.passages) == mostPassages {
		s.others.words += n
		s.others.features = appendFeatures(s.others.features, words)
		return
	}
	s.passages = append(s.passages, passage{hash: h, words: n, features: appendFeatures(make([]uint32, 0, n), words)})
}

func (s *signer) encode() []uint32 {
	passages := s.passages
	if s.others.words > 0 {
		passages = append(passages, s.others)
	}
	var all []uint32
	for i := range passages {
		p := &passages[i]
		slices.Sort(p.features)
		p.features = slices.Compact(p.features)
		all = append(all, p.features...)
	}
	limit := ^uint32(0)
	if len(all) > mostFeatures {
		slices.Sort(all)
		limit = all[mostFeatures-1]
		if all[mostFeatures] == limit { // of equals all or none
			limit--
		}
	}
	out := make([]uint32, 0, header+2*len(passages)+min(len(all), mostFeatures))
	out = append(out, mark, limit, uint32(len(passages)))
	for i := range passages {
		p := &passages[i]
		n, _ := slices.BinarySearchFunc(p.features, limit, func(a, b uint32) int {
			if a <= b {
				return -1
			}
			return 1
		})
		p.features = p.features[:n]
		out = append(out, p.hash, uint32(min(p.words, 1<<16-1))<<16|uint32(n))
	}
	for i := range passages {
		out = append(out, passages[i].features...)
	}
	return out
}

// decode returns the passages of a signature and the limit of their features; ok is false for a damaged one and for one of
// another encoding.
func decode(values []uint32) (passages []passage, limit uint32, ok bool) {
	if len(values) < header || values[0] != mark || values[2] > mostPassages+1 || len(values) > header+2*(mostPassages+1)+mostFeatures {
		return nil, 0, false
	}
	limit = values[1]
	n := int(values[2])
	if len(values) < header+2*n {
		return nil, 0, false
	}
	left := values[header+2*n:]
	passages = make([]passage, n)
	for i := range passages {
		about := values[header+2*i+1]
		k := int(about & 0xffff)
		if k > len(left) {
			return nil, 0, false
		}
		passages[i] = passage{hash: values[header+2*i], words: int(about >> 16), features: left[:k]}
		for j, f := range left[:k] {
			if f > limit || j > 0 && cmp.Compare(left[j-1], f) >= 0 {
				return nil, 0, false
			}
		}
		left = left[k:]
	}
	return passages, limit, len(left) == 0
}

// Current says whether a stored signature is of the version that this package reads, and whole.
func Current(values []uint32) bool {
	_, _, ok := decode(values)
	return ok
}

// Passages returns the hashes of the passages of a stored signature that are told apart, each once and in their order; nil for a
// damaged signature and for one of another version.
func Passages(values []uint32) (hashes []uint32) {
	passages, _, ok := decode(values)
	if !ok {
		return nil
	}
	for _, p := range passages {
		if p.hash != rest {
			hashes = append(hashes, p.hash)
		}
	}
	return hashes
}
