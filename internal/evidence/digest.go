package evidence

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/hex"
	"hash"
	"strings"
)

// algorithms are the digests that are checked in records made elsewhere, by the labels in use; old ones too, for files are what they are.
var algorithms = map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

// labelled takes a digest such as "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ" apart. Base 16 and base 32 are told apart by the length. Where
// the label or the form is none that is known, algorithm is nil.
func labelled(s string) (algorithm func() hash.Hash, sum []byte) {
	label, value, _ := strings.Cut(strings.TrimSpace(s), ":")
	algorithm = algorithms[strings.Replace(strings.ToLower(label), "sha-", "sha", 1)]
	if algorithm == nil {
		return nil, nil
	}
	size := algorithm().Size()
	if sum, err := hex.DecodeString(strings.ToLower(value)); err == nil && len(sum) == size {
		return algorithm, sum
	}
	sum, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(strings.ToUpper(value), "="))
	if err != nil || len(sum) != size {
		return nil, nil
	}
	return algorithm, sum
}

// matches says whether data has the digest, and whether the digest is one that can be checked.
func matches(digest string, data []byte) (ok, known bool) {
	algorithm, want := labelled(digest)
	if algorithm == nil {
		return false, false
	}
	h := algorithm()
	h.Write(data)
	return bytes.Equal(h.Sum(nil), want), true
}
