package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"varde/internal/ad"
	"varde/internal/indicator"
	"varde/internal/store"
	"varde/internal/weights"
)

// scores is what makes scores: the catalogue that is in force. It becomes another one while varde up runs, when somebody accepts other points.
type scores struct {
	desk *weights.Desk
	now  atomic.Pointer[indicator.Catalogue]
}

// startScores puts the accepted points on the program's catalogue.
func startScores(ctx context.Context, s *store.Store, file *indicator.Catalogue) (*scores, error) {
	sc := &scores{desk: weights.NewDesk(s, nil)}
	c, err := sc.desk.Start(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("make the scores ready: %w", err)
	}
	sc.now.Store(c)
	return sc, nil
}

func (sc *scores) catalogue() *indicator.Catalogue { return sc.now.Load() }

// Entry is the console's look into the catalogue in force.
func (sc *scores) Entry(code string) (indicator.Entry, bool) { return sc.catalogue().Entry(code) }

// Version names the catalogue in force.
func (sc *scores) Version() string { return sc.catalogue().Version() }

// ScoreNetwork scores by the catalogue in force.
func (sc *scores) ScoreNetwork(network []ad.Indicator, ads [][]ad.Indicator) indicator.Scored {
	return sc.catalogue().ScoreNetwork(network, ads)
}

// Hold holds a score below elevated by the catalogue in force.
func (sc *scores) Hold(s indicator.Scored) indicator.Scored { return sc.catalogue().Hold(s) }

// Near is the least score of what has the points for more than low, by the catalogue in force.
func (sc *scores) Near() float64 { return sc.catalogue().Near() }

// scoresPoll is how often a running service looks whether somebody has accepted other points.
const scoresPoll = 2 * time.Second

// followPeople takes up what people change while the service runs: other points that are accepted, with which all scores are made anew,
// the watch list, and what is decided about links.
func (s *system) followPeople(ctx context.Context) error {
	tick := time.NewTicker(scoresPoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := s.takeUpScores(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("take up other points for the scores; the old ones stay in use", "error", err)
		}
		if err := s.takeUpPeople(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("take up the watch list and what is decided about links", "error", err)
		}
	}
}

func (s *system) takeUpScores(ctx context.Context) error {
	c, err := s.scores.desk.Current(ctx, s.scores.Version())
	if err != nil || c == nil {
		return err
	}
	s.linking.Lock()
	defer s.linking.Unlock()
	before := s.scores.now.Swap(c)
	if err = s.loadLinker(ctx); err == nil {
		err = s.scoreAnew(ctx)
	}
	if err != nil {
		s.scores.now.Store(before)
		return errors.Join(err, s.dropLinker())
	}
	return s.wakeIndex(ctx)
}

// scoreAnew makes all scores anew where some were made by another version than the one in force. The linker was just loaded.
func (s *system) scoreAnew(ctx context.Context) error {
	otherwise, err := s.store.ScoredOtherwise(ctx, s.scores.Version())
	if err != nil || !otherwise {
		return err
	}
	update, err := s.linker.Rebuild(ctx, time.Now().UTC())
	if err != nil {
		return fmt.Errorf("score anew: %w", err)
	}
	if _, err := s.store.Commit(ctx, update); err != nil {
		return fmt.Errorf("record the new scores: %w", err)
	}
	if err := s.saveLinker(ctx); err != nil {
		return err
	}
	s.log.Info("scores were made anew", "version", s.scores.Version(), "networks", len(update.Networks))
	return nil
}
