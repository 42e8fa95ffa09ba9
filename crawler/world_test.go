package crawler_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/sim"
	"varde/internal/target"
)

// world is the simulated marketplaces on real servers, crawled by approved targets.
type world struct {
	*sim.World
	*station
	sites   *sim.Sites
	targets map[string]*target.Target
}

func newWorld(t testing.TB, ads int, change func(text string) string) *world {
	t.Helper()
	w := &world{World: sim.NewWorld(sim.Config{Seed: 1, Ads: ads, Start: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}), station: newStation(t), targets: map[string]*target.Target{}}
	var err error
	if w.sites, err = sim.Serve(t.Context(), w.World, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sites.Close)
	for name, text := range w.sites.Targets("ola", time.Now()) {
		w.targets[name] = w.approve(change(text))
	}
	return w
}

func withoutPictures(text string) string {
	return strings.Replace(text, "pictures: hash", "pictures: none", 1)
}

func asItIs(text string) string { return text }

// look crawls what is due of all targets, after some time, and returns what was published, by key. Nothing may be published twice.
func (w *world) look(after time.Duration) map[ad.Key]ad.Sighting {
	w.t.Helper()
	w.clock.pass(after)
	out := map[ad.Key]ad.Sighting{}
	for _, name := range slices.Sorted(maps.Keys(w.targets)) {
		for _, s := range w.once(w.targets[name]) {
			if _, twice := out[s.Key()]; twice {
				w.t.Errorf("%s was published twice", s.Key())
			}
			out[s.Key()] = s
		}
	}
	return out
}

// asked are the requests of a class to all sites.
func (w *world) asked(c sim.Class) (n int) {
	for _, classes := range w.sites.Requests() {
		n += classes[c]
	}
	return n
}

// TestAWorldIsSeenAsItIs: each ad once and field by field as the world's own file has it, politely; and where nothing changes, nothing is
// another version.
func TestAWorldIsSeenAsItIs(t *testing.T) {
	// Drawing and hashing pictures takes nearly all of the time, so the few here stand for all.
	t.Run("150 ads", func(t *testing.T) { seenAsItIs(t, newWorld(t, 150, withoutPictures), false) })
	t.Run("12 ads with pictures", func(t *testing.T) { seenAsItIs(t, newWorld(t, 12, asItIs), true) })
}

func seenAsItIs(t *testing.T, w *world, pictures bool) {
	first := w.look(0)
	if len(first) != w.Len() {
		t.Errorf("%d of %d ads were published", len(first), w.Len())
	}
	for want := range w.Sightings() {
		have, ok := first[want.Key()]
		if !ok {
			t.Errorf("%s was not found", want.Key())
			continue
		}
		if pictures {
			if err := w.Hash(&want); err != nil {
				t.Fatal(err)
			}
		}
		if len(have.Provenance.Problems) > 0 || len(have.Provenance.Captures) != 1+len(have.Pictures) || have.Provenance.Authorisation == "" {
			t.Errorf("%s: %+v", have.URL, have.Provenance)
		}
		images := slices.Clone(have.Images)
		for i := range images { // the file has them beside it
			images[i] = strings.TrimPrefix(images[i], "/")
		}
		have.Images, have.URL, have.SeenAt, have.Provenance = images, want.URL, want.SeenAt, want.Provenance
		if !reflect.DeepEqual(have, want) {
			t.Errorf("%s differs:\nsite %+v\nfile %+v", want.Key(), have, want)
		}
	}
	w.polite(w.Len())
	second := w.look(time.Hour)
	for key, a := range first {
		if b, ok := second[key]; !ok || b.Version() != a.Version() || !b.SeenAt.After(a.SeenAt) {
			t.Errorf("%s is another version although nothing changed:\n%+v\n%+v", key, a, b)
		}
	}
	w.polite(2 * w.Len())
}

// polite checks what the sites were asked for: each ad page so often in all, and nothing that robots.txt forbids.
func (w *world) polite(ads int) {
	w.t.Helper()
	if n := w.asked(sim.AdPage); n != ads {
		w.t.Errorf("%d ad pages were asked for, want %d", n, ads)
	}
	for site, classes := range w.sites.Requests() {
		if classes[sim.Trapped] != 0 || classes[sim.NotFound] != 0 || classes[sim.OtherPage] != 0 || classes[sim.Robots] == 0 {
			w.t.Errorf("%s: %v", site, classes)
		}
	}
}

func TestNewAdsAreSeenAtTheNextLook(t *testing.T) {
	w := newWorld(t, 60, withoutPictures)
	seen := map[ad.Key]bool{}
	for _, n := range []int{0, 20, 21, 60} {
		w.sites.Release(n)
		for key := range w.look(10 * time.Second) {
			seen[key] = true
		}
		if len(seen) != n {
			t.Errorf("%d ads are seen of %d released", len(seen), n)
		}
	}
}
