package crawler

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/target"
)

// Publisher takes sightings; when it returns nil they are on disk.
type Publisher interface {
	Publish(ctx context.Context, s ad.Sighting) error
}

// Targets says what is to be crawled now.
type Targets interface {
	Active(ctx context.Context) ([]*target.Target, error)
}

// Frontier keeps what is known of a target's pages. What it was told is on disk when it returns nil.
type Frontier interface {
	// AddPages adds pages that are not known, at most so many that the target has most in all; over counts those beyond. A known page
	// that the site says has changed since it was read becomes due.
	AddPages(ctx context.Context, target string, links []frontier.Link, now time.Time, most int) (added, over int, err error)
	// Lease hands out at most n pages that are due and keeps them from others until then.
	Lease(ctx context.Context, target, owner string, now, until time.Time, n int) ([]frontier.Page, error)
	// Release takes back what an owner has leased and not finished.
	Release(ctx context.Context, owner string) error
	// Finish records visits, each whole or not at all.
	Finish(ctx context.Context, visits []frontier.Visit) error
	Validators(ctx context.Context, target string, urls []string) (map[string]frontier.Page, error)
	FrontierSize(ctx context.Context, target string, now time.Time) (frontier.Size, error)
	// Rest notes until when a site is left alone; Hasten brings what a former version scheduled within the bounds of the present one.
	Rest(ctx context.Context, target string, until time.Time, rests int) error
	Hasten(ctx context.Context, target string, lists, ads time.Duration) error
}

// Archive keeps the evidence.
type Archive interface {
	Append(set string, records ...*evidence.Record) ([]ad.Capture, error)
	// Sync returns when what was appended before is on disk.
	Sync(ctx context.Context) error
}

// Ads knows the latest recorded sighting of an ad; ok is false where there is none.
type Ads interface {
	Latest(ctx context.Context, key ad.Key) (s ad.Sighting, ok bool, err error)
}

// Config is what crawling needs. All but the last group is required.
type Config struct {
	Targets   Targets
	Gate      fetch.Gate
	Frontier  Frontier
	Archive   Archive
	Publisher Publisher
	Ads       Ads
	Pacer     fetch.Pacer
	// Node names this crawler among those that share the frontier. It must be the same after a restart.
	Node string
	// Software names the program in the evidence.
	Software string

	// Concurrency bounds visits under way over all targets, 32 by default, beside one that each target has to itself: a slow site must not
	// keep the others waiting.
	Concurrency int
	Limits      fetch.Limits
	// Secrets reads the value of a target's token.
	Secrets func(file string) (string, error)
	// Look is how often the targets are looked at again, 2 s by default.
	Look time.Duration
	Now  func() time.Time
	Log  *slog.Logger
}

// Crawler crawls what is active.
type Crawler struct {
	cfg Config
	// slots bounds visits over all targets.
	slots chan struct{}
}

// New checks the configuration and starts nothing.
func New(cfg Config) (*Crawler, error) {
	if cfg.Targets == nil || cfg.Gate == nil || cfg.Frontier == nil || cfg.Archive == nil || cfg.Publisher == nil || cfg.Ads == nil || cfg.Pacer == nil || cfg.Node == "" {
		return nil, fmt.Errorf("new crawler: %w: targets, gate, frontier, archive, publisher, ads, pacer and node are required", fault.ErrUsage)
	}
	if cfg.Concurrency == 0 {
		cfg.Concurrency = 32
	}
	if cfg.Look == 0 {
		cfg.Look = 2 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Crawler{cfg: cfg, slots: make(chan struct{}, cfg.Concurrency)}, nil
}
