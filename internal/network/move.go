package network

import (
	"slices"
	"time"

	"varde/internal/ad"
)

// Moving. Shared/indicators: the same two or more changes of city inside seven days for N06, four cities within thirty days for N07.
const (
	leastStops  = 3 // two changes of city
	sameTime    = 7 * 24 * time.Hour
	leastCities = 4
	circuit     = 30 * 24 * time.Hour
	// leastStay tells somebody who moves from an ad that stands everywhere at once.
	leastStay = 12 * time.Hour
	// mostTogether bounds how many arrivals in one place are compared with each other.
	mostTogether = 12
)

// readMoves reads N06 and N07: personas of one contact or one text that move together, or make a circuit.
func (s *survey) readMoves(via *link, sexual []*card) {
	if !isContact(via.kind) && via.kind != ad.TextSig {
		return
	}
	if on, who, stops := together(sexual); who > 0 {
		p := piece{code: "N06", via: via, on: on, what: "stops", figure: float64(stops)}
		if who == 2 {
			p.confidence = pair
		}
		s.add(p)
	}
	if !isContact(via.kind) {
		return
	}
	if n, on := placesWithin(sexual, (*card).stop, circuit, leastCities); n >= leastCities && personas(on) >= leastPersonas && travellers(on) >= 2 {
		s.add(piece{code: "N07", via: via, on: on, what: "cities", figure: float64(n)})
	}
}

// arrival is a persona's first ad in a place after another.
type arrival struct {
	who   int
	place string
	at    time.Time
	card  *card
}

// arrivals tells when each persona came where. Personas are told by their names; ads without one tell nothing.
func arrivals(cards []*card) (out []arrival) {
	number, last := map[string]int{}, map[int]arrival{}
	for _, c := range cards {
		if c.name == "" || c.place == "" {
			continue
		}
		who, known := number[c.name]
		if !known && len(number) >= mostNames {
			continue
		}
		if !known {
			if who = slices.IndexFunc(out, func(a arrival) bool { return sameName(a.card.name, c.name) }); who >= 0 {
				who = out[who].who
			} else {
				who = len(number)
			}
			number[c.name] = who
		}
		before, moved := last[who]
		if moved && (before.place == c.place || c.at().Sub(before.at) < leastStay) {
			continue
		}
		a := arrival{who, c.place, c.at(), c}
		last[who] = a
		out = append(out, a)
	}
	return out
}

func cameTo(all []arrival, place string) bool {
	return slices.ContainsFunc(all, func(a arrival) bool { return a.place == place })
}

// together finds the personas that come to the same places about the same time, at least leastStops of them in turn, with the
// ads of those arrivals. Cards are in the order of their first use.
func together(cards []*card) (on []*card, who, stops int) {
	all := arrivals(cards)
	byPlace := map[string][]arrival{}
	shared := map[[2]int][]arrival{} // of two personas: the later arrivals of the two, and the earlier ones, in turn
	for _, a := range all {
		here := byPlace[a.place]
		for i := len(here) - 1; i >= max(0, len(here)-mostTogether) && a.at.Sub(here[i].at) <= sameTime; i-- {
			if b := here[i]; b.who != a.who {
				key := [2]int{min(a.who, b.who), max(a.who, b.who)}
				if have := shared[key]; len(have) == 0 || len(have) < 2*mostTogether && a.at.Sub(have[len(have)-2].at) >= leastStay && !cameTo(have, a.place) {
					shared[key] = append(have, a, b)
				}
			}
		}
		byPlace[a.place] = append(here, a)
	}
	moving, cardsOf := map[int]bool{}, map[*card]bool{}
	for key, have := range shared {
		if len(have)/2 < leastStops {
			continue
		}
		stops = max(stops, len(have)/2)
		moving[key[0]], moving[key[1]] = true, true
		for _, a := range have {
			cardsOf[a.card] = true
		}
	}
	for _, c := range cards {
		if cardsOf[c] {
			on = append(on, c)
		}
	}
	return on, len(moving), stops
}

// stop is when and where an ad was first used.
func (c *card) stop() (time.Time, string) { return c.at(), c.place }

// placesWithin finds the most places that stand within a time of each other, and all ads that lie in some such time with at least so many.
// The ads are in the order of their first use, which of tells with the place.
func placesWithin[T any](cards []T, of func(T) (time.Time, string), within time.Duration, least int) (most int, on []T) {
	count := map[string]int{}
	from, taken := 0, 0
	for i, c := range cards {
		at, place := of(c)
		count[place]++
		for ; ; from++ {
			was, place := of(cards[from])
			if at.Sub(was) <= within {
				break
			}
			if count[place]--; count[place] == 0 {
				delete(count, place)
			}
		}
		n := len(count)
		if count[""] > 0 {
			n--
		}
		most = max(most, n)
		if n >= least {
			on = append(on, cards[max(from, taken):i+1]...)
			taken = i + 1
		}
	}
	return most, on
}

// travellers counts the names that stand in more than one place.
func travellers(cards []*card) int {
	places, names := map[string]string{}, map[string]bool{}
	for _, c := range cards {
		if c.name == "" || c.place == "" {
			continue
		}
		if place, known := places[c.name]; known && place != c.place {
			names[c.name] = true
		} else {
			places[c.name] = c.place
		}
	}
	return len(names)
}
