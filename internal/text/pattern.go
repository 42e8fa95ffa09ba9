package text

import (
	"fmt"
	"regexp/syntax"
)

// FoldPattern returns a regular expression that finds in folded text what pattern, written in proper spelling, means: every
// literal and every small class of characters is folded as Fold folds texts ("våre" becomes "vare", "łatwa" "latwa", "[æø]"
// "(?:o|ae)"). Case does not matter, as folded text has none. Classes of many characters, such as \pL and [^å], stay as they are.
//
// The result is meant for Doc.Text and Doc.Words.Text.
func FoldPattern(pattern string) (string, error) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", fmt.Errorf("fold pattern: %w", err)
	}
	return foldNode(re).String(), nil
}

// smallClass is the largest class whose characters are folded one by one.
const smallClass = 200

func foldNode(re *syntax.Regexp) *syntax.Regexp {
	for i, sub := range re.Sub {
		re.Sub[i] = foldNode(sub)
	}
	switch re.Op {
	case syntax.OpLiteral:
		return literal(Fold(string(re.Rune)).Text)
	case syntax.OpCharClass:
		return foldClass(re)
	}
	return re
}

func literal(s string) *syntax.Regexp {
	if s == "" {
		return &syntax.Regexp{Op: syntax.OpEmptyMatch}
	}
	return &syntax.Regexp{Op: syntax.OpLiteral, Rune: []rune(s)}
}

// foldClass adds to a class what its characters fold to; those that fold to several become alternatives beside it.
func foldClass(re *syntax.Regexp) *syntax.Regexp {
	size := 0
	for i := 0; i+1 < len(re.Rune); i += 2 {
		if size += int(re.Rune[i+1]-re.Rune[i]) + 1; size > smallClass || size < 0 {
			return re
		}
	}
	alternatives := &syntax.Regexp{Op: syntax.OpAlternate}
	class := &syntax.Regexp{Op: syntax.OpCharClass}
	seen := map[string]bool{}
	for i := 0; i+1 < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			to := Fold(string(r)).Text
			if seen[to] || to == "" {
				continue
			}
			seen[to] = true
			if runes := []rune(to); len(runes) == 1 {
				class.Rune = append(class.Rune, runes[0], runes[0])
			} else {
				alternatives.Sub = append(alternatives.Sub, literal(to))
			}
		}
	}
	if len(class.Rune) > 0 {
		alternatives.Sub = append(alternatives.Sub, class)
	}
	if len(alternatives.Sub) == 1 {
		return alternatives.Sub[0]
	}
	return alternatives
}
