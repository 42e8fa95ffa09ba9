package detectors

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"varde/internal/ad"
	"varde/internal/config"
)

// wordingDetector finds phrases of configs/lexicons. Every lexicon reads every ad, whatever its language, so that an ad scores the
// same in each.
type wordingDetector struct {
	rules []wordingRule
	codes []string
}

// lexicon is one file of configs/lexicons.
type lexicon struct {
	Language string `yaml:"language"`
	// Negations are words that turn a phrase around when they stand shortly before it.
	Negations []string `yaml:"negations"`
	// Words are lists by name: <name> in a pattern stands for any word of the list, such as <persons> for women and men alike.
	Words   map[string][]string `yaml:"words"`
	Phrases []phrase            `yaml:"phrases"`
}

// phrase is a code with the patterns that show it. Match and Not are examples: the first must be found, the second must not.
type phrase struct {
	Code string `yaml:"code"`
	// In are the categories of ads that are read.
	In []ad.Category `yaml:"in"`
	// Patterns are regular expressions over one line in any case; they begin at a word's beginning and end at a word's end.
	Patterns []string `yaml:"patterns"`
	// All says that every pattern must be found, not just one.
	All   bool     `yaml:"all"`
	Match []string `yaml:"match"`
	Not   []string `yaml:"not"`
}

type wordingRule struct {
	code     string
	in       []ad.Category
	patterns []*regexp.Regexp
	// literals are, for each pattern, strings one of which it needs; nil where there are none.
	literals [][]string
	negation *regexp.Regexp
}

// Validate reports each broken rule.
func (l *lexicon) Validate(report func(field, text string)) {
	if l.Language == "" {
		report("language", "required: the language's two letters")
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
		if len(p.Match) == 0 || len(p.Not) == 0 {
			report(at("match"), p.Code+": needs examples that must match and ones that must not")
		}
		p.examples(l.Negations, func(field, text string) { report(at(field), p.Code+": "+text) })
	}
}

// examples tries the entry on its own examples.
func (p *phrase) examples(negations []string, report func(field, text string)) {
	rule, err := p.compile(negations)
	if err != nil {
		report("patterns", err.Error())
		return
	}
	for _, m := range p.Match {
		if len(rule.find(ad.FieldText, m, strings.ToLower(m))) == 0 {
			report("match", fmt.Sprintf("%q is not found", m))
		}
	}
	for _, n := range p.Not {
		if e := rule.find(ad.FieldText, n, strings.ToLower(n)); len(e) > 0 {
			report("not", fmt.Sprintf("%q is found as %q", n, e[0].Quote))
		}
	}
}

func (p *phrase) compile(negations []string) (wordingRule, error) {
	rule := wordingRule{code: p.Code, in: p.In}
	patterns := p.Patterns
	if !p.All {
		patterns = []string{strings.Join(p.Patterns, "|")}
	}
	for _, s := range patterns {
		re, err := regexp.Compile(`(?i)(?:^|[^\p{L}\p{N}])(` + s + `)(?:$|[^\p{L}\p{N}])`)
		if err != nil {
			return rule, fmt.Errorf("not a regular expression: %w", err)
		}
		rule.patterns = append(rule.patterns, re)
		rule.literals = append(rule.literals, literals("(?i)"+s))
	}
	if len(negations) > 0 {
		rule.negation = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:` + strings.Join(negations, "|") + `)(?:[^\p{L}.!?]+\p{L}+){0,3}[^\p{L}.!?]*$`)
	}
	return rule, nil
}

func newWording(cfg *Config) (Detector, error) {
	paths, err := fs.Glob(cfg.Files, "lexicons/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	d := &wordingDetector{}
	for _, path := range paths {
		data, err := fs.ReadFile(cfg.Files, path)
		if err != nil {
			return nil, fmt.Errorf("read lexicon: %w", err)
		}
		var l lexicon
		if err := config.Strict(path, data, &l); err != nil {
			return nil, err
		}
		for _, p := range l.Phrases {
			rule, err := p.compile(l.Negations)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", path, p.Code, err)
			}
			d.rules = append(d.rules, rule)
			d.codes = append(d.codes, p.Code)
		}
	}
	if len(d.rules) == 0 {
		return nil, fmt.Errorf("there are no lexicons")
	}
	slices.Sort(d.codes)
	d.codes = slices.Compact(d.codes)
	return d, nil
}

func (*wordingDetector) Name() string      { return "wording" }
func (d *wordingDetector) Codes() []string { return d.codes }

// mostSpans bounds how often one phrase is quoted.
const mostSpans = 10

func (d *wordingDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	lower := []string{strings.ToLower(s.Title.Source), strings.ToLower(s.Text.Source)}
	for _, rule := range d.rules {
		if !slices.Contains(rule.in, s.Category) {
			continue
		}
		var on []ad.Evidence
		for i, f := range s.fields() {
			on = append(on, rule.find(f.Field, f.Source, lower[i])...)
		}
		if len(on) > 0 {
			r.Indicators = append(r.Indicators, ad.Indicator{Code: rule.code, Confidence: 1, Evidence: on})
		}
	}
	return r, nil
}

// find returns where a rule's phrase stands, negated ones left out; nothing unless each of its patterns is found. lower is the
// text in lower case.
func (rule *wordingRule) find(field ad.Field, in, lower string) (on []ad.Evidence) {
	for i, re := range rule.patterns {
		if need := rule.literals[i]; need != nil && !slices.ContainsFunc(need, func(l string) bool { return strings.Contains(lower, l) }) {
			return nil
		}
		found := false
		for from := 0; from < len(in) && len(on) < mostSpans; {
			at := re.FindStringSubmatchIndex(in[from:])
			if at == nil {
				break
			}
			start, end := from+at[2], from+at[3]
			if !rule.negated(in[:start]) {
				on = append(on, span(field, in, start, end))
				found = true
			}
			from = max(end, from+1)
		}
		if !found {
			return nil
		}
	}
	return on
}

// sentence is how far before a phrase a negation is looked for, in bytes.
const sentence = 60

func (rule *wordingRule) negated(before string) bool {
	if rule.negation == nil {
		return false
	}
	if len(before) > sentence {
		before = before[len(before)-sentence:]
		if i := strings.IndexFunc(before, unicode.IsSpace); i >= 0 {
			before = before[i:]
		}
	}
	return rule.negation.MatchString(before)
}
