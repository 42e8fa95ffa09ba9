package target

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// DiffLine is a line of two versions: '-' of the earlier only, '+' of the later only, ' ' of both.
type DiffLine struct {
	Kind byte
	Text string
}

// Diff shows what changed from one version to another, as all lines of both in their order. The zero Version is a text without lines.
func Diff(from, to Version) []DiffLine {
	before, after := lines(from.Text), lines(to.Text)
	old := strings.Join(before, "")
	whole, err := udiff.ToUnifiedDiff("", "", old, udiff.Lines(old, strings.Join(after, "")), len(before)+1)
	if err != nil || len(whole.Hunks) == 0 { // the edits are udiff's own, so that only equal texts have none
		return plain(' ', after)
	}
	var list []DiffLine
	for _, h := range whole.Hunks {
		for _, l := range h.Lines {
			list = append(list, plain(kinds[l.Kind], []string{l.Content})...)
		}
	}
	return list
}

var kinds = map[udiff.OpKind]byte{udiff.Delete: '-', udiff.Insert: '+', udiff.Equal: ' '}

// lines parts a text into lines that end in a line break each.
func lines(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	list := strings.SplitAfter(text, "\n")
	return list[:len(list)-1] // behind the last line break is nothing
}

func plain(kind byte, lines []string) []DiffLine {
	var list []DiffLine
	for _, l := range lines {
		list = append(list, DiffLine{kind, strings.TrimSuffix(l, "\n")})
	}
	return list
}
