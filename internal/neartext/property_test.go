package neartext_test

import (
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/neartext"
	"varde/internal/text"
)

// TestStable: signatures and keys are stored, so they must be the same on every machine and in every version of Go. Whoever changes
// what is read must change the version in the mark, and this test.
func TestStable(t *testing.T) {
	h := fnv.New64a()
	for _, tt := range scripts {
		sig := sign(t, strings.Join(tt.a, ". "))
		h.Write([]byte(sig.Hash))
		_ = binary.Write(h, binary.LittleEndian, sig.Values)
		k, _ := neartext.SketchOf(sig.Values, nil)
		_ = binary.Write(h, binary.LittleEndian, k.Keys())
	}
	if got, want := hex.EncodeToString(h.Sum(nil)), "d607b4f31773c3ea"; got != want {
		t.Errorf("signatures of twelve languages have changed: %s, want %s", got, want)
	}
}

// prose draws texts: sentences of words of some scripts and of anything.
var prose = rapid.Custom(func(t *rapid.T) string {
	word := rapid.OneOf(rapid.StringMatching(`[a-zæøå]{1,9}`), rapid.StringMatching(`[а-я]{1,9}`), rapid.StringMatching(`[\x{0E01}-\x{0E2E}]{1,20}`),
		rapid.StringMatching(`[\x{4E00}-\x{4E80}]{1,9}`), rapid.StringMatching(`[0-9]{1,9}`), rapid.StringN(0, 8, -1))
	var sentences []string
	for range rapid.IntRange(0, 120).Draw(t, "sentences") {
		sentences = append(sentences, strings.Join(rapid.SliceOfN(word, 0, 12).Draw(t, "words"), " "))
	}
	return strings.Join(sentences, rapid.SampledFrom([]string{". ", "\n", " "}).Draw(t, "between"))
})

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, other := prose.Draw(t, "text"), prose.Draw(t, "other")
		a, ok := neartext.Sign(text.Read(s))
		again, okAgain := neartext.Sign(text.Read(s))
		if ok != okAgain || a.Hash != again.Hash || !slices.Equal(a.Values, again.Values) {
			t.Fatal("signed twice, signed differently")
		}
		if !ok {
			if a.Hash != "" || a.Values != nil {
				t.Fatal("a signature that is not ok")
			}
			return
		}
		if len(a.Values) > 520 {
			t.Fatalf("%d values", len(a.Values))
		}
		if n := len(neartext.Passages(a.Values)); n > 64 {
			t.Fatalf("%d passages", n)
		}
		if _, ok := neartext.SketchOf(a.Values, func(uint32) bool { return true }); ok && len(neartext.Passages(a.Values)) < 64 && strings.Count(s, "\n") == 0 {
			t.Fatal("something is left of a text that is all boilerplate")
		}
		x, ok := neartext.SketchOf(a.Values, nil)
		if !ok {
			return // nothing but numbers and short words
		}
		keys := x.Keys()
		if len(keys) != 24 || len(slices.Compact(slices.Sorted(slices.Values(keys)))) != 24 {
			t.Fatalf("keys %v", keys)
		}
		if neartext.Similarity(x, x) != 1 {
			t.Fatal("a text is not like itself")
		}
		b, ok := neartext.Sign(text.Read(other))
		if !ok {
			return
		}
		if y, ok := neartext.SketchOf(b.Values, nil); ok {
			l := rapid.Float64Range(0, 1).Draw(t, "least")
			if neartext.Similarity(x, y) != neartext.Similarity(y, x) || neartext.Alike(x, y, l) != neartext.Alike(y, x, l) {
				t.Fatal("not symmetric")
			}
		}
	})
}

// TestLongTextsAreBounded: of 64 KB of text a sample is kept, by which copies are still alike.
func TestLongTextsAreBounded(t *testing.T) {
	var long strings.Builder
	for i := 0; long.Len() < 64<<10; i++ {
		long.WriteString(name(i) + " " + name(7*i+1) + " " + name(13*i+2) + " i sentrum tilbyr tjenester. ")
	}
	half := long.String()[:32<<10]
	a, b := sign(t, long.String()), sketch(t, half)
	if len(a.Values) > 520 {
		t.Errorf("%d values of a long text", len(a.Values))
	}
	x, _ := neartext.SketchOf(a.Values, nil)
	if s := neartext.Similarity(x, b); s < 0.4 || s > 0.6 {
		t.Errorf("similarity of a text and its half: %.2f", s)
	}
}

func FuzzSignature(f *testing.F) {
	add := func(values []uint32) {
		data, _ := binary.Append(nil, binary.LittleEndian, values)
		f.Add(data)
	}
	for _, tt := range scripts[:3] {
		add(sign(f, strings.Join(tt.a, ". ")).Values)
	}
	add(make([]uint32, 128))
	add(nil)
	good, _ := neartext.SketchOf(sign(f, sample).Values, nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		values := make([]uint32, len(data)/4)
		for i := range values {
			values[i] = binary.LittleEndian.Uint32(data[4*i:])
		}
		passages := neartext.Passages(values)
		s, ok := neartext.SketchOf(values, nil)
		if _, left := neartext.SketchOf(values, func(p uint32) bool { return slices.Contains(passages, p) }); left && !ok {
			t.Error("more is left without boilerplate than with it")
		}
		if !ok {
			return
		}
		if len(s.Keys()) != 24 || neartext.Similarity(s, s) != 1 {
			t.Error("a sketch that cannot be compared")
		}
		neartext.Alike(s, good, least)
		neartext.Common(1000, []neartext.Sketch{s, good, s, good, s}, 10)
	})
}
