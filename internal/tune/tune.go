package tune

import (
	"cmp"
	"math"
	"slices"

	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/review"
)

// Sample is one network with what was decided about it.
type Sample struct {
	// Network is its present id: all that was decided about what became one network is one sample.
	Network string
	Author  string
	Seen    review.Snapshot
	Lead    bool
}

// Samples are the decisions that settle something, by network. Standing holds one decision a network, under its present id.
func Samples(standing map[string]review.Review) (samples []Sample, watched int) {
	for network, r := range standing {
		if !r.Decision.Settles() {
			watched++
			continue
		}
		samples = append(samples, Sample{Network: network, Author: r.Author, Seen: r.Snapshot, Lead: r.Decision.Leads()})
	}
	slices.SortFunc(samples, func(a, b Sample) int { return cmp.Compare(a.Network, b.Network) })
	return samples, watched
}

// Code is what the fit says of one code.
type Code struct {
	Code string `json:"code"`
	// Seen is how many settled reviews show the code, Leads how many of them became leads.
	Seen  int `json:"seen"`
	Leads int `json:"leads"`
	// Old are the points in force, New those that the reviews speak for.
	Old float64 `json:"old"`
	New float64 `json:"new"`
	// Few says that too few reviews show the code, so that its points stay.
	Few bool `json:"few,omitempty"`
}

// Report is what tuning found.
type Report struct {
	// Base is the version in force; Reviews are the settled ones, Leads those that became leads; Watched decide nothing yet.
	Base    string `json:"base"`
	Reviews int    `json:"reviews"`
	Leads   int    `json:"leads"`
	Watched int    `json:"watched"`
	// Authors counts who decided, MostByOne how many reviews are by whoever decided most.
	Authors   int `json:"authors"`
	MostByOne int `json:"most_by_one"`
	// Codes are all that the reviews show, in the order of the catalogue.
	Codes []Code `json:"codes"`
	// HeldOut compares the points in force and the fitted ones on reviews that they were not fitted on; nil where there are too few.
	HeldOut *HeldOut `json:"held_out,omitempty"`
	// Warnings are stable words.
	Warnings []Warning `json:"warnings"`
	// Shifts are what would change for the networks that are there, by site and category.
	Shifts []Shift `json:"shifts"`
}

// Fit fits points to reviews. It returns the catalogue with them, which is c itself where nothing moves.
func Fit(c *indicator.Catalogue, samples []Sample, watched int) (*indicator.Catalogue, *Report, error) {
	r := &Report{Base: c.Version(), Reviews: len(samples), Watched: watched, Codes: []Code{}, Warnings: []Warning{}, Shifts: []Shift{}}
	by := map[string]int{}
	for _, s := range samples {
		if s.Lead {
			r.Leads++
		}
		by[s.Author]++
		r.MostByOne = max(r.MostByOne, by[s.Author])
	}
	r.Authors = len(by)
	fitted, codes, err := points(c, samples)
	if err != nil {
		return nil, nil, err
	}
	r.Codes = codes
	if r.HeldOut, err = holdOut(c, samples); err != nil {
		return nil, nil, err
	}
	r.Warnings = warn(r)
	return fitted, r, nil
}

// points fits the points of all codes that enough samples show.
func points(c *indicator.Catalogue, samples []Sample) (*indicator.Catalogue, []Code, error) {
	features := make([]map[string]float64, len(samples))
	codes := []Code{}
	at := map[string]int{}
	for _, code := range c.Codes() {
		if old, _ := c.Points(code); c.Tunable(code) {
			at[code] = len(codes)
			codes = append(codes, Code{Code: code, Old: old, New: old})
		}
	}
	for i, s := range samples {
		features[i] = seen(s.Seen.Indicators, at)
		for code := range features[i] {
			codes[at[code]].Seen++
			if s.Lead {
				codes[at[code]].Leads++
			}
		}
	}
	p := problem{}
	var moving []int
	for i := range codes {
		if codes[i].Few = codes[i].Seen < leastSeen; !codes[i].Few {
			moving = append(moving, i)
			p.start = append(p.start, codes[i].Old/perNat)
		}
	}
	codes, moving = shown(codes, moving)
	if len(moving) == 0 {
		return c, codes, nil
	}
	for i, s := range samples {
		p.add(features[i], codes, moving, c, s.Lead)
	}
	weights, _, err := p.fit()
	if err != nil {
		return nil, nil, err
	}
	other := c.Other()
	for j, i := range moving {
		codes[i].New = math.Round(weights[j]*perNat*10) / 10
		other[codes[i].Code] = codes[i].New
	}
	fitted, err := c.WithPoints(other)
	return fitted, codes, err
}

// seen is the confidence of each code that counted.
func seen(ins []ad.Indicator, known map[string]int) map[string]float64 {
	f := map[string]float64{}
	for _, in := range ins {
		if _, ok := known[in.Code]; ok && in.Counts() && in.Confidence > 0 {
			f[in.Code] = max(f[in.Code], min(in.Confidence, 1))
		}
	}
	return f
}

// shown leaves out the codes that no sample shows, and finds those that move again.
func shown(codes []Code, moving []int) ([]Code, []int) {
	var kept []Code
	var now []int
	for i, c := range codes {
		if c.Seen == 0 {
			continue
		}
		if slices.Contains(moving, i) {
			now = append(now, len(kept))
		}
		kept = append(kept, c)
	}
	if kept == nil {
		kept = []Code{}
	}
	return kept, now
}

func (p *problem) add(f map[string]float64, codes []Code, moving []int, c *indicator.Catalogue, lead bool) {
	row := make([]float64, len(moving))
	moves := map[string]bool{}
	for j, i := range moving {
		row[j] = f[codes[i].Code]
		moves[codes[i].Code] = true
	}
	offset := 0.0
	for _, code := range codes { // in their order, so that sums are the same each time
		if !moves[code.Code] {
			points, _ := c.Points(code.Code)
			offset += points / perNat * f[code.Code]
		}
	}
	p.seen, p.offset, p.lead = append(p.seen, row), append(p.offset, offset), append(p.lead, lead)
}
