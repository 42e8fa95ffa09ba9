package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"varde/internal/ad"
	"varde/internal/decision"
	"varde/internal/network"
)

// peopleSay is what people tell the linker: what is known from cases and tips, and what was decided about links, each with its number.
type peopleSay struct {
	watched              []network.Watched
	decisions            []network.Decision
	watchedAt, decidedAt int64
}

func (s *system) peopleSay(ctx context.Context) (p peopleSay, err error) {
	items, watchedAt, err := s.store.Watched(ctx)
	if err != nil {
		return p, err
	}
	decided, decidedAt, err := s.store.LinkDecisions(ctx)
	if err != nil {
		return p, err
	}
	p.watchedAt, p.decidedAt = watchedAt, decidedAt
	for _, w := range items {
		p.watched = append(p.watched, network.Watched{Kind: w.Kind, Value: w.Value, Reference: w.Reference})
	}
	for i := range decided {
		p.decisions = append(p.decisions, linkerDecision(&decided[i]))
	}
	return p, nil
}

// linkerDecision is a decision as the linker takes it.
func linkerDecision(i *decision.Item) network.Decision {
	d := network.Decision{ID: strconv.FormatInt(i.ID, 10), Ended: i.Undone != nil}
	if i.Sort == decision.Cut {
		d.Cut = &network.Cut{Ad: i.Ad, Kind: i.Kind, Value: i.Value}
	} else {
		d.Join = &network.Join{A: i.Ad, B: i.Other}
	}
	return d
}

// takeUpPeople gives the linker what people tell it when somebody has changed that.
func (s *system) takeUpPeople(ctx context.Context) error {
	s.linking.Lock()
	defer s.linking.Unlock()
	if s.linker == nil { // after a failure; it takes up what people tell, too
		if err := s.loadLinker(ctx); err != nil {
			return err
		}
		return s.wakeIndex(ctx)
	}
	p, err := s.peopleSay(ctx)
	if err != nil || p.watchedAt == s.watchedAt && p.decidedAt == s.decidedAt {
		return err
	}
	now := time.Now().UTC()
	if p.watchedAt != s.watchedAt {
		err = s.recordPeople(ctx)(s.linker.Watch(ctx, p.watched, now))
	}
	if err == nil && p.decidedAt != s.decidedAt {
		err = s.recordPeople(ctx)(s.linker.Decide(ctx, p.decisions, now))
	}
	if err == nil {
		err = s.saveLinker(ctx)
	}
	if err != nil {
		return errors.Join(err, s.dropLinker()) // linker and record must not part
	}
	s.watchedAt, s.decidedAt = p.watchedAt, p.decidedAt
	return s.wakeIndex(ctx)
}

// wakeIndex tells the index that the record has changed.
func (s *system) wakeIndex(ctx context.Context) error {
	last, err := s.store.LastChange(ctx)
	if err != nil {
		return err
	}
	return s.stream.Wake(ctx, last)
}

// tellPeople gives a linker that was just loaded what people tell it.
func (s *system) tellPeople(ctx context.Context, linker *network.Linker) error {
	p, err := s.peopleSay(ctx)
	if err != nil {
		return err
	}
	if err := s.recordPeople(ctx)(linker.Take(ctx, p.watched, p.decisions, time.Now().UTC())); err != nil {
		return err
	}
	s.watchedAt, s.decidedAt = p.watchedAt, p.decidedAt
	return nil
}

// recordPeople returns what records that people's words change something.
func (s *system) recordPeople(ctx context.Context) func(ad.Update, error) error {
	return func(update ad.Update, err error) error {
		if err != nil {
			return fmt.Errorf("link by what people tell: %w", err)
		}
		if len(update.Standings)+len(update.Networks)+len(update.Removed) > 0 {
			if _, err := s.store.Commit(ctx, update); err != nil {
				return fmt.Errorf("record what follows from what people tell: %w", err)
			}
		}
		return nil
	}
}
