package lexicon

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/ad"
)

// TestWhoSomebodyIsIsNotRead: what is found is what would be found without the words, and is quoted with them.
func TestWhoSomebodyIsIsNotRead(t *testing.T) {
	s := made(t, file{Language: "xx", Who: []string{"russian", "black", "thai", "albe"}, WhoAlso: []string{"black"}, Negations: []string{"no"},
		Phrases: []phrase{{Code: "A", In: []ad.Category{ad.Job}, Patterns: []string{"ask my manager", "black wages", "thai salon"}}}})
	for in, want := range map[string]string{
		"ask my manager":                                                "A:ask my manager",
		"ask my Russian manager now":                                    "A:ask my Russian manager",
		"Ask  my black, russian-thai manager":                           "A:Ask  my black, russian-thai manager",
		"ask my black russian-thai  manager":                            "A:ask my black russian-thai  manager",
		"ask Russian\nmy manager":                                       "",
		"ask my manager Russian.":                                       "A:ask my manager",
		"thai wages, a thai salon":                                      "A:thai salon",
		"black russian wages":                                           "A:black russian wages",
		"no thai salon, no russian black wages":                         "",
		"ask my blackboard manager":                                     "",
		"no russian, black or thai ask my manager, thai ask my manager": "A:ask my manager",
	} {
		if got := quotes(s, ad.Job, in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestWithoutKnowsTheWayBack: each byte left stands where it is said to have stood.
func TestWithoutKnowsTheWayBack(t *testing.T) {
	var w who
	w.take([]string{"polsk", "thai", "руск"}, []string{"polske"})
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"polsk", "polske", "thai", "руские", "my", "ж", " ", "  ", "-", "'", ".", "\n"})).Draw(t, "in"), "")
		for _, sure := range []bool{false, true} {
			out, cuts := w.without(in, sure)
			for i := range len(out) {
				p := back(cuts, Place{0, i, i + 1})
				if p.End != p.Start+1 || p.End > len(in) || in[p.Start] != out[i] {
					t.Fatalf("%q became %q: byte %d comes from %v", in, out, i, p)
				}
				if covers(cuts, p) {
					t.Fatalf("%q became %q: byte %d was left out", in, out, i)
				}
			}
		}
	})
}
