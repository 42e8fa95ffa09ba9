package neartext_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"varde/internal/sim"
)

// TestWorld groups the texts of an untuned world: hardly any pair of ads in one group may be of two controllers who did not copy from
// each other, and no group may hold many of them.
func TestWorld(t *testing.T) {
	w := world(untuned, 20_000)
	texts := ofWorld(20_000, untuned)
	s, of := run(texts)
	type tally struct {
		ads int
		by  map[string]int
	}
	groups := map[int32]*tally{}
	for i, truth := range w.Truth() {
		if of[i] < 0 || slices.ContainsFunc(truth.Traits, func(t sim.Trait) bool { return t == sim.CopiedPhrases || t == sim.Pastes || t == sim.Robbed }) {
			continue
		}
		g := groups[s.root(of[i])]
		if g == nil {
			g = &tally{by: map[string]int{}}
			groups[s.root(of[i])] = g
		}
		g.ads++
		g.by[truth.Controller]++
	}
	same, different, largest, mixed := 0, 0, 0, 0
	for _, g := range groups {
		squares := 0
		for _, n := range g.by {
			squares += n * n
		}
		same, different = same+(squares-g.ads)/2, different+(g.ads*g.ads-squares)/2
		largest = max(largest, g.ads)
		if len(g.by) > 1 {
			mixed = max(mixed, g.ads)
		}
	}
	precision := float64(same) / float64(same+different)
	t.Logf("%d ads, %d different texts, compared %.2f times an ad: pairs of one controller %d, of two %d, precision %.5f; largest group %d, largest of several controllers %d",
		len(texts), len(s.names), float64(s.compared)/float64(len(texts)), same, different, precision, largest, mixed)
	if precision < 0.999 || mixed > 20 || same < 35_000 {
		t.Error("too many false pairs, or too few true ones")
	}
}

// TestOrderOfTextsDoesNotMatter: the groups are the same in whatever order texts come, also where campaigns crowd the keys.
func TestOrderOfTextsDoesNotMatter(t *testing.T) {
	texts := slices.Concat(ofWorld(3000, untuned), ringed(6000, untuned))
	_, want := grouped(texts, rand.New(rand.NewPCG(0, 0)))
	for seed := range uint64(3) {
		if _, got := grouped(texts, rand.New(rand.NewPCG(seed, 1))); !slices.Equal(got, want) {
			t.Errorf("order %d: other groups", seed)
		}
	}
}

// grouped runs the texts in a random order and returns for each the first text of its group.
func grouped(texts []string, r *rand.Rand) (s *stage, first []int) {
	order := r.Perm(len(texts))
	mixed := make([]string, len(texts))
	for i, k := range order {
		mixed[i] = texts[k]
	}
	s, of := run(mixed)
	first = make([]int, len(texts))
	least := map[int32]int{}
	at := make([]int32, len(texts))
	for i, k := range order {
		at[k] = of[i]
	}
	for k, n := range at {
		first[k] = k
		if n < 0 {
			continue
		}
		if f, known := least[s.root(n)]; known {
			first[k] = f
		} else {
			least[s.root(n)] = k
		}
	}
	return s, first
}

// TestNoGiantGroup: of 100,000 loose texts no two are joined, and campaigns of 2,000 stay campaigns.
func TestNoGiantGroup(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, kind := range []struct {
		name  string
		texts []string
		most  int
	}{{"loose texts", loose(100_000, untuned), 1}, {"texts of which a third are in rings of up to 2,000", ringed(30_000, untuned), 2000}} {
		s, of := run(kind.texts)
		size, largest := map[int32]int{}, 0
		for _, n := range of {
			if n >= 0 {
				size[s.root(n)]++
				largest = max(largest, size[s.root(n)])
			}
		}
		t.Logf("%d %s: largest group %d, compared %.3f times a text", len(kind.texts), kind.name, largest, float64(s.compared)/float64(len(kind.texts)))
		if largest > kind.most {
			t.Errorf("a group of %d, more than %d", largest, kind.most)
		}
	}
}
