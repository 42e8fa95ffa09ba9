package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"varde/internal/ad"
)

// TestEvalOfASimulatedWorld: the same seed gives the same figures, every part of the score is told, and the curves are drawn.
func TestEvalOfASimulatedWorld(t *testing.T) {
	t.Parallel()
	svg := filepath.Join(t.TempDir(), "curves.svg")
	args := []string{"eval", "--simulated", "400", "--seed", "11", "--svg", svg, "--json"}
	out, errs, code := program(t, args...)
	if code != 0 {
		t.Fatalf("exit status %d: %s", code, errs)
	}
	again, _, _ := program(t, args...)
	if out != again {
		t.Error("the same seed gives other figures")
	}
	var e evaluation
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatal(err)
	}
	if e.Labelled != 400 || e.Missing != 0 || e.Scoring.Positives == 0 || e.Scoring.AUC < 0.9 {
		t.Errorf("measured %+v", e.Scoring)
	}
	ads := 0
	for _, k := range e.Kinds {
		ads += k.Ads
	}
	if len(e.Kinds) != 10 || ads != 400 || !e.Joins.Checked || e.Joins.HubAlone != 0 || e.Joins.Unexplained != 0 || e.Joins.Largest < 5 {
		t.Errorf("linking by kind: %+v; networks: %+v", e.Kinds, e.Joins)
	}
	linking, kinds := false, map[string]bool{}
	for _, p := range e.Parts {
		linking = linking || p.Name == "linking" && p.Positive > 0
	}
	for _, g := range e.Groups {
		kinds[g.Kind] = true
		if g.Bands[ad.Low]+g.Bands[ad.Elevated]+g.Bands[ad.High] != g.Ads {
			t.Errorf("the bands of %+v do not add up", g)
		}
	}
	if !linking || len(kinds) != 5 || len(e.Codes) < 10 {
		t.Errorf("parts %+v, groups of %v, %d codes", e.Parts, kinds, len(e.Codes))
	}
	networks := 0
	for i, m := range e.Meanings {
		networks += m.Networks
		if m.Band != ad.Bands[i] || m.Exploitative > m.Networks || m.From > m.Share || m.Share > m.To || m.Networks > 0 && m.From == m.To {
			t.Errorf("what a band means: %+v", m)
		}
	}
	if len(e.Meanings) != len(ad.Bands) || networks < 20 || e.Meanings[0].Exploitative == 0 {
		t.Errorf("what bands mean: %+v", e.Meanings)
	}
	if told, _, _ := program(t, "eval", "--simulated", "400", "--seed", "11"); !regexp.MustCompile(`(?m)^networks of the band .*95 % interval$[\s\S]^high .* % +\d`).MatchString(told) {
		t.Errorf("the bands of networks are not printed:\n%s", told)
	}
	drawn, err := os.ReadFile(svg)
	if err != nil || strings.Count(string(drawn), "<polyline") < 6 {
		t.Errorf("drawn: %v, %.200s", err, drawn)
	}
	for _, wrong := range [][]string{{"eval"}, {"eval", "--simulated", "10", "--gold", "x"}} {
		if _, errs, code := varde(t, wrong...); code != exitUsage || !strings.Contains(errs, "--simulated") {
			t.Errorf("%v: %d %s", wrong, code, errs)
		}
	}
}
