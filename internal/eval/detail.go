package eval

import (
	"cmp"
	"maps"
	"slices"

	"varde/internal/ad"
)

// Found is one labelled ad with what was found in it.
type Found struct {
	Positive bool
	Score    float64
	Band     ad.Band
	// Points are what each code gave, before the caps.
	Points map[string]float64
	// Groups are what the ad belongs to, by the kind of group, such as site → nordmarked.example.
	Groups map[string]string
}

// Part is how one detector, or one code, separates by itself.
type Part struct {
	Name string `json:"name"`
	// Positive and Negative count the ads of each class in which it was found.
	Positive int `json:"positive"`
	Negative int `json:"negative"`
	// Precision is the share of its ads that are positive, Recall the share of the positive in which it was found.
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	Ranking   Ranking `json:"ranking"`
	// Ads are the ads with the part's points as their score, for curves.
	Ads []Scored `json:"-"`
}

// Parts measures each part of the score alone: partOf names the part that a code belongs to. They come by how many positive ads they are
// found in, most first.
func Parts(found []Found, partOf func(code string) string) []Part {
	scores := map[string][]float64{}
	for i, f := range found {
		for code, points := range f.Points {
			name := partOf(code)
			if scores[name] == nil {
				scores[name] = make([]float64, len(found))
			}
			scores[name][i] += points
		}
	}
	positives := 0
	for _, f := range found {
		if f.Positive {
			positives++
		}
	}
	var parts []Part
	for _, name := range slices.Sorted(maps.Keys(scores)) {
		p := Part{Name: name, Ads: make([]Scored, len(found))}
		for i, f := range found {
			p.Ads[i] = Scored{Score: scores[name][i], Positive: f.Positive}
			switch {
			case scores[name][i] == 0:
			case f.Positive:
				p.Positive++
			default:
				p.Negative++
			}
		}
		q := quality(float64(p.Positive), float64(p.Positive+p.Negative), float64(positives))
		p.Precision, p.Recall, p.Ranking = q.Precision, q.Recall, Rank(p.Ads)
		parts = append(parts, p)
	}
	slices.SortStableFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Positive, a.Positive), cmp.Compare(a.Negative, b.Negative))
	})
	return parts
}

// Group is how the ads of one group were banded. Wronged is the share of its ads that should not stand out and do: whether it is alike in all
// groups of a kind is what fairness asks.
type Group struct {
	Kind    string          `json:"kind"`
	Name    string          `json:"name"`
	Ads     int             `json:"ads"`
	Bands   map[ad.Band]int `json:"bands"`
	Honest  int             `json:"not_exploitative"`
	Above   int             `json:"not_exploitative_above_low"`
	Wronged float64         `json:"wronged"`
}

// Groups counts bands by group, by kind and name.
func Groups(found []Found) []Group {
	type key struct{ kind, name string }
	groups := map[key]*Group{}
	for _, f := range found {
		for kind, name := range f.Groups {
			k := key{kind, name}
			if groups[k] == nil {
				groups[k] = &Group{Kind: kind, Name: name, Bands: map[ad.Band]int{}}
			}
			g := groups[k]
			g.Ads++
			g.Bands[f.Band]++
			if !f.Positive {
				g.Honest++
				if f.Band != ad.Low {
					g.Above++
				}
			}
		}
	}
	var out []Group
	for _, g := range groups {
		if g.Honest > 0 {
			g.Wronged = float64(g.Above) / float64(g.Honest)
		}
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name)) })
	return out
}
