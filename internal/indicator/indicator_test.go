package indicator_test

import (
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
		{name: "one family to its cap, held low", in: with("S01", "S02", "S03", "S07", "S08", "S09", "S10"), want: 0.29, wantBand: ad.Low, wantGated: true},
		{name: "strong network code alone", in: with("N01"), want: 0.22, wantBand: ad.Low},
		{name: "strong network code and one other", in: with("N01", "S09"), want: 0.32, wantBand: ad.Elevated},
		{name: "two strong and more", in: with("N01", "N03", "N04", "S07"), want: 0.66, wantBand: ad.High},
		{name: "many job codes alone stay below", in: with("J03", "J05", "J04"), want: 0.29, wantBand: ad.Low, wantGated: true},
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

func TestScoreProperties(t *testing.T) {
	c := testkit.Catalogue(t)
	codes := append(c.Codes(), "X1")
	rapid.Check(t, func(t *rapid.T) {
		var ins []ad.Indicator
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			ins = append(ins, ad.Indicator{Code: rapid.SampledFrom(codes).Draw(t, "code"), Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence")})
		}
		got := c.Score(ins)
		sum := 0.0
		for _, in := range got.Indicators {
			sum += in.Points
		}
		if got.Score < 0 || got.Score > 1 || got.Score > sum/100+0.01 {
			t.Fatalf("score %v of points %v", got.Score, sum)
		}
		perm := rapid.Permutation(ins).Draw(t, "order")
		if again := c.Score(perm); again.Score != got.Score || again.Band != got.Band {
			t.Fatalf("order changes the score: %v and %v", got.Score, again.Score)
		}
		strong, families := false, map[string]bool{}
		for _, in := range got.Indicators {
			e, _ := c.Entry(in.Code)
			strong = strong || e.Strong
			families[e.Family] = true
		}
		if got.Band != ad.Low && !(strong && len(got.Indicators) >= 2) && !(len(got.Indicators) >= 3 && len(families) >= 2) {
			t.Fatalf("%s with %d codes of %d families", got.Band, len(got.Indicators), len(families))
		}
	})
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
