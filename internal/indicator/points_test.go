package indicator_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/indicator"
	"varde/internal/testkit"
)

// TestPointsMakeVersions: the same file with the same points is the same version, however it was come by, and other points are another.
func TestPointsMakeVersions(t *testing.T) {
	c := testkit.Catalogue(t)
	codes := []string{}
	for _, code := range c.Codes() {
		if c.Tunable(code) {
			codes = append(codes, code)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.MapOf(rapid.SampledFrom(codes), rapid.Float64Range(0, indicator.MostPoints)).Draw(t, "points")
		one, err := c.WithPoints(points)
		if err != nil {
			t.Fatal(err)
		}
		for code, p := range points {
			if got, _ := one.Points(code); got != p {
				t.Fatalf("%s has %v points, want %v", code, got, p)
			}
		}
		read, err := indicator.Load("indicators.yaml", []byte(one.Text()))
		if err != nil {
			t.Fatal(err)
		}
		again, err := read.WithPoints(one.Other())
		if err != nil || again.Version() != one.Version() {
			t.Fatalf("read again it is %v, not %v (%v)", again, one.Version(), err)
		}
		if (one.Version() == c.Version()) != (len(one.Other()) == 0) {
			t.Fatalf("%d other points, version %s of %s", len(one.Other()), one.Version(), c.Version())
		}
		back, err := one.WithPoints(nil)
		if err != nil || back.Version() != c.Version() {
			t.Fatalf("without other points it is %s, not %s (%v)", back.Version(), c.Version(), err)
		}
	})
	if c.Version() != testkit.Catalogue(t).Version() {
		t.Error("other points changed the catalogue that they were laid on")
	}
	for code, p := range map[string]float64{"none": 1, "N01": 25.1, "S01": -0.1, "J03": math.NaN(), "N03": math.Inf(1)} {
		if _, err := c.WithPoints(map[string]float64{code: p}); err == nil {
			t.Errorf("%s took %v points", code, p)
		}
	}
}

// TestWorthlessCodesOpenNothing: a code with no points counts nothing, also for the gate.
func TestWorthlessCodesOpenNothing(t *testing.T) {
	c, err := testkit.Catalogue(t).WithPoints(map[string]float64{"S09": 0, "N01": 25, "N03": 25})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Score(with("N01", "N03", "S09")); got.Band != "low" || !got.Gated || got.Version != c.Version() {
		t.Errorf("got %+v", got)
	}
}
