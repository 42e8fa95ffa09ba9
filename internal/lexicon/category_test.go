package lexicon

import (
	"slices"
	"testing"

	"varde/configs"
	"varde/internal/ad"
)

// TestCodesReadTheSameCategories: in every lexicon the entries of a code together read the same categories, so that the same ad is
// not read for a code in one language and passed over in another.
func TestCodesReadTheSameCategories(t *testing.T) {
	all, err := Examples(configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]map[string][]ad.Category{} // code, language
	for _, e := range all {
		if read[e.Code] == nil {
			read[e.Code] = map[string][]ad.Category{}
		}
		in := append(read[e.Code][e.Language], e.In...)
		slices.Sort(in)
		read[e.Code][e.Language] = slices.Compact(in)
	}
	for code, in := range read {
		for language, categories := range in {
			if !slices.Equal(categories, in["en"]) {
				t.Errorf("%s: %s reads %v, en reads %v", code, language, categories, in["en"])
			}
		}
	}
}
