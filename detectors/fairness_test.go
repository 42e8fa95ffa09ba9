package detectors_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"varde/configs"
	"varde/detectors"
	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/lexicon"
	"varde/internal/sim"
	"varde/internal/testkit"
	"varde/internal/text"
)

// reading is what counts of an ad: codes with their confidence, score and band.
type reading struct {
	Codes string
	Score float64
	Band  ad.Band
}

// reader reads an ad.
type reader func(ad.Sighting) reading

func readerOf(t testing.TB, d *detectors.Detectors, cat *indicator.Catalogue) reader {
	return func(s ad.Sighting) reading {
		f, err := d.Find(context.Background(), &s)
		if err != nil {
			t.Fatal(err)
		}
		score := cat.Score(f.Indicators)
		var codes []string
		for _, in := range f.Indicators {
			codes = append(codes, fmt.Sprintf("%s*%g", in.Code, in.Confidence))
		}
		slices.Sort(codes)
		return reading{strings.Join(slices.Compact(codes), " "), score.Score, score.Band}
	}
}

// sample is an ad with the language that its words are swapped in.
type sample struct {
	ad.Sighting
	words string
}

// samples are what fair ads are drawn from.
type samples struct {
	lists []*wordList
	// phrases are the lexicons' own examples of what must be found, by language and category.
	phrases map[[2]string][]string
	keys    [][2]string
	// whole are ads of the simulated world and of testdata/fairness.
	whole     []sample
	templates []section
}

func newSamples(t testing.TB, files fs.FS) *samples {
	t.Helper()
	s := &samples{lists: wordLists(t), phrases: map[[2]string][]string{}, templates: sections(t, "templates.txt")}
	examples, err := lexicon.Examples(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples {
		for _, in := range e.In {
			key := [2]string{e.Language, string(in)}
			if s.phrases[key] == nil {
				s.keys = append(s.keys, key)
			}
			s.phrases[key] = append(s.phrases[key], e.Match...)
		}
	}
	for _, p := range parallels(t) {
		for _, one := range p.ads {
			s.whole = append(s.whole, sample{p.sighting(one), one.language})
		}
	}
	for one := range sim.NewWorld(sim.Config{Seed: 4, Ads: 400, Start: seen.Add(-30 * 24 * time.Hour)}).Sightings() {
		language := one.Language
		if len(forLanguage(s.lists, language)) < 3 {
			language = "nb"
		}
		s.whole = append(s.whole, sample{one, language})
	}
	return s
}

// draw is an ad: some phrases of a lexicon, a whole ad, or a template with words in its slots.
func (s *samples) draw(t *rapid.T) sample {
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0, 1:
		key := rapid.SampledFrom(s.keys).Draw(t, "language")
		some := rapid.SliceOfN(rapid.SampledFrom(s.phrases[key]), 1, 4).Draw(t, "phrases")
		return sample{ad.Sighting{Site: "a.example", AdID: "1", SeenAt: seen, Category: ad.Category(key[1]), Title: "Annonse", Text: strings.Join(some, ". ")}, key[0]}
	case 2:
		return rapid.SampledFrom(s.whole).Draw(t, "ad")
	}
	return s.template(t, rapid.SampledFrom(s.templates).Draw(t, "template"))
}

// template is an ad of a template, with drawn words in its slots.
func (s *samples) template(t *rapid.T, one section) sample {
	language, category, _ := strings.Cut(one.name, " ")
	title, lines := "Annonse", one.lines
	if named, ok := strings.CutPrefix(lines[0], "Title: "); ok {
		title, lines = s.filled(t, language, named), lines[1:]
	}
	return sample{ad.Sighting{Site: "a.example", AdID: "1", SeenAt: seen, Category: ad.Category(category), Title: title, Text: s.filled(t, language, strings.Join(lines, "\n"))}, language}
}

// filled puts drawn words into the slots of a template, such as {nationality} or {gender.object}.
func (s *samples) filled(t *rapid.T, language, template string) string {
	for _, l := range forLanguage(s.lists, language) {
		for slot := "{" + l.key() + "}"; strings.Contains(template, slot); {
			template = strings.Replace(template, slot, rapid.SampledFrom(l.words).Draw(t, slot), 1)
		}
	}
	return template
}

// changed draws another ad that differs from the first only in what it says of who somebody is.
func (s *samples) changed(t *rapid.T, one sample) (two ad.Sighting, what string) {
	two = one.Sighting
	switch change := rapid.IntRange(0, 7).Draw(t, "change"); {
	case change == 0:
		two.Language = rapid.SampledFrom([]string{"", "nb", "en", "ro", "th", "ru"}).Draw(t, "to")
		return two, "language field"
	case change == 1 && one.Advertiser != "":
		two.Advertiser = rapid.SampledFrom(s.names()).Draw(t, "to")
		return two, "advertiser"
	case change == 2:
		two.Phones = []string{rapid.SampledFrom([]string{"+40721234567", "+4741234567", "+79161234567"}).Draw(t, "to")}
		return two, phoneCountry
	}
	all := slices.Collect(variants(s.lists, one.words, one.Text))
	v := rapid.SampledFrom(all).Draw(t, "to")
	two.Text = v.text
	return two, v.what
}

func (s *samples) names() []string {
	i := slices.IndexFunc(s.lists, func(l *wordList) bool { return l.kind == "names" })
	return s.lists[i].words
}

// work is what makes a job ad long enough to be asked who its employer is: whether it is must not hang on the words that are changed.
const work = "Arbeidet er rydding, vask og bæring på et stort anlegg, fire dager i uken, fra åtte til fire, med pause midt på dagen og arbeidstøy " +
	"som du får når du begynner i jobben om noen uker sammen med to andre som er nye der."

// base makes an ad one with a phone and a country; one that is no job's has a name.
func base(one sample) sample {
	if one.Category == ad.Job {
		one.Text += "\n" + work
	} else if one.Advertiser == "" {
		one.Advertiser = "Kari"
	}
	if len(one.Phones) == 0 {
		one.Phones = []string{"+4741234567"}
	}
	if one.Country == "" {
		one.Country = "NO"
	}
	return one
}

const phoneCountry = "phone's country"

// pair is two ads that differ only in what they say of who somebody is.
type pair struct {
	one, two ad.Sighting
	what     string
}

func (s *samples) pair(t *rapid.T) pair {
	one := base(s.draw(t))
	two, what := s.changed(t, one)
	if what == phoneCountry { // both have one that the text does not give: a second phone to call is something else
		one.Phones = []string{"+4741234567"}
	}
	return pair{one.Sighting, two, what}
}

// unfair says what of two readings differs, or nothing.
func (p pair) unfair(read reader) string {
	a, b := read(p.one), read(p.two)
	if a == b {
		return ""
	}
	return fmt.Sprintf("%s: %v became %v\n%s\n%s", p.what, a, b, p.one.Text, p.two.Text)
}

func TestWhoSomebodyIsNeverCounts(t *testing.T) {
	s := newSamples(t, configs.FS)
	read := readerOf(t, ready(t), testkit.Catalogue(t))
	rapid.Check(t, func(t *rapid.T) {
		if why := s.pair(t).unfair(read); why != "" {
			t.Fatal(why)
		}
	})
}

// TestEveryPhraseIsFair tries every change of every phrase that a lexicon says it finds.
func TestEveryPhraseIsFair(t *testing.T) {
	s := newSamples(t, configs.FS)
	set, err := lexicon.Load(configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, key := range s.keys {
		for _, phrase := range s.phrases[key] {
			want := found(set, ad.Category(key[1]), phrase)
			for v := range variants(s.lists, key[0], phrase) {
				tried++
				if got := found(set, ad.Category(key[1]), v.text); got != want {
					t.Errorf("%s: %s became %s\n%s\n%s", v.what, want, got, phrase, v.text)
					break // one is enough to find the pattern
				}
			}
		}
	}
	if tried < 10_000 {
		t.Errorf("only %d changes were tried", tried)
	}
}

// lexicons are the lexicons that Varde comes with, and what they show of themselves.
func lexicons(t *testing.T) (*lexicon.Set, []lexicon.Example) {
	t.Helper()
	set, err := lexicon.Load(configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	examples, err := lexicon.Examples(configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	return set, examples
}

// TestAdjectivesBeforeAnyWordNeverCount puts an adjective of nationality, colour, religion or health before every word of every
// phrase that a lexicon shows: what it finds must be found, and its near misses stay misses.
func TestAdjectivesBeforeAnyWordNeverCount(t *testing.T) {
	s := newSamples(t, configs.FS)
	set, examples := lexicons(t)
	tried := 0
	for _, e := range examples {
		for _, phrase := range slices.Concat(e.Match, e.Not) {
			want := found(set, e.In[0], phrase)
			for v := range insertions(s.lists, e.Language, phrase) {
				tried++
				if got := found(set, e.In[0], v.text); got != want {
					t.Errorf("%s: %q became %q\n%s\n%s", v.what, want, got, phrase, v.text)
				}
			}
		}
	}
	if tried < 40_000 {
		t.Errorf("only %d insertions were tried", tried)
	}
}

// found are the codes of a text with their confidence.
func found(set *lexicon.Set, in ad.Category, s string) string {
	var out []string
	for _, f := range set.Find(in, []*text.Folded{lexicon.Reads(text.Read(s))}) {
		out = append(out, fmt.Sprintf("%s*%g", f.Code, f.Confidence))
	}
	return strings.Join(out, " ")
}

// TestWhatFairAdsAreDrawnFromShowsEveryCode: a code that no sample shows is not tested.
func TestWhatFairAdsAreDrawnFromShowsEveryCode(t *testing.T) {
	d := ready(t)
	s := newSamples(t, configs.FS)
	missing := d.Codes()
	shows := func(one ad.Sighting) {
		for _, code := range codes(find(t, d, one)) {
			missing = slices.DeleteFunc(missing, func(m string) bool { return m == code })
		}
	}
	for _, key := range s.keys {
		for _, phrase := range s.phrases[key] {
			shows(ad.Sighting{Category: ad.Category(key[1]), Title: "Annonse", Text: phrase})
		}
	}
	for _, one := range s.whole {
		shows(one.Sighting)
	}
	for _, one := range s.templates {
		shows(rapid.Custom(func(t *rapid.T) sample { return s.template(t, one) }).Example(1).Sighting)
	}
	if len(missing) > 0 {
		t.Errorf("no ad of the fairness tests shows %v: add one to testdata/fairness/templates.txt", missing)
	}
}

// unfair are rules that give points for who somebody is. Each is a phrase of a lexicon beside Varde's own.
var unfair = map[string]string{
	"nationality in Norwegian": `rumensk\p{L}*`,
	"nationality in English":   `romanians?`,
	"nationality beside":       `våre \p{L}+ske \p{L}+`,
	"religion":                 `muslimske?`,
	"health":                   `deaf`,
	"name":                     `fatima`,
	"language spoken":          `snakker (?:\p{L}+ )*russisk`,
	"gender":                   `guttene?`,
	"colour":                   `mørkhudet`,
}

// TestUnfairRulesAreCaught gives points to one word and expects the property to fail, so that it is known to be able to.
func TestUnfairRulesAreCaught(t *testing.T) {
	s := newSamples(t, configs.FS)
	for name, pattern := range unfair {
		t.Run(name, func(t *testing.T) {
			d, cat := mutant(t, pattern)
			if !s.caught(readerOf(t, d, cat)) {
				t.Errorf("%s scores and nothing is reported", pattern)
			}
		})
	}
	honest := readerOf(t, ready(t), testkit.Catalogue(t))
	for name, unfair := range map[string]func(ad.Sighting) bool{
		"language field": func(s ad.Sighting) bool { return s.Language == "ro" },
		"advertiser":     func(s ad.Sighting) bool { return s.Advertiser == "Fatima" },
		"phone's prefix": func(s ad.Sighting) bool { return strings.HasPrefix(s.Phones[0], "+40") },
	} {
		t.Run(name, func(t *testing.T) {
			if !s.caught(func(s ad.Sighting) reading {
				r := honest(s)
				if unfair(s) {
					r.Score += 0.0001
				}
				return r
			}) {
				t.Error("it scores and nothing is reported")
			}
		})
	}
}

// mutant is Varde with one more code, which a pattern gives.
func mutant(t *testing.T, pattern string) (*detectors.Detectors, *indicator.Catalogue) {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(configs.FS, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(configs.FS, path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range files { // Varde's own phrases are in the samples; here only the one more counts
		if strings.HasPrefix(path, "lexicons/") {
			delete(files, path)
		}
	}
	files["lexicons/xx.yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, "language: xx\nphrases:\n- {code: S99, in: [sexual_services, massage, job, housing, other], patterns: ['(?:zebra|%s)'], match: [zebra], not: [x]}\n", pattern)}
	catalogue := append(files["indicators.yaml"].Data, "- {code: S99, family: S, points: 1, reliability: own, title: {nb: x, en: x}, why: {nb: x, en: x}, innocent: {nb: x, en: x}, source: x}\n"...)
	cat, err := indicator.Load("indicators.yaml", catalogue)
	if err != nil {
		t.Fatal(err)
	}
	d, err := detectors.New(detectors.Config{Catalogue: cat, Files: files, Region: "NO"})
	if err != nil {
		t.Fatal(err)
	}
	return d, cat
}

// caught says whether the property fails for any of many drawn pairs.
func (s *samples) caught(read reader) bool {
	pairs := rapid.Custom(s.pair)
	for seed := range 3000 {
		if pairs.Example(seed).unfair(read) != "" {
			return true
		}
	}
	return false
}
