package tune

import (
	"cmp"
	"iter"
	"slices"

	"varde/internal/ad"
	"varde/internal/review"
)

// Shift is what other points would change for the networks of one site or category: who would be looked at more, and who less.
type Shift struct {
	// By is "all", "site" or "category", Name which.
	By   string `json:"by"`
	Name string `json:"name,omitempty"`
	// Networks are of two ads or more; Up and Down count those whose band would change.
	Networks int `json:"networks"`
	Up       int `json:"up"`
	Down     int `json:"down"`
	// Before and After count networks above low.
	Before int `json:"above_low_before"`
	After  int `json:"above_low_after"`
}

// Shifts scores the networks that are there by both sets of points.
func Shifts(networks iter.Seq2[ad.Network, error], before, after review.Scorer) ([]Shift, error) {
	type group struct{ by, name string }
	shifts := map[group]*Shift{}
	rank := func(b ad.Band) int { return -slices.Index(ad.Bands, b) }
	for n, err := range networks {
		if err != nil {
			return nil, err
		}
		if len(n.Ads) < 2 {
			continue
		}
		seen := review.SnapshotOf(n)
		was, is := seen.ScoreBy(before).Band, seen.ScoreBy(after).Band
		groups := []group{{by: "all"}}
		for _, s := range n.Sites {
			groups = append(groups, group{"site", s})
		}
		for _, c := range n.Categories {
			groups = append(groups, group{"category", string(c)})
		}
		for _, g := range groups {
			s := shifts[g]
			if s == nil {
				s = &Shift{By: g.by, Name: g.name}
				shifts[g] = s
			}
			s.Networks++
			s.Before += above(was)
			s.After += above(is)
			switch {
			case rank(is) > rank(was):
				s.Up++
			case rank(is) < rank(was):
				s.Down++
			}
		}
	}
	out := []Shift{}
	for _, s := range shifts {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Shift) int { return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Name, b.Name)) })
	return out, nil
}

func above(b ad.Band) int {
	if b == ad.Low {
		return 0
	}
	return 1
}
