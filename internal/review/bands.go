package review

import (
	"math"

	"varde/internal/ad"
	"varde/internal/indicator"
)

// Meaning is what a band has meant: of the networks of this band that were reviewed, how many became leads.
type Meaning struct {
	Band ad.Band `json:"band"`
	// Settled are those that somebody made a lead, referred or dismissed; Leads are the first two.
	Settled int `json:"settled"`
	Leads   int `json:"leads"`
	// Share is Leads of Settled, and From and To its Wilson interval of 95 %; all are 0 where nothing is settled.
	Share float64 `json:"share"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
}

// Known says whether anything is known of the band.
func (m Meaning) Known() bool { return m.Settled > 0 }

// Scorer scores anew what a review saw.
type Scorer interface {
	ScoreNetwork(network []ad.Indicator, ads [][]ad.Indicator) indicator.Scored
	Hold(s indicator.Scored) indicator.Scored
}

// Score is what a scorer gives to what a review saw.
func (s Snapshot) ScoreBy(by Scorer) indicator.Scored {
	scored := by.ScoreNetwork(s.Indicators, nil)
	if s.Class == ad.Spam {
		scored = by.Hold(scored)
	}
	return scored
}

// Meanings counts what became of the networks that these decisions stand for, one decision a network, by the band that the scorer gives to
// what was seen: so the bands of today can be told by decisions made under earlier weights.
func Meanings(standing []Review, by Scorer) []Meaning {
	at := map[ad.Band]int{}
	all := make([]Meaning, len(ad.Bands))
	for i, b := range ad.Bands {
		at[b], all[i].Band = i, b
	}
	for _, r := range standing {
		if !r.Decision.Settles() {
			continue
		}
		m := &all[at[r.Snapshot.ScoreBy(by).Band]]
		m.Settled++
		if r.Decision.Leads() {
			m.Leads++
		}
	}
	for i := range all {
		m := &all[i]
		if m.Settled > 0 {
			m.Share = float64(m.Leads) / float64(m.Settled)
			m.From, m.To = Wilson(m.Leads, m.Settled)
		}
	}
	return all
}

// Wilson is the score interval of a share of k in n (Wilson 1927) at 95 %, n being above 0: it holds for few and for extreme shares, where
// the usual one does not.
func Wilson(k, n int) (from, to float64) {
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	from, to = max(0, middle-half), min(1, middle+half)
	if k == 0 { // exactly, whatever the rounding
		from = 0
	}
	if k == n {
		to = 1
	}
	return from, to
}
