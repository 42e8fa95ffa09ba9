package eval_test

import (
	"testing"

	"varde/internal/ad"
	"varde/internal/eval"
)

func TestPartsAndGroups(t *testing.T) {
	found := []eval.Found{
		{Positive: true, Band: ad.High, Points: map[string]float64{"N01": 22, "S01": 9}, Groups: map[string]string{"site": "a"}},
		{Positive: true, Band: ad.Low, Points: map[string]float64{"S01": 9, "S02": 5}, Groups: map[string]string{"site": "b"}},
		{Band: ad.Elevated, Points: map[string]float64{"S02": 5}, Groups: map[string]string{"site": "b"}},
		{Band: ad.Low, Groups: map[string]string{"site": "b"}},
	}
	parts := eval.Parts(found, func(code string) string { return code[:1] })
	if len(parts) != 2 || parts[0].Name != "S" || parts[0].Positive != 2 || parts[0].Negative != 1 || parts[0].Recall != 1 || parts[0].Ranking.AUC != 1 {
		t.Errorf("parts are %+v", parts)
	}
	if p := parts[1]; p.Name != "N" || p.Precision != 1 || p.Recall != 0.5 || p.Ranking.AUC != 0.75 {
		t.Errorf("the other part is %+v", p)
	}
	groups := eval.Groups(found)
	if len(groups) != 2 || groups[0].Wronged != 0 || groups[1].Ads != 3 || groups[1].Honest != 2 || groups[1].Above != 1 || groups[1].Wronged != 0.5 || groups[1].Bands[ad.Low] != 2 {
		t.Errorf("groups are %+v", groups)
	}
}
