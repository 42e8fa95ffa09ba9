package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// maxNudges bounds how many messages are called back at start; the rest come after AckWait.
const maxNudges = 1 << 18

// resume has an embedded server hand out at once, in order and before anything newer, what was in work when the last
// process ended. Nobody else can have it in work, as the folder is locked and Run has not begun.
//
// It sends a negative acknowledgement for every message between the consumer's floor and the last one handed out, in
// the form the server gave to those deliveries (NATS ADR-15); numbers of messages that are not in work are ignored by
// the server. Deleting and creating the consumer again would do it too, but would forget how often each message was
// tried, so that one that ends the process would end it for ever.
func (s *Stream) resume(ctx context.Context) error {
	for topic, cfg := range s.cfg.consumers() {
		c, err := s.js.Consumer(ctx, string(topic), cfg.Durable)
		if err != nil {
			return fmt.Errorf("look up consumer %s: %w", cfg.Durable, err)
		}
		if err := s.nudge(ctx, topic, c.CachedInfo()); err != nil {
			return fmt.Errorf("resume consumer %s: %w", cfg.Durable, err)
		}
	}
	return nil
}

func (s *Stream) nudge(ctx context.Context, topic Topic, info *jetstream.ConsumerInfo) error {
	if info.NumAckPending == 0 {
		return nil
	}
	if err := s.trim(ctx, topic, info.Name); err != nil {
		return err
	}
	first, last := info.AckFloor.Stream+1, info.Delivered.Stream
	if last-first >= maxNudges {
		last = first + maxNudges - 1
	}
	reply := func(seq uint64) string {
		return fmt.Sprintf("$JS.ACK.%s.%s.1.%d.%d.%d.0", topic, info.Name, seq, info.Delivered.Consumer, time.Now().UnixNano())
	}
	nak := []byte("-NAK")
	for seq := first; seq < last; seq++ {
		if err := s.nc.Publish(reply(seq), nak); err != nil {
			return fmt.Errorf("call back message %d: %w", seq, err)
		}
	}
	// The server answers the last when it has dealt with all before it.
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	if _, err := s.nc.RequestWithContext(ctx, reply(last), nak); err != nil {
		return fmt.Errorf("call back message %d: %w", last, err)
	}
	s.resumed[topic] = last
	s.log.Info("work that was cut short is handed out again", "consumer", info.Name, "messages", info.NumAckPending)
	return nil
}
