// Package eval measures linking and scoring against ads whose controllers are known.
//
// It promises figures as the field defines them: pairwise and B-cubed precision, recall and F1 (Bagga & Baldwin 1998) for linking,
// average precision and ROC AUC for scoring, ties counted fairly. It changes nothing and knows no threshold.
package eval

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"varde/internal/ad"
)

// Gold is one labelled ad: a line of a gold file.
type Gold struct {
	Ad         ad.Key `json:"ad"`
	Controller string `json:"controller"`
	Kind       string `json:"kind,omitempty"`
	// Exploitative is what scoring ought to rank first.
	Exploitative bool `json:"exploitative"`
}

// ReadGold reads a gold file: JSON Lines. Its errors name file, line and field.
func ReadGold(file string, r io.Reader) ([]Gold, error) {
	var all []Gold
	var problems []error
	seen := map[ad.Key]int{}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, ad.MaxLine)
	for line := 1; sc.Scan(); line++ {
		if len(sc.Bytes()) == 0 {
			continue
		}
		var read struct {
			Gold
			Exploitative *bool `json:"exploitative"` // a label left out is not a label "no"
		}
		err := json.Unmarshal(sc.Bytes(), &read)
		g := read.Gold
		switch {
		case err != nil:
			err = fmt.Errorf("%s:%d: %s; write it as {\"ad\":\"site/ad_id\",\"controller\":\"c12\",\"exploitative\":true}", file, line, ad.JSONReason(err))
		case g.Ad.ID() == "":
			err = fmt.Errorf("%s:%d: ad: required, as site/ad_id", file, line)
		case g.Controller == "":
			err = fmt.Errorf("%s:%d: controller: required", file, line)
		case read.Exploitative == nil:
			err = fmt.Errorf("%s:%d: exploitative: required, true or false", file, line)
		case seen[g.Ad] > 0:
			err = fmt.Errorf("%s:%d: ad: %s stands in line %d too", file, line, g.Ad, seen[g.Ad])
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		seen[g.Ad] = line
		g.Exploitative = *read.Exploitative
		all = append(all, g)
	}
	if err := sc.Err(); err != nil {
		problems = append(problems, fmt.Errorf("%s: %w", file, err))
	}
	if len(all) == 0 && len(problems) == 0 {
		problems = append(problems, fmt.Errorf("%s: holds no labelled ad", file))
	}
	return all, errors.Join(problems...)
}

// Quality is precision, recall and their harmonic mean.
type Quality struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// quality divides with the convention that nothing claimed is nothing wrong, and nothing to find is nothing missed.
func quality(right, claimed, wanted float64) Quality {
	q := Quality{Precision: 1, Recall: 1}
	if claimed > 0 {
		q.Precision = right / claimed
	}
	if wanted > 0 {
		q.Recall = right / wanted
	}
	if q.Precision+q.Recall > 0 {
		q.F1 = 2 * q.Precision * q.Recall / (q.Precision + q.Recall)
	}
	return q
}

// Linked is one ad with who controls it, what kind of controller that is where it is known, and the network it was put in.
type Linked struct{ Controller, Network, Kind string }

// Pairwise counts pairs of ads: claimed are those in one network, wanted those of one controller.
func Pairwise(ads []Linked) Quality {
	var both, claimed, wanted float64
	for _, n := range count(ads, func(l Linked) Linked { return l }) {
		both += pairsOf(n)
	}
	for _, n := range count(ads, func(l Linked) string { return l.Network }) {
		claimed += pairsOf(n)
	}
	for _, n := range count(ads, func(l Linked) string { return l.Controller }) {
		wanted += pairsOf(n)
	}
	return quality(both, claimed, wanted)
}

// BCubed averages over ads the share of its network that is its controller's, and of its controller's that is in its network.
func BCubed(ads []Linked) Quality {
	if len(ads) == 0 {
		return quality(0, 0, 0)
	}
	networks := count(ads, func(l Linked) string { return l.Network })
	controllers := count(ads, func(l Linked) string { return l.Controller })
	var precision, recall float64
	both := count(ads, func(l Linked) Linked { return l })
	for _, l := range ads { // in their order: sums of floats depend on it
		precision += float64(both[l]) / float64(networks[l.Network])
		recall += float64(both[l]) / float64(controllers[l.Controller])
	}
	q := Quality{Precision: precision / float64(len(ads)), Recall: recall / float64(len(ads))}
	q.F1 = 2 * q.Precision * q.Recall / (q.Precision + q.Recall)
	return q
}

func count[K comparable](ads []Linked, key func(Linked) K) map[K]int {
	n := map[K]int{}
	for _, l := range ads {
		n[key(l)]++
	}
	return n
}

// Scored is one ad with its score and whether it ought to score high.
type Scored struct {
	Score    float64
	Positive bool
}

// Ranking is how well scores separate.
type Ranking struct {
	// AveragePrecision is the area under the precision-recall curve, AUC under the ROC curve. Both are 0 where only one class
	// is present.
	AveragePrecision float64 `json:"average_precision"`
	AUC              float64 `json:"auc"`
	Positives        int     `json:"positives"`
	Negatives        int     `json:"negatives"`
}

// Rank measures a set of scores. Ads of one score are taken as one step, so that their order does not matter.
func Rank(ads []Scored) Ranking {
	sorted := slices.Clone(ads)
	slices.SortFunc(sorted, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	var r Ranking
	for _, a := range sorted {
		if a.Positive {
			r.Positives++
		} else {
			r.Negatives++
		}
	}
	if r.Positives == 0 || r.Negatives == 0 {
		return r
	}
	hits, misses, area := 0.0, 0.0, 0.0
	for i := 0; i < len(sorted); {
		up, down := 0.0, 0.0
		for j := i; i < len(sorted) && sorted[i].Score == sorted[j].Score; i++ {
			if sorted[i].Positive {
				up++
			} else {
				down++
			}
		}
		area += down * (hits + up/2) // pairs won, half for ties
		hits, misses = hits+up, misses+down
		r.AveragePrecision += up / float64(r.Positives) * hits / (hits + misses)
	}
	r.AUC = area / (float64(r.Positives) * float64(r.Negatives))
	return r
}
