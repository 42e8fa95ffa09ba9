package network

import (
	"time"

	"varde/internal/ad"
)

// What others took from an ad. A ring may put an innocent person's phone into its ads, as bait or to hide, or copy her text or pictures;
// then the ring's codes must not rest on her. Her ads are told by what a ring's are not: they are of one persona; they used all that ties
// them to the others first, by more than a day; the others hang together without that, and each can be reached without her.
//
// A ring's own first ad is not let off by this: a ring posts its ads within hours of each other, its personas share the phone as the only
// or the foremost contact, and what holds them together is just that.
const (
	// lead is how much earlier than all others the ad must have used what they share.
	lead = 24 * time.Hour
	// mostSide bounds how many ads of one persona are looked at.
	mostSide = 60
	// mostTaken is how many different things others may have taken; an ad that shares more with them is one of theirs.
	mostTaken = 4
)

// side is the ads of one persona that show each other's contacts, and what ties them to other ads.
type side struct {
	ads   map[*card]bool
	taken map[*link]bool
}

// findAdded finds what others took from ads of the component. Only the first user of a link can have been the one it was taken from.
func (s *survey) findAdded() {
	known := map[*card]bool{}
	for _, p := range s.pieces {
		if p.via == nil {
			continue
		}
		first := s.on[p.via][0]
		if known[first] {
			continue
		}
		known[first] = true
		if mine, ok := s.sideOf(first); ok && s.tookFrom(mine) {
			for c := range mine.ads {
				s.added[c] = mine.taken
			}
		}
	}
}

// sideOf gathers the ads of the persona of c by the contacts that they share.
func (s *survey) sideOf(c *card) (side, bool) {
	out := side{map[*card]bool{c: true}, map[*link]bool{}}
	list := []*card{c}
	for i := 0; i < len(list); i++ {
		for _, via := range s.of[list[i]] {
			if s.hub(via) {
				continue
			}
			for _, other := range s.on[via] {
				if out.ads[other] {
					continue
				}
				if onePersona(c, other) && (isContact(via.kind) || !s.reachable(other)) {
					if len(list) == mostSide {
						return out, false
					}
					out.ads[other] = true
					list = append(list, other)
				}
			}
		}
	}
	for _, mine := range list {
		for _, via := range s.of[mine] {
			for _, other := range s.on[via] {
				if !out.ads[other] {
					out.taken[via] = true
					break
				}
			}
		}
	}
	return out, len(out.taken) > 0 && len(out.taken) <= mostTaken
}

// reachable says whether an ad shows a contact.
func (s *survey) reachable(c *card) bool {
	for _, via := range s.of[c] {
		if isContact(via.kind) && !s.hub(via) {
			return true
		}
	}
	return false
}

// tookFrom says whether all that ties a side to other ads was taken from it.
func (s *survey) tookFrom(mine side) bool {
	others := map[*card]bool{}
	for via := range mine.taken {
		first := s.on[via][0]
		if !mine.ads[first] {
			return false
		}
		pasted, users := 0, 0
		for _, c := range s.on[via] {
			if mine.ads[c] {
				continue
			}
			if c.at().Sub(first.at()) < lead {
				return false
			}
			users++
			others[c] = true
			if s.ownContact(c, via, mine) {
				pasted++
			}
		}
		if 3*pasted < 2*users { // a few of a ring's ads may show no other contact
			return false
		}
	}
	var list []*card
	for _, c := range s.cards {
		if others[c] {
			list = append(list, c)
		}
	}
	for _, group := range s.groupsBy(list, func(via *link) bool { return !mine.taken[via] }) {
		if 2*len(group) > len(list) && len(group) > 1 {
			return true
		}
	}
	return false
}

// ownContact says whether an ad can be reached without the side: it shows a contact that the side does not have, at least as prominently
// as what it took. What stands in the form's field for contacts is more prominent than what stands in the text.
func (s *survey) ownContact(c *card, via *link, mine side) bool {
	for _, own := range s.of[c] {
		if own == via || !isContact(own.kind) || s.hub(own) || mine.taken[own] {
			continue
		}
		if !isContact(via.kind) || c.inField[identifier{own.kind, own.value}] || !c.inField[identifier{via.kind, via.value}] {
			return true
		}
	}
	return false
}

// fieldsOf are the contacts that a finding has from the form's fields.
func fieldsOf(f *ad.Finding) map[identifier]bool {
	var out map[identifier]bool
	for _, id := range f.Identifiers {
		for _, e := range id.Evidence {
			if isContact(id.Kind) && (e.Field == ad.FieldPhones || e.Field == ad.FieldContacts) {
				if out == nil {
					out = map[identifier]bool{}
				}
				out[identifier{id.Kind, id.Value}] = true
			}
		}
	}
	return out
}
