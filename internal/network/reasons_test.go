package network_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/network"
	"varde/internal/testkit"
)

// one is an ad in a test's few words. Phones without a plus stand in the text, with one in the form's field; text is the number of a
// template, 0 for none; images are numbers of pictures, far apart from each other.
type one struct {
	name, place, show string // show: contacts such as "1 +2 @x vipps:3"
	age, text         int
	images            []int
	day               float64
	category          ad.Category
	codes             string // what the detectors gave
	claim, address    string
	minute            int // posted at this minute, 0 for the time seen
}

// finding makes the ad number n.
func (o one) finding(n int) ad.Finding {
	seen := start.Add(time.Duration(o.day * 24 * float64(time.Hour)))
	s := ad.Sighting{Site: "a.example", AdID: fmt.Sprint(n), Title: "x", SeenAt: seen, Advertiser: o.name, Location: o.place, Age: o.age, Category: o.category}
	if o.category == "" {
		s.Category = ad.SexualServices
	}
	if o.minute > 0 {
		s.PostedAt = seen.Truncate(time.Hour).Add(time.Duration(o.minute-60) * time.Minute)
	}
	f := ad.Finding{Sighting: s}
	for c := range strings.FieldsSeq(o.show) {
		id := ad.Identifier{Kind: ad.Phone, Value: "+4740000" + strings.TrimPrefix(c, "+"), Evidence: []ad.Evidence{{Field: ad.FieldText}}}
		switch {
		case c[0] == '@':
			id.Kind, id.Value = ad.Handle, "telegram:"+c[1:]
		case strings.Contains(c, ":"):
			id.Kind, id.Value = ad.Payment, c
		case c[0] == '+':
			id.Evidence[0].Field = ad.FieldPhones
		}
		f.Identifiers = append(f.Identifiers, id)
	}
	if o.text > 0 {
		f.Identifiers = append(f.Identifiers, signed(randomWords(rand.New(rand.NewPCG(uint64(o.text), 3)))))
	}
	for _, p := range o.images {
		h := rand.New(rand.NewPCG(uint64(p), 4)).Uint64()
		f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.PHash, Value: fmt.Sprintf("%016x", h)})
	}
	for code := range strings.FieldsSeq(o.codes) {
		f.Indicators = append(f.Indicators, ad.Indicator{Code: code, Confidence: 1, Evidence: []ad.Evidence{{Field: ad.FieldText, Quote: code}}})
	}
	for claim := range strings.FieldsSeq(o.claim) {
		f.Values = append(f.Values, ad.Value{Kind: ad.ClaimValue, Name: claim, Evidence: ad.Evidence{Field: ad.FieldText, Quote: "alone"}})
	}
	if o.address != "" {
		f.Values = append(f.Values, ad.Value{Kind: ad.AddressValue, Name: o.address})
	}
	return f
}

// linked links ads in their order and returns the record.
func linked(t testing.TB, ads ...one) *record {
	t.Helper()
	l, err := network.Open("", network.Config{HubAds: 100, HubPhones: 5, TextSimilarity: .7, Boilerplate: 0.1, BoilerplateAds: 40, SplitAds: 24, Bridge: 0.6, PictureDistance: 7}, testkit.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecord()
	for i, o := range ads {
		u, err := l.Link(context.Background(), []ad.Finding{o.finding(i)}, start)
		if err != nil {
			t.Fatal(err)
		}
		rec.apply(u)
	}
	return rec
}

// codesOf are the codes of the ad number n, those that count nothing because others added them in brackets.
func (r *record) codesOf(n int) string {
	var out []string
	for _, in := range r.ads[ad.MakeKey("a.example", fmt.Sprint(n))].Standing.Indicators {
		code := in.Code
		if in.Note == ad.AddedByOthers {
			code = "(" + code + ")"
		}
		out = append(out, code)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// several makes n ads alike but for their number, which change may use.
func several(n int, change func(i int) one) (out []one) {
	for i := range n {
		out = append(out, change(i))
	}
	return out
}

var names = []string{"mia", "eva", "ida", "nora", "sofie", "linnea", "tuva", "amalie", "hedda", "vilde", "jenny", "frida"}
var towns = []string{"Oslo", "Bergen", "Moss", "Hamar", "Bodø", "Alta", "Molde", "Narvik", "Voss", "Skien"}

// TestInnocentReasonsCountHalf: where an ad's own words fit one of a code's innocent reasons, it counts half at most.
func TestInnocentReasonsCountHalf(t *testing.T) {
	workingNames := func(change func(i int, o *one)) []one {
		return several(4, func(i int) one {
			o := one{name: names[i], place: towns[i%3], age: 34 + i%3, text: 1, show: "1", day: float64(7 * i), codes: "S02", claim: ad.Independent}
			change(i, &o)
			return o
		})
	}
	sharing := func(n int) []one {
		return several(n, func(i int) one {
			return one{name: names[i], age: 29 + 8*i, text: 1 + i, show: "1", codes: "S08 S02", claim: ad.Sharing}
		})
	}
	for name, tt := range map[string]struct {
		ads  []one
		code string
		want float64
		all  string
	}{
		"working names":                 {workingNames(func(int, *one) {}), "N01", .5, "N01 S02"},
		"working names, ages far apart": {workingNames(func(i int, o *one) { o.age += 3 * i }), "N01", 1, "N01 N13 S02"},
		"working names, ages not said":  {workingNames(func(i int, o *one) { o.age *= i % 2 }), "N01", 1, "N01 N13 S02"},
		"working names, other texts":    {workingNames(func(i int, o *one) { o.text += i }), "N01", 1, "N01 N13 S02"},
		"working names, no claim":       {workingNames(func(_ int, o *one) { o.claim = "" }), "N01", 1, "N01 S02"},
		"working names, more phones":    {workingNames(func(i int, o *one) { o.show += []string{" @a", " @b", "", ""}[i] }), "N01", 1, "N01 N13 S02"},
		"three friends say it":          {sharing(3), "N01", .5, "N01 S02 S08"},
		"four are not friends":          {sharing(4), "N01", 1, "N01 S02 S08"},
		"own services":                  {[]one{{name: "mia", show: "1"}, {show: "1", category: ad.Job, claim: ad.OwnServices}}, "N08", .5, "N08"},
		"another's services":            {[]one{{name: "mia", show: "1"}, {name: "Nordlys", show: "1", category: ad.Job, claim: ad.OwnServices}}, "N08", 1, "N08"},
		"a job offered":                 {[]one{{name: "mia", show: "1"}, {show: "1", category: ad.Job}}, "N08", 1, "N08"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := linked(t, tt.ads...)
			st := rec.standing(len(tt.ads) - 1)
			at := slices.IndexFunc(st.Indicators, func(in ad.Indicator) bool { return in.Code == tt.code })
			if got := rec.codesOf(len(tt.ads) - 1); got != tt.all || at < 0 || st.Indicators[at].Confidence != tt.want {
				t.Errorf("%s, %+v, want %s with %v", got, st.Indicators, tt.all, tt.want)
			}
			if tt.want < 1 && st.Band != ad.Low {
				t.Errorf("%s %v", st.Band, st.Score)
			}
		})
	}
}

// TestFiguresTellWhatWasCounted: a figure's name is of what it counts.
func TestFiguresTellWhatWasCounted(t *testing.T) {
	for name, tt := range map[string]struct {
		ads        []one
		code, want string
	}{
		"phones of one text":    {several(3, func(i int) one { return one{name: "mia", text: 1, show: fmt.Sprint(i)} }), "N03", "contacts 3"},
		"phones of one picture": {several(3, func(i int) one { return one{name: "mia", images: []int{1}, show: fmt.Sprint(i)} }), "N04", "contacts 3"},
		"names of one picture":  {several(4, func(i int) one { return one{name: names[i], images: []int{1}, show: "1"} }), "N04", "personas 4"},
		"names of one phone":    {several(4, func(i int) one { return one{name: names[i], text: 1, show: "1"} }), "N01", "personas 4"},
	} {
		for _, in := range linked(t, tt.ads...).standing(0).Indicators {
			if f := in.Evidence[0].Figure; in.Code == tt.code && fmt.Sprint(f.What, " ", f.Value) != tt.want {
				t.Errorf("%s: %+v, want %s", name, f, tt.want)
			}
		}
	}
}

// TestAnOpenSalonStaysLow: five masseurs of one salon, which says that it is one, with one phone, one address and a reception; the same of
// sexual services is no salon.
func TestAnOpenSalonStaysLow(t *testing.T) {
	for category, want := range map[ad.Category]ad.Band{ad.Massage: ad.Low, ad.SexualServices: ad.Elevated} {
		rec := linked(t, several(5, func(i int) one {
			return one{name: names[i], age: 28 + 6*i, text: 1 + i, show: "1", address: "storgata 12", place: "Moss", category: category, codes: "S07 S08 S10", claim: ad.Agency}
		})...)
		if got := rec.ads[ad.MakeKey("a.example", "0")].Standing; got.Band != want {
			t.Errorf("%s: an ad is %s (%v), want %s", category, got.Band, got.Score, want)
		}
		for _, n := range rec.networks {
			if n.Band != want {
				t.Errorf("%s: the network is %s (%v), want %s", category, n.Band, n.Score, want)
			}
		}
	}
}

func TestReasons(t *testing.T) {
	for name, tt := range map[string]struct {
		ads  []one
		want string // the last ad's codes
	}{
		"one phone, three names":   {several(3, func(i int) one { return one{name: names[i], show: "1"} }), "N01"},
		"two friends with a phone": {several(4, func(i int) one { return one{name: names[i%2], age: 25 + i%2, show: "1"} }), ""},
		"spellings of one name": {[]one{{name: "Maria", show: "1"}, {name: "Marija_22", show: "1"}, {name: "maria88", show: "1"}, {name: "МАRIA", show: "1"},
			{name: "maria_oslo", place: "Oslo", show: "1"}}, ""},
		"one handle":                       {several(3, func(i int) one { return one{name: names[i], show: "@x"} }), "N02"},
		"one payment account":              {several(3, func(i int) one { return one{name: names[i], show: "vipps:12345"} }), "N02"},
		"an open agency counts half":       {several(3, func(i int) one { return one{name: names[i], show: "1", claim: ad.Agency, codes: "S01"} }), "N01 S01"},
		"one text, three phones":           {several(3, func(i int) one { return one{name: "mia", text: 1, show: fmt.Sprint(i)} }), "N03"},
		"one text, one phone, three names": {several(4, func(i int) one { return one{name: names[i], text: 1, show: "1"} }), "N01"},
		"own services in a job ad":         {[]one{{name: "mia", show: "1"}, {name: "mia", show: "1", category: ad.Job, claim: ad.OwnServices}}, "N08"},
		"one text and phone, reposted":     {several(5, func(i int) one { return one{name: "mia", text: 1, show: "1", day: float64(i)} }), ""},
		"one picture, three phones":        {several(3, func(i int) one { return one{name: "mia", images: []int{1}, show: fmt.Sprint(i)} }), "N04"},
		"one picture, two names":           {several(2, func(i int) one { return one{name: names[i], images: []int{1}, show: fmt.Sprint(i)} }), "S06"},
		"friends share one of their own":   {several(2, func(i int) one { return one{name: names[i], images: []int{1, 2 + i, 4 + i}, show: fmt.Sprint(i)} }), ""},
		"two names, the same two pictures": {several(2, func(i int) one {
			return one{name: names[i], images: []int{1, 2, 3 + i}, show: fmt.Sprint(i)}
		}), "S06"},
		"personas move together": {several(6, func(i int) one {
			return one{name: names[i%2], place: towns[i/2], show: "1", day: float64(i / 2 * 5)}
		}), "N06"},
		"three move together": {several(9, func(i int) one {
			return one{name: names[i%3], place: towns[i/3], show: "1", day: float64(i / 3 * 5)}
		}), "N01 N06"},
		"a circuit of several": {several(12, func(i int) one {
			return one{name: names[i%3], place: towns[(i/3+4*(i%3))%10], show: "1", day: float64(i)}
		}), "N01 N07"},
		"one person on tour": {several(6, func(i int) one {
			return one{name: "mia", age: 30, place: towns[i], show: "1", text: 1, day: float64(i * 4)}
		}), ""},
		"one of three on tour": {append(several(6, func(i int) one { return one{name: "mia", place: towns[i], show: "1", day: float64(i)} }),
			one{name: "eva", place: "Oslo", show: "1", day: 7}, one{name: "ida", place: "Oslo", show: "1", day: 8}), "N01"},
		"everywhere at once is no moving": {several(6, func(i int) one { return one{name: names[i%2], place: towns[i/2], show: "1"} }), ""},
		"two towns are no moving": {several(8, func(i int) one {
			return one{name: names[i%2], place: towns[i/2%2], show: "1", day: float64(i / 2 * 10)}
		}), ""},
		"a number in a job ad and a sex ad": {[]one{{name: "mia", show: "1"}, {name: "Nordlys", show: "1", category: ad.Job}}, "N08"},
		"a salon that looks for staff":      {[]one{{name: "salong", show: "1", category: ad.Massage}, {name: "salong", show: "1", category: ad.Job}}, ""},
		"numbers in turn":                   {several(3, func(i int) one { return one{name: "mia", text: 1, show: fmt.Sprint(i), day: float64(i * 9)} }), "N03 N09"},
		"numbers in turn, over a year":      {several(3, func(i int) one { return one{name: "mia", images: []int{1}, show: fmt.Sprint(i), day: float64(i * 120)} }), "N04"},
		"one address, four names": {several(4, func(i int) one {
			return one{name: names[i], place: "Oslo", show: []string{"1", "1 2", "2 3", "3"}[i], address: "storgata 12"}
		}), "N10"},
		"the same street in two towns": {several(4, func(i int) one {
			return one{name: names[i], place: towns[i%2], show: []string{"1", "1 2", "2 3", "3"}[i], address: "storgata 12"}
		}), ""},
		"posted by a clock": {several(6, func(i int) one {
			return one{name: []string{"", "a", "b", "c"}[i%4], show: "1", minute: 17, day: float64(i)/4 + 20}
		}), "N01 N11"},
		"posted by day":                 {several(6, func(i int) one { return one{name: names[i%2], show: "1", minute: 17, day: float64(i)} }), ""},
		"alone, but one of three":       {[]one{{name: "mia", show: "1"}, {name: "eva", show: "1"}, {name: "ida", show: "1", claim: ad.Independent}}, "N01 N13"},
		"alone, through an open agency": {[]one{{name: "mia", show: "1"}, {name: "eva", show: "1"}, {name: "ida", show: "1", claim: ad.Independent + " " + ad.Agency}}, "N01"},
		"ages of one name":              {[]one{{name: "mia", age: 19, show: "1"}, {name: "mia", age: 26, show: "1"}}, "S05"},
		"ages of one picture":           {[]one{{name: "mia", age: 19, show: "1", images: []int{1}}, {name: "mia", age: 26, show: "2", images: []int{1}}}, "S05"},
		"a birthday":                    {[]one{{name: "mia", age: 24, show: "1"}, {name: "mia", age: 25, show: "1"}}, ""},
		"cover names": {several(3, func(i int) one {
			return one{name: []string{"Nordlys Drift AS", "Havbris Service", "Solvik Bemanning"}[i], text: 1, show: fmt.Sprint(i), category: ad.Job}
		}), "J18"},
		"branches of a chain": {several(5, func(i int) one {
			return one{name: []string{"Fjord Bakeri AS", "Fjord Bakeri " + towns[i], "Fjord Bakeri avd. " + towns[i]}[i%3], place: towns[i], text: 1, show: fmt.Sprint(i), category: ad.Job}
		}), ""},
		"a job without end": {several(5, func(i int) one {
			return one{name: "Havbris", place: "Oslo", text: 1, show: "1", category: ad.Job, day: float64(i * 5)}
		}), "J20"},
		"a job in many places": {several(7, func(i int) one {
			return one{name: "Havbris", place: towns[i], text: 1, show: "1", category: ad.Job, day: float64(i * 5)}
		}), ""},
		"everywhere at once": {several(8, func(i int) one { return one{name: "vip", place: towns[i], text: 1} }), "X04"},
		"many accounts":      {several(8, func(i int) one { return one{name: names[i], category: ad.Other, text: 1, day: float64(i * 9)} }), "X04"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := linked(t, tt.ads...)
			if got := rec.codesOf(len(tt.ads) - 1); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
