package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
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

func seq[T any](all ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func explain(code string) string { return "name of " + code }

func TestGolden(t *testing.T) {
	ads := []ad.Ad{sampleAd("1", "Mia"), sampleAd("2", hostile)}
	ads[1].Gone = seen.Add(26 * time.Hour)
	for _, f := range Formats {
		for what, write := range map[string]func(io.Writer) error{
			"ads": func(w io.Writer) error { return f.Ads(w, seq(ads...), explain) },
			"networks": func(w io.Writer) error {
				return f.Networks(w, seq(sampleNetwork("n-1", ads...), sampleNetwork("n-2")), explain)
			},
		} {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", what+"."+f.Extension+".golden")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s %s differs from %s; look, and run with -update:\n%s", f.Name, what, path, got.String())
			}
		}
	}
}

func TestExportedAdsCanBeImported(t *testing.T) {
	a := sampleAd("1", hostile)
	a.Gone = seen.Add(26 * time.Hour)
	var b bytes.Buffer
	if err := jsonlAds(&b, seq(a), explain); err != nil {
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

// readGraphML is a second implementation of what readers of GraphML insist on.
func readGraphML(t *testing.T, data []byte) (nodes, edges int) {
	t.Helper()
	var doc struct {
		Keys []struct {
			ID   string `xml:"id,attr"`
			For  string `xml:"for,attr"`
			Name string `xml:"attr.name,attr"`
			Type string `xml:"attr.type,attr"`
		} `xml:"key"`
		Graph struct {
			Nodes []struct {
				ID   string `xml:"id,attr"`
				Data []struct {
					Key string `xml:"key,attr"`
				} `xml:"data"`
			} `xml:"node"`
			Edges []struct {
				Source string `xml:"source,attr"`
				Target string `xml:"target,attr"`
			} `xml:"edge"`
		} `xml:"graph"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	keys, ids := map[string]bool{}, map[string]bool{}
	for _, k := range doc.Keys {
		if k.For == "" || k.Name == "" || k.Type == "" {
			t.Errorf("key %+v is not whole", k)
		}
		keys[k.ID] = true
	}
	for _, n := range doc.Graph.Nodes {
		if ids[n.ID] {
			t.Errorf("node %q twice", n.ID)
		}
		ids[n.ID] = true
		for _, d := range n.Data {
			if !keys[d.Key] {
				t.Errorf("data of undeclared key %q", d.Key)
			}
		}
	}
	for _, e := range doc.Graph.Edges {
		if !ids[e.Source] || !ids[e.Target] {
			t.Errorf("edge %q to %q has an end that is not there", e.Source, e.Target)
		}
	}
	return len(doc.Graph.Nodes), len(doc.Graph.Edges)
}

func TestGraphML(t *testing.T) {
	ads := []ad.Ad{sampleAd("1", "Mia"), sampleAd("2", hostile)}
	ads[1].Gone = seen.Add(26 * time.Hour)
	for name, tt := range map[string]struct {
		networks     []ad.Network
		nodes, edges int
	}{
		"none": {},
		"one":  {networks: []ad.Network{sampleNetwork("n-1", ads[0])}, nodes: 2, edges: 1},
		"two":  {networks: []ad.Network{sampleNetwork("n-1", ads...), sampleNetwork("n-2")}, nodes: 3, edges: 2},
	} {
		var b bytes.Buffer
		if err := graphmlNetworks(&b, seq(tt.networks...), explain); err != nil {
			t.Fatal(err)
		}
		if n, e := readGraphML(t, b.Bytes()); n != tt.nodes || e != tt.edges {
			t.Errorf("%s: %d nodes and %d edges, want %d and %d", name, n, e, tt.nodes, tt.edges)
		}
	}
	var b bytes.Buffer
	if err := graphmlAds(&b, seq(ads...), explain); err != nil {
		t.Fatal(err)
	}
	if n, e := readGraphML(t, b.Bytes()); n != 3 || e != 2 {
		t.Errorf("ads: %d nodes and %d edges", n, e)
	}
}

func TestErrorsComeOut(t *testing.T) {
	broken := errors.New("store gone")
	for _, f := range Formats {
		err := f.Networks(io.Discard, func(yield func(ad.Network, error) bool) { yield(ad.Network{}, broken) }, explain)
		if !errors.Is(err, broken) {
			t.Errorf("%s: the error of the record is lost: %v", f.Name, err)
		}
		many := func(yield func(ad.Ad, error) bool) {
			for range 1000 {
				if !yield(sampleAd("1", "Mia"), nil) {
					return
				}
			}
		}
		if err := f.Ads(failing{}, many, explain); err == nil {
			t.Errorf("%s: a full disk goes unnoticed", f.Name)
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
	if err := jsonlNetworks(&b, seq(sampleNetwork("n-1")), explain); err != nil {
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
		if err := f.Networks(&b, seq(n), explain); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); !strings.Contains(got, want[0]) || strings.Contains(got, want[1]) {
			t.Errorf("%s says\n%s\nwant %q and not %q", format, got, want[0], want[1])
		}
	}
}
