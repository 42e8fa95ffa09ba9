package network

import (
	"slices"

	"varde/internal/ad"
)

// mostPictures bounds how many of an ad's pictures are put together in pairs.
const mostPictures = 8

// readImages reads S06: one set of own pictures under two or more names. Friends may share a picture of their flat, so a set is two
// pictures together, or the only one of each ad.
func (s *survey) readImages() {
	type set struct{ first, second *link }
	byName := map[set][]*card{}
	var order []set
	for _, c := range s.cards {
		if c.name == "" || c.category != ad.SexualServices && c.category != ad.Massage {
			continue
		}
		var own []*link
		for _, via := range s.of[c] {
			if via.kind == ad.PHash && !s.hub(via) && len(own) < mostPictures {
				own = append(own, via)
			}
		}
		var sets []set
		if len(own) == 1 {
			sets = append(sets, set{own[0], nil})
		}
		for i, first := range own {
			for _, second := range own[i+1:] {
				sets = append(sets, set{first, second})
			}
		}
		for _, key := range sets {
			if byName[key] == nil {
				order = append(order, key)
			}
			byName[key] = append(byName[key], c)
		}
	}
	told := map[*card]bool{}
	for _, key := range order {
		on := byName[key]
		n := namesOf(on)
		if n < 2 || !slices.ContainsFunc(on, func(c *card) bool { return !told[c] }) {
			continue
		}
		for _, c := range on {
			told[c] = true
		}
		p := piece{code: "S06", via: key.first, on: on, what: "names", figure: float64(n)}
		if s.spread(on) {
			p.confidence = spreadPicture
		}
		s.add(p)
	}
}
