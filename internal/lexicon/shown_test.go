package lexicon

import (
	"io/fs"
	"slices"
	"testing"

	"varde/configs"
	"varde/internal/config"
	"varde/internal/text"
)

// shown are the codes whose patterns every lexicon shows in its examples; en and nb show those of all codes.
var shown = []string{"J25", "J27", "J29", "J31", "J32", "J33"}

// TestEveryPatternIsShown: in these lexicons each pattern by itself is found in an example, so that none is there by mistake.
func TestEveryPatternIsShown(t *testing.T) {
	paths, err := fs.Glob(configs.FS, "lexicons/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		whole := path == "lexicons/en.yaml" || path == "lexicons/nb.yaml"
		data, err := fs.ReadFile(configs.FS, path)
		if err != nil {
			t.Fatal(err)
		}
		var l file
		if err := config.Strict(path, data, &l); err != nil {
			t.Fatal(err)
		}
		for i, p := range l.Phrases {
			if !whole && !slices.Contains(shown, p.Code) {
				continue
			}
			var found []match
			for _, m := range p.Match {
				found = append(found, l.set.all(p.In[0], []*text.Folded{Reads(text.Read(m))}, func(rule int32) bool { return int(rule) == i })...)
			}
			for k, pattern := range p.Patterns {
				id := int32(l.set.rules[i].first + k)
				if !slices.ContainsFunc(found, func(m match) bool { return m.pattern == id && !m.denied }) {
					t.Errorf("%s: %s: no example shows %q", path, p.Code, pattern)
				}
			}
		}
	}
}
