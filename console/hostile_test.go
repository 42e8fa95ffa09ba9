package console_test

import (
	"net/url"
	"strings"
	"testing"

	"varde/internal/ad"
	"varde/internal/fault"
)

// hostile are words that somebody could put in an ad to act on the page that shows it.
var hostile = []string{
	`<script>window.hit=1</script>`, `"><img src=x onerror=window.hit=1>`, `'><svg/onload=window.hit=1>`, `</title><script>window.hit=1</script>`,
	`javascript:window.hit=1`, `{{.User}} ${window.hit=1} <%= 1 %>`, `</textarea></style></script><script>window.hit=1</script>`,
	`<a href="https://evil.example/">klikk</a>`, `<base href="https://evil.example/">`, `<meta http-equiv="refresh" content="0;url=https://evil.example/">`,
	`<iframe src="https://evil.example/"></iframe>`, `<form action="https://evil.example/"><input name=q></form>`, `<!--`, `]]>`, `&lt;script&gt;`, `<link rel=stylesheet href=//evil.example>`,
	`<div hx-get="https://evil.example/" hx-trigger="load">`, `<p hx-on:click="window.hit=1" data-keys data-item>`, "a\u202etxt.exe", "\u2066\u2067\u200b\u200d\ufeff\u00ad", "nul\x00 esc\x1b[31m", "\xff\xfe bad utf-8",
}

// hostileRecord puts all of it into every field of an ad and its network.
func hostileRecord() (*records, string, string) {
	all := strings.Join(hostile, " ")
	long := strings.Repeat("A", 200_000)
	r := newRecords()
	s := ad.Sighting{Site: "evil.example", AdID: "../" + all, URL: "javascript:window.hit=1//" + all, Category: ad.Category(all), Title: all, Text: all + "\n" + long,
		Language: all, SeenAt: day(1), Location: all, Country: "NO", Advertiser: all, Phones: []string{all, long[:10_000]}, Contacts: []string{all}, Images: []string{all},
		Prices:     []ad.Price{{Amount: 1e300, Currency: "<b>", Per: all}},
		Pictures:   []ad.Picture{{Image: 1, SHA256: all, PHash: all}, {Image: 1 << 40}, {Image: -4}},
		Provenance: ad.Provenance{Source: all, Target: all, File: all, Adapter: all, PageSHA256: all, Problems: []string{all}}}
	ind := []ad.Indicator{{Code: all, Points: 5, Confidence: 1, Evidence: []ad.Evidence{
		{Field: ad.FieldText, End: len(hostile[0]), Quote: hostile[0]}, {Field: ad.FieldText, Start: -5, End: 1 << 40, Quote: all}, {Field: ad.Field(all), Quote: all, Value: all, Ads: []ad.Key{s.Key()},
			Figure: &ad.Figure{What: all, Value: 1, Unit: all, Compared: 2, Basis: all}}}}, {Code: "", Points: 1}}
	ids := []ad.Identifier{{Kind: ad.Phone, Value: all}, {Kind: ad.Handle, Value: all}, {Kind: ad.Kind(all), Value: long}}
	f := ad.Finding{Sighting: s, Language: all, Identifiers: ids, Indicators: ind, Rules: all}
	a := ad.Ad{Key: s.Key(), Finding: f, FirstSeen: day(1), LastSeen: day(2), Sightings: 1, Versions: 1, Identifiers: ids, Standing: ad.Standing{Network: "n-evil", Band: ad.High, Indicators: ind}}
	b := a
	b.Key = "evil.example/2"
	n := networkOf("n-evil", 0.9, ad.High, a, b)
	n.Indicators, n.Places, n.Sites, n.Categories = ind, []string{all, long}, []string{all}, []ad.Category{ad.Category(all)}
	r.add(n, a, b)
	return r, string(a.Key), all
}

func TestHostileWordsAreOnlyShown(t *testing.T) {
	r, key, all := hostileRecord()
	w := open(t, r, aside{{Seq: 1, Stage: all, ID: all, Reason: all, At: day(1)}}, fault.Notice{Kind: fault.StreamMissing, About: all})
	p := w.signedIn(t)
	for _, path := range []string{
		"/queue", "/networks/n-evil", "/networks/n-evil?was=" + url.QueryEscape(all), "/networks/" + url.PathEscape(all), "/ad?key=" + url.QueryEscape(key),
		"/search?q=" + url.QueryEscape(all), "/search?q=script&f.site=" + url.QueryEscape(all) + "&f." + url.QueryEscape(all) + "=x", "/search?kind=network&q=script", "/system", "/queue?band=" + url.QueryEscape(all),
	} {
		res := p.get(path)
		if res.status != 200 && res.status != 404 {
			t.Errorf("%.40s: status %d\n%s", path, res.status, w.log)
			continue
		}
		page := res.page()
		for _, bad := range []string{"main script", "main style", "main img", "main iframe", "main meta", "base", "main link", "[onerror], [onload], [onclick]", "[style]", "main [hx-get], main [hx-on\\:click]", "a[href^=javascript]"} {
			if n := page.Count(bad); n != 0 {
				t.Errorf("%.40s: %d of %s", path, n, bad)
			}
		}
		for _, href := range append(page.Attrs("a, link", "href"), page.Attrs("form", "action")...) {
			if u, err := url.Parse(href); err != nil || u.Scheme != "" || u.Host != "" {
				t.Errorf("%.40s: a link leads to %.80q", path, href)
			}
		}
		for _, c := range []string{"\u202e", "\u2066", "\u2067", "\u200b", "\u200d", "\ufeff", "\u00ad", "\x00", "\x1b"} {
			if strings.Contains(res.body, c) {
				t.Errorf("%.40s: %q goes out unmarked", path, c)
			}
		}
		if len(res.body) > 2<<20 {
			t.Errorf("%.40s: the page has %d bytes", path, len(res.body))
		}
	}
	page := p.page("/ad?key=" + url.QueryEscape(key))
	page.Has(".words-text", hostile[0], "U+202E", "U+2066", "U+200B")
	page.Has(".unseen[title='RIGHT-TO-LEFT OVERRIDE']", "U+202E")
	page.Has(".words-text", strings.Repeat("A", 200_000))
	graph := p.get("/networks/n-evil/graph")
	if ct := graph.header.Get("Content-Type"); ct != "application/json" || strings.Contains(graph.body, "<script>") {
		t.Errorf("graph as %s: %.200s", ct, graph.body)
	}
}
