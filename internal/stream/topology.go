package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"varde/internal/fault"
)

// Topic names a stream that messages are published to.
type Topic string

// The topics. Sightings and Findings are work queues: a message leaves some time after their one consumer has
// acknowledged it (see trim.go).
// Changes holds only the newest wake-up.
const (
	Sightings Topic = "SIGHTINGS"
	Findings  Topic = "FINDINGS"
	Changes   Topic = "CHANGES"
)

// The durable consumers: the detectors read Sightings, the linker reads Findings.
const (
	Detect = "detect"
	Link   = "link"
)

const (
	deadStream = "DEAD"
	deadPrefix = "varde.dead."
	progressKV = "varde_progress"
)

// Limits that are part of the topology. Each can be changed: streams and consumers are updated at the next start.
const (
	// maxPayload is the largest message, headers included. An ad file's line is at most 1 MiB; a finding repeats the
	// sighting and adds what was found.
	maxPayload = 8 << 20
	// dedupe is how long a message id is remembered. It covers a publisher's retries; what arrives again later is
	// dropped by the store, which remembers for good. The ids of the window are held in memory.
	dedupe = 2 * time.Minute
	// maxInWork is how many messages may be handed out and not yet acknowledged, over all processes of one consumer.
	maxInWork = 8192
	// defaultAckWait is after how long without sign of life a message is handed out again. Work in progress sends
	// signs of life three times as often, so that it can be short: after a crash of an outside process its messages
	// wait this long.
	defaultAckWait = 10 * time.Second
	// defaultMaxBytes bounds each stream on disk. At 2 KB a message it holds half a million waiting ads.
	defaultMaxBytes = 1 << 30
)

func (t Topic) subject() (string, error) {
	switch t {
	case Sightings:
		return "varde.sighting", nil
	case Findings:
		return "varde.finding", nil
	case Changes:
		return "varde.change", nil
	}
	return "", fmt.Errorf("topic %q: %w", string(t), fault.ErrUsage)
}

// source returns the topic a durable consumer reads.
func source(consumer string) (Topic, error) {
	switch consumer {
	case Detect:
		return Sightings, nil
	case Link:
		return Findings, nil
	}
	return "", fmt.Errorf("consumer %q: %w", consumer, fault.ErrUsage)
}

// streams returns the declaration of every stream.
func (c Config) streams() []jetstream.StreamConfig {
	queue := func(t Topic, about string) jetstream.StreamConfig {
		subject, _ := t.subject() // a constant of this file
		return jetstream.StreamConfig{
			Name: string(t), Description: about, Subjects: []string{subject},
			Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew, Storage: jetstream.FileStorage,
			MaxBytes: c.MaxBytes, Replicas: c.Replicas, Duplicates: dedupe, AllowAtomicPublish: true,
		}
	}
	changes, _ := Changes.subject()
	return []jetstream.StreamConfig{
		queue(Sightings, "ads seen, waiting for the detectors"),
		queue(Findings, "ads read, waiting to be linked"),
		{
			Name: deadStream, Description: "messages set aside with the reason", Subjects: []string{deadPrefix + "*"},
			Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew, Storage: jetstream.FileStorage,
			MaxBytes: c.MaxBytes, Replicas: c.Replicas, Duplicates: dedupe,
		},
		{
			// A wake-up says that there is something newer in the store. A lost one costs nothing, as whoever begins to
			// listen looks first; so it is not worth a disk write.
			Name: string(Changes), Description: "wake-ups: the newest change number", Subjects: []string{changes},
			Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardOld, Storage: jetstream.MemoryStorage,
			MaxMsgs: 1, Replicas: c.Replicas, Duplicates: time.Second,
		},
	}
}

// consumers returns the declaration of every durable consumer, by the topic it reads.
func (c Config) consumers() map[Topic]jetstream.ConsumerConfig {
	worker := func(name, about string) jetstream.ConsumerConfig {
		return jetstream.ConsumerConfig{
			Durable: name, Description: about, AckPolicy: jetstream.AckExplicitPolicy, AckWait: c.AckWait,
			// Run counts deliveries itself: the server would leave a message that has used them up in the queue for ever.
			MaxDeliver: -1, MaxAckPending: maxInWork, DeliverPolicy: jetstream.DeliverAllPolicy,
		}
	}
	return map[Topic]jetstream.ConsumerConfig{
		Sightings: worker(Detect, "reads sightings, makes findings"),
		Findings:  worker(Link, "links findings into networks"),
	}
}

// declare creates what is missing and updates what differs.
func (s *Stream) declare(ctx context.Context) error {
	for _, cfg := range s.cfg.streams() {
		if err := s.guard(ctx, Topic(cfg.Name)); err != nil {
			return err
		}
		if _, err := s.js.CreateOrUpdateStream(ctx, cfg); err != nil {
			return fmt.Errorf("declare stream %s: %w", cfg.Name, explainDeclare(err))
		}
	}
	for topic := range s.cfg.consumers() {
		if _, err := s.consumer(ctx, topic); err != nil {
			return err
		}
	}
	kv, err := s.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: progressKV, Description: "how far each index node is", History: 1, Storage: jetstream.FileStorage,
		MaxBytes: 1 << 20, Replicas: s.cfg.Replicas,
	})
	if err != nil {
		return fmt.Errorf("declare bucket %s: %w", progressKV, explainDeclare(err))
	}
	s.progress = kv
	return nil
}

// consumer creates or updates the durable consumer of a topic.
func (s *Stream) consumer(ctx context.Context, t Topic) (jetstream.Consumer, error) {
	cfg := s.cfg.consumers()[t]
	c, err := s.js.CreateOrUpdateConsumer(ctx, string(t), cfg)
	if err != nil {
		return nil, fmt.Errorf("declare consumer %s: %w", cfg.Durable, err)
	}
	return c, nil
}

// guard looks for a stream that ought to be there and is not, before an empty one takes its place.
func (s *Stream) guard(ctx context.Context, t Topic) error {
	_, err := s.js.Stream(ctx, string(t))
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		if err != nil {
			return fmt.Errorf("look up stream %s: %w", t, err)
		}
		return nil
	}
	if s.onDisk[string(t)] {
		// Creating the stream would overwrite what can perhaps still be read.
		return fault.Tell(fmt.Sprintf("The stream's files for %s are damaged and were not changed. Move the folder %s aside, "+
			"start again, and import the last files again; crawled pages come back at their next visit.", t, s.cfg.Dir),
			fmt.Errorf("declare stream %s: the server did not recover it: %w", t, fault.ErrDamaged))
	}
	if s.cfg.Expect && t != Changes {
		s.notice(fault.Notice{Kind: fault.StreamMissing, About: string(t)})
	}
	return nil
}

func explainDeclare(err error) error {
	var api *jetstream.APIError
	if errors.As(err, &api) && (api.ErrorCode == errCodeNoStorage || api.ErrorCode == errCodeNoResources) {
		return fault.Tell("There is not enough free disk space for the stream. Free some, or lower the stream's max_bytes, and start again.", err)
	}
	return err
}
