package adapter_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

	"varde/crawler/adapter"
)

// TestListsAreKnownByTheirContent: whatever the site calls them, and whatever their address ends in.
func TestListsAreKnownByTheirContent(t *testing.T) {
	const m = "https://market.example"
	tg := spec(t, `{kind: structured, ad_path: "^/ad/(\\d+)"}`)
	for file, want := range map[string]struct {
		shape     string
		ads, next []string
		problem   string
	}{
		"sitemap.xml":       {"sitemap", []string{m + "/ad/1 2026-10-02T22:00:00Z", m + "/ad/2?a=1&b=2 2026-10-01T10:00:00Z", m + "/ad/3?a=1&b=2", m + "/ad/4"}, []string{m + "/more-ads.xml"}, `modified: "soon" is not a time`},
		"sitemap-index.xml": {"sitemap index", nil, []string{m + "/sitemap-1.xml.gz 2026-10-01T12:00:00Z", m + "/sitemap-2.xml"}, ""},
		"prefixed.xml":      {"sitemap", []string{m + "/ad/1 2026-09-30T22:00:00Z"}, nil, ""},
		"rss2.xml":          {"rss", []string{m + "/ad/1 2026-10-01T08:00:00Z", m + "/ad/2", m + "/ad/3"}, []string{m + "/feed?page=2"}, `modified: "i fjor" is not a time`},
		"rss1.rdf":          {"rss", []string{m + "/ad/1 2026-10-01T10:00:00Z", m + "/ad/2"}, nil, ""},
		"atom.xml":          {"atom", []string{m + "/ad/1 2026-10-01T10:00:00Z", m + "/ad/2 2026-10-02T08:00:00Z", m + "/ad/3"}, []string{m + "/atom?page=2"}, ""},
		"broken.xml":        {"sitemap", []string{m + "/ad/1", m + "/ad/2?x=1&y=2", m + "/ad/3", m + "/ad/4"}, nil, ""},
		"sitemap.txt":       {"sitemap", []string{m + "/ad/1", m + "/ad/2"}, nil, ""},
		"feed.json":         {"json", []string{m + "/ad/1 2026-10-01T10:00:00Z", m + "/ad/2 2026-10-02T08:00:00Z"}, []string{m + "/feed?page=2"}, `list.ads: 1 addresses do not fit ad_path, such as "/about"`},
		"page.html":         {"html", []string{m + "/ad/1", m + "/ad/2", m + "/ad/9"}, []string{m + "/ads?page=2"}, ""},
	} {
		body := read(t, filepath.Join("testdata/lists", file))
		for how, b := range map[string][]byte{"as it is": body, "packed": packed(t, body), "with a mark": append([]byte("\xef\xbb\xbf"), body...), "in UTF-16": utf16(t, body), "after lines": append([]byte("\n \n"), body...)} {
			for _, contentType := range []string{"text/html", "application/octet-stream", ""} {
				p := page("")
				p.Body, p.ContentType = b, contentType
				got, err := list(t, tg, p)
				if err != nil {
					t.Fatalf("%s %s: %v", file, how, err)
				}
				checkLinks(t, got)
				if ads, next := addresses(got.Ads), addresses(got.Next); got.Shape != want.shape || !reflect.DeepEqual(ads, want.ads) || !reflect.DeepEqual(next, want.next) || strings.Join(got.Problems, "; ") != want.problem {
					t.Fatalf("%s %s: %s, problems %q\nads  %q\nwant %q\nnext %q\nwant %q", file, how, got.Shape, got.Problems, ads, want.ads, next, want.next)
				}
			}
		}
	}
}

func packed(t testing.TB, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func utf16(t testing.TB, body []byte) []byte {
	t.Helper()
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSitemapsCutAnywhereLeadNowhereElse: the half of an address is another one.
func TestSitemapsCutAnywhereLeadNowhereElse(t *testing.T) {
	tg := spec(t, `{kind: structured, ad_path: "^/ad/(\\d+)"}`)
	for _, file := range []string{"sitemap.xml", "sitemap-index.xml", "rss2.xml", "rss1.rdf", "atom.xml", "broken.xml"} {
		body := read(t, filepath.Join("testdata/lists", file))
		whole, err := list(t, tg, page(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, l := range slices.Concat(whole.Ads, whole.Next) {
			known[l.URL.String()] = true
		}
		for n := range body {
			got, err := adapter.List(page(string(body[:n])), tg)
			if err != nil {
				t.Fatalf("%s cut at %d: %v", file, n, err)
			}
			for _, l := range slices.Concat(got.Ads, got.Next) {
				if !known[l.URL.String()] && got.Shape != "html" {
					t.Fatalf("%s cut at %d leads to %s", file, n, l.URL)
				}
			}
		}
	}
}

// TestPackedSitemapsAreBounded: 50 MB, as sitemaps.org has it, whatever is packed.
func TestPackedSitemapsAreBounded(t *testing.T) {
	tg := spec(t, `{kind: structured, ad_path: "^/ad/(\\d+)"}`)
	bomb := append(packed(t, []byte("https://market.example/ad/1\n")), bytes.Repeat(packed(t, bytes.Repeat([]byte(" "), 1<<20)), 60)...) // of many parts, each small
	got, err := adapter.List(&adapter.Page{URL: page("").URL, Body: bomb}, tg)
	if err != nil || len(got.Ads) != 1 || len(got.Problems) != 1 || !strings.Contains(got.Problems[0], "more than 50 MB") {
		t.Errorf("%q, %v, %v", got.Problems, addresses(got.Ads), err)
	}
	whole := packed(t, []byte("<urlset>"+repeat("<url><loc>https://market.example/ad/%d</loc></url>", 1000)))
	got, err = adapter.List(&adapter.Page{URL: page("").URL, Body: whole[:len(whole)/2]}, tg)
	if err != nil || len(got.Ads) < 100 || len(got.Ads) >= 1000 || len(got.Problems) != 1 || !strings.Contains(got.Problems[0], "unpacked as far as it goes") {
		t.Errorf("cut: %q, %d, %v", got.Problems, len(got.Ads), err)
	}
	if got, err := adapter.List(&adapter.Page{URL: page("").URL, Body: []byte("\x1f\x8bnot packed")}, tg); err == nil || len(got.Problems) == 0 {
		t.Errorf("not packed: %+v, %v", got, err)
	}
}

func TestListsHaveAnEnd(t *testing.T) {
	tg := spec(t, `{kind: structured, ad_path: "^/ad/(\\d+)"}`)
	for name, format := range map[string][3]string{
		"sitemap": {"<urlset>", "<url><loc>https://market.example/ad/%d</loc></url>", ""},
		"index":   {"<sitemapindex>", "<sitemap><loc>https://market.example/%d.xml</loc></sitemap>", ""},
		"html":    {"", "<a href=/ad/%d>", ""},
		"json":    {`{"items":[`, `{"url":"/ad/%d"},`, "]}"},
		"text":    {"", "https://market.example/ad/%d\n", ""},
	} {
		for _, n := range []int{50_000, 50_001} {
			if name != "sitemap" && (n == 50_000 || sparsely > 1) {
				continue
			}
			got, err := adapter.List(page(format[0]+repeat(format[1], n)+format[2]), tg)
			told := slices.ContainsFunc(got.Problems, func(p string) bool { return strings.Contains(p, "more than 50000 addresses") })
			if err != nil || len(got.Ads)+len(got.Next) != 50_000 || told != (n > 50_000) {
				t.Errorf("%d of %s: %d, %q, %v", n, name, len(got.Ads)+len(got.Next), got.Problems, err)
			}
		}
	}
}

// TestLinksLeadWhereABrowserWouldGo: on https://market.example/ad/7.
func TestLinksLeadWhereABrowserWouldGo(t *testing.T) {
	tg := spec(t, `{kind: css, list: {next: a}, ad_path: ^/never/(x), fields: {title: {selector: h1}}}`)
	for name, tt := range map[string]struct {
		page string
		want []string
	}{
		"absolute":               {`<a href="http://other.example/x">`, []string{"http://other.example/x"}},
		"without scheme":         {`<a href="//other.example/x">`, []string{"https://other.example/x"}},
		"of the site":            {`<a href="/x">`, []string{"https://market.example/x"}},
		"beside":                 {`<a href="8">`, []string{"https://market.example/ad/8"}},
		"above":                  {`<a href="../../../x">`, []string{"https://market.example/x"}},
		"query":                  {`<a href="?page=2&amp;sort=a b">`, []string{"https://market.example/ad/7?page=2&sort=a b"}},
		"fragments are off":      {`<a href="8#a"><a href="8#b">`, []string{"https://market.example/ad/8"}},
		"white space":            {"<a href=' \n/x\t'>", []string{"https://market.example/x"}},
		"in order, once":         {`<a href="/b"><a href="/a"><a href="/b">`, []string{"https://market.example/b", "https://market.example/a"}},
		"nowhere":                {`<a><a href=""><a href="#top"><a href=" ">`, nil},
		"no page":                {`<a href="javascript:x"><a href="mailto:a@b.example"><a href="tel:1"><a href="data:,x"><a href="ftp://x/y"><a href="file:///etc/passwd">`, nil},
		"no host":                {`<a href="http:"><a href="https:///x"><a href="http:x">`, nil},
		"broken":                 {`<a href="http://[::1"><a href="%zz"><a href="http://a b/">`, nil},
		"base":                   {`<base href="/list/"><a href="8"><a href="/x">`, []string{"https://market.example/list/8", "https://market.example/x"}},
		"base elsewhere":         {`<base href="https://cdn.example/y/z"><a href="8">`, []string{"https://cdn.example/y/8"}},
		"the first base":         {`<base target="_blank"><base href="/a/"><base href="/b/"><a href="8">`, []string{"https://market.example/a/8"}},
		"a base of nothing":      {`<base href=""><a href="8">`, []string{"https://market.example/ad/8"}},
		"a base that is no page": {`<base href="data:text/html,x"><a href="8">`, []string{"https://market.example/ad/8"}},
	} {
		got, err := list(t, tg, page(tt.page))
		if have := addresses(got.Next); err != nil || !slices.Equal(have, tt.want) {
			t.Errorf("%s: %q, %v; want %q", name, have, err, tt.want)
		}
	}
}

// TestTheTargetSaysWhatLeadsToAds: and the operator hears where it does not fit.
func TestTheTargetSaysWhatLeadsToAds(t *testing.T) {
	const body = `<a class=ad href=/ad/1></a><a class=ad href=/vip/2></a><a href=/ad/3></a><a rel=next href=/ads/2></a>`
	for name, tt := range map[string]struct{ list, ads, next, problems string }{
		"selectors":      {`{ads: .ad, next: "a[rel=next]"}`, "https://market.example/ad/1", "https://market.example/ads/2", `list.ads: 1 addresses do not fit ad_path, such as "/vip/2"`},
		"none":           {`{}`, "https://market.example/ad/1 https://market.example/ad/3", "https://market.example/ads/2", ""},
		"no next":        {`{ads: .ad}`, "https://market.example/ad/1", "", `list.ads: 1 addresses do not fit ad_path, such as "/vip/2"`},
		"only next":      {`{next: "[href='/vip/2']"}`, "https://market.example/ad/1 https://market.example/ad/3", "https://market.example/vip/2", ""},
		"finds nothing":  {`{ads: .none}`, "", "", ""},
		"an ad and next": {`{ads: .ad, next: a}`, "https://market.example/ad/1", "https://market.example/ad/3 https://market.example/ads/2", `list.ads: 1 addresses do not fit ad_path, such as "/vip/2"`},
	} {
		got, err := list(t, spec(t, `{kind: css, list: `+tt.list+`, ad_path: "^/ad/(\\d+)", fields: {title: {selector: h1}}}`), page(body))
		ads, next := strings.Join(addresses(got.Ads), " "), strings.Join(addresses(got.Next), " ")
		if err != nil || ads != tt.ads || next != tt.next || strings.Join(got.Problems, "; ") != tt.problems {
			t.Errorf("%s: ads %q, next %q, problems %q, %v", name, ads, next, got.Problems, err)
		}
	}
}

func TestWhatIsNoList(t *testing.T) {
	tg, feed := spec(t, `{kind: css, ad_path: "^/ad/(\\d+)", fields: {title: {selector: h1}}}`), load(t, "../../configs/targets/nav.yaml")
	for name, body := range map[string]string{"a picture": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "broken JSON": `{"items": [{"url": `} {
		if got, err := list(t, tg, page(body)); err == nil || !strings.Contains(err.Error(), "/ad/7") || len(got.Ads) > 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, body := range map[string]string{"nothing": "", "words": "ikke funnet", "XML": "<x/>", "a number": "7"} {
		if got, err := list(t, tg, page(body)); err != nil || len(got.Ads)+len(got.Next) > 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, err := list(t, feed, page("<h1>Vedlikehold</h1>")); err == nil || len(got.Ads) > 0 {
		t.Errorf("a page where there is to be JSON: %+v, %v", got, err)
	}
}

// TestJSONInScriptsLeadsToAds: sites that are built by their scripts bring their lists along.
func TestJSONInScriptsLeadsToAds(t *testing.T) {
	tg := spec(t, `{kind: json, list: {ads: "props.ads[*].url", next: props.next}, ad_path: "^/ad/(\\d+)", fields: {title: {selector: props.title}}}`)
	p := page(`<script>x</script><script type="application/json">{"a":1}</script><script id=data type="application/json">{"props":{"title":"Hei","next":"/ads?p=2","ads":[{"url":"/ad/1"},{"url":"/ad/2","updated":1790000000}]}}</script>`)
	got, err := list(t, tg, p)
	if ads := addresses(got.Ads); err != nil || !slices.Equal(ads, []string{"https://market.example/ad/1", "https://market.example/ad/2 " + time.Unix(1790000000, 0).UTC().Format(time.RFC3339)}) || len(got.Next) != 1 {
		t.Errorf("%q, %v, %v", ads, addresses(got.Next), err)
	}
	if r, err := extract(t, tg, p); err != nil || r.Ad.Title != "Hei" {
		t.Errorf("%+v, %v", r, err)
	}
}

// repeat makes a text of many different parts.
func repeat(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
