package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/testkit"
)

// world is one network of so many ads: phones, accounts and a text that link them, a number on all of them that does not, and words that try to be
// formulas and markup.
func world(ads int) *Content {
	n := ad.Network{ID: "n-1", Score: 0.8, Band: ad.High, ScoreVersion: "0a1b2c3d4e5f", FirstSeen: seen, LastSeen: seen, Places: []string{"Bergen"}, Sites: []string{"nordmarked.example"},
		Categories: []ad.Category{ad.SexualServices}, Indicators: []ad.Indicator{{Code: "N01", Points: 22, Confidence: 1}}}
	list := make([]ad.Ad, 0, ads)
	for i := range ads {
		a := sampleAd(fmt.Sprint(i), fmt.Sprintf("Ad %d %s 😀", i, []string{"plain", hostile, "&<>\"'", "@sum", "line\nend", "nul\x00"}[i%6]))
		a.FirstSeen, a.LastSeen = seen.Add(time.Duration(i)*time.Hour), seen.Add(time.Duration(i+100)*time.Hour)
		a.Finding.Sighting.URL = fmt.Sprintf("https://nordmarked.example/ad/%d", i)
		a.Finding.Sighting.Location, a.Finding.Sighting.Country = "Bergen", "NO"
		a.Finding.Sighting.Text = strings.Repeat("words of an ad & more <b> ", 20)
		a.Identifiers = []ad.Identifier{{Kind: ad.Phone, Value: fmt.Sprintf("+47400%05d", i/4)}, {Kind: ad.Phone, Value: "+4722000000"},
			{Kind: ad.Handle, Value: fmt.Sprintf("telegram:mia_%d", i/7)}, {Kind: ad.Email, Value: fmt.Sprintf("m%d@post.example", i/9)}}
		n.Ads = append(n.Ads, a.Key)
		n.Edges = append(n.Edges, ad.Edge{Ad: a.Key, Kind: ad.Phone, Value: a.Identifiers[0].Value}, ad.Edge{Ad: a.Key, Kind: ad.TextSig, Value: fmt.Sprintf("%064x", i/50)})
		n.LastSeen = a.LastSeen
		list = append(list, a)
	}
	n.Identifiers = []ad.NetworkIdentifier{{Kind: ad.Phone, Value: "+4740000000", Ads: min(ads, 4)}, {Kind: ad.Phone, Value: "+4722000000", Ads: ads, Hub: true}}
	if ads == 0 {
		return Gather(statement, nil, nil)
	}
	return Gather(statement, []ad.Network{n}, list)
}

// counts are what a foreign reader found.
type counts struct {
	Nodes, Edges, Networks, Ads, Markings int
	Labels, Schemata                      []string
	Statement                             string
}

// tool runs a foreign reader on a file.
func tool(t *testing.T, args ...string) counts {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v (is it installed? make tools): %v\n%s", args, err, stderr.String())
	}
	var c counts
	if err := json.Unmarshal(out, &c); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return c
}

// foreign are the tools that read each format; the figures are theirs.
func foreign(t *testing.T) map[string][]func(t *testing.T, file string) counts {
	t.Helper()
	stix := filepath.Join(t.TempDir(), "gostix")
	if out, err := exec.Command("go", "build", "-C", "testdata/gostix", "-o", stix, ".").CombinedOutput(); err != nil {
		t.Fatalf("gostix cannot be built; run: make tools\n%s", out)
	}
	python := func(kind string) func(*testing.T, string) counts {
		return func(t *testing.T, file string) counts {
			return tool(t, "/usr/bin/python3", "testdata/foreign/check.py", kind, file)
		}
	}
	node := func(kind string) func(*testing.T, string) counts {
		return func(t *testing.T, file string) counts {
			return tool(t, "node", "testdata/foreign/check.mjs", kind, file)
		}
	}
	return map[string][]func(*testing.T, string) counts{
		"graphml": {python("graphml")}, "gexf": {python("gexf"), node("gexf")}, "cytoscape": {node("cytoscape")},
		"tables": {python("tables")}, "neo4j": {python("neo4j")}, "i2csv": {python("i2csv")}, "ftm": {node("ftm")},
		"stix": {func(t *testing.T, file string) counts { return tool(t, stix, file) }},
	}
}

func written(t *testing.T, f Format, c *Content) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "export."+f.Extension)
	var b bytes.Buffer
	if err := f.Write(&b, c, reader); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Networks of none, one and two ads, and of two thousand, are read by tools that did not come from here, which find as much as was written.
func TestForeignToolsFindAllOfIt(t *testing.T) {
	tools := foreign(t)
	for name, readers := range tools {
		f, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, ads := range []int{0, 1, 2, 2000} {
			c := world(ads)
			file := written(t, f, c)
			for _, read := range readers {
				got := read(t, file)
				if got.Nodes != len(c.nodes) || got.Edges != len(c.edges) {
					t.Errorf("%s of %d ads: %d nodes and %d edges, want %d and %d", name, ads, got.Nodes, got.Edges, len(c.nodes), len(c.edges))
				}
				if name != "graphml" && got.Statement != "" && !strings.Contains(got.Statement, "case 7") {
					t.Errorf("%s: the statement is %q", name, got.Statement)
				}
				if len(got.Labels) > 0 && name != "tables" && !slices.Contains(got.Labels, "Ad 0 plain 😀") {
					t.Errorf("%s: no ad keeps its name: %q", name, got.Labels[:min(3, len(got.Labels))])
				}
				if name == "stix" && (got.Ads != ads || got.Networks != min(ads, 1) || got.Markings != 1) {
					t.Errorf("stix of %d ads: %+v", ads, got)
				}
			}
		}
	}
}

// What is in a bundle has the ids that others give it, too.
func TestObservablesHaveTheIdsOfTheStandard(t *testing.T) {
	f, _ := ByName("stix")
	c := world(20)
	if got := tool(t, "node", "testdata/foreign/check.mjs", "stix", written(t, f, c)); got.Nodes != len(c.nodes) {
		t.Errorf("%d ids were checked of %d", got.Nodes, len(c.nodes))
	}
}

func TestNobodyIsMadeAPersonOrACriminal(t *testing.T) {
	f, _ := ByName("ftm")
	got := tool(t, "node", "testdata/foreign/check.mjs", "ftm", written(t, f, world(50)))
	if want := []string{"HyperText", "Note", "PlainText", "UnknownLink", "UserAccount"}; !slices.Equal(got.Schemata, want) {
		t.Errorf("entities are %v", got.Schemata)
	}
	f, _ = ByName("stix")
	data, err := os.ReadFile(written(t, f, world(50)))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"threat-actor", "campaign", `"relationship"`, `"identity_class":"individual"`, "crime"} {
		if bytes.Contains(data, []byte(bad)) {
			t.Errorf("a bundle holds %s", bad)
		}
	}
}

// The chart holds against the schema of what Analyst's Notebook is known to take, and has every node, every edge and the statement.
func TestChart(t *testing.T) {
	f, _ := ByName("anx")
	for _, ads := range []int{0, 1, 2, 2000} {
		c := world(ads)
		file := written(t, f, c)
		if out, err := exec.Command("xmllint", "--huge", "--noout", "--schema", "testdata/anx.xsd", file).CombinedOutput(); err != nil {
			t.Fatalf("xmllint: %v\n%.2000s", err, out)
		}
		for expr, want := range map[string]int{"count(//Entity)": len(c.nodes) + 1, "count(//Link)": len(c.edges)} {
			out, err := exec.Command("xmllint", "--huge", "--xpath", expr, file).Output()
			if err != nil || strings.TrimSpace(string(out)) != fmt.Sprint(want) {
				t.Errorf("%d ads: %s is %s, want %d (%v)", ads, expr, out, want, err)
			}
		}
	}
	for _, name := range []string{"graphml", "gexf", "svg"} {
		f, _ := ByName(name)
		if out, err := exec.Command("xmllint", "--huge", "--noout", written(t, f, world(200))).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%.2000s", name, err, out)
		}
	}
}

// stoodFor is how many nodes the marks of the picture stand for: each for one, and for as many as its number says.
const stoodFor = `document.querySelectorAll("#graph .nodes > *").length + [...document.querySelectorAll("#graph .counts text")].reduce((n, e) => n + Number(e.textContent) - 1, 0)`

// Chromium opens the dossier and the picture, finds as much as was written, asks for nothing else, and complains of nothing.
func TestDossierInABrowser(t *testing.T) {
	b := testkit.Open(t)
	for _, ads := range []int{2, 2000} {
		c := world(ads)
		d := c.draw(words["en"])
		for name, marks := range map[string]map[string]int{
			"html": {"#ads tbody tr": len(c.Ads), "#graph .nodes > *": len(d.marks), "#graph .edges > *": len(d.lines), "section.network": 1, "#statement tr": 12,
				"script, iframe, object, [onload], [onclick], i": 0},
			"svg": {"#graph .nodes > *": len(d.marks), "#graph .edges > *": len(d.lines), "#statement text": 12, "script, b": 0},
		} {
			f, _ := ByName(name)
			data, err := os.ReadFile(written(t, f, c))
			if err != nil {
				t.Fatal(err)
			}
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", f.MediaType)
				_, _ = w.Write(data)
			}))
			defer srv.Close()
			b.Forget()
			b.Goto(srv.URL)
			for selector, want := range marks {
				if got := testkit.Eval[int](b, fmt.Sprintf("document.querySelectorAll(%q).length", selector)); got != want {
					t.Errorf("%s of %d ads: %d of %s, want %d", name, ads, got, selector, want)
				}
			}
			if got := testkit.Eval[int](b, stoodFor); got != len(c.nodes) {
				t.Errorf("%s of %d ads: the marks stand for %d nodes, want %d", name, ads, got, len(c.nodes))
			}
			if errs := b.Errors(); len(errs) > 0 {
				t.Errorf("%s: %v", name, errs)
			}
		}
	}
	for _, h := range b.Hosts() {
		if !strings.HasPrefix(h, "127.0.0.1") {
			t.Errorf("asked %s for something", h)
		}
	}
}

func TestWordsOfBothLanguages(t *testing.T) {
	for key := range words["en"] {
		if words["nb"][key] == "" {
			t.Errorf("nb lacks %q", key)
		}
	}
	for _, c := range ad.Categories {
		if words["en"]["category."+string(c)] == "" {
			t.Errorf("there is no word for %s", c)
		}
	}
	if len(words["nb"]) != len(words["en"]) {
		t.Errorf("nb has %d words, en %d", len(words["nb"]), len(words["en"]))
	}
}

func BenchmarkExport(b *testing.B) {
	ads := world(2000)
	for _, f := range Formats {
		b.Run(f.Name, func(b *testing.B) {
			var size int
			for b.Loop() {
				var out bytes.Buffer
				if err := f.Write(&out, Gather(statement, slices.Clone(ads.Networks), slices.Clone(ads.Ads)), reader); err != nil {
					b.Fatal(err)
				}
				size = out.Len()
			}
			b.ReportMetric(float64(size)/1e6, "MB")
		})
	}
}
