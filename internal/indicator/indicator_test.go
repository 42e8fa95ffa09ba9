package indicator_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/configs"
	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/testkit"
)

func with(codes ...string) (ins []ad.Indicator) {
	for _, c := range codes {
		ins = append(ins, ad.Indicator{Code: c, Confidence: 1, Evidence: []ad.Evidence{{Quote: c}}})
	}
	return ins
}

func noted(codes ...string) []ad.Indicator {
	ins := with(codes...)
	for i := range ins {
		ins[i].Note = ad.AddedByOthers
	}
	return ins
}

func TestScore(t *testing.T) {
	c := testkit.Catalogue(t)
	tests := []struct {
		name      string
		in        []ad.Indicator
		want      float64
		wantBand  ad.Band
		wantGated bool
	}{
		{name: "nothing", wantBand: ad.Low},
		{name: "unknown code", in: with("X99"), wantBand: ad.Low},
		{name: "one code", in: with("S01"), want: 0.09, wantBand: ad.Low},
		{name: "one code twice counts once", in: with("S01", "S01"), want: 0.09, wantBand: ad.Low},
		{name: "one family to its cap, held low", in: with("S01", "S02", "S03", "S07", "S08", "S09", "S10"), want: 0.255333, wantBand: ad.Low, wantGated: true},
		{name: "strong network code alone", in: with("N01"), want: 0.22, wantBand: ad.Low},
		{name: "strong network code and one other", in: with("N01", "S09"), want: 0.32, wantBand: ad.Elevated},
		{name: "two strong network codes of one ad are one fact about others", in: with("N01", "N03"), want: 0.259067, wantBand: ad.Low, wantGated: true},
		{name: "two codes of two families, none strong", in: with("N07", "S17", "S09"), want: 0.33, wantBand: ad.Elevated},
		{name: "a strong code that others added opens nothing", in: append(with("J05", "J04", "J03"), noted("N08")...), want: 0.260667, wantBand: ad.Low, wantGated: true},
		{name: "two strong and more", in: with("N01", "N03", "N04", "S07"), want: 0.66, wantBand: ad.High},
		{name: "many job codes alone stay below", in: with("J03", "J05", "J04"), want: 0.260667, wantBand: ad.Low, wantGated: true},
		{name: "what is no fact of its own gives points and opens nothing", in: append(with("N01", "N10"), ad.Indicator{Code: "S05", Confidence: 1, Note: ad.SameFact}), want: 0.257467, wantBand: ad.Low, wantGated: true},
		{name: "confidence scales", in: []ad.Indicator{{Code: "S01", Confidence: 0.5}}, want: 0.045, wantBand: ad.Low},
		{name: "confidence above one is one", in: []ad.Indicator{{Code: "S01", Confidence: 5}}, want: 0.09, wantBand: ad.Low},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := c.Score(tt.in)
			if got.Score != tt.want || got.Band != tt.wantBand || got.Gated != tt.wantGated {
				t.Errorf("got %v %s gated=%v, want %v %s %v", got.Score, got.Band, got.Gated, tt.want, tt.wantBand, tt.wantGated)
			}
		})
	}
}

func TestNetworkCountsCodesByShare(t *testing.T) {
	c := testkit.Catalogue(t)
	all := c.ScoreNetwork(with("N01"), [][]ad.Indicator{with("S09"), with("S09")})
	half := c.ScoreNetwork(with("N01"), [][]ad.Indicator{with("S09"), nil})
	if all.Score != 0.32 || half.Score != 0.27 {
		t.Errorf("all %v, half %v", all.Score, half.Score)
	}
	if f := half.Indicators[1].Evidence[0].Figure; f == nil || f.Value != 1 || f.Compared != 2 {
		t.Errorf("the share is not shown: %+v", half.Indicators[1])
	}
}

// TestNetworkGate: a network needs one strong code and any other, or three codes of two families; codes that hardly any ad shows open
// nothing.
func TestNetworkGate(t *testing.T) {
	c := testkit.Catalogue(t)
	tests := []struct {
		name string
		own  []ad.Indicator
		ads  [][]ad.Indicator
		want ad.Band
	}{
		{name: "one strong code", own: with("N01"), want: ad.Low},
		{name: "two strong codes", own: with("N01", "N03"), want: ad.Elevated},
		{name: "many codes of one family", ads: [][]ad.Indicator{with("J03", "J05", "J04")}, want: ad.Low},
		{name: "a code that one ad of twenty shows", own: with("N01"), ads: append(make([][]ad.Indicator, 19), with("S17")), want: ad.Low},
		{name: "what others added is not the network's", own: with("N01"), ads: [][]ad.Indicator{noted("S17")}, want: ad.Low},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.ScoreNetwork(tt.own, tt.ads); got.Band != tt.want {
				t.Errorf("got %v %s", got.Score, got.Band)
			}
		})
	}
}

func TestWhatOthersAddedIsShownAndCountsNothing(t *testing.T) {
	c := testkit.Catalogue(t)
	got := c.Score(append(noted("N03", "N01"), with("S09", "N01")...))
	var shown []string
	for _, in := range got.Indicators {
		shown = append(shown, fmt.Sprintf("%s %v %s", in.Code, in.Points, in.Note))
	}
	if want := "N01 22 |S09 10 |N01 0 added_by_others|N03 0 added_by_others"; strings.Join(shown, "|") != want || got.Score != 0.32 {
		t.Errorf("got %v %q, want %q", got.Score, shown, want)
	}
}

func TestFamiliesBesideTheScoreCountNothing(t *testing.T) {
	data, err := configs.FS.ReadFile("indicators.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more := ""
	for _, e := range []string{"code: X91, family: X, points: 9", "code: C91, family: C"} {
		more += "\n- {" + e + `, reliability: own, source: s, title: {nb: t, en: t}, why: {nb: w, en: w}, innocent: {nb: i, en: i}}`
	}
	c, err := indicator.Load("indicators.yaml", append(data, more...))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Score(with("X91", "C91", "S01")); got.Score != 0.09 || len(got.Indicators) != 1 {
		t.Errorf("got %+v", got)
	}
}

func drawIndicators(t *rapid.T, c *indicator.Catalogue) (ins []ad.Indicator) {
	codes := append(c.Codes(), "Q1")
	for range rapid.IntRange(0, 12).Draw(t, "n") {
		ins = append(ins, ad.Indicator{Code: rapid.SampledFrom(codes).Draw(t, "code"), Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence"),
			Note: rapid.SampledFrom([]ad.Note{"", "", "", ad.AddedByOthers, ad.SameFact}).Draw(t, "note")})
	}
	return ins
}

func TestScoreProperties(t *testing.T) {
	c := testkit.Catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		ins := drawIndicators(t, c)
		got := c.Score(ins)
		sum, codes, strong, families := 0.0, 0, false, map[string]bool{}
		for _, in := range got.Indicators {
			sum += in.Points
			if !in.Counts() && in.Points != 0 {
				t.Fatalf("%s gives %v points although %s", in.Code, in.Points, in.Note)
			}
			if e, _ := c.Entry(in.Code); in.Points >= 1 && in.Note == "" {
				codes++
				strong = strong || e.Strong
				families[e.Family] = true
			}
		}
		if got.Score < 0 || got.Score > 1 || got.Score > sum/100+0.01 {
			t.Fatalf("score %v of points %v", got.Score, sum)
		}
		perm := rapid.Permutation(ins).Draw(t, "order")
		if again := c.Score(perm); again.Score != got.Score || again.Band != got.Band {
			t.Fatalf("order changes the score: %v and %v", got.Score, again.Score)
		}
		if got.Band != ad.Low && (len(families) < 2 || !strong && codes < 3) {
			t.Fatalf("%s with %d codes of %d families", got.Band, codes, len(families))
		}
	})
}

// TestHeldScoresKeepTheirOrder: holding changes bands and never who comes first.
func TestHeldScoresKeepTheirOrder(t *testing.T) {
	c := testkit.Catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		a := c.Score(with(rapid.SliceOfN(rapid.SampledFrom(c.Codes()), 0, 8).Draw(t, "a")...))
		b := c.Score(with(rapid.SliceOfN(rapid.SampledFrom(c.Codes()), 0, 8).Draw(t, "b")...))
		heldA, heldB := c.Hold(a), c.Hold(b)
		if heldA.Band != ad.Low || heldA.Score > 0.29 || a.Band != ad.Low && !heldA.Gated {
			t.Fatalf("%v was held at %v %s gated=%v", a.Score, heldA.Score, heldA.Band, heldA.Gated)
		}
		if again := c.Hold(heldA); again.Score != heldA.Score {
			t.Fatalf("holding twice gives %v, once %v", again.Score, heldA.Score)
		}
		if a.Band != ad.Low && b.Band != ad.Low && (a.Score < b.Score) != (heldA.Score < heldB.Score) {
			t.Fatalf("%v and %v became %v and %v", a.Score, b.Score, heldA.Score, heldB.Score)
		}
	})
}

// TestGatedScoresKeepTheirOrder: job ads show codes of one family alone, and the one with more of them still comes first.
func TestGatedScoresKeepTheirOrder(t *testing.T) {
	c := testkit.Catalogue(t)
	last := -1.0
	for _, codes := range [][]string{{"J03"}, {"J05", "J08"}, {"J05", "J09"}, {"J05", "J04"}, {"J05", "J04", "J08"}, {"J05", "J04", "J03"}, {"J05", "J04", "J03", "J08"}} {
		got := c.Score(with(codes...))
		if got.Band != ad.Low || got.Score <= last {
			t.Errorf("%q: %v %s does not follow %v", codes, got.Score, got.Band, last)
		}
		last = got.Score
	}
}

func TestLoadNamesWhatIsWrong(t *testing.T) {
	data, err := configs.FS.ReadFile("indicators.yaml")
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	for name, tt := range map[string]struct{ old, new, want string }{
		"points":      {"points: 22", "points: 90", "indicators.0.points: N01"},
		"double code": {"code: N02", "code: N01", "stands twice"},
		"family":      {"family: N\n  points: 22", "family: Q\n  points: 22", "indicators.0.family"},
		"unknown":     {"  points: 22", "  pionts: 22", "pionts: unknown field"},
		"no English":  {`title: {nb: "Ett telefonnummer, flere personer", en: "One phone, several personas"}`, `title: {nb: "x"}`, "indicators.0.title.en"},
		"bands":       {"elevated: 0.30", "elevated: 0.99", "bands"},
	} {
		if !strings.Contains(good, tt.old) {
			t.Fatalf("%s: the catalogue has no %q", name, tt.old)
		}
		_, err := indicator.Load("indicators.yaml", []byte(strings.Replace(good, tt.old, tt.new, 1)))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "indicators.yaml:") {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

// TestNothingScoresOnWhoSomebodyIs keeps the excluded attributes out of the catalogue's titles (shared rule 3).
func TestNothingScoresOnWhoSomebodyIs(t *testing.T) {
	c := testkit.Catalogue(t)
	for _, code := range c.Codes() {
		e, _ := c.Entry(code)
		for _, word := range []string{"nationality", "ethnic", "foreign", "religion", "tattoo", "emoji", "nasjonalitet", "etnisk", "utenlandsk"} {
			if strings.Contains(strings.ToLower(e.Title["en"]+e.Title["nb"]), word) {
				t.Errorf("%s scores on %q", code, word)
			}
		}
	}
}
