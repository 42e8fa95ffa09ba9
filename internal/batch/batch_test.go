package batch_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"varde/internal/batch"
	"varde/internal/fault"
)

// TestManyWaitForOne: what comes while a batch is under way is done together in the next.
func TestManyWaitForOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sizes []int
		g := batch.New(100, func(_ context.Context, items []int) error {
			sizes = append(sizes, len(items))
			<-time.After(time.Second) // the bubble's clock
			return nil
		})
		var all sync.WaitGroup
		for n := range 21 {
			all.Go(func() {
				if err := g.Do(t.Context(), n); err != nil {
					t.Error(err)
				}
			})
			if n == 0 {
				synctest.Wait()
			}
		}
		all.Wait()
		if !slices.Equal(sizes, []int{1, 20}) {
			t.Errorf("batches of %v, want one alone and then all others", sizes)
		}
	})
}

func TestEachIsDoneOnceAndInOrder(t *testing.T) {
	var mu sync.Mutex
	var done []int
	var under atomic.Int32
	g := batch.New(7, func(_ context.Context, items []int) error {
		if under.Add(1) != 1 {
			t.Error("two batches at once")
		}
		defer under.Add(-1)
		mu.Lock()
		defer mu.Unlock()
		done = append(done, items...)
		return nil
	})
	var all sync.WaitGroup
	for n := range 200 {
		all.Go(func() {
			if err := g.Do(t.Context(), 2*n, 2*n+1); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(done) != 400 {
		t.Fatalf("%d items done, want 400", len(done))
	}
	for i := 0; i < len(done); i += 2 {
		if done[i]%2 != 0 || done[i+1] != done[i]+1 {
			t.Fatalf("the items of a call were parted: %v", done[i:i+2])
		}
	}
}

func TestABadItemFailsItsCallerOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := batch.New(100, func(_ context.Context, items []int) error {
			<-time.After(time.Second)
			if slices.Contains(items, 13) {
				return fault.ErrPermanent
			}
			return nil
		})
		var all sync.WaitGroup
		for n := 10; n < 20; n++ {
			all.Go(func() {
				if err := g.Do(t.Context(), n); (n == 13) != errors.Is(err, fault.ErrPermanent) {
					t.Errorf("item %d: %v", n, err)
				}
			})
		}
		all.Wait()
	})
}

// TestWhoGivesUpTakesNobodyAlong: the one who leads and the ones who wait may leave at any time.
func TestWhoGivesUpTakesNobodyAlong(t *testing.T) {
	for _, quitter := range []int{0, 1, 2} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			done := map[int]bool{}
			g := batch.New(100, func(ctx context.Context, items []int) error {
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
					return ctx.Err()
				}
				mu.Lock()
				defer mu.Unlock()
				for _, n := range items {
					done[n] = true
				}
				return nil
			})
			quit, cancel := context.WithCancel(t.Context())
			var all sync.WaitGroup
			for n := range 4 {
				all.Go(func() {
					ctx := t.Context()
					if n == quitter {
						ctx = quit
					}
					err := g.Do(ctx, n)
					if n != quitter && err != nil {
						t.Errorf("quitter %d: caller %d: %v", quitter, n, err)
					}
					if n == quitter && !errors.Is(err, context.Canceled) {
						t.Errorf("the quitter got %v", err)
					}
				})
				synctest.Wait()
			}
			if quitter == 1 { // it leads the second batch
				<-time.After(1500 * time.Millisecond)
			}
			cancel()
			all.Wait()
			for n := range 4 {
				if n != quitter && !done[n] {
					t.Errorf("quitter %d: item %d was not done", quitter, n)
				}
			}
		})
	}
}
