package adapter_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"varde/crawler/adapter"
)

// TestDeepNestingIsReadInAPlainerWay: html.Parse gives up at 512 nested elements, and a site must not become unreadable by that.
func TestDeepNestingIsReadInAPlainerWay(t *testing.T) {
	tg := spec(t, `{kind: css, list: {ads: "ul.ads li > a.ad", next: "a[rel=next]"}, ad_path: "^/ad/(\\d+)", fields: {title: {selector: h1}, text: {selector: "#ad .text"}, phones: {selector: "a[href^='tel:']", attr: href, all: true}, price: {selector: "td.price"}, images: {selector: img, attr: src}}}`)
	const ad = `<h1>Ny i byen</h1><div id="ad" class="x y"><p class="text">Hei <b>du</b>,<br>ring<p>ikke dette</p></div><a href="tel:90000001">Ring</a><table><tr><td>Pris<td class=price>1500 kr<td>x</table><img src=a.jpg>` +
		`<ul class=ads><li><a class=ad href=/ad/1>En</a><li><a class=ad href=/ad/2>To</a></ul><a rel=next href=/ads?p=2>Neste</a>`
	for name, before := range map[string]string{
		"few divs": strings.Repeat("<div>", 100), "600 divs": strings.Repeat("<div>", 600), "100,000 divs": strings.Repeat("<div>", 100_000), "words": strings.Repeat("<b><i>", 300) + strings.Repeat("</i></b>", 300),
		"spans": strings.Repeat("<span>", 600), "tables": strings.Repeat("<table><tr><td>", 300), "lists": strings.Repeat("<ul><li>", 400), "closed": strings.Repeat("<div>", 600) + strings.Repeat("</div>", 600),
		"forms and svg": strings.Repeat("<svg><g>", 300) + strings.Repeat("</g></svg>", 300), "unknown": strings.Repeat("<x-y>", 700),
	} {
		p := page("<title>Tittel</title>" + before + ad)
		got, err := extract(t, tg, p)
		if fell := name != "few divs"; err != nil || got.FellBack != fell || len(got.Problems) > 0 {
			t.Fatalf("%s: fell back %v, %q, %v", name, got.FellBack, got.Problems, err)
		}
		a := got.Ad
		if a.Title != "Ny i byen" || a.Text != "Hei du,\nring" || len(a.Phones) != 1 || len(a.Prices) != 1 || a.Prices[0].Amount != 1500 || len(a.Images) != 1 {
			t.Errorf("%s: %+v", name, a)
		}
		l, err := list(t, tg, p)
		if err != nil || len(l.Ads) != 2 || len(l.Next) != 1 || l.FellBack != got.FellBack {
			t.Errorf("%s: %q, %q, %v", name, addresses(l.Ads), addresses(l.Next), err)
		}
		if text := adapter.Text(p); !strings.HasPrefix(text, "Tittel\n") || !strings.Contains(text, "Ny i byen\nHei du,\nring\nikke dette\nRing\nPris 1500 kr x") {
			t.Errorf("%s as text: %q", name, text)
		}
	}
	got, err := extract(t, structured(t), page(strings.Repeat("<div>", 600)+block(`{"@type":"Offer","name":"Hybel"}`)+`<meta property="og:image" content="/a.jpg"><p itemscope itemtype="https://schema.org/Offer"><b itemprop="description">Sentralt</b></p>`))
	if err != nil || got.Ad.Title != "Hybel" || len(got.Ad.Images) != 1 || !got.FellBack {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestPagesMadeToBeLargeAreReadInBounds: by time and by memory. Each is what makes a reader of HTML do far more than the page is long.
func TestPagesMadeToBeLargeAreReadInBounds(t *testing.T) {
	tg := spec(t, `{kind: css, ad_path: "^/ad/(\\d+)", fields: {title: {selector: h1}, text: {selector: p, all: true}, phones: {selector: "[href^='tel:']", attr: href, all: true}, images: {selector: img, attr: src, all: true}, price: {selector: .price, all: true}, contacts: {selector: div, all: true}}}`)
	const n = 310_000 / sparsely
	for name, body := range map[string]string{
		"a million elements":        strings.Repeat("<i></i>", 1_000_000/sparsely),
		"elements in elements":      strings.Repeat("<div>x", n),
		"letters reopened":          "<p>" + repeat("<b a=%d>", 400) + "</p>" + strings.Repeat("<p>x</p>", n),
		"letters, with quotes":      "<p>" + repeat(`<b a="%d" b='>'>`, 400) + "</p>" + strings.Repeat("<p>x</p>", n),
		"letters, alike to the eye": "<p>" + repeat(`<b a=b=" y=">%d">`, 400) + "</p>" + strings.Repeat("<p>x</p>", n),
		"capital letters":           "<p>" + repeat("<B A=%d>", 400) + "</p>" + strings.Repeat("<P>x</P>", n),
		"bodies":                    repeat("<body a%d>", n),
		"attributes":                "<p " + repeat("a%d ", n) + ">",
		"a million attributes":      "<p " + repeat("a%d ", 1_000_000/sparsely) + ">",
		"attributes of many":        repeat("<p a b c d e f='>' g=%d>", 77_500),
		"attributes, hidden":        "<svg><title><a b='</title></svg><p " + repeat("a%d ", n) + "'>",
		"attributes, without end":   strings.Repeat("<a b=", n),
		"quotes without end":        strings.Repeat(`<a b="'`, n),
		"letters with attributes":   "<p><b " + repeat("a%d ", 190) + ">" + strings.Repeat("<p>x", n-20_000/sparsely),
		"text out of tables":        "<table>" + strings.Repeat("a<tr>", n),
		"end tags of nothing":       strings.Repeat("<div>", 500) + strings.Repeat("</b>", n),
		"end tags of the first":     "<div><b>" + strings.Repeat("<div>", 600) + strings.Repeat("<span>", 1000) + strings.Repeat("</b>", n),
		"one text":                  "<p>" + strings.Repeat("a ", 4_000_000/sparsely),
		"signs":                     strings.Repeat("<", 4_000_000/sparsely),
		"ampersands":                strings.Repeat("&", 4_000_000/sparsely),
		"phones":                    repeat("<a href='tel:%d'></a>", 50_000),
		"pictures":                  repeat("<img src='%d'>", 50_000),
		"prices":                    repeat("<b class=price>%d kr</b>", 50_000),
		"one price":                 "<b class=price>" + repeat("%d kr ", n),
		"comments":                  strings.Repeat("<!--", n),
		"select":                    "<select>" + strings.Repeat("<option>", n),
		"binary":                    strings.Repeat("\x00\x01\xfe<\xff", n),
	} {
		p := page("<h1>x</h1>" + body)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		got, err := adapter.Read(p, tg)
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if err != nil || got.Ad.Title != "x" {
			t.Errorf("%s: %q, %v", name, got.Ad.Title, err)
		}
		check(t, got)
		if strings.Contains(name, "attributes") && !got.FellBack {
			t.Errorf("%s are parsed in full", name)
		}
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 20*time.Second || mb > 200 {
			t.Errorf("%s of %d MB took %s and %d MB", name, len(p.Body)>>20, took, mb)
		} else {
			t.Logf("%-26s %2d MB %6d ms %4d MB fell back: %v %q", name, len(p.Body)>>20, took.Milliseconds(), mb, got.FellBack, got.Problems)
		}
	}
}

// TestHugeStructuredPagesAreReadInBounds: an ad keeps what the ad file can hold, whatever a page has.
func TestHugeStructuredPagesAreReadInBounds(t *testing.T) {
	const n = 10_000
	for name, body := range map[string]string{
		"JSON-LD": block(`{"@type":"Offer","name":"x","image":[` + repeat(`"%d",`, n) + `0],"telephone":[` + repeat(`"%d",`, n) + `0],"email":[` + repeat(`"%d",`, n) +
			`0],"offers":[` + repeat(`{"price":%d},`, n) + `0]}`),
		"blocks":         block(`{"@type":"Offer","name":"x"}`) + repeat(block("{%d"), n/10),
		"references":     block(`{"@graph":[{"@type":"Offer","name":"x","offers":[` + repeat(`{"@id":"%d"},`, n) + `0]},` + repeat(`{"@id":"%d","price":1},`, n) + `0]}`),
		"microdata":      `<div itemscope itemtype="/Offer"><b itemprop=name>x</b>` + repeat(`<b itemprop=image>%d</b>`, n) + `</div>`,
		"items":          `<div itemscope itemtype="/Offer"><b itemprop=name>x</b></div>` + repeat(`<div itemscope itemtype="/Offer" itemref="%d"></div>`, 3*n),
		"open graph":     `<meta property="og:title" content=x><meta property="og:type" content=ad>` + repeat(`<meta property="og:image" content="%d">`, n),
		"nested in text": `<div itemscope itemtype="/Offer"><b itemprop=name>x</b>` + strings.Repeat(`<p itemprop=description>a`, n) + `</div>`,
	} {
		began := time.Now()
		got, err := extract(t, structured(t), page(body))
		if took := time.Since(began); err != nil || got.Ad.Title != "x" || took > 20*time.Second {
			t.Errorf("%s: %q after %s, %v", name, got.Ad.Title, took, err)
		}
		check(t, got)
		for list, n := range map[string]int{"images": len(got.Ad.Images), "phones": len(got.Ad.Phones), "contacts": len(got.Ad.Contacts), "prices": len(got.Ad.Prices), "problems": len(got.Problems)} {
			if n > 201 {
				t.Errorf("%s: %d %s", name, n, list)
			}
		}
	}
}
