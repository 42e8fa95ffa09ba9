package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/crawler/fetch"
	"varde/internal/batch"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/target"
)

const (
	// lease is how long a page is kept from other crawlers, beside what the site's pace takes. A crawler that is killed takes its own back
	// when it starts.
	lease = 10 * time.Minute
	// ahead is how many pages are leased for each visit under way.
	ahead = 2
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
	// once ends the work when nothing is due; under counts pages handed out and not finished.
	once  bool
	under atomic.Int64
}

// Once reads what is due of a target until nothing is, or the site is to be left alone. It returns a *target.Denial when the target may not be crawled any longer, and what
// keeps us from recording.
func (c *Crawler) Once(ctx context.Context, t *target.Target) error { return c.crawl(ctx, t, true) }

// crawl reads what is due of a target, once or for ever.
func (c *Crawler) crawl(ctx context.Context, t *target.Target, once bool) error {
	w := &worker{Crawler: c, target: t, once: once, log: c.cfg.Log.With("target", t.ID), finish: batch.New(mostTogether, c.cfg.Frontier.Finish)}
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
	pages := make(chan frontier.Page)
	g, ctx := errgroup.WithContext(ctx)
	for range t.Concurrency {
		g.Go(func() error {
			for p := range pages {
				err := w.one(ctx, p)
				w.under.Add(-1)
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(pages)
		return w.feed(ctx, pages)
	})
	return g.Wait()
}

// start makes the start pages known.
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
	return nil
}

// feed hands out what is due.
func (w *worker) feed(ctx context.Context, pages chan<- frontier.Page) error {
	n, term := ahead*w.target.Concurrency, lease
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
		due, err := w.cfg.Frontier.Lease(ctx, w.target.ID, w.cfg.Node, now, now.Add(term), n)
		if err != nil {
			return fmt.Errorf("take pages that are due: %w", err)
		}
		for i, p := range due {
			w.under.Add(1)
			select {
			case pages <- p:
			case <-ctx.Done():
				w.giveBack(ctx, due[i:]...)
				return ctx.Err()
			}
		}
		if len(due) > 0 {
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
			until = now.Add(soon)
		}
		if err := w.pause(ctx, until); err != nil {
			return err
		}
	}
}

// soon is how long to wait while what is due is under way: its links may be due at once.
const soon = 20 * time.Millisecond

func (w *worker) pause(ctx context.Context, until time.Time) error {
	d := until.Sub(w.cfg.Now())
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// one visits a page and records what came of it. Its error ends the work on the target.
func (w *worker) one(ctx context.Context, p frontier.Page) error {
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-ctx.Done():
		w.giveBack(ctx, p)
		return ctx.Err()
	}
	v, err := w.visit(ctx, p)
	if err != nil {
		var no *target.Denial
		if ctx.Err() != nil {
			w.giveBack(ctx, p)
			return err
		}
		if errors.As(err, &no) { // the page stays as it was, and is due when the target may be crawled again
			v = frontier.Visit{Page: p, Version: w.target.Version, At: w.cfg.Now(), Counts: []frontier.Count{{Outcome: frontier.NotAuthorised, N: 1, Example: p.URL, Detail: no.Reason}}}
			if done := w.finish.Do(ctx, v); done != nil {
				w.log.Warn("a refused request could not be counted", "error", done)
			}
			return err
		}
		w.giveBack(ctx, p)
		return err
	}
	w.mood.hear(v.Page.Outcome, w.cfg.Now(), w.log)
	if err := w.add(ctx, &v); err != nil {
		return err
	}
	if err := w.finish.Do(ctx, v); errors.Is(err, fault.ErrPermanent) {
		w.log.Error("what came of a page cannot be recorded", "error", err)
		return nil
	} else if err != nil {
		return fmt.Errorf("record what came of a page: %w", err)
	}
	return nil
}

// add makes the pages known that a visit found links to, before the visit is recorded: a kill in between leads to a second look.
func (w *worker) add(ctx context.Context, v *frontier.Visit) error {
	if len(v.Links) == 0 {
		return nil
	}
	_, over, err := w.cfg.Frontier.AddPages(ctx, w.target.ID, v.Links, w.cfg.Now(), w.target.MaxPages)
	if err != nil {
		return fmt.Errorf("add pages: %w", err)
	}
	if over > 0 {
		v.Counts = append(v.Counts, frontier.Count{Outcome: frontier.TooMany, N: over, Example: v.Page.URL, Detail: "max_pages"})
	}
	v.Links = nil
	return nil
}

// giveBack ends the lease of pages that were not visited, so that nobody waits for it to run out. It is done although the work is told to
// end; where it fails, the lease runs out.
func (w *worker) giveBack(ctx context.Context, pages ...frontier.Page) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBackTime)
	defer cancel()
	visits := make([]frontier.Visit, len(pages))
	for i, p := range pages {
		visits[i] = frontier.Visit{Page: p, Version: w.target.Version, At: w.cfg.Now()}
	}
	if err := w.finish.Do(ctx, visits...); err != nil {
		w.log.Warn("pages could not be given back; they wait for their lease to end", "pages", len(pages), "error", err)
	}
}

// giveBackTime bounds how long ending takes.
const giveBackTime = 5 * time.Second

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
