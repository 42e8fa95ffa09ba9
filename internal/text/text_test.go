package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"varde/internal/text"
)

func TestFoldKeepsTheWayBack(t *testing.T) {
	for _, tt := range []struct{ in, find, want string }{
		{"Ring ４１２ nå", "412", "４１２"},
		{"Ring 4\u200b1\u200b2 nå", "412", "4\u200b1\u200b2\u200b"[:len("4\u200b1\u200b2")]},
		{"4️⃣1️⃣", "41", "4️⃣1️⃣"},
		{"ÆØÅ", "øå", "ØÅ"},
		{"a\u00a0b", "a b", "a\u00a0b"},
	} {
		f := text.Fold(tt.in)
		i := strings.Index(f.Text, tt.find)
		if i < 0 {
			t.Errorf("%q is not in %q", tt.find, f.Text)
			continue
		}
		from, to := f.Span(i, i+len(tt.find))
		if got := tt.in[from:to]; strings.TrimRight(got, "\u200b") != tt.want {
			t.Errorf("%q came from %q, want %q", tt.find, got, tt.want)
		}
	}
}

const story = "Hei, jeg heter Anna og tar imot i rolige omgivelser midt i sentrum av Bergen hver dag fra ti til åtte, send gjerne en melding først så avtaler vi tid"

func agree(a, b []uint32) (n int) {
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}

func TestSign(t *testing.T) {
	base, ok := text.Sign(story)
	if !ok {
		t.Fatal("no signature")
	}
	same, _ := text.Sign(strings.ToUpper(story) + "!!!")
	if same.Hash != base.Hash {
		t.Error("case and punctuation change the hash")
	}
	near, _ := text.Sign(strings.Replace(story, "Anna", "Eva", 1))
	if n := agree(base.Values, near.Values); n < 90 || near.Hash == base.Hash {
		t.Errorf("one word changed: %d of 128 agree", n)
	}
	far, _ := text.Sign("Vi søker en blid og arbeidsom kokk til vårt nye kjøkken ved havnen, fast stilling med god lønn etter tariff og ordnede forhold for alle")
	if n := agree(base.Values, far.Values); n > 15 {
		t.Errorf("unrelated texts: %d of 128 agree", n)
	}
	if _, ok := text.Sign("for kort"); ok {
		t.Error("a short text has a signature")
	}
}

func FuzzFold(f *testing.F) {
	f.Add("4️⃣ ４１２\u202e\xff")
	f.Fuzz(func(t *testing.T, s string) {
		folded := text.Fold(s)
		if from, to := folded.Span(0, len(folded.Text)); from > to || to > len(s) {
			t.Errorf("span %d to %d of %d bytes", from, to, len(s))
		}
		if utf8.ValidString(s) && !utf8.ValidString(folded.Text) {
			t.Error("folding broke the text")
		}
	})
}

func BenchmarkSign(b *testing.B) {
	in := strings.Repeat(story+" ", 4)
	for b.Loop() {
		text.Sign(in)
	}
}
