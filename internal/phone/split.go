package phone

import (
	"strings"

	"varde/internal/text"
)

// Halves is a number that a title begins and a text goes on with.
type Halves struct {
	E164 string
	// TitleStart to TextEnd are the bytes of title and text it was read from.
	TitleStart, TitleEnd, TextStart, TextEnd int
}

// leastHalf is how many characters each half must have: a figure or two at a title's end is an age.
const leastHalf = 3

// Split reads the number that begins at the title's end and goes on at the text's start, or at its end. A number that stands whole
// in one of them is no such.
func Split(title, body *text.Doc, region string) (h Halves, ok bool) {
	first := tail(title)
	if first < 0 {
		return h, false
	}
	start, end := source(title, first, len(title.Tokens))
	if from, to, ok := head(body); ok {
		if h, ok := join(title.Source[start:end], body.Source[from:to], region); ok {
			return h.at(start, from), true
		}
	}
	if last := tail(body); last > 0 {
		from, to := source(body, last, len(body.Tokens))
		if h, ok := join(title.Source[start:end], body.Source[from:to], region); ok {
			return h.at(start, from), true
		}
	}
	return h, false
}

func (h Halves) at(inTitle, inText int) Halves {
	h.TitleStart, h.TitleEnd = h.TitleStart+inTitle, h.TitleEnd+inTitle
	h.TextStart, h.TextEnd = h.TextStart+inText, h.TextEnd+inText
	return h
}

// join reads two halves as one number, parted by a space or by nothing.
func join(a, b, region string) (h Halves, ok bool) {
	if whole(a, region) || whole(b, region) || strings.TrimSpace(b) == "" {
		return h, false
	}
	for _, between := range []string{" ", ""} {
		for _, m := range Find(text.Read(a+between+b), region) {
			cut := len(a) + len(between)
			if m.Start > len(a)-leastHalf || m.End < cut+leastHalf || !m.Spelled && (countable(a[m.Start:]) || countable(b[:m.End-cut])) {
				continue
			}
			return Halves{E164: m.E164, TitleStart: m.Start, TitleEnd: len(a), TextStart: 0, TextEnd: m.End - cut}, true
		}
	}
	return h, false
}

func whole(s, region string) bool { return len(Find(text.Read(s), region)) > 0 }

// countable says that a half by itself is a year or an amount.
func countable(s string) bool {
	s = strings.TrimSpace(s)
	return isYear(small4(s)) || strings.HasSuffix(s, "00")
}

// small4 is the value of four digits, or -1.
func small4(s string) int {
	if len(s) != 4 || strings.Trim(s, "0123456789") != "" {
		return -1
	}
	return small(s)
}

// mostTokens is how many tokens half a number may have.
const mostTokens = 2 * mostAtoms

// tail is the first token of what may be the beginning of a number at the end of a document, or -1.
func tail(d *text.Doc) int {
	n := len(d.Tokens)
	if n == 0 || gapOf(d.Text[d.Tokens[n-1].End:]) == apart {
		return -1
	}
	i := n
	for i > 0 && n-i < mostTokens && numberish(d, i-1) && (i == n || gapOf(d.Text[d.Tokens[i-1].End:d.Tokens[i].Start]) != apart) {
		i--
	}
	if i == n {
		return -1
	}
	return i
}

// head is the bytes of the source that may be the rest of a number at the start of a document.
func head(d *text.Doc) (from, to int, ok bool) {
	n := 0
	for n < len(d.Tokens) && n < mostTokens && numberish(d, n) && (n == 0 || gapOf(d.Text[d.Tokens[n-1].End:d.Tokens[n].Start]) != apart) {
		n++
	}
	if n == 0 || gapOf(d.Text[:d.Tokens[0].Start]) == apart {
		return 0, 0, false
	}
	if n < len(d.Tokens) && d.Tokens[n].Kind == text.Letters && (unitWords[d.Word(n)] || moneyWords[d.Word(n)]) || strings.HasPrefix(d.Text[d.Tokens[n-1].End:], ",-") {
		n--
	}
	if n == 0 {
		return 0, 0, false
	}
	from, to = source(d, 0, n)
	return from, to, true
}

func source(d *text.Doc, i, j int) (from, to int) {
	return d.Span(int(d.Tokens[i].Start), int(d.Tokens[j-1].End))
}

func numberish(d *text.Doc, i int) bool {
	if d.Tokens[i].Kind == text.Digits {
		return true
	}
	w := d.Word(i)
	if _, ok := lookup(w); ok {
		return true
	}
	return len(w) <= 2*mostLetters && asDigits(w) != "" && (i > 0 && d.Tokens[i-1].End == d.Tokens[i].Start || i+1 < len(d.Tokens) && d.Tokens[i+1].Start == d.Tokens[i].End)
}
