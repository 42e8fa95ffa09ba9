package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/crawler/fetch"
	"varde/internal/batch"
	"varde/internal/frontier"
	"varde/internal/target"
)

const (
	// leaseTime is how long a page is kept from other crawlers, beside what the site's pace takes. A crawler that is killed takes its own back
	// when it starts.
	leaseTime = 10 * time.Minute
	// ahead is how many pages are leased for each visit under way.
	ahead = 2
	// settling is how many visits are being published and recorded for each that asks: that waits for the disk three times, and asking
	// does not wait for it. After a kill, what is being asked for and settled is asked for again: at most three times the target's
	// concurrency.
	settling = 2
	// mostTogether bounds how many visits are recorded in one transaction.
	mostTogether = 128
	// idle bounds how long nothing due is believed: pages can be added by others.
	idle = 2 * time.Second
)

// worker crawls one version of a target.
type worker struct {
	*Crawler
	target  *target.Target
	fetcher *fetch.Fetcher
	log     *slog.Logger
	finish  *batch.Group[frontier.Visit]
	mood    mood
	known   known
	// own is a slot for a visit that no other target can take.
	own chan struct{}
	// busy are the pages that are under way here, by kind and name: one whose lease ran out meanwhile is not begun a second time.
	busy sync.Map
	// once ends the work when nothing is due; under counts pages handed out and not finished.
	once  bool
	under atomic.Int64
}

// Once reads what is due of a target until nothing is, or the site is to be left alone. It returns a *target.Denial when the target may not
// be crawled any longer, and what keeps us from recording.
func (c *Crawler) Once(ctx context.Context, t *target.Target) error { return c.crawl(ctx, t, true) }

// crawl reads what is due of a target, once or for ever.
func (c *Crawler) crawl(ctx context.Context, t *target.Target, once bool) error {
	w := &worker{Crawler: c, target: t, once: once, own: make(chan struct{}, 1), log: c.cfg.Log.With("target", t.ID), finish: batch.New(mostTogether, c.cfg.Frontier.Finish)}
	var err error
	w.fetcher, err = fetch.New(t, fetch.Config{Gate: c.cfg.Gate, Pacer: c.cfg.Pacer, Recorder: recorder{w}, Limits: c.cfg.Limits,
		Secrets: c.cfg.Secrets, Log: w.log})
	if err != nil {
		return err
	}
	defer w.fetcher.Close()
	if err := w.start(ctx); err != nil {
		return err
	}
	late, cancel := grace(ctx)
	defer cancel()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var settlers errgroup.Group
	made := make(chan *visit)
	for range settling * t.Concurrency {
		settlers.Go(func() error { return w.settleAll(late, made, stop) })
	}
	asked := w.askAll(ctx, made)
	close(made)
	if err := settlers.Wait(); err != nil {
		return err
	}
	return asked
}

// grace returns a context that ends some time after ctx: what has been fetched is worth being recorded although the work is told to end.
func grace(ctx context.Context) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(graceTime, cancel) })
	return late, func() { stop(); cancel() }
}

// graceTime bounds how long ending takes.
const graceTime = 5 * time.Second

// askAll hands out what is due, and visits it, until the work is over.
func (w *worker) askAll(ctx context.Context, made chan<- *visit) error {
	pages := make(chan frontier.Page)
	g, ctx := errgroup.WithContext(ctx)
	for range w.target.Concurrency {
		g.Go(func() error { return w.ask(ctx, pages, made) })
	}
	g.Go(func() error {
		defer close(pages)
		return w.feed(ctx, pages)
	})
	return g.Wait()
}

// ask visits pages until there are none.
func (w *worker) ask(ctx context.Context, pages <-chan frontier.Page, made chan<- *visit) error {
	for p := range pages {
		if w.mood.until().After(w.cfg.Now()) { // somebody has just been told to leave the site alone
			w.giveBack(ctx, p)
			w.under.Add(-1)
			continue
		}
		v, err := w.one(ctx, p)
		if err != nil {
			return err
		}
		made <- v // somebody takes it until this work is over, be it only to give it back
	}
	return nil
}

// settleAll settles visits until there are none. After one that could not be recorded it calls stop, so that no more is asked for, and gives
// the others back.
func (w *worker) settleAll(ctx context.Context, made <-chan *visit, stop func()) error {
	var failed error
	for v := range made {
		if failed != nil {
			w.giveBack(ctx, v.was)
		} else if failed = v.settle(ctx); failed != nil {
			stop()
		}
		w.under.Add(-1)
	}
	return failed
}

func pageKey(p frontier.Page) string { return string(p.Kind) + "/" + p.Name }

// start makes the start pages known, and goes on where a crawler before us stopped.
func (w *worker) start(ctx context.Context) error {
	var links []frontier.Link
	for _, s := range w.target.Start {
		u, err := url.Parse(s)
		if err != nil {
			return fmt.Errorf("start %q: %w", s, err)
		}
		links = append(links, frontier.Link{Kind: frontier.List, Name: canonical(u), URL: u.String()})
	}
	if _, _, err := w.cfg.Frontier.AddPages(ctx, w.target.ID, links, w.cfg.Now(), w.target.MaxPages); err != nil {
		return fmt.Errorf("add the start pages: %w", err)
	}
	if err := w.cfg.Frontier.Hasten(ctx, w.target.ID, w.target.Every, w.target.Revisit.Most); err != nil {
		return err
	}
	size, err := w.cfg.Frontier.FrontierSize(ctx, w.target.ID, w.cfg.Now())
	if err != nil {
		return fmt.Errorf("ask whether the site is left alone: %w", err)
	}
	w.mood.recall(size.LeftUntil, size.Rests)
	return nil
}

// feed hands out what is due.
func (w *worker) feed(ctx context.Context, pages chan<- frontier.Page) error {
	n, term, nap := ahead*w.target.Concurrency, leaseTime, soon
	if w.target.Rate > 0 {
		term += time.Duration(float64(n*(mostPictures+1)) / w.target.Rate * float64(time.Second))
	}
	for {
		if rest := w.mood.until(); w.once && rest.After(w.cfg.Now()) {
			return nil
		} else if err := w.pause(ctx, rest); err != nil {
			return err
		}
		now, under := w.cfg.Now(), w.under.Load()
		due, err := w.lease(ctx, now, now.Add(term), n)
		if err != nil {
			return err
		}
		for i, p := range due {
			if _, under := w.busy.LoadOrStore(pageKey(p), true); under {
				continue
			}
			w.under.Add(1)
			select {
			case pages <- p:
			case <-ctx.Done():
				w.giveBack(ctx, due[i:]...)
				return ctx.Err()
			}
		}
		if len(due) > 0 {
			nap = soon
			continue
		}
		if w.once && under == 0 {
			return nil
		}
		size, err := w.cfg.Frontier.FrontierSize(ctx, w.target.ID, now)
		if err != nil {
			return fmt.Errorf("ask when the next page is due: %w", err)
		}
		until := now.Add(idle)
		if size.NextDue.After(now) && size.NextDue.Before(until) {
			until = size.NextDue
		} else if !size.NextDue.After(now) && !size.NextDue.IsZero() { // leased by somebody else, or under way here
			if under > 0 {
				nap = soon
			}
			until, nap = now.Add(nap), min(2*nap, idle)
		}
		if err := w.pause(ctx, until); err != nil {
			return err
		}
	}
}

// lease takes pages that are due. It is not broken off when ctx ends: what was leased and not told would wait for its lease to run out.
func (w *worker) lease(ctx context.Context, now, until time.Time, n int) ([]frontier.Page, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	due, err := w.cfg.Frontier.Lease(ctx, w.target.ID, w.cfg.Node, now, until, n)
	if err != nil {
		return nil, fmt.Errorf("take pages that are due: %w", err)
	}
	return due, nil
}

// soon is how long to wait while what is due is under way: its links may be due at once.
const soon = 20 * time.Millisecond

func (w *worker) pause(ctx context.Context, until time.Time) error {
	return fetch.Sleep(ctx, until.Sub(w.cfg.Now()))
}

// one visits a page. Its error ends the work on the target.
func (w *worker) one(ctx context.Context, p frontier.Page) (*visit, error) {
	select {
	case w.own <- struct{}{}:
		defer func() { <-w.own }()
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-ctx.Done():
		w.giveBack(ctx, p)
		return nil, ctx.Err()
	}
	v, err := w.careful(ctx, p)
	if err == nil {
		return v, nil
	}
	var no *target.Denial
	if ctx.Err() != nil || !errors.As(err, &no) {
		w.giveBack(ctx, p)
		return nil, err
	}
	// The page stays as it was, and is due when the target may be crawled again.
	w.busy.Delete(pageKey(p)) // before somebody can lease it again
	w.keep(ctx, frontier.Visit{Page: p, Version: w.target.Version, At: w.cfg.Now(), Counts: []frontier.Count{{Outcome: frontier.NotAuthorised, N: 1, Example: p.URL, Detail: no.Reason}}})
	return nil, err
}

// careful is visit, where a page on which this program fails costs that page and nothing else.
func (w *worker) careful(ctx context.Context, p frontier.Page) (v *visit, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			w.log.Error("reading a page failed; please report it", "page", p.Name, "failure", failure, "stack", string(debug.Stack()))
			v, err = &visit{worker: w, was: p, Visit: frontier.Visit{Page: p, Version: w.target.Version, At: w.cfg.Now()}}, nil
			v.ended(frontier.ReadingFailed, p.URL, "")
			v.forget()
			v.Page.Due = v.At.Add(v.most())
		}
	}()
	return w.visit(ctx, p)
}

// giveBack ends the lease of pages that were not visited, so that nobody waits for it to run out. It is done although the work is told to
// end; where it fails, the lease runs out.
func (w *worker) giveBack(ctx context.Context, pages ...frontier.Page) {
	visits := make([]frontier.Visit, len(pages))
	for i, p := range pages {
		visits[i] = frontier.Visit{Page: p, Version: w.target.Version, At: w.cfg.Now()}
		w.busy.Delete(pageKey(p)) // before somebody can lease it again
	}
	w.keep(ctx, visits...)
}

// keep records visits although the work is told to end.
func (w *worker) keep(ctx context.Context, visits ...frontier.Visit) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	if err := w.finish.Do(ctx, visits...); err != nil {
		w.log.Warn("pages could not be given back; they wait for their lease to end", "pages", len(visits), "error", err)
	}
}

// known remembers the ads that this worker has seen links to: a list page whose ads are all known leads nowhere new.
type known struct {
	mu  sync.Mutex
	ads map[string]struct{}
}

// mostKnown bounds the memory for known ads: 200,000 names take about 20 MB.
const mostKnown = 200_000

// fresh remembers names and says whether one of them was not known.
func (k *known) fresh(names []string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ads == nil || len(k.ads) > mostKnown {
		k.ads = map[string]struct{}{}
	}
	found := false
	for _, n := range names {
		if _, ok := k.ads[n]; !ok {
			k.ads[n] = struct{}{}
			found = true
		}
	}
	return found
}
