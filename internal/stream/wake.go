package stream

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Wake tells every index node that the store's change number is now seq. It may be lost; nodes look for themselves
// when they begin to listen.
func (s *Stream) Wake(ctx context.Context, seq int64) error {
	subject, err := Changes.subject()
	if err != nil {
		return fmt.Errorf("wake: %w", err)
	}
	if _, err := s.js.Publish(ctx, subject, strconv.AppendInt(nil, seq, 10)); err != nil {
		return fmt.Errorf("wake at change %d: %w", seq, err)
	}
	return nil
}

// Woken returns a channel that receives once at the start and then after each Wake by anyone. Wake-ups that come
// while one waits to be taken are one. The channel is closed when ctx ends or the stream is closed.
func (s *Stream) Woken(ctx context.Context) <-chan struct{} {
	woken := make(chan struct{}, 1)
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		close(woken)
		return woken
	}
	go func() {
		defer leave()
		defer close(woken)
		wake := func() {
			select {
			case woken <- struct{}{}:
			default:
			}
		}
		for wait := firstWait; ctx.Err() == nil; wait = min(2*wait, lastWait) {
			wake() // what was missed while nobody listened
			err := s.listen(ctx, func() { wait = firstWait; wake() })
			if ctx.Err() == nil {
				s.waiting.say(s.log, string(Changes), err)
				pause(ctx, wait)
			}
		}
	}()
	return woken
}

// listen calls wake for the newest wake-up and each that follows, until ctx ends or the connection fails.
func (s *Stream) listen(ctx context.Context, wake func()) error {
	c, err := s.js.OrderedConsumer(ctx, string(Changes), jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverLastPolicy})
	if err != nil {
		return fmt.Errorf("listen for wake-ups: %w", err)
	}
	it, err := c.Messages()
	if err != nil {
		return fmt.Errorf("listen for wake-ups: %w", err)
	}
	defer it.Stop()
	for {
		if _, err := it.Next(jetstream.NextContext(ctx)); err != nil {
			return fmt.Errorf("wait for a wake-up: %w", err)
		}
		wake()
	}
}

// enter begins work that Close waits for. The context also ends when the stream is closed; leave must be called.
func (s *Stream) enter(ctx context.Context) (inside context.Context, leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.stop:
		return nil, nil, errClosed
	default:
	}
	s.runs.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-s.stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(); s.runs.Done() }, nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// PutProgress records that an index node has everything up to change number seq. Node is made of letters, digits
// and -_/=. only.
func (s *Stream) PutProgress(ctx context.Context, node string, seq int64) error {
	if _, err := s.progress.Put(ctx, node, strconv.AppendInt(nil, seq, 10)); err != nil {
		return fmt.Errorf("put progress of node %q: %w", node, err)
	}
	return nil
}

// DropProgress forgets an index node that is gone for good, so that nobody waits for it. It is not an error if the
// node is not known.
func (s *Stream) DropProgress(ctx context.Context, node string) error {
	if err := s.progress.Purge(ctx, node); err != nil {
		return fmt.Errorf("drop progress of node %q: %w", node, err)
	}
	return nil
}

// Progress returns the change number each index node has reached.
func (s *Stream) Progress(ctx context.Context) (map[string]int64, error) {
	nodes := map[string]int64{}
	keys, err := s.progress.ListKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("list index nodes: %w", err)
	}
	defer func() { _ = keys.Stop() }()
	for node := range keys.Keys() {
		e, err := s.progress.Get(ctx, node)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue // dropped since it was listed
		}
		if err != nil {
			return nil, fmt.Errorf("get progress of node %q: %w", node, err)
		}
		if nodes[node], err = strconv.ParseInt(string(e.Value()), 10, 64); err != nil {
			return nil, fmt.Errorf("read progress of node %q: %w", node, err)
		}
	}
	return nodes, nil
}

// Last returns the sequence number of the newest message of a topic, 0 before the first.
func (s *Stream) Last(ctx context.Context, t Topic) (uint64, error) {
	state, err := s.state(ctx, string(t))
	if err != nil {
		return 0, err
	}
	return state.LastSeq, nil
}

func (s *Stream) state(ctx context.Context, name string) (jetstream.StreamState, error) {
	st, err := s.js.Stream(ctx, name)
	if err != nil {
		return jetstream.StreamState{}, fmt.Errorf("look up stream %s: %w", name, err)
	}
	return st.CachedInfo().State, nil
}

// Floor returns the sequence number up to which everything on the consumer's topic is done: acknowledged or set
// aside. What Last returned earlier is done when Floor has reached it.
func (s *Stream) Floor(ctx context.Context, consumer string) (uint64, error) {
	t, err := source(consumer)
	if err != nil {
		return 0, fmt.Errorf("floor: %w", err)
	}
	c, err := s.js.Consumer(ctx, string(t), consumer)
	if err != nil {
		return 0, fmt.Errorf("look up consumer %s: %w", consumer, err)
	}
	state, err := s.state(ctx, string(t))
	if err != nil {
		return 0, err
	}
	// What is done leaves a work queue, so nothing before its first message is open. Empty, it starts after its last.
	before := state.LastSeq
	if state.Msgs > 0 {
		before = state.FirstSeq - 1
	}
	return max(c.CachedInfo().AckFloor.Stream, before), nil
}
