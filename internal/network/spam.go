package network

import (
	"slices"
	"time"

	"varde/internal/ad"
)

// Being everywhere at once. Shared/indicators sets apart what stands in "hundreds of cities at once"; these are the least figures at which
// no group of people moves like that: eight places within two days, or eight accounts.
const (
	leastSpread = 8
	atOnce      = 2 * 24 * time.Hour
)

// reach is how a text or a link is spread.
type reach uint8

const (
	local        reach = iota
	manyPlaces         // in leastSpread places within atOnce
	manyAccounts       // on leastSpread accounts
)

// reachOf tells how a link is spread now. A hub is not looked at place by place.
func (l *Linker) reachOf(via *link) reach {
	switch {
	case via.kind != ad.TextSig && via.kind != ad.Link || len(via.ads) < leastSpread:
		return local
	case !via.many:
		inOrder := slices.Clone(via.ads)
		slices.SortFunc(inOrder, func(a, b posting) int { return a.at.Compare(b.at) })
		if n, _ := placesWithin(inOrder, func(p posting) (time.Time, string) { return p.at, p.place }, atOnce, leastSpread); n >= leastSpread {
			return manyPlaces
		}
	}
	if len(via.accounts) >= leastSpread {
		return manyAccounts
	}
	return local
}

// spamCodes are X04 and X05 for one ad: its text or a link of it is everywhere at once; all its pictures are stock pictures.
func (l *Linker) spamCodes(c *card) (out []ad.Indicator) {
	var everywhere []ad.Evidence
	pictures, stock := 0, []ad.Evidence(nil)
	for _, via := range l.shownBy(c) {
		e := ad.Evidence{Value: string(via.kind) + ":" + via.name()}
		switch {
		case via.reach == manyPlaces:
			e.Figure = &ad.Figure{What: "places_at_once", Value: leastSpread}
			everywhere = append(everywhere, e)
		case via.reach == manyAccounts:
			e.Figure = &ad.Figure{What: "accounts", Value: leastSpread}
			everywhere = append(everywhere, e)
		case via.kind == ad.PHash:
			if pictures++; l.hub(via) && len(stock) < mostEvidence {
				stock = append(stock, e)
			}
		}
	}
	if len(everywhere) > 0 {
		out = append(out, ad.Indicator{Code: "X04", Confidence: 1, Evidence: everywhere})
	}
	if pictures > 0 && len(stock) == min(pictures, mostEvidence) {
		out = append(out, ad.Indicator{Code: "X05", Confidence: 1, Evidence: stock})
	}
	return out
}

// besideScore are the indicators of an ad that do not make its score: those of spam and those of a child, without points.
func (l *Linker) besideScore(c *card) (out []ad.Indicator) {
	for _, in := range append(l.spamCodes(c), c.indicators...) {
		if l.scorer.Spam(in.Code) || l.scorer.Child(in.Code) {
			in.Points = 0
			out = append(out, in)
		}
	}
	return out
}

// real are codes that speak of people who are moved, recruited, looked for or held. An ad that shows one of them is never set apart as spam,
// whatever it says: otherwise a ring could hide by writing like a fraudster. Nor is one of several personas under one contact (severally) that
// also speaks of people in two ways (ofPeople): fraudsters invent names as well, but write of one person.
var (
	real      = map[string]bool{"N06": true, "N08": true, "N14": true, "S17": true, "J04": true, "J05": true, "J15": true, "J23": true}
	severally = map[string]bool{"N01": true, "N02": true, "N05": true}
	ofPeople  = map[string]bool{"S03": true, "S07": true, "S08": true, "S09": true, "S10": true, "S11": true}
)

// classOf sets an ad apart as spam where its wording and its spread come together, and nothing speaks for people or for a child.
func (l *Linker) classOf(c *card, resting, beside []ad.Indicator) ad.Class {
	wording, everywhere := false, false
	people := map[string]bool{}
	for _, in := range c.indicators {
		wording = wording || l.scorer.Spam(in.Code)
		if real[in.Code] {
			return ""
		}
		if ofPeople[in.Code] {
			people[in.Code] = true
		}
	}
	for _, in := range beside {
		if l.scorer.Child(in.Code) {
			return ""
		}
		everywhere = everywhere || in.Code == "X04"
	}
	for _, in := range resting {
		if in.Counts() && (real[in.Code] || severally[in.Code] && len(people) > 1) {
			return ""
		}
	}
	if wording && everywhere {
		return ad.Spam
	}
	return ""
}
