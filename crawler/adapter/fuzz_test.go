package adapter_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"varde/crawler/adapter"
	"varde/internal/target"
)

func absolute(t testing.TB, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || !utf8.ValidString(address) {
		t.Errorf("%q is no absolute address: %v", address, err)
	}
}

// check is what holds for every page, whatever it says.
func check(t testing.TB, r adapter.Reading) {
	t.Helper()
	for _, address := range r.Ad.Images {
		absolute(t, address)
	}
	words := []string{r.Ad.Title, r.Ad.Text, r.Ad.Location, r.Ad.Advertiser, r.Shape}
	for _, list := range [][]string{r.Ad.Phones, r.Ad.Contacts, r.Problems} {
		words = append(words, list...)
		if len(list) > 200 {
			t.Errorf("%d entries", len(list))
		}
	}
	for _, f := range r.Fields {
		words = append(words, f.Problem, f.From)
		words = append(words, f.Values...)
		if f.From == "" || f.Name == "" {
			t.Errorf("%+v does not say where it is from", f)
		}
		if len(f.Problem) > 400 {
			t.Errorf("a problem of %d bytes", len(f.Problem))
		}
	}
	size := 0
	for _, w := range words {
		if size += len(w); !utf8.ValidString(w) {
			t.Errorf("%q is not UTF-8", w)
		}
	}
	if _, err := json.Marshal(r.Ad); err != nil { // an infinite price, a time beyond the year 9999
		t.Error(err)
	}
	if r.Ad.Age < 0 || r.Ad.Age > 130 {
		t.Errorf("age %d", r.Ad.Age)
	}
	for _, p := range r.Ad.Prices {
		if p.Amount < 0 || len(p.Currency) != 3 || strings.ToUpper(p.Currency) != p.Currency {
			t.Errorf("%+v is no price", p)
		}
	}
}

func checkLinks(t testing.TB, l adapter.Listing) {
	t.Helper()
	if len(l.Ads)+len(l.Next) > 50_000 {
		t.Errorf("%d links", len(l.Ads)+len(l.Next))
	}
	seen := map[string]bool{}
	for _, link := range append(append([]adapter.Link{}, l.Ads...), l.Next...) {
		absolute(t, link.URL.String())
		if link.URL.Fragment != "" || seen[link.URL.String()] {
			t.Errorf("%s has a fragment or is there twice", link.URL)
		}
		seen[link.URL.String()] = true
		if y := link.Modified.Year(); !link.Modified.IsZero() && (y < 1990 || y > 9998) {
			t.Errorf("changed in the year %d", y)
		}
	}
	for _, p := range l.Problems {
		if !utf8.ValidString(p) {
			t.Errorf("%q is not UTF-8", p)
		}
	}
}

// seeds are all examples.
func seeds(f *testing.F) {
	for _, folder := range []string{"css", "structured", "json", "lists", "barrier"} {
		paths, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			if !strings.HasSuffix(path, ".golden.json") && !strings.HasSuffix(path, ".yaml") {
				f.Add(read(f, path), "text/html")
			}
		}
	}
	f.Add([]byte("<h1>\xff"), "text/html; charset=utf-8")
	f.Add([]byte("<base href='http:x'><a rel=next href=y>"), "")
	f.Add([]byte("\x1f\x8b"), "application/gzip")
	f.Add([]byte("<rss><item></rss><link href=/ad/1><guid/></x>"), "")
	f.Add([]byte(`<script type="application/ld+json">{"@type":"Offer",/*x*/"name":"a`+"\n"+`b",}</script>`), "")
}

// targets are one of each kind.
func targets(t testing.TB) (out []*target.Target) {
	t.Helper()
	for _, k := range kinds {
		out = append(out, load(t, k.target))
	}
	return out
}

func FuzzRead(f *testing.F) {
	seeds(f)
	all := targets(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		for _, tg := range all {
			p := page(string(body))
			p.ContentType = contentType
			got, err := adapter.Read(p, tg)
			if err != nil && !errors.Is(err, adapter.ErrNoAd) {
				t.Error(err)
			}
			if none := got.Ad.Title == "" && got.Ad.Text == "" && !got.Gone; none != (err != nil) {
				t.Errorf("%v although the title is %q", err, got.Ad.Title)
			}
			if again, _ := adapter.Read(p, tg); !reflect.DeepEqual(got, again) {
				t.Errorf("the same page twice:\n%+v\n%+v", got, again)
			}
			check(t, got)
		}
	})
}

func FuzzList(f *testing.F) {
	seeds(f)
	all := targets(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		for _, tg := range all {
			p := page(string(body))
			p.ContentType = contentType
			l, err := adapter.List(p, tg)
			if again, err2 := adapter.List(p, tg); !reflect.DeepEqual(l, again) || (err == nil) != (err2 == nil) {
				t.Errorf("the same page twice:\n%+v\n%+v", l, again)
			}
			checkLinks(t, l)
		}
	})
}

func FuzzBarrier(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		p := page(string(body))
		p.ContentType = contentType
		if b := adapter.Barrier(p); b != "" && !b.Barrier() || b != adapter.Barrier(p) {
			t.Errorf("%s is no barrier", b)
		}
		if text := adapter.Text(p); !utf8.ValidString(text) {
			t.Errorf("%q is not UTF-8", text)
		}
	})
}
