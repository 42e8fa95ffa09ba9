package eval_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"varde/internal/eval"
)

func TestGrow(t *testing.T) {
	costs := func(exponent float64) (list []eval.Cost) {
		for n := 1000.0; n < 2e6; n *= 1.5 {
			list = append(list, eval.Cost{Ads: n, Micros: 20 * math.Pow(n, exponent)})
		}
		return list
	}
	for _, exponent := range []float64{-0.1, 0, 0.03, 1} {
		g, ok := eval.Grow(append(costs(exponent), eval.Cost{Ads: 5}))
		if !ok || !near(g.Exponent, exponent) || math.Abs(g.Factor-20) > 1e-6 || g.Spread > 1e-9 || g.Points != 19 {
			t.Errorf("%v: %+v", exponent, g)
		}
		if want := math.Pow(1000, exponent); math.Abs(g.Ratio(1e4, 1e7)-want) > 1e-6*want || math.Abs(g.At(1e7)/g.At(1e4)-want) > 1e-6*want {
			t.Errorf("%v: the 10-millionth costs %v times the ten-thousandth, want %v", exponent, g.Ratio(1e4, 1e7), want)
		}
	}
	for _, few := range [][]eval.Cost{nil, costs(1)[:2], {{Ads: 7, Micros: 1}, {Ads: 7, Micros: 2}, {Ads: 7, Micros: 3}}} {
		if g, ok := eval.Grow(few); ok {
			t.Errorf("%v: %+v", few, g)
		}
	}
}

func TestWriteLogLog(t *testing.T) {
	var b strings.Builder
	err := eval.WriteLogLog(&b, "Growth <of> worlds", []eval.Panel{
		{X: "ads", Y: "µs an ad", Lines: []eval.Line{{Name: "link & more", Points: [][2]float64{{1000, 50}, {10_000, 70}, {1_000_000, 90}, {5, 0}}}, {Name: "nothing"}}},
		{X: "ads", Y: "MB", Lines: []eval.Line{{Name: "memory", Points: [][2]float64{{1000, 300}}}}},
		{X: "ads", Y: "nothing at all"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(strings.NewReader(b.String())); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"Growth &lt;of&gt; worlds", "link &amp; more", ">1M<", ">10k<", "<polyline", "nothing at all"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not drawn", want)
		}
	}
	for _, wrong := range []string{"NaN", "Inf"} {
		if strings.Contains(b.String(), wrong) {
			t.Errorf("%s is drawn", wrong)
		}
	}
}
