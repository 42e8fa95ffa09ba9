package network

import (
	"slices"
	"time"

	"varde/internal/ad"
)

// What others took from an ad. A ring may put an innocent person's phone into its ads, as bait or to hide, or copy her text or pictures;
// then the ring's codes must not rest on her. Her ads are told by what a ring's are not: they are of one persona, or two who share a
// phone; they used all that ties them to the others first; the others can each be reached without her, and they hang together without
// that. Whoever only had her text copied is not shown to be of those who copied it, also where nothing else ties these together.
//
// A ring's own first ad is not let off by this: a ring posts its ads within hours of each other, its personas share the phone as the only
// or the foremost contact, what holds them together is just that, and they speak alike. Nor is an ad that itself says what no
// bystander's says.
const (
	// lead is how much earlier than all others the ad must have used what they share.
	lead = 24 * time.Hour
	// sameDay is how much earlier it must be where nothing at all speaks for its being one of theirs: ads of one crawl are seen minutes
	// apart.
	sameDay = time.Hour
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

// bound are codes of what only somebody who holds others in hand asks or threatens: fee, debt, documents, isolation, sex work abroad,
// quota. An ad that shows one is never let off.
var bound = map[string]bool{"J03": true, "J04": true, "J05": true, "J15": true, "J23": true, "S17": true}

// common are codes that people who have nothing to do with each other have in common: a hidden number, "real pictures", "always".
var common = map[string]bool{"S01": true, "S02": true, "S11": true, "S14": true, "S15": true}

// leastAlike is how many other codes an ad must have in common with most of the others to be one of theirs.
const leastAlike = 2

// oneOfThem says whether nobody took anything from a side: a person joined it with the others, its ads say what no bystander's do, clients pay into
// the account of several, or applicants reach several by the contact of one. Nobody sends money or applicants to a stranger.
func (s *survey) oneOfThem(mine side) bool {
	jobs := false
	for c := range mine.ads {
		jobs = jobs || c.category == ad.Job
		if slices.ContainsFunc(c.indicators, func(in ad.Indicator) bool { return bound[in.Code] }) {
			return true
		}
	}
	for via := range mine.taken {
		if via.kind == ad.Decided || via.kind == ad.Payment || jobs && isContact(via.kind) {
			return true
		}
	}
	return false
}

// takers are the ads that used what is a side's later, in their order.
type takers struct {
	ads []*card
	// gap is how much later than the side the first of them was; all says that each of them can be reached without the side.
	gap time.Duration
	all bool
}

// takersOf gathers who took what ties a side to other ads. It is not ok where the side was not first, or too many of the others can only
// be reached by what they took.
func (s *survey) takersOf(mine side) (out takers, ok bool) {
	out = takers{gap: lead, all: true}
	others := map[*card]bool{}
	for via := range mine.taken {
		first := s.on[via][0]
		if !mine.ads[first] {
			return out, false
		}
		pasted, users := 0, 0
		for _, c := range s.on[via] {
			if mine.ads[c] {
				continue
			}
			out.gap = min(out.gap, c.at().Sub(first.at()))
			users++
			others[c] = true
			if s.ownContact(c, via, mine) {
				pasted++
			}
		}
		if 3*pasted < 2*users { // a few of a ring's ads may show no other contact
			return out, false
		}
		out.all = out.all && pasted == users
	}
	for _, c := range s.cards {
		if others[c] {
			out.ads = append(out.ads, c)
		}
	}
	return out, true
}

// tookFrom says whether all that ties a side to other ads was taken from it.
func (s *survey) tookFrom(mine side) bool {
	if s.oneOfThem(mine) {
		return false
	}
	others, ok := s.takersOf(mine)
	if !ok || others.gap < sameDay {
		return false
	}
	held, heldAll := false, false
	for _, group := range s.groupsBy(others.ads, func(via *link) bool { return !mine.taken[via] }) {
		held = held || 2*len(group) > len(others.ads) && len(group) > 1
		heldAll = heldAll || len(group) == len(others.ads) && len(group) > 1
	}
	text, reachable := false, false
	var list []*card
	for c := range mine.ads {
		list = append(list, c)
		for _, via := range s.of[c] {
			text = text || via.kind == ad.TextSig && mine.taken[via]
			reachable = reachable || isContact(via.kind) && !s.hub(via) && !mine.taken[via]
		}
	}
	alone := len(mine.taken) == 1 && personas(list) <= 1
	switch {
	case others.gap < lead:
		return alone && heldAll && others.all && s.alike(list, others.ads) == 0
	case held:
		return text || s.alike(list, others.ads) < leastAlike // a copied text brings its codes along
	}
	her := slices.MinFunc(list, sooner)
	self := most(others.ads, func(c *card) bool { return her.name != "" && c.name != "" && onePersona(her, c) }) // who changes her number
	return alone && text && reachable && !self && s.alike(list, others.ads) < leastAlike
}

// alike counts the codes, without the common ones, that ads have in common with more than half of others.
func (s *survey) alike(mine, others []*card) (n int) {
	has := func(c *card, code string) bool {
		return slices.ContainsFunc(c.indicators, func(in ad.Indicator) bool { return in.Code == code })
	}
	seen := map[string]bool{}
	for _, c := range mine {
		for _, in := range c.indicators {
			if seen[in.Code] || common[in.Code] {
				continue
			}
			seen[in.Code] = true
			theirs := 0
			for _, other := range others {
				if has(other, in.Code) {
					theirs++
				}
			}
			if 2*theirs > len(others) {
				n++
			}
		}
	}
	return n
}

// readAnew reads what rests on things that others took from ads without these ads: for them the pieces stay as notes, and what counts is
// what the others show among themselves.
func (s *survey) readAnew() {
	byLink := map[*link][]int{}
	for i, p := range s.pieces {
		if p.via != nil {
			byLink[p.via] = append(byLink[p.via], i)
		}
	}
	for _, via := range s.shared {
		let, rest := s.part(via, s.on[via])
		if len(let) == 0 {
			continue
		}
		few := via.kind == ad.TextSig && len(rest) < leastAds // who copies a text uses a template of which hers is one
		for _, i := range byLink[via] {
			p := s.pieces[i]
			on, others := s.part(via, p.on)
			if n := namesOf(others); p.code == "S06" && n >= 2 { // rests on several pictures, not on this link alone
				p.on, p.figure = others, float64(n)
				s.add(p)
			}
			if few && len(others) > 1 {
				p.on = others
				s.add(p)
			}
			s.pieces[i].on, s.pieces[i].added = on, true
		}
		if len(rest) > 1 && !few {
			s.readLink(via, rest)
		}
	}
}

// part parts ads into those from which others took a link and the rest.
func (s *survey) part(via *link, cards []*card) (let, rest []*card) {
	for _, c := range cards {
		if s.added[c][via] {
			let = append(let, c)
		} else {
			rest = append(rest, c)
		}
	}
	return let, rest
}

// ownContact says whether an ad can be reached without the side: it shows a contact that the side does not have, at least as prominently
// as what it took. What stands in the form's field for contacts is more prominent than what stands in the text.
func (s *survey) ownContact(c *card, via *link, mine side) bool {
	for _, own := range s.of[c] {
		if own == via || !isContact(own.kind) || s.hub(own) || mine.taken[own] {
			continue
		}
		if !isContact(via.kind) || c.fields(own) || !c.fields(via) {
			return true
		}
	}
	return false
}

// fieldsOf are the contacts that a finding has from the form's fields.
func fieldsOf(f *ad.Finding) (out []identifier) {
	for _, in := range f.Identifiers {
		id := identifier{in.Kind, in.Value}
		for _, e := range in.Evidence {
			if isContact(in.Kind) && (e.Field == ad.FieldPhones || e.Field == ad.FieldContacts) && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// fields says whether a contact comes from the form's fields.
func (c *card) fields(via *link) bool {
	return slices.Contains(c.inField, identifier{via.kind, via.value})
}

// others are the ads from which nobody took anything.
func (s *survey) others(cards []*card) (out []*card) {
	for _, c := range cards {
		if s.added[c] == nil {
			out = append(out, c)
		}
	}
	return out
}
