package fetch

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// watch ends a request that takes too long, or whose body comes too slowly. It costs one timer and no goroutine.
type watch struct {
	limits Limits
	cancel context.CancelCauseFunc
	began  time.Time
	// got counts the body's bytes.
	got atomic.Int64

	// mu guards what follows. reading is when the body began, zero before.
	mu      sync.Mutex
	timer   *time.Timer
	reading time.Time
	stopped bool
}

func startWatch(l Limits, cancel context.CancelCauseFunc) *watch {
	w := &watch{limits: l, cancel: cancel, began: time.Now()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(min(l.Timeout, l.Grace), w.look)
	return w
}

// body says that the head is there.
func (w *watch) body() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reading = time.Now()
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}

func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	left, next := w.limits.Timeout-now.Sub(w.began), w.limits.Grace
	switch {
	case w.stopped:
		return
	case left <= 0:
		w.cancel(errTimeout)
		return
	case !w.reading.IsZero():
		if next = w.limits.Grace - now.Sub(w.reading); next <= 0 {
			if float64(w.got.Load()) < float64(w.limits.Speed)*now.Sub(w.reading).Seconds() {
				w.cancel(errSlow)
				return
			}
			next = w.limits.Grace / 10
		}
	}
	w.timer.Reset(min(left, next))
}
