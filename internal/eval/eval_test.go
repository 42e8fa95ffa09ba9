package eval_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/eval"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// linked reads "controller.network" words.
func linked(s string) (out []eval.Linked) {
	for _, w := range strings.Fields(s) {
		c, n, _ := strings.Cut(w, ".")
		out = append(out, eval.Linked{Controller: c, Network: n})
	}
	return out
}

func TestLinking(t *testing.T) {
	tests := []struct {
		name, in         string
		pairP, pairR     float64
		bcubedP, bcubedR float64
	}{
		{"perfect", "a.1 a.1 b.2 b.2 c.3", 1, 1, 1, 1},
		// Counted by hand: pairs claimed 3 (1,2,3 in one), right 1 (a a), wanted 3 (a a a).
		{"one stray and one lost", "a.1 a.1 b.1 a.2", 1.0 / 3, 1.0 / 3, (2.0/3 + 2.0/3 + 1.0/3 + 1) / 4, (2.0/3 + 2.0/3 + 1 + 1.0/3) / 4},
		{"all in one", "a.1 b.1 c.1", 0, 1, 1.0 / 3, 1},
		{"all alone", "a.1 a.2 a.3", 1, 0, 1, 1.0 / 3},
		{"one ad", "a.1", 1, 1, 1, 1},
	}
	for _, tt := range tests {
		p, b := eval.Pairwise(linked(tt.in)), eval.BCubed(linked(tt.in))
		if !near(p.Precision, tt.pairP) || !near(p.Recall, tt.pairR) {
			t.Errorf("%s: pairwise %+v", tt.name, p)
		}
		if !near(b.Precision, tt.bcubedP) || !near(b.Recall, tt.bcubedR) {
			t.Errorf("%s: B-cubed %+v", tt.name, b)
		}
	}
}

func scored(s string) (out []eval.Scored) {
	for _, w := range strings.Fields(s) {
		out = append(out, eval.Scored{Score: float64(w[0] - '0'), Positive: w[1] == '+'})
	}
	return out
}

func TestScoring(t *testing.T) {
	for in, want := range map[string][2]float64{
		"9+ 8+ 1- 0-": {1, 1},
		"9- 8- 1+ 0+": {(1.0/3 + 2.0/4) / 2, 0},
		"9+ 8- 7+ 6-": {(1 + 2.0/3) / 2, 0.75},
		"5+ 5- 5+ 5-": {0.5, 0.5},
		"5+ 5+":       {0, 0},
	} {
		if r := eval.Rank(scored(in)); !near(r.AveragePrecision, want[0]) || !near(r.AUC, want[1]) {
			t.Errorf("%s: %+v, want %v", in, r, want)
		}
	}
}

func TestAUCIsTheShareOfPairsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ads []eval.Scored
		for range rapid.IntRange(2, 30).Draw(t, "n") {
			ads = append(ads, eval.Scored{Score: float64(rapid.IntRange(0, 5).Draw(t, "score")), Positive: rapid.Bool().Draw(t, "positive")})
		}
		won, pairs := 0.0, 0.0
		for _, a := range ads {
			for _, b := range ads {
				if a.Positive && !b.Positive {
					pairs++
					switch {
					case a.Score > b.Score:
						won++
					case a.Score == b.Score:
						won += 0.5
					}
				}
			}
		}
		if got := eval.Rank(ads); pairs > 0 && !near(got.AUC, won/pairs) {
			t.Fatalf("AUC %v, pairs in order %v", got.AUC, won/pairs)
		}
	})
}

func TestReadGoldNamesMistakes(t *testing.T) {
	all, err := eval.ReadGold("g.jsonl", strings.NewReader(`{"ad":"a.example/1","controller":"c1","exploitative":true}
{"ad":"a.example","controller":"c1"}
{"ad":"a.example/2"}
nonsense
{"ad":"a.example/1","controller":"c2","exploitative":true}
{"ad":"a.example/3","controller":"c3"}
{"ad":"a.example/4","controller":"c4","exploitative":"yes"}
`))
	if err == nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	for _, want := range []string{"g.jsonl:2: ad", "g.jsonl:3: controller", "g.jsonl:4: not JSON", "g.jsonl:7: exploitative: string where true or false is needed; write it as", "g.jsonl:5: ad", "g.jsonl:6: exploitative"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}
