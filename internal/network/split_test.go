package network_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/network"
	"varde/internal/testkit"
)

// ringOf makes n ads of one hand: each shows two of three phones.
func ringOf(first, n int) (ads []ad.Finding) {
	for i := range n {
		f := one{name: names[(first+i)%len(names)]}.finding(first + i)
		for _, k := range []int{i % 3, (i + 1) % 3} {
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Phone, Value: fmt.Sprintf("+474%03d000%d", first, k)})
		}
		ads = append(ads, f)
	}
	return ads
}

var wide = network.Config{HubAds: 100, HubPhones: 9, TextSimilarity: 0.6, Boilerplate: 0.1, BoilerplateAds: 40, SplitAds: 12, Bridge: 0.6, PictureDistance: 7}

func TestAWeakBridgeJoinsNoRings(t *testing.T) {
	picture := ad.Identifier{Kind: ad.PHash, Value: "00000000000000ff"}
	phone := ad.Identifier{Kind: ad.Phone, Value: "+4749999999"}
	for name, tt := range map[string]struct {
		shared ad.Identifier
		ads    int // of each ring that show it
		want   []int
	}{
		"a picture in one ad of each":  {picture, 1, []int{8, 8}},
		"a phone in three ads of each": {phone, 3, []int{16}},
	} {
		a, b := ringOf(0, 8), ringOf(100, 8)
		for i := range tt.ads {
			a[i].Identifiers = append(a[i].Identifiers, tt.shared)
			b[i].Identifiers = append(b[i].Identifiers, tt.shared)
		}
		l, err := network.Open("", wide, testkit.Catalogue(t))
		if err != nil {
			t.Fatal(err)
		}
		u, err := l.Link(t.Context(), append(a, b...), start)
		if err != nil {
			t.Fatal(err)
		}
		var sizes []int
		for _, n := range u.Networks {
			sizes = append(sizes, len(n.Ads))
			if n.Strongest == nil || n.Strongest.Kind != ad.Phone || n.Strongest.Ads < 5 {
				t.Errorf("%s: the strongest link is %+v", name, n.Strongest)
			}
		}
		if slices.Sort(sizes); !slices.Equal(sizes, tt.want) {
			t.Errorf("%s: networks of %v ads, want %v", name, sizes, tt.want)
		}
		if len(tt.want) < 2 {
			continue
		}
		for i, n := range u.Networks {
			if len(n.Ties) != 1 || n.Ties[0].Network != u.Networks[1-i].ID || n.Ties[0].Kind != ad.PHash || n.Ties[0].Weight <= 0 {
				t.Errorf("%s: tied to %+v", name, n.Ties)
			}
		}
	}
}

// TestWhatHoldsANetworkTogether: two pairs of ads, each with a phone of its own, that one handle ties together.
func TestWhatHoldsANetworkTogether(t *testing.T) {
	handle := ad.Identifier{Kind: ad.Handle, Value: "telegram:both"}
	var in []ad.Finding
	for i := range 5 {
		f := one{name: names[i]}.finding(i)
		f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Phone, Value: []string{"+4741111111", "+4742222222"}[i%2]})
		if i < 2 {
			f.Identifiers = append(f.Identifiers, handle)
		}
		in = append(in, f)
	}
	l, err := network.Open("", wide, testkit.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	u, err := l.Link(t.Context(), in, start)
	if err != nil || len(u.Networks) != 1 {
		t.Fatal(err, len(u.Networks))
	}
	n := u.Networks[0]
	if n.Strongest == nil || n.Strongest.Value != "+4741111111" || n.Strongest.Ads != 3 {
		t.Errorf("the strongest is %+v", n.Strongest)
	}
	if n.Weakest == nil || !slices.Contains([]string{"telegram:both", "+4742222222"}, n.Weakest.Value) || len(n.Weakest.Parts) < 2 {
		t.Errorf("the weakest is %+v", n.Weakest)
	}
}

// TestPartsDependOnTheAdsAlone: where networks are parted early, the order, the batches, deletions and restarts do not matter either.
func TestPartsDependOnTheAdsAlone(t *testing.T) {
	cat := testkit.Catalogue(t)
	early := config
	early.SplitAds, early.Bridge = 8, 2
	parted := 0
	rapid.Check(t, func(t *rapid.T) {
		for _, n := range sameInAnyOrder(t, cat, early, world(t)).networks {
			parted += len(n.Ties)
		}
	})
	if parted == 0 {
		t.Error("no random world has a network that is parted")
	}
}
