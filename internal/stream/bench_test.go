package stream_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"varde/internal/stream"
)

// record is the size of a usual sighting.
const record = 2 << 10

func benchStream(b *testing.B) *stream.Stream {
	b.Helper()
	s, err := stream.Open(b.Context(), stream.Config{Dir: b.TempDir(), Listen: "127.0.0.1:0", MaxBytes: 8 << 30})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func perSecond(b *testing.B, n int) { b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "msgs/s") }

func publish(b *testing.B, s *stream.Stream, size, data int) {
	n := 0
	msgs := make([]stream.Message, size)
	for b.Loop() {
		for i := range msgs {
			n++
			msgs[i] = stream.Message{ID: fmt.Sprintf("%032d", n), Data: bytes.Repeat([]byte{byte(n)}, data)}
		}
		if err := s.Publish(b.Context(), stream.Sightings, msgs...); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, n)
}

// BenchmarkPublish compares the ways to put 2 KB messages on disk, every acknowledged one synced.
func BenchmarkPublish(b *testing.B) {
	b.Run("one at a time", func(b *testing.B) { publish(b, benchStream(b), 1, record) })
	b.Run("async 256 in flight", func(b *testing.B) {
		s := benchStream(b)
		nc, err := nats.Connect(s.URL())
		if err != nil {
			b.Fatal(err)
		}
		defer nc.Close()
		js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(256))
		if err != nil {
			b.Fatal(err)
		}
		n, data := 0, make([]byte, record)
		for b.Loop() {
			futures := make([]jetstream.PubAckFuture, 256)
			for i := range futures {
				n++
				if futures[i], err = js.PublishAsync("varde.sighting", data, jetstream.WithMsgID(fmt.Sprint(n))); err != nil {
					b.Fatal(err)
				}
			}
			for _, f := range futures {
				select {
				case <-f.Ok():
				case err := <-f.Err():
					b.Fatal(err)
				}
			}
		}
		perSecond(b, n)
	})
	for _, size := range []int{4, 16, 64, 256, 500, 5000} {
		b.Run(fmt.Sprintf("Publish of %d", size), func(b *testing.B) { publish(b, benchStream(b), size, record) })
	}
	for _, size := range []int{64, 500} {
		b.Run(fmt.Sprintf("%d packed in one", size), func(b *testing.B) {
			s, n := benchStream(b), 0
			for b.Loop() {
				n += size
				if err := s.Publish(b.Context(), stream.Sightings, stream.Message{ID: fmt.Sprint(n), Data: make([]byte, size*record)}); err != nil {
					b.Fatal(err)
				}
			}
			perSecond(b, n)
		})
	}
}

// BenchmarkRun is the way of a message through a consumer that publishes one message for each.
func BenchmarkRun(b *testing.B) {
	s, n := benchStream(b), 0
	data := make([]byte, record)
	for b.Loop() {
		b.StopTimer()
		msgs := make([]stream.Message, 5000)
		for i := range msgs {
			n++
			msgs[i] = stream.Message{ID: fmt.Sprint(n), Data: data}
		}
		if err := s.Publish(b.Context(), stream.Sightings, msgs...); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		ctx, cancel := context.WithCancel(b.Context())
		left := len(msgs)
		err := s.Run(ctx, stream.RunConfig{
			Consumer: stream.Detect, Out: stream.Findings,
			Do: func(_ context.Context, in []stream.Message) ([]stream.Message, error) { return in, nil },
			AfterAck: func(_ context.Context, in []stream.Message) {
				if left -= len(in); left == 0 {
					cancel()
				}
			},
		})
		cancel()
		if err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, n)
}
