package crawler_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"varde/crawler"
	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/store"
	"varde/internal/target"
)

func contextWithCancel(t testing.TB) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

// childEnv names the data folder in the environment of this test program when it is started as a crawler to be killed.
const childEnv = "VARDE_TEST_CRAWL"

// child crawls until it is killed, or until nothing is due. It says whether this process is one.
func child() bool {
	dir := os.Getenv(childEnv)
	if dir == "" {
		return false
	}
	if err := crawlIn(context.Background(), dir, nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

// crawlIn crawls the active targets of a data folder once.
func crawlIn(ctx context.Context, dir string, published func(ad.Sighting)) error {
	s, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "varde.db"), store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := evidence.Open(evidence.Config{Dir: filepath.Join(dir, "evidence"), Software: "test"})
	if err != nil {
		return err
	}
	defer a.Close()
	desk := target.NewDesk(s, target.DeskConfig{Loopback: true})
	c, err := crawler.New(crawler.Config{Targets: desk, Gate: desk, Frontier: s, Archive: a, Publisher: record{s, published}, Ads: latest{s}, Pacer: &fetch.Pace{}, Node: "node", Software: "test"})
	if err != nil {
		return err
	}
	if err := s.Release(ctx, "node"); err != nil {
		return err
	}
	all, err := desk.Active(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := c.Once(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// record commits what is published.
type record struct {
	*store.Store
	told func(ad.Sighting)
}

func (r record) Publish(ctx context.Context, s ad.Sighting) error {
	_, err := r.Commit(ctx, ad.Update{Findings: []ad.Finding{{Sighting: s}}})
	if err == nil && r.told != nil {
		r.told(s)
	}
	return err
}

// TestAKilledCrawlLosesNothing: kill -9 in the middle of 2,500 pages read 8 at once, then to the end. Every page is seen, fewer than one in
// a hundred twice, and every sighting in the record has its evidence.
func TestAKilledCrawlLosesNothing(t *testing.T) {
	const ads = 2500
	var mu sync.Mutex
	asked, kills := map[string]int{}, []int{ads / 2}
	reached := make(chan bool, 1)
	pages := 0
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path]++
		pages++
		if len(kills) > 0 && pages == kills[0] {
			kills = kills[1:]
			reached <- true
		}
		mu.Unlock()
		var n int
		switch _, err := fmt.Sscanf(r.URL.Path, "/ad/%d", &n); {
		case r.URL.Path == "/ads":
			list(ads)(w, r)
		case err == nil:
			html(fmt.Sprintf("<h1>Annonse %d</h1>", n))(w, r)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(site.Close)
	dir := t.TempDir()
	authorise(t, dir, (&market{Server: site}).text("max_pages: 1000", "max_pages: 6000", "concurrency: 4", "concurrency: 8"))
	killed(t, dir, reached)
	if err := crawlIn(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	twice := 0
	for n := range ads {
		k := asked[fmt.Sprintf("/ad/%d", n+1)]
		if k == 0 {
			t.Errorf("/ad/%d was never asked for", n+1)
		}
		twice += max(0, k-1)
	}
	// So many were being asked for, and twice as many recorded, when it was killed: at most 24.
	if twice > ads/100 {
		t.Errorf("%d of %d pages were fetched twice", twice, ads)
	}
	t.Logf("%d of %d pages were fetched twice", twice, ads)
	proven(t, dir, ads)
}

// authorise brings a target through the desk in a data folder.
func authorise(t testing.TB, dir, text string) {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "varde.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st := &station{t: t, store: s, desk: target.NewDesk(s, target.DeskConfig{Loopback: true})}
	st.approve(text)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// killed starts a crawler of its own process and ends it with SIGKILL when reached says so.
func killed(t testing.TB, dir string, reached <-chan bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-reached:
	case <-time.After(60 * time.Second):
		t.Error("the crawl does not get there")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
		t.Fatalf("the crawler ended before it was killed: %v %s", err, out.String())
	}
}

// proven checks that every sighting in the record has its evidence, and that all of the evidence is whole.
func proven(t testing.TB, dir string, ads int) {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "varde.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a, err := evidence.Open(evidence.Config{Dir: filepath.Join(dir, "evidence"), Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	n := 0
	for got, err := range s.Ads(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		n++
		for _, c := range got.Finding.Sighting.Provenance.Captures {
			if _, err := a.Read(t.Context(), c); err != nil {
				t.Errorf("%s: %v", got.Key, err)
			}
		}
	}
	if n != ads {
		t.Errorf("%d ads in the record, want %d", n, ads)
	}
	if r, err := a.Verify(t.Context(), nil); err != nil || len(r.Faults) > 0 {
		t.Errorf("%+v, %v", r.Faults, err)
	}
}
