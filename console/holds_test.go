package console

import (
	"slices"
	"strings"
	"testing"

	"varde/internal/ad"
)

// TestWhatHoldsANetworkIsSaid in both languages: names instead of hashes, the parts, and the networks beside.
func TestWhatHoldsANetworkIsSaid(t *testing.T) {
	n := ad.Network{ID: "n-1", Ads: []ad.Key{"a/1", "a/2", "a/3"}, Strongest: &ad.Hold{Kind: ad.Phone, Value: "+4741234567", Ads: 3},
		Weakest: &ad.Hold{Kind: ad.TextSig, Value: "0123456789abcdef", Ads: 2, Parts: []int{2, 1}},
		Ties:    []ad.Tie{{Network: "n-2", Kind: ad.PHash, Value: "fedcba9876543210"}}}
	names := map[idKey]sharedName{{ad.TextSig, "0123456789abcdef"}: {Text: "NAMED"}}
	locales, err := newLocales()
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][]string{"en": {"3 of 3 ads", "NAMED", "2 and 1 ads", "a picture"}, "nb": {"3 av 3 annonser", "NAMED", "2 og 1 annonser", "et bilde"}} {
		l := locales[lang]
		got := l.holdsOf(n, names)
		all := strings.Join([]string{got.Strongest, got.Weakest, got.Ties[0].Shares}, " | ")
		if i := slices.IndexFunc(want, func(w string) bool { return !strings.Contains(all, w) }); i >= 0 || strings.Contains(all, "⟦") || strings.Contains(all, "cdef") {
			t.Errorf("%s: %s", lang, all)
		}
		if got.Ties[0].Network.Href != "/networks/n-2" {
			t.Errorf("%s: the tie leads to %s", lang, got.Ties[0].Network.Href)
		}
		n := n
		n.Weakest = nil
		if got := l.holdsOf(n, names); got.Weakest == "" || strings.Contains(got.Weakest, "⟦") {
			t.Errorf("%s: nothing is said where no link would split it: %q", lang, got.Weakest)
		}
		if got := l.holdsOf(ad.Network{Ads: n.Ads[:1]}, nil); got.Strongest+got.Weakest != "" {
			t.Errorf("%s: of one ad is said %+v", lang, got)
		}
	}
}
