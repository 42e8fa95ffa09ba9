package crawler

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/crawler/adapter"
	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/picture"
	"varde/internal/target"
	"varde/internal/text"
)

// Publisher takes sightings; when it returns nil they are on disk.
type Publisher interface {
	Publish(ctx context.Context, s ad.Sighting) error
}

// Config is what crawling needs. Publisher and Gate are required.
type Config struct {
	Publisher Publisher
	Gate      fetch.Gate
	Limits    fetch.Limits
	Now       func() time.Time
	Log       *slog.Logger
}

// Result counts what one pass did.
type Result struct {
	// Pages are list and ad pages that were read, Ads the sightings published, Pictures those hashed.
	Pages, Ads, Pictures int
	// Failed counts what could not be had or read, by its reason.
	Failed map[string]int
	// Warnings are for the operator: a pass that found nothing is not a success.
	Warnings []string
}

// Crawler makes passes over targets. Its passes share one pace per host.
type Crawler struct {
	cfg  Config
	pace fetch.Pace
}

// New checks the configuration.
func New(cfg Config) (*Crawler, error) {
	if cfg.Publisher == nil || cfg.Gate == nil {
		return nil, fmt.Errorf("new crawler: %w: a publisher and a gate are required", fault.ErrUsage)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Crawler{cfg: cfg}, nil
}

// Run crawls targets, each again after its Every, until ctx ends or publishing fails.
func (c *Crawler) Run(ctx context.Context, targets []*target.Target) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, t := range targets {
		if !t.Enabled {
			continue
		}
		g.Go(func() error {
			for {
				r, err := c.Pass(ctx, t)
				if ctx.Err() != nil {
					return nil
				}
				if err != nil {
					return fmt.Errorf("crawl %s: %w", t.ID, err)
				}
				c.cfg.Log.Info("pass done", "target", t.ID, "pages", r.Pages, "ads", r.Ads, "failed", r.Failed)
				for _, w := range r.Warnings {
					c.cfg.Log.Warn(w, "target", t.ID)
				}
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(t.Every):
				}
			}
		})
	}
	return g.Wait()
}

// pass is one walk over a target.
type pass struct {
	*Crawler
	target  *target.Target
	fetcher *fetch.Fetcher
	adapter adapter.Adapter

	mu     sync.Mutex
	queue  []*url.URL
	known  map[string]bool
	ads    map[string]bool
	asked  int
	lists  int
	result Result
}

// Pass reads a target once: its start pages, the list pages they lead to, and each ad page once. It fails only where publishing
// does; what a site does wrong is counted.
func (c *Crawler) Pass(ctx context.Context, t *target.Target) (Result, error) {
	f, err := fetch.New(t, c.cfg.Gate, &c.pace, c.cfg.Limits, c.cfg.Log)
	if err != nil {
		return Result{}, err
	}
	defer f.Close()
	a, err := adapter.For(t)
	if err != nil {
		return Result{}, err
	}
	p := &pass{Crawler: c, target: t, fetcher: f, adapter: a, known: map[string]bool{}, ads: map[string]bool{}, result: Result{Failed: map[string]int{}}}
	for _, s := range t.Start {
		u, err := url.Parse(s)
		if err != nil {
			return Result{}, fmt.Errorf("start %q: %w", s, err)
		}
		p.add(u)
	}
	// Level by level: what the pages of one round lead to is the next.
	for round := p.take(); len(round) > 0; round = p.take() {
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(t.Concurrency)
		for _, u := range round {
			g.Go(func() error { return p.visit(gctx, u) })
		}
		if err := g.Wait(); err != nil {
			return p.result, err
		}
		if err := ctx.Err(); err != nil {
			return p.result, err
		}
	}
	p.judge()
	return p.result, nil
}

// mostOutside is how many addresses a pass remembers beyond twice those that it may ask for.
const mostOutside = 10_000

// add queues an address unless it is known, and counts links that lead outside.
func (p *pass) add(u *url.URL) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := u.String()
	if p.known[key] {
		return
	}
	if len(p.known) > 2*p.target.MaxPages+mostOutside { // a page of megabytes has room for a hundred thousand links
		p.result.Failed["beyond max_pages"]++
		return
	}
	p.known[key] = true
	if !p.target.Inside(u) {
		p.result.Failed["outside the target"]++
		return
	}
	p.queue = append(p.queue, u)
}

// take returns what is queued, as far as the pass may go on.
func (p *pass) take() []*url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	round := p.queue[:min(len(p.queue), max(0, p.target.MaxPages-p.asked))]
	if left := len(p.queue) - len(round); left > 0 {
		p.result.Failed["beyond max_pages"] += left
	}
	p.queue = nil
	p.asked += len(round)
	return round
}

func (p *pass) visit(ctx context.Context, u *url.URL) error {
	res, err := p.fetcher.Get(ctx, u)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.fail(err)
		return nil
	}
	page := &adapter.Page{URL: res.URL, ContentType: res.ContentType, Body: res.Body}
	doc, err := adapter.Parse(page)
	if err != nil {
		p.count("page cannot be parsed")
		return nil
	}
	p.tell(func(r *Result) { r.Pages++ })
	if id, ok := p.target.AdID(res.URL); ok {
		if !p.first(id) {
			p.count("seen under another address")
			return nil
		}
		got, err := p.adapter.Extract(doc, page, p.target)
		if err != nil {
			p.count(adapter.ErrNoAd.Error())
			return nil
		}
		return p.publish(ctx, id, res, got)
	}
	p.mu.Lock()
	p.lists++
	p.mu.Unlock()
	for _, next := range append(adapter.Links(doc, page, p.target.Adapter.List.Ads), adapter.Links(doc, page, p.target.Adapter.List.Next)...) {
		p.add(next)
	}
	return nil
}

// first says whether an ad was not seen before in this pass: pages redirect, and links differ in what does not name the ad.
func (p *pass) first(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.ads[id]
	p.ads[id] = true
	return !seen
}

// mostText bounds an ad's text in bytes. No ad that people read is longer, and a page can have megabytes of it.
const mostText = 256 << 10

// publish completes a sighting and hands it over. This is where the raw answer will be written as evidence first.
func (p *pass) publish(ctx context.Context, id string, res *fetch.Response, got adapter.Extracted) error {
	s := got.Ad
	sum := sha256.Sum256(res.Body)
	s.Site, s.AdID, s.URL, s.SeenAt = p.target.Site, id, res.URL.String(), p.cfg.Now().UTC()
	s.Category = p.target.Category
	s.Country = p.target.Country
	s.Provenance = ad.Provenance{Source: "crawl", Target: p.target.ID, Adapter: p.adapter.Name(), PageSHA256: hex.EncodeToString(sum[:]),
		Region: p.target.Country, Problems: got.Problems}
	if len(s.Text) > mostText {
		s.Text = text.Cut(s.Text, mostText)
		s.Provenance.Problems = append(s.Provenance.Problems, "the text was cut to "+strconv.Itoa(mostText)+" bytes")
	}
	if p.target.Pictures == "hash" {
		p.pictures(ctx, &s)
	}
	p.shorten(s.Images)
	if err := s.Validate(p.cfg.Now()); err != nil {
		p.count("not a valid ad: " + err.Error())
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err // a sighting without its pictures would be another version of the ad
	}
	if err := p.cfg.Publisher.Publish(ctx, s); errors.Is(err, fault.ErrPermanent) { // this ad, and not the next
		p.count("not publishable")
		return nil
	} else if err != nil {
		return fmt.Errorf("publish %s: %w", s.Key(), err)
	}
	p.tell(func(r *Result) { r.Ads++ })
	return nil
}

// mostPictures bounds the pictures of one ad.
const mostPictures = 30

// pictures hashes the ad's pictures. One that cannot be had is noted and does not lose the ad.
func (p *pass) pictures(ctx context.Context, s *ad.Sighting) {
	for i, address := range s.Images[:min(len(s.Images), mostPictures)] {
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		pic, err := p.picture(ctx, u)
		if err != nil {
			s.Provenance.Problems = append(s.Provenance.Problems, "picture "+strconv.Itoa(i+1)+" could not be read")
			p.fail(err)
			continue
		}
		pic.Image = i + 1
		s.Pictures = append(s.Pictures, pic)
		p.tell(func(r *Result) { r.Pictures++ })
	}
}

// shorten takes the site's own host off addresses of pictures, so that a site that moves does not make every ad a new version.
func (p *pass) shorten(images []string) {
	for i, address := range images {
		if u, err := url.Parse(address); err == nil && p.target.Inside(u) {
			images[i] = u.RequestURI()
		}
	}
}

func (p *pass) picture(ctx context.Context, u *url.URL) (ad.Picture, error) {
	res, err := p.fetcher.Get(ctx, u)
	if err != nil {
		return ad.Picture{}, err
	}
	return picture.Hash(bytes.NewReader(res.Body), picture.Limits{})
}

func (p *pass) fail(err error) {
	var r *fetch.Refusal
	switch {
	case errors.As(err, &r):
		p.count(r.Reason)
	case errors.Is(err, fault.ErrPermanent):
		p.count("picture cannot be read")
	default:
		p.count("error")
	}
}

func (p *pass) count(reason string) { p.tell(func(r *Result) { r.Failed[reason]++ }) }

func (p *pass) tell(change func(*Result)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.result)
}

// judge looks at a pass as a whole: a site that changed its pages answers everything and gives nothing.
func (p *pass) judge() {
	if p.result.Ads == 0 {
		w := "no ad was found: the site may have changed, or block us; compare its pages with the target's selectors"
		if p.lists == 0 {
			w = "no page could be read; see the reasons"
		}
		p.result.Warnings = append(p.result.Warnings, w)
	}
}
