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

// hear takes note of what came of a visit, and says whether that changed until when the site is left alone.
func (m *mood) hear(o frontier.Outcome, now time.Time, log *slog.Logger) (news bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !away(o) {
		news = m.rests > 0 || !m.rest.IsZero() && !now.Before(m.rest)
		m.bad, m.rests = 0, 0
		if news {
			m.rest = time.Time{}
		}
		return news
	}
	if m.bad++; m.bad < badInARow || now.Before(m.rest) {
		return false
	}
	rest := min(firstRest<<min(m.rests, 10), lastRest)
	m.bad, m.rests, m.rest = 0, m.rests+1, now.Add(rest)
	log.Warn("the site is left alone for a while", "outcome", string(o), "until", m.rest)
	return true
}

// recall goes on where a crawler before us stopped.
func (m *mood) recall(until time.Time, rests int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rest, m.rests = until, rests
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

// wait leaves the site alone for as long as it asked, and says whether that is news.
func (m *mood) wait(d time.Duration, now time.Time) (news bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	until := now.Add(min(d, lastRest))
	if news = until.After(m.rest); news {
		m.rest = until
	}
	return news
}

// resting is until when the site is left alone, and how often in a row it was.
func (m *mood) resting() (time.Time, int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rest, m.rests
}

// until is when the site may be asked again.
func (m *mood) until() time.Time { at, _ := m.resting(); return at }
