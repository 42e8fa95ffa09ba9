package frontier_test

import (
	"strings"
	"testing"
	"time"

	"varde/internal/frontier"
)

// look counts pages, '1' with the field and '0' without.
func look(c *frontier.Coverage, pages string) {
	for i, bit := range pages {
		c.Look(bit == '1', "https://market.example/ad/7", time.Unix(int64(i), 0))
	}
}

func TestAFallOfCoverage(t *testing.T) {
	for name, tt := range map[string]struct {
		pages  string
		fallen bool
		before float64 // 0: not looked at
	}{
		"nothing read":                        {"", false, 0},
		"always there":                        {strings.Repeat("1", 60), false, 1},
		"never there":                         {strings.Repeat("0", 60), false, 0},
		"too few pages to tell":               {"1111111" + strings.Repeat("0", 12), false, 0},
		"a new layout, noticed":               {strings.Repeat("1", 40) + strings.Repeat("0", 7), true, 1},
		"a few pages without":                 {strings.Repeat("1", 40) + strings.Repeat("0", 4), false, 1},
		"on a site of twelve ads":             {strings.Repeat("1", 12) + strings.Repeat("0", 10), true, 1},
		"and it stands as long as it lasts":   {strings.Repeat("1", 12) + strings.Repeat("0", 200), true, 1},
		"until the field is back":             {strings.Repeat("1", 12) + strings.Repeat("0", 200) + strings.Repeat("1", 12), false, 0},
		"a field of three pages in four":      {strings.Repeat("1110", 20), false, 0},
		"which falls":                         {strings.Repeat("1110", 20) + strings.Repeat("0", 9), true, 0},
		"a field of every third page is none": {strings.Repeat("100", 30) + strings.Repeat("0", 12), false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var c frontier.Coverage
			look(&c, tt.pages)
			if c.Fallen() != tt.fallen {
				t.Errorf("fallen %v: %+v", c.Fallen(), c)
			}
			if tt.before > 0 && c.Before() != tt.before {
				t.Errorf("before: %v, want %v", c.Before(), tt.before)
			}
			if len(c.Recent) > frontier.RecentPages || c.Had > c.Pages || (c.Missing == "") == strings.Contains(tt.pages, "0") {
				t.Errorf("%+v", c)
			}
		})
	}
}

// TestVisitsFollowChanges: closer after a change, further apart without, within their bounds.
func TestVisitsFollowChanges(t *testing.T) {
	const least, most = time.Hour, 8 * time.Hour
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	every := time.Duration(0)
	for _, step := range []struct {
		changed bool
		want    time.Duration
	}{{false, time.Hour}, {false, 84 * time.Minute}, {false, 117*time.Minute + 36*time.Second}, {true, 3528 * time.Second}} {
		var due time.Time
		due, every = frontier.Next(every, step.changed, least, most, now)
		if want := max(step.want, least); every != want || !due.Equal(now.Add(want)) {
			t.Errorf("every %s, due in %s, want %s", every, due.Sub(now), want)
		}
	}
	for range 20 {
		_, every = frontier.Next(every, false, least, most, now)
	}
	if every != most {
		t.Errorf("at most every %s", every)
	}
}

func TestFailuresWaitLongerAndGoneEnds(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	last := time.Duration(0)
	for n := range 40 {
		wait := frontier.Retry(n, time.Hour, now).Sub(now)
		if wait < last || wait > time.Hour || wait < 2*time.Minute {
			t.Errorf("failure %d: %s after %s", n, wait, last)
		}
		last = wait
	}
	for looks, want := range map[int]bool{1: true, 3: true, 4: false, 100: false} {
		if due := frontier.GoneNext(looks, time.Hour, now); due.IsZero() == want {
			t.Errorf("look %d: due %s", looks, due)
		}
	}
}
