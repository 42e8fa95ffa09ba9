package frontier

import "time"

const (
	// sooner and later are by how much the time between visits shrinks after a change and grows without one: the decrease and increase
	// of Apache Nutch's AdaptiveFetchSchedule are 0.2 and 0.4; ads change at most a few times before they go, so we come back faster.
	sooner = 0.5
	later  = 1.4
	// firstRetry is how soon a page that gave no answer is tried again, doubling with each failure.
	firstRetry = 2 * time.Minute
	// goneLooks is how many further looks a page that is gone gets: sites take ads off for a while.
	goneLooks = 3
)

// Next returns when an ad page is due after a visit at now, and the time between its visits: closer after a change, further apart
// without one, within least and most.
func Next(every time.Duration, changed bool, least, most time.Duration, now time.Time) (due time.Time, then time.Duration) {
	switch {
	case every <= 0:
		every = least
	case changed:
		every = time.Duration(float64(every) * sooner)
	default:
		every = time.Duration(float64(every) * later)
	}
	every = max(least, min(every, most))
	return now.Add(every), every
}

// Retry returns when a page is due after its failures-th failure in a row, never later than most from now.
func Retry(failures int, most time.Duration, now time.Time) time.Time {
	wait := firstRetry << min(max(failures, 1)-1, 20)
	return now.Add(min(wait, most))
}

// GoneNext returns when a page that was found gone for the looks-th time is due: after most each time, and then never (the zero time).
func GoneNext(looks int, most time.Duration, now time.Time) time.Time {
	if looks > goneLooks {
		return time.Time{}
	}
	return now.Add(most)
}
