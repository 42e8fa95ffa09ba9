package template

import (
	"cmp"
	"slices"
	"strings"
)

// match finds, for each word of the pattern, the word of a text that stands for it, -1 where there is none. Sentences are matched first, so
// that a text with its sentences in another order is still the same.
func match(pattern, d *doc) []int {
	at := make([]int, len(pattern.words))
	for i := range at {
		at[i] = -1
	}
	type pair struct {
		of, with int
		common   []int // for each word of the pattern's sentence
		share    float64
	}
	var pairs []pair
	for i := range len(pattern.begins) - 1 {
		a := pattern.words[pattern.begins[i]:pattern.begins[i+1]]
		for j := range len(d.begins) - 1 {
			b := d.words[d.begins[j]:d.begins[j+1]]
			common, n := longest(a, b)
			if share := float64(n) / float64(max(len(a), len(b))); n > 0 && share >= alike {
				pairs = append(pairs, pair{i, j, common, share})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.of, b.of), cmp.Compare(a.with, b.with))
	})
	ofTaken, withTaken := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		if ofTaken[p.of] || withTaken[p.with] {
			continue
		}
		ofTaken[p.of], withTaken[p.with] = true, true
		for k, j := range p.common {
			if j >= 0 {
				at[pattern.begins[p.of]+k] = d.begins[p.with] + j
			}
		}
	}
	return at
}

// longest is the longest common subsequence of two sentences: for each word of the first its place in the second or -1, and how many there are.
func longest(a, b []string) (at []int, n int) {
	width := len(b) + 1
	length := make([]uint16, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	at = make([]int, len(a))
	for i, j := 0, 0; i < len(a); i++ {
		at[i] = -1
		for j < len(b) && a[i] != b[j] && length[i*width+j+1] > length[(i+1)*width+j] {
			j++
		}
		for k := j; k < len(b) && length[i*width+k] == length[i*width+j]; k++ { // the first place that loses nothing
			if a[i] == b[k] && length[(i+1)*width+k+1]+1 == length[i*width+j] {
				at[i], j = k, k+1
				n++
				break
			}
		}
	}
	return at, n
}

// alignment is the pattern with how many texts hold each of its words.
type alignment struct {
	pattern *doc
	held    []int
	fixed   []bool
}

// choose decides which words are constant, of so many texts.
func (a *alignment) choose(texts int) {
	a.fixed = make([]bool, len(a.held))
	for i, n := range a.held {
		a.fixed[i] = float64(n) >= constant*float64(texts)
	}
	for i := 0; i < len(a.fixed); {
		j := i
		for j < len(a.fixed) && a.fixed[j] {
			j++
		}
		if j > i && j-i < leastRun {
			a.fixed[i] = false
		}
		i = max(j, i+1)
	}
}

// gap is what lies between two constant words of a sentence of the pattern: before and after are their places, or those just outside of the
// sentence, which goes from begin up to end.
type gap struct{ begin, end, before, after int }

// written is the template once no constant word stands alone between two slots: that one is chance, as a digit that two phones have in common.
func (a *alignment) written(docs []*doc, matches [][]int) []Part {
	for {
		parts, lone := a.parts(docs, matches)
		if len(lone) == 0 {
			return parts
		}
		for _, i := range lone {
			a.fixed[i] = false
		}
	}
}

// parts writes the template, a sentence of the pattern at a time: constant parts as the pattern writes them, and what each text has between.
// It also tells which constant words stand alone between two slots of a sentence.
func (a *alignment) parts(docs []*doc, matches [][]int) (parts []Part, lone []int) {
	p := a.pattern
	for s := range len(p.begins) - 1 {
		g := gap{begin: p.begins[s], end: p.begins[s+1]}
		g.before, g.after = g.begin-1, g.begin
		run, slots := -1, false // the first word of the constant part that is being read, and whether a slot stands before it
		flush := func() {
			if run >= 0 {
				parts = append(parts, a.constant(run, g.before, len(docs)))
				run = -1
			}
		}
		for ; g.after <= g.end; g.after++ {
			if g.after < g.end && !a.fixed[g.after] {
				continue
			}
			if slot := a.slot(g, docs, matches); slot.Values != nil {
				if slots && run == g.before && run >= 0 {
					lone = append(lone, run)
				}
				flush()
				parts = append(parts, slot)
				slots = true
			}
			if run < 0 && g.after < g.end {
				run = g.after
			}
			if g.after < g.end {
				g.before = g.after
			}
		}
		flush()
	}
	return parts, lone
}

// constant is the part from word i to word j of the pattern.
func (a *alignment) constant(i, j, texts int) Part {
	held := 0
	for _, n := range a.held[i : j+1] {
		held += n
	}
	return Part{Text: a.pattern.source[a.pattern.from[i]:a.pattern.to[j]], Share: float64(held) / float64((j-i+1)*texts)}
}

// slot collects what the texts have in a gap. It has no values where hardly any has anything there.
func (a *alignment) slot(g gap, docs []*doc, matches [][]int) (part Part) {
	values := map[string]*Value{}
	filled := 0
	for i, d := range docs {
		from, to, known := d.within(g, matches[i])
		if !known {
			continue
		}
		key := strings.Join(d.words[from:to], " ")
		if values[key] == nil {
			values[key] = &Value{}
		}
		v := values[key]
		v.Texts++
		if key != "" {
			filled++
			if v.Text == "" {
				v.Text = d.source[d.from[from]:d.to[to-1]]
			}
		}
	}
	if float64(filled) < (1-constant)*float64(len(docs)) {
		return part
	}
	for _, v := range values {
		part.Values = append(part.Values, *v)
	}
	slices.SortFunc(part.Values, func(a, b Value) int { return cmp.Or(cmp.Compare(b.Texts, a.Texts), strings.Compare(a.Text, b.Text)) })
	if len(part.Values) > mostValues {
		part.Values = part.Values[:mostValues]
	}
	return part
}

// within is where a text has a gap's content: from one word up to another. It is not known where the text does not have the sentence, or lacks
// a constant word beside the gap.
func (d *doc) within(g gap, at []int) (from, to int, known bool) {
	home := slices.IndexFunc(at[g.begin:g.end], func(j int) bool { return j >= 0 })
	if home < 0 {
		return 0, 0, false
	}
	sentence := d.sentence[at[g.begin+home]]
	from, to = d.begins[sentence], d.begins[sentence+1]
	if g.before >= g.begin {
		from = at[g.before] + 1
	}
	if g.after < g.end {
		to = at[g.after]
	}
	missing := g.before >= g.begin && at[g.before] < 0 || g.after < g.end && at[g.after] < 0
	return from, to, !missing
}
