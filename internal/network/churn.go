package network

import (
	"cmp"
	"slices"
	"time"

	"varde/internal/ad"
)

// Numbers that change. Shared/indicators: three numbers within thirty days for N09.
const (
	leastNumbers = 3
	churn        = 30 * 24 * time.Hour
)

// use is how long a number was in use in ads of one text or picture.
type use struct{ from, to time.Time }

// readChurn reads N09: one text or picture whose numbers take over from each other. Numbers in use side by side are N03's or N04's.
func (s *survey) readChurn(via *link, sexual []*card) {
	if via.kind != ad.TextSig && via.kind != ad.PHash || len(sexual) < leastNumbers {
		return
	}
	uses := map[*link]*use{}
	for _, c := range sexual {
		for _, phone := range s.of[c] {
			if phone.kind != ad.Phone || s.hub(phone) {
				continue
			}
			if u := uses[phone]; u == nil {
				uses[phone] = &use{c.at(), c.at()}
			} else {
				u.to = c.at()
			}
		}
	}
	if n := takenOver(uses); n >= leastNumbers {
		p := piece{code: "N09", via: via, on: sexual, what: "numbers", figure: float64(n)}
		if via.kind == ad.PHash && s.spread(sexual) { // people who took one picture one after the other
			p.confidence = spreadPicture
		}
		s.add(p)
	}
}

// takenOver counts the most numbers that came into use one after the other within one churn's time.
func takenOver(uses map[*link]*use) (most int) {
	var order []use
	for _, u := range uses {
		order = append(order, *u)
	}
	slices.SortFunc(order, func(a, b use) int { return cmp.Or(a.to.Compare(b.to), a.from.Compare(b.from)) })
	var chain []use
	for _, u := range order { // the earliest to end leave most room for others
		if len(chain) > 0 && !u.from.After(chain[len(chain)-1].to) {
			continue
		}
		chain = append(chain, u)
		for u.from.Sub(chain[0].to) > churn {
			chain = chain[1:]
		}
		most = max(most, len(chain))
	}
	return most
}

// Posting by a machine or an office. These numbers are this project's choice: one minute of the hour holds a sixtieth of what people post,
// so that a third of an hour's pattern, five ads or more, is no chance.
const (
	leastTicks    = 5
	leastAccounts = 3
	partOfTicks   = 3
	quarterOfDay  = 6 // hours; posts in three quarters of the day are around the clock
	leastQuarters = 3
)

// readClock reads N11: several accounts that post at the same minute of the hour (and second, where sites show it), day and night.
func (s *survey) readClock() {
	at := map[time.Duration][]*card{}
	dated := 0
	for _, c := range s.cards {
		tick := c.posted.Sub(c.posted.Truncate(time.Hour))
		if c.posted.IsZero() || tick == 0 { // a site that shows the day or the hour only
			continue
		}
		dated++
		at[tick] = append(at[tick], c)
	}
	var best []*card
	for _, cards := range at {
		if len(cards) > len(best) || len(cards) == len(best) && sooner(cards[0], best[0]) < 0 {
			best = cards
		}
	}
	if len(best) < leastTicks || partOfTicks*len(best) < dated {
		return
	}
	accounts, quarters := map[string]bool{}, map[int]bool{}
	for _, c := range best {
		accounts[c.key.Site()+"/"+c.advertiser] = true
		quarters[c.posted.UTC().Hour()/quarterOfDay] = true
	}
	if len(accounts) >= leastAccounts && len(quarters) >= leastQuarters {
		s.add(piece{code: "N11", on: best, value: "minute:" + best[0].posted.UTC().Format("04:05"), what: "accounts", figure: float64(len(accounts))})
	}
}
