package stream_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"

	"varde/internal/fault"
	"varde/internal/stream"
	"varde/internal/testkit"
)

func TestOpenRefusesWrongConfig(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		cfg  stream.Config
		want error
	}{
		{"neither folder nor address", stream.Config{}, fault.ErrUsage},
		{"both", stream.Config{Dir: "x", URL: "nats://127.0.0.1:1"}, fault.ErrUsage},
		{"negative size", stream.Config{Dir: "x", MaxBytes: -1}, fault.ErrUsage},
		{"listening to other machines", stream.Config{Dir: t.TempDir(), Listen: "0.0.0.0:0"}, fault.ErrUsage},
		{"listening by name", stream.Config{Dir: t.TempDir(), Listen: "localhost:0"}, fault.ErrUsage},
	} {
		if _, err := stream.Open(t.Context(), row.cfg); !errors.Is(err, row.want) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

func TestOpenSaysThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	_, err = stream.Open(t.Context(), stream.Config{URL: "nats://varde:s3cret@" + addr})
	if s := fault.Sentence(err); !strings.Contains(s, addr) || !strings.Contains(s, "cannot be reached") {
		t.Errorf("told %q", s)
	}
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the password is in the error: %v", err)
	}
}

func TestSecondProcessIsKeptOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open0(t, dir)
	_, err := stream.Open(t.Context(), stream.Config{Dir: dir})
	if !errors.Is(err, fault.ErrInUse) {
		t.Fatalf("second Open: %v", err)
	}
	if s := fault.Sentence(err); !strings.Contains(s, fmt.Sprint(os.Getpid())) || !strings.Contains(s, "--data") {
		t.Errorf("told %q", s)
	}
	closeStream(t, first)
	closeStream(t, open0(t, dir))
}

func TestPublishKeepsOrderAndDropsDuplicates(t *testing.T) {
	t.Parallel()
	places(t, func(t *testing.T, cfg stream.Config) {
		s := open(t, cfg)
		mustPublish(t, s, stream.Findings, numbered(0, 600)...)   // batches
		mustPublish(t, s, stream.Findings, numbered(600, 603)...) // one by one
		mustPublish(t, s, stream.Findings, numbered(590, 700)...) // a batch that holds known ones
		twice := append(numbered(700, 720), numbered(710, 730)...)
		mustPublish(t, s, stream.Findings, twice...) // a batch that repeats itself
		if last, err := s.Last(t.Context(), stream.Findings); err != nil || last != 730 {
			t.Errorf("last is %d, %v, want 730", last, err)
		}
		if got := drain(t, s, 730); !slices.Equal(got, ids(numbered(0, 730))) {
			t.Errorf("got %v", got)
		}
		mustPublish(t, s, stream.Findings, numbered(0, 730)...) // known although it was taken
		if last, err := s.Last(t.Context(), stream.Findings); err != nil || last != 730 {
			t.Errorf("last is %d, %v, want 730", last, err)
		}
	})
}

func TestPublishByManyAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{})
	errs := make(chan error)
	const publishers = 12
	for p := range publishers {
		go func() {
			errs <- errors.Join(s.Publish(t.Context(), stream.Findings, numbered(p*100, p*100+90)...),
				s.Publish(t.Context(), stream.Findings, numbered(p*100+90, p*100+100)...))
		}()
	}
	for range publishers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	got := drain(t, s, publishers*100)
	slices.Sort(got)
	if !slices.Equal(got, ids(numbered(0, publishers*100))) {
		t.Errorf("%d arrived", len(got))
	}
}

func TestPublishRefusesWhatCanNeverBeTaken(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{})
	for _, row := range []struct {
		name string
		msg  stream.Message
		in   string
	}{
		{"too large", stream.Message{ID: "giant", Data: make([]byte, 8<<20)}, "giant"},
		{"without id", stream.Message{Data: []byte("x")}, "empty"},
		{"id with a line break", stream.Message{ID: "a\r\nNats-Rollup: all", Data: []byte("x")}, "line break"},
		{"long id", stream.Message{ID: strings.Repeat("i", 600)}, "512"},
	} {
		err := s.Publish(t.Context(), stream.Sightings, stream.Message{ID: "before", Data: []byte("x")}, row.msg)
		if !errors.Is(err, fault.ErrPermanent) || !strings.Contains(err.Error(), row.in) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if last, err := s.Last(t.Context(), stream.Sightings); err != nil || last != 0 {
		t.Errorf("%d messages were sent, %v", last, err)
	}
	if err := s.Publish(t.Context(), "OTHER", numbered(0, 1)...); !errors.Is(err, fault.ErrUsage) {
		t.Errorf("unknown topic: %v", err)
	}
	if err := s.Publish(t.Context(), stream.Sightings); err != nil {
		t.Errorf("nothing: %v", err)
	}
	if err := s.Publish(t.Context(), stream.Sightings, stream.Message{ID: "large", Data: make([]byte, 7<<20)}); err != nil {
		t.Errorf("7 MiB: %v", err)
	}
}

// A full stream makes publishers wait until there is room, and loses nothing.
func TestFullStreamHoldsPublishersBack(t *testing.T) {
	t.Parallel()
	s := open(t, stream.Config{MaxBytes: 200 << 10})
	msgs := numbered(0, 120)
	for i := range msgs {
		msgs[i].Data = make([]byte, 4<<10)
	}
	published := make(chan error, 1)
	go func() { published <- s.Publish(t.Context(), stream.Findings, msgs...) }()
	until(t, "a full stream", func() bool {
		last, err := s.Last(t.Context(), stream.Findings)
		return err == nil && last > 30
	})
	select {
	case err := <-published:
		t.Fatalf("all was taken although there is no room: %v", err)
	default:
	}
	if got := drain(t, s, 120); !slices.Equal(got, ids(msgs)) {
		t.Errorf("got %v", got)
	}
	if err := <-published; err != nil {
		t.Error(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	again := numbered(200, 320)
	for i := range again {
		again[i].Data = make([]byte, 4<<10)
	}
	go func() { published <- s.Publish(ctx, stream.Findings, again...) }()
	until(t, "a full stream", func() bool {
		last, err := s.Last(t.Context(), stream.Findings)
		return err == nil && last > 150
	})
	cancel()
	if err := <-published; !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

func TestRestartKeepsMessagesAndTakesNewLimits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open0(t, dir)
	mustPublish(t, first, stream.Findings, numbered(0, 30)...)
	closeStream(t, first)

	s := open(t, stream.Config{Dir: dir, MaxBytes: 5 << 20, AckWait: 7 * time.Second, Listen: "127.0.0.1:0", Expect: true})
	js := behind(t, s)
	for _, name := range []string{"SIGHTINGS", "FINDINGS", "DEAD"} {
		st, err := js.Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if got := st.CachedInfo().Config.MaxBytes; got != 5<<20 {
			t.Errorf("%s has room for %d bytes", name, got)
		}
	}
	c, err := js.Consumer(t.Context(), "FINDINGS", stream.Link)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.CachedInfo().Config.AckWait; got != 7*time.Second {
		t.Errorf("ack wait is %s", got)
	}
	if n := s.Notices(); len(n) != 0 {
		t.Errorf("notices %v", n)
	}
	if got := drain(t, s, 30); !slices.Equal(got, ids(numbered(0, 30))) {
		t.Errorf("got %v", got)
	}
}

func TestMissingStreamIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	closeStream(t, open0(t, dir))
	if err := os.RemoveAll(streamDir(dir, "SIGHTINGS")); err != nil {
		t.Fatal(err)
	}
	s := open(t, stream.Config{Dir: dir, Expect: true})
	n := s.Notices()
	if len(n) != 1 || n[0] != (fault.Notice{Kind: fault.StreamMissing, About: "SIGHTINGS"}) {
		t.Errorf("notices %q", n)
	}
	if n := open(t, stream.Config{}).Notices(); len(n) != 0 {
		t.Errorf("a first start notices %q", n)
	}
}

// A stream whose description is damaged is not overwritten by an empty one.
func TestDamagedStreamIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open0(t, dir)
	mustPublish(t, first, stream.Sightings, numbered(0, 5)...)
	closeStream(t, first)
	meta := filepath.Join(streamDir(dir, "SIGHTINGS"), "meta.inf")
	good, err := os.ReadFile(meta)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(meta, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = stream.Open(t.Context(), stream.Config{Dir: dir})
	if !errors.Is(err, fault.ErrDamaged) || fault.Sentence(err) == "" {
		t.Fatalf("Open: %v", err)
	}
	if err := os.WriteFile(meta, good, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, stream.Config{Dir: dir})
	if last, err := s.Last(t.Context(), stream.Sightings); err != nil || last != 5 {
		t.Errorf("after repair the last is %d, %v", last, err)
	}
}

func TestSyncOfOutsideServerIsChecked(t *testing.T) {
	t.Parallel()
	conf := func(t *testing.T, sync string) string {
		file := filepath.Join(t.TempDir(), "nats.conf")
		text := fmt.Sprintf(`
			host: 127.0.0.1, port: -1, server_name: outer
			jetstream { store_dir: %q, sync_interval: %s }
			accounts {
				SYS { users: [{user: sys, password: s}], exports: [{service: "$SYS.REQ.SERVER.PING.JSZ"}] }
				APP { jetstream: enabled, users: [{user: app, password: a}],
					imports: [{service: {account: SYS, subject: "$SYS.REQ.SERVER.PING.JSZ"}}] }
			}
			system_account: SYS`, t.TempDir(), sync)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		opts, err := server.ProcessConfigFile(file)
		if err != nil {
			t.Fatal(err)
		}
		opts.NoSigs, opts.NoLog = true, true
		srv := testkit.NATS(t, "", 0, func(o *server.Options) { *o = *opts })
		return strings.Replace(srv.ClientURL(), "://", "://app:a@", 1)
	}
	if s := open(t, stream.Config{URL: conf(t, "always")}); len(s.Notices()) != 0 {
		t.Errorf("notices %v", s.Notices())
	}
	_, err := stream.Open(t.Context(), stream.Config{URL: conf(t, "2m")})
	if s := fault.Sentence(err); !strings.Contains(s, "sync_interval: always") || !strings.Contains(s, "outer") {
		t.Errorf("told %q (%v)", s, err)
	}
	unknown := open(t, stream.Config{URL: testkit.NATS(t, t.TempDir(), server.RANDOM_PORT).ClientURL()})
	if n := unknown.Notices(); len(n) != 1 || n[0].Kind != fault.SyncUnknown {
		t.Errorf("notices %q", n)
	}
}

// An outside server that goes away and comes back costs time only.
func TestOutageOfOutsideServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	srv := testkit.NATS(t, dir, server.RANDOM_PORT)
	port := srv.Addr().(*net.TCPAddr).Port
	s := open(t, stream.Config{URL: srv.ClientURL(), AckWait: time.Second})
	var got seen
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) {
		got.add(in...)
		return nil, nil
	}})
	mustPublish(t, s, stream.Sightings, numbered(0, 100)...)
	srv.Shutdown()
	srv.WaitForShutdown()
	published := make(chan error, 1)
	go func() { published <- s.Publish(t.Context(), stream.Sightings, numbered(100, 200)...) }()
	testkit.NATS(t, dir, port)
	if err := <-published; err != nil {
		t.Fatal(err)
	}
	done(t, s, stream.Sightings, stream.Detect)
	all := got.all()
	slices.Sort(all)
	if !slices.Equal(slices.Compact(all), ids(numbered(0, 200))) {
		t.Errorf("%d different arrived", len(all))
	}
}

func TestWakeReachesEveryNode(t *testing.T) {
	t.Parallel()
	places(t, func(t *testing.T, cfg stream.Config) {
		s := open(t, cfg)
		ctx, cancel := context.WithCancel(t.Context())
		one, two := s.Woken(ctx), s.Woken(ctx)
		wait := func(name string, woken <-chan struct{}) {
			t.Helper()
			select {
			case _, ok := <-woken:
				if !ok {
					t.Fatalf("%s: closed", name)
				}
			case <-time.After(patience):
				t.Fatalf("%s was not woken", name)
			}
		}
		wait("one at the start", one)
		wait("two at the start", two)
		for i := range 3 {
			if err := s.Wake(ctx, int64(i+1)); err != nil {
				t.Fatal(err)
			}
			wait("one", one)
			wait("two", two)
		}
		late := s.Woken(ctx) // hears of what was before
		wait("late", late)
		cancel()
		for _, woken := range []<-chan struct{}{one, two, late} {
			until(t, "closing", func() bool {
				select {
				case _, ok := <-woken:
					return !ok
				default:
					return false
				}
			})
		}
	})
}

func TestProgress(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open0(t, dir)
	if got, err := s.Progress(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("at first: %v, %v", got, err)
	}
	for node, seq := range map[string]int64{"one": 3, "two": 9} {
		if err := s.PutProgress(t.Context(), node, seq); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutProgress(t.Context(), "one", 12); err != nil {
		t.Fatal(err)
	}
	if err := s.PutProgress(t.Context(), "a node", 1); err == nil {
		t.Error("a name with a space was taken")
	}
	closeStream(t, s)
	s = open(t, stream.Config{Dir: dir})
	if got, err := s.Progress(t.Context()); err != nil || len(got) != 2 || got["one"] != 12 || got["two"] != 9 {
		t.Errorf("after restart: %v, %v", got, err)
	}
	if err := s.DropProgress(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Progress(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("after drop: %v, %v", got, err)
	}
}

// Two processes of one machine share an embedded stream that listens.
func TestListeningStreamIsReachedByURL(t *testing.T) {
	t.Parallel()
	host := open(t, stream.Config{Listen: "127.0.0.1:0"})
	guest := open(t, stream.Config{URL: host.URL()})
	mustPublish(t, guest, stream.Findings, numbered(0, 40)...)
	if got := drain(t, host, 40); !slices.Equal(got, ids(numbered(0, 40))) {
		t.Errorf("got %v", got)
	}
	if url := open(t, stream.Config{}).URL(); url != "" {
		t.Errorf("a stream that does not listen has the address %q", url)
	}
}

// Not parallel: it looks at the goroutines of the whole process.
func TestCloseLeavesNothingRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	s := open0(t, t.TempDir())
	mustPublish(t, s, stream.Sightings, numbered(0, 100)...)
	ended := make(chan error, 1)
	var got seen
	go func() {
		ended <- s.Run(context.Background(), stream.RunConfig{Consumer: stream.Detect, Workers: 3, Batch: 7, Out: stream.Findings,
			Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) { got.add(in...); return in, nil }})
	}()
	woken := s.Woken(context.Background())
	until(t, "some work", func() bool { return len(got.all()) > 10 })
	closeStream(t, s)
	closeStream(t, s) // twice does no harm
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	for range woken { // ends because the channel is closed
	}
	if err := s.Run(t.Context(), stream.RunConfig{Consumer: stream.Detect, Do: echo}); err == nil {
		t.Error("Run on a closed stream does not fail")
	}
	goleak.VerifyNone(t, before)
}

// Ads' contents and addresses never get into the log.
func TestLogHoldsNoContents(t *testing.T) {
	t.Parallel()
	var log testkit.Output
	s := open(t, stream.Config{Log: logTo(&log)})
	mustPublish(t, s, stream.Sightings, stream.Message{ID: "x1", Data: []byte("call +47 00000000 tonight")})
	running(t, s, stream.RunConfig{Consumer: stream.Detect, Backoff: quick, MaxDeliver: 2, Do: func(context.Context, []stream.Message) ([]stream.Message, error) {
		return nil, errBad
	}})
	done(t, s, stream.Sightings, stream.Detect)
	until(t, "a line about what was set aside", func() bool { return strings.Contains(log.String(), "message set aside") })
	if strings.Contains(log.String(), "00000000") {
		t.Error(log.String())
	}
}
