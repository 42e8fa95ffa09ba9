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
	// Score lies in [0,1], rounded to six digits so that it is the same wherever it is added up.
	Score float64
	Band  ad.Band
	// Indicators are the codes that count, strongest first, with the points that they gave after the caps; behind them those that
	// were found and count nothing, with their note and no points.
	Indicators []ad.Indicator
	// Version is that of the catalogue that made the score.
	Version string
	// Gated says that the points would have given a higher band, but too few independent reasons stand behind them, or that the score
	// was held for another reason.
	Gated bool

	held bool
}

// Score adds up the indicators of one ad (its own and those of its network that rest on it). A code counts once, with its
// highest confidence; a family counts up to its cap; codes the catalogue does not know count nothing.
//
// Above low it takes three codes of two families, or a strong network code and a code of another family: two network codes of one ad
// may be one fact about others, so each elevated ad has reasons of at least two families. What carries the note SameFact gives points and is
// neither a code nor a family there.
func (c *Catalogue) Score(indicators []ad.Indicator) Scored { return c.score(indicators, true) }

// ScoreNetwork adds up a network: its own codes in full, and each code of its ads by the share of ads that show it. A code
// that only one ad of several shows says little about the network. Above low it takes three codes of two families, or a strong network
// code and any other.
func (c *Catalogue) ScoreNetwork(network []ad.Indicator, ads [][]ad.Indicator) Scored {
	all := slices.Clone(network)
	type tally struct {
		confidence float64
		ads        int
		evidence   []ad.Evidence
	}
	tallies := map[string]*tally{}
	for _, one := range ads {
		counted, _ := c.sort(one)
		for _, code := range slices.Sorted(maps.Keys(counted)) {
			in := counted[code]
			if c.byCode[code].Family == networkFamily {
				continue // counted among the network's own
			}
			t := tallies[code]
			if t == nil {
				t = &tally{}
				tallies[code] = t
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
	return c.score(all, false)
}

// sort tells what counts, one indicator a code, from what was found and counts nothing: what others added. Codes that the catalogue does
// not know, and those of the families beside the score, are neither.
func (c *Catalogue) sort(indicators []ad.Indicator) (counted, noted map[string]ad.Indicator) {
	counted, noted = map[string]ad.Indicator{}, map[string]ad.Indicator{}
	for _, in := range indicators {
		in.Confidence = min(max(in.Confidence, 0), 1)
		if e, known := c.byCode[in.Code]; !known || in.Confidence == 0 || !slices.Contains(families, e.Family) {
			continue
		}
		best := counted
		if !in.Counts() {
			best = noted
		}
		old, twice := best[in.Code]
		if twice && in.Note != old.Note { // a fact of its own in one place is one
			in.Note, old.Note = "", ""
		}
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
	return counted, noted
}

func (c *Catalogue) score(indicators []ad.Indicator, apart bool) Scored {
	counted, noted := c.sort(indicators)
	out := Scored{Version: c.version}
	raw := map[string]float64{}
	for _, code := range slices.Sorted(maps.Keys(counted)) { // sums of fractions depend on their order
		in := counted[code]
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
	out.Score = round(min(total/100, 1), 1e6)
	out.Band = c.Band(out.Score)
	if !c.several(out.Indicators, apart) {
		out = c.Hold(out)
	}
	for _, code := range slices.Sorted(maps.Keys(noted)) {
		in := noted[code]
		in.Points = 0
		out.Indicators = append(out.Indicators, in)
	}
	return out
}

// A held score lies at most at lid of the least elevated one; what is below knee of it stays as it is.
const (
	lid  = 29.0 / 30
	knee = 25.0 / 30
)

// Hold keeps a score below the elevated band: one with too few independent reasons, or of a class that is set apart. The order of the
// scores that are held stays: what lies between the knee and 1 is pressed together between the knee and the lid.
func (c *Catalogue) Hold(s Scored) Scored {
	least := c.file.Bands.Elevated
	s.Gated = s.Gated || s.Score >= least
	if from := least * knee; s.Score > from && !s.held {
		s.Score = round(from+(s.Score-from)*(least*lid-from)/(1-from), 1e6)
	}
	s.held, s.Band = true, c.Band(s.Score)
	return s
}

// leastPoints is what a code must come to for the gate: what one ad of many shows counts, but opens nothing.
const leastPoints = 1

// several says whether enough independent reasons stand together: so many codes of so many families, or one strong network
// code and one other. Apart wants that other to be of another family.
func (c *Catalogue) several(ins []ad.Indicator, apart bool) bool {
	fams, strong, codes := map[string]bool{}, false, 0
	for _, in := range ins {
		if in.Points < leastPoints || in.Note == ad.SameFact {
			continue
		}
		codes++
		fams[c.byCode[in.Code].Family] = true
		strong = strong || c.byCode[in.Code].Strong
	}
	return strong && codes >= 2 && (!apart || len(fams) >= 2) || codes >= c.file.Codes && len(fams) >= c.file.Families
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
