package stream

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"varde/internal/fault"
)

// Headers of a message that was set aside. Texts are quoted, as a header is one line.
const (
	headerReason     = "Varde-Reason"
	headerStack      = "Varde-Stack"
	headerConsumer   = "Varde-Consumer"
	headerTopic      = "Varde-Topic"
	headerDeliveries = "Varde-Deliveries"
	headerTime       = "Varde-Time"
	// headerOriginal holds the id under which the message was first published.
	headerOriginal = "Varde-Id"
)

// What is kept of an error and of a panic's stack, in bytes.
const (
	maxReason = 2 << 10
	maxStack  = 8 << 10
)

// buryWait is how long the dead-letter stream may take: the others must not wait for long because it is full.
const buryWait = 5 * time.Second

// Dead is a message that was set aside.
type Dead struct {
	// Seq names it to Replay.
	Seq uint64
	// Topic, Consumer and ID say what it was: the message ID of Topic, which Consumer could not handle.
	Topic    Topic
	Consumer string
	ID       string
	// Reason is the last error; Stack is where it panicked, if it did.
	Reason string
	Stack  string
	// Deliveries is how often it was tried.
	Deliveries int
	At         time.Time
	// Size is the length of its data in bytes.
	Size int
}

// bury puts a message into the dead-letter stream and, when it is on disk there, takes it out of its own. Where that
// does not succeed the message stays and is tried again.
func (r *runner) bury(work context.Context, m *taken, reason error) {
	dead := nats.NewMsg(deadPrefix + string(r.topic))
	dead.Data = m.Data
	set := dead.Header.Set
	// The same delivery set aside twice, as after a crash in between, is kept once.
	set(jetstream.MsgIDHeader, fmt.Sprintf("%s.%d.%s", r.Consumer, m.seq, m.ID))
	set(headerOriginal, quote(m.ID))
	set(headerTopic, string(r.topic))
	set(headerConsumer, r.Consumer)
	set(headerDeliveries, strconv.Itoa(min(m.deliveries, r.MaxDeliver)))
	set(headerTime, time.Now().UTC().Format(time.RFC3339Nano))
	set(headerReason, quote(cut(reason.Error(), maxReason)))
	var p *panicError
	if errors.As(reason, &p) {
		set(headerStack, quote(cut(string(p.stack), maxStack)))
	}
	if int64(dead.Size()+headerRoom) > r.nc.MaxPayload() { // there is room for the message, but not for all the words
		dead.Header.Del(headerStack)
		set(headerReason, quote(cut(reason.Error(), 64)))
	}
	ctx, cancel := context.WithTimeout(work, buryWait)
	defer cancel()
	err := r.putEach(ctx, deadStream, []*nats.Msg{dead})
	if err == nil {
		err = r.term(work, m)
	}
	if err != nil {
		r.log.Error("message could not be set aside, it stays in the stream", "consumer", r.Consumer, "id", m.ID, "error", err)
		r.unburied.Store(m.seq, true)
		r.retry(m, reason)
		return
	}
	r.acked.Store(true)
	r.log.Warn("message set aside", "consumer", r.Consumer, "id", m.ID, "deliveries", m.deliveries, "reason", reason)
}

// term ends the delivery of a message and waits for the server to confirm it.
func (r *runner) term(work context.Context, m *taken) error {
	ctx, cancel := context.WithTimeout(work, ackTimeout)
	defer cancel()
	if _, err := r.nc.RequestWithContext(ctx, m.raw.Reply(), []byte("+TERM")); err != nil {
		return fmt.Errorf("end delivery of message %q: %w", m.ID, err)
	}
	return nil
}

// Dead yields the messages that were set aside, oldest first, one at a time. It stops at the first error.
func (s *Stream) Dead(ctx context.Context) iter.Seq2[Dead, error] {
	return func(yield func(Dead, error) bool) {
		st, err := s.js.Stream(ctx, deadStream)
		if err != nil {
			yield(Dead{}, fmt.Errorf("list dead letters: %w", err))
			return
		}
		last := st.CachedInfo().State.LastSeq
		for seq := uint64(1); seq <= last; seq++ {
			raw, err := st.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(deadPrefix+"*")) // the first at or after seq
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				return
			}
			if err != nil {
				yield(Dead{}, fmt.Errorf("read dead letter %d: %w", seq, err))
				return
			}
			seq = raw.Sequence
			if !yield(deadOf(raw)) {
				return
			}
		}
	}
}

func deadOf(raw *jetstream.RawStreamMsg) (Dead, error) {
	d := Dead{
		Seq: raw.Sequence, Topic: Topic(raw.Header.Get(headerTopic)), Consumer: raw.Header.Get(headerConsumer),
		ID: unquote(raw.Header.Get(headerOriginal)), Reason: unquote(raw.Header.Get(headerReason)),
		Stack: unquote(raw.Header.Get(headerStack)), Size: len(raw.Data),
	}
	var errN, errT error
	d.Deliveries, errN = strconv.Atoi(raw.Header.Get(headerDeliveries))
	d.At, errT = time.Parse(time.RFC3339Nano, raw.Header.Get(headerTime))
	if err := errors.Join(errN, errT); err != nil {
		return d, fmt.Errorf("read dead letter %d: %w", raw.Sequence, err)
	}
	return d, nil
}

// DeadCount returns how many messages are set aside.
func (s *Stream) DeadCount(ctx context.Context) (int, error) {
	state, err := s.state(ctx, deadStream)
	return int(state.Msgs), err
}

// Replay puts messages that were set aside back at the end of their topic and returns how many. Without numbers it
// puts back all. A number that is not there is reported as fault.ErrNotFound after the others were put back.
// A message is deleted, and overwritten on disk, only when it is on disk in its topic.
func (s *Stream) Replay(ctx context.Context, seqs ...uint64) (int, error) {
	st, err := s.js.Stream(ctx, deadStream)
	if err != nil {
		return 0, fmt.Errorf("replay dead letters: %w", err)
	}
	if len(seqs) == 0 {
		for d, err := range s.Dead(ctx) {
			if err != nil {
				return 0, fmt.Errorf("replay dead letters: %w", err)
			}
			seqs = append(seqs, d.Seq)
		}
	}
	n := 0
	var missing error
	for _, seq := range seqs {
		err := s.replay(ctx, st, seq)
		if errors.Is(err, fault.ErrNotFound) {
			missing = errors.Join(missing, err)
			continue
		}
		if err != nil {
			return n, errors.Join(missing, err)
		}
		n++
	}
	return n, missing
}

func (s *Stream) replay(ctx context.Context, st jetstream.Stream, seq uint64) error {
	raw, err := st.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("replay dead letter %d: %w", seq, fault.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("replay dead letter %d: %w", seq, err)
	}
	topic := Topic(raw.Header.Get(headerTopic))
	subject, err := topic.subject()
	if err != nil {
		return fmt.Errorf("replay dead letter %d: %w", seq, err)
	}
	m := nats.NewMsg(subject)
	m.Data = raw.Data
	// A new id, or the topic would take the message for the one it remembers; the same at each try to put this one back.
	m.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%s#replay-%d", unquote(raw.Header.Get(headerOriginal)), seq))
	m.Header.Set(headerOriginal, raw.Header.Get(headerOriginal))
	if err := s.putEach(ctx, string(topic), []*nats.Msg{m}); err != nil {
		return fmt.Errorf("replay dead letter %d: %w", seq, err)
	}
	if err := st.SecureDeleteMsg(ctx, seq); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("delete replayed dead letter %d: %w", seq, err)
	}
	return nil
}

func quote(s string) string { return strconv.QuoteToASCII(s) }

func unquote(s string) string {
	if u, err := strconv.Unquote(s); err == nil {
		return u
	}
	return s
}

// cut shortens a text to n bytes at a rune's border.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.ToValidUTF8(s[:n], "�") + "…"
}
