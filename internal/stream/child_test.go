package stream_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"varde/internal/stream"
	"varde/internal/testkit"
)

// child is what a process does that a test will kill. It works on a folder or at an address.
func child(role, at string) error {
	ctx := context.Background()
	cfg := stream.Config{Dir: at, AckWait: time.Minute}
	if strings.HasPrefix(at, "nats:") {
		cfg = stream.Config{URL: at, AckWait: shortWait}
	}
	s, err := stream.Open(ctx, cfg)
	if err != nil {
		return err
	}
	switch role {
	case "publish":
		return publishForEver(ctx, s)
	case "hang":
		return s.Run(ctx, stream.RunConfig{Consumer: stream.Detect, Batch: 20, Do: func(ctx context.Context, in []stream.Message) ([]stream.Message, error) {
			if in[0].ID == "m00000" { // what comes first is done, so that there is something to take off the disk
				return nil, nil
			}
			fmt.Println("in work", len(in))
			<-ctx.Done()
			return nil, ctx.Err()
		}})
	case "die":
		go sayDead(ctx, s)
		return s.Run(ctx, stream.RunConfig{Consumer: stream.Detect, Batch: 20, Out: stream.Findings, MaxDeliver: 3,
			Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
				if slices.Contains(ids(in), "m00007") {
					os.Exit(3)
				}
				return in, nil
			},
			AfterAck: func(_ context.Context, in []stream.Message) {
				for _, m := range in {
					fmt.Println(m.ID)
				}
			},
		})
	}
	return fmt.Errorf("no role %q", role)
}

// sayDead prints a line when something has been set aside.
func sayDead(ctx context.Context, s *stream.Stream) {
	for range time.Tick(20 * time.Millisecond) {
		if n, err := s.DeadCount(ctx); err == nil && n > 0 {
			fmt.Println(setAside)
			return
		}
	}
}

const setAside = "set aside"

// publishForEver publishes in sizes that go one by one and in batches, and prints what was confirmed.
func publishForEver(ctx context.Context, s *stream.Stream) error {
	out := bufio.NewWriter(os.Stdout)
	n := 0
	for round := 0; ; round++ {
		size := []int{1, 40, 3, 700}[round%4]
		msgs := numbered(n, n+size)
		if err := s.Publish(ctx, stream.Sightings, msgs...); err != nil {
			return err
		}
		n += size
		fmt.Fprintln(out, n) // everything below n is confirmed
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

// After a kill in the middle of publishing, everything that was confirmed is there, once and in order.
func TestKilledPublisherLosesNothingConfirmed(t *testing.T) {
	t.Parallel()
	for round := range 2 {
		dir := t.TempDir()
		cmd, lines := spawn(t, "publish", dir)
		confirmed := 0
		for lines.Scan() {
			n, err := strconv.Atoi(lines.Text())
			if err != nil {
				t.Fatal(err)
			}
			if confirmed = n; n > 900+300*round {
				break
			}
		}
		if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it printed before it died
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				confirmed = n
			}
		}
		_ = cmd.Wait() // killed
		if confirmed == 0 {
			t.Fatal("the child confirmed nothing")
		}

		s, err := stream.Open(t.Context(), stream.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		var got seen
		stop := running(t, s, stream.RunConfig{Consumer: stream.Detect, Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
			got.add(in...)
			return nil, nil
		}})
		done(t, s, stream.Sightings, stream.Detect)
		stop()
		closeStream(t, s)
		have := got.all()
		sorted := slices.Clone(have)
		slices.Sort(sorted)
		if !slices.Equal(have, sorted) {
			t.Errorf("round %d: not in the order published", round)
		}
		if len(slices.Compact(sorted)) != len(have) {
			t.Errorf("round %d: %d messages, only %d different", round, len(have), len(slices.Compact(sorted)))
		}
		want := ids(numbered(0, confirmed))
		if len(have) < len(want) || !slices.Equal(have[:len(want)], want) {
			t.Errorf("round %d: %d messages confirmed, %d found", round, len(want), len(have))
		}
	}
}

// What was in work at a kill is handed out again at once, in order, and before what is newer.
func TestKilledConsumerResumesAtOnceAndInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open0(t, dir)
	mustPublish(t, first, stream.Sightings, numbered(0, 100)...)
	closeStream(t, first)

	cmd, lines := spawn(t, "hang", dir)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "in work") {
		t.Fatalf("child says %q", lines.Text())
	}
	// The server writes down what it handed out within a tenth of a second; wait until it did, so that the kill finds it.
	untilFileChanges(t, streamDir(dir, "SIGHTINGS")+"/obs/detect/o.dat", 20)
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed

	begun := time.Now()
	s := open(t, stream.Config{Dir: dir, AckWait: time.Minute})
	mustPublish(t, s, stream.Sightings, numbered(100, 120)...)
	var got seen
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Batch: 5, Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
		<-time.After(80 * time.Millisecond) // so that disk space is freed in between
		got.add(in...)
		return nil, nil
	}})
	done(t, s, stream.Sightings, stream.Detect)
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("resumed after %s", took)
	}
	// The first twenty were done; the server may have had no time to write that down.
	all := got.all()
	if n := len(all); n < 100 || n > 120 || !slices.Equal(all, ids(numbered(120-n, 120))) {
		t.Errorf("got %v", all)
	}
}

func open0(t *testing.T, dir string) *stream.Stream {
	t.Helper()
	s, err := stream.Open(t.Context(), stream.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// untilFileChanges waits until a file has more than n bytes.
func untilFileChanges(t *testing.T, name string, n int64) {
	t.Helper()
	until(t, "state of the consumer on disk", func() bool {
		info, err := os.Stat(name)
		return err == nil && info.Size() > n
	})
}

// shortWait is how long messages of a dead process at an outside stream stay away in these tests.
const shortWait = 500 * time.Millisecond

// A message that ends the process each time is found and set aside, and its neighbours pass.
func TestMessageThatEndsTheProcessIsSetAside(t *testing.T) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		first := open0(t, dir)
		mustPublish(t, first, stream.Sightings, numbered(0, 20)...)
		closeStream(t, first)
		died := untilFound(t, dir)
		checkFound(t, open(t, stream.Config{Dir: dir}), died)
	})
	t.Run("outside", func(t *testing.T) {
		t.Parallel()
		url := testkit.NATS(t, t.TempDir(), server.RANDOM_PORT).ClientURL()
		s := open(t, stream.Config{URL: url, AckWait: shortWait})
		mustPublish(t, s, stream.Sightings, numbered(0, 20)...)
		checkFound(t, s, untilFound(t, url))
	})
}

// untilFound runs processes until the bad message is set aside and all others have passed, and returns how many of them ended.
func untilFound(t *testing.T, at string) (died int) {
	t.Helper()
	passed := map[string]bool{} // and setAside
	for died < 20 && len(passed) < 20 {
		cmd, lines := spawn(t, "die", at)
		for lines.Scan() {
			if passed[lines.Text()] = true; len(passed) == 20 {
				if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // exit status 3, or killed
		died++
	}
	return died
}

func checkFound(t *testing.T, s *stream.Stream, died int) {
	t.Helper()
	dead := deadLetters(t, s)
	if len(dead) != 1 || dead[0].ID != "m00007" || !strings.Contains(dead[0].Reason, "process ended") {
		t.Fatalf("set aside after %d deaths: %+v", died, dead)
	}
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Out: stream.Findings, Do: echo})
	done(t, s, stream.Sightings, stream.Detect)
	// The last kill may have made the server forget that the message was let go; then it was handled here once more.
	isBad := func(id string) bool { return id == "m00007" }
	out := slices.DeleteFunc(drain(t, s, 19), isBad)
	slices.Sort(out)
	if want := slices.DeleteFunc(ids(numbered(0, 20)), isBad); !slices.Equal(slices.Compact(out), want) {
		t.Errorf("passed on %v", out)
	}
	if died < 4 || died > 8 {
		t.Errorf("the process died %d times before the message was found, want 4 to 8", died)
	}
}
