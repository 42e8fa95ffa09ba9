package network_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/graph"
	"varde/internal/indicator"
	"varde/internal/network"
	"varde/internal/testkit"
)

var start = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

var config = network.Config{HubAds: 9, HubPhones: 4, TextSimilarity: 0.7, PictureDistance: 7}

// record is what the store keeps: updates are applied to it, and a linker is loaded from it.
type record struct {
	ads         map[ad.Key]*ad.Ad
	versions    map[string]ad.Finding // each content of an ad by its latest sighting
	networks    map[string]ad.Network
	successions map[string]string
}

func newRecord() *record {
	return &record{ads: map[ad.Key]*ad.Ad{}, versions: map[string]ad.Finding{}, networks: map[string]ad.Network{}, successions: map[string]string{}}
}

func (r *record) apply(u ad.Update) {
	for _, f := range u.Findings {
		k := f.Sighting.Key()
		version := string(k) + " " + f.Sighting.Version()
		if v, known := r.versions[version]; !known || cmp.Or(v.Sighting.SeenAt.Compare(f.Sighting.SeenAt), strings.Compare(v.Sighting.ID(), f.Sighting.ID())) < 0 {
			r.versions[version] = f
		}
		a := r.ads[k]
		if a == nil {
			a = &ad.Ad{Key: k, FirstSeen: f.Sighting.SeenAt, LastSeen: f.Sighting.SeenAt, Finding: f}
			r.ads[k] = a
		}
		if f.Sighting.SeenAt.Before(a.FirstSeen) {
			a.FirstSeen = f.Sighting.SeenAt
		}
		if at := f.Sighting.SeenAt; at.After(a.LastSeen) || at.Equal(a.LastSeen) && f.Sighting.ID() >= a.Finding.Sighting.ID() {
			a.LastSeen, a.Finding = at, f
		}
		for _, id := range f.Identifiers {
			if !slices.ContainsFunc(a.Identifiers, func(o ad.Identifier) bool { return o.Kind == id.Kind && o.Value == id.Value }) {
				a.Identifiers = append(a.Identifiers, id)
			}
		}
	}
	for _, id := range u.Removed {
		delete(r.networks, id)
	}
	for _, n := range u.Networks {
		r.networks[n.ID] = n
	}
	for _, s := range u.Standings {
		r.ads[s.Key].Standing = s
	}
	for _, s := range u.Successions {
		r.successions[s.Old] = s.New
	}
}

func (r *record) all() iter.Seq2[ad.Ad, error] {
	return func(yield func(ad.Ad, error) bool) {
		for _, k := range slices.Sorted(maps.Keys(r.ads)) {
			if !yield(*r.ads[k], nil) {
				return
			}
		}
	}
}

// earlier yields the versions of ads before their latest.
func (r *record) earlier() iter.Seq2[ad.Finding, error] {
	return func(yield func(ad.Finding, error) bool) {
		for _, f := range r.versions {
			if r.ads[f.Sighting.Key()].Finding.Sighting.ID() != f.Sighting.ID() && !yield(f, nil) {
				return
			}
		}
	}
}

// dump writes down all that linking decided.
func (r *record) dump(t interface{ Fatal(...any) }) string {
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(r.networks)) {
		line, err := json.Marshal(r.networks[id])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	for _, k := range slices.Sorted(maps.Keys(r.ads)) {
		line, err := json.Marshal(r.ads[k].Standing)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	return b.String()
}

// world draws findings of ads that share phones, handles, near-duplicate texts and pictures, some of them hubs, with several
// versions of an ad.
func world(t *rapid.T) []ad.Finding {
	return worldOf(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 40).Draw(t, "findings"))
}

// worldOf makes n findings: in some worlds of many names, phones and towns, in others of few.
func worldOf(seed uint64, n int) []ad.Finding {
	r := rand.New(rand.NewPCG(seed, 1))
	texts := make([][]uint32, 4)
	for i := range texts {
		texts[i] = randomSignature(r)
	}
	pictures := []uint64{r.Uint64(), r.Uint64(), r.Uint64()}
	codes := []string{"S01", "S07", "S09", "J03", "X05"}
	phones, wide, of, shown, ads, days := 2+r.IntN(12), 2+r.IntN(8), 3+r.IntN(5), 1+r.IntN(3), 8+r.IntN(18), 15+r.IntN(45)
	bent := r.IntN(5)
	var out []ad.Finding
	for i := range n {
		s := ad.Sighting{Site: "a.example", AdID: fmt.Sprint(r.IntN(ads)), SeenAt: start.Add(time.Duration(i*days*24/n+r.IntN(48)) * time.Hour), Title: fmt.Sprint("t", i),
			Category: []ad.Category{ad.SexualServices, ad.SexualServices, ad.Job}[r.IntN(3)], Location: append([]string{""}, towns...)[r.IntN(wide)],
			Advertiser: append([]string{"", "mia88"}, names...)[r.IntN(of)], Age: []int{0, 22, 23, 29, 35}[r.IntN(5)]}
		switch {
		case bent == 0 && r.IntN(4) > 0: // one employer's job ads
			s.Category, s.Advertiser, s.Location = ad.Job, "ida", "Oslo"
		case bent == 1 && r.IntN(4) > 0: // all travel one way
			s.AdID, s.Advertiser = fmt.Sprint("t", i), names[r.IntN(2)]
			s.Category, s.Location = ad.SexualServices, towns[int(s.SeenAt.Sub(start)/(3*24*time.Hour))%len(towns)]
		case bent == 2: // all stay in one place
			s.Category, s.Location = ad.SexualServices, "Oslo"
		case bent == 3: // many accounts
			s.AdID, s.Advertiser = fmt.Sprint("m", i), names[r.IntN(len(names))]
		}
		if r.IntN(3) == 0 {
			s.PostedAt = s.SeenAt.Add(-43 * time.Minute)
		}
		f := ad.Finding{Sighting: s}
		if bent == 3 && i%2 == 0 {
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.TextSig, Value: "text0", Signature: texts[0]})
		}
		if bent == 1 {
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Handle, Value: fmt.Sprint("telegram:t", i/8)})
		}
		switch r.IntN(8) {
		case 0:
			f.Values = append(f.Values, ad.Value{Kind: ad.ClaimValue, Name: ad.Independent})
		case 1:
			f.Values = append(f.Values, ad.Value{Kind: ad.ClaimValue, Name: ad.Agency})
		case 2, 3, 4, 5:
			f.Values = append(f.Values, ad.Value{Kind: ad.AddressValue, Name: "storgata 1"})
		}
		for range r.IntN(3) {
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Phone, Value: fmt.Sprintf("+47400000%02d", r.IntN(phones)),
				Evidence: []ad.Evidence{{Field: []ad.Field{ad.FieldPhones, ad.FieldText}[r.IntN(2)]}}})
		}
		if r.IntN(6) == 0 {
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Payment, Value: fmt.Sprint("vipps:1000", r.IntN(2))})
		}
		if r.IntN(3) == 0 {
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.Handle, Value: fmt.Sprint("telegram:x", r.IntN(5))})
		}
		if r.IntN(shown) == 0 {
			sig := slices.Clone(texts[r.IntN(min(1+bent, len(texts)))])
			for range r.IntN(60) {
				sig[r.IntN(len(sig))] = r.Uint32()
			}
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.TextSig, Value: fmt.Sprintf("%x", sha256.Sum256([]byte(fmt.Sprint(sig)))), Signature: sig})
		}
		if r.IntN(3) == 0 {
			h := pictures[r.IntN(len(pictures))]
			for range r.IntN(5) {
				h ^= 1 << r.IntN(64)
			}
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.PHash, Value: fmt.Sprintf("%016x", h)})
		}
		if r.IntN(3) == 0 {
			f.Identifiers = append(f.Identifiers, alteredPicture(r, pictures[r.IntN(len(pictures))]))
		}
		for range r.IntN(3) {
			f.Indicators = append(f.Indicators, ad.Indicator{Code: codes[r.IntN(len(codes))], Confidence: 1})
		}
		out = append(out, f)
	}
	return out
}

// TestTheRandomWorldsReachEveryCode: what the property below says of order, batches and restarts, it says of every code and class.
func TestTheRandomWorldsReachEveryCode(t *testing.T) {
	cat := testkit.Catalogue(t)
	given := map[string]bool{}
	for seed := range uint64(600) {
		rec := newRecord()
		u, err := load(t, cat, rec).Link(t.Context(), worldOf(seed, 40), start)
		if err != nil {
			t.Fatal(err)
		}
		rec.apply(u)
		for _, a := range rec.ads {
			given[string(a.Class)] = true
			for _, in := range a.Standing.Indicators {
				given[in.Code+string(in.Note)] = true
			}
		}
	}
	for _, want := range []string{"N01", "N02", "N03", "N04", "N06", "N07", "N08", "N09", "N10", "N11", "N13", "J18", "J20", "S05", "S06", "X04", "X05",
		string(ad.Spam), "N01" + string(ad.AddedByOthers)} {
		if !given[want] {
			t.Errorf("no random world gives %s", want)
		}
	}
}

func randomSignature(r *rand.Rand) []uint32 {
	sig := make([]uint32, graph.SignatureSize)
	for i := range sig {
		sig[i] = r.Uint32()
	}
	return sig
}

// linkAll links findings in random batches, with repeats and restarts.
func linkAll(t *rapid.T, cat *indicator.Catalogue, findings []ad.Finding, name string) *record {
	rec := newRecord()
	linker := load(t, cat, rec)
	for i := 0; i < len(findings); {
		n := min(rapid.IntRange(1, 7).Draw(t, name+" batch"), len(findings)-i)
		u, err := linker.Link(context.Background(), findings[i:i+n], start)
		if err != nil {
			t.Fatal(err)
		}
		rec.apply(u)
		switch rapid.IntRange(0, 5).Draw(t, name+" then") {
		case 0: // delivered again: the batch was committed, but not acknowledged
		case 1:
			linker = load(t, cat, rec)
			i += n
		default:
			i += n
		}
	}
	return rec
}

// sameInAnyOrder links findings twice, in two orders, each with its own batches, repeats and restarts, and rebuilds: all must come to the same. It
// returns the record.
func sameInAnyOrder(t *rapid.T, cat *indicator.Catalogue, findings []ad.Finding) *record {
	one := linkAll(t, cat, findings, "one")
	two := linkAll(t, cat, rapid.Permutation(findings).Draw(t, "order"), "two")
	a := one.dump(t)
	if b := two.dump(t); a != b {
		t.Fatalf("the order matters: %s", firstDifference(a, b))
	}
	u, err := load(t, cat, one).Rebuild(context.Background(), start)
	if err != nil {
		t.Fatal(err)
	}
	rebuilt := newRecord()
	rebuilt.ads = one.ads
	rebuilt.apply(u)
	if b := rebuilt.dump(t); a != b {
		t.Fatalf("a rebuild differs: %s", firstDifference(a, b))
	}
	return one
}

func load(t interface{ Fatal(...any) }, cat *indicator.Catalogue, rec *record) *network.Linker {
	linker, err := network.New(config, cat)
	if err != nil {
		t.Fatal(err)
	}
	if err := linker.Load(rec.all(), rec.earlier()); err != nil {
		t.Fatal(err)
	}
	return linker
}

func TestOrderBatchesRepeatsAndRestartsDoNotMatter(t *testing.T) {
	cat := testkit.Catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		findings := world(t)
		one := sameInAnyOrder(t, cat, findings)
		if got, want := partition(one), reference(findings); got != want {
			t.Fatalf("networks\n%s\nthe reference has\n%s", got, want)
		}
		for old, successor := range one.successions {
			for range len(one.successions) + 1 {
				if _, live := one.networks[successor]; live {
					break
				}
				successor = one.successions[successor]
			}
			if _, live := one.networks[successor]; !live {
				t.Fatalf("the id %s leads nowhere", old)
			}
		}
	})
}

func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return "\n" + la[i] + "\nand\n" + lb[i]
		}
	}
	return fmt.Sprintf("%d and %d lines", len(la), len(lb))
}

func partition(r *record) string {
	var sets []string
	for _, n := range r.networks {
		var keys []string
		for _, k := range n.Ads {
			keys = append(keys, string(k))
		}
		sets = append(sets, strings.Join(keys, " "))
	}
	slices.Sort(sets)
	return strings.Join(sets, "\n")
}

// reference links from scratch, as plainly as possible: pairs compared one by one, hubs counted at the end.
func reference(findings []ad.Finding) string {
	shows := map[ad.Key]map[string]bool{}
	contacts := map[ad.Key]map[string]bool{}
	groups := newPlainGroups(findings)
	for _, f := range findings {
		k := f.Sighting.Key()
		if shows[k] == nil {
			shows[k], contacts[k] = map[string]bool{}, map[string]bool{}
		}
		for _, id := range f.Identifiers {
			name := groups.name(id)
			shows[k][name] = true
			if id.Kind == ad.Phone {
				contacts[k][name] = true
			}
		}
	}
	adsOf := map[string][]ad.Key{}
	for k, names := range shows {
		for name := range names {
			adsOf[name] = append(adsOf[name], k)
		}
	}
	of := map[ad.Key]ad.Key{}
	var root func(k ad.Key) ad.Key
	root = func(k ad.Key) ad.Key {
		if of[k] == "" || of[k] == k {
			return k
		}
		return root(of[k])
	}
	for name, keys := range adsOf {
		beside := map[string]bool{}
		for _, k := range keys {
			for c := range contacts[k] {
				if c != name {
					beside[c] = true
				}
			}
		}
		if len(keys) > config.HubAds || len(beside) > config.HubPhones {
			continue
		}
		for _, k := range keys[1:] {
			of[root(k)] = root(keys[0])
		}
	}
	sets := map[ad.Key][]string{}
	for _, k := range slices.Sorted(maps.Keys(shows)) {
		sets[root(k)] = append(sets[root(k)], string(k))
	}
	var out []string
	for _, s := range sets {
		out = append(out, strings.Join(s, " "))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

type plainGroups struct {
	values []ad.Identifier
	of     []int
}

func newPlainGroups(findings []ad.Finding) *plainGroups {
	g := &plainGroups{}
	for _, f := range findings {
		for _, id := range f.Identifiers {
			if id.Kind == ad.TextSig || id.Kind == ad.PHash {
				g.values = append(g.values, id)
				g.of = append(g.of, len(g.of))
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for i, a := range g.values {
			for j, b := range g.values {
				if a.Kind == b.Kind && g.of[i] != g.of[j] && alike(a, b) {
					g.of[i] = min(g.of[i], g.of[j])
					g.of[j] = g.of[i]
					changed = true
				}
			}
		}
	}
	return g
}

// alike compares two values as the linker promises to.
func alike(a, b ad.Identifier) bool {
	if a.Kind == ad.PHash {
		var x, y uint64
		fmt.Sscanf(a.Value[:16], "%x", &x)
		fmt.Sscanf(b.Value[:16], "%x", &y)
		return near(x, y, a, b) || copies(a, b)
	}
	n := 0
	for i := range a.Signature {
		if a.Signature[i] == b.Signature[i] {
			n++
		}
	}
	return float64(n) >= config.TextSimilarity*graph.SignatureSize
}

func (g *plainGroups) name(id ad.Identifier) string {
	if id.Kind == ad.TextSig || id.Kind == ad.PHash {
		for i, v := range g.values {
			if v.Kind == id.Kind && v.Value == id.Value {
				return fmt.Sprint("group", g.of[i])
			}
		}
	}
	return string(id.Kind) + id.Value
}

// TestOnePersonsReposts: somebody with three phones who puts the same ad on three sites, her name now in capitals, is one person with
// one set of contacts.
func TestOnePersonsReposts(t *testing.T) {
	l, err := network.New(network.Config{HubAds: 100, HubPhones: 8, TextSimilarity: .7, PictureDistance: 4}, testkit.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	var in []ad.Finding
	for i, name := range []string{"АННА", "Анна", "анна 22"} {
		in = append(in, ad.Finding{Sighting: ad.Sighting{Site: "a.example", AdID: strconv.Itoa(i), Title: "x", Advertiser: name, Age: 30, Category: ad.SexualServices, SeenAt: start},
			Identifiers: []ad.Identifier{{Kind: ad.TextSig, Value: "t", Signature: make([]uint32, 128)}, {Kind: ad.Phone, Value: "+1"}, {Kind: ad.Phone, Value: "+2"}, {Kind: ad.Phone, Value: "+3"},
				{Kind: ad.PHash, Value: "00000000000000ff"}},
			Indicators: []ad.Indicator{{Code: "S02", Confidence: 1}}})
	}
	u, err := l.Link(t.Context(), in, start)
	if err != nil {
		t.Fatal(err)
	}
	last := u.Networks[len(u.Networks)-1]
	if last.Personas != 1 || last.Band != ad.Low || slices.ContainsFunc(last.Indicators, func(in ad.Indicator) bool { return in.Code[0] == 'N' }) {
		t.Errorf("%d personas, band %s, %+v", last.Personas, last.Band, last.Indicators)
	}
}
