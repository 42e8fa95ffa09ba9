package adapter_test

import (
	"net/url"
	"testing"

	"varde/crawler/adapter"
	"varde/internal/target"
)

// authority is what every target must say of why it may be crawled.
const authority = `
name: A made-up market
site: market.example
country: "NO"
retention_days: 30
user_agent: VardeBot/1.0
contact: mailto:crawler@police.example
hosts: [market.example]
start: ["https://market.example/ads"]
allow: [/]
authority: {purpose: tests, necessity: tests, legal_basis: none, reference: T-1, unit: tests, approver: kari, valid_from: "2026-01-01", valid_to: "2026-12-31", terms: made up}
`

// spec reads a target that says nothing but what a test is about.
func spec(t testing.TB, text string) *target.Target {
	t.Helper()
	tg, err := target.Parse("target.yaml", []byte("id: test\n"+authority+text))
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

func page(body string) *adapter.Page {
	return &adapter.Page{URL: &url.URL{Scheme: "https", Host: "market.example", Path: "/ad/7"}, ContentType: "text/html; charset=utf-8", Body: []byte(body)}
}

func TestSmoke(t *testing.T) {
	tg := spec(t, `
categories: [massage]
adapter: {kind: css, ad_path: "^/ad/(\\d+)", fields: {title: {selector: h1}}}
`)
	r, err := adapter.Read(page("<h1>Hei  du</h1>"), tg)
	if err != nil || r.Ad.Title != "Hei du" {
		t.Errorf("%+v %v", r, err)
	}
	l, err := adapter.List(page("<a href=/ad/1>x</a><a href=/x>x</a><a rel=next href=/ads?p=2>"), tg)
	if err != nil || len(l.Ads) != 1 || len(l.Next) != 1 {
		t.Errorf("%+v %v", l, err)
	}
}
