package sim_test

import (
	"iter"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/ad"
	"varde/internal/phone"
	"varde/internal/sim"
	"varde/internal/text"
)

// TestSitesPutTheirOwnWordsUnderAds: the same ads, and under most of those of some sites the same sentences of 20 to 50 words; never a phone.
func TestSitesPutTheirOwnWordsUnderAds(t *testing.T) {
	plain, put := world(2000), sim.NewWorld(sim.Config{Seed: 7, Ads: 2000, Start: start, Boilerplate: true})
	ads, with, texts := map[string]int{}, map[string]int{}, map[string]map[string]bool{}
	for i := range 2000 {
		a, b := plain.Sighting(i), put.Sighting(i)
		more, ok := strings.CutPrefix(b.Text, a.Text)
		if b.Text = a.Text; !ok || a.ID() != b.ID() {
			t.Fatalf("%s is another ad", b.Key())
		}
		ads[a.Site]++
		if more == "" {
			continue
		}
		with[a.Site]++
		if texts[a.Site] == nil {
			texts[a.Site] = map[string]bool{}
		}
		for line := range strings.SplitSeq(more[1:], "\n") {
			texts[a.Site][line] = true
		}
	}
	for site, n := range ads {
		if site == "fjordkontakt.example" && with[site] > 0 || site != "fjordkontakt.example" && (with[site] < n*8/10 || with[site] > n*9/10) {
			t.Errorf("%s puts words under %d of %d ads", site, with[site], n)
		}
		if len(texts[site]) > 2 {
			t.Errorf("%s puts %d different texts", site, len(texts[site]))
		}
		for line := range texts[site] {
			if n := len(strings.Fields(line)); n < 20 || n > 50 || len(phone.Find(text.Read(line), "NO")) > 0 {
				t.Errorf("%s: %d words: %s", site, n, line)
			}
		}
	}
}

// TestDifficultiesGrowWithTheWorld: hubs, stock pictures, copied sentences and pasted phones stay the same share of the ads, and no hub grows with
// the world.
func TestDifficultiesGrowWithTheWorld(t *testing.T) {
	share := map[int]map[sim.Trait]float64{}
	for _, ads := range []int{6000, 60_000} {
		share[ads] = map[sim.Trait]float64{}
		w := world(ads)
		users := map[string]map[string]bool{}
		for i, truth := range w.Truth() {
			for _, tr := range truth.Traits {
				share[ads][tr] += 1 / float64(ads)
			}
			if slices.Contains(truth.Traits, sim.HubPhone) {
				s := w.Sighting(i)
				for _, m := range phone.Find(text.Read(s.Text), "NO") {
					if users[m.E164] == nil {
						users[m.E164] = map[string]bool{}
					}
					users[m.E164][truth.Controller] = true
				}
			}
		}
		hubs, most := 0, 0
		for _, by := range users {
			if len(by) >= 20 {
				hubs++
			}
			most = max(most, len(by))
		}
		if hubs < ads/4000 || most > 150 {
			t.Errorf("of %d ads %d phones are hubs, the largest of %d controllers", ads, hubs, most)
		}
	}
	for _, tr := range []sim.Trait{sim.HubPhone, sim.StockPicture, sim.CopiedPhrases, sim.Pastes, sim.Robbed} {
		if a, b := share[6000][tr], share[60_000][tr]; a == 0 || b < a/2 || b > 2*a {
			t.Errorf("%s: %.4f of the ads of a small world, %.4f of a large one", tr, a, b)
		}
	}
}

// TestWorldsDependOnTheirConfigAlone: two worlds of one configuration are the same, in whatever order and from however many goroutines they are asked.
func TestWorldsDependOnTheirConfigAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := sim.Config{Seed: rapid.Int64().Draw(t, "seed"), Ads: rapid.IntRange(1, 300).Draw(t, "ads"), Start: start, Boilerplate: rapid.Bool().Draw(t, "boilerplate")}
		one, two := sim.NewWorld(cfg), sim.NewWorld(cfg)
		order := rapid.Permutation(slices.Collect(iterate(cfg.Ads))).Draw(t, "order")
		got := make([]ad.Sighting, cfg.Ads)
		var wait sync.WaitGroup
		for k := range 2 {
			wait.Go(func() {
				for _, i := range order[k*len(order)/2 : (k+1)*len(order)/2] {
					got[i] = two.Imitated(i)
				}
			})
		}
		wait.Wait()
		truth := two.Truth()
		i := 0
		for s := range one.Sightings() {
			s.Pictures = one.Imitated(i).Pictures
			if !reflect.DeepEqual(s, got[i]) || truth[i].Ad != s.Key() {
				t.Fatalf("ad %d is %+v, and %+v when asked otherwise", i, s, got[i])
			}
			i++
		}
		if !reflect.DeepEqual(truth, one.Truth()) {
			t.Fatal("the truth differs")
		}
	})
}

func iterate(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}
