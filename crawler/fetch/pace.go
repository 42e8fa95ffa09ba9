package fetch

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Pace keeps the rate of requests to each host, whichever target asks. The zero value is ready.
type Pace struct {
	mu    sync.Mutex
	hosts map[string]*rate.Limiter
}

// Wait waits until the host may be asked again: perSecond requests a second, and no sooner than delay after the one before. The
// slowest that was ever asked for holds.
func (p *Pace) Wait(ctx context.Context, host string, perSecond float64, delay time.Duration) error {
	limit := rate.Limit(perSecond)
	if delay > 0 {
		limit = min(limit, rate.Every(delay))
	}
	p.mu.Lock()
	if p.hosts == nil {
		p.hosts = map[string]*rate.Limiter{}
	}
	l := p.hosts[host]
	if l == nil {
		l = rate.NewLimiter(limit, 1)
		p.hosts[host] = l
	} else if limit < l.Limit() {
		l.SetLimit(limit)
	}
	p.mu.Unlock()
	r := l.Reserve() // not l.Wait, which fails at once, and with no error of ctx, where ctx would end first
	if err := sleep(ctx, r.Delay()); err != nil {
		r.Cancel()
		return err
	}
	return nil
}
