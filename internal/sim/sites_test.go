package sim_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/sim"
	"varde/internal/target"
)

func serve(t testing.TB, w *sim.World) *sim.Sites {
	t.Helper()
	s, err := sim.Serve(t.Context(), w, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// ask makes one request without following redirects.
func ask(t testing.TB, method, address string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// voidElements have no end tag.
var voidElements = []string{"meta", "img", "br", "link", "input", "hr"}

// wellFormed checks that a page declares itself as HTML and that its elements are closed in their order.
func wellFormed(page string) error {
	if !strings.HasPrefix(page, "<!DOCTYPE html>") {
		return errors.New("no doctype")
	}
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch tt := z.Next(); tt {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				return z.Err()
			}
			if len(open) > 0 {
				return errors.New("not closed: " + strings.Join(open, ", "))
			}
			return nil
		case html.StartTagToken:
			if name, _ := z.TagName(); !slices.Contains(voidElements, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return errors.New("closed out of order: " + string(name))
			}
			open = open[:len(open)-1]
		}
	}
}

// links are the addresses that a page names, resolved.
func links(t testing.TB, base *url.URL, page string) (out []*url.URL) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for tt := z.Next(); tt != html.ErrorToken; tt = z.Next() {
		for _, a := range z.Token().Attr {
			if a.Key == "href" || a.Key == "src" {
				u, err := base.Parse(a.Val)
				if err != nil {
					t.Errorf("%s links to %q: %v", base, a.Val, err)
					continue
				}
				out = append(out, u)
			}
		}
	}
	return out
}

// TestEveryPageIsSound walks over all that the sites link to: each page is valid HTML or a picture, and nothing leads to nowhere.
func TestEveryPageIsSound(t *testing.T) {
	w := world(150)
	s := serve(t, w)
	kinds := map[string]int{}
	for _, name := range []string{"nordmarked.example", "fjordkontakt.example", "jobbtorget.example", "smaajobb.example"} {
		queue := []string{"http://" + s.Addr(name) + "/"}
		known := map[string]bool{queue[0]: true}
		for len(queue) > 0 {
			address := queue[0]
			queue = queue[1:]
			res, body := ask(t, http.MethodGet, address)
			kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
			kinds[kind]++
			if res.StatusCode != http.StatusOK || res.Header.Get("ETag") == "" {
				t.Fatalf("%s: status %d, %v", address, res.StatusCode, res.Header)
			}
			if kind != "text/html" {
				if sniffed := http.DetectContentType([]byte(body)); !strings.HasPrefix(sniffed, kind) {
					t.Errorf("%s says %s and is %s", address, kind, sniffed)
				}
				continue
			}
			if err := wellFormed(body); err != nil {
				t.Errorf("%s: %v\n%s", address, err, body)
			}
			for _, u := range links(t, res.Request.URL, body) {
				if u.Host == s.Addr(name) && !known[u.String()] {
					known[u.String()] = true
					queue = append(queue, u.String())
				}
			}
		}
	}
	got := 0
	for _, classes := range s.Requests() {
		got += classes[sim.AdPage]
		if classes[sim.NotFound] != 0 || classes[sim.Trapped] != 1 {
			t.Errorf("%v", classes)
		}
	}
	if got != 150 || kinds["image/jpeg"] < 50 || kinds["image/png"] < 5 || kinds["text/html"] < 160 {
		t.Errorf("%d ads, %v", got, kinds)
	}
}

func TestSitesSpeakHTTP(t *testing.T) {
	w := world(120)
	s := serve(t, w)
	base := "http://" + s.Addr("nordmarked.example")
	res, list := ask(t, http.MethodGet, base+"/annonser")
	if res.StatusCode != http.StatusOK || !strings.Contains(list, `class="ad"`) {
		t.Fatalf("status %d: %s", res.StatusCode, list)
	}
	if again, body := ask(t, http.MethodGet, base+"/annonser", "If-None-Match", res.Header.Get("ETag")); again.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("the same page again: status %d", again.StatusCode)
	}
	if head, body := ask(t, http.MethodHead, base+"/annonse/840001"); head.StatusCode != http.StatusOK || body != "" || head.Header.Get("Last-Modified") == "" {
		t.Errorf("HEAD: status %d, %v", head.StatusCode, head.Header)
	}
	for path, want := range map[string]int{"/annonse/839999": 404, "/annonse/fk29000": 404, "/annonser?page=0": 404, "/annonser?page=x": 404, "/annonser?page=9999": 404,
		"/img/840001-9.jpg": 404, "/img/840001-1.gif": 404, "/img/x": 404, "/nothing": 404, "/robots.txt": 200} {
		if res, _ := ask(t, http.MethodGet, base+path); res.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, res.StatusCode, want)
		}
	}
	if res, _ := ask(t, http.MethodPost, base+"/annonser"); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", res.StatusCode)
	}
	if _, robots := ask(t, http.MethodGet, base+"/robots.txt"); !strings.Contains(robots, "Disallow: /annonse/utkast/") {
		t.Error(robots)
	}
	for ad := range w.Sightings() {
		if path, ok := strings.CutPrefix(ad.URL, "https://smaajobb.example/jobb/"); ok {
			small := "http://" + s.Addr("smaajobb.example")
			if here, _ := ask(t, http.MethodGet, small+"/jobb/"+path); here.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d", ad.URL, here.StatusCode)
			}
			if there, _ := ask(t, http.MethodGet, small+"/bolig/"+path); there.StatusCode != http.StatusNotFound {
				t.Errorf("%s stands in another section too", ad.URL)
			}
		}
	}
	if s.Addr("nobody.example") != "" {
		t.Error("an unknown site has an address")
	}
}

// collector keeps what a crawler publishes.
type collector struct {
	mu  sync.Mutex
	ads map[ad.Key][]ad.Sighting
}

func (c *collector) Publish(_ context.Context, s ad.Sighting) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ads == nil {
		c.ads = map[ad.Key][]ad.Sighting{}
	}
	c.ads[s.Key()] = append(c.ads[s.Key()], s)
	return nil
}

// open is a gate that lets everything through.
type open struct{}

func (open) Allow(context.Context, *target.Target, *url.URL) error { return nil }

// crawl makes one pass over every target of the sites.
func crawl(t testing.TB, s *sim.Sites) (map[ad.Key][]ad.Sighting, map[string]crawler.Result) {
	t.Helper()
	var got collector
	c, err := crawler.New(crawler.Config{Publisher: &got, Gate: open{}})
	if err != nil {
		t.Fatal(err)
	}
	results := map[string]crawler.Result{}
	targets := s.Targets()
	for _, name := range slices.Sorted(maps.Keys(targets)) {
		tg, err := target.Parse(name, []byte(targets[name]))
		if err != nil {
			t.Fatal(err)
		}
		if !tg.Enabled || !tg.Loopback || tg.ID+".yaml" != name {
			t.Errorf("%s: %+v", name, tg)
		}
		if results[name], err = c.Pass(t.Context(), tg); err != nil {
			t.Fatal(err)
		}
	}
	return got.ads, results
}

// TestTheSitesShowWhatTheFileSays crawls a world with the real crawler: every ad is found once, and says what the ad file says.
func TestTheSitesShowWhatTheFileSays(t *testing.T) {
	w := world(260)
	s := serve(t, w)
	got, results := crawl(t, s)
	if len(got) != w.Len() {
		t.Errorf("%d of %d ads were found", len(got), w.Len())
	}
	for want := range w.Sightings() {
		seen := got[want.Key()]
		if len(seen) != 1 {
			t.Errorf("%s was found %d times", want.Key(), len(seen))
			continue
		}
		have := seen[0]
		if len(have.Provenance.Problems) > 0 {
			t.Errorf("%s: %v", want.Key(), have.Provenance.Problems)
		}
		for i, address := range have.Images {
			if at := strings.Index(address, "img/"); at >= 0 {
				have.Images[i] = address[at:]
			}
		}
		if err := w.Hash(&want); err != nil {
			t.Fatal(err)
		}
		have.URL, have.SeenAt, have.Provenance = want.URL, want.SeenAt, want.Provenance
		if !reflect.DeepEqual(have, want) {
			t.Errorf("%s differs:\nsite %+v\nfile %+v", want.Key(), have, want)
		}
	}
	for name, classes := range s.Requests() {
		if classes[sim.Trapped] != 0 || classes[sim.Robots] == 0 || classes[sim.NotFound] != 0 {
			t.Errorf("%s: %v", name, classes)
		}
	}
	for name, r := range results {
		if r.Failed["robots.txt"] == 0 && !strings.HasPrefix(name, "smaajobb-") {
			t.Errorf("%s: the trap was not met: %+v", name, r)
		}
	}
}

func TestAdsAppearWhenTheyAreReleased(t *testing.T) {
	w := world(80)
	s := serve(t, w)
	s.Release(30)
	if got, _ := crawl(t, s); len(got) != 30 || s.Released() != 30 {
		t.Errorf("%d ads are shown of 30 released", len(got))
	}
	hidden := w.Sighting(30)
	u, err := url.Parse(hidden.URL)
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + s.Addr(hidden.Site) + u.Path
	if res, _ := ask(t, http.MethodGet, address); res.StatusCode != http.StatusNotFound {
		t.Errorf("an ad that is not released: status %d", res.StatusCode)
	}
	s.Release(31)
	if res, _ := ask(t, http.MethodGet, address); res.StatusCode != http.StatusOK {
		t.Errorf("an ad that was just released: status %d", res.StatusCode)
	}
	s.Release(1000)
	if got, _ := crawl(t, s); len(got) != 80 {
		t.Errorf("%d ads are shown of 80", len(got))
	}
	s.Release(0)
	if got, results := crawl(t, s); len(got) != 0 || results["nordmarked.yaml"].Pages != 1 {
		t.Errorf("%d ads are shown of none; %+v", len(got), results)
	}
}

// TestSitesStopWithTheirContext waits for the end of all servers.
func TestSitesStopWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := sim.Serve(ctx, world(20), nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	deadline := time.After(10 * time.Second)
	closed := make(chan bool)
	go func() { s.Close(); close(closed) }()
	select {
	case <-closed:
	case <-deadline:
		t.Fatal("the sites did not stop")
	}
	client := &http.Client{Timeout: time.Second}
	if res, err := client.Get("http://" + s.Addr("nordmarked.example") + "/"); err == nil {
		_ = res.Body.Close()
		t.Error("a stopped site answers")
	}
}
