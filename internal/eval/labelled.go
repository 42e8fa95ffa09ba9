package eval

import (
	"crypto/sha256"
	"slices"
)

// Labelled is one ad of a labelled file, scored by itself.
type Labelled struct {
	// Group holds ads that are near copies of each other: they are measured in one half.
	Group    string
	Positive bool
	Score    float64
	Codes    []string
}

// Half is one of the two halves of a labelled file.
type Half string

// Development may be looked at when patterns are written and points chosen; Test may only be measured.
const (
	Development Half = "development"
	Test        Half = "test"
)

// Halves are both, in the order in which they are shown.
var Halves = []Half{Development, Test}

// HalfOf says in which half a group of ads belongs: by a hash of its name, so that it is the same for everybody and for ever.
func HalfOf(group string) Half {
	if sha256.Sum256([]byte(group))[0]%2 == 0 {
		return Development
	}
	return Test
}

// CodeCount is how often a code stands in the ads of both classes.
type CodeCount struct {
	Code     string `json:"code"`
	Positive int    `json:"positive"`
	Negative int    `json:"negative"`
}

// Share is the greatest share of false positives at which Separation tells recall and precision.
const Share = 0.01

// Separation is how well a score separates labelled ads.
type Separation struct {
	Ads    int `json:"ads"`
	Groups int `json:"groups"`
	Ranking
	// Recall is that of the best threshold at a share of false positives of at most Share, Precision that of this threshold where a share
	// of rate of all ads is positive: a labelled file holds many more of them than life.
	Recall    float64 `json:"recall_at_1_percent"`
	Precision float64 `json:"precision_at_rate"`
	// Once are the same figures with one ad of each group, the first: what the many copies of one text do not decide.
	Once  Ranking     `json:"one_of_each_group"`
	Codes []CodeCount `json:"codes"`
}

// Separate measures ads where a share of rate of all ads is positive.
func Separate(ads []Labelled, rate float64) Separation {
	s := Separation{Ads: len(ads)}
	var all, once []Scored
	seen, counts := map[string]bool{}, map[string]*CodeCount{}
	for _, a := range ads {
		one := Scored{Score: a.Score, Positive: a.Positive}
		all = append(all, one)
		if !seen[a.Group] {
			seen[a.Group] = true
			once = append(once, one)
		}
		for _, code := range a.Codes {
			if counts[code] == nil {
				counts[code] = &CodeCount{Code: code}
			}
			if a.Positive {
				counts[code].Positive++
			} else {
				counts[code].Negative++
			}
		}
	}
	s.Groups, s.Ranking, s.Once = len(seen), Rank(all), Rank(once)
	for _, p := range Curve(all) {
		if p.FalsePositives <= Share && p.Recall > s.Recall {
			s.Recall = p.Recall
			s.Precision = rate * p.Recall / (rate*p.Recall + (1-rate)*p.FalsePositives)
		}
	}
	for _, c := range counts {
		s.Codes = append(s.Codes, *c)
	}
	slices.SortFunc(s.Codes, func(a, b CodeCount) int {
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
	return s
}
