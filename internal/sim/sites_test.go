package sim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"varde/internal/sim"
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

func TestAdsAppearWhenTheyAreReleased(t *testing.T) {
	w := world(80)
	s := serve(t, w)
	s.Release(30)
	shown := func() (n int) {
		for sg := range w.Sightings() {
			u, err := url.Parse(sg.URL)
			if err != nil {
				t.Fatal(err)
			}
			if res, _ := ask(t, http.MethodGet, "http://"+s.Addr(sg.Site)+u.Path); res.StatusCode == http.StatusOK {
				n++
			}
		}
		return n
	}
	if n := shown(); n != 30 || s.Released() != 30 {
		t.Errorf("%d ads are shown of 30 released", n)
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
	if n := shown(); n != 80 {
		t.Errorf("%d ads are shown of 80", n)
	}
	s.Release(0)
	if n := shown(); n != 0 {
		t.Errorf("%d ads are shown of none", n)
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
