package indicator

import (
	"fmt"
	"slices"

	"varde/internal/config"
)

// Languages are those in which every entry has its wording.
var Languages = []string{"nb", "en"}

// Reliabilities are what can be known of a code's worth, from most to least: tested in a study with known outcomes, named by experts, or
// this project's own reasoning. They are shown, and change no points.
var Reliabilities = []string{"tested", "expert", "own"}

// Entry is one code of the catalogue.
type Entry struct {
	Code string `yaml:"code"`
	// Family is N (network), S (sexual services), J (job), X (spam and scam) or C (a child may be involved).
	Family string `yaml:"family"`
	// Points are what one occurrence with full confidence counts: tenths of a nat of log-odds. Codes of family C have none: a child is
	// not a score. Those of family X count towards the class spam and not towards the score.
	Points float64 `yaml:"points"`
	// Strong marks network codes that need only one other code beside them.
	Strong bool `yaml:"strong"`
	// Reliability is what is known of the code's worth: tested, expert or own.
	Reliability string `yaml:"reliability"`
	// Title, Why and Innocent are by language: what it is, why it may matter, and what innocent reasons there are.
	Title    map[string]string `yaml:"title"`
	Why      map[string]string `yaml:"why"`
	Innocent map[string]string `yaml:"innocent"`
	Source   string            `yaml:"source"`
}

// file is configs/indicators.yaml.
type file struct {
	// Bands are the least scores of the bands above low.
	Bands struct {
		Elevated float64 `yaml:"elevated"`
		High     float64 `yaml:"high"`
	} `yaml:"bands"`
	// Caps are the most points a family can give.
	Caps map[string]float64 `yaml:"caps"`
	// Codes and Families are the co-occurrence rule: so many codes of so many families lift the lid.
	Codes    int     `yaml:"codes"`
	Families int     `yaml:"families"`
	Entries  []Entry `yaml:"indicators"`
}

// families are those that make the score.
var families = []string{networkFamily, "S", "J"}

// networkFamily are the codes that rest on several ads.
const networkFamily = "N"

// The families beside the score.
const (
	spamFamily  = "X"
	childFamily = "C"
)

// Validate reports each broken rule.
func (f *file) Validate(report func(field, text string)) {
	if f.Bands.Elevated <= 0 || f.Bands.High <= f.Bands.Elevated || f.Bands.High > 1 {
		report("bands", "must be 0 < elevated < high <= 1")
	}
	for _, fam := range families {
		if f.Caps[fam] <= 0 || f.Caps[fam] > 100 {
			report("caps."+fam, "required: the most points of the family, up to 100")
		}
	}
	if f.Codes < 2 || f.Families < 2 || f.Families > len(families) {
		report("codes", "needs at least 2 codes of 2 or 3 families")
	}
	seen := map[string]bool{}
	for i := range f.Entries {
		e := &f.Entries[i]
		at := func(field string) string { return fmt.Sprintf("indicators.%d.%s", i, field) }
		if e.Code == "" || seen[e.Code] {
			report(at("code"), fmt.Sprintf("%q is missing or stands twice", e.Code))
		}
		seen[e.Code] = true
		e.validate(func(field, text string) { report(at(field), e.Code+": "+text) })
	}
	if len(f.Entries) == 0 {
		report("indicators", "required: at least one")
	}
}

func (e *Entry) validate(report func(field, text string)) {
	if !slices.Contains(append(slices.Clone(families), spamFamily, childFamily), e.Family) {
		report("family", fmt.Sprintf("%q is none of N, S, J, X, C", e.Family))
	}
	switch {
	case e.Family == childFamily && e.Points != 0:
		report("points", "must be 0: a child is not a score")
	case e.Family != childFamily && (e.Points <= 0 || e.Points > MostPoints):
		report("points", "must lie above 0 and be at most 25: no single sign decides")
	}
	if e.Strong && e.Family != networkFamily {
		report("strong", "only network codes can be strong")
	}
	if !slices.Contains(Reliabilities, e.Reliability) {
		report("reliability", "is one of tested, expert, own")
	}
	if e.Source == "" {
		report("source", "required: where the code comes from")
	}
	for name, texts := range map[string]map[string]string{"title": e.Title, "why": e.Why, "innocent": e.Innocent} {
		for _, lang := range Languages {
			if texts[lang] == "" {
				report(name+"."+lang, "required")
			}
		}
	}
}

// Catalogue is a read catalogue. It is never changed and may be used by many at once.
type Catalogue struct {
	file    file
	text    string
	byCode  map[string]Entry
	version string
	// own are the file's points, other those that were set instead.
	own, other map[string]float64
}

// Load reads a catalogue strictly; its errors are config.Problems.
func Load(name string, data []byte) (*Catalogue, error) {
	c := &Catalogue{byCode: map[string]Entry{}, text: string(data), own: map[string]float64{}, other: map[string]float64{}}
	if err := config.Strict(name, data, &c.file); err != nil {
		return nil, err
	}
	for _, e := range c.file.Entries {
		c.byCode[e.Code], c.own[e.Code] = e, e.Points
	}
	c.version = versionOf(c.text, nil)
	return c, nil
}

// Entry returns the entry of a code.
func (c *Catalogue) Entry(code string) (Entry, bool) { e, ok := c.byCode[code]; return e, ok }

// Child says whether a code means that a child may be involved: it is told at once and scores nothing.
func (c *Catalogue) Child(code string) bool { return c.byCode[code].Family == childFamily }

// Spam says whether a code speaks for the class spam.
func (c *Catalogue) Spam(code string) bool { return c.byCode[code].Family == spamFamily }

// Points returns what one occurrence of a code with full confidence counts.
func (c *Catalogue) Points(code string) (float64, bool) { e, ok := c.byCode[code]; return e.Points, ok }

// Codes lists all codes in the order of the file.
func (c *Catalogue) Codes() []string {
	codes := make([]string, len(c.file.Entries))
	for i, e := range c.file.Entries {
		codes[i] = e.Code
	}
	return codes
}

// Version names the catalogue's content, its file and its points: two catalogues with the same version score alike.
func (c *Catalogue) Version() string { return c.version }
