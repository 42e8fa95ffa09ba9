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
	tg.Rate, tg.Robots.Policy = 20, "ignore"
	pace := new(fetch.Pace)
	var g errgroup.Group
	began := time.Now()
	for range 3 {
		r := rigged(t, s, tg, func(c *fetch.Config) { c.Pacer = pace })
		for range 2 {
			g.Go(func() error { _, err := r.page(t, "/ads/1"); return err })
		}
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 245*time.Millisecond {
		t.Errorf("six pages at 20 a second took %s", took)
	}
}

// given are slots of one process: instants in a row.
type given struct {
	next    time.Time
	asked   int
	longest int
	away    int // how often they cannot be reached
}

func (g *given) Reserve(_ context.Context, _ string, n int, every time.Duration) (time.Time, error) {
	if g.away > 0 {
		g.away--
		return time.Time{}, errors.New("the slots are away")
	}
	first := time.Now()
	if first.Before(g.next) {
		first = g.next
	}
	g.next, g.asked, g.longest = first.Add(time.Duration(n)*every), g.asked+1, max(g.longest, n)
	return first, nil
}

// TestBothPacersKeepTheSlowestOfEachHost.
func TestBothPacersKeepTheSlowestOfEachHost(t *testing.T) {
	for name, make := range map[string]func() fetch.Pacer{
		"Pace":   func() fetch.Pacer { return new(fetch.Pace) },
		"Shared": func() fetch.Pacer { return shared(t, map[string]*given{}) },
	} {
		t.Run(name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { keepsTheSlowest(t, make()) }) })
	}
}

// byHost are slots of several hosts.
type byHost map[string]*given

func (b byHost) Reserve(ctx context.Context, host string, n int, every time.Duration) (time.Time, error) {
	if b[host] == nil {
		b[host] = new(given)
	}
	return b[host].Reserve(ctx, host, n, every)
}

func shared(t testing.TB, slots byHost) *fetch.Shared {
	t.Helper()
	s, err := fetch.NewShared(slots, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func keepsTheSlowest(t *testing.T, p fetch.Pacer) {
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
		{"free", 0, 0, 0}, {"free", 0, 0, 0},
		{"a", 2, 0, 0},
		{"a", 2, 0, 500 * time.Millisecond},
		{"a", 0, 0, 500 * time.Millisecond}, // one who needs no limit does not lift it
		{"b", 2, 0, 0},                      // another host does not wait
		{"b", 0, 500 * time.Millisecond, 500 * time.Millisecond},
	} {
		if got := took(tt.host, tt.perSecond, tt.delay); got != tt.want {
			t.Errorf("%d: waited %s for %s, want %s", i, got, tt.host, tt.want)
		}
	}
	took("c", 0.1, 0)
	took("c", 0.1, 0)
	if got := took("c", 100, 0); got != 10*time.Second { // somebody in a hurry does not make it faster
		t.Errorf("waited %s", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Second, cancel)
	if err := p.Wait(ctx, "c", 1, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// A deadline is waited for, so that what ends a pass is the deadline and not each of its pages.
	ctx, cancel = context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	began := time.Now()
	if err := p.Wait(ctx, "c", 1, 0); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
		t.Errorf("got %v after %s", err, time.Since(began))
	}
	if got := took("c", 1, 0); got != 8*time.Second { // those who gave up do not hold up the others
		t.Errorf("waited %s", got)
	}
	if err := p.Wait(ctx, "free", 0, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without a limit: %v", err)
	}
}

// TestASharedPaceAsksSeldomAndNeverGoesFaster.
func TestASharedPaceAsksSeldomAndNeverGoesFaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slots := byHost{"free": {}, "fast": {}, "slow": {}, "away": {away: 5}}
		p := shared(t, slots)
		const n = 200
		for host, perSecond := range map[string]float64{"free": 0, "fast": 1000, "slow": 2} {
			var g errgroup.Group
			began := time.Now()
			times := make(chan time.Time, n)
			for range n {
				g.Go(func() error { err := p.Wait(t.Context(), host, perSecond, 0); times <- time.Now(); return err })
			}
			if err := g.Wait(); err != nil {
				t.Fatal(err)
			}
			close(times)
			if took := time.Since(began); perSecond > 0 && took < time.Duration(float64(n-1)/perSecond*float64(time.Second)) {
				t.Errorf("%s: %d in %s", host, n, took)
			}
		}
		if slots["free"].asked != 0 || slots["fast"].asked > 3 || slots["fast"].longest != 100 || slots["slow"].longest != 1 {
			t.Errorf("free %+v, fast %+v, slow %+v", slots["free"], slots["fast"], slots["slow"])
		}
		began := time.Now()
		if err := p.Wait(t.Context(), "away", 10, 0); err != nil || slots["away"].away != 0 || time.Since(began) < time.Second {
			t.Errorf("%v, after %s", err, time.Since(began))
		}
		slots["away"].away = 1000
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.Wait(ctx, "away", 10, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if left := slots["away"].away; left < 960 {
			t.Errorf("asked %d times in a minute", 1000-left)
		}
	})
}

// TestSlotsThatWereSleptOverAreNotMadeUpFor: a process that was stopped for a while does not send all at once what it had reserved.
func TestSlotsThatWereSleptOverAreNotMadeUpFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := shared(t, byHost{})
		wait := func() time.Time {
			if err := p.Wait(t.Context(), "a", 100, 0); err != nil {
				t.Fatal(err)
			}
			return time.Now()
		}
		wait()
		<-time.After(time.Hour)
		began := wait()
		for range 20 {
			wait()
		}
		if took := time.Since(began); took < 200*time.Millisecond {
			t.Errorf("20 more at 100 a second took %s", took)
		}
	})
}
