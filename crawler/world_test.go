package crawler_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/sim"
	"varde/internal/target"
)

// world is served by real servers, and crawled as the service does it: one crawler, a pass over each of the targets.
type world struct {
	*sim.World
	sites   *sim.Sites
	crawler *crawler.Crawler
	got     published
	targets map[string]*target.Target
}

func newWorld(t testing.TB, ads int) *world {
	t.Helper()
	w := &world{World: sim.NewWorld(sim.Config{Seed: 1, Ads: ads, Start: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}), targets: map[string]*target.Target{}}
	var err error
	if w.sites, err = sim.Serve(t.Context(), w.World); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sites.Close)
	for name, file := range w.sites.Targets() {
		if w.targets[name], err = target.Parse(name, []byte(file)); err != nil {
			t.Fatal(err)
		}
	}
	w.crawler = newCrawler(t, crawler.Config{Publisher: &w.got})
	return w
}

// pass crawls all targets and returns what was published, by key. Nothing may be published twice.
func (w *world) pass(t testing.TB) (map[ad.Key]ad.Sighting, map[string]crawler.Result) {
	t.Helper()
	w.got.ads = nil
	results := map[string]crawler.Result{}
	for _, name := range slices.Sorted(maps.Keys(w.targets)) {
		r, err := w.crawler.Pass(t.Context(), w.targets[name])
		if err != nil {
			t.Fatal(err)
		}
		results[name] = r
	}
	out := map[ad.Key]ad.Sighting{}
	for _, s := range w.got.ads {
		if _, twice := out[s.Key()]; twice {
			t.Errorf("%s was published twice in a pass", s.Key())
		}
		out[s.Key()] = s
	}
	return out, results
}

// asked are the requests of a class to all sites.
func (w *world) asked(c sim.Class) (n int) {
	for _, classes := range w.sites.Requests() {
		n += classes[c]
	}
	return n
}

// TestAWorldIsSeenAsItIs: each ad once and field by field as the world's own file has it, politely, and the same again in the next
// pass.
func TestAWorldIsSeenAsItIs(t *testing.T) {
	// Drawing and hashing pictures takes nearly all of the time, so the few here stand for all.
	t.Run("150 ads", func(t *testing.T) { seenAsItIs(t, newWorld(t, 150).withoutPictures()) })
	t.Run("3 ads with pictures", func(t *testing.T) { seenAsItIs(t, newWorld(t, 3)) })
}

// withoutPictures changes all targets.
func (w *world) withoutPictures() *world {
	for _, tg := range w.targets {
		tg.Pictures = "none"
	}
	return w
}

func seenAsItIs(t *testing.T, w *world) {
	hashes := w.targets["nordmarked.yaml"].Pictures == "hash"
	first, results := w.pass(t)
	if len(first) != w.Len() {
		t.Errorf("%d of %d ads were published", len(first), w.Len())
	}
	pictures := 0
	for want := range w.Sightings() {
		have, ok := first[want.Key()]
		if !ok {
			t.Errorf("%s was not found", want.Key())
			continue
		}
		if hashes {
			if err := w.Hash(&want); err != nil {
				t.Fatal(err)
			}
		}
		pictures += len(have.Pictures)
		checkPage(t, &have)
		images := slices.Clone(have.Images)
		for i := range images { // the file has them beside it
			images[i] = strings.TrimPrefix(images[i], "/")
		}
		have.Images, have.URL, have.SeenAt, have.Provenance = images, want.URL, want.SeenAt, want.Provenance
		if !reflect.DeepEqual(have, want) {
			t.Errorf("%s differs:\nsite %+v\nfile %+v", want.Key(), have, want)
		}
	}
	w.polite(t, 2*w.Len()) // checkPage asks once more for each
	counted := 0
	for name, r := range results {
		counted += r.Pictures
		if r.Pages <= r.Ads || (r.Ads == 0) != (len(r.Warnings) == 1) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if counted != pictures || (pictures > 0) != hashes {
		t.Errorf("%d pictures were counted, %d published", counted, pictures)
	}

	second, _ := w.pass(t)
	w.polite(t, 3*w.Len())
	for key, a := range first {
		b, ok := second[key]
		if !ok || b.Version() != a.Version() || !b.SeenAt.After(a.SeenAt) {
			t.Errorf("%s is another version although nothing changed:\n%+v\n%+v", key, a, b)
		}
		b.SeenAt = a.SeenAt
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s differs in the second pass:\n%+v\n%+v", key, a, b)
		}
	}
}

// polite checks what the sites were asked for: each ad page so often in all, and nothing that robots.txt forbids.
func (w *world) polite(t testing.TB, ads int) {
	t.Helper()
	tick, late := time.NewTicker(time.Millisecond), time.After(time.Second)
	defer tick.Stop()
	for w.asked(sim.AdPage) < ads { // the sites count when they have answered
		select {
		case <-tick.C:
			continue
		case <-late:
		}
		break
	}
	if n := w.asked(sim.AdPage); n != ads {
		t.Errorf("%d ad pages were asked for, want %d", n, ads)
	}
	for site, classes := range w.sites.Requests() {
		if classes[sim.Trapped] != 0 || classes[sim.NotFound] != 0 || classes[sim.OtherPage] != 0 || classes[sim.Robots] == 0 {
			t.Errorf("%s: %v", site, classes)
		}
	}
}

// client keeps no connections, which would be taken for the crawler's.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}

// checkPage compares the hash in the provenance with the page itself.
func checkPage(t testing.TB, s *ad.Sighting) {
	t.Helper()
	res, err := client.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(body); s.Provenance.PageSHA256 != hex.EncodeToString(sum[:]) || s.Provenance.Source != "crawl" || len(s.Provenance.Problems) > 0 {
		t.Errorf("%s: %+v", s.URL, s.Provenance)
	}
}

func TestNewAdsAppearInTheNextPass(t *testing.T) {
	w := newWorld(t, 60).withoutPictures()
	for _, n := range []int{0, 20, 21, 60} {
		w.sites.Release(n)
		got, results := w.pass(t)
		if len(got) != n {
			t.Errorf("%d ads are seen of %d released", len(got), n)
		}
		for i := range n {
			if s := w.Sighting(i); got[s.Key()].AdID == "" {
				t.Errorf("of %d released, %s was not seen", n, s.Key())
			}
		}
		if warned := len(results["nordmarked.yaml"].Warnings) == 1; warned != (n == 0) {
			t.Errorf("%d released: %+v", n, results["nordmarked.yaml"])
		}
	}
}
