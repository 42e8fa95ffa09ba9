package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/store"
)

// crashURL tells a copy of this test program, by its environment, to commit to that record until it is killed.
const crashURL = "VARDE_STORE_CRASH_URL"

func TestMain(m *testing.M) {
	if url := os.Getenv(crashURL); url != "" {
		fmt.Fprintln(os.Stderr, commitForever(url))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// batch is commit number n: ads of its own, one ad that every commit sees again, and networks over them.
func batch(n int) ad.Update {
	u := sample(rand.New(rand.NewPCG(uint64(n), 7)), batchSize(n), n*1000)
	u.Findings = append(u.Findings, ad.Finding{Sighting: ad.Sighting{Site: "again", AdID: "1", Title: "x", SeenAt: time.Unix(int64(n+1), 0).UTC()}})
	return u
}

func batchSize(n int) int { return 2 * (1 + n*37%25) }

// commitForever goes on after the commits that are there and prints each commit's number when Commit has returned.
func commitForever(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	n := 0
	if a, err := s.Ad(ctx, "again/1"); err == nil {
		n = a.Sightings
	}
	for u := batch(n); ; n++ {
		if _, err := s.Commit(ctx, u); err != nil {
			return err
		}
		u = batch(n + 1) // made before the commit is said, so that a kill meets the next at work
		fmt.Println(n)
	}
}

func TestKilledWhileCommitting(t *testing.T) {
	onEach(t, func(t *testing.T, _, url string) {
		acked := -1
		for round := range 4 {
			acked = killAfter(t, url, 1+round%3, acked)
			whole(t, url, acked)
		}
	})
}

// killAfter lets a child commit and kills it at some moment soon after it has said lines commits, which is while a later
// one is in work. It returns the last commit that the child said.
func killAfter(t *testing.T, url string, lines, before int) int {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashURL+"="+url)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acked, said := before, bufio.NewScanner(out)
	for i := 0; said.Scan(); i++ {
		n, err := strconv.Atoi(strings.TrimSpace(said.Text()))
		if err != nil || n > acked+1 && i > 0 || n > before+2 && i == 0 {
			t.Fatalf("after commit %d the child said %q", acked, said.Text())
		}
		acked = n
		if i+1 == lines {
			kill := time.AfterFunc(rand.N(25*time.Millisecond), func() {
				if err := child.Process.Kill(); err != nil {
					t.Error(err)
				}
			})
			defer kill.Stop()
		}
	}
	if err := child.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the child was not killed: %v", err)
	}
	return acked
}

// whole checks that every commit up to acked is there, at most one more, and each as if nothing had happened.
func whole(t *testing.T, url string, acked int) {
	t.Helper()
	ctx := context.Background()
	s := open(t, url)
	// A server may still be at the dead child's commit. Commits follow one another, so this waits for its end.
	commit(t, s, ad.Update{})
	again, err := s.Ad(ctx, "again/1")
	if err != nil {
		t.Fatal(err)
	}
	n := again.Sightings
	if n != acked+1 && n != acked+2 {
		t.Fatalf("%d commits were acknowledged, %d are there", acked+1, n)
	}
	var want store.Counts
	last := int64(0)
	for i := range n {
		want.Ads += batchSize(i)
		want.Networks += batchSize(i) / 2
		last += int64(batchSize(i) + 1 + batchSize(i)/2)
	}
	want.Sightings, want.Ads = want.Ads+n, want.Ads+1
	got, err := s.Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got.Ads != want.Ads || got.Sightings != want.Sightings || got.Networks != want.Networks {
		t.Errorf("after %d commits there are %+v, want %+v", n, got, want)
	}
	list, err := s.Changes(ctx, 0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(list)) != last || len(list) > 0 && list[len(list)-1].Seq != last {
		t.Errorf("%d changes, want %d", len(list), last)
	}
	ads := 0
	for a, err := range s.Ads(ctx, "bench.example/") {
		if err != nil {
			t.Fatal(err)
		}
		if ads++; a.Network == "" || len(a.Identifiers) != 5 || a.Sightings != 1 {
			t.Fatalf("ad %s is half there: %d identifiers, %d sightings, network %q", a.Key, len(a.Identifiers), a.Sightings, a.Network)
		}
	}
	if ads != want.Ads-1 {
		t.Errorf("%d ads are read, want %d", ads, want.Ads-1)
	}
	// The commit that was in work is delivered again, as the stream does, and changes nothing twice.
	commit(t, s, batch(n-1))
	if now, err := s.LastChange(ctx); err != nil || now != last {
		t.Errorf("delivered again, the last commit made changes up to %d, want %d (%v)", now, last, err)
	}
}
