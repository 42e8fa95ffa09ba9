package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/frontier"
)

// TestTrouble: what has fallen, what stands in the way these days, and what is left alone; nothing of long ago.
func TestTrouble(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	fallen := frontier.Coverage{Field: "price"}
	for i := range 40 {
		fallen.Look(i < 25, "https://market.example/ad/1", now)
	}
	var tallies []frontier.Tally
	for _, o := range frontier.Outcomes {
		if o.Barrier() != (barriers[o] != "") {
			t.Errorf("%s has the words %q", o, barriers[o])
		}
	}
	for o, last := range map[frontier.Outcome]time.Time{frontier.Captcha: now.Add(-time.Hour), frontier.LogIn: now.AddDate(0, 0, -8), frontier.Gone: now} {
		tally := frontier.Tally{Last: last}
		tally.Outcome = o
		tallies = append(tallies, tally)
	}
	got := trouble([]frontier.Coverage{fallen, {Field: "title", Pages: 40, Had: 40}}, tallies, frontier.Size{LeftUntil: now.Add(time.Hour)}, now)
	want := []string{"the latest pages lack price", "the site asks for a CAPTCHA (last 2026-11-20 11:00 UTC)", "the site is left alone until 2026-11-20 13:00 UTC"}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if got := trouble(nil, nil, frontier.Size{}, now); len(got) > 0 {
		t.Errorf("of nothing: %v", got)
	}
}
