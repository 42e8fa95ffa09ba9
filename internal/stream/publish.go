package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"varde/internal/fault"
)

// Message is one record on its way.
type Message struct {
	// ID names the record. A second message with the same id on the same topic is dropped while the first is
	// remembered (two minutes).
	ID string
	// Data belongs to the stream until Publish returns, and to the handler that receives it.
	Data []byte
}

const (
	// inFlight bounds messages sent one by one and not yet confirmed, over all publishers of the process. With more,
	// the client library gives up under sync always instead of waiting.
	inFlight = 256
	// ackTimeout is how long a confirmation may take before the message is sent again under the same id.
	ackTimeout = 30 * time.Second
	// headerRoom is what the headers of a message may take besides its id.
	headerRoom = 512
	// maxID is the longest message id.
	maxID = 512
)

// Waits between tries while the stream takes nothing, doubling from the first to the last.
const (
	firstWait = 50 * time.Millisecond
	lastWait  = 2 * time.Second
)

// Error codes of the server that are decided on.
const (
	errCodeNoResources    = 10023
	errCodeNoStorage      = 10047
	errCodeTooLarge       = 10054
	errCodeBatchDisabled  = 10174
	errCodeHeaderTooLarge = 10097
)

// Publish puts messages on a topic and returns when all of them are on disk. While the stream is full, slow or out
// of reach it waits and tries again, until ctx ends; then some may be on disk and some not, and publishing all of
// them again is right. A message that can never be taken (too large, without id) fails the call with
// fault.ErrPermanent and its id before anything is sent.
func (s *Stream) Publish(ctx context.Context, t Topic, msgs ...Message) error {
	subject, err := t.subject()
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	for i := range msgs {
		if err := s.check(&msgs[i]); err != nil {
			return fmt.Errorf("publish to %s: %w", t, err)
		}
	}
	for len(msgs) > 0 {
		n := chunk(msgs)
		if err := s.put(ctx, t, subject, msgs[:n]); err != nil {
			return fmt.Errorf("publish to %s: %w", t, err)
		}
		msgs = msgs[n:]
	}
	return nil
}

func (s *Stream) check(m *Message) error {
	switch {
	case m.ID == "" || len(m.ID) > maxID || strings.ContainsAny(m.ID, "\r\n"):
		return fmt.Errorf("message id %.80q: empty, longer than %d bytes or with a line break: %w", m.ID, maxID, fault.ErrPermanent)
	case int64(len(m.Data)+len(m.ID)+headerRoom) > s.room():
		return fmt.Errorf("message %q: %d bytes, more than the stream takes (%d): %w", m.ID, len(m.Data), s.room(), fault.ErrPermanent)
	}
	return nil
}

// room is the size of the largest message that can ever be taken.
func (s *Stream) room() int64 { return min(s.nc.MaxPayload(), s.cfg.MaxBytes) }

// chunk returns how many of the messages go into the next batch.
func chunk(msgs []Message) int {
	size := 0
	for i := range msgs {
		if size += len(msgs[i].Data); i > 0 && (i == batchMessages || size > batchBytes) {
			return i
		}
	}
	return len(msgs)
}

func (s *Stream) put(ctx context.Context, t Topic, subject string, msgs []Message) error {
	if len(msgs) >= batchWorth && t != Changes && !s.noBatch.Load() {
		err := s.putBatch(ctx, subject, msgs)
		if err == nil || ctx.Err() != nil {
			return err
		}
		// The server took all or nothing; which, does not matter: the ids make sending again harmless.
		s.log.Debug("batch sent one by one", "topic", string(t), "reason", err)
	}
	natsMsgs := make([]*nats.Msg, len(msgs))
	for i := range msgs {
		natsMsgs[i] = envelope(subject, msgs[i])
	}
	return s.putEach(ctx, string(t), natsMsgs)
}

func envelope(subject string, m Message) *nats.Msg {
	out := nats.NewMsg(subject)
	out.Data = m.Data
	out.Header.Set(jetstream.MsgIDHeader, m.ID)
	return out
}

// putEach sends messages in order, a window at a time, and sends again what was not confirmed.
func (s *Stream) putEach(ctx context.Context, stream string, msgs []*nats.Msg) error {
	wait := firstWait
	for len(msgs) > 0 {
		window := msgs[:min(len(msgs), inFlight)]
		left, err := s.sendEach(ctx, stream, window)
		if len(left) == 0 {
			msgs, wait = msgs[len(window):], firstWait
			continue
		}
		if permanent(err) {
			return fmt.Errorf("message %q: %w: %w", left[0].Header.Get(jetstream.MsgIDHeader), fault.ErrPermanent, err)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%d messages not confirmed: %w", len(left)+len(msgs)-len(window), errors.Join(err, ctx.Err()))
		}
		msgs = append(left, msgs[len(window):]...)
		s.waiting.say(s.log, stream, err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, lastWait)
	}
	return nil
}

// sendEach returns the messages that were not confirmed, in order, and why the first of them was not.
func (s *Stream) sendEach(ctx context.Context, stream string, msgs []*nats.Msg) (left []*nats.Msg, first error) {
	ctx, cancel := s.whileConnected(ctx)
	defer cancel()
	futures := make([]jetstream.PubAckFuture, 0, len(msgs))
	var sendErr error
	for _, m := range msgs {
		if sendErr = context.Cause(ctx); sendErr != nil {
			break
		}
		f, err := s.js.PublishMsgAsync(m, jetstream.WithExpectStream(stream), jetstream.WithStallWait(ackTimeout))
		if err != nil {
			sendErr = err
			break
		}
		futures = append(futures, f)
	}
	for i, f := range futures {
		var err error
		select {
		case <-f.Ok():
			continue
		case err = <-f.Err():
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		if first == nil {
			first = err
		}
		left = append(left, msgs[i])
	}
	if first == nil {
		first = sendErr
	}
	return append(left, msgs[len(futures):]...), first
}

// permanent says whether the server will never take a message, however often it is sent.
func permanent(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		return api.ErrorCode == errCodeTooLarge || api.ErrorCode == errCodeHeaderTooLarge
	}
	return errors.Is(err, nats.ErrMaxPayload)
}

// waitLog tells of a stream that takes nothing once a minute, not once a try. The zero value is ready.
type waitLog struct {
	mu   sync.Mutex
	last time.Time
}

const waitLogEvery = time.Minute

func (w *waitLog) say(log *slog.Logger, stream string, reason error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := time.Now(); now.Sub(w.last) >= waitLogEvery {
		w.last = now
		log.Warn("stream takes no messages, publishers wait", "stream", stream, "reason", reason)
	}
}
