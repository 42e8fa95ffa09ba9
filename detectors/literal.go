package detectors

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// leastLiteral is the shortest literal worth looking for.
const leastLiteral = 3

// literals returns lower-case strings one of which stands in every text that the pattern can match, or nil where there are no
// such strings. Looking for them first spares most texts the regular expression.
func literals(pattern string) []string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	return needs(re.Simplify())
}

func needs(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		s := strings.Map(unicode.ToLower, string(re.Rune))
		if len(s) < leastLiteral {
			return nil
		}
		return []string{s}
	case syntax.OpCapture, syntax.OpPlus:
		return needs(re.Sub[0])
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if set := needs(sub); set != nil && shortest(set) > shortest(best) {
				best = set
			}
		}
		return best
	case syntax.OpAlternate:
		var union []string
		for _, sub := range re.Sub {
			set := needs(sub)
			if set == nil {
				return nil
			}
			union = append(union, set...)
		}
		return union
	}
	return nil
}

// shortest is the length of the shortest string of a set: the one that tells least.
func shortest(set []string) int {
	n := 0
	for i, s := range set {
		if i == 0 || len(s) < n {
			n = len(s)
		}
	}
	return n
}
