package network_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/testkit"
)

// offers is version n of one ad, seen after so many days: it says an age, a place, hours a week and amounts such as "1500 NOK/hour",
// where it does not say 0 or "".
func offers(category ad.Category, after, age int, place string, hours float64, amounts ...string) ad.Finding {
	s := ad.Sighting{Site: "a.example", AdID: "1", Title: "x", Category: category, Age: age, Location: place, Text: fmt.Sprint(hours, amounts),
		SeenAt: start.AddDate(0, 0, after)}
	f := ad.Finding{Sighting: s}
	if place != "" {
		f.Values = append(f.Values, ad.Value{Kind: ad.PlaceValue, Name: place, Evidence: ad.Evidence{Field: ad.FieldLocation, Quote: place, End: len(place)}})
	}
	if hours > 0 {
		f.Values = append(f.Values, ad.Value{Kind: ad.WorkValue, Number: hours, Unit: "hours/week", Evidence: ad.Evidence{Field: ad.FieldText}})
	}
	for _, p := range amounts {
		v := ad.Value{Kind: ad.PriceValue, Evidence: ad.Evidence{Field: ad.FieldText}}
		if _, err := fmt.Sscan(p, &v.Number, &v.Unit); err != nil {
			panic(err)
		}
		f.Values = append(f.Values, v)
	}
	return f
}

// ranged is a version of a job that pays from one amount to another an hour.
func ranged(after int, from, to float64) ad.Finding {
	f := offers(ad.Job, after, 0, "", 0, fmt.Sprintf("%v NOK/hour", from))
	f.Values[0].To = to
	f.Sighting.Text += fmt.Sprint(to)
	return f
}

func TestWhatVersionsSayOfEachOther(t *testing.T) {
	priced := func(prices ...int) (out []ad.Finding) {
		for i, p := range prices {
			out = append(out, offers(ad.SexualServices, 7*i, 0, "", 0, fmt.Sprintf("%d NOK/hour", p)))
		}
		return out
	}
	for name, tt := range map[string]struct {
		versions   []ad.Finding
		code, want string
	}{
		"falls twice":            {priced(2000, 1800, 1500), "S13", "1500 NOK/hour of 2000: 2026-10-01, n = 3"},
		"falls after it rose":    {priced(1000, 2000, 1800, 1500), "S13", "1500 NOK/hour of 2000: 2026-10-08, n = 3"},
		"falls once":             {priced(2000, 1500), "S13", ""},
		"falls a little":         {priced(2000, 1950, 1900), "S13", ""},
		"an offer of a week":     {priced(2000, 1500, 2000), "S13", ""},
		"up and down":            {priced(2000, 1500, 1800), "S13", ""},
		"other lengths of time":  {append(priced(2000, 1800), offers(ad.SexualServices, 30, 0, "", 0, "500 NOK/quarter")), "S13", ""},
		"younger":                {[]ad.Finding{offers(ad.SexualServices, 0, 25, "", 0), offers(ad.SexualServices, 9, 20, "", 0)}, "S05", "20  of 25: 2026-10-01"},
		"older at once":          {[]ad.Finding{offers(ad.SexualServices, 0, 22, "", 0), offers(ad.SexualServices, 9, 26, "", 0)}, "S05", "26  of 22: 2026-10-01"},
		"a round age":            {[]ad.Finding{offers(ad.SexualServices, 0, 27, "", 0), offers(ad.SexualServices, 9, 25, "", 0)}, "S05", ""},
		"older with the years":   {[]ad.Finding{offers(ad.SexualServices, 0, 22, "", 0), offers(ad.SexualServices, 5*365, 27, "", 0)}, "S05", ""},
		"less pay":               {[]ad.Finding{offers(ad.Job, 0, 0, "", 0, "230 NOK/hour"), offers(ad.Job, 9, 0, "", 0, "180 NOK/hour")}, "J21", "180 NOK/hour of 230: 2026-10-01"},
		"more pay":               {[]ad.Finding{offers(ad.Job, 0, 0, "", 0, "180 NOK/hour"), offers(ad.Job, 9, 0, "", 0, "230 NOK/hour")}, "J21", ""},
		"rounded":                {[]ad.Finding{offers(ad.Job, 0, 0, "", 0, "205 NOK/hour"), offers(ad.Job, 9, 0, "", 0, "200 NOK/hour")}, "J21", ""},
		"pay by the month":       {[]ad.Finding{offers(ad.Job, 0, 0, "", 0, "230 NOK/hour"), offers(ad.Job, 9, 0, "", 0, "38000 NOK/month")}, "J21", ""},
		"a supplement":           {[]ad.Finding{offers(ad.Job, 0, 0, "", 0, "230 NOK/hour", "50 NOK/hour"), offers(ad.Job, 9, 0, "", 0, "20 NOK/hour", "230 NOK/hour")}, "J21", ""},
		"longer hours":           {[]ad.Finding{offers(ad.Job, 0, 0, "", 37.5), offers(ad.Job, 9, 0, "", 60)}, "J21", "60  of 37.5: 2026-10-01"},
		"a rota":                 {[]ad.Finding{offers(ad.Job, 0, 0, "", 35.5), offers(ad.Job, 9, 0, "", 37.5)}, "J21", ""},
		"a break counted":        {[]ad.Finding{offers(ad.Job, 0, 0, "", 37.5), offers(ad.Job, 9, 0, "", 40)}, "J21", ""},
		"from the range's least": {[]ad.Finding{ranged(0, 250, 300), ranged(9, 250, 0)}, "J21", ""},
		"below the range":        {[]ad.Finding{ranged(0, 250, 300), ranged(9, 200, 0)}, "J21", "200 NOK/hour of 250: 2026-10-01"},
		"another place":          {[]ad.Finding{offers(ad.Job, 0, 0, "Oslo", 0), offers(ad.Job, 9, 0, "Bodø", 0)}, "J21", "1  of 0: Oslo, 2026-10-01"},
		"a place for once":       {[]ad.Finding{offers(ad.Job, 0, 0, "", 0), offers(ad.Job, 9, 0, "Bodø", 0)}, "J21", ""},
		"clients meet elsewhere": {[]ad.Finding{offers(ad.SexualServices, 0, 0, "Oslo", 0), offers(ad.SexualServices, 9, 0, "Bodø", 0)}, "J21", ""},
		"terms of a thing":       {[]ad.Finding{offers(ad.Other, 0, 0, "", 0, "230 NOK/hour"), offers(ad.Other, 9, 0, "", 0, "100 NOK/hour")}, "J21", ""},
	} {
		if got := figureOf(standingsOf(t, tt.versions)["1"], tt.code); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// TestHistoryDependsOnTheSightingsAlone: versions of ads that come in any order, in batches, more than once and with restarts between, give
// each ad the same, and more versions than are remembered do too.
func TestHistoryDependsOnTheSightingsAlone(t *testing.T) {
	cat := testkit.Catalogue(t)
	found := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 6))
		var findings []ad.Finding
		for range rapid.IntRange(10, 60).Draw(t, "findings") {
			n := r.IntN(3)
			f := offers([]ad.Category{ad.SexualServices, ad.Job, ad.SexualServices}[n], 0, 20+r.IntN(5), []string{"", "Oslo", "Bodø"}[r.IntN(3)],
				[]float64{0, 37.5, 48}[r.IntN(3)], fmt.Sprintf("%d NOK/hour", 1000+100*r.IntN(9)))
			f.Sighting.AdID = fmt.Sprint(n)
			f.Sighting.SeenAt = start.Add(time.Duration(r.IntN(90*24)) * time.Hour)
			findings = append(findings, f)
		}
		a := sameInAnyOrder(t, cat, config, findings).dump(t)
		for _, code := range []string{"S05", "S13", "J21"} {
			found[code] += strings.Count(a, `"`+code+`"`)
		}
	})
	if len(found) < 3 || found["S05"] == 0 || found["S13"] == 0 || found["J21"] == 0 {
		t.Errorf("not all codes were reached: %v", found)
	}
}
