package stream_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"varde/internal/stream"
	"varde/internal/testkit"
)

// patience is how long anything that must happen may take on a busy machine.
const patience = 30 * time.Second

// childRole in the environment makes the test binary a process to be killed.
const childRole = "VARDE_STREAM_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		if err := child(role, os.Getenv("VARDE_STREAM_DIR")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// spawn starts this test binary in a role on a folder and returns it and its output line by line.
func spawn(t *testing.T, role, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), childRole+"="+role, "VARDE_STREAM_DIR="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func open(t *testing.T, cfg stream.Config) *stream.Stream {
	t.Helper()
	if cfg.Dir == "" && cfg.URL == "" {
		cfg.Dir = t.TempDir()
	}
	s, err := stream.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStream(t, s) })
	return s
}

func closeStream(t *testing.T, s *stream.Stream) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// places runs a test against an embedded stream and against one outside.
func places(t *testing.T, test func(t *testing.T, cfg stream.Config)) {
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		test(t, stream.Config{Dir: t.TempDir(), AckWait: 5 * time.Second})
	})
	t.Run("outside", func(t *testing.T) {
		t.Parallel()
		test(t, stream.Config{URL: testkit.NATS(t, t.TempDir(), server.RANDOM_PORT).ClientURL(), AckWait: 5 * time.Second})
	})
}

// behind connects to the stream past the package, to see or change what is there.
func behind(t *testing.T, s *stream.Stream) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func numbered(from, to int) []stream.Message {
	var msgs []stream.Message
	for i := from; i < to; i++ {
		msgs = append(msgs, stream.Message{ID: fmt.Sprintf("m%05d", i), Data: []byte(fmt.Sprintf("record %d", i))})
	}
	return msgs
}

func ids(msgs []stream.Message) []string {
	var out []string
	for _, m := range msgs {
		out = append(out, m.ID)
	}
	return out
}

func mustPublish(t *testing.T, s *stream.Stream, topic stream.Topic, msgs ...stream.Message) {
	t.Helper()
	if err := s.Publish(t.Context(), topic, msgs...); err != nil {
		t.Fatal(err)
	}
}

// log of what came by, for many goroutines.
type seen struct {
	mu  sync.Mutex
	ids []string
}

func (s *seen) add(msgs ...stream.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids = append(s.ids, ids(msgs)...)
}

func (s *seen) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids)
}

func (s *seen) count(id string) int {
	n := 0
	for _, have := range s.all() {
		if have == id {
			n++
		}
	}
	return n
}

// until polls a condition and fails the test when patience ends.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("%s did not happen within %s", what, patience)
		}
	}
}

// running starts a Run and returns what ends it and waits for it.
func running(t *testing.T, s *stream.Stream, cfg stream.RunConfig) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, cfg) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("Run: %v", err)
				}
			case <-time.After(patience):
				t.Error("Run does not end")
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// done waits until a consumer has finished everything published before.
func done(t *testing.T, s *stream.Stream, topic stream.Topic, consumer string) {
	t.Helper()
	last, err := s.Last(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "everything done", func() bool {
		floor, err := s.Floor(t.Context(), consumer)
		if err != nil {
			t.Fatal(err)
		}
		return floor >= last
	})
}

// drain takes n messages off the findings.
func drain(t *testing.T, s *stream.Stream, n int) []string {
	t.Helper()
	var got seen
	stop := running(t, s, stream.RunConfig{Consumer: stream.Link, Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
		got.add(in...)
		return nil, nil
	}})
	defer stop()
	until(t, fmt.Sprintf("%d messages", n), func() bool { return len(got.all()) >= n })
	done(t, s, stream.Findings, stream.Link)
	return got.all()
}

func deadLetters(t *testing.T, s *stream.Stream) []stream.Dead {
	t.Helper()
	var all []stream.Dead
	for d, err := range s.Dead(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

// echo passes messages on as they are.
func echo(_ context.Context, in []stream.Message) ([]stream.Message, error) { return in, nil }

// quick are waits short enough for a test.
var quick = []time.Duration{10 * time.Millisecond}

var errBad = errors.New("the made-up record cannot be read")

func logTo(buf *testkit.Output) *slog.Logger { return slog.New(slog.NewTextHandler(buf, nil)) }

func streamDir(dir, name string) string {
	return filepath.Join(dir, "jetstream", "$G", "streams", name)
}
