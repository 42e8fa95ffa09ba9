package network

import (
	"time"

	"varde/internal/ad"
)

// What others took from an ad. A ring may put an innocent person's phone into its ads, as bait or to hide, or copy her text or pictures;
// then the ring's codes must not rest on her. Her ads are told by what a ring's are not: they are of one persona, or two who share a
// phone; they used all that ties them to the others first, by more than a day; the others hang together without that, and each can be reached without her.
//
// A ring's own first ad is not let off by this: a ring posts its ads within hours of each other, its personas share the phone as the only
// or the foremost contact, and what holds them together is just that.
const (
	// lead is how much earlier than all others the ad must have used what they share.
	lead = 24 * time.Hour
	// mostSide bounds how many ads of a side are looked at.
	mostSide = 60
	// mostTaken is how many different things others may have taken; an ad that shares more with them is one of theirs.
	mostTaken = 4
)

// side is the ads of one or two personas that show each other's contacts and no others, and what ties them to other ads.
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

// sideOf gathers the ads that show contacts of c and no others, or contacts of c under its name.
func (s *survey) sideOf(c *card) (side, bool) {
	out := side{map[*card]bool{c: true}, map[*link]bool{}}
	list := []*card{c}
	contacts := map[*link]bool{}
	for _, via := range s.of[c] {
		contacts[via] = isContact(via.kind)
	}
	for i := 0; i < len(list); i++ {
		for _, via := range s.of[list[i]] {
			if s.hub(via) {
				continue
			}
			for _, other := range s.on[via] {
				if out.ads[other] {
					continue
				}
				if !s.belongs(other, c, via, contacts) {
					continue
				}
				if len(list) == mostSide {
					return out, false
				}
				out.ads[other] = true
				list = append(list, other)
			}
		}
	}
	if personas(list) >= leastPersonas {
		return out, false
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

// belongs says whether an ad that shares something with a side is of it: it shows no contact but those of the side's first ad, or it shares
// one of them under the same name. One that shows no contact at all must be under the same name.
func (s *survey) belongs(c, first *card, via *link, contacts map[*link]bool) bool {
	foreign, reachable := false, false
	for _, own := range s.of[c] {
		if isContact(own.kind) && !s.hub(own) {
			reachable = true
			foreign = foreign || !contacts[own]
		}
	}
	same := first.name != "" && c.name != "" && sameName(first.name, c.name) || first.name == c.name && onePersona(first, c)
	return reachable && isContact(via.kind) && (!foreign || same) || !reachable && same
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
