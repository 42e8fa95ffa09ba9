package stream

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"varde/internal/fault"
)

const (
	slotsKV = "varde_pace"
	// slotsAge is how long a host is remembered after its last slot: longer than any reservation reaches ahead.
	slotsAge = 24 * time.Hour
	// slotsBytes bounds the bucket: a host takes some 200 bytes.
	slotsBytes = 4 << 20
	// slotWait is how long one reservation may take before it counts as failed.
	slotWait = 5 * time.Second
	// clockAge is how often the server's clock is looked at again. Clocks of computers drift by less than driftShare (200 ppm).
	clockAge   = 30 * time.Second
	driftShare = 5000
)

// Slots hands out instants to all processes on one NATS server together: each instant to one, none twice. It keeps, for each name, the
// next free instant in a bucket, by the server's clock, so that the clocks of the processes' machines need not agree. The bucket is in
// memory: when the server has lost it, what this process was given last still holds for this process.
//
// Its methods may be used at the same time.
type Slots struct {
	stream *Stream
	now    func() time.Time

	mu    sync.Mutex
	kv    jetstream.KeyValue
	clock clock
	known map[string]reserved
}

// reserved is up to when a name's instants are given away, by the server's clock, and the revision of the bucket's key that says so: 0
// where it must be looked up.
type reserved struct {
	until    time.Time
	revision uint64
}

// Slots returns a way to reserve instants.
func (s *Stream) Slots() *Slots {
	return &Slots{stream: s, now: time.Now, known: map[string]reserved{}}
}

// Reserve takes the next n instants of a name, every apart, and returns the first of them by this process's clock, never one that has
// passed. The last one's interval belongs to it as well. An error means that nothing was reserved as far as anybody knows.
func (s *Slots) Reserve(ctx context.Context, name string, n int, every time.Duration) (time.Time, error) {
	if name == "" || n < 1 || every <= 0 {
		return time.Time{}, fmt.Errorf("reserve %d slots of %q, %s apart: %w", n, name, every, fault.ErrUsage)
	}
	ctx, cancel := context.WithTimeout(ctx, slotWait)
	defer cancel()
	ctx, disconnected := s.stream.whileConnected(ctx)
	defer disconnected()
	key := base64.RawURLEncoding.EncodeToString([]byte(name))
	for {
		first, err := s.try(ctx, key, time.Duration(n)*every)
		switch {
		case err == nil:
			return first, nil
		case errors.Is(err, jetstream.ErrKeyRevisionMismatch) && ctx.Err() == nil: // somebody was faster; one of us always gets on
			continue
		}
		s.forget()
		return time.Time{}, fmt.Errorf("reserve slots of %s: %w", name, err)
	}
}

// try makes one attempt to move the end of what is given away.
func (s *Slots) try(ctx context.Context, key string, length time.Duration) (time.Time, error) {
	kv, clock, err := s.ready(ctx)
	if err != nil {
		return time.Time{}, err
	}
	have, err := s.look(ctx, kv, key)
	if err != nil {
		return time.Time{}, err
	}
	first := clock.server(s.now())
	if first.Before(have.until) {
		first = have.until
	}
	until := first.Add(length)
	revision, err := kv.Update(ctx, key, strconv.AppendInt(nil, until.UnixNano(), 10), have.revision)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.known[key] = reserved{until: s.known[key].until} // also where the update did happen and only its answer was lost
		return time.Time{}, err
	}
	s.known[key] = reserved{until, revision}
	return clock.local(first), nil
}

// look returns what is known of a key, asking the bucket where nothing is.
func (s *Slots) look(ctx context.Context, kv jetstream.KeyValue, key string) (reserved, error) {
	s.mu.Lock()
	have := s.known[key]
	s.mu.Unlock()
	if have.revision != 0 {
		return have, nil
	}
	e, err := kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return have, nil
	}
	if err != nil {
		return reserved{}, err
	}
	nanos, err := strconv.ParseInt(string(e.Value()), 10, 64)
	if err != nil {
		return reserved{}, fmt.Errorf("bucket %s: %q is no instant: %w", slotsKV, e.Value(), fault.ErrDamaged)
	}
	have.revision = e.Revision()
	if until := time.Unix(0, nanos); until.After(have.until) {
		have.until = until
	}
	return have, nil
}

// ready returns the bucket, declared, and the server's clock.
func (s *Slots) ready(ctx context.Context) (jetstream.KeyValue, clock, error) {
	s.mu.Lock()
	kv, c := s.kv, s.clock
	s.mu.Unlock()
	if kv != nil && s.now().Sub(c.measured) < clockAge {
		return kv, c, nil
	}
	if kv == nil {
		var err error
		kv, err = s.stream.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: slotsKV, Description: "when each host may be asked next", History: 1, Storage: jetstream.MemoryStorage,
			TTL: slotsAge, MaxBytes: slotsBytes, Replicas: s.stream.cfg.Replicas,
		})
		if err != nil {
			return nil, clock{}, fmt.Errorf("declare bucket %s: %w", slotsKV, explainDeclare(err))
		}
	}
	seen, err := s.readClock(ctx)
	if err != nil {
		return nil, clock{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kv, s.clock = kv, s.clock.better(seen)
	return s.kv, s.clock, nil
}

// forget has everything looked up again after an error: the server may have been restarted without its bucket.
func (s *Slots) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kv = nil
	for key, have := range s.known {
		s.known[key] = reserved{until: have.until}
	}
}

// readClock asks the server for the time, a few times, and keeps the answer that came fastest.
func (s *Slots) readClock(ctx context.Context) (best clock, err error) {
	for i := range 3 {
		asked := s.now()
		st, err := s.stream.js.Stream(ctx, "KV_"+slotsKV)
		if err != nil {
			return clock{}, fmt.Errorf("ask the server for its time: %w", err)
		}
		now := s.now()
		took := now.Sub(asked)
		if i == 0 || took < best.took {
			best = clock{at: asked.Add(took / 2), theirs: st.CachedInfo().TimeStamp, took: took, measured: now}
		}
	}
	return best, nil
}

// clock is the server's clock as seen from here: it said theirs at our instant at, give or take half of what the answer took.
type clock struct {
	at, theirs time.Time
	took       time.Duration
	measured   time.Time
}

// server turns an instant of ours into the server's. It counts by our monotonic clock, so that setting ours does not matter.
func (c clock) server(ours time.Time) time.Time { return c.theirs.Add(ours.Sub(c.at)) }

// local turns an instant of the server's into ours.
func (c clock) local(theirs time.Time) time.Time { return c.at.Add(theirs.Sub(c.theirs)) }

// better chooses between what is known and a new reading: the more exact one, unless the two cannot both be right, as when the server's
// clock was set.
func (c clock) better(seen clock) clock {
	drift := seen.at.Sub(c.at) / driftShare
	apart := c.server(seen.at).Sub(seen.theirs).Abs()
	if c.at.IsZero() || seen.took <= c.took+drift || apart > (c.took+seen.took)/2+drift {
		return seen
	}
	c.measured = seen.measured
	return c
}
