package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"strings"
	"testing"

	"varde/internal/ad"
)

// FuzzExport puts a stranger's words wherever they can come, and holds every format against a reader of its kind.
func FuzzExport(f *testing.F) {
	for _, words := range []string{"", hostile, "]]>&amp;<!--", "\x00\x1f\x7f\ufffe\xff", "+1\n=2", "\u2066a\u2028b", "-- \"'", "</script><svg onload=x>", "{{.}}"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		a := sampleAd(words, words)
		s := &a.Finding.Sighting
		s.Text, s.URL, s.Location, s.Advertiser, s.Country, a.Finding.Language = words, words, words, words, words, words
		a.Identifiers = []ad.Identifier{{Kind: ad.Phone, Value: words}, {Kind: ad.Handle, Value: words}, {Kind: ad.Link, Value: words}, {Kind: ad.Email, Value: words}, {Kind: ad.Payment, Value: words}}
		n := sampleNetwork(words, a, sampleAd("2", "Mia"))
		n.Places = []string{words}
		st := statement
		st.Purpose, st.MadeBy = words, words
		c := Gather(st, []ad.Network{n}, []ad.Ad{a, sampleAd("2", "Mia")})
		for _, format := range Formats {
			var b bytes.Buffer
			if err := format.Write(&b, c, reader); err != nil {
				t.Fatalf("%s: %v", format.Name, err)
			}
			switch format.Name {
			case "svg", "anx", "graphml", "gexf":
				wellFormed(t, format.Name, b.Bytes())
			case "png":
				if _, err := png.Decode(bytes.NewReader(b.Bytes())); err != nil {
					t.Errorf("png: %v", err)
				}
				textOf(t, b.Bytes())
			case "cytoscape", "stix":
				if !json.Valid(b.Bytes()) {
					t.Errorf("%s is no JSON", format.Name)
				}
			case "ftm":
				for line := range strings.Lines(b.String()) {
					if !json.Valid([]byte(line)) {
						t.Errorf("a line is no JSON: %q", line)
					}
				}
			case "tables", "neo4j", "i2csv", "csv":
				sheets(t, format.Name, b.Bytes())
			}
		}
	})
}

func wellFormed(t *testing.T, name string, data []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// sheets holds every table of a zip against a parser, and every cell against what a spreadsheet takes for a formula.
func sheets(t *testing.T, name string, data []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".csv") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(r).ReadAll()
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatalf("%s, %s: %v", name, f.Name, err)
		}
		for _, row := range rows[1:] {
			for _, cell := range row {
				if strings.HasPrefix(cell, "'") || dialled(cell) && (name == "neo4j" || name == "i2csv") {
					continue
				}
				if first := strings.TrimLeft(cell, " \"'\u00a0"); first != "" && strings.ContainsRune(formula, []rune(first)[0]) {
					t.Errorf("%s, %s: a spreadsheet runs %q", name, f.Name, cell)
				}
			}
		}
	}
}
