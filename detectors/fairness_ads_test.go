package detectors_test

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"varde/configs"
	"varde/internal/ad"
	"varde/internal/lexicon"
	"varde/internal/testkit"
	"varde/internal/text"
)

// spoken are the languages that every parallel ad is written in.
var spoken = []string{"nb", "nn", "en", "sv", "da", "de", "pl", "ro", "ru", "uk", "lt", "es"}

// parallel is one ad in several languages.
type parallel struct {
	name     string
	category ad.Category
	// codes are what it must show in each.
	codes string
	ads   []translation
}

type translation struct{ language, title, text string }

func (p *parallel) sighting(one translation) ad.Sighting {
	return ad.Sighting{Site: "a.example", AdID: p.name + "-" + one.language, SeenAt: seen, Category: p.category, Title: one.title, Text: one.text}
}

// parallels reads testdata/fairness/ads: a section about with category and codes, and one a language, title first.
func parallels(t testing.TB) (all []parallel) {
	t.Helper()
	files, err := filepath.Glob("testdata/fairness/ads/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		p := parallel{name: strings.TrimSuffix(filepath.Base(f), ".txt")}
		for _, s := range sections(t, filepath.Join("ads", filepath.Base(f))) {
			if s.name != "about" {
				p.ads = append(p.ads, translation{s.name, s.lines[0], strings.Join(s.lines[1:], "\n")})
				continue
			}
			for _, line := range s.lines {
				key, value, _ := strings.Cut(line, ":")
				switch value = strings.TrimSpace(value); key {
				case "category":
					p.category = ad.Category(value)
				case "codes":
					p.codes = value
				default:
					t.Fatalf("%s: %q is neither category nor codes", f, key)
				}
			}
		}
		all = append(all, p)
	}
	return all
}

// TestTheSameAdInEachLanguage: the language of an ad is a proxy for origin; the same ad translated keeps its codes and its score.
func TestTheSameAdInEachLanguage(t *testing.T) {
	d, cat := ready(t), testkit.Catalogue(t)
	all := parallels(t)
	if len(all) < 6 {
		t.Fatalf("only %d parallel ads", len(all))
	}
	for _, p := range all {
		var languages []string
		scores := map[float64][]string{}
		for _, one := range p.ads {
			languages = append(languages, one.language)
			f := find(t, d, p.sighting(one))
			if got := strings.Join(codes(f), " "); got != p.codes {
				t.Errorf("%s in %s: got %q, want %q", p.name, one.language, got, p.codes)
				for _, in := range f.Indicators {
					t.Logf("%s %s: %q", one.language, in.Code, in.Evidence[0].Quote)
				}
			}
			score := cat.Score(f.Indicators).Score
			scores[score] = append(scores[score], one.language)
		}
		if len(scores) != 1 {
			t.Errorf("%s: the score depends on the language: %v", p.name, scores)
		}
		slices.Sort(languages)
		if want := slices.Sorted(slices.Values(spoken)); !slices.Equal(languages, want) {
			t.Errorf("%s is in %v, want %v", p.name, languages, want)
		}
	}
}

// TestRefutedSignsScoreNothing: rule 6 of the catalogue. Each sign, added to an ad that shows nothing and to one of a house,
// changes neither codes nor score.
func TestRefutedSignsScoreNothing(t *testing.T) {
	read := readerOf(t, ready(t), testkit.Catalogue(t))
	byName := map[string]parallel{}
	for _, p := range parallels(t) {
		byName[p.name] = p
	}
	for file, names := range map[string][]string{"refuted_sexual.txt": {"independent", "house"}, "refuted_job.txt": {"employer", "recruiter"}} {
		tried := map[string]bool{}
		for _, s := range sections(t, file) {
			tried[s.name] = true
			for _, name := range names {
				p := byName[name]
				i := slices.IndexFunc(p.ads, func(one translation) bool { return one.language == s.name })
				if i < 0 {
					t.Fatalf("%s: there is no ad %q in %s", file, name, s.name)
				}
				one := p.sighting(p.ads[i])
				want := read(one)
				for _, sign := range s.lines {
					two := one
					two.Text += "\n" + sign
					if got := read(two); got != want {
						t.Errorf("%s, %s ad: %q changes %v to %v", s.name, name, sign, want, got)
					}
				}
			}
		}
		for _, language := range spoken {
			if !tried[language] {
				t.Errorf("%s has no signs in %s", file, language)
			}
		}
	}
}

// TestStatedAgeScoresNothing: 18 to 23 is no predictor (JRSA); a child is flagged and not scored.
func TestStatedAgeScoresNothing(t *testing.T) {
	read := readerOf(t, ready(t), testkit.Catalogue(t))
	for _, p := range parallels(t) {
		if p.category != ad.SexualServices {
			continue
		}
		one := p.sighting(p.ads[0])
		want := read(one)
		for age := 18; age <= 23; age++ {
			two := one
			two.Age, two.Text = age, one.Text+"\n"+strconv.Itoa(age)+" år."
			if got := read(two); got != want {
				t.Errorf("%s: the age %d changes %v to %v", p.name, age, want, got)
			}
		}
	}
}

// TestNoOtherLexiconFinds: every lexicon reads every ad, so what one says it must not find no other may find for the same code.
func TestNoOtherLexiconFinds(t *testing.T) {
	set, examples := lexicons(t)
	for _, e := range examples {
		for _, near := range e.Not {
			view := lexicon.Reads(text.Read(near))
			for _, f := range set.Find(e.In[0], []*text.Folded{view}) {
				if f.Code == e.Code {
					from, to := view.Span(f.On[0].Start, f.On[0].End)
					t.Errorf("%s %s: %q is found as %q by another lexicon", e.Language, e.Code, near, near[from:to])
				}
			}
		}
	}
}

// TestEveryLexiconKnowsWhatTheOthersKnow: a code that only some languages can show would make the score depend on the language.
func TestEveryLexiconKnowsWhatTheOthersKnow(t *testing.T) {
	examples, err := lexicon.Examples(configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	byCode := map[string][]string{}
	for _, e := range examples {
		byCode[e.Code] = append(byCode[e.Code], e.Language)
	}
	for code, languages := range byCode {
		for _, language := range spoken {
			if !slices.Contains(languages, language) {
				t.Errorf("%s has phrases in %v, but not in %s", code, languages, language)
			}
		}
	}
}
