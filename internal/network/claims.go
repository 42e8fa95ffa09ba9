package network

import (
	"slices"

	"varde/internal/ad"
)

// leastAtOnePlace is how many personas one address takes before it is told (N10; shared/indicators).
const leastAtOnePlace = 4

// readPlaces reads N10: one exact address, with street and number in one town, under four or more personas. A town, a quarter or a
// landmark is no place in this sense.
func (s *survey) readPlaces() {
	byPlace := map[string][]*card{}
	var order []string
	for _, c := range only(s.cards, ad.SexualServices, ad.Massage) {
		for _, address := range c.addresses {
			place := address + ", " + letters(c.place)
			on := byPlace[place]
			if on == nil {
				order = append(order, place)
			}
			if len(on) == 0 || on[len(on)-1] != c {
				byPlace[place] = append(on, c)
			}
		}
	}
	for _, place := range order {
		on := byPlace[place]
		if who := personas(on); who >= leastAtOnePlace {
			p := piece{code: "N10", on: on, value: "address:" + place, what: "personas", figure: float64(who)}
			if openly(on) {
				p.confidence = openAgency
			}
			s.add(p)
		}
	}
}

// readClaims reads N13: an ad that says it is of somebody who works alone, while N01, N02 or N03 rest on it. It is read last, and not
// where those rest on what others took from the ad, or seem to be one person's working names.
func (s *survey) readClaims() {
	denied := map[*card]bool{}
	for _, p := range s.pieces {
		if p.code != "N01" && p.code != "N02" && p.code != "N03" || p.added || p.names {
			continue
		}
		for _, c := range p.on {
			if c.alone != nil && !c.agency { // who says both works for herself, through an agency that she names
				denied[c] = true
			}
		}
	}
	for _, c := range s.cards {
		if denied[c] {
			s.add(piece{code: "N13", on: []*card{c}, said: c.alone})
		}
	}
}

// openly says whether most of the ads say that an agency stands behind them.
func openly(cards []*card) bool { return most(cards, func(c *card) bool { return c.agency }) }

// friends says whether ads of few personas mostly say that these share a phone or a flat.
func friends(cards []*card) bool {
	return most(cards, func(c *card) bool { return c.sharing }) && personas(cards) <= mostFriends
}

// workingNames says whether ads under several names seem to be of one person who takes another name for each: one text and one contact,
// ages that may be one person's, and most say that nobody else is involved.
func (s *survey) workingNames(cards []*card) bool {
	texts := map[*link]int{}
	ages := make([]int, 0, len(cards))
	for _, c := range cards {
		ages = append(ages, c.age)
		for _, via := range s.of[c] {
			if via.kind == ad.TextSig {
				texts[via]++
			}
		}
	}
	one := false
	for _, n := range texts {
		one = one || n == len(cards)
	}
	return one && slices.Min(ages) > 0 && slices.Max(ages)-slices.Min(ages) <= ageGap && s.contactsOf(cards) <= 1 &&
		most(cards, func(c *card) bool { return c.alone != nil })
}

// most says whether something holds for more than half of the ads.
func most(cards []*card, holds func(*card) bool) bool {
	n := 0
	for _, c := range cards {
		if holds(c) {
			n++
		}
	}
	return 2*n > len(cards)
}
