package crawler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"varde/internal/target"
)

// Run crawls what is active until ctx ends. What fails on one target, or of the record or the evidence for a while, is logged, waited
// out and tried again; Run returns an error only where it cannot begin.
func (c *Crawler) Run(ctx context.Context) error {
	if err := c.cfg.Frontier.Release(ctx, c.cfg.Node); ctx.Err() != nil {
		return nil
	} else if err != nil {
		return fmt.Errorf("crawl: take back what was under way: %w", err)
	}
	s := &shift{Crawler: c, work: map[string]*job{}}
	defer s.end()
	tick := time.NewTicker(c.cfg.Look)
	defer tick.Stop()
	for {
		if err := s.look(ctx); err != nil && ctx.Err() == nil {
			c.cfg.Log.Warn("the targets cannot be read; what is under way asks for its permission before each request", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// shift is who works on which target.
type shift struct {
	*Crawler
	work map[string]*job
}

// job is work on one version of a target.
type job struct {
	hash   string
	cancel context.CancelFunc
	// ended is closed when the work has; then rest says until when it is left alone.
	ended chan struct{}
	rest  time.Time
}

// look starts work on what is active and has none, and ends work on what is no longer active.
func (s *shift) look(ctx context.Context) error {
	active, err := s.cfg.Targets.Active(ctx)
	if err != nil {
		return err
	}
	now, keep := s.cfg.Now(), map[string]bool{}
	for _, t := range active {
		j := s.work[t.ID]
		if j != nil && j.hash == t.Hash && (!j.over() || now.Before(j.rest)) {
			keep[t.ID] = true
			continue
		}
		if j != nil && !j.over() {
			continue // another version: it is ended below, and begun at the next look
		}
		s.work[t.ID] = s.begin(ctx, t)
		keep[t.ID] = true
	}
	for id, j := range s.work {
		if !keep[id] {
			j.cancel()
			if j.over() {
				delete(s.work, id)
			}
		}
	}
	return nil
}

func (j *job) over() bool {
	select {
	case <-j.ended:
		return true
	default:
		return false
	}
}

// fallow is how long a target is left alone after its work broke off by a fault on our side.
const fallow = 10 * time.Second

func (s *shift) begin(ctx context.Context, t *target.Target) *job {
	ctx, cancel := context.WithCancel(ctx)
	j := &job{hash: t.Hash, cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(j.ended)
		defer cancel()
		log := s.cfg.Log.With("target", t.ID, "version", t.Version)
		log.Info("crawling begins")
		err := s.crawl(ctx, t, false)
		var no *target.Denial
		switch {
		case ctx.Err() != nil:
			log.Info("crawling ends")
		case errors.As(err, &no):
			j.rest = no.Until
			log.Info("crawling stops", "reason", no.Reason)
		default:
			j.rest = s.cfg.Now().Add(fallow)
			log.Error("crawling broke off and is tried again", "error", err)
		}
	}()
	return j
}

// end stops all work and waits for it.
func (s *shift) end() {
	var all sync.WaitGroup
	for _, j := range s.work {
		j.cancel()
		all.Go(func() { <-j.ended })
	}
	all.Wait()
}
