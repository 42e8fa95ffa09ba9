package lexicon

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"

	"varde/internal/ad"
	"varde/internal/config"
	"varde/internal/text"
)

// file is one file of configs/lexicons: the phrases of one language. All of its lists but Negations may be empty.
type file struct {
	Language string `yaml:"language"`
	// Who are stems of adjectives that say who somebody is; a text is read as if they were not there.
	Who []string `yaml:"who"`
	// WhoAlso are those words among them that mean something else as well, in the spelling that does: they are read both ways.
	WhoAlso []string `yaml:"who_also"`
	// Negations turn a phrase around when they stand before it in its clause, at most farNegation words away.
	Negations []string `yaml:"negations"`
	// After turn a phrase around when they follow it in its clause, at most farAfter words away: "… is not required".
	After []string `yaml:"after"`
	// Affirmations hold a negation's word and deny nothing: "no problem".
	Affirmations []string `yaml:"affirmations"`
	// Or are the words of a list: what denies its first part denies all of it.
	Or []string `yaml:"or"`
	// And joins what is denied with what is: "no contract and no papers" denies nothing of the second.
	And []string `yaml:"and"`
	// Warnings turn around every phrase of their sentence: "beware of …".
	Warnings []string `yaml:"warnings"`
	// Words are lists by name: <name> in a pattern stands for any word of the list, such as <persons> for women and men alike.
	Words   map[string][]string `yaml:"words"`
	Phrases []phrase            `yaml:"phrases"`

	// set is the lexicon by itself, ready to read once it is valid.
	set *Set
}

// phrase is a code with the patterns that show it. Match and Not are examples: the first must be found, the second must not.
type phrase struct {
	Code string `yaml:"code"`
	// In are the categories of ads that are read.
	In []ad.Category `yaml:"in"`
	// Patterns are regular expressions over one line in any case; they begin at a word's beginning and end at a word's end.
	Patterns []string `yaml:"patterns"`
	// All says that every pattern must be found, in title or text, and not just one.
	All bool `yaml:"all"`
	// Confidence in (0,1] scales the points of what is often said in innocence; 0 stands for 1.
	Confidence float64 `yaml:"confidence"`
	// Title says that only the ad's title is read.
	Title bool `yaml:"title"`
	// Unless are words of the same sentence with which the phrase does not count.
	Unless []string `yaml:"unless"`
	// Warned says that a warning in the same sentence makes no difference.
	Warned bool     `yaml:"warned"`
	Match  []string `yaml:"match"`
	Not    []string `yaml:"not"`
}

// Validate reports each broken rule and each example that is not found as it should be.
func (l *file) Validate(report func(field, text string)) {
	if l.Language == "" {
		report("language", "required: the language's two letters")
	}
	if len(l.Phrases) == 0 {
		report("phrases", "required: at least one")
	}
	l.expand(report) // before the patterns are tried on their examples
	for i, p := range l.Phrases {
		at := func(field string) string { return fmt.Sprintf("phrases.%d.%s", i, field) }
		if p.Code == "" || len(p.In) == 0 || len(p.Patterns) == 0 {
			report(at("code"), "every entry needs code, in and patterns")
		}
		for _, c := range p.In {
			if !slices.Contains(ad.Categories, c) {
				report(at("in"), fmt.Sprintf("%q is no category", c))
			}
		}
		if p.Confidence < 0 || p.Confidence > 1 {
			report(at("confidence"), p.Code+": must lie above 0 and be at most 1")
		}
		if len(p.Match) == 0 || len(p.Not) == 0 {
			report(at("match"), p.Code+": needs examples that must match and ones that must not")
		}
	}
	l.set = &Set{}
	if err := l.set.add(l); err != nil {
		report("phrases", err.Error())
		return
	}
	l.set.build()
	for i, p := range l.Phrases {
		l.set.examples(i, p, func(field, text string) { report(fmt.Sprintf("phrases.%d.%s", i, field), p.Code+": "+text) })
	}
}

// list is the name of a list of words within a pattern.
var list = regexp.MustCompile(`<([a-z_]+)>`)

// anyWord is how a pattern writes any word, and anyWritten what that stands for: a word may be written with a hyphen or apostrophe.
const (
	anyWord    = `\p{L}+ `
	anyWritten = `\p{L}[\p{L}'’ʼ-]* `
)

// expand puts a lexicon's lists of words in the place of their names in its patterns. A list is written once and holds for
// every phrase: who somebody is can then not matter to one phrase and not to another.
func (l *file) expand(report func(field, text string)) {
	for i := range l.Phrases {
		for j, pattern := range l.Phrases[i].Patterns {
			pattern = strings.ReplaceAll(pattern, anyWord, anyWritten)
			l.Phrases[i].Patterns[j] = list.ReplaceAllStringFunc(pattern, func(name string) string {
				words := l.Words[strings.Trim(name, "<>")]
				if len(words) == 0 {
					report("words", l.Phrases[i].Code+": there is no list "+name)
					return name
				}
				return "(?:" + strings.Join(words, "|") + ")"
			})
		}
	}
}

// examples tries a rule on its own examples.
func (s *Set) examples(rule int, p phrase, report func(field, text string)) {
	find := func(example string) (*text.Folded, []match) {
		v := Reads(text.Read(example))
		return v, s.kept(s.all(p.In[0], []*text.Folded{v}, func(r int32) bool { return int(r) == rule }))
	}
	for _, m := range p.Match {
		if _, found := find(m); len(found) == 0 {
			report("match", fmt.Sprintf("%q is not found", m))
		}
	}
	for _, n := range p.Not {
		if v, found := find(n); len(found) > 0 {
			from, to := v.Span(found[0].Start, found[0].End)
			report("not", fmt.Sprintf("%q is found as %q", n, n[from:to]))
		}
	}
}

// loaded keeps what was read in this process, by the bytes that it was read from: trying every example takes longer than all else at a start.
var loaded sync.Map

// Load reads all of lexicons/*.yaml strictly; its errors are config.Problems where a file is wrong.
func Load(files fs.FS) (*Set, error) {
	paths, err := fs.Glob(files, "lexicons/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	texts := make([][]byte, len(paths))
	sum := sha256.New()
	for i, path := range paths {
		if texts[i], err = fs.ReadFile(files, path); err != nil {
			return nil, fmt.Errorf("read lexicon: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", path, len(texts[i]), texts[i])
	}
	key := [sha256.Size]byte(sum.Sum(nil))
	if s, ok := loaded.Load(key); ok {
		return s.(*Set), nil
	}
	s := &Set{}
	for i, path := range paths {
		var l file
		if err := config.Strict(path, texts[i], &l); err != nil {
			return nil, err
		}
		s.join(l.set)
	}
	if len(s.rules) == 0 {
		return nil, fmt.Errorf("there are no lexicons")
	}
	s.build()
	loaded.Store(key, s)
	return s, nil
}
