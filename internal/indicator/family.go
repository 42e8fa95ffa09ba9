package indicator

import (
	"maps"
	"slices"

	"varde/internal/ad"
)

// Family adds up the points of the codes of some families, each once with its highest confidence, before caps and lids. It ranks ads of
// one kind among themselves, such as job ads by J and X; what an analyst sees is Score.
func (c *Catalogue) Family(indicators []ad.Indicator, families ...string) (points float64) {
	best := map[string]float64{}
	for _, in := range indicators {
		if e, known := c.byCode[in.Code]; known && slices.Contains(families, e.Family) && in.Counts() {
			best[in.Code] = max(best[in.Code], e.Points*min(max(in.Confidence, 0), 1))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(best)) { // sums of fractions depend on their order
		points += best[code]
	}
	return points
}
