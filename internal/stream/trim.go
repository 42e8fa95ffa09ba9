package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// trimEvery is how often what was acknowledged is taken off the disk.
const trimEvery = 500 * time.Millisecond

// keepTrimmed deletes from a Run's topic what its consumer has done, until work ends.
//
// JetStream's own work queue would delete each message as it is acknowledged, at the price of a disk sync each: it
// was measured at 3,500 messages a second, and this at 16,000 (BenchmarkRun). What was acknowledged and not yet
// deleted when a process is killed is not handed out again, as the consumer remembers it.
func (r *runner) keepTrimmed(ctx context.Context) {
	t := time.NewTicker(trimEvery)
	defer t.Stop()
	for {
		if !r.overdue(time.Now()) && r.acked.Swap(false) {
			if err := r.trim(ctx, r.topic, r.Consumer); err != nil && ctx.Err() == nil {
				r.acked.Store(true)
				r.waiting.say(r.log, string(r.topic), err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// trim deletes the messages of a topic up to its consumer's floor: a topic has one consumer, so nobody else waits for
// them.
//
// A purge makes the server (2.15) forget which messages were to be handed out again at once; they come after AckWait
// instead. So there is none while such are known: a message that failed and is due, what resume called back, and what
// a Run hands back at its end.
func (s *Stream) trim(ctx context.Context, t Topic, consumer string) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	ctx, stop := s.whileConnected(ctx)
	defer stop()
	c, err := s.js.Consumer(ctx, string(t), consumer)
	if err != nil {
		return fmt.Errorf("trim %s: %w", t, err)
	}
	floor := c.CachedInfo().AckFloor.Stream
	if floor < s.resumed[t] {
		return nil
	}
	st, err := s.js.Stream(ctx, string(t))
	if err != nil {
		return fmt.Errorf("trim %s: %w", t, err)
	}
	if state := st.CachedInfo().State; floor < state.FirstSeq || state.Msgs == 0 {
		return nil
	}
	if err := st.Purge(ctx, jetstream.WithPurgeSequence(floor+1)); err != nil {
		return fmt.Errorf("trim %s up to %d: %w", t, floor, err)
	}
	return nil
}
