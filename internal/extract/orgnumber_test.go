package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"varde/internal/extract"
	"varde/internal/text"
)

// The numbers are made up: the valid ones are those of test organisations or computed.
func TestOrgNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"Org.nr.: 974 760 673":                    "974760673 true",
		"Orgnr 974760673":                         "974760673 true",
		"organisasjonsnummer: NO 974 760 673 MVA": "974760673 true",
		"Firma AS, 974 760 673 MVA":               "974760673 true",
		"org no 974.760.673":                      "974760673 true",
		"Org. nr: 974760674":                      "974760674 false",
		"org nr 123456785":                        "123456785 false",
		"Ｏｒｇ．ｎｒ． ９７４ ７６０ ６７３":                     "974760673 true",
		"VAT NO974760673MVA":                      "974760673 true",
		"ring 974 760 673":                        "",
		"974760673":                               "",
		"974760674 MVA":                           "",
		"organisation of 974 760 673 people":      "",
		"org.nr 556036-0793":                      "",
		"org nr kommer":                           "",
	} {
		var got []string
		for _, n := range extract.OrgNumbers(text.Read(in)) {
			if n.Start < 0 || n.End > len(in) || n.Start >= n.End {
				t.Fatalf("%q: span %d to %d", in, n.Start, n.End)
			}
			got = append(got, fmt.Sprint(n.Number, " ", n.Valid))
		}
		if g := strings.Join(got, "; "); g != want {
			t.Errorf("%q: got %q, want %q", in, g, want)
		}
	}
}

func FuzzOrgNumbers(f *testing.F) {
	for _, in := range []string{"org.nr. 974 760 673", "974760673 MVA", "organisasjonsnummer: NO 974760673MVA", "org nr 556036-0793", "ｏｒｇ ｎｒ ９"} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, n := range extract.OrgNumbers(text.Read(in)) {
			if n.Start < 0 || n.End > len(in) || n.Start >= n.End || len(n.Number) != 9 {
				t.Fatalf("%+v in %d bytes", n, len(in))
			}
		}
	})
}
