package target

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// day reads a day or an instant: for a day the instants when it begins and ends in zone, for an instant twice itself.
func day(text string, zone *time.Location) (begins, ends time.Time, ok bool) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), t.UTC(), true
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return time.Time{}, time.Time{}, false
	}
	return t.UTC(), t.AddDate(0, 0, 1).UTC(), true
}

// From is when the target's authority begins, To the first instant when it has ended.
func (t *Target) From() time.Time { return t.from }

// To is the first instant when the target's authority has ended.
func (t *Target) To() time.Time { return t.to }

// window is when requests may be made: days of the week and minutes of the day, Until excluded. Where Until is not after From the
// window ends on the next day.
type window struct {
	days        [7]bool
	from, until int
}

var (
	windowPattern = regexp.MustCompile(`^(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))? )?(\d\d):(\d\d)-(\d\d):(\d\d)$`)
	weekdays      = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
)

func parseWindow(text string) (w window, err error) {
	m := windowPattern.FindStringSubmatch(text)
	if m == nil {
		return w, fmt.Errorf("%q is no window", text)
	}
	first, last := 0, 6
	if m[1] != "" {
		first = slices.Index(weekdays, m[1])
		last = first
	}
	if m[2] != "" {
		last = slices.Index(weekdays, m[2])
	}
	for d := first; ; d = (d + 1) % 7 {
		w.days[d] = true
		if d == last {
			break
		}
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[3+i]) // digits, as the pattern says
	}
	if n[0] > 23 || n[2] > 24 || n[1] > 59 || n[3] > 59 || n[2] == 24 && n[3] > 0 {
		return w, fmt.Errorf("%q has hours that no day has", text)
	}
	w.from, w.until = n[0]*60+n[1], n[2]*60+n[3]
	return w, nil
}

func (w window) open(local time.Time) bool {
	minute, today := local.Hour()*60+local.Minute(), int(local.Weekday())
	if w.from < w.until {
		return w.days[today] && minute >= w.from && minute < w.until
	}
	return w.days[today] && minute >= w.from || w.days[(today+6)%7] && minute < w.until
}

// Open says whether requests may be made at an instant, as the target's windows say.
func (t *Target) Open(now time.Time) bool {
	if len(t.windows) == 0 {
		return true
	}
	local := now.In(t.zone)
	return slices.ContainsFunc(t.windows, func(w window) bool { return w.open(local) })
}

// Opens is the next instant, to the minute, when requests may be made: now where they may be.
func (t *Target) Opens(now time.Time) time.Time {
	const most = 2*7*24*60 + 60 // in a week's time at the latest, or in two where the hour is the one that clocks leave out
	for n, at := 0, now; n <= most; n++ {
		if t.Open(at) {
			return at
		}
		at = at.Truncate(time.Minute).Add(time.Minute)
	}
	return now.Add(most * time.Minute)
}
