package extract_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/extract"
	"varde/internal/text"
)

var posted = time.Date(2026, 10, 4, 12, 0, 0, 0, time.UTC)

// read returns the values of one kind as "number-to unit", in the order of the text.
func read(t testing.TB, in string, kind ad.ValueKind, about extract.About) string {
	t.Helper()
	about.At = posted
	d := text.Read(in)
	var out []string
	for _, v := range extract.Values(d, about) {
		if e := v.Evidence; e.Quote == "" || in[e.Start:e.End] != e.Quote {
			t.Errorf("%q: quote %q is not what stands at %d to %d", in, e.Quote, e.Start, e.End)
		}
		if v.Kind != kind {
			continue
		}
		s := fmt.Sprint(v.Number)
		if v.To != 0 {
			s += fmt.Sprint("-", v.To)
		}
		out = append(out, strings.TrimSpace(s+" "+v.Unit))
	}
	return strings.Join(out, "; ")
}

func check(t *testing.T, kind ad.ValueKind, about extract.About, rows [][2]string) {
	t.Helper()
	for _, row := range rows {
		if got := read(t, row[0], kind, about); got != row[1] {
			t.Errorf("%q: got %q, want %q", row[0], got, row[1])
		}
	}
}

func places(t testing.TB) *extract.Places {
	t.Helper()
	f, err := os.Open("../../configs/places.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := extract.ReadPlaces(f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// placesOf returns the places of a text as "name code".
func placesOf(p *extract.Places, in, country string, field bool) string {
	find := p.Find
	if field {
		find = p.Field
	}
	var out []string
	for _, v := range find(text.Read(in), country) {
		out = append(out, strings.TrimSpace(v.Name+" "+v.Code))
	}
	return strings.Join(out, "; ")
}
