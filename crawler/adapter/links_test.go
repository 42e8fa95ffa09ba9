package adapter_test

import (
	"slices"
	"testing"

	"varde/crawler/adapter"
)

// TestLinksLeadWhereABrowserWouldGo: on https://market.example/ad/7.
func TestLinksLeadWhereABrowserWouldGo(t *testing.T) {
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
		t.Run(name, func(t *testing.T) {
			p := page(tt.page)
			var got []string
			for _, u := range adapter.Links(parse(t, p), p, "a") {
				got = append(got, u.String())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	p := page(`<a href="/x">`)
	if got := adapter.Links(parse(t, p), p, ""); got != nil {
		t.Errorf("without a selector: %v", got)
	}
}
