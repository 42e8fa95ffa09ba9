package adapter_test

import (
	"errors"
	"strings"
	"testing"

	"varde/crawler/adapter"
)

func TestPathsLeadIntoJSON(t *testing.T) {
	const doc = `{"a":{"b":"B","n":1234567890123456789,"f":1.50,"t":true,"z":null,"e":"","h":"<p>En</p><p>To &amp; tre</p>","amp":"A &amp; B\nC"},"l":[{"c":"1","d":["x","y"]},{"c":"2","d":[]},{"d":["z"]}],"m":[["p","q"],["r"]],"dotted name":"D"}`
	for path, want := range map[string]string{
		"a.b": "B", "a.n": "1234567890123456789", "a.f": "1.50", "a.t": "true", "a.z": "", "a.e": "", "a": "", "a.x": "", "a.b.c": "", "x": "", "a.h": "En\nTo & tre", "a.amp": "A & B\nC",
		"l[0].c": "1", "l[1].c": "2", "l[9].c": "", "l[*].c": "1|2", "l.c": "1|2", "l[*].d[*]": "x|y|z", "l[*].d": "x|y|z", "l[*].d[0]": "x|z", "l[0].d[1]": "y", "m[1][0]": "r", "m[*][*]": "p|q|r", "m": "p|q|r", "a[0]": "", "dotted name": "D",
		"a.x, a.b": "B", "a.b, a.f": "B|1.50", "x,y , l[2].d": "z",
	} {
		tg := spec(t, `{kind: json, ad_path: "(.+)", fields: {title: {selector: "`+path+`"}, contacts: {selector: "`+path+`", all: true}}}`)
		got, err := extract(t, tg, page(doc))
		if have := strings.Join(got.Ad.Contacts, "|"); have != want || (want == "") != errors.Is(err, adapter.ErrNoAd) {
			t.Errorf("%s: %q, %v; want %q", path, have, err, want)
		}
		first, _, _ := strings.Cut(want, "|")
		if got.Ad.Title != first || field(t, got, "title").From != path {
			t.Errorf("%s: the first is %q", path, got.Ad.Title)
		}
	}
	tg := spec(t, `{kind: json, ad_path: "(.+)", fields: {title: {selector: c}}}`)
	if got, err := extract(t, tg, page(`[{"c":"Hei"}]`)); err != nil || got.Ad.Title != "Hei" {
		t.Errorf("a list at the top: %+v, %v", got, err)
	}
}

// TestJSONOfManyWrappings: what stands around JSON so that it is no script, or is one.
func TestJSONOfManyWrappings(t *testing.T) {
	tg := spec(t, `{kind: json, ad_path: "(.+)", fields: {title: {selector: title}}}`)
	for in, problem := range map[string]string{
		`{"title":"Hei"}`: "", "\ufeff {\"title\":\"Hei\"}\n": "", `)]}',` + "\n" + `{"title":"Hei"}`: "", `while(1);{"title":"Hei"}`: "", `for(;;);{"title":"Hei"}`: "", `jQuery.cb_1({"title":"Hei"});`: "", `{"title":"Hei"};`: "",
		`{"title":"Hei",}`: "JSON mended: a comma too many", "{\"title\":\"Hei\",\"x\":\"a\nb\"}": "JSON mended: line breaks in a text", `{"a":1}{"title":"Hei"}`: "", `<html><script type="application/json">{"title":"Hei"}</script>`: "",
		`<script id="__NEXT_DATA__" type="application/json">{"title":"Hei",}</script>`: "JSON mended: a comma too many",
	} {
		got, err := extract(t, tg, page(in))
		if err != nil || got.Ad.Title != "Hei" || strings.Join(got.Problems, "; ") != problem {
			t.Errorf("%q: %q, %q, %v", in, got.Ad.Title, got.Problems, err)
		}
	}
	for in, problem := range map[string]string{"": "not JSON: empty", "<h1>Hei</h1>": "not JSON: there is none on the page", `{"title":`: "not JSON: unexpected EOF", `{"title":"a" b"}`: "not JSON: invalid character", `{"a":[` + strings.Repeat("{},", 400_000) + `0]}`: "not JSON: more than"} {
		got, err := extract(t, tg, page(in))
		if !errors.Is(err, adapter.ErrNoAd) || len(got.Problems) != 1 || !strings.HasPrefix(got.Problems[0], problem) || len(got.Fields) != 1 {
			t.Errorf("%.40q: %q, %v", in, got.Problems, err)
		}
	}
}
