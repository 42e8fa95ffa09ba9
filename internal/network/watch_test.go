package network_test

import (
	"context"
	"slices"
	"testing"

	"varde/internal/ad"
	"varde/internal/network"
	"varde/internal/testkit"
)

// watching links ads, with the list taken before or after, and returns the record.
func watching(t *testing.T, rec *record, list []network.Watched, first bool, ads ...one) *network.Linker {
	t.Helper()
	ctx := context.Background()
	l, err := network.Open("", config, testkit.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Learn(context.Background(), rec); err != nil {
		t.Fatal(err)
	}
	watch := func() {
		u, err := l.Watch(ctx, list, start)
		if err != nil {
			t.Fatal(err)
		}
		rec.apply(u)
	}
	if first {
		watch()
	}
	for i, o := range ads {
		u, err := l.Link(ctx, []ad.Finding{o.finding(i)}, start)
		if err != nil {
			t.Fatal(err)
		}
		rec.apply(u)
	}
	if !first {
		watch()
	}
	return l
}

func onAd(r *record, key ad.Key, code string) (in ad.Indicator, ok bool) {
	list := r.ads[key].Indicators
	if i := slices.IndexFunc(list, func(in ad.Indicator) bool { return in.Code == code }); i >= 0 {
		return list[i], true
	}
	return in, false
}

func TestWhatIsWatched(t *testing.T) {
	ads := []one{{name: "mia", show: "1"}, {name: "eva", show: "1 2", day: 1}, {name: "ida", show: "@ida", day: 2}, {name: "liv", show: "3", day: 3, codes: "S01"}}
	list := []network.Watched{{Kind: ad.Phone, Value: "+47400001", Reference: "case 7"}, {Kind: ad.Phone, Value: "+47400003", Reference: "tip 3"}, {Kind: ad.Link, Value: "nobody.example/x", Reference: "-"}}
	before, after := newRecord(), newRecord()
	watching(t, before, list, true, ads...)
	watching(t, after, list, false, ads...)
	if a, b := before.dump(t), after.dump(t); a != b {
		t.Fatalf("it matters when the list is taken: %s", firstDifference(a, b))
	}
	for key, want := range map[ad.Key]string{"a.example/0": "case 7", "a.example/1": "case 7", "a.example/2": "", "a.example/3": "tip 3"} {
		in, ok := onAd(after, key, "N14")
		if ok != (want != "") || ok && (in.Points != 22 || in.Evidence[0].Figure.Basis != want) {
			t.Errorf("%s: %+v", key, in)
		}
	}
	if a := after.ads["a.example/3"]; a.Band != ad.Elevated { // a strong code and one of another family
		t.Errorf("an ad that shows what is watched and hides its phone is %s at %v", a.Band, a.Score)
	}
	// The list is empty when the program starts again: what was said under the old one goes.
	restarted := watching(t, after, nil, true)
	for key := range after.ads {
		if in, ok := onAd(after, key, "N14"); ok {
			t.Errorf("%s still has %+v", key, in)
		}
	}
	u, err := restarted.Watch(context.Background(), list[:1], start)
	if err != nil {
		t.Fatal(err)
	}
	if len(u.Standings) != 2 || len(u.Networks) != 1 {
		t.Errorf("one phone more changes %d standings and %d networks", len(u.Standings), len(u.Networks))
	}
}

// TestWhatIsWatchedHoldsAlsoWhereOthersAddedIt: others' use of her phone does not silence what people know of it.
func TestWhatIsWatchedHoldsAlsoWhereOthersAddedIt(t *testing.T) {
	ads := []one{{name: "mia", show: "1", codes: "S01 S02"}}
	for i := range 6 {
		ads = append(ads, one{name: names[1+i%3], show: "1 5", text: 2, day: 20 + float64(i)})
	}
	rec := newRecord()
	watching(t, rec, []network.Watched{{Kind: ad.Phone, Value: "+47400001", Reference: "tip 3"}}, false, ads...)
	if in, ok := onAd(rec, "a.example/0", "N01"); !ok || in.Note != ad.AddedByOthers {
		t.Fatalf("her phone was not added by others: %+v", in)
	}
	if in, ok := onAd(rec, "a.example/0", "N14"); !ok || in.Note != "" || in.Points != 22 {
		t.Errorf("what is known of her phone: %+v", in)
	}
}
