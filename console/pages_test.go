package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"varde/console"
	"varde/internal/ad"
	"varde/internal/fault"
)

func TestQueue(t *testing.T) {
	p := reader(t)
	page := p.page("/queue")
	page.Has("tbody tr:first-child .band[data-band=high]", "Høy")
	page.Has("tbody tr:first-child [data-item]", "7 annonser, 3 navn, 1 telefon, 1 annen kontakt, Bergen → Stavanger, 4. okt.–15. nov.")
	if n := len(page.Texts("tbody tr:first-child .why > span:not([aria-hidden])")); n != 2 {
		t.Errorf("%d reasons, want the two strongest", n)
	}
	if n := page.Count(".queue tbody tr"); n != 25 {
		t.Errorf("%d rows, want 25", n)
	}
	page.Has(".choices a[aria-current]", "Alle", "41")
	page.Has(".pager", "1–25 av 41")
	page.Has("main", "41 nettverk fra 90 annonser.", "3 annonser henger ikke sammen med noen annen")
	page.HasNot("main", "n-single")
	second := p.page("/queue?page=2")
	if n := second.Count(".queue tbody tr"); n != 16 {
		t.Errorf("page 2 has %d rows, want 16", n)
	}
	high := p.page("/queue?band=high")
	if n := high.Count(".queue tbody tr"); n != 1 {
		t.Errorf("%d rows with high attention, want 1", n)
	}
	p.page("/queue?page=-3&band=none").Has(".pager", "1–25 av 41")
}

func TestEmptyQueueSaysHowToBegin(t *testing.T) {
	w := open(t, newRecords(), nil)
	p := w.signedIn(t)
	page := p.page("/queue")
	page.Has(".empty", "Ingen annonser ennå", "varde import", "varde demo")
	if page.Count(".queue") != 0 {
		t.Error("an empty table is shown")
	}
	p.page("/search?q=bergen").Has(".empty", "Ingen treff")
	p.page("/system").Has("main", "Annonser0", "Denne prosessen kan ikke se strømmen")
}

func TestQueuePageThatIsNoMore(t *testing.T) {
	res := reader(t).get("/queue?band=high&page=999")
	if to := res.header.Get("Location"); res.status != http.StatusSeeOther || to != "/queue?band=high&page=1" {
		t.Errorf("status %d to %q", res.status, to)
	}
}

func TestNetworkPage(t *testing.T) {
	p := reader(t)
	page := p.page("/networks/n-5f3a9c01b2d4")
	var order []string
	order = append(order, page.Texts("h2")...)
	if got := strings.Join(order, "|"); !strings.HasPrefix(got, "Hva er dette?|Hvorfor vises det?|Vurdering|Hva holder det sammen?|7 annonser|Hvordan annonsene henger sammen") {
		t.Errorf("sections come as %s", got)
	}
	page.Has(".lead", "7 annonser, 3 navn")
	page.Has(".panel .facts", "Først sett", "4. okt. 2026 kl. 14.05", "Bergen", "Stavanger", "nordmarked.example", "Seksuelle tjenester")
	page.Has("#reason-1", "22 poeng", "N01", "Hvorfor det kan bety noe", "Hva som kan være uskyldig", "Kilde", "Telefon +47 412 34 567 Ulike navn eller aldre: 3")
	page.Has("#reason-2", "Sterk", "80 % sikker lesing", "Nye jenter hver uke")
	page.Has("#reason-4", "1 600 kr per time – sammenlignet med 2 500 kr per time (412 annonser i Bergen)")
	page.Has(".identifiers tbody tr:first-child", "+47 412 34 567", "7 av 7", "Binder sammen")
	page.Has(".identifiers .hub", "+47 22 33 44 55", "3 av 7", "Brukt av mange")
	if n := page.Count(".ads tbody tr"); n != 7 {
		t.Errorf("%d ads, want 7", n)
	}
	page.Has(".ads tbody tr:first-child", "Mia, 22 år – Bergen sentrum", "Mia (22)", "4. okt. 2026")
	if n := page.Count(".links tbody tr"); n != 28 {
		t.Errorf("%d links in the table beside the graph, want 28", n)
	}
	page.Has(".links tbody tr:first-child", "nordmarked.example/84312", "Telefon")
	if got := page.Attrs("#graph", "data-graph"); len(got) != 1 || got[0] != "/networks/n-5f3a9c01b2d4/graph" {
		t.Errorf("graph at %q", got)
	}
}

// TestTheShareOfAdsIsNoCertainty: what five of six ads show is told so, and how surely it was read beside it.
func TestTheShareOfAdsIsNoCertainty(t *testing.T) {
	r := fill()
	n := r.networks["n-5f3a9c01b2d4"]
	n.Indicators = []ad.Indicator{
		{Code: "S01", Points: 7, Confidence: 6.0 / 7, Evidence: []ad.Evidence{{Figure: &ad.Figure{What: "ads", Value: 6, Compared: 7}}}},
		{Code: "S12", Points: 3, Confidence: 0.5 * 2 / 7, Evidence: []ad.Evidence{{Figure: &ad.Figure{What: "ads", Value: 2, Compared: 7}}}},
	}
	r.networks[n.ID] = n
	page := open(t, r, nil).signedIn(t).page("/networks/" + n.ID)
	page.Has("#reason-1 .reason-weight", "I 6 av 7 annonser")
	page.HasNot("#reason-1 .reason-weight", "sikker lesing")
	page.Has("#reason-1 .figure", "Annonser: 6 av 7")
	page.Has("#reason-2 .reason-weight", "I 2 av 7 annonser", "50 % sikker lesing")
}

// TestWhatCountsNothingSaysWhy: what others took from an ad, and codes beside the score.
func TestWhatCountsNothingSaysWhy(t *testing.T) {
	r := fill()
	key := ad.Key("nordmarked.example/84312")
	a := r.ads[key]
	a.Indicators = append(slices.Clone(a.Indicators), ad.Indicator{Code: "N03", Note: ad.AddedByOthers, Evidence: []ad.Evidence{{Value: "phone:" + ringPhone}}},
		ad.Indicator{Code: "X04", Confidence: 1, Evidence: []ad.Evidence{{Figure: &ad.Figure{What: "places_at_once", Value: 9}}}})
	r.ads[key] = a
	body := open(t, r, nil).signedIn(t).get("/ad?key=" + string(key)).body
	for _, want := range []string{"andre har lagt dette til", "Teller for søppel"} {
		if strings.Count(body, want) != 1 {
			t.Errorf("%q stands %d times", want, strings.Count(body, want))
		}
	}
}

func TestOldIDLeadsToTheNewOne(t *testing.T) {
	p := reader(t)
	res := p.get("/networks/n-00000000old0")
	to := res.header.Get("Location")
	if res.status != http.StatusFound || to != "/networks/n-5f3a9c01b2d4?was=n-00000000old0" {
		t.Fatalf("status %d to %q", res.status, to)
	}
	p.page(to).Has(".notice", "n-00000000old0 er gått inn i dette nettverket")
	if res := p.get("/networks/n-none"); res.status != http.StatusNotFound {
		t.Errorf("unknown network: status %d", res.status)
	}
}

func TestAdPage(t *testing.T) {
	p := reader(t)
	page := p.page("/ad?key=" + url.QueryEscape("nordmarked.example/84312"))
	page.Has(".words-title", "Mia, 22 år – Bergen sentrum")
	page.Has(".words-text", "Hei, jeg er Mia, ny i byen", "Incall sentralt, 24/7.")
	page.Has(".words mark[data-mark=both]", "4I2 34 567")
	page.Has(".words mark[data-mark=identifier]", "@mia_bergen")
	page.Has(".words mark[data-mark=reason]", "Nye jenter hver uke")
	if got := strings.Join(page.Texts(".words mark[data-mark=reason]"), "|"); !strings.Contains(got, "Ekte bilder, 100 %|pålitelig") && !strings.Contains(got, "Ekte bilder, 100 % |pålitelig") {
		t.Errorf("overlapping spans are marked as %q", got)
	}
	refs := page.Attrs(".words a.ref", "href")
	if len(refs) != 3 {
		t.Errorf("references %q, want one where each span of a reason ends", refs)
	}
	for _, ref := range refs {
		if page.Count(ref) != 1 {
			t.Errorf("%s leads nowhere", ref)
		}
	}
	page.Has(".marked", "Telefon", "412 34 567")
	page.Has(".panel", "+47 412 34 567", "telegram: mia_bergen", "800 kr per halvtime", "norsk")
	page.Has(".pictures tbody tr:first-child", "img/1.jpg", "800 × 1200", "c3d1e0f0a1b2c3d4", strings.Repeat("ab", 32))
	page.Has(".pictures tbody tr:nth-child(2)", "Ikke hentet")
	page.Has(".provenance", "https://nordmarked.example/ad/84312", strings.Repeat("cd", 32), "nordmarked", "Hentet fra nettsted")
	page.Has("main", "picture 2: status 404")
	for _, href := range append(page.Attrs("a", "href"), page.Attrs("img, script, link, iframe", "src")...) {
		if u, err := url.Parse(href); err != nil || u.Host != "" {
			t.Errorf("a link leaves the console: %s", href)
		}
	}
	if n := page.Count("img"); n != 0 {
		t.Errorf("%d pictures on the page", n)
	}
	imported := p.page("/ad?key=" + url.QueryEscape("jobbtorget.example/0"))
	imported.Has(".provenance", "job_ads.csv:2", "Lest fra fil")
	if res := p.get("/ad?key=none/1"); res.status != http.StatusNotFound {
		t.Errorf("unknown ad: status %d", res.status)
	}
	if res := p.get("/ad"); res.status != http.StatusNotFound {
		t.Errorf("no ad: status %d", res.status)
	}
}

func TestOlderVersionOfAnAd(t *testing.T) {
	p := reader(t)
	key := "/ad?key=" + url.QueryEscape("nordmarked.example/84312")
	links := p.page(key).Attrs(".versions a", "href")
	if len(links) != 1 {
		t.Fatalf("versions link to %q", links)
	}
	page := p.page(links[0])
	page.Has(".notice", "tidligere versjon", "2. okt. 2026 kl. 14.05")
	page.Has(".words-text", "Hei, jeg heter Mia.")
	page.Has(".words mark[data-mark=identifier]", "412 34 567")
	page.HasNot(".words", "Nye jenter")
	page.Has("main", "Ingen grunner er funnet i denne annonsen")
	if res := p.get(key + "&version=0123456789abcdef"); res.status != http.StatusNotFound {
		t.Errorf("unknown version: status %d", res.status)
	}
}

func TestSearch(t *testing.T) {
	w, p := shared(t), reader(t)
	p.page("/search").Has("details[open]", "Slik søker du", "telefonnummer")
	page := p.page("/search?q=jenter")
	page.Has(".understood", "Forstått som: jenter", "4 endringer er ikke søkbare ennå")
	page.Has(".choices a[aria-current]", "Annonser", "7")
	page.Has(".hits .fragment mark[data-mark=match]", "jenter")
	page.Has(".facets", "Nettsted", "nordmarked.example", "4", "vestlysning.example", "3")
	links := page.Attrs(".facets a", "href")
	if len(links) != 2 {
		t.Fatalf("facets link to %q", links)
	}
	narrow := p.page(links[0])
	if n := narrow.Count(".hits > li"); n != 4 {
		t.Errorf("%d hits on one site, want 4", n)
	}
	narrow.Has(".chip", "Nettsted: nordmarked.example")
	if drop := narrow.Attrs(".chip", "href"); len(drop) != 1 || strings.Contains(drop[0], "f.site") {
		t.Errorf("the filter is dropped by %q", drop)
	}
	for _, spelling := range []string{"412 34 567", "+4741234567", "0047 41 23 45 67"} {
		p.page("/search?q="+url.QueryEscape(spelling)).Has(".choices a[aria-current]", "7")
	}
	networks := p.page("/search?kind=network&q=jenter")
	networks.Has(".hits [data-item]", "7 annonser, 3 navn")
	many := p.page("/search?q=kokk")
	many.Has(".pager", "1–20 av 83")
	p.page("/search?q=kokk&page=5").Has(".pager", "81–83 av 83")
	if strings.Contains(w.log.String(), "kokk") || strings.Contains(w.log.String(), "41234567") {
		t.Error("what was searched for is in the log")
	}
}

func TestSystem(t *testing.T) {
	w := filled(t, aside{{Seq: 7, Stage: "detect", ID: "x", Reason: "detectors: text is no UTF-8", Deliveries: 4, At: day(20), Size: 900}},
		fault.Notice{Kind: fault.StreamMissing, About: "SIGHTINGS"})
	page := w.signedIn(t).page("/system")
	page.Has(".notice", "Strømmen SIGHTINGS manglet")
	page.Has(".panel", "Annonser", "90", "Nettverk med to eller flere annonser", "41")
	page.Has(".panel", "1 234", "1 230", "Søket ligger 4 endringer etter.")
	page.Has(".aside tbody tr", "7", "Lesing av annonser", "detectors: text is no UTF-8", "4", "21. okt. 2026 kl. 14.05")
	page.Has("main", "1 melding kunne ikke behandles og venter", "varde dead replay")
}

func TestEnglish(t *testing.T) {
	w := filled(t, nil)
	p := w.signedIn(t)
	if res := p.post("/language", "lang", "en", "next", "/networks/n-5f3a9c01b2d4"); res.status != http.StatusSeeOther || res.header.Get("Location") != "/networks/n-5f3a9c01b2d4" {
		t.Fatalf("status %d to %q", res.status, res.header.Get("Location"))
	}
	if w.users[w.name].Lang != "en" {
		t.Error("the account does not keep its language")
	}
	page := p.page("/networks/n-5f3a9c01b2d4")
	page.Has("html[lang=en] h1", "Network n-5f3a9c01b2d4")
	page.Has(".lead", "7 ads, 3 names, 1 phone, 1 other contact, Bergen → Stavanger, 4 Oct–15 Nov 2026")
	page.Has("#reason-4", "NOK 1,600 an hour – compared with NOK 2,500 an hour (412 annonser i Bergen)")
	page.Has(".facts time", "4 Oct 2026, 14:05")
	if got := page.Attrs(".facts time", "title"); len(got) == 0 || got[0] != "2026-10-04 14:05:00 CEST (Europe/Oslo)" {
		t.Errorf("times explain themselves as %q", got)
	}
	if res := p.post("/language", "lang", "tlh"); res.status != http.StatusBadRequest {
		t.Errorf("an unknown language: status %d", res.status)
	}
}

// neverUsed are words for people that a program must not use of anybody (console.md, safeguards 3).
var neverUsed = []string{"victim", "trafficker", "suspect", "offer for", "menneskehand", "mistenk", "bakmann", "prostitu", "gjerningsm"}

func TestWordsNeverUsed(t *testing.T) {
	w, _ := crawling(t)
	p := w.signedIn(t)
	for _, lang := range []string{"nb", "en"} {
		p.post("/language", "lang", lang)
		for _, path := range []string{"/queue", "/search?q=jenter", "/networks/n-5f3a9c01b2d4", "/ad?key=nordmarked.example%2F84312", "/system", "/password", "/none",
			"/targets", "/targets/nordmarked", "/targets/vestlysning", "/targets/bymarked/approve", "/targets/nordmarked/versions/2", "/targets/nordmarked/try", "/targets/nordmarked/edit", "/pause"} {
			body := strings.ToLower(p.get(path).body)
			for _, word := range neverUsed {
				if strings.Contains(body, word) {
					t.Errorf("%s (%s) says %q", path, lang, word)
				}
			}
		}
	}
}

func TestNewNeedsItsParts(t *testing.T) {
	if _, err := console.New(console.Config{}, console.Deps{}); err == nil {
		t.Error("a console without anything was made")
	}
}
