package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/crawler/fetch"
)

func TestFetchersShareOnePace(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")})
	tg := s.target()
	tg.Rate = 20
	pace := new(fetch.Pace)
	var g errgroup.Group
	began := time.Now()
	for range 3 {
		f, err := fetch.New(tg, new(gate), pace, fetch.Limits{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(f.Close)
		for range 2 {
			g.Go(func() error { _, err := f.Get(t.Context(), s.url(t, "/ads/1")); return err })
		}
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 245*time.Millisecond {
		t.Errorf("six pages at 20 a second took %s", took)
	}
}

func TestPaceKeepsTheSlowestOfEachHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p fetch.Pace
		took := func(host string, perSecond float64, delay time.Duration) time.Duration {
			began := time.Now()
			if err := p.Wait(t.Context(), host, perSecond, delay); err != nil {
				t.Fatal(err)
			}
			return time.Since(began).Round(time.Millisecond)
		}
		for i, tt := range []struct {
			host      string
			perSecond float64
			delay     time.Duration
			want      time.Duration
		}{
			{"a", 2, 0, 0},
			{"a", 2, 0, 500 * time.Millisecond},
			{"b", 2, 0, 0}, // another host does not wait
			{"a", 2, 10 * time.Second, 10 * time.Second},
			{"a", 100, 0, 10 * time.Second}, // somebody in a hurry does not make it faster
			{"a", 100, time.Second, 10 * time.Second},
			{"b", 100, 0, 0},
		} {
			if got := took(tt.host, tt.perSecond, tt.delay); got != tt.want {
				t.Errorf("%d: waited %s for %s, want %s", i, got, tt.host, tt.want)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := p.Wait(ctx, "a", 1, 0); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		// A deadline is waited for, so that what ends a pass is the deadline and not each of its pages.
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := p.Wait(ctx, "a", 1, 0); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("got %v after %s", err, time.Since(began))
		}
		if got := took("a", 1, 0); got != 8*time.Second { // those who gave up do not hold up the others
			t.Errorf("waited %s", got)
		}
	})
}
