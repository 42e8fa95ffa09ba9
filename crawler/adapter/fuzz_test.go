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
)

func absolute(t testing.TB, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || !utf8.ValidString(address) {
		t.Errorf("%q is no absolute address: %v", address, err)
	}
}

// check is what holds for every page, whatever it says.
func check(t testing.TB, e adapter.Extracted) {
	t.Helper()
	for _, address := range e.Ad.Images {
		absolute(t, address)
	}
	words := []string{e.Ad.Title, e.Ad.Text, e.Ad.Location, e.Ad.Advertiser}
	for _, list := range [][]string{e.Ad.Phones, e.Ad.Contacts, e.Problems, e.Missing} {
		words = append(words, list...)
	}
	for _, w := range words {
		if !utf8.ValidString(w) {
			t.Errorf("%q is not UTF-8", w)
		}
	}
	if _, err := json.Marshal(e.Ad); err != nil { // an infinite price, a time beyond the year 9999
		t.Error(err)
	}
	for _, p := range e.Ad.Prices {
		if p.Amount < 0 || len(p.Currency) != 3 || strings.ToUpper(p.Currency) != p.Currency {
			t.Errorf("%+v is no price", p)
		}
	}
}

func fuzz(f *testing.F, kind string) {
	paths, err := filepath.Glob("testdata/*/*.html")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		f.Add(read(f, path), "text/html")
	}
	f.Add([]byte("<h1>\xff"), "text/html; charset=utf-8")
	f.Add([]byte("<base href='http:x'><a rel=next href=y>"), "")
	tg := example(f, kind)
	a, err := adapter.For(tg)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		p := page(string(body))
		p.ContentType = contentType
		doc, err := adapter.Parse(p)
		if err != nil {
			return
		}
		got, err := a.Extract(doc, p, tg)
		if err != nil && !errors.Is(err, adapter.ErrNoAd) {
			t.Error(err)
		}
		if again, _ := a.Extract(parse(t, p), p, tg); !reflect.DeepEqual(got, again) {
			t.Errorf("the same page twice:\n%+v\n%+v", got, again)
		}
		check(t, got)
		for _, u := range adapter.Links(doc, p, "a") {
			absolute(t, u.String())
		}
	})
}

func FuzzCSS(f *testing.F) { fuzz(f, "css") }

func FuzzJSONLD(f *testing.F) { fuzz(f, "jsonld") }
