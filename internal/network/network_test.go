package network_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/neartext"
	"varde/internal/network"
	"varde/internal/testkit"
	"varde/internal/text"
)

var start = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// config never parts what hangs together; how that is done has tests of its own.
var config = network.Config{HubAds: 9, HubPhones: 4, TextSimilarity: 0.6, Boilerplate: 0.1, BoilerplateAds: 40, SplitAds: 1000, Bridge: 0.6, PictureDistance: 7}

// world draws findings of ads that share phones, handles, near-duplicate texts and pictures, some of them hubs, with several
// versions of an ad.
func world(t *rapid.T) []ad.Finding {
	return worldOf(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 40).Draw(t, "findings"))
}

// worldOf makes n findings: in some worlds of many names, phones and towns, in others of few.
func worldOf(seed uint64, n int) []ad.Finding {
	r := rand.New(rand.NewPCG(seed, 1))
	texts := make([][]string, 4)
	for i := range texts {
		texts[i] = randomWords(r)
	}
	pictures := []uint64{r.Uint64(), r.Uint64(), r.Uint64()}
	codes := []string{"S01", "S07", "S09", "J03", "X05"}
	phones, wide, of, shown, ads, days := 2+r.IntN(12), 2+r.IntN(8), 3+r.IntN(5), 1+r.IntN(3), 8+r.IntN(18), 15+r.IntN(45)
	bent := r.IntN(5)
	var out []ad.Finding
	var bareHashes []string
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
			f.Identifiers = append(f.Identifiers, signed(texts[0]))
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
			words := slices.Clone(texts[r.IntN(min(1+bent, len(texts)))])
			for range r.IntN(18) {
				words[r.IntN(len(words))] = randomWord(r)
			}
			f.Identifiers = append(f.Identifiers, signed(words))
		}
		if r.IntN(3) == 0 {
			h := pictures[r.IntN(len(pictures))]
			for range r.IntN(5) {
				h ^= 1 << r.IntN(64)
			}
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.PHash, Value: fmt.Sprintf("%016x", h)})
		}
		if r.IntN(3) == 0 {
			id := alteredPicture(r, pictures[r.IntN(len(pictures))])
			f.Identifiers = append(f.Identifiers, id)
			bareHashes = append(bareHashes, id.Value[:16])
		}
		if len(bareHashes) > 0 && r.IntN(6) == 0 { // as from a file without fingerprints
			f.Identifiers = append(f.Identifiers, ad.Identifier{Kind: ad.PHash, Value: bareHashes[r.IntN(len(bareHashes))]})
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

// randomWords are those of a text, in sentences of ten.
func randomWords(r *rand.Rand) (words []string) {
	for range 60 {
		words = append(words, randomWord(r))
	}
	return words
}

func randomWord(r *rand.Rand) string {
	return "w" + strings.Map(func(d rune) rune { return d - '0' + 'a' }, fmt.Sprint(r.IntN(100_000)))
}

func signed(words []string) ad.Identifier {
	var b strings.Builder
	for i, w := range words {
		b.WriteString(w + " ")
		if i%10 == 9 {
			b.WriteString(". ")
		}
	}
	sig, ok := neartext.Sign(text.Read(b.String()))
	if !ok {
		panic("a text that is too short: " + b.String())
	}
	return ad.Identifier{Kind: ad.TextSig, Value: sig.Hash, Signature: sig.Values}
}

// linkAll links findings in random batches, with repeats, deletions and restarts: of a killed program, with its folder or without, and of one that
// saved. The ads of gone are deleted at some time and for good, others for a while. Decisions come one by one, some that are undone again among
// them; at the end all of decided hold.
func linkAll(t *rapid.T, cat *indicator.Catalogue, cfg network.Config, findings []ad.Finding, gone []ad.Key, decided []network.Decision, name string) *record {
	rec := newRecord()
	rec.cfg = cfg
	dir, err := os.MkdirTemp("", "links")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	linker := loadFrom(t, dir, cat, rec)
	do := func(u ad.Update, err error) {
		if err != nil {
			t.Fatal(err)
		}
		rec.apply(u)
	}
	again := func(with bool) {
		if err := linker.Close(); err != nil {
			t.Fatal(err)
		}
		if !with {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		linker = loadFrom(t, dir, cat, rec)
	}
	decided = slices.Clone(decided)
	if len(decided) > 1 {
		decided = rapid.Permutation(decided).Draw(t, name+" decisions")
	}
	left := slices.Clone(findings)
	for i := 0; i < len(left); {
		n := min(rapid.IntRange(1, 7).Draw(t, name+" batch"), len(left)-i)
		do(linker.Link(context.Background(), left[i:i+n], start))
		then := rapid.IntRange(0, 12).Draw(t, name+" then")
		if then > 0 { // delivered again: the batch was committed, but not acknowledged
			i += n
		}
		switch then {
		case 1: // killed before it saved
			again(true)
		case 2:
			again(false)
		case 3, 4:
			if err := linker.Save("r", int64(len(rec.changes))); err != nil {
				t.Fatal(err)
			}
			if then == 4 {
				again(true)
			}
		case 5:
			k := left[rapid.IntRange(0, i-1).Draw(t, name+" forget")].Sighting.Key()
			do(linker.Forget(context.Background(), []ad.Key{k, k}, start))
			for _, f := range findings {
				if f.Sighting.Key() == k && slices.ContainsFunc(left[:i], func(o ad.Finding) bool { return o.Sighting.ID() == f.Sighting.ID() }) {
					left = append(left, f)
				}
			}
		case 6, 7:
			decided = rec.decide(t, decided, findings, name)
			do(linker.Decide(context.Background(), rec.decisions, start))
		case 8: // while the program is not running
			decided = rec.decide(t, decided, findings, name)
			again(rapid.Bool().Draw(t, name+" with its folder"))
		}
	}
	do(linker.Forget(context.Background(), gone, start))
	rec.decideAll(decided)
	do(linker.Decide(context.Background(), rec.decisions, start))
	if err := linker.Close(); err != nil {
		t.Fatal(err)
	}
	return rec
}

// sameInAnyOrder links findings twice, in two orders, each with its own batches, repeats and restarts, and rebuilds: all must come to the same. It
// returns the record.
func sameInAnyOrder(t *rapid.T, cat *indicator.Catalogue, cfg network.Config, findings []ad.Finding) *record {
	var gone []ad.Key
	for range rapid.IntRange(0, 4).Draw(t, "gone") {
		gone = append(gone, findings[rapid.IntRange(0, len(findings)-1).Draw(t, "gone ad")].Sighting.Key())
	}
	decided := decisionsOn(t, findings)
	one := linkAll(t, cat, cfg, findings, gone, decided, "one")
	two := linkAll(t, cat, cfg, rapid.Permutation(findings).Draw(t, "order"), gone, decided, "two")
	a := one.dump(t)
	if b := two.dump(t); a != b {
		t.Fatalf("the order matters: %s", firstDifference(a, b))
	}
	linker := load(t, cat, one)
	u, err := linker.Rebuild(context.Background(), start)
	if err := errors.Join(err, linker.Close()); err != nil {
		t.Fatal(err)
	}
	rebuilt := newRecord()
	for key, a := range one.ads {
		rebuilt.ads[key] = &ad.Ad{Key: a.Key}
	}
	rebuilt.apply(u)
	if b := rebuilt.dump(t); a != b {
		t.Fatalf("a rebuild differs: %s", firstDifference(a, b))
	}
	return one
}

func load(t interface{ Fatal(...any) }, cat *indicator.Catalogue, rec *record) *network.Linker {
	return loadFrom(t, "", cat, rec)
}

// loadFrom opens the state in a folder and brings it to where the record is, also by what was decided since.
func loadFrom(t interface{ Fatal(...any) }, dir string, cat *indicator.Catalogue, rec *record) *network.Linker {
	linker, err := network.Open(dir, rec.cfg, cat)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := linker.Learn(context.Background(), rec); err != nil {
		t.Fatal(err)
	}
	u, err := linker.Take(context.Background(), nil, rec.decisions, start)
	if err != nil {
		t.Fatal(err)
	}
	rec.apply(u)
	return linker
}

// TestOrderBatchesRepeatsAndRestartsDoNotMatter: interleavings of arrivals, duplicates, deletions, restarts, cuts, joins and their undoing
// end in the same networks, which are those of a rebuild and of the plain reference. Rapid draws 100 times by default (-rapid.checks), of two
// interleavings each: 200.
func TestOrderBatchesRepeatsAndRestartsDoNotMatter(t *testing.T) {
	cat := testkit.Catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		findings := world(t)
		one := sameInAnyOrder(t, cat, config, findings)
		findings = slices.DeleteFunc(findings, func(f ad.Finding) bool { return one.ads[f.Sighting.Key()] == nil })
		if got, want := partition(one), reference(findings, one.decisions); got != want {
			t.Fatalf("networks\n%s\nthe reference has\n%s", got, want)
		}
		for old, successor := range one.successions {
			for range len(one.successions) + 1 {
				if _, live := one.networks[successor]; live {
					break
				}
				successor = one.successions[successor]
			}
			if _, live := one.networks[successor]; !live && !one.forgot { // else all of its ads may be gone
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

func TestOnePersonsReposts(t *testing.T) {
	l, err := network.Open("", network.Config{HubAds: 100, HubPhones: 8, TextSimilarity: .7, Boilerplate: 0.1, BoilerplateAds: 40, SplitAds: 24, Bridge: 0.6, PictureDistance: 4}, testkit.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	var in []ad.Finding
	for i, name := range []string{"АННА", "Анна", "анна 22"} {
		in = append(in, ad.Finding{Sighting: ad.Sighting{Site: "a.example", AdID: strconv.Itoa(i), Title: "x", Advertiser: name, Age: 30, Category: ad.SexualServices, SeenAt: start},
			Identifiers: []ad.Identifier{signed(randomWords(rand.New(rand.NewPCG(9, 9)))), {Kind: ad.Phone, Value: "+1"}, {Kind: ad.Phone, Value: "+2"}, {Kind: ad.Phone, Value: "+3"},
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
