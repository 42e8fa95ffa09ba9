package fetch_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/crawler/fetch"
	"varde/internal/stream"
	"varde/internal/testkit"
)

// Environment that makes the test binary one of several crawling processes.
const (
	childStream = "VARDE_FETCH_STREAM"
	childSite   = "VARDE_FETCH_SITE"
	childRate   = "VARDE_FETCH_RATE"
	childPages  = "VARDE_FETCH_PAGES"
)

// child asks for the site's page as fast as it may until it has it a number of times.
func child() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	perSecond, err := strconv.ParseFloat(os.Getenv(childRate), 64)
	if err != nil {
		return err
	}
	pages, err := strconv.Atoi(os.Getenv(childPages))
	if err != nil {
		return err
	}
	st, err := stream.Open(ctx, stream.Config{URL: os.Getenv(childStream)})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close(context.WithoutCancel(ctx)) }()
	pace, err := fetch.NewShared(st.Slots(), nil)
	if err != nil {
		return err
	}
	u, err := url.Parse(os.Getenv(childSite))
	if err != nil {
		return err
	}
	tg := (&site{}).targetAt(u.Host)
	tg.Rate, tg.Robots.Policy = perSecond, "ignore"
	f, err := fetch.New(tg, fetch.Config{Gate: new(gate), Recorder: new(recorder), Pacer: pace})
	if err != nil {
		return err
	}
	defer f.Close()
	var g errgroup.Group
	for range 4 {
		g.Go(func() error {
			for range pages / 4 {
				if _, err := f.Get(ctx, fetch.Request{URL: u}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// TestProcessesShareOnePace: three processes that each ask as fast as they may stay together under the rate of their one host, as the
// host sees it.
func TestProcessesShareOnePace(t *testing.T) {
	for perSecond, pages := range map[int]int{20: 60, 400: 600} {
		t.Run(strconv.Itoa(perSecond), func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/ads/1": text("x")})
			nats := testkit.NATS(t, t.TempDir(), testkit.AnyPort).ClientURL()
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			var g errgroup.Group
			for range 3 {
				cmd := exec.CommandContext(t.Context(), exe)
				cmd.Env = append(os.Environ(), childStream+"="+nats, childSite+"="+s.URL+"/ads/1", childRate+"="+strconv.Itoa(perSecond), childPages+"="+strconv.Itoa(pages/3))
				cmd.Stderr = os.Stderr
				g.Go(cmd.Run)
			}
			if err := g.Wait(); err != nil {
				t.Fatal(err)
			}
			times := s.arrived()
			if len(times) != pages {
				t.Fatalf("%d requests", len(times))
			}
			// A request may arrive late, and then the next ones seem close to it; over all of them that does not add up.
			every := time.Second / time.Duration(perSecond)
			const late = 300 * time.Millisecond
			for i := range times {
				for j := i + 1; j < len(times); j++ {
					if took, least := times[j].Sub(times[i]), time.Duration(j-i)*every-late; took < least {
						t.Fatalf("requests %d to %d came within %s, want at least %s", i, j, took, least)
					}
				}
			}
		})
	}
}
