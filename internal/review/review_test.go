package review_test

import (
	"math"
	"testing"

	"varde/internal/ad"
	"varde/internal/review"
	"varde/internal/testkit"
)

func TestStanding(t *testing.T) {
	decided := func(seq int64, d review.Decision, undoes int64) review.Review {
		return review.Review{Seq: seq, Decision: d, Undoes: undoes}
	}
	for name, tt := range map[string]struct {
		reviews []review.Review
		want    int64
	}{
		"none":                         {nil, 0},
		"the later supersedes":         {[]review.Review{decided(1, review.Lead, 0), decided(4, review.Dismiss, 0)}, 4},
		"taken back, the earlier":      {[]review.Review{decided(1, review.Lead, 0), decided(4, review.Dismiss, 0), decided(5, review.Undo, 4)}, 1},
		"taken back twice":             {[]review.Review{decided(1, review.Lead, 0), decided(2, review.Watch, 0), decided(3, review.Undo, 2), decided(4, review.Undo, 1)}, 0},
		"decided after it was undone":  {[]review.Review{decided(1, review.Lead, 0), decided(2, review.Undo, 1), decided(3, review.Refer, 0)}, 3},
		"undone after another decided": {[]review.Review{decided(1, review.Lead, 0), decided(2, review.Watch, 0), decided(3, review.Undo, 1)}, 2},
	} {
		got := review.Standing(tt.reviews)
		if (got == nil) != (tt.want == 0) || got != nil && got.Seq != tt.want {
			t.Errorf("%s: %+v, want number %d", name, got, tt.want)
		}
	}
}

func TestMeanings(t *testing.T) {
	c := testkit.Catalogue(t)
	of := func(d review.Decision, class ad.Class, codes ...string) review.Review {
		n := ad.Network{Class: class}
		for _, code := range codes {
			n.Indicators = append(n.Indicators, ad.Indicator{Code: code, Confidence: 1, Evidence: []ad.Evidence{{Quote: "x"}}})
		}
		return review.Review{Decision: d, Snapshot: review.SnapshotOf(n)}
	}
	reviews := []review.Review{of(review.Lead, "", "N01", "N03", "N04", "S07"), of(review.Refer, "", "N01", "N03", "N04", "S07"), of(review.Dismiss, "", "N01", "N03", "N04", "S07"),
		of(review.Watch, "", "N01", "N03", "N04", "S07"), of(review.Dismiss, "", "S01"), of(review.Dismiss, ad.Spam, "N01", "N03", "N04", "S07")}
	got := review.Meanings(reviews, c)
	if len(got) != 3 || got[0].Band != ad.High || got[0].Settled != 3 || got[0].Leads != 2 || got[1].Known() || got[2].Settled != 2 || got[2].Leads != 0 {
		t.Fatalf("%+v", got)
	}
	// Wilson's interval of 2 in 3 and of 0 in 2 at 95 %, from the formula by hand.
	for i, want := range map[int][2]float64{0: {.2077, .9385}, 2: {0, .6576}} {
		if math.Abs(got[i].From-want[0]) > 5e-4 || math.Abs(got[i].To-want[1]) > 5e-4 {
			t.Errorf("band %s: %v to %v, want %v", got[i].Band, got[i].From, got[i].To, want)
		}
	}
	if s := reviews[0].Snapshot; s.Indicators[0].Evidence != nil {
		t.Error("a snapshot holds evidence")
	}
}
