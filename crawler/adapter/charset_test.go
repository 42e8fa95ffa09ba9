package adapter_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// TestPagesAreReadInTheirEncoding: sites lie about theirs, or say nothing.
func TestPagesAreReadInTheirEncoding(t *testing.T) {
	const (
		norwegian  = "Blåbærøl på Ås"
		polish     = "Masaż dla każdego, źródło siły, gość"
		lithuanian = "Ieškau draugės, ačiū už žinutę, čia mūsų"
		russian    = "Новая девушка в городе, звоните"
	)
	long := strings.Repeat("<!-- a long head -->", 300) // beyond where declarations are looked for
	for name, tt := range map[string]struct {
		contentType, before, text string
		enc                       encoding.Encoding
	}{
		"declared in the header":                           {"text/html; charset=utf-8", "", norwegian, nil},
		"declared in the page":                             {"text/html", `<meta charset="utf-8">`, norwegian, nil},
		"not declared":                                     {"", "", norwegian, nil},
		"not declared, late":                               {"text/html", long, norwegian, nil},
		"UTF-8 declared Latin-1 in the header":             {"text/html; charset=iso-8859-1", "", norwegian, nil},
		"UTF-8 declared Latin-1 in the page":               {"text/html", `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">`, norwegian, nil},
		"with a mark":                                      {"text/html; charset=iso-8859-1", "\ufeff", norwegian, nil},
		"Latin-1 declared in the header":                   {"text/html; charset=ISO-8859-1", "", norwegian, charmap.Windows1252},
		"Latin-1 declared in the page":                     {"text/html", `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">`, norwegian, charmap.Windows1252},
		"Latin-1 not declared":                             {"text/html", "", norwegian, charmap.Windows1252},
		"Latin-1 not declared, late":                       {"text/html", long, norwegian, charmap.Windows1252},
		"Latin-1 of a charset nobody knows":                {"text/html; charset=klingon", "", norwegian, charmap.Windows1252},
		"Latin-1 declared UTF-8":                           {"text/html; charset=utf-8", `<meta charset="utf-8">`, norwegian, charmap.Windows1252},
		"the header before the page":                       {"text/html; charset=utf-8", `<meta charset="iso-8859-1">`, norwegian, nil},
		"the page, where the header says what servers say": {"text/html; charset=iso-8859-1", `<meta charset="windows-1250">`, polish, charmap.Windows1250},
		"UTF-8 in the header, and not":                     {"text/html; charset=utf-8", `<meta charset="windows-1251">`, russian, charmap.Windows1251},
		"Cyrillic declared UTF-8":                          {"text/html; charset=utf-8", "", russian, charmap.Windows1251},
		"Cyrillic declared Latin-1":                        {"text/html; charset=iso-8859-1", "", russian, charmap.Windows1251},
		"Cyrillic not declared":                            {"", "", russian, charmap.Windows1251},
		"KOI8-R not declared":                              {"", "", russian, charmap.KOI8R},
		"KOI8-R declared":                                  {"text/html; charset=koi8-r", "", russian, charmap.KOI8R},
		"Baltic declared UTF-8":                            {"text/html; charset=utf-8", "", lithuanian, charmap.Windows1257},
		"Baltic declared":                                  {"text/html; charset=windows-1257", "", lithuanian, charmap.Windows1257},
		"Central European not declared":                    {"", "", polish, charmap.Windows1250},
		"Central European declared ISO":                    {"text/html; charset=iso-8859-2", "", polish, charmap.ISO8859_2},
		"UTF-16 with a mark":                               {"text/html", "", norwegian, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		"UTF-16 the other way":                             {"text/html; charset=utf-8", "", norwegian, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		"UTF-16 without a mark":                            {"text/html; charset=utf-8", "<p>aaaaaaaaaaaaaaaa</p>", norwegian, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		"UTF-16 without a mark, the other way":             {"", "<p>aaaaaaaaaaaaaaaa</p>", norwegian, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		"ISO-2022-JP":                                      {"text/html; charset=iso-2022-jp", "", "日本語", japanese.ISO2022JP},
		"a declaration that cannot be":                     {"text/html; charset=iso-2022-kr", `<meta charset="x-user-defined">`, norwegian, nil},
		"a broken content type":                            {";;=", "", norwegian, nil},
		"the XML declaration":                              {"text/html", `<?xml version="1.0" encoding="windows-1250"?>`, polish, charmap.Windows1250},
	} {
		t.Run(name, func(t *testing.T) {
			body := tt.before + "<h1>" + tt.text + "</h1>"
			if tt.enc != nil {
				var err error
				if body, err = tt.enc.NewEncoder().String(body); err != nil {
					t.Fatal(err)
				}
			}
			p := page(body)
			p.ContentType = tt.contentType
			if got, err := extract(t, with(t, "text", ""), p); err != nil || got.Ad.Title != tt.text || len(got.Problems) > 0 {
				t.Errorf("read %q, %q, %v", got.Ad.Title, got.Problems, err)
			}
		})
	}
}

func TestBytesThatAreNoTextAreReplacedAndCounted(t *testing.T) {
	for name, body := range map[string]string{"declared": "<h1>a\xffb", "late": "<h1>ø" + strings.Repeat(" ", 5000) + "a\xffb", "a few": "<h1>" + strings.Repeat("åøæ", 100) + "a\xffb"} {
		p := page(body)
		if name == "late" {
			p.ContentType = ""
		}
		got, err := extract(t, with(t, "text", ""), p)
		if name == "declared" { // nothing else shows what it is, and it can be Latin-1
			if err != nil || got.Ad.Title != "aÿb" {
				t.Errorf("%s: %q, %v", name, got.Ad.Title, err)
			}
			continue
		}
		if err != nil || !strings.HasSuffix(got.Ad.Title, "a\ufffdb") || len(got.Problems) != 1 || got.Problems[0] != "characters that cannot be read: 1" {
			t.Errorf("%s: %q, %q, %v", name, got.Ad.Title, got.Problems, err)
		}
	}
	// A page that was cut within a letter is UTF-8 all the same.
	if got, err := extract(t, with(t, "text", ""), page("<h1>Blå\xc3")); err != nil || got.Ad.Title != "Blå\ufffd" {
		t.Errorf("cut: %q, %v", got.Ad.Title, err)
	}
}
