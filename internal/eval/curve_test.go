package eval_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/eval"
)

func TestCurve(t *testing.T) {
	ads := []eval.Scored{{Score: 0.9, Positive: true}, {Score: 0.8}, {Score: 0.5, Positive: true}, {Score: 0.5}, {Score: 0.1}}
	got := eval.Curve(ads)
	want := []eval.Point{{0.9, 1, 0.5, 0}, {0.8, 0.5, 0.5, 1. / 3}, {0.5, 0.5, 1, 2. / 3}, {0.1, 0.4, 1, 1}}
	if len(got) != len(want) {
		t.Fatalf("%d points: %+v", len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("point %d is %+v, want %+v", i, got[i], want[i])
		}
	}
	if r := eval.RecallAt(ads, 0.01); r != 0.5 {
		t.Errorf("recall at 1 %% is %v", r)
	}
	if r := eval.RecallAt(ads, 0.7); r != 1 {
		t.Errorf("recall at 70 %% is %v", r)
	}
	if eval.Curve(ads[:1]) != nil || eval.RecallAt(nil, 1) != 0 {
		t.Error("one class has a curve")
	}
}

// TestCurveAgreesWithRank: the steps of the precision-recall curve add up to the average precision.
func TestCurveAgreesWithRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ads []eval.Scored
		for range rapid.IntRange(2, 40).Draw(t, "n") {
			ads = append(ads, eval.Scored{Score: float64(rapid.IntRange(0, 8).Draw(t, "score")), Positive: rapid.Bool().Draw(t, "positive")})
		}
		r, points := eval.Rank(ads), eval.Curve(ads)
		if (points == nil) != (r.Positives == 0 || r.Negatives == 0) {
			t.Fatalf("%d points of %+v", len(points), r)
		}
		sum, last := 0.0, 0.0
		for _, p := range points {
			sum += (p.Recall - last) * p.Precision
			last = p.Recall
		}
		if d := sum - r.AveragePrecision; d > 1e-9 || d < -1e-9 {
			t.Fatalf("the curve's area is %v, the average precision %v", sum, r.AveragePrecision)
		}
	})
}

func TestChartIsXML(t *testing.T) {
	var b strings.Builder
	ads := []eval.Scored{{Score: 0.9, Positive: true}, {Score: 0.8}, {Score: 0.5, Positive: true}}
	series := []eval.Series{{Name: `whole <&">`, Ads: ads}, {Name: "one class", Ads: ads[:1]}}
	if err := eval.WriteSVG(&b, "Scoring & <linking>", series); err != nil {
		t.Fatal(err)
	}
	dec, lines := xml.NewDecoder(strings.NewReader(b.String())), 0
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if el, ok := tok.(xml.StartElement); ok && el.Name.Local == "polyline" {
			lines++
		}
	}
	if lines != 2 || !strings.Contains(b.String(), "nothing to draw") {
		t.Errorf("%d lines: %s", lines, b.String())
	}
}
