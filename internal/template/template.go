// Package template finds what near-duplicate texts have in common: constant parts, and slots in which they differ, such as a name, a
// place, a price or a phone.
//
// It promises that every word of a constant part stands so in the texts that are counted for it, and that the same texts give the same
// template in whatever order they come. It knows no language: words are compared as internal/text folds them, in any script.
package template

import (
	"cmp"
	"slices"
	"strings"

	"varde/internal/text"
)

// Bounds of the work for one template: beyond them a template says no more.
const (
	// mostTexts are compared; which of more is decided by the texts themselves.
	mostTexts = 200
	// mostWords of a text are read.
	mostWords = 600
	// mostValues of a slot are given.
	mostValues = 50
)

const (
	// constant is the share of the texts that must hold a word for it to be of the constant parts: some texts vary it or leave it out.
	constant = 0.8
	// alike is the share of the words of a sentence that another one must hold, in their order, to be the same sentence.
	alike = 0.5
	// lone constant words between slots are chance.
	leastRun = 2
)

// Template is what texts have in common.
type Template struct {
	// Texts is how many texts were compared.
	Texts int
	Parts []Part
}

// Part is a constant part, or a slot.
type Part struct {
	// Text is a constant part as the most typical text writes it, empty for a slot.
	Text string
	// Share of the texts, in (0,1], hold the constant part's words, on average.
	Share float64
	// Values are what stands in a slot, the most frequent first, each as it was first written.
	Values []Value
}

// Slot says whether the part is a slot.
func (p *Part) Slot() bool { return p.Text == "" }

// Value is a content of a slot, "" where a text has nothing there.
type Value struct {
	Text  string
	Texts int
}

// Of finds the template of texts. It is not ok for fewer than two, or where they have no two words in a row in common.
func Of(texts []string) (t Template, ok bool) {
	docs := read(texts)
	if len(docs) < 2 {
		return t, false
	}
	pattern := docs[typical(docs)]
	a := &alignment{pattern: pattern, held: make([]int, len(pattern.words))}
	matches := make([][]int, len(docs))
	for i, d := range docs {
		matches[i] = match(pattern, d)
		for j, at := range matches[i] {
			if at >= 0 {
				a.held[j]++
			}
		}
	}
	a.choose(len(docs))
	t = Template{Texts: len(docs), Parts: a.written(docs, matches)}
	return t, slices.ContainsFunc(t.Parts, func(p Part) bool { return !p.Slot() })
}

// doc is a text in words.
type doc struct {
	source string
	words  []string
	// from and to are where each word stands in the source.
	from, to []int
	// sentence numbers the sentence of each word; begins are the first words of the sentences, and the end.
	sentence []int
	begins   []int
}

// read reads the different texts in the order of their words, so that their own order does not matter.
func read(texts []string) (docs []*doc) {
	for _, s := range texts {
		docs = append(docs, newDoc(s))
	}
	slices.SortFunc(docs, func(a, b *doc) int {
		return cmp.Or(slices.Compare(a.words, b.words), strings.Compare(a.source, b.source))
	})
	if len(docs) > mostTexts { // evenly, so that all kinds come
		for i := range mostTexts {
			docs[i] = docs[i*len(docs)/mostTexts]
		}
		docs = docs[:mostTexts]
	}
	return docs
}

func newDoc(s string) *doc {
	read := text.Read(s)
	d := &doc{source: s}
	number := 0
	for i, t := range read.Tokens {
		if t.Kind != text.Letters && t.Kind != text.Digits {
			continue
		}
		if len(d.words) == mostWords {
			break
		}
		from, to := read.Span(int(t.Start), int(t.End))
		if n := len(d.words); n > 0 && ends(s[d.to[n-1]:max(from, d.to[n-1])]) {
			number++
		}
		if number == len(d.begins) {
			d.begins = append(d.begins, len(d.words))
		}
		d.words, d.from, d.to, d.sentence = append(d.words, read.Word(i)), append(d.from, from), append(d.to, to), append(d.sentence, number)
	}
	d.begins = append(d.begins, len(d.words))
	return d
}

// ends says whether what stands between two words ends a sentence: a full stop before a space, a line's end, or a sign of its own.
func ends(between string) bool {
	return strings.ContainsAny(between, "\n!?…•|") || strings.Contains(between, ". ") || strings.Contains(between, "。")
}

// typical is the text that has most words in common with the others: the pattern that they are compared with.
func typical(docs []*doc) (best int) {
	in := map[string]int{} // how many texts hold a word
	for _, d := range docs {
		seen := map[string]bool{}
		for _, w := range d.words {
			if !seen[w] {
				seen[w] = true
				in[w]++
			}
		}
	}
	most := -1
	for i, d := range docs {
		sum := 0
		for _, w := range d.words {
			sum += 2*in[w] - len(docs) // a word that most do not have speaks against the text
		}
		if sum > most || i == 0 {
			best, most = i, sum
		}
	}
	return best
}
