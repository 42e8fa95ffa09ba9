package tune_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/review"
	"varde/internal/testkit"
	"varde/internal/tune"
)

// truth makes reviews of networks whose codes have known weights, in points: each network shows each code by chance, and becomes a lead by
// the log-odds of what it shows.
func truth(c *indicator.Catalogue, n int, seed uint64, level float64, weights map[string]float64) (samples []tune.Sample, odds []float64) {
	r := rand.New(rand.NewPCG(seed, 7))
	codes := make([]string, 0, len(weights))
	for code := range weights {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for i := range n {
		var ins []ad.Indicator
		z := level
		for _, code := range codes {
			if r.IntN(2) == 0 {
				confidence := .5 + r.Float64()/2
				ins = append(ins, ad.Indicator{Code: code, Confidence: confidence})
				z += weights[code] / 10 * confidence
			}
		}
		s := c.ScoreNetwork(ins, nil)
		samples = append(samples, tune.Sample{Network: fmt.Sprintf("n-%d-%d", seed, i), Author: fmt.Sprint("a", i%3), Lead: r.Float64() < 1/(1+math.Exp(-z)),
			Seen: review.Snapshot{Score: s.Score, Band: s.Band, Indicators: s.Indicators, ScoreVersion: s.Version}})
		odds = append(odds, z)
	}
	return samples, odds
}

func fit(t testing.TB, c *indicator.Catalogue, samples []tune.Sample) (*indicator.Catalogue, *tune.Report) {
	t.Helper()
	fitted, r, err := tune.Fit(c, samples, 0)
	if err != nil {
		t.Fatal(err)
	}
	return fitted, r
}

// TestWorthlessFallsAndStrongRises: S01 has nine points and says nothing here, J08 has four and says much, N07 and S09 are right as they are.
func TestWorthlessFallsAndStrongRises(t *testing.T) {
	c := testkit.Catalogue(t)
	samples, _ := truth(c, 600, 1, -2, map[string]float64{"S01": 0, "J08": 22, "N07": 8, "S09": 10})
	fitted, r := fit(t, c, samples)
	for code, want := range map[string][2]float64{"S01": {0, 4.5}, "J08": {14, 25}, "N07": {5, 11}, "S09": {7, 13}} {
		old, _ := c.Points(code)
		p, _ := fitted.Points(code)
		if p < want[0] || p > want[1] {
			t.Errorf("%s: %v became %v, want %v", code, old, p, want)
		}
	}
	if p, _ := fitted.Points("N01"); p != 22 {
		t.Errorf("N01, which nobody saw, has %v points", p)
	}
	if r.HeldOut == nil || r.HeldOut.Better.LogLoss.From <= 0 || r.HeldOut.Better.AUC.From <= 0 || len(r.Warnings) != 0 {
		t.Errorf("held out: %+v, warnings %v", r.HeldOut, r.Warnings)
	}
	again, second := fit(t, c, samples)
	if again.Version() != fitted.Version() || !reflect.DeepEqual(r, second) {
		t.Error("the same reviews give another report")
	}
}

// TestHeldOutFiguresAreRight: what is measured on the reviews that were held out is what new networks of the same truth show.
func TestHeldOutFiguresAreRight(t *testing.T) {
	c := testkit.Catalogue(t)
	weights := map[string]float64{"S01": 2, "J08": 18, "N07": 15, "S09": 3, "J10": 10}
	samples, _ := truth(c, 900, 3, -2, weights)
	fitted, r := fit(t, c, samples)
	fresh, odds := truth(c, 20_000, 4, -2, weights)
	auc, least := 0.0, 0.0
	var scored []scoredPair
	for i, s := range fresh {
		scored = append(scored, scoredPair{s.Seen.ScoreBy(fitted).Score, s.Lead})
		p := 1 / (1 + math.Exp(-odds[i]))
		least -= (p*math.Log(p) + (1-p)*math.Log(1-p)) / float64(len(fresh)) // nobody can do better than who knows the truth
	}
	auc = pairs(scored)
	if got := r.HeldOut.After.AUC; math.Abs(got.Value-auc) > .03 || got.From > auc || got.To < auc {
		t.Errorf("held-out AUC %+v, on fresh networks %v", got, auc)
	}
	if got := r.HeldOut.After.LogLoss; got.Value < least-.03 || got.Value > least+.05 {
		t.Errorf("held-out log loss %+v, the least possible is %v", got, least)
	}
	for _, b := range r.HeldOut.After.Calibration {
		if math.Abs(b.Expected-b.Share) > 3.5*math.Sqrt(.25/float64(b.Reviews)) {
			t.Errorf("expected %v of %d, %v became leads", b.Expected, b.Reviews, b.Share)
		}
	}
}

type scoredPair struct {
	score float64
	lead  bool
}

// pairs is the AUC by its definition, sampled.
func pairs(all []scoredPair) float64 {
	r, won, n := rand.New(rand.NewPCG(9, 9)), 0.0, 0
	for n < 400_000 {
		a, b := all[r.IntN(len(all))], all[r.IntN(len(all))]
		if !a.lead || b.lead {
			continue
		}
		n++
		switch {
		case a.score > b.score:
			won++
		case a.score == b.score:
			won += .5
		}
	}
	return won / float64(n)
}

// TestNothingIsLearntFromNoise: where answers have nothing to do with what was seen, held-out figures are a coin's and say so.
func TestNothingIsLearntFromNoise(t *testing.T) {
	c := testkit.Catalogue(t)
	samples, _ := truth(c, 600, 5, 0, map[string]float64{"S01": 0, "S02": 0, "J03": 0, "N07": 0, "J08": 0})
	_, r := fit(t, c, samples)
	for name, q := range map[string]tune.Quality{"before": r.HeldOut.Before, "after": r.HeldOut.After} {
		if math.Abs(q.AUC.Value-.5) > .08 {
			t.Errorf("%s: AUC %+v", name, q.AUC)
		}
	}
	if after := r.HeldOut.After.LogLoss; math.Abs(after.Value-math.Ln2) > .03 {
		t.Errorf("log loss %+v, want about %v", after, math.Ln2)
	}
}

// TestWithoutReviewsNothingMoves, nor with too few.
func TestWithoutReviewsNothingMoves(t *testing.T) {
	c := testkit.Catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		base, err := c.WithPoints(map[string]float64{rapid.SampledFrom([]string{"S01", "J03", "N01"}).Draw(t, "code"): rapid.Float64Range(0, 25).Draw(t, "points")})
		if err != nil {
			t.Fatal(err)
		}
		samples, _ := truth(base, rapid.IntRange(0, 9).Draw(t, "n"), 1, 0, map[string]float64{"S01": 20, "J03": 1})
		fitted, r, err := tune.Fit(base, samples, 3)
		if err != nil || fitted.Version() != base.Version() {
			t.Fatalf("%s became %s (%v)", base.Version(), fitted.Version(), err)
		}
		if r.Base != base.Version() || r.Watched != 3 || r.Reviews != len(samples) || !slices.Contains(r.Warnings, tune.Few) {
			t.Fatalf("%+v", r)
		}
	})
}

// TestPointsStayWithinTheirBounds, whatever people decided, and few reviews move them little.
func TestPointsStayWithinTheirBounds(t *testing.T) {
	c := testkit.Catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		samples, _ := truth(c, rapid.IntRange(0, 60).Draw(t, "n"), rapid.Uint64().Draw(t, "seed"), rapid.Float64Range(-5, 5).Draw(t, "level"),
			map[string]float64{"S01": rapid.Float64Range(-90, 90).Draw(t, "S01"), "N03": rapid.Float64Range(-90, 90).Draw(t, "N03"), "J10": 0})
		fitted, r, err := tune.Fit(c, samples, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range r.Codes {
			p, _ := fitted.Points(code.Code)
			if p != code.New || p < 0 || p > indicator.MostPoints || code.Few && code.New != code.Old || code.Seen < code.Leads {
				t.Fatalf("%+v, in the catalogue %v", code, p)
			}
			// Each review pulls by at most its confidence against a prior of 1/0.25 nat.
			if math.Abs(code.New-code.Old) > 10*.25*float64(code.Seen)+.1 {
				t.Fatalf("%+v moved further than its reviews can pull", code)
			}
		}
	})
}

func TestWarnings(t *testing.T) {
	c := testkit.Catalogue(t)
	many, _ := truth(c, 200, 1, -1, map[string]float64{"S01": 9, "J08": 4})
	for name, tt := range map[string]struct {
		change func(s *tune.Sample)
		want   []tune.Warning
	}{
		"points that are right already": {func(*tune.Sample) {}, nil},
		"nobody dismissed anything":     {func(s *tune.Sample) { s.Lead = true }, []tune.Warning{tune.OneSided, tune.Unmeasured}},
		"one person":                    {func(s *tune.Sample) { s.Author = "kari" }, []tune.Warning{tune.OneAuthor}},
	} {
		samples := slices.Clone(many)
		for i := range samples {
			tt.change(&samples[i])
		}
		_, r := fit(t, c, samples)
		for _, w := range tt.want {
			if !slices.Contains(r.Warnings, w) {
				t.Errorf("%s: warnings %v lack %s", name, r.Warnings, w)
			}
		}
		if slices.Contains(r.Warnings, tune.Few) {
			t.Errorf("%s: %d reviews are said to be few", name, r.Reviews)
		}
		if tt.want == nil && !slices.Contains(r.Warnings, tune.Unproven) && !slices.Contains(r.Warnings, tune.Worse) {
			t.Errorf("%s: sure to be better: %+v", name, r.HeldOut.Better)
		}
	}
}

func TestSamples(t *testing.T) {
	samples, watched := tune.Samples(map[string]review.Review{
		"n-2": {Network: "n-1", Author: "kari", Decision: review.Refer},
		"n-3": {Decision: review.Watch},
		"n-1": {Decision: review.Dismiss},
	})
	if len(samples) != 2 || watched != 1 || samples[0].Network != "n-1" || samples[0].Lead || !samples[1].Lead || samples[1].Author != "kari" {
		t.Errorf("%+v, %d watched", samples, watched)
	}
}

func TestShifts(t *testing.T) {
	c := testkit.Catalogue(t)
	fewer, err := c.WithPoints(map[string]float64{"N01": 0})
	if err != nil {
		t.Fatal(err)
	}
	network := func(id, site string, category ad.Category, keys int, codes ...string) ad.Network {
		n := ad.Network{ID: id, Ads: make([]ad.Key, keys), Sites: []string{site}, Categories: []ad.Category{category}}
		for _, code := range codes {
			n.Indicators = append(n.Indicators, ad.Indicator{Code: code, Confidence: 1})
		}
		return n
	}
	shifts, err := tune.Shifts(func(yield func(ad.Network, error) bool) {
		for _, n := range []ad.Network{network("1", "a.example", ad.Job, 2, "N01", "J03"), network("2", "b.example", ad.Job, 3, "J03"), network("3", "b.example", ad.Massage, 1, "N01", "J03")} {
			if !yield(n, nil) {
				return
			}
		}
	}, c, fewer)
	if err != nil {
		t.Fatal(err)
	}
	want := []tune.Shift{{By: "all", Networks: 2, Down: 1, Before: 1}, {By: "category", Name: "job", Networks: 2, Down: 1, Before: 1},
		{By: "site", Name: "a.example", Networks: 1, Down: 1, Before: 1}, {By: "site", Name: "b.example", Networks: 1}}
	if !reflect.DeepEqual(shifts, want) {
		t.Errorf("got %+v", shifts)
	}
}
