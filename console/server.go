package console

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"varde/index/query"
	"varde/internal/ad"
	"varde/internal/auth"
	"varde/internal/fault"
	"varde/internal/help"
	"varde/internal/indicator"
	"varde/internal/review"
)

// RankFilter says which networks the queue asks for. Networks come by score, then ads, then last seen, then id.
type RankFilter struct {
	// Bands to show; none means all.
	Bands []ad.Band
	// MinAds hides smaller networks; 2 hides ads that are linked to no other.
	MinAds int
	// MaxAds hides larger networks where it is above 0; 1 leaves ads that are linked to no other. MinScore hides lower ones.
	MaxAds   int
	MinScore float64
	// NoSpam leaves out networks of class spam, OnlySpam all others; OnlyChild those without an ad in which a child may be involved
	// and nobody has answered that there is none.
	NoSpam, OnlySpam, OnlyChild bool
	// Open leaves out those that somebody settled: leads, referred and dismissed ones.
	Open          bool
	Limit, Offset int
}

// Counts are the sizes of the record.
type Counts struct {
	Ads, Sightings int
	// Networks have two ads or more and are not spam; Singletons have one; Spam have two or more; Child have an ad in which a child may be
	// involved, of any size.
	Networks, Singletons, Spam, Child int
	// PerBand counts Networks.
	PerBand map[ad.Band]int
}

// Records is what the console reads of the record. Whatever is not there is fault.ErrNotFound.
type Records interface {
	Ad(ctx context.Context, key ad.Key) (ad.Ad, error)
	// Versions returns the different contents seen of an ad, newest first, each as it was last seen.
	Versions(ctx context.Context, key ad.Key) ([]ad.Finding, error)
	// AdsOf returns the ads of keys that exist, in any order.
	AdsOf(ctx context.Context, keys []ad.Key) ([]ad.Ad, error)
	// Network follows successions: asked for an old id it returns the network that the id became.
	Network(ctx context.Context, id string) (ad.Network, error)
	Ranked(ctx context.Context, f RankFilter) (networks []ad.Network, total int, err error)
	Counts(ctx context.Context) (Counts, error)
	// Decisions are those that stand about networks, by present ids; Standing are all of them, with what they saw.
	Decisions(ctx context.Context, networks []string) (map[string]review.Decision, error)
	Standing(ctx context.Context) (map[string]review.Review, error)
	// PossibleChildren counts the ads of networks in which a child may be involved and nobody has answered that there is none.
	PossibleChildren(ctx context.Context, networks []string) (map[string]int, error)
	// Lineage is what became of a network, newest first and bounded; Regrouped are those of some networks that were merged or split after
	// the decision that stands about them.
	Lineage(ctx context.Context, network string) ([]ad.Lineage, error)
	Regrouped(ctx context.Context, networks []string) (map[string]bool, error)
	// LastChange is the number of the record's latest change.
	LastChange(ctx context.Context) (int64, error)
}

// Searcher finds ads and networks by words, and says up to which change it knows the record.
type Searcher interface {
	Search(ctx context.Context, r query.Request) (query.Result, error)
	Seq() int64
}

// Catalogue explains indicator codes, and scores as it is in force.
type Catalogue interface {
	review.Scorer
	Entry(code string) (indicator.Entry, bool)
	Version() string
	// Near is the least score of what has the points for more than low, held or not.
	Near() float64
}

// Aside is a message that could not be processed and waits for a person.
type Aside struct {
	Seq        uint64
	Stage      string
	ID         string
	Reason     string
	Deliveries int
	At         time.Time
	Size       int
}

// SetAside lists what was set aside, oldest first. It is nil where this process does not run the stream.
type SetAside interface {
	DeadCount(ctx context.Context) (int, error)
	Dead(ctx context.Context) iter.Seq2[Aside, error]
}

// Config says how the console behaves.
type Config struct {
	// Lang is the language before anybody has chosen one: "nb" or "en"; "" means nb.
	Lang string
	// Secure says that people reach the console over HTTPS; it adds HSTS.
	Secure bool
	// Simulation says that sites on this machine are crawled, which every page then tells.
	Simulation bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	Log *slog.Logger
}

// Deps are what the console needs of others. SetAside, Try and Notices may be nil.
type Deps struct {
	Records   Records
	Search    Searcher
	Auth      *auth.Auth
	Catalogue Catalogue
	Reviews   Reviews
	Scores    Scores
	SetAside  SetAside
	Targets   Targets
	Crawl     CrawlRecords
	Children  Children
	Watch     Watch
	Decided   LinkDecisions
	Exports   ExportLog
	Help      *help.Contacts
	// Try is nil where this process cannot fetch or read pages.
	Try Try
	// Notices are what the operator should know, such as a stream that was found empty.
	Notices func() []fault.Notice
}

// Server serves the console. It is safe for concurrent use.
type Server struct {
	cfg       Config
	records   Records
	search    Searcher
	auth      *auth.Auth
	catalogue Catalogue
	reviews   Reviews
	scores    Scores
	meant     meant
	// made are the catalogues of versions that were looked at, by version.
	made          sync.Map
	setAside      SetAside
	targets       Targets
	crawl         CrawlRecords
	children      Children
	watch         Watch
	linkDecisions LinkDecisions
	exports       ExportLog
	help          *help.Contacts
	try           Try
	notices       func() []fault.Notice
	log           *slog.Logger
	static        *assets
	pages         *pages
	handler       http.Handler
}

// New parses every template and hashes every static file, so that what can be wrong is wrong at start. It opens
// nothing.
func New(cfg Config, deps Deps) (*Server, error) {
	if deps.Records == nil || deps.Search == nil || deps.Auth == nil || deps.Catalogue == nil || deps.Targets == nil || deps.Crawl == nil || deps.Children == nil ||
		deps.Watch == nil || deps.Decided == nil || deps.Exports == nil || deps.Reviews == nil || deps.Scores == nil || deps.Help == nil {
		return nil, fmt.Errorf("%w: the console needs records, search, auth, catalogue, targets, what came of crawling them, child flags, the watch list, decisions about links, the log of exports, reviews, versions of scores and contacts", fault.ErrUsage)
	}
	if cfg.Lang == "" {
		cfg.Lang = languages[0]
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if deps.Notices == nil {
		deps.Notices = func() []fault.Notice { return nil }
	}
	static, err := newAssets()
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	locales, err := newLocales()
	if err != nil {
		return nil, err
	}
	if locales[cfg.Lang] == nil {
		return nil, fmt.Errorf("%w: there is no language %q", fault.ErrUsage, cfg.Lang)
	}
	s := &Server{cfg: cfg, records: deps.Records, search: deps.Search, auth: deps.Auth, catalogue: deps.Catalogue, reviews: deps.Reviews, scores: deps.Scores,
		setAside: deps.SetAside, targets: deps.Targets, crawl: deps.Crawl,
		children: deps.Children, watch: deps.Watch, linkDecisions: deps.Decided, exports: deps.Exports, help: deps.Help, try: deps.Try, notices: deps.Notices, log: cfg.Log.With("part", "console"), static: static}
	if s.pages, err = newPages(locales, static); err != nil {
		return nil, err
	}
	if s.handler, err = s.install(); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler serves everything the console serves.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers on ln until ctx ends, then lets requests in work finish for five seconds. It closes ln.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ln) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve the console: %w", err)
	case <-ctx.Done():
	}
	// What is in work may finish although the program is told to stop.
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := srv.Shutdown(late)
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	if err != nil {
		return fmt.Errorf("stop the console: %w", err)
	}
	return nil
}
