package network_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/network"
	"varde/internal/testkit"
)

// decisionsOn draws decisions that concern ads of findings, and now and then one that is not known.
func decisionsOn(t *rapid.T, findings []ad.Finding) (list []network.Decision) {
	for i := range rapid.IntRange(0, 6).Draw(t, "decisions") {
		list = append(list, decisionOn(t, findings, fmt.Sprint("d", i)))
	}
	return list
}

func decisionOn(t *rapid.T, findings []ad.Finding, id string) network.Decision {
	some := func(what string) *ad.Finding {
		return &findings[rapid.IntRange(0, len(findings)-1).Draw(t, what)]
	}
	f := some("decided on")
	switch of := rapid.IntRange(0, 6).Draw(t, "sort"); {
	case of == 0:
		return network.Decision{ID: id, Join: &network.Join{A: f.Sighting.Key(), B: "a.example/nobody"}}
	case of < 3 || len(f.Identifiers) == 0:
		return network.Decision{ID: id, Join: &network.Join{A: f.Sighting.Key(), B: some("joined with").Sighting.Key()}}
	case of == 3:
		shown := rapid.SampledFrom(f.Identifiers).Draw(t, "cut everywhere")
		return network.Decision{ID: id, Cut: &network.Cut{Kind: shown.Kind, Value: shown.Value}}
	}
	cut := rapid.SampledFrom(f.Identifiers).Draw(t, "cut")
	return network.Decision{ID: id, Cut: &network.Cut{Ad: some("cut from").Sighting.Key(), Kind: cut.Kind, Value: cut.Value}}
}

// decide makes one of the decisions that are left, or one that is undone later, or undoes such a one; it returns those left.
func (r *record) decide(t *rapid.T, left []network.Decision, findings []ad.Finding, name string) []network.Decision {
	passing := slices.IndexFunc(r.decisions, func(d network.Decision) bool { return d.ID[0] == 'x' && !d.Ended })
	switch what := rapid.IntRange(0, 3).Draw(t, name+" decides"); {
	case what < 2 && len(left) > 0:
		r.decisions = append(slices.Clone(r.decisions), left[0])
		return left[1:]
	case what == 2 && passing >= 0:
		r.decisions = slices.Clone(r.decisions)
		r.decisions[passing].Ended = true
	default:
		r.decisions = append(slices.Clone(r.decisions), decisionOn(t, findings, fmt.Sprint("x", len(r.decisions))))
	}
	return left
}

// decideAll makes all decisions that are left and undoes what was only for a while.
func (r *record) decideAll(left []network.Decision) {
	r.decisions = append(slices.Clone(r.decisions), left...)
	for i, d := range r.decisions {
		r.decisions[i].Ended = d.ID[0] == 'x'
	}
}

func cutOf(key ad.Key, kind ad.Kind, value string) network.Decision {
	return network.Decision{ID: "cut", Cut: &network.Cut{Ad: key, Kind: kind, Value: value}}
}

func joinOf(a, b ad.Key) network.Decision {
	return network.Decision{ID: "join", Join: &network.Join{A: a, B: b}}
}

func TestDecide(t *testing.T) {
	// Three ads share phone 1, two of them phone 2; the last shows phone 3.
	ads := []one{{name: "mia", show: "1"}, {name: "eva", show: "1 2", day: 1}, {name: "ida", show: "1 2", day: 2}, {name: "liv", show: "3", day: 3}}
	const together, apart = "a.example/0 a.example/1 a.example/2\na.example/3", "a.example/0\na.example/1 a.example/2\na.example/3"
	for name, tt := range map[string]struct {
		decisions []network.Decision
		want      string
	}{
		"nothing":                             {nil, together},
		"a cut of one ad":                     {[]network.Decision{cutOf("a.example/0", ad.Phone, "+47400001")}, apart},
		"a cut of an ad that others hold":     {[]network.Decision{cutOf("a.example/1", ad.Phone, "+47400001")}, "a.example/0 a.example/1 a.example/2\na.example/3"},
		"a cut of all":                        {[]network.Decision{cutOf("", ad.Phone, "+47400001")}, apart},
		"a join":                              {[]network.Decision{joinOf("a.example/3", "a.example/2")}, "a.example/0 a.example/1 a.example/2 a.example/3"},
		"a join of what is cut":               {[]network.Decision{joinOf("a.example/0", "a.example/3"), cutOf("a.example/0", ad.Phone, "+47400001")}, "a.example/0 a.example/3\na.example/1 a.example/2"},
		"an ad that is not known":             {[]network.Decision{joinOf("a.example/0", "a.example/9"), {ID: "other", Cut: &network.Cut{Ad: "a.example/9", Kind: ad.Phone, Value: "+47400001"}}}, together},
		"an identifier that it does not show": {[]network.Decision{cutOf("a.example/0", ad.Phone, "+47400002")}, together},
		"an identifier that no ad shows":      {[]network.Decision{cutOf("", ad.TextSig, "feed")}, together},
		"an ad and itself":                    {[]network.Decision{joinOf("a.example/0", "a.example/0")}, together},
		"a decision that was undone":          {[]network.Decision{{ID: "gone", Ended: true, Cut: &network.Cut{Kind: ad.Phone, Value: "+47400001"}}}, together},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := newRecord(), newRecord()
			before.decisions = tt.decisions
			first, then := load(t, testkit.Catalogue(t), before), load(t, testkit.Catalogue(t), after)
			for i, o := range ads {
				for r, l := range map[*record]*network.Linker{before: first, after: then} {
					apply(t, r)(l.Link(t.Context(), []ad.Finding{o.finding(i)}, start))
				}
			}
			undecided := after.dump(t)
			apply(t, after)(then.Decide(t.Context(), tt.decisions, start))
			if got := partition(after); got != tt.want {
				t.Errorf("networks\n%s\nwant\n%s", got, tt.want)
			}
			if a, b := before.dump(t), after.dump(t); a != b {
				t.Errorf("it matters when it is decided: %s", firstDifference(a, b))
			}
			if u, err := then.Decide(t.Context(), tt.decisions, start); err != nil || len(u.Networks)+len(u.Standings)+len(u.Removed) > 0 {
				t.Errorf("decided again, %d networks change, %v", len(u.Networks), err)
			}
			apply(t, after)(then.Decide(t.Context(), nil, start))
			if b := after.dump(t); undecided != b {
				t.Errorf("undone, something else is left: %s", firstDifference(undecided, b))
			}
		})
	}
}

// apply returns what takes an update into a record.
func apply(t *testing.T, r *record) func(ad.Update, error) {
	return func(u ad.Update, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		r.apply(u)
	}
}

// TestWhatIsDecidedIsTold: what is cut is listed as such, and what is joined by a link of its own.
func TestWhatIsDecidedIsTold(t *testing.T) {
	rec := newRecord()
	rec.decisions = []network.Decision{cutOf("a.example/0", ad.Phone, "+47400001"), joinOf("a.example/0", "a.example/3")}
	l := load(t, testkit.Catalogue(t), rec)
	for i, o := range []one{{name: "mia", show: "1"}, {name: "eva", show: "1", day: 1}, {name: "ida", show: "1", day: 2}, {name: "liv", show: "3", day: 3}} {
		apply(t, rec)(l.Link(t.Context(), []ad.Finding{o.finding(i)}, start))
	}
	mine := rec.networks[rec.ads["a.example/0"].Network]
	want := []ad.NetworkIdentifier{{Kind: ad.Phone, Value: "+47400001", Ads: 1, Cut: 1}, {Kind: ad.Phone, Value: "+47400003", Ads: 1, Weight: 1}, {Kind: ad.Decided, Value: "join", Ads: 2, Weight: 1}}
	if !slices.Equal(mine.Identifiers, want) {
		t.Errorf("identifiers %+v", mine.Identifiers)
	}
	if want := []ad.Edge{{Ad: "a.example/0", Kind: ad.Decided, Value: "join"}, {Ad: "a.example/3", Kind: ad.Decided, Value: "join"}}; !slices.Equal(mine.Edges, want) {
		t.Errorf("edges %+v", mine.Edges)
	}
	if h := mine.Weakest; h == nil || h.Kind != ad.Decided || h.Weight != 2 || !slices.Equal(h.Parts, []int{1, 1}) {
		t.Errorf("held together by %+v", h)
	}
	others := rec.networks[rec.ads["a.example/1"].Network]
	if id := others.Identifiers[0]; id.Ads != 2 || id.Cut != 0 || id.Weight == 0 {
		t.Errorf("the others' phone is %+v", id)
	}
}

// TestACutFollowsItsGroup: a cut names one of the near-duplicate texts, and is of all of them, whichever names the group.
func TestACutFollowsItsGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	words := randomWords(r)
	var texts []ad.Identifier
	for range 3 {
		words = slices.Clone(words)
		words[r.IntN(len(words))] = randomWord(r)
		texts = append(texts, signed(words))
	}
	slices.SortFunc(texts, func(a, b ad.Identifier) int { return strings.Compare(a.Value, b.Value) })
	shows := func(i int, text ad.Identifier) []ad.Finding {
		f := one{name: names[i]}.finding(i)
		f.Identifiers = append(f.Identifiers, text)
		return []ad.Finding{f}
	}
	rec := newRecord()
	l := load(t, testkit.Catalogue(t), rec)
	check := func(when, want string) {
		t.Helper()
		if got := partition(rec); got != want {
			t.Errorf("%s: networks\n%s\nwant\n%s", when, got, want)
		}
	}
	apply(t, rec)(l.Link(t.Context(), shows(0, texts[1]), start))
	apply(t, rec)(l.Link(t.Context(), shows(1, texts[2]), start))
	check("two alike", "a.example/0 a.example/1")
	apply(t, rec)(l.Decide(t.Context(), []network.Decision{cutOf("a.example/1", ad.TextSig, texts[2].Value)}, start))
	check("cut by its own text", "a.example/0\na.example/1")
	apply(t, rec)(l.Link(t.Context(), shows(2, texts[0]), start))
	check("a third text names the group", "a.example/0 a.example/2\na.example/1")
	apply(t, rec)(l.Forget(t.Context(), []ad.Key{"a.example/2"}, start))
	check("it is gone", "a.example/0\na.example/1")
	apply(t, rec)(l.Decide(t.Context(), []network.Decision{cutOf("a.example/1", ad.TextSig, texts[0].Value)}, start))
	check("the cut names a text that nobody shows", "a.example/0 a.example/1")
	apply(t, rec)(l.Link(t.Context(), shows(2, texts[0]), start))
	check("somebody shows it", "a.example/0 a.example/2\na.example/1")
}

// TestWhatIsJoinedIsNotParted: two rings that one join ties together are one network, however weak the bridge.
func TestWhatIsJoinedIsNotParted(t *testing.T) {
	a, b := ringOf(0, 8), ringOf(100, 8)
	for name, tt := range map[string]struct {
		decisions []network.Decision
		want      []int
	}{
		"as they are": {nil, []int{8, 8}},
		"joined":      {[]network.Decision{joinOf(a[0].Sighting.Key(), b[7].Sighting.Key())}, []int{16}},
	} {
		for _, bridged := range []bool{false, true} {
			rec := newRecord()
			rec.cfg, rec.decisions = wide, tt.decisions
			rec.cfg.Bridge = 3 // more than a join weighs
			findings := slices.Concat(slices.Clone(a), slices.Clone(b))
			if bridged {
				for _, i := range []int{0, 8} {
					findings[i].Identifiers = append(slices.Clone(findings[i].Identifiers), ad.Identifier{Kind: ad.PHash, Value: "00000000000000ff"})
				}
			}
			apply(t, rec)(load(t, testkit.Catalogue(t), rec).Link(t.Context(), findings, start))
			var sizes []int
			for _, n := range rec.networks {
				sizes = append(sizes, len(n.Ads))
			}
			if !slices.Equal(sizes, tt.want) {
				t.Errorf("%s: networks of %v ads, want %v", name, sizes, tt.want)
			}
		}
	}
}

// TestWhatIsJoinedIsLeftByOne: of two ads that only a join ties together, one is deleted; the other is what it would be alone.
func TestWhatIsJoinedIsLeftByOne(t *testing.T) {
	rec, alone := newRecord(), newRecord()
	rec.decisions = []network.Decision{joinOf("a.example/0", "a.example/1")}
	alone.decisions = rec.decisions
	l := load(t, testkit.Catalogue(t), rec)
	first, second := one{name: "mia", show: "1"}.finding(0), one{name: "eva", show: "2", day: 1}.finding(1)
	apply(t, rec)(l.Link(t.Context(), []ad.Finding{first, second}, start))
	if got := partition(rec); got != "a.example/0 a.example/1" {
		t.Fatalf("they are not joined: %s", got)
	}
	apply(t, rec)(l.Forget(t.Context(), []ad.Key{"a.example/0"}, start))
	apply(t, alone)(load(t, testkit.Catalogue(t), alone).Link(t.Context(), []ad.Finding{second}, start))
	if a, b := rec.dump(t), alone.dump(t); a != b {
		t.Errorf("what is left differs: %s", firstDifference(a, b))
	}
}

// TestWhatIsDecidedWhileTheStateIsLost: decisions are made and undone while the program is not running and its state is lost; what was linked under
// the old ones is linked anew.
func TestWhatIsDecidedWhileTheStateIsLost(t *testing.T) {
	rec := newRecord()
	l := load(t, testkit.Catalogue(t), rec)
	for i, o := range []one{{name: "mia", show: "1"}, {name: "eva", show: "1", day: 1}, {name: "ida", show: "2", day: 2}} {
		apply(t, rec)(l.Link(t.Context(), []ad.Finding{o.finding(i)}, start))
	}
	before := rec.dump(t)
	rec.decisions = []network.Decision{cutOf("a.example/0", ad.Phone, "+47400001"), joinOf("a.example/0", "a.example/2")}
	load(t, testkit.Catalogue(t), rec)
	if got := partition(rec); got != "a.example/0 a.example/2\na.example/1" {
		t.Fatalf("decided, the networks are\n%s", got)
	}
	for i := range rec.decisions {
		rec.decisions[i].Ended = true
	}
	load(t, testkit.Catalogue(t), rec)
	if after := rec.dump(t); before != after {
		t.Errorf("undone, something else is left: %s", firstDifference(before, after))
	}
}
