package indicator

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"varde/internal/ad"
)

// Scored is a score with what made it.
type Scored struct {
	// Score lies in [0,1], rounded to four digits so that it is the same wherever it is added up.
	Score float64
	Band  ad.Band
	// Indicators are the codes that count, strongest first, with the points that they gave after the caps.
	Indicators []ad.Indicator
	// Gated says that the points would have given a higher band, but too few independent reasons stand behind them.
	Gated bool
}

// lid is how far below the elevated band a gated score is held.
const lid = 0.01

// Score adds up the indicators of one ad (its own and those of its network that rest on it). A code counts once, with its
// highest confidence; a family counts up to its cap; codes the catalogue does not know count nothing.
func (c *Catalogue) Score(indicators []ad.Indicator) Scored {
	best := map[string]ad.Indicator{}
	for _, in := range indicators {
		in.Confidence = min(max(in.Confidence, 0), 1)
		if e, known := c.byCode[in.Code]; !known || in.Confidence == 0 || !slices.Contains(families, e.Family) {
			continue
		}
		old, twice := best[in.Code]
		switch {
		case !twice:
			best[in.Code] = in
		case in.Confidence > old.Confidence:
			in.Evidence = append(slices.Clone(in.Evidence), old.Evidence...)
			best[in.Code] = in
		default:
			old.Evidence = append(slices.Clone(old.Evidence), in.Evidence...)
			best[in.Code] = old
		}
	}
	return c.addUp(best)
}

// ScoreNetwork adds up a network: its own codes in full, and each code of its ads by the share of ads that show it. A code
// that only one ad of several shows says little about the network.
func (c *Catalogue) ScoreNetwork(network []ad.Indicator, ads [][]ad.Indicator) Scored {
	all := slices.Clone(network)
	type tally struct {
		confidence float64
		ads        int
		evidence   []ad.Evidence
	}
	tallies := map[string]*tally{}
	for _, one := range ads {
		for _, in := range c.Score(one).Indicators {
			if c.byCode[in.Code].Family == "N" {
				continue // counted among the network's own
			}
			t := tallies[in.Code]
			if t == nil {
				t = &tally{}
				tallies[in.Code] = t
			}
			t.ads++
			t.confidence += in.Confidence
			if len(t.evidence) < 3 && len(in.Evidence) > 0 {
				t.evidence = append(t.evidence, in.Evidence[0])
			}
		}
	}
	for code, t := range tallies {
		share := &ad.Figure{What: "ads", Value: float64(t.ads), Compared: float64(len(ads))}
		all = append(all, ad.Indicator{Code: code, Confidence: t.confidence / float64(len(ads)),
			Evidence: append([]ad.Evidence{{Figure: share}}, t.evidence...)})
	}
	return c.Score(all)
}

func (c *Catalogue) addUp(best map[string]ad.Indicator) Scored {
	var out Scored
	raw := map[string]float64{}
	for _, code := range slices.Sorted(maps.Keys(best)) { // sums of fractions depend on their order
		in := best[code]
		in.Points = c.byCode[code].Points * in.Confidence
		raw[c.byCode[code].Family] += in.Points
		out.Indicators = append(out.Indicators, in)
	}
	total := 0.0
	for _, fam := range families {
		total += min(raw[fam], c.file.Caps[fam])
	}
	for i := range out.Indicators {
		in := &out.Indicators[i]
		fam := c.byCode[in.Code].Family
		in.Points = round(in.Points*min(1, c.file.Caps[fam]/raw[fam]), 100)
	}
	slices.SortFunc(out.Indicators, func(a, b ad.Indicator) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.Code, b.Code))
	})
	out.Score = round(min(total/100, 1), 10000)
	if out.Score >= c.file.Bands.Elevated && !c.several(out.Indicators) {
		out.Score, out.Gated = round(c.file.Bands.Elevated-lid, 10000), true
	}
	out.Band = c.Band(out.Score)
	return out
}

// leastPoints is what a code must come to for the gate: what one ad of many shows counts, but opens nothing.
const leastPoints = 1

// several says whether enough independent reasons stand together: so many codes of so many families, or one strong network
// code and one other.
func (c *Catalogue) several(ins []ad.Indicator) bool {
	fams, strong, codes := map[string]bool{}, false, 0
	for _, in := range ins {
		if in.Points < leastPoints {
			continue
		}
		codes++
		fams[c.byCode[in.Code].Family] = true
		strong = strong || c.byCode[in.Code].Strong
	}
	return strong && codes >= 2 || codes >= c.file.Codes && len(fams) >= c.file.Families
}

// Band returns the band of a score.
func (c *Catalogue) Band(score float64) ad.Band {
	switch {
	case score >= c.file.Bands.High:
		return ad.High
	case score >= c.file.Bands.Elevated:
		return ad.Elevated
	}
	return ad.Low
}

func round(f, per float64) float64 { return math.Round(f*per) / per }
