// Package batch gathers what concurrent callers bring and does it together: one sync to disk, one transaction, for all who wait.
//
// It promises that Do returns when its own items are done; that nobody waits longer than for the batch under way and the next; that
// items of one call stay together and in order; and that one caller's bad item or ended context does not fail the others. It starts
// no goroutine.
package batch

import (
	"context"
	"errors"
	"sync"

	"varde/internal/fault"
)

// Group is a meeting point. Make it with New; it may be used by many at once.
type Group[T any] struct {
	do   func(context.Context, []T) error
	most int

	mu      sync.Mutex
	waiting []*call[T]
	busy    bool
}

// call is one caller's items. lead is closed when it is the caller's turn to do what is waiting, done when its items are done.
type call[T any] struct {
	items []T
	lead  chan struct{}
	done  chan struct{}
	err   error
}

// New makes a group in which do is called by one caller at a time, with the items of at least one call and at most about most items.
func New[T any](most int, do func(context.Context, []T) error) *Group[T] {
	return &Group[T]{do: do, most: most}
}

// errAbandoned: the caller who did the batch gave up; whoever is still there does it again.
var errAbandoned = errors.New("batch abandoned")

// Do returns when the items are done, or with the error of doing them. Where ctx ends first they may be done or not.
func (g *Group[T]) Do(ctx context.Context, items ...T) error {
	if len(items) == 0 {
		return nil
	}
	for {
		if err := g.once(ctx, items); !errors.Is(err, errAbandoned) {
			return err
		}
	}
}

func (g *Group[T]) once(ctx context.Context, items []T) error {
	c := &call[T]{items: items, lead: make(chan struct{}), done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, c)
	if !g.busy {
		g.busy = true
		close(c.lead)
	}
	g.mu.Unlock()
	select {
	case <-c.done:
		return c.err
	case <-c.lead:
		g.lead(ctx)
		<-c.done
		return c.err
	case <-ctx.Done():
		return g.leave(ctx, c)
	}
}

// lead does one batch, its caller's items among them, and passes the lead on.
func (g *Group[T]) lead(ctx context.Context) {
	g.mu.Lock()
	n, size := 0, 0
	for n < len(g.waiting) && (n == 0 || size+len(g.waiting[n].items) <= g.most) {
		size += len(g.waiting[n].items)
		n++
	}
	calls := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	g.mu.Unlock()

	g.together(ctx, calls, size)
	g.pass()
}

// pass gives the lead to whoever has waited longest.
func (g *Group[T]) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy = len(g.waiting) > 0; g.busy {
		close(g.waiting[0].lead)
	}
}

func (g *Group[T]) together(ctx context.Context, calls []*call[T], size int) {
	items := make([]T, 0, size)
	for _, c := range calls {
		items = append(items, c.items...)
	}
	err := g.do(ctx, items)
	for i, c := range calls {
		switch {
		case err != nil && ctx.Err() != nil && i > 0: // the first is the leader's, who has gone
			c.err = errAbandoned
		case errors.Is(err, fault.ErrPermanent) && len(calls) > 1: // one of them is bad: each for itself
			c.err = g.do(ctx, c.items)
		default:
			c.err = err
		}
		close(c.done)
	}
}

// leave takes a call back whose caller's context has ended.
func (g *Group[T]) leave(ctx context.Context, c *call[T]) error {
	g.mu.Lock()
	for i, w := range g.waiting {
		if w == c {
			g.waiting = append(g.waiting[:i:i], g.waiting[i+1:]...)
			break
		}
	}
	g.mu.Unlock()
	select {
	case <-c.lead: // it was given the lead meanwhile
		g.pass()
	default:
	}
	return ctx.Err()
}
