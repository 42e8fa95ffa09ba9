package sim_test

import (
	"bytes"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"varde/internal/ad"
	"varde/internal/neartext"
	imaging "varde/internal/picture"
	"varde/internal/sim"
	"varde/internal/text"
)

// triples are the word triples of a text, with numbers as one word, as near-duplicates are compared by.
func triples(s string) map[string]bool {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if strings.ContainsFunc(w, unicode.IsDigit) {
			words[i] = "0"
		}
	}
	out := map[string]bool{}
	for i := 0; i+3 <= len(words); i++ {
		out[strings.Join(words[i:i+3], " ")] = true
	}
	return out
}

func jaccard(a, b map[string]bool) float64 {
	both := 0
	for t := range a {
		if b[t] {
			both++
		}
	}
	return float64(both) / float64(max(len(a)+len(b)-both, 1))
}

// texts are the ads of a world with their truth and triples.
type texts struct {
	truth   []sim.Truth
	ads     []ad.Sighting
	triples []map[string]bool
}

func textsOf(ads int) texts {
	w := world(ads)
	out := texts{truth: w.Truth()}
	for s := range w.Sightings() {
		out.ads = append(out.ads, s)
		out.triples = append(out.triples, triples(s.Text))
	}
	return out
}

func TestIndependentsWriteDifferently(t *testing.T) {
	all := textsOf(4000)
	var own []int
	for i, truth := range all.truth {
		if truth.Kind == string(sim.Independent) {
			own = append(own, i)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	most, sum, pairs := 0.0, 0.0, 0
	for pairs < 20_000 {
		a, b := own[r.IntN(len(own))], own[r.IntN(len(own))]
		if all.truth[a].Controller == all.truth[b].Controller {
			continue
		}
		v := jaccard(all.triples[a], all.triples[b])
		most, sum = max(most, v), sum+v
		pairs++
	}
	t.Logf("two independents: mean %.3f, most %.3f of %d pairs", sum/float64(pairs), most, pairs)
	if most >= 0.4 || sum/float64(pairs) > 0.05 {
		t.Errorf("two independents share %.2f of their word triples at most, %.3f on average", most, sum/float64(pairs))
	}
	// Beyond chance: whatever has a key in common must belong to one controller, private people's short notes and spam apart.
	buckets := map[uint64][]int{}
	for i, s := range all.ads {
		sig, _ := neartext.Sign(text.Read(s.Text))
		if sketch, ok := neartext.SketchOf(sig.Values, nil); ok {
			for _, key := range sketch.Keys() {
				buckets[key] = append(buckets[key], i)
			}
		}
	}
	for _, bucket := range buckets {
		for n, i := range bucket {
			for _, j := range bucket[n+1:] {
				if a, b := all.truth[i], all.truth[j]; a.Controller != b.Controller && a.Kind != string(sim.Private) && a.Kind != string(sim.Spam) {
					if pasted(a, b) || pasted(b, a) {
						continue
					}
					if v := jaccard(all.triples[i], all.triples[j]); v >= 0.5 {
						t.Errorf("%s (%s) and %s (%s) share %.2f", a.Ad, a.Kind, b.Ad, b.Kind, v)
					}
				}
			}
		}
	}
}

// pasted says whether b's text may be a's, pasted by a ring.
func pasted(a, b sim.Truth) bool {
	return slices.Contains(a.Traits, sim.Robbed) && slices.Contains(b.Traits, sim.Pastes)
}

func TestTemplatesAreAlike(t *testing.T) {
	all := textsOf(2000)
	byController := map[string][]int{}
	for i, truth := range all.truth {
		if !slices.Contains(truth.Traits, sim.Varied) {
			byController[truth.Controller] = append(byController[truth.Controller], i)
		}
	}
	for kind, share := range map[sim.Kind]float64{sim.Ring: 0.9, sim.Chain: 0.8, sim.Recruiter: 0.8} {
		alike, compared := 0, 0
		for _, ads := range byController {
			if all.truth[ads[0]].Kind != string(kind) {
				continue
			}
			for _, i := range ads {
				best := 0.0
				for _, j := range ads {
					if i != j {
						best = max(best, jaccard(all.triples[i], all.triples[j]))
					}
				}
				compared++
				if best >= 0.75 {
					alike++
				}
			}
		}
		t.Logf("%s: %d of %d ads are near-duplicates of another", kind, alike, compared)
		if compared < 50 || float64(alike) < share*float64(compared) {
			t.Errorf("%s: %d of %d ads share three quarters with another of their template", kind, alike, compared)
		}
	}
}

// hashes are the perceptual hashes of pictures, the uses of one drawing together.
type hashes map[string][]uint64

// drawings gathers the pictures of a world by what they show. Two files show the same where they stand at the same number of ads
// of one persona; the stock pictures, and galleries of rings, are found by likeness instead and left out.
func drawings(t *testing.T, w *sim.World) hashes {
	t.Helper()
	out := hashes{}
	truth := w.Truth()
	i := 0
	for s := range w.Sightings() {
		if kind := truth[i].Kind; kind == string(sim.Independent) && !slices.Contains(truth[i].Traits, sim.StockPicture) {
			for n := range s.Images {
				data, _, ok := w.Picture(s.Key(), n+1)
				if !ok {
					t.Fatalf("%s has no picture %d", s.Key(), n+1)
				}
				p, err := imaging.Hash(bytes.NewReader(data), imaging.Limits{})
				if err != nil || p.Flat {
					t.Fatalf("%s, picture %d: flat %v, %v", s.Key(), n+1, p.Flat, err)
				}
				h, err := strconv.ParseUint(p.PHash, 16, 64)
				if err != nil {
					t.Fatal(err)
				}
				name := truth[i].Controller + "/" + strconv.Itoa(n)
				out[name] = append(out[name], h)
			}
		}
		i++
	}
	return out
}

// TestPicturesAreFarApartOrNear measures what linking relies on: uses of one drawing differ in at most 7 bits, and unrelated
// drawings in about 32, by chance down to some more than 7 but hardly ever below 17.
func TestPicturesAreFarApartOrNear(t *testing.T) {
	all := drawings(t, world(450))
	var first []uint64
	worst, reused := 0, 0
	for _, uses := range all {
		first = append(first, uses[0])
		for _, h := range uses[1:] {
			worst = max(worst, bits.OnesCount64(h^uses[0]))
			reused++
		}
	}
	nearest, below, pairs := 64, 0, 0
	for i, a := range first {
		for _, b := range first[:i] {
			d := bits.OnesCount64(a ^ b)
			nearest = min(nearest, d)
			if d <= 16 {
				below++
			}
			pairs++
		}
	}
	t.Logf("%d drawings, %d reused: at most %d bits; %d unrelated pairs: at least %d bits, %d at 16 or less", len(all), reused, worst, pairs, nearest, below)
	if reused < 100 || worst > 7 {
		t.Errorf("%d reused pictures differ in up to %d bits", reused, worst)
	}
	if len(first) < 150 || nearest <= 10 || below*1000 > pairs {
		t.Errorf("%d drawings: unrelated ones differ in only %d bits, %d of %d pairs in 16 or less", len(first), nearest, below, pairs)
	}
}

// TestPicturesAreShared looks for drawings that ads of several controllers show (stock) and that several names of a ring show.
func TestPicturesAreShared(t *testing.T) {
	w := world(600)
	truth := w.Truth()
	var seen []struct {
		hash       uint64
		controller string
		kind, name string
	}
	i := 0
	for s := range w.Sightings() {
		if k := sim.Kind(truth[i].Kind); k == sim.Ring || slices.Contains(truth[i].Traits, sim.StockPicture) {
			if err := w.Hash(&s); err != nil {
				t.Fatal(err)
			}
			for _, p := range s.Pictures {
				h, err := strconv.ParseUint(p.PHash, 16, 64)
				if err != nil {
					t.Fatal(err)
				}
				seen = append(seen, struct {
					hash       uint64
					controller string
					kind, name string
				}{h, truth[i].Controller, truth[i].Kind, s.Advertiser})
			}
		}
		i++
	}
	stock, gallery := 0, 0
	for n, a := range seen {
		others, names := map[string]bool{}, map[string]bool{}
		for _, b := range seen[n:] {
			if bits.OnesCount64(a.hash^b.hash) <= 7 {
				others[b.controller] = true
				names[b.name] = names[b.name] || b.controller == a.controller
			}
		}
		stock = max(stock, len(others))
		if a.kind == string(sim.Ring) {
			gallery = max(gallery, len(names))
		}
	}
	if stock < 8 || gallery < 3 {
		t.Errorf("a stock picture of %d controllers, a ring's picture under %d names", stock, gallery)
	}
}

// TestOnlyCopiesAreFound: what linking takes for an altered copy among the pictures of independents is the same drawing of the same person.
func TestOnlyCopiesAreFound(t *testing.T) {
	w := world(300)
	truth := w.Truth()
	type copied struct {
		name  string
		print *imaging.Fingerprint
	}
	by := map[uint64][]copied{}
	found, i := 0, 0
	for s := range w.Sightings() {
		of := truth[i]
		i++
		if of.Kind != string(sim.Independent) || slices.Contains(of.Traits, sim.StockPicture) {
			continue
		}
		if err := w.Hash(&s); err != nil {
			t.Fatal(err)
		}
		for n, p := range s.Pictures {
			f, err := imaging.ParseFingerprint(p.Features)
			if err != nil {
				t.Fatal(err)
			}
			name := of.Controller + "/" + strconv.Itoa(n)
			for _, key := range f.Keys() {
				for _, other := range by[key] {
					if !imaging.Same(f, other.print) {
						continue
					}
					if found++; other.name != name {
						t.Errorf("%s is taken for %s", name, other.name)
					}
				}
				by[key] = append(by[key], copied{name, f})
			}
		}
	}
	if found == 0 {
		t.Error("no picture is found twice")
	}
}
