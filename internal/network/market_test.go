package network_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/network"
	"varde/internal/testkit"
)

// asks is an ad that asks prices such as "1500 NOK/hour" at a place in a month of 2026.
func asks(n int, place string, month time.Month, prices ...string) ad.Finding {
	s := ad.Sighting{Site: "a.example", AdID: fmt.Sprint(n), Title: "x", Category: ad.SexualServices, Location: place, Country: "NO",
		SeenAt: time.Date(2026, month, 3, 12, 0, n, 0, time.UTC)}
	f := ad.Finding{Sighting: s}
	for _, p := range prices {
		var v ad.Value
		if _, err := fmt.Sscan(p, &v.Number, &v.Unit); err != nil {
			panic(err)
		}
		v.Kind, v.Evidence.Field = ad.PriceValue, ad.FieldText
		f.Values = append(f.Values, v)
	}
	return f
}

// street are n ads at a place that ask 2400 to 2600 an hour.
func street(from, n int, place string, month time.Month) (out []ad.Finding) {
	for i := range n {
		out = append(out, asks(from+i, place, month, fmt.Sprintf("%d NOK/hour", 2400+100*(i%3))))
	}
	return out
}

// standingsOf links findings in one batch and returns the standings by ad id.
func standingsOf(t *testing.T, findings ...[]ad.Finding) map[string]ad.Standing {
	t.Helper()
	l, err := network.Open("", config, testkit.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	u, err := l.Link(context.Background(), slices.Concat(findings...), start)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]ad.Standing{}
	for _, s := range u.Standings {
		out[s.Key.ID()] = s
	}
	return out
}

// figureOf is the first figure of a code in a standing, or "".
func figureOf(s ad.Standing, code string) string {
	for _, in := range s.Indicators {
		if in.Code == code {
			f := in.Evidence[0].Figure
			return fmt.Sprintf("%g %s of %g: %s", f.Value, f.Unit, f.Compared, f.Basis)
		}
	}
	return ""
}

func TestPriceUnderTheMarket(t *testing.T) {
	cheap := func(n int, place string) []ad.Finding {
		return []ad.Finding{asks(n, place, time.October, "1000 NOK/hour")}
	}
	for name, tt := range map[string]struct {
		ads  [][]ad.Finding
		want string
	}{
		"far under the place":       {[][]ad.Finding{street(1, 30, "Bergen", time.October), cheap(0, "Bergen")}, "1000 NOK/hour of 2500: Bergen, 2026-10, n ≥ 20"},
		"rounded down":              {[][]ad.Finding{street(1, 70, "Bergen", time.October), cheap(0, "Bergen")}, "1000 NOK/hour of 2500: Bergen, 2026-10, n ≥ 50"},
		"the country where too few": {[][]ad.Finding{street(1, 15, "Bergen", time.October), street(50, 15, "Oslo", time.October), cheap(0, "Bergen")}, "1000 NOK/hour of 2500: NO, 2026-10, n ≥ 20"},
		"an ad without a place":     {[][]ad.Finding{street(1, 30, "Bergen", time.October), cheap(0, "")}, "1000 NOK/hour of 2500: NO, 2026-10, n ≥ 20"},
		"too few":                   {[][]ad.Finding{street(1, 18, "Bergen", time.October), cheap(0, "Bergen")}, ""},
		"another month":             {[][]ad.Finding{street(1, 30, "Bergen", time.September), cheap(0, "Bergen")}, ""},
		"another time":              {[][]ad.Finding{street(1, 30, "Bergen", time.October), {asks(0, "Bergen", time.October, "1000 NOK/half_hour")}}, ""},
		"another currency":          {[][]ad.Finding{street(1, 30, "Bergen", time.October), {asks(0, "Bergen", time.October, "150 EUR/hour")}}, ""},
		"another crown":             {[][]ad.Finding{street(1, 30, "Bergen", time.October), swedish(street(50, 30, "Bergen", time.October)), swedish(cheap(0, "Bergen"))}, "1000 SEK/hour of 2500: Bergen, 2026-10, n ≥ 20"},
		"a little under":            {[][]ad.Finding{street(1, 30, "Bergen", time.October), {asks(0, "Bergen", time.October, "1900 NOK/hour")}}, ""},
		"a cheap place":             {[][]ad.Finding{street(1, 60, "Oslo", time.October), slices.Repeat(cheap(0, "Moss"), 1), cheapStreet(100, 25)}, ""},
		"not for an hour":           {[][]ad.Finding{street(1, 30, "Bergen", time.October), {asks(0, "Bergen", time.October, "1000 NOK")}}, ""},
	} {
		if got := figureOf(standingsOf(t, tt.ads...)["0"], "S12"); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// swedish are ads whose form asks for the same in Swedish crowns, while their text only says kr.
func swedish(ads []ad.Finding) []ad.Finding {
	for i := range ads {
		f := &ads[i]
		said := f.Values[0]
		f.Sighting.Prices = []ad.Price{{Amount: said.Number, Currency: "SEK", Per: "hour"}}
		f.Values = append(f.Values, ad.Value{Kind: ad.PriceValue, Number: said.Number, Unit: "SEK/hour", Evidence: ad.Evidence{Field: ad.FieldPrices}})
	}
	return ads
}

// cheapStreet are n ads in Moss, where all ask a thousand.
func cheapStreet(from, n int) (out []ad.Finding) {
	for i := range n {
		out = append(out, asks(from+i, "Moss", time.October, "1000 NOK/hour"))
	}
	return out
}

// TestANewAdToldToFew: in a market of hundreds one more ad is news for itself and for next to nobody else.
func TestANewAdToldToFew(t *testing.T) {
	l, err := network.Open("", config, testkit.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	first := append(street(1, 300, "Bergen", time.October), asks(0, "Bergen", time.October, "1000 NOK/hour"))
	if _, err := l.Link(context.Background(), first, start); err != nil {
		t.Fatal(err)
	}
	told := 0
	for i := range 100 {
		u, err := l.Link(context.Background(), street(400+i, 1, "Bergen", time.October), start)
		if err != nil {
			t.Fatal(err)
		}
		told += len(u.Standings) - 1
	}
	if told > 2 {
		t.Errorf("100 new ads told %d others", told)
	}
}

// TestMarketsDependOnTheAdsAlone: a market of many ads, which come in any order, in batches, more than once, in several versions, and
// with restarts between, gives each ad the same.
func TestMarketsDependOnTheAdsAlone(t *testing.T) {
	cat := testkit.Catalogue(t)
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
		var findings []ad.Finding
		for range rapid.IntRange(30, 90).Draw(t, "findings") {
			price := []int{900, 1000, 2200, 2400, 2500, 2600, 3000}[r.IntN(7)]
			f := asks(r.IntN(70), []string{"Bergen", "Bergen", "Oslo", ""}[r.IntN(4)], time.October, fmt.Sprintf("%d NOK/hour", price), "500 NOK/quarter")
			f.Sighting.SeenAt = f.Sighting.SeenAt.Add(time.Duration(r.IntN(40*24)) * time.Hour)
			if r.IntN(3) == 0 {
				f.Sighting.PostedAt = f.Sighting.SeenAt.AddDate(0, 0, -r.IntN(40))
			}
			f.Sighting.Text = fmt.Sprint(price) // as detectors find: what differs in values differs in the sighting, and in its id
			if r.IntN(4) == 0 {
				f.Identifiers = []ad.Identifier{{Kind: ad.Phone, Value: fmt.Sprintf("+47400000%02d", r.IntN(9))}}
				f.Sighting.Phones = []string{f.Identifiers[0].Value}
			}
			findings = append(findings, f)
		}
		a := sameInAnyOrder(t, cat, config, findings).dump(t)
		found += strings.Count(a, `"S12"`)
	})
	if found == 0 {
		t.Error("no price was ever found under its market: nothing was tested")
	}
}

func TestOneTariffForAll(t *testing.T) {
	list := []string{"600 NOK/quarter", "1000 NOK/half_hour", "1800 NOK/hour"}
	for name, tt := range map[string]struct {
		names  []string
		prices []string
		want   bool
	}{
		"four names":     {[]string{"mia", "eva", "ida", "lea"}, list, true},
		"three names":    {[]string{"mia", "eva", "ida", "mia"}, list, false},
		"two prices":     {[]string{"mia", "eva", "ida", "lea"}, list[:2], false},
		"somebody alone": {[]string{"mia", "mia", "mia", "mia"}, list, false},
	} {
		var in []ad.Finding
		for i, n := range tt.names {
			f := asks(i, "Bergen", time.October, tt.prices...)
			f.Sighting.Advertiser = n
			f.Identifiers = []ad.Identifier{{Kind: ad.Phone, Value: "+4740000001"}}
			in = append(in, f)
		}
		got := slices.ContainsFunc(standingsOf(t, in)["0"].Indicators, func(in ad.Indicator) bool { return in.Code == "N12" })
		if got != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
