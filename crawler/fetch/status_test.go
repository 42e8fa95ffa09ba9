package fetch_test

import (
	"net/http"
	"testing"
	"time"

	"varde/crawler/fetch"
	"varde/internal/frontier"
)

func TestWhatAnAnswerIsTakenFor(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for name, tt := range map[string]struct {
		code  int
		after string
		fails int
		want  frontier.Outcome
		asked int
		// again is the least wait that the refusal hands on, least until a second more; it may be some seconds less for dates.
		again time.Duration
	}{
		"busy for a moment":      {503, "0", 2, "", 3, 0},
		"too many requests":      {429, "0", 1, "", 2, 0},
		"a date in the past":     {429, "Mon, 01 Jun 2020 00:00:00 GMT", 1, "", 2, 0},
		"never":                  {503, "0", 99, frontier.Busy, 3, 0},
		"does not say":           {503, "", 1, frontier.Busy, 1, 0},
		"longer than we wait":    {429, "3600", 1, frontier.Busy, 1, time.Hour},
		"a date":                 {503, in(2 * time.Hour), 1, frontier.Busy, 1, 2 * time.Hour},
		"a date far away":        {503, "Mon, 01 Jun 2099 00:00:00 GMT", 1, frontier.Busy, 1, fetch.MostAgain},
		"absurd":                 {429, "1000000000", 1, frontier.Busy, 1, fetch.MostAgain},
		"more than a number":     {503, "99999999999999999999", 1, frontier.Busy, 1, fetch.MostAgain},
		"not a time":             {503, "soon", 1, frontier.Busy, 1, 0},
		"before the epoch":       {503, "-1", 1, frontier.Busy, 1, 0},
		"another error is final": {500, "0", 1, frontier.Broken, 1, 0},
		"bad gateway":            {502, "60", 1, frontier.Broken, 1, 0},
		"gone":                   {410, "0", 1, frontier.Gone, 1, 0},
		"not found":              {404, "", 1, frontier.Gone, 1, 0},
		"not for us":             {403, "", 1, frontier.Refused, 1, 0},
		"log in":                 {401, "", 1, frontier.Refused, 1, 0},
		"pay":                    {402, "", 1, frontier.OddStatus, 1, 0},
		"nothing":                {204, "", 1, frontier.OddStatus, 1, 0},
		"a part":                 {206, "", 1, frontier.OddStatus, 1, 0},
		"choose":                 {300, "", 1, frontier.OddStatus, 1, 0},
		"nobody knows":           {799, "", 1, frontier.Broken, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			left := tt.fails // the fetcher asks for one page after the other
			s := serve(t, map[string]http.HandlerFunc{"/ads/1": func(w http.ResponseWriter, r *http.Request) {
				if left--; left >= 0 {
					status(tt.code, "Retry-After", tt.after)(w, r)
				}
			}})
			_, err := get(t, s, "/ads/1")
			if r := refused(t, err, tt.want); r != nil && (r.Again > tt.again || r.Again < tt.again-10*time.Second || r.Capture == nil) {
				t.Errorf("again in %s, want %s; capture %v", r.Again, tt.again, r.Capture)
			}
			if got := len(s.paths(false)); got != tt.asked {
				t.Errorf("asked %d times, want %d", got, tt.asked)
			}
		})
	}
}

func TestRetryAfterGoesByTheSitesClock(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	h := http.Header{"Retry-After": {"Mon, 01 Jun 2020 00:10:00 GMT"}, "Date": {"Mon, 01 Jun 2020 00:00:00 GMT"}}
	if got, said := fetch.RetryAfter(h, now); got != 10*time.Minute || !said {
		t.Errorf("%s, %v", got, said)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "120", "-1", "1e9", "99999999999999999999", "Mon, 01 Jun 2099 00:00:00 GMT", "soon", " 5 ", "+5", "٣"} {
		f.Add(seed, "Mon, 01 Jun 2026 00:00:00 GMT")
	}
	f.Fuzz(func(t *testing.T, after, date string) {
		got, said := fetch.RetryAfter(http.Header{"Retry-After": {after}, "Date": {date}}, time.Now())
		if got < 0 || got > fetch.MostAgain || !said && got != 0 {
			t.Errorf("%q: %s, %v", after, got, said)
		}
	})
}
