package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/internal/ad"
	"varde/internal/child"
	"varde/internal/fault"
	"varde/internal/stream"
)

// batchSize is how many messages a role takes at once: large enough that the linker's one transaction a batch costs little
// per ad (docs/performance.md), small enough that a redelivery repeats little.
const batchSize = 256

// serve runs the roles between the stream and the index until ctx ends or one of them fails.
func (s *system) serve(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return s.stream.Run(ctx, stream.RunConfig{Consumer: stream.Detect, Out: stream.Findings, Batch: batchSize, Workers: runtime.NumCPU(),
			MaxDeliver: s.settings.Stream.Tries, Do: s.detect})
	})
	g.Go(func() error {
		return s.stream.Run(ctx, stream.RunConfig{Consumer: stream.Link, Batch: batchSize, MaxDeliver: s.settings.Stream.Tries, Do: s.link, Hold: recordAway})
	})
	g.Go(func() error { return s.index.Follow(ctx, s.stream.Woken(ctx)) })
	g.Go(func() error { return s.tellProgress(ctx) })
	g.Go(func() error { return s.followPeople(ctx) })
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// recordAway says that an error is the record's, or the state's that follows from it, and not the message's: then the batch waits instead of being set aside.
func recordAway(err error) bool {
	return errors.Is(err, errRecord) && !errors.Is(err, fault.ErrPermanent)
}

var errRecord = errors.New("the record did not take it")

// detect turns sightings into findings.
func (s *system) detect(ctx context.Context, in []stream.Message) ([]stream.Message, error) {
	out := make([]stream.Message, len(in))
	for i, m := range in {
		var sighting ad.Sighting
		if err := json.Unmarshal(m.Data, &sighting); err != nil {
			return nil, fmt.Errorf("%w: read sighting %s: %w", fault.ErrPermanent, m.ID, err)
		}
		finding, err := s.detectors.Find(ctx, &sighting)
		if err != nil {
			return nil, fmt.Errorf("read ad %s: %w", sighting.Key(), err)
		}
		data, err := json.Marshal(&finding)
		if err != nil {
			return nil, fmt.Errorf("%w: write the finding of %s: %w", fault.ErrPermanent, sighting.Key(), err)
		}
		out[i] = stream.Message{ID: sighting.ID(), Data: data}
	}
	return out, nil
}

// link links findings, commits what that changed and wakes the index. The linker's state and the record must not part: after
// a failure the state is dropped, and nothing is linked until it is loaded anew.
func (s *system) link(ctx context.Context, in []stream.Message) (_ []stream.Message, err error) {
	findings := make([]ad.Finding, len(in))
	for i, m := range in {
		if err := json.Unmarshal(m.Data, &findings[i]); err != nil {
			return nil, fmt.Errorf("%w: read finding %s: %w", fault.ErrPermanent, m.ID, err)
		}
	}
	s.linking.Lock()
	defer s.linking.Unlock()
	if s.linker == nil {
		if err := s.loadLinker(ctx); err != nil {
			return nil, fmt.Errorf("%w: %w", errRecord, err)
		}
	}
	whole := false
	defer func() {
		if !whole { // also where linking panicked, for which the stream blames the ad
			err = errors.Join(err, s.dropLinker())
		}
	}()
	last, err := s.commit(ctx, findings)
	if err != nil {
		return nil, err
	}
	whole = true
	return nil, s.stream.Wake(ctx, last)
}

func (s *system) commit(ctx context.Context, findings []ad.Finding) (int64, error) {
	update, err := s.linker.Link(ctx, findings, time.Now().UTC())
	if err != nil { // of the state, as when it is damaged or the disk is full, and never an ad's fault
		return 0, fmt.Errorf("%w: link %d ads: %w", errRecord, len(findings), err)
	}
	for i := range findings {
		if flag, ok := child.From(&findings[i], s.catalogue.Child, time.Now().UTC()); ok {
			update.Children = append(update.Children, flag)
		}
	}
	last, err := s.store.Commit(ctx, update)
	if err != nil {
		return 0, fmt.Errorf("%w: record %d ads: %w", errRecord, len(findings), err)
	}
	if err := s.linker.Save(s.record, last); err != nil {
		return 0, fmt.Errorf("%w: keep the state of linking: %w", errRecord, err)
	}
	return last, nil
}

// publish puts sightings on the stream; it returns when they are on disk.
func (s *system) publish(ctx context.Context, sightings []ad.Sighting) error {
	messages := make([]stream.Message, len(sightings))
	for i := range sightings {
		data, err := json.Marshal(&sightings[i])
		if err != nil {
			return fmt.Errorf("write sighting of %s: %w", sightings[i].Key(), err)
		}
		messages[i] = stream.Message{ID: sightings[i].ID(), Data: data}
	}
	return s.stream.Publish(ctx, stream.Sightings, messages...)
}

// poll is how often waiting looks again.
const poll = 50 * time.Millisecond

// settle waits until everything published so far is scored, linked and searchable, or set aside. It tells how many messages
// are left on the way.
func (s *system) settle(ctx context.Context, left func(int)) error {
	for _, leg := range []struct {
		topic    stream.Topic
		consumer string
	}{{stream.Sightings, stream.Detect}, {stream.Findings, stream.Link}} {
		last, err := s.stream.Last(ctx, leg.topic)
		if err != nil {
			return err
		}
		err = until(ctx, func() (bool, error) {
			floor, err := s.stream.Floor(ctx, leg.consumer)
			if err == nil && floor < last && leg.consumer == stream.Link {
				left(int(last - floor))
			}
			return floor >= last, err
		})
		if err != nil {
			return fmt.Errorf("wait for %s: %w", leg.consumer, err)
		}
	}
	last, err := s.store.LastChange(ctx)
	if err != nil {
		return err
	}
	return until(ctx, func() (bool, error) {
		done, err := s.indexed(ctx)
		return done >= last, err
	})
}

// indexed is the change that every index has reached: our own, or with an outside stream those that tell their progress.
func (s *system) indexed(ctx context.Context) (int64, error) {
	if s.index != nil {
		return s.index.Seq(), nil
	}
	nodes, err := s.stream.Progress(ctx)
	if err != nil || len(nodes) == 0 {
		return 0, err
	}
	least := int64(-1)
	for _, seq := range nodes {
		if least < 0 || seq < least {
			least = seq
		}
	}
	return least, nil
}

func (s *system) tellProgress(ctx context.Context) error {
	told := int64(-1)
	tick := time.NewTicker(10 * poll)
	defer tick.Stop()
	for {
		if seq := s.index.Seq(); seq != told {
			if err := s.stream.PutProgress(ctx, s.node, seq); err == nil {
				told = seq
			} else if ctx.Err() == nil { // an outside stream may be away for a while: told again at the next tick
				s.log.Warn("tell how far the index is", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			// Nobody is to wait for an index that has gone.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			return s.stream.DropProgress(ctx, s.node)
		case <-tick.C:
		}
	}
}

func until(ctx context.Context, done func() (bool, error)) error {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
