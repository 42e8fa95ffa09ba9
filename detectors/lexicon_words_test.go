package detectors_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"varde/configs"
	"varde/detectors"
	"varde/internal/ad"
	"varde/internal/testkit"
)

// withLexicon is Varde's configuration with one more lexicon.
func withLexicon(t testing.TB, lexicon string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{"lexicons/xx.yaml": {Data: []byte(lexicon)}}
	for _, name := range []string{"wages/no.yaml", "places.csv", "employers.yaml"} {
		data, err := configs.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

func TestListsOfWords(t *testing.T) {
	const lexicon = `
language: xx
words: {persons: [mice, cats]}
phrases:
- code: S07
  in: [sexual_services]
  patterns: ['our <persons>']
  match: ["our mice", "our cats"]
  not: ["our dogs"]
`
	cfg := detectors.Config{Catalogue: testkit.Catalogue(t), Files: withLexicon(t, lexicon), Region: "NO"}
	d, err := detectors.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"our mice": "S07", "Our cats!": "S07", "our dogs": ""} {
		if got := strings.Join(codes(find(t, d, ad.Sighting{Category: ad.SexualServices, Title: "x", Text: text})), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	cfg.Files = withLexicon(t, strings.Replace(lexicon, "persons:", "people:", 1))
	if _, err := detectors.New(cfg); err == nil || !strings.Contains(err.Error(), "there is no list <persons>") {
		t.Errorf("a missing list is not told: %v", err)
	}
}
