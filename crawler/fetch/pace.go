package fetch

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

var _ Pacer = (*Pace)(nil)

// Pace keeps the rate of requests to each host within this process, whichever target asks. The zero value is ready.
type Pace struct {
	mu    sync.RWMutex
	hosts map[string]*rate.Limiter
}

// Wait waits until the host may be asked again. The slowest that was ever asked for holds.
func (p *Pace) Wait(ctx context.Context, host string, perSecond float64, delay time.Duration) error {
	l := p.limiter(host, perSecond, delay)
	if l == nil {
		return ctx.Err()
	}
	r := l.Reserve() // not l.Wait, which fails at once, and with no error of ctx, where ctx would end first
	if err := Sleep(ctx, r.Delay()); err != nil {
		r.Cancel()
		return err
	}
	return nil
}

// limiter returns a host's, nil where nobody has asked for a limit yet.
func (p *Pace) limiter(host string, perSecond float64, delay time.Duration) *rate.Limiter {
	every := interval(perSecond, delay)
	limit := rate.Every(every)
	p.mu.RLock()
	l := p.hosts[host]
	p.mu.RUnlock()
	if l != nil && l.Limit() <= limit || l == nil && every == 0 {
		return l
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hosts == nil {
		p.hosts = map[string]*rate.Limiter{}
	}
	if l = p.hosts[host]; l == nil {
		l = rate.NewLimiter(limit, 1)
		p.hosts[host] = l
	} else if limit < l.Limit() {
		l.SetLimit(limit)
	}
	return l
}

// interval is the time between two requests, 0 for none.
func interval(perSecond float64, delay time.Duration) time.Duration {
	if perSecond <= 0 {
		return delay
	}
	return max(delay, time.Duration(float64(time.Second)/perSecond))
}
