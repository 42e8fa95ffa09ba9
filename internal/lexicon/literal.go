package lexicon

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// literalSet is a set of strings one of which stands in every match. A space stands for any run of spaces.
type literalSet struct {
	strings []string
	// start and end say that each begins or ends where the pattern does: at a word's edge.
	start, end bool
	// before is the most bytes of a match before the string.
	before int
}

// Limits of a set: shorter strings tell nothing, longer ones no more, and a set of many is no set.
const (
	leastLiteral = 3
	mostLiteral  = 16
	mostStrings  = 96
)

// part is what is known of a piece of a pattern: exact are all strings it matches, nil where they are too many; sets are
// needed whatever else matches.
type part struct {
	exact []string
	sets  []literalSet
}

// needs returns sets of literals each of which every match of a pattern needs, the most telling first; none if there is none.
func needs(re *syntax.Regexp) []literalSet {
	p := analyse(re)
	if p.exact != nil {
		return useful([]literalSet{{strings: p.exact, start: true, end: true}})
	}
	return useful(p.sets)
}

// useful drops sets that tell too little and puts the most telling first.
func useful(sets []literalSet) []literalSet {
	var out []literalSet
	for _, s := range sets {
		if shortest(s.strings) < leastLiteral {
			continue
		}
		for i, l := range s.strings {
			if len(l) > mostLiteral {
				n := mostLiteral
				for !utf8.RuneStart(l[n]) {
					n--
				}
				s.strings[i], s.end = strings.TrimRight(l[:n], " "), false
			}
		}
		slices.Sort(s.strings)
		s.strings = slices.Compact(s.strings)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b literalSet) int { return worth(b) - worth(a) })
	return out
}

// worth ranks sets: a long string tells more, one of many strings less.
func worth(s literalSet) int { return 8*min(shortest(s.strings), 8) - len(s.strings) }

// shortest is the length of the shortest string of a set: the one that tells least.
func shortest(set []string) int {
	n := 0
	for i, s := range set {
		if l := len(strings.Trim(s, " ")); i == 0 || l < n {
			n = l
		}
	}
	return n
}

func analyse(re *syntax.Regexp) part {
	switch re.Op {
	case syntax.OpLiteral:
		return part{exact: []string{string(re.Rune)}}
	case syntax.OpEmptyMatch:
		return part{exact: []string{""}}
	case syntax.OpCharClass:
		return part{exact: class(re)}
	case syntax.OpPlus:
		if isSpace(re.Sub[0]) {
			return part{exact: []string{" "}}
		}
		p := analyse(re.Sub[0])
		return part{sets: p.needed()}
	case syntax.OpQuest:
		p := analyse(re.Sub[0])
		if p.exact != nil && len(p.exact) < mostStrings {
			return part{exact: append(slices.Clone(p.exact), "")}
		}
		return part{}
	case syntax.OpConcat:
		return concat(re.Sub)
	case syntax.OpAlternate:
		return alternate(re.Sub)
	}
	return part{}
}

// needed are the sets of a part that stands within another, what is exact among them.
func (p part) needed() []literalSet {
	if p.exact != nil {
		return []literalSet{{strings: slices.Clone(p.exact)}}
	}
	for i := range p.sets {
		p.sets[i].start, p.sets[i].end = false, false
	}
	return p.sets
}

// class lists the characters of a small class.
func class(re *syntax.Regexp) (all []string) {
	for i := 0; i < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			if all = append(all, string(r)); len(all) > 8 {
				return nil
			}
		}
	}
	return all
}

// concat joins what stands one after the other: strings grow as long as everything is exact.
func concat(subs []*syntax.Regexp) part {
	run := literalSet{strings: []string{""}, start: true}
	var out part
	before, exact := 0, true
	cut := func() {
		out.sets = append(out.sets, run)
		run = literalSet{strings: []string{""}, before: before}
		exact = false
	}
	for _, sub := range subs {
		p := analyse(sub)
		switch {
		case p.exact == nil:
			cut()
			for _, s := range p.needed() {
				s.before += before
				out.sets = append(out.sets, s)
			}
			before += longest(sub)
			run.before = before
			continue
		case len(p.exact)*len(run.strings) > mostStrings:
			cut()
			if len(p.exact) > mostStrings {
				before += longest(sub)
				run.before = before
				continue
			}
		}
		run.strings = product(run.strings, p.exact)
		before += longest(sub)
	}
	if exact {
		return part{exact: run.strings}
	}
	run.end = true
	out.sets = append(out.sets, run)
	return out
}

func product(a, b []string) []string {
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

// alternate joins what stands one instead of the other: one set of what tells most of each.
func alternate(subs []*syntax.Regexp) part {
	parts, exact := make([]part, len(subs)), []string{}
	for i, sub := range subs {
		parts[i] = analyse(sub)
		if parts[i].exact == nil || len(exact) > mostStrings {
			exact = nil
		} else if exact != nil {
			exact = append(exact, parts[i].exact...)
		}
	}
	if exact != nil && len(exact) <= mostStrings {
		return part{exact: exact}
	}
	var all literalSet
	for _, p := range parts {
		sets := useful(p.needed())
		if len(sets) == 0 {
			return part{}
		}
		all.strings = append(all.strings, sets[0].strings...)
		all.before = max(all.before, sets[0].before)
	}
	return part{sets: []literalSet{all}}
}
