package fetch

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"varde/internal/fault"
)

// Slots hands out instants at which a host may be asked, to all processes together. It reserves n in a row, every apart, and returns the
// first by this process's clock. The interval after each is the host's own, so that nobody else is given any of it.
type Slots interface {
	Reserve(ctx context.Context, host string, n int, every time.Duration) (first time.Time, err error)
}

var _ Pacer = (*Shared)(nil)

// Shared keeps the rate of requests to each host over several processes. While the slots cannot be reached nothing is asked for.
type Shared struct {
	slots Slots
	log   *slog.Logger
	mu    sync.Mutex
	hosts map[string]*hostSlots
}

// NewShared makes a pacer over slots.
func NewShared(slots Slots, log *slog.Logger) (*Shared, error) {
	if slots == nil {
		return nil, fmt.Errorf("new shared pace: %w: slots are required", fault.ErrUsage)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Shared{slots: slots, log: log, hosts: map[string]*hostSlots{}}, nil
}

// hostSlots are the instants that this process has of a host. Whoever holds the turn may use them.
type hostSlots struct {
	turn chan struct{}
	free []slot
	// every is the longest interval that was ever asked for.
	every time.Duration
}

// slot is an instant and until when it may still be used: later it would come too close to the next one.
type slot struct{ at, until time.Time }

const (
	// ahead is for how long slots are reserved at once where they come fast: 20 a second and less are reserved two at a time or singly.
	ahead = 100 * time.Millisecond
	// mostAtOnce bounds a reservation whatever the rate.
	mostAtOnce = 1000
	// tolerance is how late a slot may be used at rates that no real site has: timers are no more exact than this.
	tolerance = 20 * time.Millisecond
)

// Wait waits until the host may be asked again. The slowest that was ever asked for in this process holds.
func (s *Shared) Wait(ctx context.Context, host string, perSecond float64, delay time.Duration) error {
	h := s.host(host, interval(perSecond, delay))
	if h == nil {
		return ctx.Err()
	}
	for {
		next, err := s.take(ctx, h, host)
		if err != nil {
			return err
		}
		if err := Sleep(ctx, time.Until(next.at)); err != nil {
			h.giveBack(next)
			return err
		}
		if time.Now().Before(next.until) {
			return nil
		}
	}
}

// host returns what is known of a host, nil where nobody has asked for a limit yet.
func (s *Shared) host(name string, every time.Duration) *hostSlots {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hosts[name]
	if h == nil && every > 0 {
		h = &hostSlots{turn: make(chan struct{}, 1)}
		s.hosts[name] = h
	}
	if h != nil {
		h.every = max(h.every, every)
	}
	return h
}

func (s *Shared) interval(h *hostSlots) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return h.every
}

// take returns the next slot, reserving more where there is none.
func (s *Shared) take(ctx context.Context, h *hostSlots, host string) (slot, error) {
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return slot{}, ctx.Err()
	}
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		now := time.Now()
		for len(h.free) > 0 && !now.Before(h.free[0].until) {
			h.free = h.free[1:]
		}
		if len(h.free) > 0 {
			next := h.free[0]
			h.free = h.free[1:]
			return next, nil
		}
		every := s.interval(h)
		n := min(max(int(ahead/every), 1), mostAtOnce)
		first, err := s.slots.Reserve(ctx, host, n, every)
		if ctx.Err() != nil {
			return slot{}, ctx.Err()
		}
		if err == nil {
			for i := range n {
				at := first.Add(time.Duration(i) * every)
				h.free = append(h.free, slot{at, at.Add(max(every, tolerance))})
			}
			continue
		}
		if wait == firstWait {
			s.log.Warn("the shared pace cannot be kept; nothing is fetched until it can", "host", host, "error", err)
		}
		if err := Sleep(ctx, wait); err != nil {
			return slot{}, err
		}
	}
}

const (
	firstWait   = 50 * time.Millisecond
	longestWait = 2 * time.Second
)

// giveBack puts back a slot of one who gave up, so that the others need not wait for it in vain.
func (h *hostSlots) giveBack(unused slot) {
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	default: // somebody is reserving just now; the slot is lost, which costs time and no harm
		return
	}
	i := 0
	for i < len(h.free) && h.free[i].at.Before(unused.at) {
		i++
	}
	h.free = append(h.free[:i:i], append([]slot{unused}, h.free[i:]...)...)
}
