package eval

import (
	"cmp"
	"slices"
)

// Point is one threshold: ads that score at least Score are called.
type Point struct {
	Score float64 `json:"score"`
	// Precision is the share of the called that are positive, Recall the share of the positive that are called, FalsePositives the share of
	// the negative that are called.
	Precision      float64 `json:"precision"`
	Recall         float64 `json:"recall"`
	FalsePositives float64 `json:"false_positives"`
}

// Curve returns a point for each different score, from the highest down. It is empty where only one class is present.
func Curve(ads []Scored) []Point {
	sorted := slices.Clone(ads)
	slices.SortFunc(sorted, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	var up, down float64
	for _, a := range sorted {
		if a.Positive {
			up++
		} else {
			down++
		}
	}
	if up == 0 || down == 0 {
		return nil
	}
	var points []Point
	var hits, misses float64
	for i, a := range sorted {
		if a.Positive {
			hits++
		} else {
			misses++
		}
		if i+1 < len(sorted) && sorted[i+1].Score == a.Score {
			continue
		}
		points = append(points, Point{Score: a.Score, Precision: hits / (hits + misses), Recall: hits / up, FalsePositives: misses / down})
	}
	return points
}

// RecallAt is the greatest recall of a threshold that calls at most this share of the negative.
func RecallAt(ads []Scored, falsePositives float64) (recall float64) {
	for _, p := range Curve(ads) {
		if p.FalsePositives <= falsePositives {
			recall = max(recall, p.Recall)
		}
	}
	return recall
}
