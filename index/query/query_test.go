package query_test

import (
	"testing"

	"varde/index/query"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"bergen massasje":           "bergen massasje",
		`"nye jenter" bergen`:       `"nye jenter" bergen`,
		"+47 412 34 567":            "phone:4741234567",
		"0047 41234567":             "phone:4741234567",
		"412-34-567":                "phone:41234567",
		"(+47) 412.34.567":          "phone:4741234567",
		"mia 412 34 567 bergen":     "mia phone:41234567 bergen",
		"234 567":                   "phone:234567",
		"phone:412":                 "phone:412",
		"phone:+47 412 34 567 oslo": "phone:4741234567 oslo",
		"site:a.example -oslo":      "site:a.example -oslo",
		`place:"Mo i Rana"`:         `place:"Mo i Rana"`,
		"indicator:N01":             "code:N01",
		"after:2026-10-01":          "after:2026-10-01",
		"24timer":                   "24timer",
		"2026":                      "phone:2026",
		"12":                        "12",
		`"open`:                     `"open"`,
		"http://x.example/a":        "http://x.example/a",
		"-":                         "-",
		"3 jenter":                  "3 jenter",
		"1500 kr":                   "phone:1500 kr",
		"telegram:mia":              "telegram:mia",
	} {
		if got := query.Parse(in).String(); got != want {
			t.Errorf("%q is understood as %q, want %q", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`+47 412 34 567 "x y" site:a -b phone: ":`)
	f.Fuzz(func(t *testing.T, in string) {
		q := query.Parse(in)
		if len(q) > query.MaxTerms {
			t.Fatalf("%d terms", len(q))
		}
		for _, term := range q {
			if term.Value == "" || term.Kind == query.Phone && term.Field == "" && len(term.Digits) < 4 {
				t.Fatalf("an empty term: %+v", term)
			}
		}
		_ = q.String()
	})
}
