package neartext_test

import (
	"strings"
	"testing"

	"varde/internal/neartext"
	"varde/internal/text"
)

const sample = "Hello, my name is Mia and I live in the centre of Oslo. Friends say that I am calm, patient and a good listener. " +
	"You can book an hour from 800 kr. My flat is by the station, third floor with a lift. I answer messages in the evening."

func sign(t testing.TB, s string) neartext.Signature {
	t.Helper()
	sig, ok := neartext.Sign(text.Read(s))
	if !ok {
		t.Fatalf("%.60q got no signature", s)
	}
	return sig
}

func sketch(t testing.TB, s string) neartext.Sketch {
	t.Helper()
	k, ok := neartext.SketchOf(sign(t, s).Values, nil)
	if !ok {
		t.Fatalf("%.60q got no sketch", s)
	}
	return k
}

func TestOrderOfSentencesDoesNotMatter(t *testing.T) {
	parts := strings.SplitAfter(sample, ". ")
	turned := strings.Join([]string{parts[3], parts[4] + " ", parts[1], parts[0], parts[2]}, "")
	if got := neartext.Similarity(sketch(t, sample), sketch(t, turned)); got != 1 {
		t.Errorf("similarity of a text and the same in another order: %v", got)
	}
}

func TestOldSignaturesAreNone(t *testing.T) {
	minHash := make([]uint32, 128)
	if _, ok := neartext.SketchOf(minHash, nil); ok || neartext.Passages(minHash) != nil {
		t.Error("a MinHash signature of before is taken for one of today")
	}
}
