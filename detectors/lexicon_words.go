package detectors

import (
	"regexp"
	"strings"
)

// listed is the name of a list of words within a pattern.
var listed = regexp.MustCompile(`<([a-z_]+)>`)

// expand puts a lexicon's lists of words in the place of their names in its patterns. A list is written once and holds for
// every phrase: who somebody is can then not matter to one phrase and not to another.
func (l *lexicon) expand(report func(field, text string)) {
	for i := range l.Phrases {
		for j, pattern := range l.Phrases[i].Patterns {
			l.Phrases[i].Patterns[j] = listed.ReplaceAllStringFunc(pattern, func(name string) string {
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
