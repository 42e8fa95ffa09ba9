package crawler_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/crawler"
	"varde/crawler/fetch"
	"varde/internal/ad"
)

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

// TestASightingSaysWhereItIsFrom, whole: a field that is lost here is lost for all that follows.
func TestASightingSaysWhereItIsFrom(t *testing.T) {
	const body = "<h1>Tittel</h1><p>Tekst p\xe5 norsk</p><img src='/img/1.png'><img src='https://cdn.example/2.png'>"
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/img/1.png": drawing, "/ad/1": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		_, _ = w.Write([]byte(body))
	}})
	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.FixedZone("", 7200))
	var got published
	r, err := newCrawler(t, crawler.Config{Publisher: &got, Now: func() time.Time { return now }}).Pass(t.Context(), m.target(t))
	if err != nil || len(got.ads) != 1 {
		t.Fatalf("%d ads, %+v, %v", len(got.ads), r, err)
	}
	s := got.ads[0]
	if len(s.Pictures) != 1 || s.Pictures[0].Image != 1 || s.Pictures[0].PHash == "" {
		t.Errorf("pictures %+v", s.Pictures)
	}
	s.Pictures = nil
	sum := sha256.Sum256([]byte(body)) // of the bytes as they were sent, not as they were read
	want := ad.Sighting{Site: "market.example", AdID: "1", URL: m.URL + "/ad/1", Category: ad.Massage, Title: "Tittel", Text: "Tekst på norsk", SeenAt: now.UTC(), Country: "NO",
		Images: []string{"/img/1.png", "https://cdn.example/2.png"},
		Provenance: ad.Provenance{Source: "crawl", Target: "market", Adapter: "css", PageSHA256: hex.EncodeToString(sum[:]), Region: "NO",
			Problems: []string{"picture 2 could not be read"}}}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
}

func TestPicturesAreFetchedAsTheTargetSays(t *testing.T) {
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/img/1.png": drawing, "/ad/1": html("<h1>x</h1><img src='/img/1.png'><img src='https://cdn.example/2.png'>")})
	got, r := pass(t, m.target(t, "pictures: hash", "pictures: none"), fetch.Limits{})
	if m.requests("/img/1.png") != 0 || r.Pictures != 0 || len(got.ads[0].Pictures) != 0 || len(r.Failed) != 0 {
		t.Errorf("none: %+v, %v", r, m.asked)
	}
	// Addresses are kept alike: a site that moves is not a new version of each ad.
	if want := []string{"/img/1.png", "https://cdn.example/2.png"}; !slices.Equal(got.ads[0].Images, want) {
		t.Errorf("none: images %q", got.ads[0].Images)
	}
	if _, r := pass(t, m.target(t), fetch.Limits{}); m.requests("/img/1.png") != 1 || r.Pictures != 1 {
		t.Errorf("hash: %+v, %v", r, m.asked)
	}
}

func TestABrokenPictureDoesNotLoseTheAd(t *testing.T) {
	page := "<h1>x</h1>"
	for _, src := range []string{"good.png", "gone.png", "text.png", "/private.png", "hop.png", "good.png?again"} {
		page += "<img src='/img/" + strings.TrimPrefix(src, "/img/") + "'>"
	}
	page = strings.ReplaceAll(page, "/img//private.png", "/private.png")
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/ad/1": html(page), "/img/good.png": drawing, "/img/text.png": html("no picture"), "/img/hop.png": redirect("/private.png"), "/private.png": drawing})
	got, r := pass(t, m.target(t), fetch.Limits{})
	if len(got.ads) != 1 || r.Pictures != 2 || len(got.ads[0].Pictures) != 2 || got.ads[0].Pictures[1].Image != 6 {
		t.Fatalf("%+v, %+v", got.ads, r)
	}
	if want := []string{"picture 2 could not be read", "picture 3 could not be read", "picture 4 could not be read", "picture 5 could not be read"}; !slices.Equal(got.ads[0].Provenance.Problems, want) {
		t.Errorf("problems %q", got.ads[0].Provenance.Problems)
	}
	if want := map[string]int{"gone": 1, "picture cannot be read": 1, "outside the target": 2}; !maps.Equal(r.Failed, want) {
		t.Errorf("failed %v", r.Failed)
	}
	if m.requests("/private.png") != 0 {
		t.Error("a picture outside the target was fetched")
	}
}

// TestAHostilePageDoesNotLoseTheOthers: each of them stands among good ads.
func TestAHostilePageDoesNotLoseTheOthers(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(make([]byte, 4<<20))
	_ = z.Close()
	for name, tt := range map[string]struct {
		page http.HandlerFunc
		want string
	}{
		"nested":          {html(strings.Repeat("<div>", 5000) + "<h1>x</h1>"), "page cannot be parsed"},
		"empty":           {html(""), "no ad on the page"},
		"another page":    {html("<h2>Logg inn</h2>"), "no ad on the page"},
		"binary":          {drawing, "no ad on the page"},
		"large":           {html("<h1>x</h1>" + strings.Repeat("x", 2<<20)), "too large"},
		"away":            {redirect("http://169.254.169.254/latest"), "outside the target"},
		"round and round": {redirect("/ad/2"), "too many redirects"},
		"another ad":      {redirect("/ad/1"), "seen under another address"},
		"silent":          {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "timeout"},
		"refused":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, "status 403"},
		"hung up":         {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "network"},
		"bomb": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		}, "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t, 3, map[string]http.HandlerFunc{"/ad/2": tt.page})
			got, r := pass(t, m.target(t), fetch.Limits{Bytes: 1 << 20, Timeout: 250 * time.Millisecond})
			if want := map[string]int{"1": 1, "3": 1}; !maps.Equal(got.ids(), want) {
				t.Errorf("published %v", got.ids())
			}
			if want := map[string]int{tt.want: 1}; !maps.Equal(r.Failed, want) || len(r.Warnings) > 0 {
				t.Errorf("%+v, want the reason %q", r, tt.want)
			}
		})
	}
}

func TestAPassEndsAtMaxPages(t *testing.T) {
	m := newMarket(t, 20, map[string]http.HandlerFunc{"/ads": list(20, `<a class="next" href="/ads?page=2">2</a>`)})
	got, r := pass(t, m.target(t, "max_pages: 1000", "max_pages: 8"), fetch.Limits{})
	if len(got.ads) != 7 || r.Pages != 8 || r.Failed["beyond max_pages"] != 14 {
		t.Errorf("%d ads, %+v", len(got.ads), r)
	}
}

func TestLinksAreFollowedOnceAndInside(t *testing.T) {
	m := newMarket(t, 2, map[string]http.HandlerFunc{
		"/ads": func(w http.ResponseWriter, r *http.Request) {
			// The list goes round in a circle, and names ads in more than one way.
			list(1, `<a class="ad" href="/ad/2?from=list">x</a><a class="ad" href="/ad/2?from=top#pictures">x</a><a class="ad" href="http://elsewhere.example/ad/3">x</a>`,
				`<a class="ad" href="/login">x</a><a class="ad" href="/ads/../login">x</a><a class="next" href="/ads?page=2">x</a><a class="next" href="/ads?page=`+r.FormValue("page")+`">x</a>`)(w, r)
		},
	})
	got, r := pass(t, m.target(t), fetch.Limits{})
	if want := map[string]int{"1": 1, "2": 1}; !maps.Equal(got.ids(), want) {
		t.Errorf("published %v", got.ids())
	}
	if want := map[string]int{"outside the target": 2, "seen under another address": 1}; !maps.Equal(r.Failed, want) {
		t.Errorf("failed %v", r.Failed)
	}
	for path, n := range m.asked {
		if n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
}

// TestAPassThatFoundNothingIsNoSuccess, and no error either: the operator is told what to look at.
func TestAPassThatFoundNothingIsNoSuccess(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	const changed, unread = "no ad was found", "no page could be read"
	for name, tt := range map[string]struct {
		pages  map[string]http.HandlerFunc
		down   bool
		warn   string
		failed map[string]int
	}{
		"no links":             {map[string]http.HandlerFunc{"/ads": html("<p>Er du et menneske?</p>")}, false, changed, map[string]int{}},
		"ads without words":    {map[string]http.HandlerFunc{"/ad/1": html(""), "/ad/2": html("")}, false, changed, map[string]int{"no ad on the page": 2}},
		"all ads are gone":     {map[string]http.HandlerFunc{"/ad/1": status(404), "/ad/2": status(410)}, false, changed, map[string]int{"gone": 2}},
		"blocked":              {map[string]http.HandlerFunc{"/ads": status(403)}, false, unread, map[string]int{"status 403": 1}},
		"robots.txt forbids":   {map[string]http.HandlerFunc{"/robots.txt": html("\nUser-agent: *\nDisallow: /")}, false, unread, map[string]int{"robots.txt": 1}},
		"robots.txt is broken": {map[string]http.HandlerFunc{"/robots.txt": status(500)}, false, unread, map[string]int{"robots.txt failed": 1}},
		"down":                 {nil, true, unread, map[string]int{"network": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t, 2, tt.pages)
			tg := m.target(t)
			if tt.down {
				m.Close()
			}
			got, r := pass(t, tg, fetch.Limits{})
			if len(got.ads) != 0 || len(r.Warnings) != 1 || !strings.HasPrefix(r.Warnings[0], tt.warn) || !maps.Equal(r.Failed, tt.failed) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestAnEndlessTextIsCut: the ad is kept, says so, and fits into a message.
func TestAnEndlessTextIsCut(t *testing.T) {
	m := newMarket(t, 1, map[string]http.HandlerFunc{"/ad/1": html("<h1>x</h1><p>" + strings.Repeat("&lt;æ", 700_000) + "</p>")})
	got, r := pass(t, m.target(t), fetch.Limits{})
	if len(got.ads) != 1 || len(r.Failed) != 0 {
		t.Fatalf("%d ads, %+v", len(got.ads), r)
	}
	if s := got.ads[0]; len(s.Text) > 256<<10 || len(s.Text) < 200<<10 || len(s.Provenance.Problems) != 1 || !strings.HasSuffix(s.Text, "<æ") && !strings.HasSuffix(s.Text, "<") {
		t.Errorf("%d bytes, %q, ends in %q", len(s.Text), s.Provenance.Problems, s.Text[len(s.Text)-4:])
	}
}
