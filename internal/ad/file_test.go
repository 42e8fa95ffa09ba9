package ad

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const good = `{"site":"nordmarked.example","ad_id":"84312","url":"https://nordmarked.example/ad/84312","category":"sexual_services",` +
	`"title":"Mia","text":"Hei","language":"nb","posted_at":"2026-05-01T18:02:00Z","seen_at":"2026-05-01T20:00:00Z","location":"Bergen",` +
	`"country":"NO","prices":[{"amount":1500,"currency":"NOK","per":"hour"}],"phones":["+47 412 34 567"],` +
	`"contacts":["telegram:@mia_bergen"],"advertiser":"mia88","age":22,"images":["img/84312-1.jpg"]}`

func TestDecode(t *testing.T) {
	tests := []struct {
		name, in  string
		wantField string
		wantText  string // part of the message; empty with wantField empty means success
	}{
		{name: "all fields", in: good},
		{name: "least", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00+02:00","title":"x"}`},
		{name: "exported", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","score":0.4,"band":"low"}`},
		{name: "no site", in: `{"ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x"}`, wantField: "site", wantText: "required"},
		{name: "site with path", in: `{"site":"a.example/x","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x"}`, wantField: "site", wantText: "not a host"},
		{name: "no ad_id", in: `{"site":"a.example","seen_at":"2026-05-01T20:00:00Z","title":"x"}`, wantField: "ad_id", wantText: "required"},
		{name: "no seen_at", in: `{"site":"a.example","ad_id":"1","title":"x"}`, wantField: "seen_at", wantText: "required"},
		{name: "seen_at is no time", in: `{"site":"a.example","ad_id":"1","seen_at":"yesterday","title":"x"}`, wantField: "seen_at", wantText: "not a time"},
		{name: "seen_at ahead", in: `{"site":"a.example","ad_id":"1","seen_at":"2099-01-01T00:00:00Z","title":"x"}`, wantField: "seen_at", wantText: "future"},
		{name: "seen_at is a number", in: `{"site":"a.example","ad_id":"1","seen_at":5,"title":"x"}`, wantField: "seen_at"},
		{name: "neither title nor text", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":" "}`, wantField: "text", wantText: "required"},
		{name: "category", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","category":"cars"}`, wantField: "category", wantText: `"cars"`},
		{name: "age is text", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","age":"22"}`, wantField: "age", wantText: "whole number"},
		{name: "age is half", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","age":22.5}`, wantField: "age", wantText: "whole number"},
		{name: "phones is text", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","phones":"1"}`, wantField: "phones", wantText: "a list"},
		{name: "price", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","prices":[{"amount":"1"}]}`, wantField: "prices.amount", wantText: "a number"},
		{name: "negative price", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","prices":[{"amount":1},{"amount":-1}]}`, wantField: "prices.1.amount"},
		{name: "country", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","country":"Norway"}`, wantField: "country"},
		{name: "picture hash", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","pictures":[{"phash":"zz"}]}`, wantField: "pictures.0.phash"},
		{name: "picture features", in: `{"site":"a.example","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","pictures":[{"features":"A?"}]}`, wantField: "pictures.0.features"},
		{name: "cut", in: good[:60], wantText: "not JSON at byte 60"},
		{name: "no object", in: `[1]`, wantText: "JSON object"},
		{name: "null", in: `null`, wantText: "null"},
		{name: "latin-1", in: "{\"title\":\"bl\xe5\"}", wantText: "not UTF-8 at byte 13"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Decode([]byte(tt.in), now)
			if tt.wantField == "" && tt.wantText == "" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			fe, ok := err.(*FieldError)
			if !ok || fe.Field != tt.wantField || !strings.Contains(fe.Text, tt.wantText) {
				t.Errorf("got %#v, want field %q and text with %q", err, tt.wantField, tt.wantText)
			}
		})
	}
}

func TestDecodeNamesUnknownFields(t *testing.T) {
	_, unknown, err := Decode([]byte(strings.Replace(good, `"phones"`, `"phone"`, 1)), now)
	if err != nil || len(unknown) != 1 || unknown[0] != "phone" {
		t.Errorf("unknown = %v, err = %v", unknown, err)
	}
}

func TestRoundTripKeepsIdentity(t *testing.T) {
	s, _, err := Decode([]byte(good), now)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteLine(&b, &s); err != nil {
		t.Fatal(err)
	}
	again, unknown, err := Decode(b.Bytes(), now)
	if err != nil || len(unknown) > 0 || again.ID() != s.ID() || again.Version() != s.Version() {
		t.Errorf("read back: %v %v, ids %s and %s", err, unknown, s.ID(), again.ID())
	}
	later := s
	later.SeenAt = s.SeenAt.Add(time.Hour)
	later.Provenance.File = "other.jsonl"
	if later.Version() != s.Version() || later.ID() == s.ID() {
		t.Error("a later look at the same content must be a new sighting of the same version")
	}
	later.Text += "!"
	if later.Version() == s.Version() {
		t.Error("changed text must be a new version")
	}
}

func collect(t *testing.T, in string) (rows []Row) {
	t.Helper()
	for row, err := range Read(strings.NewReader(in), now) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestReadPlacesErrors(t *testing.T) {
	rows := collect(t, "\ufeff"+good+"\n\n{broken\r\n"+good+"\n"+strings.Repeat("x", MaxLine+5)+"\n"+good)
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%d:%v", r.Line, r.Err != nil))
	}
	if want := "1:false 3:true 4:false 5:true 6:false"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if rj := rows[1].Reject(); rj.Line != 3 || rj.Raw != "{broken" || rj.Reason == "" {
		t.Errorf("rejected entry %+v", rj)
	}
}

func TestOpenUnpacks(t *testing.T) {
	for _, name := range []string{"a.jsonl", "a.jsonl.gz", "a.jsonl.zst"} {
		path := filepath.Join(t.TempDir(), name)
		w, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, good+"\n"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil || string(b) != good+"\n" {
			t.Errorf("%s: read %d bytes, %v", name, len(b), err)
		}
		if err := r.Close(); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
	}
}

func TestReadReportsACutArchive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl.gz")
	w, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2000 {
		fmt.Fprintf(w, "%s\n", strings.Replace(good, "84312", fmt.Sprint(i), 1))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 2000); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var last error
	n := 0
	for row, err := range Read(r, now) {
		if last = err; err == nil && row.Err == nil {
			n++
		}
	}
	if last == nil || n == 0 {
		t.Errorf("%d ads read before %v; want some, and an error", n, last)
	}
}

func TestReadTakesConstantMemory(t *testing.T) {
	pr, pw := io.Pipe()
	const lines = 20000
	go func() {
		for range lines {
			if _, err := io.WriteString(pw, good+"\n"); err != nil {
				return
			}
		}
		pw.Close()
	}()
	var before, peak runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	for _, err := range Read(pr, now) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == lines-1 {
			runtime.GC()
			runtime.ReadMemStats(&peak)
		}
	}
	if n != lines {
		t.Fatalf("%d lines", n)
	}
	if grown := int64(peak.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("heap grew by %d bytes over %d bytes of input", grown, lines*len(good))
	}
}

const mapped = `id;what;words;when;tel;years
1;"Cook; hot";Come;01.02.2024;+47 1,+47 2;30
2;Waiter;Go;31.02.2024;;
3;Driver;Go;03.02.2024;;x
4;too;few
5;Cleaner;"Two
lines";05.02.2024;;41
6;No "quote;x;05.02.2024;;
7;Last;x;07.02.2024;;
`

func TestCSV(t *testing.T) {
	m := &Mapping{Name: "t", Columns: []string{"id", "what"}, Fields: map[string]Column{
		"site": {Value: "a.example"}, "ad_id": {Column: "id"}, "title": {Column: "what"}, "text": {Columns: []string{"what", "words"}, Join: "\n"},
		"seen_at": {Column: "when", Layout: "02.01.2006"}, "phones": {Column: "tel", Split: ","}, "age": {Column: "years"}}}
	m.Validate(func(f, text string) { t.Errorf("%s: %s", f, text) })
	c, err := NewCSV(strings.NewReader("\ufeff" + mapped))
	if err != nil {
		t.Fatal(err)
	}
	if !m.Fits(c.Header) {
		t.Errorf("header %q does not fit", c.Header)
	}
	got := map[int]string{}
	for row, err := range c.Read(m, now) {
		if err != nil {
			t.Fatal(err)
		}
		if row.Err != nil {
			got[row.Line] = row.Err.Error()
			continue
		}
		got[row.Line] = string(row.Sighting.Key()) + " " + row.Sighting.Title
		if row.Line == 2 && (len(row.Sighting.Phones) != 2 || row.Sighting.Age != 30 || row.Sighting.Text != "Cook; hot\nCome") {
			t.Errorf("line 2: %+v", row.Sighting)
		}
	}
	for line, want := range map[int]string{2: "a.example/1 Cook; hot", 3: "seen_at:", 4: "age:", 5: "3 columns", 6: "a.example/5 Cleaner", 8: "quote", 9: "a.example/7 Last"} {
		if !strings.Contains(got[line], want) {
			t.Errorf("line %d: %q, want %q", line, got[line], want)
		}
	}
}

var plain = &Mapping{Name: "t", Fields: map[string]Column{"site": {Value: "a.example"}, "ad_id": {Column: "id"}, "title": {Column: "what"}, "seen_at": {Value: "2024-01-01T00:00:00Z"}}}

// TestAQuoteTooManyTakesOneLine: what follows a row that is broken is read, the rows over several lines too.
func TestAQuoteTooManyTakesOneLine(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,what\n")
	for i := 2; i <= 1000; i++ {
		switch i {
		case 2, 500, 501:
			fmt.Fprintf(&b, "%d,\"never closed %d\n", i, i)
		case 700:
			fmt.Fprintf(&b, "%d,\"latin \xe6\"\n", i)
		default:
			fmt.Fprintf(&b, "%d,\"a \"\"word\"\" %d\"\r\n", i, i)
		}
	}
	b.WriteString("1001,\"two\nlines\"\n")
	c, err := NewCSV(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	good, bad := 0, map[int]string{}
	for row, err := range c.Read(plain, now) {
		if err != nil {
			t.Fatal(err)
		}
		if row.Err != nil {
			bad[row.Line] = row.Err.Error() + " in " + string(row.Raw)
			continue
		}
		if good++; row.Sighting.AdID != strconv.Itoa(row.Line) || !strings.Contains(row.Sighting.Title, "\"word\"") && row.Line != 1001 {
			t.Errorf("line %d: %+v", row.Line, row.Sighting)
		}
	}
	if good != 996 || len(bad) != 4 {
		t.Errorf("%d good, %d bad: %v", good, len(bad), bad)
	}
	for line, want := range map[int]string{2: "never closed 2", 500: "never closed 500", 501: "never closed 501", 700: "not UTF-8"} {
		if !strings.Contains(bad[line], want) {
			t.Errorf("line %d: %q", line, bad[line])
		}
	}
}

func TestCSVLineWithoutEnd(t *testing.T) {
	c, err := NewCSV(io.MultiReader(strings.NewReader("id,what\n1,\""), io.LimitReader(endless{}, 1<<26)))
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	for row, err := range c.Read(plain, now) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(rows) != 1 || rows[0].Err == nil || !strings.Contains(rows[0].Err.Error(), "longer than") {
		t.Errorf("%d rows", len(rows))
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestMappingNamesWhatIsWrong(t *testing.T) {
	m := &Mapping{Fields: map[string]Column{"site": {}, "phone": {Column: "a"}, "ad_id": {Value: "x", Column: "y"}}}
	got := map[string]bool{}
	m.Validate(func(field, _ string) { got[field] = true })
	for _, want := range []string{"name", "fields.site", "fields.phone", "fields.ad_id", "fields.seen_at", "fields.text"} {
		if !got[want] {
			t.Errorf("%s is not reported (%v)", want, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"site":"a","ad_id":"1","seen_at":"2026-05-01T20:00:00Z","title":"x","prices":[{"amount":1e308}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		s, _, err := Decode(in, now)
		if err != nil {
			return
		}
		out, err := json.Marshal(&s)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, _, err := Decode(out, now)
		if err != nil || again.ID() != s.ID() {
			t.Fatalf("read back: %v, id %s became %s", err, s.ID(), again.ID())
		}
	})
}

func FuzzCSV(f *testing.F) {
	f.Add(mapped)
	m := &Mapping{Name: "t", Fields: map[string]Column{"site": {Value: "a.example"}, "ad_id": {Column: "id"}, "title": {Column: "what"}, "seen_at": {Value: "2024-01-01T00:00:00Z"}}}
	f.Fuzz(func(t *testing.T, in string) {
		c, err := NewCSV(strings.NewReader(in))
		if err != nil {
			return
		}
		for row, err := range c.Read(m, now) {
			if err == nil && row.Err == nil && row.Sighting.Validate(now) != nil {
				t.Fatalf("an invalid ad was read: %+v", row.Sighting)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	in := []byte(strings.Repeat(good+"\n", 1000))
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		for _, err := range Read(bytes.NewReader(in), now) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// TestFeaturesMakeNoVersion: an ad whose pictures were hashed before fingerprints were made is the same ad with them.
func TestFeaturesMakeNoVersion(t *testing.T) {
	s := Sighting{Site: "a.example", AdID: "1", Pictures: []Picture{{Image: 1, SHA256: "ab", PHash: "00ff00ff00ff00ff"}}}
	before := s.Version()
	s.Pictures[0].Features = "AAEB"
	if s.Version() != before || s.Pictures[0].Features != "AAEB" {
		t.Error("a fingerprint makes a version, or is lost when the version is named")
	}
	if s.Pictures[0].SHA256 = "cd"; s.Version() == before {
		t.Error("another picture makes no version")
	}
}
