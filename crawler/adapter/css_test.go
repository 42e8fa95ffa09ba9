package adapter_test

import (
	"reflect"
	"strings"
	"testing"

	"varde/crawler/adapter"
)

func TestPatternsAndPrefixes(t *testing.T) {
	for name, tt := range map[string]struct {
		more         string
		values, want []string
	}{
		"the first":              {``, []string{"", "a", "b"}, []string{"a"}},
		"all, each once":         {`, all: true`, []string{"a", "b", "a"}, []string{"a", "b"}},
		"the group":              {`, pattern: "tel:(\\d+)"`, []string{"tel:90000001"}, []string{"90000001"}},
		"the whole match":        {`, pattern: "\\d+"`, []string{"ring 90000001 nå"}, []string{"90000001"}},
		"the first that matches": {`, pattern: "\\d+"`, []string{"ring", "90000001"}, []string{"90000001"}},
		"no match":               {`, pattern: "\\d+"`, []string{"ring"}, nil},
		"a group of nothing":     {`, pattern: "x(\\d*)"`, []string{"x"}, nil},
		"a prefix":               {`, prefix: "telegram:", all: true`, []string{"@a", "@b"}, []string{"telegram:@a", "telegram:@b"}},
		"no prefix to nothing":   {`, prefix: "telegram:"`, []string{" "}, nil},
	} {
		got, err := extract(t, with(t, "contacts", tt.more), ofField(tt.values...))
		f := field(t, got, "contacts")
		if err != nil || !reflect.DeepEqual(got.Ad.Contacts, tt.want) || !reflect.DeepEqual(f.Values, tt.want) || f.From != ".f" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestTheReadingTellsOfEveryField: what was found and by which selector, what was missing, and what could not be understood.
func TestTheReadingTellsOfEveryField(t *testing.T) {
	tg := spec(t, `{kind: css, ad_path: "^/ad/(\\d+)", fields: {title: {selector: h1}, text: {selector: .text}, phones: {selector: "a", attr: href, optional: true}, age: {selector: .age}, gone: {selector: .gone}}}`)
	got, err := extract(t, tg, page(`<h1>Hei</h1><a href="tel:90000001">Ring</a><b class=age>ung</b>`))
	want := []adapter.FieldReading{
		{Name: "title", Values: []string{"Hei"}, From: "h1"},
		{Name: "text", From: ".text"},
		{Name: "phones", Values: []string{"tel:90000001"}, From: "a @href", Optional: true},
		{Name: "age", Values: []string{"ung"}, From: ".age", Problem: `"ung" is no age`},
		{Name: "gone", From: ".gone", Optional: true},
	}
	if err != nil || !reflect.DeepEqual(got.Fields, want) || !reflect.DeepEqual(got.Problems, []string{`age: "ung" is no age`}) || got.Gone || got.Shape != "css" {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = extract(t, tg, page(`<p class=gone>Annonsen er slettet</p>`))
	if err != nil || !got.Gone || got.Ad.Title != "" {
		t.Errorf("a page that says that its ad is gone: %+v, %v", got, err)
	}
}

// TestCategoriesAreTheTargets: a market's cars are not jobs because nobody named them.
func TestCategoriesAreTheTargets(t *testing.T) {
	for in, want := range map[string]string{"Stilling": "job", "STILLING": "job", " hybel ": "housing", "housing": "housing", "Biler": "other", "sexual_services": "other", "": "job"} {
		got, err := extract(t, with(t, "category", ", values: {Stilling: job, Hybel: housing}", "categories: [job, housing]"), ofField(in))
		if err != nil || string(got.Ad.Category) != want || (want == "other") != (len(got.Problems) == 1) {
			t.Errorf("%q: %s, %q, %v", in, got.Ad.Category, got.Problems, err)
		}
	}
}

func TestPicturesAreTheLargestOfTheirSizes(t *testing.T) {
	tg := spec(t, `{kind: css, ad_path: "^/ad/(\\d+)", fields: {title: {selector: h1}, images: {selector: img, attr: srcset, all: true}}}`)
	got, err := extract(t, tg, page(`<h1>x</h1><img srcset="/s.jpg 320w, /l.jpg 1280w, /m.jpg 640w"><img srcset="/a.jpg 1x,/b.jpg 2x"><img srcset="/c.jpg"><img srcset="data:image/png;base64,AA">`))
	if want := []string{"https://market.example/l.jpg", "https://market.example/b.jpg", "https://market.example/c.jpg"}; err != nil || !reflect.DeepEqual(got.Ad.Images, want) || len(got.Problems) > 0 {
		t.Errorf("%q, %q, %v", got.Ad.Images, got.Problems, err)
	}
	if got, err := extract(t, tg, page(`<h1>x</h1><img srcset="data:image/png;base64,AA">`)); err != nil || len(got.Problems) != 1 {
		t.Errorf("%q, %v", got.Problems, err)
	}
}

// TestWhatAPersonDoesNotSeeIsLeftOut, unless the target asks for just that: a phone in a hidden element is a decoy in the text, and
// a find where the selector names it.
func TestWhatAPersonDoesNotSeeIsLeftOut(t *testing.T) {
	for in, want := range map[string]string{
		"a<script>b</script>c":                           "ac",
		"a<span hidden>b</span>c":                        "ac",
		`a<span hidden="until-found">b</span>c`:          "ac",
		`a<span style="display:none">b</span>c`:          "ac",
		`a<b style="DISPLAY: none !important">b</b>`:     "a",
		`a<span style="display:inline">b</span>c`:        "abc",
		`a<textarea>b</textarea>c`:                       "abc",
		"a<p>b</p>c":                                     "a\nb\nc",
		"a\n  b\tc&nbsp;d":                               "a b c d",
		"a<!-- b -->c":                                   "ac",
		"<table><tr><td>a</td><td>b</td></tr><tr><th>c":  "a b\nc",
		"<dl><dt>Alder</dt><dd>23</dd></dl>":             "Alder\n23",
		"<h5>a</h5><address>b</address><pre>c\nd</pre>e": "a\nb\nc d\ne",
		"a<br>b<br/>c<hr>d":                              "a\nb\nc\nd",
		"a<b> b </b> c":                                  "a b c",
	} {
		if got, err := extract(t, with(t, "text", ""), page("<h1>x</h1><div class=f>"+in+"</div>")); err != nil || got.Ad.Text != want {
			t.Errorf("%s: %q, %v", in, got.Ad.Text, err)
		}
	}
	if got, err := extract(t, with(t, "phones", ""), page("<h1>x</h1><i class=f hidden>90000001</i>")); err != nil || !reflect.DeepEqual(got.Ad.Phones, []string{"90000001"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAPageAsText(t *testing.T) {
	for in, want := range map[string]string{
		`<title>Ny i  byen</title><script>x</script><h1>Ny</h1><p>Hei <b>du</b>`: "Ny i byen\nNy\nHei du",
		`<p>Hei<svg><title>tegning</title></svg>`:                                "Hei\ntegning",
		``:                       "",
		`{"b":"<p>x","a":[1,2]}`: "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": \"<p>x\"\n}",
		`{not JSON`:              "{not JSON",
		`<urlset><url><loc>https://market.example/ad/1</loc></url></urlset>`:          "https://market.example/ad/1",
		strings.Repeat("<div>", 600) + "<title>dypt</title><p>nede</p>&amp;" + "<b>x": "dypt\nnede\n&x",
	} {
		if got := adapter.Text(page(in)); got != want {
			t.Errorf("%.60s: %q, want %q", in, got, want)
		}
	}
}
