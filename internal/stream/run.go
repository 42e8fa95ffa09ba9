package stream

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"varde/internal/fault"
)

// Handler turns messages into messages. It is idempotent: the same message may come again. What it returns is
// published in order before the messages it was given are acknowledged. An error, or a panic, fails the whole batch,
// and the batch is then given again message by message. ctx ends only when the process cannot wait any longer.
type Handler func(ctx context.Context, in []Message) (out []Message, err error)

// RunConfig says how a consumer's messages are worked on. Consumer and Do are required.
type RunConfig struct {
	// Consumer is Detect or Link.
	Consumer string
	// Out is where the handler's output goes; "" where it has none.
	Out Topic
	// Batch is the most messages given to Do at once, 256 by default, at most 1000. A batch is not waited for: it holds
	// what is there.
	Batch int
	// Workers is how many batches are in Do at the same time, 1 by default. The order of the output is that of the
	// input all the same.
	Workers int
	// MaxDeliver is how many tries a message gets before it is set aside, 4 by default.
	MaxDeliver int
	// Backoff holds the waits after the first, second … failure; the last is repeated. By default 1 s, 5 s, 15 s.
	Backoff []time.Duration
	// Grace is how long work may go on after ctx has ended, 20 s by default.
	Grace time.Duration
	// Do works on the messages.
	Do Handler
	// Hold says that an error is not the messages' fault, as when the store is out of reach: then the batch is tried
	// again until it passes, and nothing is set aside. Nil: no error is.
	Hold func(error) bool
	// AfterAck is called, in order, with messages that were acknowledged. It may be nil.
	AfterAck func(ctx context.Context, in []Message)
}

const (
	defaultBatch      = 256
	maxBatch          = 1000
	defaultMaxDeliver = 4
	defaultGrace      = 20 * time.Second
	// batchRoom bounds the bytes of one fetch. It is more than the largest message, which would otherwise never come.
	batchRoom = 2 * maxPayload
	// gather is how long a batch that has begun is filled up. It is the price in delay of a fuller batch.
	gather = 10 * time.Millisecond
	// idle is how long one request for a message stands. It is let run out when a Run ends, as the client drops what
	// arrives while it is cancelled, which would then come only after AckWait.
	idle = 300 * time.Millisecond
)

func (c *RunConfig) complete() error {
	switch {
	case c.Do == nil:
		return fmt.Errorf("run %s: no handler: %w", c.Consumer, fault.ErrUsage)
	case c.Batch < 0 || c.Batch > maxBatch:
		return fmt.Errorf("run %s: batch %d is not within 1 and %d: %w", c.Consumer, c.Batch, maxBatch, fault.ErrUsage)
	case c.Workers < 0 || c.MaxDeliver < 0 || c.Grace < 0:
		return fmt.Errorf("run %s: workers %d, max deliver %d, grace %s: none may be negative: %w", c.Consumer, c.Workers, c.MaxDeliver, c.Grace, fault.ErrUsage)
	}
	if c.Out != "" {
		if _, err := c.Out.subject(); err != nil {
			return fmt.Errorf("run %s: output: %w", c.Consumer, err)
		}
	}
	c.Batch = orDefault(c.Batch, defaultBatch)
	c.Workers = orDefault(c.Workers, 1)
	c.MaxDeliver = orDefault(c.MaxDeliver, defaultMaxDeliver)
	c.Grace = orDefault(c.Grace, defaultGrace)
	if len(c.Backoff) == 0 {
		c.Backoff = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second}
	}
	if c.Hold == nil {
		c.Hold = func(error) bool { return false }
	}
	if c.AfterAck == nil {
		c.AfterAck = func(context.Context, []Message) {}
	}
	return nil
}

func orDefault[T int | time.Duration](v, d T) T {
	if v == 0 {
		return d
	}
	return v
}

// runner is one Run.
type runner struct {
	*Stream
	RunConfig
	topic Topic
	// careful is how many more messages are taken singly, because processes ended while messages were in work: so the
	// one that ends them is found. The journal counts its tries; nil for an outside stream, whose server lives on.
	careful int
	journal *journal
	// unburied holds the sequence numbers of messages that used up their tries and found no room in the dead-letter
	// stream: they are tried on.
	unburied sync.Map
	// acked says that there may be something to trim.
	acked atomic.Bool
	// mu guards owed, when each message that failed is due again, and returned, what is handed back at the end.
	mu       sync.Mutex
	owed     map[uint64]time.Time
	returned []*taken
}

// Run works on a consumer's messages until ctx ends or the stream is closed, and returns nil after what it has in work
// is done or handed back. It returns an error only for a wrong RunConfig; trouble with the stream is waited out.
// Processes at an outside stream share a consumer's messages, and order is kept within each. One Stream has one Run for
// a consumer at a time; Workers is the way to more.
func (s *Stream) Run(ctx context.Context, cfg RunConfig) error {
	topic, err := source(cfg.Consumer)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	if err := cfg.complete(); err != nil {
		return err
	}
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return fmt.Errorf("run %s: %w", cfg.Consumer, err)
	}
	defer leave()
	work, stopWork := grace(ctx, cfg.Grace)
	defer stopWork()

	r := &runner{Stream: s, RunConfig: cfg, topic: topic, owed: map[uint64]time.Time{}}
	if err := r.claim(); err != nil {
		return fmt.Errorf("run %s: %w", cfg.Consumer, err)
	}
	defer r.unclaim()
	r.acked.Store(true) // what the last process left
	trimming, stopTrim := context.WithCancel(work)
	trimmed := make(chan struct{})
	go func() { defer close(trimmed); r.keepTrimmed(trimming) }()
	defer func() {
		stopTrim()
		<-trimmed
		r.minor(r.trim(context.WithoutCancel(ctx), topic, cfg.Consumer)) // it is a matter of milliseconds
		r.giveBack()
	}()

	jobs := make(chan *job)
	var g errgroup.Group
	for range cfg.Workers {
		g.Go(func() error {
			for j := range jobs {
				r.process(ctx, work, j)
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(jobs)
		r.feed(ctx, jobs)
		return nil
	})
	return g.Wait()
}

// claim makes the Run the only one of its consumer in this process.
func (r *runner) claim() error {
	if _, taken := r.running.LoadOrStore(r.Consumer, true); taken {
		return fmt.Errorf("it is running already: %w", fault.ErrInUse)
	}
	if r.srv == nil {
		return nil
	}
	var err error
	if r.journal, err = openJournal(r.cfg.Dir, r.Consumer); err != nil {
		r.running.Delete(r.Consumer)
	}
	return err
}

func (r *runner) unclaim() {
	if r.journal != nil {
		r.minor(r.journal.end())
	}
	r.running.Delete(r.Consumer)
}

// minor logs an error that costs nothing but a repetition.
func (r *runner) minor(err error) {
	if err != nil {
		r.log.Warn("stream bookkeeping", "consumer", r.Consumer, "error", err)
	}
}

// grace returns a context that ends d after ctx has: an acknowledgement under way is worth finishing.
func grace(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		pause(work, d)
		cancel()
	})
	return work, func() { stop(); cancel() }
}

// feed fetches batches and hands them out in order until ctx ends.
func (r *runner) feed(ctx context.Context, jobs chan<- *job) {
	turn := make(chan struct{})
	close(turn)
	var consumer jetstream.Consumer
	for wait := firstWait; ctx.Err() == nil; {
		var err error
		if consumer == nil {
			consumer, err = r.begin(ctx)
		}
		var got []jetstream.Msg
		if err == nil {
			got, err = r.fetch(consumer)
		}
		if len(got) > 0 {
			wait = firstWait
			j := r.newJob(got, turn)
			turn = j.done
			jobs <- j
			if r.careful > 0 {
				<-j.done
				err = errors.Join(err, r.oneLess(ctx, consumer, j))
			}
		}
		if err != nil && ctx.Err() == nil {
			r.waiting.say(r.log, string(r.topic), err)
			consumer = nil // perhaps deleted: declared again
			pause(ctx, wait)
			wait = min(2*wait, lastWait)
		}
	}
}

// begin makes sure the consumer exists and looks whether processes ended while its messages were in work.
func (r *runner) begin(ctx context.Context) (jetstream.Consumer, error) {
	ctx, stop := r.whileConnected(ctx)
	defer stop()
	c, err := r.consumer(ctx, r.topic)
	if err != nil {
		return nil, err
	}
	suspect := c.CachedInfo().NumRedelivered > 0
	if r.journal != nil {
		suspect = r.journal.state.Deaths > 1
	}
	if suspect {
		r.careful = r.span()
		r.log.Warn("work was cut short more than once, messages are taken singly for a while", "consumer", r.Consumer)
	}
	return c, nil
}

// span is how many messages a process can have had in work when it ended.
func (r *runner) span() int { return (r.Workers + 2) * r.Batch }

// oneLess counts a message taken singly and settled, and ends being careful when nothing is left to suspect.
func (r *runner) oneLess(ctx context.Context, c jetstream.Consumer, j *job) error {
	if r.journal != nil && len(j.msgs) == 1 {
		r.minor(r.journal.done(j.msgs[0].seq))
	}
	if r.careful--; r.careful > 0 {
		return nil
	}
	if r.journal != nil {
		r.minor(r.journal.calm())
		return nil
	}
	info, err := c.Info(ctx)
	if err != nil {
		return fmt.Errorf("look up consumer %s: %w", r.Consumer, err)
	}
	if info.NumRedelivered > 0 { // what others had in work comes only after AckWait
		r.careful = r.span()
	}
	return nil
}

// fetch waits for a message and takes what else is there.
func (r *runner) fetch(c jetstream.Consumer) ([]jetstream.Msg, error) {
	got, err := receive(c.Fetch(1, jetstream.FetchMaxWait(idle)))
	if err != nil || len(got) == 0 || r.Batch == 1 || r.careful > 0 {
		return got, err
	}
	more, err := receive(c.Fetch(r.Batch-1, jetstream.FetchMaxBytes(batchRoom), jetstream.FetchMaxWait(gather)))
	return append(got, more...), err
}

func receive(b jetstream.MessageBatch, err error) ([]jetstream.Msg, error) {
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	var got []jetstream.Msg
	for m := range b.Messages() {
		got = append(got, m)
	}
	if err := b.Error(); err != nil {
		return got, fmt.Errorf("fetch: %w", err)
	}
	return got, nil
}

// job is one batch on its way through a Run.
type job struct {
	msgs []*taken
	// turn is closed when the batch before is settled, done when this one is.
	turn <-chan struct{}
	done chan struct{}
}

// taken is a message that was handed out and not yet given back.
type taken struct {
	Message
	raw        jetstream.Msg
	seq        uint64
	deliveries int
	// tries is how often the journal saw it begun and not settled, 0 where there is no journal of it.
	tries int
}

func (r *runner) newJob(got []jetstream.Msg, turn <-chan struct{}) *job {
	j := &job{turn: turn, done: make(chan struct{})}
	for _, raw := range got {
		meta, err := raw.Metadata()
		if err != nil { // not from a consumer, so nobody waits for its acknowledgement
			r.log.Error("stream delivered a message without metadata", "consumer", r.Consumer, "error", err)
			continue
		}
		id := raw.Headers().Get(jetstream.MsgIDHeader)
		if original := raw.Headers().Get(headerOriginal); original != "" {
			id = unquote(original)
		}
		r.received(meta.Sequence.Stream)
		j.msgs = append(j.msgs, &taken{
			Message: Message{ID: id, Data: raw.Data()}, raw: raw, seq: meta.Sequence.Stream, deliveries: int(meta.NumDelivered),
		})
	}
	if r.careful > 0 && r.journal != nil && len(j.msgs) == 1 {
		var err error
		j.msgs[0].tries, err = r.journal.begin(j.msgs[0].seq)
		r.minor(err)
	}
	go r.heartbeat(j)
	return j
}

// heartbeat keeps a batch's messages from being handed out again until it is settled.
func (r *runner) heartbeat(j *job) {
	t := time.NewTicker(r.cfg.AckWait / 3)
	defer t.Stop()
	for {
		select {
		case <-j.done:
			return
		case <-t.C:
			for _, m := range j.msgs {
				_ = m.raw.InProgress() // a message already acknowledged, or a lost connection: then it comes again
			}
		}
	}
}
