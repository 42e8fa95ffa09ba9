package crawler_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"varde/crawler"
	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/target"
)

func TestNewNamesWhatIsMissing(t *testing.T) {
	for _, cfg := range []crawler.Config{{}, {Gate: open{}}, {Publisher: &published{}}} {
		if _, err := crawler.New(cfg); !errors.Is(err, fault.ErrUsage) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

func TestAPassStopsWherePublishingFails(t *testing.T) {
	full := errors.New("the disk is full")
	m := newMarket(t, 50, nil)
	got := &published{fails: 3, err: full}
	c := newCrawler(t, crawler.Config{Publisher: got})
	r, err := c.Pass(t.Context(), m.target(t, "concurrency: 4", "concurrency: 1"))
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "publish market.example/") || r.Ads != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	if got := len(m.asked); got > 7 { // robots.txt, the list, three ads, the one that failed, and one that was under way
		t.Errorf("%d pages were asked for", got)
	}
	err = c.Run(t.Context(), []*target.Target{m.target(t)})
	if !errors.Is(err, full) || !strings.HasPrefix(err.Error(), "crawl market: ") {
		t.Errorf("Run: %v", err)
	}
}

// TestCancellingEndsAPassAtOnce, wherever it is, and leaves nothing running.
func TestCancellingEndsAPassAtOnce(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for name, path := range map[string]string{"list": "/ads", "ad": "/ad/3", "picture": "/img/1.png", "robots.txt": "/robots.txt"} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan bool, 1)
			m := newMarket(t, 9, map[string]http.HandlerFunc{"/ad/1": html("<h1>x</h1><img src='/img/1.png'>"), path: func(_ http.ResponseWriter, r *http.Request) {
				arrived <- true
				<-r.Context().Done()
			}})
			var got published
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := newCrawler(t, crawler.Config{Publisher: &got}).Pass(ctx, m.target(t))
				ended <- err
			}()
			<-arrived
			cancel()
			select {
			case err := <-ended:
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			case <-time.After(time.Second):
				t.Fatal("the pass goes on")
			}
			if n := got.ids()["1"]; path == "/img/1.png" && n != 0 { // without its pictures it would be another version
				t.Error("an ad was published without its pictures")
			}
			m.Close()
			goleak.VerifyNone(t, before)
		})
	}
}

// TestAPassKeepsNoConnections: the site lives on, the pass is over.
func TestAPassKeepsNoConnections(t *testing.T) {
	m := newMarket(t, 9, nil)
	var opened, closed atomic.Int64
	all := make(chan bool, 1)
	m.onConn(func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			opened.Add(1)
		case http.StateClosed:
			if closed.Add(1) == opened.Load() {
				select {
				case all <- true:
				default:
				}
			}
		}
	})
	if _, r := pass(t, m.target(t), fetch.Limits{}); r.Ads != 9 {
		t.Fatalf("%+v", r)
	}
	select {
	case <-all:
	case <-time.After(2 * time.Second):
		t.Errorf("%d connections were opened, %d closed", opened.Load(), closed.Load())
	}
}

func TestADeadlineEndsAPass(t *testing.T) {
	m := newMarket(t, 9, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	r, err := newCrawler(t, crawler.Config{Publisher: &published{}}).Pass(ctx, m.target(t, "rate: 10000", "rate: 0.1"))
	if !errors.Is(err, context.DeadlineExceeded) || len(r.Failed) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestRunCrawlsAgainUntilItIsStopped: and only what is enabled, and not what the gate refuses.
func TestRunCrawlsAgainUntilItIsStopped(t *testing.T) {
	m, off, refused := newMarket(t, 1, nil), newMarket(t, 1, nil), newMarket(t, 1, nil)
	ctx, cancel := context.WithCancel(t.Context())
	var told atomic.Int64
	c := newCrawler(t, crawler.Config{Gate: notFor(refused.target(t).Hosts[0]),
		Publisher: publishFunc(func(s ad.Sighting) error {
			if told.Add(1) == 3 { // the third pass
				cancel()
			}
			return nil
		})})
	err := c.Run(ctx, []*target.Target{m.target(t), off.target(t, "enabled: true", "enabled: false"), refused.target(t, "every: 1ms", "every: 1h")})
	if err != nil || told.Load() < 3 {
		t.Errorf("%d ads, %v", told.Load(), err)
	}
	if len(off.asked) != 0 || len(refused.asked) != 0 {
		t.Errorf("asked the target that is off for %v, the one the gate refuses for %v", off.asked, refused.asked)
	}
}

type publishFunc func(ad.Sighting) error

func (f publishFunc) Publish(_ context.Context, s ad.Sighting) error { return f(s) }

// notFor refuses one host.
type notFor string

func (g notFor) Allow(_ context.Context, _ *target.Target, u *url.URL) error {
	if u.Host == string(g) {
		return errors.New("nobody asked for it")
	}
	return nil
}
