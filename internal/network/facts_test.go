package network_test

import (
	"fmt"
	"slices"
	"testing"

	"varde/internal/ad"
	"varde/internal/testkit"
)

// TestOneFactOpensNothing: what people share by one innocent reason, such as stock pictures or a house with a phone, lifts neither ads nor
// their network above low, however many codes say it. Two things that are shared do.
func TestOneFactOpensNothing(t *testing.T) {
	four := func(change func(i int, o *one)) []one {
		return several(4, func(i int) one {
			o := one{name: names[i], place: towns[i], age: 24 + 3*i, show: fmt.Sprint(1 + i), text: 1 + i, day: float64(4 * i)}
			change(i, &o)
			return o
		})
	}
	stock := func(_ int, o *one) { o.images = []int{1, 2} }
	house := func(_ int, o *one) { o.show, o.place, o.address = "1", "Oslo", "storgata 12" }
	for name, tt := range map[string]struct {
		ads      []one
		codes    string // of the last ad
		same     string // of these, those of the network that are no fact of their own
		net, one ad.Band
	}{
		"a stock picture":                     {four(func(_ int, o *one) { o.images = []int{1} }), "N04 N09 S06", "N09 S06", ad.Low, ad.Low},
		"two stock pictures":                  {four(stock), "N04 N09 S06", "N09 S06", ad.Low, ad.Low},
		"two stock pictures and a hidden one": {four(func(i int, o *one) { stock(i, o); o.codes = "S01 S02" }), "N04 N09 S01 S02 S06", "N09 S06", ad.Low, ad.Low},
		"pictures and a phone":                {four(func(i int, o *one) { stock(i, o); o.show = "1" }), "N01 N04 S06", "", ad.Elevated, ad.Elevated},
		"pictures and a text":                 {four(func(i int, o *one) { stock(i, o); o.text = 1 }), "N03 N04 N09 S06", "N09", ad.High, ad.High},
		"ages of a name on one phone":         {four(func(i int, o *one) { o.show, o.name, o.age = "1", names[i%3], 20+9*(i/3) }), "N01 S05", "S05", ad.Low, ad.Low},
		"ages of a name on another phone": {four(func(i int, o *one) {
			o.show, o.name, o.age = []string{"1", "1 2", "1", "2"}[i], []string{"mia", "eva", "ida", "eva"}[i], 20+i%2+9*(i/3)
		}), "S05", "", ad.Elevated, ad.Low},
		"a house with a phone":              {four(house), "N01 N10", "N10", ad.Low, ad.Low},
		"a house with a phone and a handle": {four(func(i int, o *one) { house(i, o); o.show = "1 @x" }), "N01 N02 N10", "N02 N10", ad.Low, ad.Low},
		"a house with several phones": {append(four(house), several(4, func(i int) one {
			return one{name: names[4+i], place: "Oslo", show: []string{"1 2", "2", "2", "2"}[i], address: "storgata 12"}
		})...), "N01 N10", "", ad.Elevated, ad.Low},
	} {
		t.Run(name, func(t *testing.T) {
			rec := linked(t, tt.ads...)
			last := len(tt.ads) - 1
			n := rec.networks[rec.standing(last).Network]
			var same string
			for _, in := range sorted(n.Indicators) {
				if in.Note == ad.SameFact {
					same += " " + in.Code
				}
			}
			if got := rec.codesOf(last); got != tt.codes || same != "" && same[1:] != tt.same || same == "" && tt.same != "" {
				t.Errorf("codes %q, of them no fact of their own%s; want %q and %q", got, same, tt.codes, tt.same)
			}
			if got := rec.standing(last); n.Band != tt.net || got.Band != tt.one {
				t.Errorf("the network is %s %v, the ad %s %v; want %s and %s", n.Band, n.Score, got.Band, got.Score, tt.net, tt.one)
			}
		})
	}
}

func sorted(ins []ad.Indicator) []ad.Indicator {
	return slices.SortedFunc(slices.Values(ins), func(a, b ad.Indicator) int {
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
}

// TestPointsOfOneFactStay: what is no fact of its own gives its points all the same.
func TestPointsOfOneFactStay(t *testing.T) {
	cat := testkit.Catalogue(t)
	both := cat.Score([]ad.Indicator{{Code: "N01", Confidence: 1}, {Code: "S05", Confidence: 1, Note: ad.SameFact}, {Code: "S09", Confidence: 1}})
	if both.Score != 0.4 || both.Band != ad.Elevated {
		t.Errorf("%v %s, want 0.4 elevated", both.Score, both.Band)
	}
}
