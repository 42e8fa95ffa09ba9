package target_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/target"
)

func TestDiff(t *testing.T) {
	for name, tt := range map[string]struct{ from, to, want string }{
		"nothing":            {"", "", ""},
		"a first version":    {"", "a\nb\n", "+a|+b"},
		"the same":           {"a\nb\n", "a\nb\n", " a| b"},
		"a line changed":     {"a\nrate: 0.5\nc\n", "a\nrate: 5\nc\n", " a|-rate: 0.5|+rate: 5| c"},
		"a line added":       {"a\nc\n", "a\nb\nc\n", " a|+b| c"},
		"a line removed":     {"a\nb\nc\n", "a\nc\n", " a|-b| c"},
		"far apart":          {"a\n1\n2\n3\n4\n5\n6\n7\n8\n9\nz\n", "b\n1\n2\n3\n4\n5\n6\n7\n8\n9\ny\n", "-a|+b| 1| 2| 3| 4| 5| 6| 7| 8| 9|-z|+y"},
		"no last line break": {"a\nb", "a\nb\n", " a| b"},
		"line breaks":        {"a\r\nb\r\n", "a\nb\n", " a| b"},
		"empty lines":        {"a\n\nb\n", "a\n\n\nb\n", " a| |+| b"},
		"all removed":        {"a\nb\n", "", "-a|-b"},
	} {
		var got []string
		for _, l := range target.Diff(target.Version{Text: tt.from}, target.Version{Text: tt.to}) {
			got = append(got, string(l.Kind)+l.Text)
		}
		if strings.Join(got, "|") != tt.want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, "|"), tt.want)
		}
	}
}

func TestDiffHoldsBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "", " ", "rate: 1", "-x", "+y"}), 0, 12), 2, 2).Draw(t, "texts")
		var from, to strings.Builder
		for _, l := range target.Diff(target.Version{Text: join(texts[0])}, target.Version{Text: join(texts[1])}) {
			if l.Kind != '+' {
				from.WriteString(l.Text + "\n")
			}
			if l.Kind != '-' {
				to.WriteString(l.Text + "\n")
			}
		}
		if from.String() != join(texts[0]) || to.String() != join(texts[1]) {
			t.Fatalf("from %q to %q gives %q and %q", join(texts[0]), join(texts[1]), from.String(), to.String())
		}
	})
}

func join(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}
