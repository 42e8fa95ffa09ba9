package auth

import (
	"sync"
	"time"
)

// Five wrong attempts are free; each further one doubles the wait from half a minute to a quarter of an hour. Guessing
// a password of 100 bits is hopeless long before; the lock is for passwords that people choose.
const (
	freeAttempts = 5
	firstWait    = 30 * time.Second
	longestWait  = 15 * time.Minute
	forgetAfter  = time.Hour
	mostLocks    = 10_000
)

type attempts struct {
	wrong int
	until time.Time
	last  time.Time
}

// lockout counts wrong attempts per key, in memory, and holds at most mostLocks keys.
type lockout struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]*attempts
}

func newLockout(now func() time.Time) *lockout {
	return &lockout{now: now, by: map[string]*attempts{}}
}

// attempt returns how long the key is still locked; if it is not, the attempt counts as a wrong one until forgotten.
func (l *lockout) attempt(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	a := l.by[key]
	if a == nil || now.Sub(a.last) > forgetAfter {
		if len(l.by) >= mostLocks {
			l.sweep(now)
		}
		a = &attempts{}
		l.by[key] = a
	}
	if left := a.until.Sub(now); left > 0 {
		return left
	}
	a.wrong++
	a.last = now
	if over := a.wrong - freeAttempts; over >= 0 {
		a.until = now.Add(min(longestWait, firstWait<<min(over, 10)))
	}
	return 0
}

// forget drops what was counted against the key.
func (l *lockout) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.by, key)
}

// learn takes over what was counted elsewhere against the key, where it is more than is known here.
func (l *lockout) learn(key string, from attempts) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.by[key]; a == nil || a.wrong < from.wrong {
		l.by[key] = &from
	}
}

// known is what is counted against the key.
func (l *lockout) known(key string) attempts {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.by[key]; a != nil {
		return *a
	}
	return attempts{}
}

// sweep forgets what is old and, if all is recent, the oldest, so that a flood of names cannot fill the memory.
func (l *lockout) sweep(now time.Time) {
	oldest := ""
	for key, a := range l.by {
		if now.Sub(a.last) > forgetAfter {
			delete(l.by, key)
		} else if oldest == "" || a.last.Before(l.by[oldest].last) {
			oldest = key
		}
	}
	if len(l.by) >= mostLocks {
		delete(l.by, oldest)
	}
}
