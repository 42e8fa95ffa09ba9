package crawler

import (
	"log/slog"
	"sync"
	"time"

	"varde/internal/frontier"
)

// mood is how a site takes to us: a site that is down, busy or puts up barriers is left alone for a while. The zero value is ready.
type mood struct {
	mu    sync.Mutex
	bad   int
	rest  time.Time
	rests int
}

const (
	// badInARow is how many visits in a row must fail before the site is left alone.
	badInARow = 6
	firstRest = time.Minute
	lastRest  = time.Hour
)

// hear takes note of what came of a visit.
func (m *mood) hear(o frontier.Outcome, now time.Time, log *slog.Logger) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !away(o) {
		m.bad, m.rests = 0, 0
		return
	}
	if m.bad++; m.bad < badInARow || now.Before(m.rest) {
		return
	}
	rest := min(firstRest<<min(m.rests, 10), lastRest)
	m.bad, m.rests, m.rest = 0, m.rests+1, now.Add(rest)
	log.Warn("the site is left alone for a while", "outcome", string(o), "until", m.rest)
}

// away says whether an outcome is one of the whole site rather than of a page.
func away(o frontier.Outcome) bool {
	switch o {
	case frontier.Network, frontier.TLS, frontier.Reset, frontier.Timeout, frontier.Slow, frontier.Broken, frontier.Refused, frontier.RobotsFailed, frontier.Address,
		frontier.Busy:
		return true
	}
	return o.Barrier()
}

// wait leaves the site alone for as long as it asked.
func (m *mood) wait(d time.Duration, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if until := now.Add(min(d, lastRest)); until.After(m.rest) {
		m.rest = until
	}
}

// until is when the site may be asked again.
func (m *mood) until() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rest
}
