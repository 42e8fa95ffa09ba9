package network

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"varde/internal/text"
)

// A persona is what ads present: a name, or an age. What follows leans towards one person: two spellings of a name, a name with a number
// or a town behind it and ages within ageGap of each other are one.
const (
	// ageGap is how many years apart two stated ages must be to count as different: people round, and grow older.
	ageGap = 2
	// leastStem is how many letters two names must have for one letter's difference to be a spelling, such as maria and marija.
	leastStem = 5
	// mostNames bounds how many different names are compared with each other; nobody asks whether it is sixty or seventy.
	mostNames = 60
)

// personas counts how many different people the ads present: the more of different names and of different ages.
func personas(cards []*card) int {
	var names []string
	var ages []int
	for _, c := range cards {
		names = append(names, c.name)
		if c.age > 0 {
			ages = append(ages, c.age)
		}
	}
	return max(countNames(names), countAges(ages))
}

// namesOf counts the different names of ads.
func namesOf(cards []*card) int {
	names := make([]string, len(cards))
	for i, c := range cards {
		names[i] = c.name
	}
	return countNames(names)
}

// countNames counts names, spellings of one counted once. Empty ones count nothing.
func countNames(names []string) int {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 0 && names[0] == "" {
		names = names[1:]
	}
	if len(names) > mostNames {
		return len(names)
	}
	var distinct []string
	for _, name := range names {
		if !slices.ContainsFunc(distinct, func(other string) bool { return sameName(name, other) }) {
			distinct = append(distinct, name)
		}
	}
	return len(distinct)
}

// countAges counts ages that lie too far apart to be one person's.
func countAges(ages []int) (apart int) {
	ages = slices.Clone(ages)
	slices.Sort(ages)
	last := 0
	for _, age := range ages {
		if apart == 0 || age-last > ageGap {
			apart++
			last = age
		}
	}
	return apart
}

// nameOf reduces an account name to the letters of the name: Mia_22, mia88 and МIА are one, and so is mia_bergen in Bergen.
func nameOf(advertiser, place string) string {
	name := letters(advertiser)
	if town := letters(place); town != "" {
		if rest, ok := strings.CutSuffix(name, town); ok && rest != "" {
			return rest
		}
	}
	return name
}

func letters(s string) string {
	if s == "" {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return r
	}, text.Fold(s).Text)
}

// sameName says whether two reduced names may be one: equal, or long enough and a letter apart.
func sameName(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	return utf8.RuneCountInString(a) >= leastStem && len(b)-len(a) <= utf8.UTFMax && oneApart([]rune(a), []rune(b))
}

// oneApart says whether the longer b becomes a by changing or leaving out one letter.
func oneApart(a, b []rune) bool {
	if len(b)-len(a) > 1 || len(a) > len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || slices.Equal(a[i+1:], b[i+1:])
	}
	return slices.Equal(a[i:], b[i+1:])
}

// onePersona says whether an ad may present the same person as another: names or ages do not tell them apart.
func onePersona(a, b *card) bool {
	if a.name != "" && b.name != "" && !sameName(a.name, b.name) {
		return false
	}
	return a.age == 0 || b.age == 0 || max(a.age-b.age, b.age-a.age) <= ageGap
}
