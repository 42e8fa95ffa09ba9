package adapter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"varde/internal/target"
)

// repeat makes a text of many different parts.
func repeat(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestHugePagesAreReadInTime: a page of the size that is fetched must not take minutes to read, as it does where a list without end
// is searched for every value. An ad keeps what the ad file can hold.
func TestHugePagesAreReadInTime(t *testing.T) {
	const n = 10_000
	css := example(t, "css")
	for name, tt := range map[string]struct {
		tg   *target.Target
		body string
	}{
		"phones":   {css, "<h1>x</h1>" + repeat("<a href='tel:%d'></a>", n)},
		"pictures": {css, "<h1>x</h1><p class=gallery>" + repeat("<img src='%d'>", n)},
		"prices":   {css, "<h1>x</h1>" + repeat("<b class=price>%d kr</b>", n)},
		"one text": {css, "<h1>x</h1><b class=price>" + repeat("%d kr ", n)},
		"JSON-LD": {jsonld, block(`{"@type":"Offer","name":"x","image":[` + repeat(`"%d",`, n) + `0],"telephone":[` + repeat(`"%d",`, n) + `0],"email":[` + repeat(`"%d",`, n) +
			`0],"offers":[` + repeat(`{"price":%d},`, n) + `0]}`)},
		"blocks": {jsonld, block(`{"@type":"Offer","name":"x"}`) + repeat(block("{%d"), n/10)},
	} {
		began := time.Now()
		got, err := extract(t, tt.tg, page(tt.body))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for list, n := range map[string]int{"images": len(got.Ad.Images), "phones": len(got.Ad.Phones), "contacts": len(got.Ad.Contacts), "prices": len(got.Ad.Prices), "problems": len(got.Problems)} {
			if n > 200 {
				t.Errorf("%s: %d %s", name, n, list)
			}
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}
