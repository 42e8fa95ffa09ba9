package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"varde/internal/fault"
)

// Config says where the stream is and how large it may grow. Dir or URL is required.
type Config struct {
	// URL reaches an outside NATS server or cluster, such as nats://host:4222. Empty: a server in this process.
	URL string
	// Dir is the folder of the embedded server. Only one process at a time may use it.
	Dir string
	// Listen lets other processes of this machine reach the embedded server: "127.0.0.1:4222", port 0 for any.
	Listen string
	// Replicas is the number of copies in a cluster, 1 by default.
	Replicas int
	// MaxBytes bounds each stream on disk, in bytes, 1 GiB by default. When it is reached publishers wait.
	MaxBytes int64
	// AckWait is after how long without sign of life from a handler its messages are handed out again, 10 s by default.
	AckWait time.Duration
	// Expect says that the store holds ads, so that missing streams are a loss to report and not a first start.
	Expect bool
	// Log receives what an operator should know. Message contents are never logged. Nil: nothing is logged.
	Log *slog.Logger
}

// errClosed: the stream was closed before.
var errClosed = errors.New("the stream is closed")

// Stream is an open connection to the stream. Its methods may be used at the same time.
type Stream struct {
	cfg      Config
	log      *slog.Logger
	lock     *lock
	srv      *server.Server
	nc       *nats.Conn
	js       jetstream.JetStream
	progress jetstream.KeyValue
	onDisk   map[string]bool
	// resumed is, by topic, up to where work was called back at start.
	resumed map[Topic]uint64

	// batches bounds how many atomic batches are in flight; noBatch is set where the server cannot take them.
	batches chan struct{}
	noBatch atomic.Bool
	waiting waitLog

	stop  chan struct{}
	close sync.Once
	runs  sync.WaitGroup
	// running holds the consumers that have a Run.
	running sync.Map

	// mu guards what follows. lost is closed when the connection is, and made anew when it is back.
	mu      sync.Mutex
	notices []fault.Notice
	lost    chan struct{}
}

// Open connects to the stream, starting the embedded server if no URL is given, and declares all streams and
// consumers. It fails with fault.ErrInUse where another process holds the folder, and with fault.ErrDamaged where a
// stream's files are there but cannot be read.
func Open(ctx context.Context, cfg Config) (*Stream, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	s := &Stream{cfg: cfg, log: cfg.Log.With("part", "stream"), batches: make(chan struct{}, batchesInFlight), stop: make(chan struct{}),
		resumed: map[Topic]uint64{}, lost: make(chan struct{})}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open stream: %w", err), s.shut())
	}
	return s, nil
}

func (c *Config) complete() error {
	if (c.URL == "") == (c.Dir == "") {
		return fmt.Errorf("stream: exactly one of URL and Dir is needed: %w", fault.ErrUsage)
	}
	if c.Replicas < 0 || c.MaxBytes < 0 || c.AckWait < 0 {
		return fmt.Errorf("stream: replicas %d, max bytes %d, ack wait %s: none may be negative: %w", c.Replicas, c.MaxBytes, c.AckWait, fault.ErrUsage)
	}
	if c.Replicas == 0 {
		c.Replicas = 1
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = defaultMaxBytes
	}
	if c.AckWait == 0 {
		c.AckWait = defaultAckWait
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}

func (s *Stream) open(ctx context.Context) error {
	if s.cfg.URL == "" {
		if err := s.embedded(); err != nil {
			return err
		}
	}
	if err := s.connect(); err != nil {
		return err
	}
	js, err := jetstream.New(s.nc, jetstream.WithPublishAsyncMaxPending(inFlight), jetstream.WithPublishAsyncTimeout(ackTimeout),
		jetstream.WithDefaultTimeout(ackTimeout))
	if err != nil {
		return fmt.Errorf("use JetStream: %w", err)
	}
	s.js = js
	if s.cfg.URL != "" {
		if err := s.checkSync(ctx); err != nil {
			return err
		}
	}
	if err := s.declare(ctx); err != nil {
		return err
	}
	if s.cfg.URL == "" {
		return s.resume(ctx)
	}
	return nil
}

func (s *Stream) connect() error {
	opts := []nats.Option{
		nats.Name("varde"), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond),
		// Nothing is buffered while the server is away: a publisher that waits for its acknowledgement tries again itself.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			close(s.lost)
			if err != nil {
				s.log.Warn("connection to the stream lost", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.lost = make(chan struct{})
			s.log.Info("connection to the stream is back")
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { s.log.Warn("stream connection", "error", err) }),
	}
	at := s.cfg.URL
	if s.srv != nil {
		at = ""
		opts = append(opts, nats.InProcessServer(s.srv))
	}
	nc, err := nats.Connect(at, opts...)
	if err != nil {
		shown := redact(s.cfg.URL)
		return fault.Tell(fmt.Sprintf("The NATS server at %s cannot be reached. Is it running, and is the address right?", shown),
			fmt.Errorf("connect to %s: %w", shown, err))
	}
	s.nc = nc
	return nil
}

// errLost is why an answer is not waited for any longer: it was asked for on a connection that is gone.
var errLost = errors.New("the connection to the stream is lost")

// whileConnected returns a context that also ends when the connection is lost.
func (s *Stream) whileConnected(ctx context.Context) (context.Context, context.CancelFunc) {
	s.mu.Lock()
	lost := s.lost
	s.mu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-lost:
			cancel(errLost)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// redact takes the password out of a URL, and all of it where it cannot be read.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "the given address"
	}
	return u.Redacted()
}

// sysWait is how long an outside server may take to say how it is configured.
const sysWait = 500 * time.Millisecond

// checkSync asks every outside server whether it syncs each write. Only a connection in the system account gets an
// answer; without one the operator is told what to check.
func (s *Stream) checkSync(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sysWait)
	defer cancel()
	sub, err := s.nc.SubscribeSync(s.nc.NewInbox())
	if err != nil {
		return fmt.Errorf("ask servers for their configuration: %w", err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := s.nc.PublishRequest("$SYS.REQ.SERVER.PING.JSZ", sub.Subject, []byte(`{"config":true}`)); err != nil {
		return fmt.Errorf("ask servers for their configuration: %w", err)
	}
	heard := false
	for {
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil || m.Header.Get("Status") == "503" { // time is up, or nobody may answer us
			break
		}
		var reply struct {
			Server struct {
				Name string `json:"name"`
			} `json:"server"`
			Data struct {
				Disabled bool `json:"disabled"`
				Config   struct {
					SyncAlways bool `json:"sync_always"`
				} `json:"config"`
			} `json:"data"`
		}
		if json.Unmarshal(m.Data, &reply) != nil || len(m.Data) == 0 || reply.Data.Disabled {
			continue
		}
		if heard = true; !reply.Data.Config.SyncAlways {
			return fault.Tell(fmt.Sprintf("The NATS server %s may lose what it has confirmed when the power fails. Set sync_interval: always in its "+
				"jetstream block, restart it, and start Varde again.", reply.Server.Name), fmt.Errorf("server %s does not sync every write", reply.Server.Name))
		}
	}
	if !heard {
		s.notice(fault.Notice{Kind: fault.SyncUnknown}) // only its system account may ask
	}
	return nil
}

// URL returns an address at which other processes of this machine reach the stream, or "" where there is none.
func (s *Stream) URL() string {
	switch {
	case s.cfg.URL != "":
		return s.cfg.URL
	case s.cfg.Listen != "":
		return s.srv.ClientURL()
	}
	return ""
}

// Notices returns what was found at start that a person should know, such as a stream that was missing.
func (s *Stream) Notices() []fault.Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.notices)
}

func (s *Stream) notice(n fault.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notices = append(s.notices, n)
	s.log.Warn("stream notice", "kind", n.Kind, "about", n.About)
}

// Close ends all Runs after what they have in work, then the connection and the embedded server. It may be called
// more than once. If ctx ends first the rest is stopped hard, which loses nothing: it is handed out again.
func (s *Stream) Close(ctx context.Context) error {
	var err error
	s.close.Do(func() {
		s.mu.Lock()
		close(s.stop)
		s.mu.Unlock()
		ended := make(chan struct{})
		go func() { s.runs.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-ctx.Done():
			err = fmt.Errorf("close stream: wait for work to end: %w", ctx.Err())
		}
		err = errors.Join(err, s.shut())
	})
	return err
}

// shut ends connection, server and lock, in this order; each may be missing.
func (s *Stream) shut() error {
	if s.js != nil {
		s.js.CleanupPublisher()
	}
	if s.nc != nil {
		s.nc.Close()
	}
	if s.srv != nil {
		s.srv.Shutdown()
		s.srv.WaitForShutdown()
	}
	if s.lock != nil {
		if err := s.lock.release(); err != nil {
			return fmt.Errorf("release lock of %s: %w", s.cfg.Dir, err)
		}
	}
	return nil
}
