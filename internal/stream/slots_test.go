package stream_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"varde/internal/fault"
	"varde/internal/stream"
	"varde/internal/testkit"
)

func mustReserve(t testing.TB, s *stream.Slots, name string, n int, every time.Duration) time.Time {
	t.Helper()
	at, err := s.Reserve(t.Context(), name, n, every)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Many processes, on machines whose clocks differ by minutes, are given each instant once, none too close to another, and none is lost.
func TestSlotsAreGivenOnceWhateverTheClocks(t *testing.T) {
	t.Parallel()
	url := testkit.NATS(t, t.TempDir(), server.RANDOM_PORT).ClientURL()
	const every, each = 10 * time.Second, 40
	var (
		g  errgroup.Group
		mu sync.Mutex
		at []time.Time
	)
	began := time.Now()
	for i, off := range []time.Duration{0, 5 * time.Minute, -5 * time.Minute} {
		slots := open(t, stream.Config{URL: url}).SlotsAt(off)
		g.Go(func() error {
			for j := range each {
				n := 1 + (i+j)%3
				first, err := slots.Reserve(t.Context(), "market.example:8080", n, every)
				if err != nil {
					return err
				}
				mu.Lock()
				for k := range n {
					at = append(at, first.Add(time.Duration(k)*every-off)) // by the one true clock
				}
				mu.Unlock()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(at, time.Time.Compare)
	// The clocks are compared over a connection, so that an instant is known only as exactly as that is fast.
	const inexact = time.Second
	for i, a := range at {
		if want := at[0].Add(time.Duration(i) * every); a.Sub(want).Abs() > inexact {
			t.Fatalf("slot %d of %d is %s off", i, len(at), a.Sub(want))
		}
	}
	if first := at[0].Sub(began); first < -inexact || first > patience {
		t.Errorf("the first slot is %s from now", first)
	}
}

func TestSlotsBeginNowWhereNobodyAsked(t *testing.T) {
	t.Parallel()
	slots := open(t, stream.Config{}).Slots()
	for _, name := range []string{"a", "b", "[::1]:80", "blåbær.example"} {
		before := time.Now()
		if at := mustReserve(t, slots, name, 3, time.Hour); at.Sub(before).Abs() > patience {
			t.Errorf("%s: the first slot is %s from now", name, at.Sub(before))
		}
		if at := mustReserve(t, slots, name, 1, time.Hour); at.Sub(before) < 3*time.Hour-patience {
			t.Errorf("%s: three hours are given away, and the next begins %s from now", name, at.Sub(before))
		}
	}
	for _, wrong := range []struct {
		name  string
		n     int
		every time.Duration
	}{{"", 1, time.Second}, {"a", 0, time.Second}, {"a", 1, 0}} {
		if _, err := slots.Reserve(t.Context(), wrong.name, wrong.n, wrong.every); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}

// While the server is away there are no slots. When it is back without its memory, what was given to us is still ours.
func TestSlotsSurviveTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	srv := testkit.NATS(t, dir, server.RANDOM_PORT)
	port := srv.Addr().(*net.TCPAddr).Port
	slots := open(t, stream.Config{URL: srv.ClientURL()}).Slots()
	first := mustReserve(t, slots, "a", 1, time.Hour)
	srv.Shutdown()
	srv.WaitForShutdown()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if at, err := slots.Reserve(ctx, "a", 1, time.Hour); err == nil {
		t.Errorf("a slot at %s from a server that is away", at)
	}
	testkit.NATS(t, dir, port)
	var next time.Time
	until(t, "a slot after the restart", func() bool {
		var err error
		next, err = slots.Reserve(t.Context(), "a", 1, time.Hour)
		return err == nil
	})
	if next.Sub(first) < time.Hour-patience {
		t.Errorf("the next slot is %s after the first", next.Sub(first))
	}
}

// What nobody here wrote is an error and no slot.
func TestABucketThatIsDamagedGivesNoSlots(t *testing.T) {
	t.Parallel()
	url := testkit.NATS(t, t.TempDir(), server.RANDOM_PORT).ClientURL()
	slots := open(t, stream.Config{URL: url}).Slots()
	mustReserve(t, slots, "a", 1, time.Second)
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	kv, err := js.KeyValue(t.Context(), stream.SlotsBucket)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := kv.Keys(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatalf("keys %q, %v", keys, err)
	}
	if _, err := kv.PutString(t.Context(), keys[0], "soon"); err != nil {
		t.Fatal(err)
	}
	if _, err := slots.Reserve(t.Context(), "a", 1, time.Second); !errors.Is(err, fault.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkReserve(b *testing.B) {
	s, err := stream.Open(b.Context(), stream.Config{URL: testkit.NATS(b, b.TempDir(), server.RANDOM_PORT).ClientURL()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close(context.Background()) })
	slots := s.Slots()
	for b.Loop() {
		if _, err := slots.Reserve(b.Context(), "a", 1, time.Millisecond); err != nil {
			b.Fatal(err)
		}
	}
}
