package network_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"varde/internal/ad"
)

// ring are the ads of three names that hang together by a handle, by pictures and by a text of their own; each can be changed.
func ring(n int, change func(i int, o *one)) (out []one) {
	for i := range n {
		o := one{name: names[1+i%3], place: towns[i/3%4], age: 21 + 4*(i%3), text: 9, images: []int{90}, show: "@house", codes: "S07 S09", day: 20 + float64(i)}
		change(i, &o)
		out = append(out, o)
	}
	return out
}

// TestOthersAddedIt: what a ring takes from an innocent person does not count for her, and the ring is scored no lower for it.
func TestOthersAddedIt(t *testing.T) {
	her := one{name: "mia", place: "Oslo", age: 34, text: 1, images: []int{1, 2}, show: "+1", codes: "S01 S02 S11"}
	again := her
	again.day, again.place = 12, "Bergen"
	later := her
	later.day = 40
	for name, tt := range map[string]struct {
		ads  []one
		hers []int
		want string
	}{
		"her phone in their texts":            {append([]one{her}, ring(6, func(_ int, o *one) { o.show = "@house 1" })...), []int{0}, "(N01) S01 S02 S11"},
		"her phone in a field, beside theirs": {append([]one{her}, ring(6, func(_ int, o *one) { o.show = "+2 +1" })...), []int{0}, "(N01) S01 S02 S11"},
		"her text":                            {append([]one{her}, ring(6, func(i int, o *one) { o.text, o.show = 1, "@house "+strconv.Itoa(2+i%3) })...), []int{0}, "(N03) S01 S02 S11"},
		"her phone and her text":              {append([]one{her}, ring(6, func(i int, o *one) { o.show, o.text = "@house 1 "+strconv.Itoa(2+i%3), 1 })...), []int{0}, "(N01) S01 S02 S11"},
		"a phone that two friends share": {append([]one{her, {name: "hedda", age: 29, show: "+1", text: 3, day: .1}}, ring(6, func(_ int, o *one) { o.show = "@house 1" })...),
			[]int{0}, "(N01) S01 S02 S11"},
		"her picture": {append([]one{her}, ring(6, func(_ int, o *one) { o.images = []int{1, 90} })...), []int{0}, "(N04) S01 S02 S11"},
		"phone, text and pictures, on tour": {append([]one{her, again, later}, ring(6, func(i int, o *one) {
			o.show, o.text, o.images = "@house 1 "+strconv.Itoa(2+i%3), 1, []int{1, 2, 90}
		})...),
			[]int{0, 1, 2}, "(N01) (N04) (S06) S01 S02 S11"},
		"her phone in their job ads": {append([]one{her}, ring(6, func(i int, o *one) {
			o.show = "@house 1"
			if i%2 == 1 {
				o.category = ad.Job
			}
		})...), []int{0}, "(N01) (N08) S01 S02 S11"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := linked(t, tt.ads...)
			for _, n := range tt.hers {
				st := rec.standing(n)
				if got := rec.codesOf(n); got != tt.want || st.Band != ad.Low {
					t.Errorf("her ad %d: %q, %s %v, want %q", n, got, st.Band, st.Score, tt.want)
				}
				if st.Network != rec.standing(len(tt.ads)-1).Network {
					t.Error("her ad is shown apart from those that took from it")
				}
			}
			ring := linked(t, tt.ads[len(tt.ads)-6:]...)
			theirs, without := rec.networks[rec.standing(len(tt.ads)-1).Network], ring.networks[ring.standing(5).Network]
			for _, in := range without.Indicators {
				if in.Code[0] == 'N' && !slices.ContainsFunc(theirs.Indicators, func(o ad.Indicator) bool { return o.Code == in.Code && o.Confidence >= in.Confidence }) {
					t.Errorf("%s does not count for the ring any more", in.Code)
				}
			}
			if last := rec.standing(len(tt.ads) - 1); last.Band == ad.Low {
				t.Errorf("the ring's ad is %s: %s", last.Band, rec.codesOf(len(tt.ads)-1))
			}
		})
	}
}

func (r *record) standing(n int) ad.Standing {
	return r.ads[ad.MakeKey("a.example", strconv.Itoa(n))].Standing
}

// TestACopiedTextDoesNotRestOnWhoWroteIt: whoever wrote a text is let off what rests on it, also where those who copied it share nothing
// else and where a phone is pasted the same day.
func TestACopiedTextDoesNotRestOnWhoWroteIt(t *testing.T) {
	her := one{name: "vera", place: "Larvik", age: 39, text: 1, show: "1", codes: "S02"}
	copies := several(4, func(i int) one {
		return one{name: names[i], place: towns[i], age: 21 + 4*i, text: 1, show: strconv.Itoa(2 + i), day: float64(60 + i)}
	})
	paste := several(3, func(i int) one {
		return one{name: names[i], age: 21 + 5*i, text: 2, show: "1 2", day: .06 + float64(i)/24, codes: "S08 S09 S11"}
	})
	for name, tt := range map[string]struct {
		others []one
		want   string
	}{
		"her text":                 {copies, "(N03) (N09) S02"},
		"her text, two copies":     {copies[:2], "(N03) S02"},
		"her phone, the same day":  {paste, "(N01) S02"},
		"her text, within minutes": {several(3, func(i int) one { return one{name: names[i], text: 1, show: strconv.Itoa(2 + i), day: .01} }), "N03 S02"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := linked(t, append([]one{her}, tt.others...)...)
			if got := rec.codesOf(0); got != tt.want || rec.standing(0).Band != ad.Low {
				t.Errorf("%s %s, want %s", rec.standing(0).Band, got, tt.want)
			}
			if got := rec.codesOf(1); tt.want[0] == '(' && !strings.Contains(got, tt.want[1:4]) {
				t.Errorf("the others: %s", got)
			}
		})
	}
}

// TestTheNetworkLeavesOutWhoIsLetOff: neither the persona nor the ad of somebody from whom others took counts for their network, and the
// network's page can say so.
func TestTheNetworkLeavesOutWhoIsLetOff(t *testing.T) {
	her := one{name: "mia", place: "Oslo", age: 34, text: 1, show: "+1", codes: "S02"}
	rec := linked(t, append([]one{her}, ring(6, func(_ int, o *one) { o.show = "@house 1" })...)...)
	n := rec.networks[rec.standing(0).Network]
	if n.Personas != 3 || len(n.Ads) != 7 {
		t.Errorf("%d personas of %d ads", n.Personas, len(n.Ads))
	}
	at := slices.IndexFunc(n.Indicators, func(in ad.Indicator) bool { return in.Code == "N01" })
	if at < 0 || n.Indicators[at].Note != "" {
		t.Fatalf("no N01: %+v", n.Indicators)
	}
	hers, said := ad.MakeKey("a.example", "0"), false
	for _, e := range n.Indicators[at].Evidence {
		if e.Figure.What == "left_out" {
			said = slices.Equal(e.Ads, []ad.Key{hers}) && e.Figure.Value == 1
		} else if slices.Contains(e.Ads, hers) || e.Figure.Value != 3 {
			t.Errorf("N01 rests on %v, %+v", e.Ads, e.Figure)
		}
	}
	if !said {
		t.Error("nothing says that her ad is left out")
	}
	// A ring of two names is not N01 by her phone: the network says why it counts nothing.
	rec = linked(t, append([]one{her}, ring(6, func(i int, o *one) { o.show, o.name, o.age = "@house 1", names[1+i%2], 25 })...)...)
	n = rec.networks[rec.standing(0).Network]
	if at = slices.IndexFunc(n.Indicators, func(in ad.Indicator) bool { return in.Code == "N01" }); at < 0 || n.Indicators[at].Note != ad.AddedByOthers {
		t.Errorf("N01 of two names: %+v", n.Indicators)
	}
}

// TestARingsFirstAdIsNotLetOff: what makes a ring's own first ad look like an innocent one's does not help it.
func TestARingsFirstAdIsNotLetOff(t *testing.T) {
	first := one{name: "mia", place: "Oslo", age: 20, text: 1, images: []int{1}, show: "+1", codes: "S07 S09"}
	for name, ads := range map[string][]one{
		"one phone and nothing else": append([]one{first}, several(5, func(i int) one {
			return one{name: names[1+i], text: 20 + i, images: []int{20 + i}, show: "+1", day: float64(3 + i), codes: "S07 S09"}
		})...),
		"a template came later":                        append([]one{first}, ring(6, func(_ int, o *one) { o.show = "+1" })...),
		"the phone in the field, a handle in the text": append([]one{first}, ring(6, func(_ int, o *one) { o.show = "+1 @house" })...),
		"within hours of each other":                   append([]one{first}, ring(6, func(i int, o *one) { o.show, o.day = "1 @house", .3+float64(i)/9 })...),
		"one text, a phone for each": append([]one{first}, several(4, func(i int) one {
			return one{name: names[1+i], text: 1, images: []int{20 + i}, show: "+" + strconv.Itoa(2+i), day: float64(3 + i), codes: "S07 S09"}
		})...),
		"its own words bind": append([]one{{name: "mia", age: 20, text: 1, show: "1", codes: "S17"}}, ring(6, func(i int, o *one) {
			o.text, o.show = 1, "@house "+strconv.Itoa(2+i%3)
		})...),
		"clients pay into the account of several": append([]one{{name: "mia", age: 20, show: "+1 vipps:5", codes: "S08 S09"}}, ring(6, func(_ int, o *one) { o.show = "+2 vipps:5" })...),
		"a recruiter's first alias": append([]one{{name: "Quick Hire", text: 1, show: "1 @jobs", category: ad.Job, codes: "J01 J07 J13"}}, several(6, func(i int) one {
			return one{name: []string{"Royal Work", "Best Work"}[i%2], text: 1, show: "2 @jobs", category: ad.Job, day: float64(3 + i), codes: "J01 J07 J13"}
		})...),
		"three names were there first": append([]one{first, {name: "hedda", age: 29, show: "+1", codes: "S07"}, {name: "frida", age: 33, show: "+1", codes: "S07"}},
			ring(6, func(_ int, o *one) { o.show = "1 @house" })...),
	} {
		t.Run(name, func(t *testing.T) {
			rec := linked(t, ads...)
			if st := rec.standing(0); st.Band == ad.Low || slices.ContainsFunc(st.Indicators, func(in ad.Indicator) bool { return !in.Counts() }) {
				t.Errorf("%s %v: %s", st.Band, st.Score, rec.codesOf(0))
			}
		})
	}
}
