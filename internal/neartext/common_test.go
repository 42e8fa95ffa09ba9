package neartext_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"varde/internal/neartext"
	"varde/internal/text"
)

const (
	// footer is what a site puts under every ad: 40 words.
	footer = "Annonsen er lagt inn av en privatperson og er ikke kontrollert av oss. Meld fra til redaksjonen om noe virker galt. " +
		"Betal aldri på forskudd til noen som du ikke har møtt. Les våre vilkår og regler før du tar kontakt med annonsøren."
	// spam is one text that is posted by the thousand: 40 words.
	spam = "Trenger du penger raskt, før helgen kommer? Vi gir lån uten sikkerhet til alle over atten år. " +
		"Svaret kommer samme dag, uansett betalingsanmerkninger og gjeld fra tidligere. Klikk på lenken og oppgi koden %d så starter utbetalingen med en gang."
)

// site is the ads of a site: loose texts, cut to so many words, and copies of the spam, all with the footer.
func site(t testing.TB, loose, words, copies int) []neartext.Signature {
	w := world(untuned, 6*loose)
	seen := map[string]bool{}
	var out []neartext.Signature
	for i, truth := range w.Truth() {
		if len(out) < loose && !seen[truth.Controller] {
			seen[truth.Controller] = true
			out = append(out, sign(t, cut(w.Sighting(i).Text, words)+"\n"+footer))
		}
	}
	if len(out) < loose {
		t.Fatalf("only %d loose texts", len(out))
	}
	for i := range copies {
		out = append(out, sign(t, fmt.Sprintf(spam, i)+fmt.Sprintf(" Hilsen %s i %s.\n", name(i), []string{"Oslo", "Bergen", "Tromsø"}[i%3])+footer))
	}
	return out
}

// cut returns the first words of a text.
func cut(s string, words int) string {
	f := strings.SplitAfterN(s, " ", words+1)
	return strings.Join(f[:min(len(f), words)], "")
}

// name is a different name for every number.
func name(i int) string {
	return fmt.Sprintf("rådgiver%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
}

// boilerplate is what Common finds among the passages of ads that stand in more than least of them.
func boilerplate(ads []neartext.Signature, least int) map[uint32]bool {
	in := map[uint32][]int{}
	for i, a := range ads {
		for _, p := range neartext.Passages(a.Values) {
			in[p] = append(in[p], i)
		}
	}
	found := map[uint32]bool{}
	for p, at := range in {
		slices.SortFunc(at, func(a, b int) int { return strings.Compare(ads[a].Hash, ads[b].Hash) })
		var around []neartext.Sketch
		for n, i := range at {
			if len(around) == 16 {
				break
			}
			if n > 0 && ads[i].Hash == ads[at[n-1]].Hash {
				continue
			}
			if k, ok := neartext.SketchOf(ads[i].Values, func(other uint32) bool { return other == p }); ok {
				around = append(around, k)
			}
		}
		if neartext.Common(len(at), around, least) {
			found[p] = true
		}
	}
	return found
}

func TestBoilerplateIsNotACampaign(t *testing.T) {
	for _, mix := range []struct{ loose, words, copies int }{{1000, 200, 1000}, {1000, 25, 1000}, {1000, 200, 0}, {500, 200, 1500}} {
		ads := site(t, mix.loose, mix.words, mix.copies)
		found := boilerplate(ads, 100)
		for _, p := range neartext.Passages(sign(t, footer).Values) {
			if !found[p] {
				t.Errorf("%v: a sentence of the footer is not recognised", mix)
			}
		}
		for i, p := range neartext.Passages(sign(t, fmt.Sprintf(spam, 1)).Values) {
			if found[p] {
				t.Errorf("%v: sentence %d of the campaign is taken for boilerplate", mix, i)
			}
		}
		for _, with := range []bool{true, false} {
			s := newStage(least)
			var of []int32
			for _, a := range ads {
				if k, ok := neartext.SketchOf(a.Values, func(p uint32) bool { return !with && found[p] }); ok {
					of = append(of, s.add(a.Hash, k))
				} else {
					of = append(of, -1)
				}
			}
			loose, campaign, other := 0, 0, 0 // pairs of ads in one group
			size := map[int32][2]int{}
			for i, n := range of {
				if n >= 0 {
					g := size[s.root(n)]
					if i < mix.loose {
						g[0]++
					} else {
						g[1]++
					}
					size[s.root(n)] = g
				}
			}
			for _, g := range size {
				loose, campaign, other = loose+g[0]*(g[0]-1)/2, campaign+g[1]*(g[1]-1)/2, other+g[0]*g[1]
			}
			t.Logf("%d loose ads of up to %d words and %d copies of one text, footer left out %v: pairs of loose ads %d, of copies %d, of one with the other %d; compared %.1f times an ad",
				mix.loose, mix.words, mix.copies, !with, loose, campaign, other, float64(s.compared)/float64(len(ads)))
			if !with && (loose > mix.loose/20 || other > 0 || campaign != mix.copies*(mix.copies-1)/2) {
				t.Errorf("%v: %d pairs of loose ads, %d with the campaign, %d of the campaign", mix, loose, other, campaign)
			}
		}
	}
}

func TestCommon(t *testing.T) {
	var loose []neartext.Sketch
	w := world(untuned, 200)
	seen := map[string]bool{}
	for i, truth := range w.Truth() {
		if sig, ok := neartext.Sign(text.Read(w.Sighting(i).Text)); ok && !seen[truth.Controller] {
			seen[truth.Controller] = true
			k, _ := neartext.SketchOf(sig.Values, nil)
			loose = append(loose, k)
		}
	}
	same := sketch(t, sample)
	for _, tt := range []struct {
		name   string
		ads    int
		sample []neartext.Sketch
		want   bool
	}{
		{"different texts around", 101, loose, true},
		{"not often enough", 100, loose, false},
		{"nothing around", 1000, nil, false},
		{"too few to say", 1000, loose[:3], false},
		{"one text around", 1000, slices.Repeat([]neartext.Sketch{same}, 16), false},
		{"three texts around", 1000, slices.Repeat(loose[:3], 5), false},
		{"a campaign and others", 1000, append(slices.Repeat([]neartext.Sketch{same}, 11), loose[:5]...), true},
	} {
		if got := neartext.Common(tt.ads, tt.sample, 100); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
