package template_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/template"
)

// shown writes a template with its slots as [first value|second value].
func shown(t template.Template) string {
	var out []string
	for _, p := range t.Parts {
		if !p.Slot() {
			out = append(out, p.Text)
			continue
		}
		var values []string
		for _, v := range p.Values[:min(len(p.Values), 3)] {
			values = append(values, v.Text)
		}
		out = append(out, "["+strings.Join(values, "|")+"]")
	}
	return strings.Join(out, " ")
}

func TestConstantPartsAndSlots(t *testing.T) {
	for name, tt := range map[string]struct {
		texts []string
		want  string
	}{
		"four slots": {[]string{
			"Hei, jeg heter Mia og er i Bergen denne uken. Kom og hils på meg, 1500 kr timen. Ring 400 00 001 når du vil.",
			"Hei, jeg heter Eva og er i Oslo denne uken. Kom og hils på meg, 1800 kr timen. Ring 400 00 002 når du vil.",
			"Hei, jeg heter Ida og er i Mo i Rana denne uken. Kom og hils på meg, 2000 kr timen. Ring 400 00 003 når du vil.",
		}, "Hei, jeg heter [Eva|Ida|Mia] og er i [Bergen|Mo i Rana|Oslo] denne uken Kom og hils på meg [1500|1800|2000] kr timen Ring 400 00 [001|002|003] når du vil"},
		"sentences in another order": {[]string{
			"Discreet and clean flat in the centre. Call me for more. My name is Anna, new in town.",
			"My name is Lea, new in town. Discreet and clean flat in the centre. Call me for more.",
			"Call me for more. My name is Mia, new in town. Discreet and clean flat in the centre.",
		}, "Call me for more My name is [Anna|Lea|Mia] new in town Discreet and clean flat in the centre"},
		"a digit in common": {[]string{
			"Please call me on four seven six zero four two now", "Please call me on nine six zero two nine two one one now", "Please call me on four seven one zero five two now",
		}, "Please call me on [four seven one zero five two|four seven six zero four two|nine six zero two nine two one one] now"},
		"Cyrillic": {[]string{
			"Привет, меня зовут Анна, жду тебя в гости каждый день",
			"Привет, меня зовут Оля, жду тебя в гости каждый день",
			"Привет, меня зовут Катя, жду тебя в гости каждый день",
		}, "Привет, меня зовут [Анна|Катя|Оля] жду тебя в гости каждый день"},
		"the same": {[]string{"one two three four", "one two three four"}, "one two three four"},
		"an addition": {[]string{
			"We offer nice rooms near the sea", "We offer nice rooms near the sea", "We offer very nice rooms near the sea", "We offer very nice rooms near the sea",
		}, "We offer [|very] nice rooms near the sea"},
	} {
		for range 5 {
			rand.Shuffle(len(tt.texts), func(i, j int) { tt.texts[i], tt.texts[j] = tt.texts[j], tt.texts[i] })
			got, ok := template.Of(tt.texts)
			if !ok || shown(got) != tt.want {
				t.Errorf("%s: got %q, want %q", name, shown(got), tt.want)
			}
		}
	}
	for name, texts := range map[string][]string{"none": nil, "one": {"only one text here"}, "nothing in common": {"alpha beta gamma", "delta epsilon zeta"}} {
		if got, ok := template.Of(texts); ok {
			t.Errorf("%s: a template %q", name, shown(got))
		}
	}
}

// TestAnyTextsMakeATemplate: whatever the texts are, constant parts stand in the pattern's words, values are counted no more often than there
// are texts, and order does not matter.
func TestAnyTextsMakeATemplate(t *testing.T) {
	words := []string{"a", "bb", "ccc", "дом", "家", "1500", "Mia", "😀", "x.", "y!", "\n"}
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 25).Draw(t, "words"), " ")
		}), 0, 8).Draw(t, "texts")
		got, ok := template.Of(texts)
		again, okAgain := template.Of(rapid.Permutation(texts).Draw(t, "order"))
		if fmt.Sprint(got, ok) != fmt.Sprint(again, okAgain) {
			t.Fatalf("the order matters: %v and %v", got, again)
		}
		for _, p := range got.Parts {
			if !p.Slot() && !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, p.Text) }) {
				t.Fatalf("%q stands in no text", p.Text)
			}
			sum := 0
			for _, v := range p.Values {
				sum += v.Texts
			}
			if sum > len(texts) || !p.Slot() && (p.Share <= 0 || p.Share > 1) {
				t.Fatalf("part %+v of %d texts", p, len(texts))
			}
		}
	})
}

// BenchmarkOf makes the template of a ring of two hundred ads of a hundred words.
func BenchmarkOf(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	base := make([]string, 100)
	for i := range base {
		base[i] = fmt.Sprintf("word%c%c", 'a'+r.IntN(26), 'a'+r.IntN(26))
		if i%12 == 11 {
			base[i] += "."
		}
	}
	var texts []string
	for range 200 {
		one := slices.Clone(base)
		for range 8 {
			one[r.IntN(len(one))] = fmt.Sprintf("other%c", 'a'+r.IntN(26))
		}
		texts = append(texts, strings.Join(one, " "))
	}
	for b.Loop() {
		template.Of(texts)
	}
}
