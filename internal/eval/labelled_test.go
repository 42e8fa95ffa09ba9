package eval_test

import (
	"fmt"
	"testing"

	"varde/internal/eval"
)

func TestHalfOf(t *testing.T) {
	n := map[eval.Half]int{}
	for i := range 1000 {
		n[eval.HalfOf(fmt.Sprint("c", i))]++
	}
	if n[eval.Development] < 450 || n[eval.Test] < 450 {
		t.Errorf("the halves are %v", n)
	}
	// What was looked at once must never come into the other half.
	if eval.HalfOf("c0001") != eval.Test || eval.HalfOf("c0004") != eval.Development {
		t.Error("groups changed sides")
	}
}

func TestSeparate(t *testing.T) {
	ads := []eval.Labelled{
		{Group: "a", Positive: true, Score: 9, Codes: []string{"J03", "J05"}}, {Group: "a", Positive: true, Score: 9, Codes: []string{"J05"}},
		{Group: "b", Positive: true, Score: 1}, {Group: "c", Score: 4, Codes: []string{"J05"}}, {Group: "d"},
	}
	s := eval.Separate(ads, 0.1)
	if s.Ads != 5 || s.Groups != 4 || s.Positives != 3 || s.Negatives != 2 {
		t.Errorf("counts: %+v", s)
	}
	// 9 and 9 before 4 before 1 before 0: five of the six pairs are in order, and the third positive is fourth.
	if !near(s.AUC, 5./6) || !near(s.AveragePrecision, (1+1+3./4)/3) || !near(s.Recall, 2./3) || !near(s.Precision, 1) {
		t.Errorf("figures: %+v", s)
	}
	if !near(s.Once.AveragePrecision, (1+2./3)/2) || s.Once.Positives != 2 {
		t.Errorf("one of each group: %+v", s.Once)
	}
	if fmt.Sprint(s.Codes) != "[{J03 1 0} {J05 2 1}]" {
		t.Errorf("codes: %v", s.Codes)
	}
	// With one of 200 negatives called, precision falls with the share of positive ads.
	many := []eval.Labelled{{Positive: true, Score: 2}, {Score: 2}}
	for range 199 {
		many = append(many, eval.Labelled{})
	}
	if s := eval.Separate(many, 0.01); !near(s.Precision, 0.01/(0.01+0.99*0.005)) || s.Recall != 1 {
		t.Errorf("at a rate of 1 %%: %+v", s)
	}
}
