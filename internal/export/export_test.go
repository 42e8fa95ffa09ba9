package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/indicator"
)

var update = flag.Bool("update", false, "write the golden files anew")

var seen = time.Date(2026, 10, 4, 12, 5, 0, 0, time.UTC)

const hostile = "=cmd|' /C calc'!A0 <b>&\"quoted\"</b>\nline two \u202eback\x01"

func sampleAd(id, title string) ad.Ad {
	key := ad.MakeKey("nordmarked.example", id)
	phone := ad.Identifier{Kind: ad.Phone, Value: "+4741234567", Evidence: []ad.Evidence{{Field: ad.FieldPhones, Start: 0, End: 14, Quote: "+47 412 34 567"}}}
	return ad.Ad{Key: key, FirstSeen: seen, LastSeen: seen.Add(time.Hour), Sightings: 2, Versions: 1, Identifiers: []ad.Identifier{phone},
		Finding: ad.Finding{Language: "nb", Sighting: ad.Sighting{Site: "nordmarked.example", AdID: id, Title: title, Text: "Hei", SeenAt: seen,
			Category: ad.SexualServices, Phones: []string{"+47 412 34 567"}, Age: 24}},
		Standing: ad.Standing{Key: key, Network: "n-1", Score: 0.42, Band: ad.Elevated, ScoreVersion: "0a1b2c3d4e5f", Indicators: []ad.Indicator{{Code: "S01", Points: 8, Confidence: 1,
			Evidence: []ad.Evidence{{Field: ad.FieldText, Start: 0, End: 3, Quote: "Hei"}}}}}}
}

func sampleNetwork(id string, ads ...ad.Ad) ad.Network {
	n := ad.Network{ID: id, Score: 0.42, Band: ad.Elevated, ScoreVersion: "0a1b2c3d4e5f", FirstSeen: seen, LastSeen: seen.Add(time.Hour), Sites: []string{"nordmarked.example"},
		Places: []string{"Bergen", hostile}, Categories: []ad.Category{ad.SexualServices}, Personas: 3,
		Identifiers: []ad.NetworkIdentifier{{Kind: ad.Phone, Value: "+4741234567", Ads: len(ads)}, {Kind: ad.Phone, Value: "+4722000000", Ads: 40, Hub: true}},
		Indicators: []ad.Indicator{{Code: "N01", Points: 22, Confidence: 1,
			Evidence: []ad.Evidence{{Value: "+4741234567", Figure: &ad.Figure{What: "personas", Value: 3}}}}}}
	for _, a := range ads {
		n.Ads = append(n.Ads, a.Key)
		n.Edges = append(n.Edges, ad.Edge{Ad: a.Key, Kind: ad.Phone, Value: "+4741234567"})
	}
	return n
}

var statement = Statement{Purpose: "case 7, " + hostile, Handling: Amber, MadeBy: "kari", MadeAt: seen.Add(48 * time.Hour), Program: "Varde"}

// reader explains one code, with words that try to be markup.
var reader = Reader{Lang: "en", Entry: func(code string) (indicator.Entry, bool) {
	said := func(what string) map[string]string {
		return map[string]string{"nb": what + " <i>" + code, "en": what + " <i>" + code}
	}
	return indicator.Entry{Code: code, Title: said("name of"), Why: said("why"), Innocent: said("innocent")}, true
}}

func sample() *Content {
	ads := []ad.Ad{sampleAd("1", "Mia"), sampleAd("2", hostile)}
	ads[1].Gone = seen.Add(26 * time.Hour)
	return Gather(statement, []ad.Network{sampleNetwork("n-1", ads...), sampleNetwork("n-2")}, ads)
}

func TestGolden(t *testing.T) {
	golden := func(name string, got []byte) {
		path := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("it differs from %s; look, and run with -update:\n%s", path, got)
		}
	}
	for _, f := range Formats {
		var whole, ads, networks bytes.Buffer
		if err := f.Write(&whole, sample(), reader); err != nil {
			t.Fatal(err)
		}
		if f.Rows != nil {
			if err := errors.Join(f.Rows.Ads(&ads, all(sample().Ads), reader), f.Rows.Networks(&networks, all(sample().Networks), reader)); err != nil {
				t.Fatal(err)
			}
			golden("ads."+f.Rows.Extension, ads.Bytes())
			golden("networks."+f.Rows.Extension, networks.Bytes())
			continue
		}
		if f.Extension == "zip" {
			golden(f.Name, unpack(t, whole.Bytes()))
			continue
		}
		if f.Name == "png" { // how it is packed differs between versions of Go; its text is the same
			golden("network.png.txt", []byte(textOf(t, whole.Bytes())))
			continue
		}
		golden("network."+f.Extension, whole.Bytes())
	}
}

// unpack joins the files of a zip, each under its name.
func unpack(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		all = append(append(append(all, "== "+f.Name+"\n"...), text...), '\n')
	}
	return all
}

func TestSameContentSameBytesAndSameHash(t *testing.T) {
	hashes := map[string]bool{}
	for _, f := range Formats {
		var one, two bytes.Buffer
		a, b := sample(), sample()
		slices.Reverse(b.Ads)
		slices.Reverse(b.Networks)
		b = Gather(statement, b.Networks, b.Ads)
		if err := errors.Join(f.Write(&one, a, reader), f.Write(&two, b, reader)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: the same content gives other bytes", f.Name)
		}
		hashes[a.Statement.SHA256], hashes[b.Statement.SHA256] = true, true
		c := sample()
		c.Ads[0].Finding.Sighting.Title = "Lia"
		if c = Gather(statement, c.Networks, c.Ads); hashes[c.Statement.SHA256] {
			t.Error("another title has the same hash")
		}
	}
	if len(hashes) != 1 {
		t.Errorf("one content has %d hashes", len(hashes))
	}
}

// Every format says what it is for, how far it may go, who made it and when, and the hash of its content.
func TestEveryFormatStatesItsPurpose(t *testing.T) {
	for _, f := range Formats {
		var b bytes.Buffer
		c := sample()
		if err := f.Write(&b, c, reader); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if f.Extension == "zip" {
			text = string(unpack(t, b.Bytes()))
		} else if f.Name == "png" {
			text = textOf(t, b.Bytes())
		}
		for _, want := range []string{"case 7", "TLP:AMBER", "kari", c.Statement.SHA256, "2026-10-06", "not verified by anybody"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", f.Name, want)
			}
		}
		for _, bad := range []string{"\x00", "<b>&\"quoted", "\u202e"} {
			if strings.Contains(text, bad) && f.Rows == nil && (f.Extension != "zip" && f.Name != "png" || !strings.HasPrefix(bad, "<")) {
				t.Errorf("%s holds %q", f.Name, bad)
			}
		}
	}
}

func TestExportedAdsCanBeImported(t *testing.T) {
	a := sampleAd("1", hostile)
	a.Gone = seen.Add(26 * time.Hour)
	var b bytes.Buffer
	if err := jsonlAds(&b, all([]ad.Ad{a}), reader); err != nil {
		t.Fatal(err)
	}
	s, unknown, err := ad.Decode(b.Bytes(), seen)
	if err != nil || len(unknown) > 0 {
		t.Fatalf("%v, unknown %v", err, unknown)
	}
	if s.Key() != a.Key || s.Title != a.Finding.Sighting.Title {
		t.Errorf("read back %+v", s)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	for _, cell := range []string{hostile, "+4741234567", "-1", "@x", " =1", "\t=1", "＝1", "\"=1", "|x", "\x00=1", "\u00a0+1"} {
		var b bytes.Buffer
		s, err := newSheet(&b, "h")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.row(cell), s.flush()); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String()[3:])).ReadAll()
		if err != nil || !strings.HasPrefix(rows[1][0], "'") {
			t.Errorf("cell %q came out as %q (%v)", cell, rows, err)
		}
	}
}

func TestErrorsComeOut(t *testing.T) {
	broken, large := errors.New("store gone"), world(3000)
	for _, f := range Formats {
		if err := f.Write(failing{}, large, reader); err == nil {
			t.Errorf("%s: a full disk goes unnoticed", f.Name)
		}
		if f.Rows == nil {
			continue
		}
		err := f.Rows.Networks(io.Discard, func(yield func(ad.Network, error) bool) { yield(ad.Network{}, broken) }, reader)
		if !errors.Is(err, broken) {
			t.Errorf("%s: the error of the record is lost: %v", f.Name, err)
		}
	}
	if _, err := ByName("xls"); err == nil {
		t.Error("an unknown format is accepted")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestNetworkLineHasTheDesignsFields(t *testing.T) {
	var b bytes.Buffer
	if err := jsonlNetworks(&b, all([]ad.Network{sampleNetwork("n-1")}), reader); err != nil {
		t.Fatal(err)
	}
	var line map[string]any
	if err := json.Unmarshal(b.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"id", "score", "score_version", "band", "ads", "identifiers", "indicators", "first_seen", "last_seen", "sites", "places"} {
		if _, ok := line[f]; !ok {
			t.Errorf("no field %s", f)
		}
	}
}

// TestPeopleReadNoHash: the table for people names texts and pictures by an ad that shows them, the lines for programs by their value.
func TestPeopleReadNoHash(t *testing.T) {
	n := sampleNetwork("n-1", sampleAd("1", "Mia"))
	n.Indicators = []ad.Indicator{{Code: "N03", Evidence: []ad.Evidence{{Value: "text:4a71575264d2", Ads: n.Ads, Figure: &ad.Figure{What: "contacts", Value: 3}}, {Value: "picture:00ff00ff00ff00ff", Ads: n.Ads}}}}
	for format, want := range map[string][2]string{
		"csv":   {"text of ad nordmarked.example/1: contacts 3; picture of ad nordmarked.example/1", "4a71575264d2"},
		"jsonl": {"text:4a71575264d2: contacts 3; picture:00ff00ff00ff00ff", "text of ad"},
	} {
		f, err := ByName(format)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.Rows.Networks(&b, all([]ad.Network{n}), reader); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); !strings.Contains(got, want[0]) || strings.Contains(got, want[1]) {
			t.Errorf("%s says\n%s\nwant %q and not %q", format, got, want[0], want[1])
		}
	}
}

// Each format is explained to people.
func TestFormatsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/exports.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		if !strings.Contains(string(text), "| `"+f.Name+"` |") {
			t.Errorf("docs/exports.md does not tell of %s", f.Name)
		}
	}
}
