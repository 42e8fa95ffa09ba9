package stream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"varde/internal/fault"
	"varde/internal/stream"
)

func TestRunRefusesWrongConfig(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{})
	for _, row := range []struct {
		name string
		cfg  stream.RunConfig
	}{
		{"unknown consumer", stream.RunConfig{Consumer: "nobody", Do: echo}},
		{"no handler", stream.RunConfig{Consumer: stream.Detect}},
		{"unknown output", stream.RunConfig{Consumer: stream.Detect, Do: echo, Out: "NOWHERE"}},
		{"huge batch", stream.RunConfig{Consumer: stream.Detect, Do: echo, Batch: 5000}},
		{"negative workers", stream.RunConfig{Consumer: stream.Detect, Do: echo, Workers: -1}},
	} {
		if err := s.Run(t.Context(), row.cfg); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Do: echo, Out: stream.Findings})
	mustPublish(t, s, stream.Sightings, numbered(0, 1)...)
	done(t, s, stream.Sightings, stream.Detect)
	if err := s.Run(t.Context(), stream.RunConfig{Consumer: stream.Detect, Do: echo}); !errors.Is(err, fault.ErrInUse) {
		t.Errorf("a second Run: %v", err)
	}
}

// The output has the order of the input, however many work on it and however long each takes.
func TestRunKeepsOrder(t *testing.T) {
	t.Parallel()
	places(t, func(t *testing.T, cfg stream.Config) {
		s := open(t, cfg)
		mustPublish(t, s, stream.Sightings, numbered(0, 900)...)
		var acked seen
		gate := make(chan struct{}, 1)
		stop := running(t, s, stream.RunConfig{
			Consumer: stream.Detect, Out: stream.Findings, Batch: 50, Workers: 4,
			Do: func(ctx context.Context, in []stream.Message) ([]stream.Message, error) {
				if in[0].ID == "m00000" { // the first batch waits until a later one is through
					select {
					case <-gate:
					case <-ctx.Done():
					}
				} else {
					select {
					case gate <- struct{}{}:
					default:
					}
				}
				return in, nil
			},
			AfterAck: func(_ context.Context, in []stream.Message) { acked.add(in...) },
		})
		done(t, s, stream.Sightings, stream.Detect)
		stop()
		want := ids(numbered(0, 900))
		if got := drain(t, s, 900); !slices.Equal(got, want) {
			t.Errorf("passed on %v", got)
		}
		if !slices.Equal(acked.all(), want) {
			t.Errorf("acknowledged %v", acked.all())
		}
	})
}

// failure is a way for the record bad, the sixth of twelve, to go wrong.
type failure struct {
	name string
	fail func(try int) error
	// tries is how often it is handled, in the batch and by itself.
	tries int
	// reason, stack and deliveries are what is written when it is set aside; passes says that it is not.
	reason     string
	stack      bool
	deliveries int
	passes     bool
}

const bad = "m00005"

var failures = []failure{
	{name: "fails always", fail: func(int) error { return errBad }, tries: 4, reason: errBad.Error(), deliveries: 3},
	{name: "panics always", fail: func(int) error { panic("made-up trouble") }, tries: 4, reason: "panic: made-up trouble", stack: true, deliveries: 3},
	{name: "fails for good", fail: func(int) error { return fmt.Errorf("read: %w", fault.ErrPermanent) }, tries: 2, reason: "read: permanent failure", deliveries: 1},
	{name: "fails twice, then succeeds", fail: func(try int) error {
		if try <= 2 {
			return errBad
		}
		return nil
	}, tries: 3, passes: true},
}

// Only the message at fault suffers, wherever it stands in its batch.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, row := range failures {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, stream.Config{})
			mustPublish(t, s, stream.Sightings, numbered(0, 12)...)
			var handled seen
			stop := running(t, s, stream.RunConfig{
				Consumer: stream.Detect, Out: stream.Findings, MaxDeliver: 3, Backoff: quick,
				Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
					handled.add(in...)
					if slices.Contains(ids(in), bad) {
						if err := row.fail(handled.count(bad)); err != nil {
							return nil, err
						}
					}
					return in, nil
				},
			})
			done(t, s, stream.Sightings, stream.Detect)
			stop()
			if got := handled.count(bad); got != row.tries {
				t.Errorf("handled %d times, want %d", got, row.tries)
			}
			row.check(t, s)
		})
	}
}

func (f failure) check(t *testing.T, s *stream.Stream) {
	t.Helper()
	want := slices.DeleteFunc(ids(numbered(0, 12)), func(id string) bool { return id == bad })
	dead := deadLetters(t, s)
	if f.passes {
		want = append(want, bad)
	}
	if got := drain(t, s, len(want)); !slices.Equal(got, want) {
		t.Errorf("passed on %v", got)
	}
	if f.passes {
		if len(dead) != 0 {
			t.Errorf("set aside %+v", dead)
		}
		return
	}
	if n, err := s.DeadCount(t.Context()); err != nil || n != 1 || len(dead) != 1 {
		t.Fatalf("%d set aside (%v): %+v", n, err, dead)
	}
	d := dead[0]
	if d.ID != bad || d.Topic != stream.Sightings || d.Consumer != stream.Detect || d.Reason != f.reason || d.Deliveries != f.deliveries ||
		d.Size != len("record 5") || time.Since(d.At) > time.Hour || strings.Contains(d.Stack, "run_test.go") != f.stack {
		t.Errorf("set aside %+v", d)
	}
}

func TestDeadLettersArePutBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open0(t, dir)
	mustPublish(t, s, stream.Sightings, numbered(0, 30)...)
	var healthy atomic.Bool
	cfg := stream.RunConfig{
		Consumer: stream.Detect, Out: stream.Findings, Backoff: quick, Batch: 10,
		Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
			for _, m := range in {
				if !healthy.Load() && m.ID >= "m00010" && m.ID < "m00013" {
					return nil, fmt.Errorf("%s \"with quotes\",\nlines and æøå: %w", m.ID, fault.ErrPermanent)
				}
			}
			return in, nil
		},
	}
	stop := running(t, s, cfg)
	done(t, s, stream.Sightings, stream.Detect)
	stop()
	closeStream(t, s)

	s = open(t, stream.Config{Dir: dir, Expect: true})
	dead := deadLetters(t, s)
	if len(dead) != 3 || dead[1].ID != "m00011" || dead[1].Reason != "m00011 \"with quotes\",\nlines and æøå: permanent failure" {
		t.Fatalf("set aside %+v", dead)
	}
	for d, err := range s.Dead(t.Context()) { // stops when asked to
		if err != nil || d.Seq != dead[0].Seq {
			t.Errorf("first is %+v, %v", d, err)
		}
		break
	}

	healthy.Store(true)
	running(t, s, cfg)
	n, err := s.Replay(t.Context(), dead[1].Seq, 99)
	if n != 1 || !errors.Is(err, fault.ErrNotFound) || !strings.Contains(err.Error(), "99") {
		t.Errorf("replayed %d, %v", n, err)
	}
	if left := deadLetters(t, s); len(left) != 2 || left[0].Seq != dead[0].Seq || left[1].Seq != dead[2].Seq {
		t.Errorf("left %+v", left)
	}
	if n, err := s.Replay(t.Context()); n != 2 || err != nil {
		t.Errorf("replayed %d, %v", n, err)
	}
	if n, err := s.DeadCount(t.Context()); n != 0 || err != nil {
		t.Errorf("%d left, %v", n, err)
	}
	done(t, s, stream.Sightings, stream.Detect)
	got := drain(t, s, 30)
	slices.Sort(got)
	if !slices.Equal(got, ids(numbered(0, 30))) {
		t.Errorf("passed on %v", got)
	}
}

// What was put back and fails again is set aside again, under its own id.
func TestReplayedMessageCanFailAgain(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{})
	running(t, s, stream.RunConfig{Consumer: stream.Link, Do: func(context.Context, []stream.Message) ([]stream.Message, error) {
		return nil, fault.ErrPermanent
	}})
	mustPublish(t, s, stream.Findings, numbered(0, 1)...)
	for round := range 3 {
		until(t, "being set aside", func() bool { n, err := s.DeadCount(t.Context()); return err == nil && n == 1 })
		dead := deadLetters(t, s)
		if len(dead) != 1 || dead[0].ID != "m00000" || dead[0].Topic != stream.Findings {
			t.Fatalf("round %d: %+v", round, dead)
		}
		if n, err := s.Replay(t.Context(), dead[0].Seq); n != 1 || err != nil {
			t.Fatalf("round %d: replayed %d, %v", round, n, err)
		}
	}
}

// A dead-letter stream without room keeps nobody else waiting, and what does not fit stays where it is.
func TestFullDeadLetterStreamLosesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{MaxBytes: 300 << 10})
	var healthy atomic.Bool
	running(t, s, stream.RunConfig{
		Consumer: stream.Detect, Out: stream.Findings, Backoff: quick,
		Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
			if !healthy.Load() && len(in[0].Data) > 1000 {
				return nil, fault.ErrPermanent
			}
			return in, nil
		},
	})
	big := numbered(0, 2)
	for i := range big {
		big[i].Data = make([]byte, 200<<10)
		mustPublish(t, s, stream.Sightings, big[i])
		if i == 0 {
			until(t, "the first being set aside", func() bool { n, err := s.DeadCount(t.Context()); return err == nil && n == 1 })
			done(t, s, stream.Sightings, stream.Detect)
		}
	}
	mustPublish(t, s, stream.Sightings, numbered(2, 3)...)
	var got seen
	running(t, s, stream.RunConfig{Consumer: stream.Link, Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
		got.add(in...)
		return nil, nil
	}})
	until(t, "the small one passing", func() bool { return got.count("m00002") == 1 })
	if got.count("m00001") != 0 {
		t.Error("the second large one passed")
	}
	healthy.Store(true)
	if n, err := s.Replay(t.Context()); n != 1 || err != nil {
		t.Errorf("replayed %d, %v", n, err)
	}
	until(t, "all passing", func() bool {
		left, err := s.DeadCount(t.Context())
		if err == nil && left > 0 { // the second was set aside after all, now that there was room
			_, err = s.Replay(t.Context())
		}
		return err == nil && got.count("m00000") == 1 && got.count("m00001") == 1
	})
}

// What is not the messages' fault is waited out: nothing is set aside.
func TestHeldErrorsAreWaitedOut(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{AckWait: time.Second})
	errDown := errors.New("the store is out of reach")
	mustPublish(t, s, stream.Sightings, numbered(0, 20)...)
	var calls atomic.Int32
	running(t, s, stream.RunConfig{
		Consumer: stream.Detect, Out: stream.Findings, MaxDeliver: 1, Backoff: quick, Hold: func(err error) bool { return errors.Is(err, errDown) },
		Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
			if calls.Add(1) <= 5 {
				return nil, fmt.Errorf("commit: %w", errDown)
			}
			return in, nil
		},
	})
	done(t, s, stream.Sightings, stream.Detect)
	if n, err := s.DeadCount(t.Context()); n != 0 || err != nil {
		t.Errorf("%d set aside, %v", n, err)
	}
	if got := drain(t, s, 20); !slices.Equal(got, ids(numbered(0, 20))) {
		t.Errorf("passed on %v", got)
	}
}

// Output that the stream can never take is the fault of the message it was made of.
func TestOutputTooLargeSetsItsMessageAside(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{})
	mustPublish(t, s, stream.Sightings, numbered(0, 6)...)
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Out: stream.Findings, Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
		out := slices.Clone(in)
		for i := range out {
			if out[i].ID == "m00003" {
				out[i].Data = make([]byte, 9<<20)
			}
		}
		return out, nil
	}})
	done(t, s, stream.Sightings, stream.Detect)
	if dead := deadLetters(t, s); len(dead) != 1 || dead[0].ID != "m00003" || dead[0].Size != len("record 3") {
		t.Errorf("set aside %+v", dead)
	}
	if got := drain(t, s, 5); len(got) != 5 {
		t.Errorf("passed on %v", got)
	}
}

// Work that takes longer than AckWait is not handed out a second time while it goes on.
func TestLongWorkIsNotHandedOutTwice(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{AckWait: 400 * time.Millisecond, Listen: "127.0.0.1:0"})
	guest := open(t, stream.Config{URL: s.URL(), AckWait: 400 * time.Millisecond})
	mustPublish(t, s, stream.Sightings, numbered(0, 5)...)
	var handled seen
	var acked atomic.Int32
	cfg := stream.RunConfig{
		Consumer: stream.Detect,
		Do: func(ctx context.Context, in []stream.Message) ([]stream.Message, error) {
			handled.add(in...)
			select {
			case <-time.After(2 * time.Second): // five times AckWait
			case <-ctx.Done():
			}
			return nil, nil
		},
		AfterAck: func(_ context.Context, in []stream.Message) { acked.Add(int32(len(in))) },
	}
	running(t, s, cfg)
	running(t, guest, cfg)
	until(t, "five acknowledgements", func() bool { return acked.Load() == 5 })
	got := handled.all()
	slices.Sort(got)
	if !slices.Equal(got, ids(numbered(0, 5))) {
		t.Errorf("handled %v", got)
	}
}

// A Run that is stopped finishes what is in work and hands back what is not; the next one goes on at once.
func TestStoppedRunFinishesItsWork(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{AckWait: time.Minute})
	mustPublish(t, s, stream.Sightings, numbered(0, 100)...)
	begun, release := make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- s.Run(ctx, stream.RunConfig{Consumer: stream.Detect, Out: stream.Findings, Batch: 10,
			Do: func(work context.Context, in []stream.Message) ([]stream.Message, error) {
				if in[0].ID == "m00000" {
					close(begun)
					<-release
				}
				return in, work.Err()
			}})
	}()
	<-begun
	cancel()
	close(release)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	last, err := s.Last(t.Context(), stream.Findings)
	if err != nil || last < 10 || last > 30 {
		t.Errorf("%d passed on, %v", last, err)
	}
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Out: stream.Findings, Do: echo})
	done(t, s, stream.Sightings, stream.Detect)
	got := drain(t, s, 100)
	slices.Sort(got)
	if !slices.Equal(got, ids(numbered(0, 100))) {
		t.Errorf("passed on %v", got)
	}
}

// A consumer that someone deletes is declared again.
func TestDeletedConsumerComesBack(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{Listen: "127.0.0.1:0"})
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Out: stream.Findings, Do: echo})
	mustPublish(t, s, stream.Sightings, numbered(0, 10)...)
	done(t, s, stream.Sightings, stream.Detect)
	if err := behind(t, s).DeleteConsumer(t.Context(), "SIGHTINGS", stream.Detect); err != nil {
		t.Fatal(err)
	}
	mustPublish(t, s, stream.Sightings, numbered(10, 20)...)
	got := drain(t, s, 20)
	slices.Sort(got)
	if !slices.Equal(slices.Compact(got), ids(numbered(0, 20))) {
		t.Errorf("passed on %v", got)
	}
}

// What is done leaves the disk's account, and Floor stays right.
func TestDoneMessagesLeaveTheStream(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{Listen: "127.0.0.1:0"})
	if floor, err := s.Floor(t.Context(), stream.Detect); err != nil || floor != 0 {
		t.Errorf("floor at first is %d, %v", floor, err)
	}
	mustPublish(t, s, stream.Sightings, numbered(0, 50)...)
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Do: func(context.Context, []stream.Message) ([]stream.Message, error) { return nil, nil }})
	js := behind(t, s)
	until(t, "an empty stream", func() bool {
		st, err := js.Stream(t.Context(), "SIGHTINGS")
		return err == nil && st.CachedInfo().State.Msgs == 0 && st.CachedInfo().State.LastSeq == 50
	})
	if floor, err := s.Floor(t.Context(), stream.Detect); err != nil || floor != 50 {
		t.Errorf("floor is %d, %v", floor, err)
	}
	if _, err := s.Floor(t.Context(), "nobody"); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("floor of an unknown consumer: %v", err)
	}
}
