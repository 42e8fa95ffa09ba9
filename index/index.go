package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"varde/internal/ad"
	"varde/internal/fault"
)

// Version of the format on disk. A folder of another version is built anew.
//
//	1: first
const Version = 1

// Records is the record that the index follows.
type Records interface {
	// AdsOf returns the ads of keys that exist, in any order.
	AdsOf(ctx context.Context, keys []ad.Key) ([]ad.Ad, error)
	// Network returns fault.ErrNotFound, or a network of another id that took its place.
	Network(ctx context.Context, id string) (ad.Network, error)
	Ads(ctx context.Context, after ad.Key) iter.Seq2[ad.Ad, error]
	Networks(ctx context.Context) iter.Seq2[ad.Network, error]
	Changes(ctx context.Context, after int64, limit int) ([]ad.Change, error)
	LastChange(ctx context.Context) (int64, error)
	// Size counts the ads, and the networks of two ads or more.
	Size(ctx context.Context) (ads, networks int, err error)
}

// Config says where the index is. All fields but Log are required.
type Config struct {
	Dir     string
	Records Records
	Log     *slog.Logger
}

// Index is an open index. It is safe for use by several goroutines at once.
type Index struct {
	cfg Config
	log *slog.Logger

	// writing lets one goroutine change the index at a time.
	writing sync.Mutex
	mu      sync.RWMutex
	bleve   bleve.Index
	seq     int64
	notices []fault.Notice
}

// Folders under Dir. Each holds a Bleve index and, when it is whole, its manifest.
const (
	currentDir = "current"
	newDir     = "new"
	oldDir     = "old"
	bleveDir   = "bleve"
)

// settings of Bleve: a second process is told to go away instead of waiting for ever. Bleve writes into the map it is given.
func settings() map[string]any { return map[string]any{"bolt_timeout": "2s"} }

// Open checks the index, opens it, and reads on to the record's last change. A damaged one, or one of another version, is built
// anew; Notices says so.
func Open(ctx context.Context, cfg Config) (*Index, error) {
	if cfg.Dir == "" || cfg.Records == nil {
		return nil, fmt.Errorf("open index: a folder and the record are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	ix := &Index{cfg: cfg, log: cfg.Log}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	if err := ix.recoverSwap(); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	err := ix.openChecked(ctx)
	if errors.Is(err, fault.ErrDamaged) {
		ix.notice(fault.Notice{Kind: fault.IndexRebuilt}, err)
		err = ix.Rebuild(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open index: %w", err), ix.Close())
	}
	return ix, nil
}

func (ix *Index) notice(n fault.Notice, why error) {
	ix.log.Warn("index built anew", "reason", why)
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.notices = append(ix.notices, n)
}

// Notices are what was wrong since the start.
func (ix *Index) Notices() []fault.Notice {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return slices.Clone(ix.notices)
}

// Seq is the number of the record's last change that can be found.
func (ix *Index) Seq() int64 {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.seq
}

func (ix *Index) path(parts ...string) string {
	return filepath.Join(append([]string{ix.cfg.Dir}, parts...)...)
}

// recoverSwap finishes or undoes a rebuild that a stop cut short. A folder under new is whole if it has a manifest.
func (ix *Index) recoverSwap() error {
	_, currentErr := os.Stat(ix.path(currentDir))
	_, newErr := os.Stat(ix.path(newDir, manifestFile))
	if errors.Is(currentErr, os.ErrNotExist) && newErr == nil {
		if err := os.Rename(ix.path(newDir), ix.path(currentDir)); err != nil {
			return err
		}
	}
	return errors.Join(os.RemoveAll(ix.path(newDir)), os.RemoveAll(ix.path(oldDir)))
}

// openChecked opens the current index, or makes an empty one where there is none.
func (ix *Index) openChecked(ctx context.Context) error {
	if _, err := os.Stat(ix.path(currentDir)); errors.Is(err, os.ErrNotExist) {
		return ix.Rebuild(ctx)
	}
	if err := checkFiles(ix.path(currentDir)); err != nil {
		return err
	}
	b, err := bleve.OpenUsing(ix.path(currentDir, bleveDir), settings())
	if err != nil {
		return fmt.Errorf("%w: bleve: %w", fault.ErrDamaged, err)
	}
	ix.bleve = b
	if err := writeManifest(ix.path(currentDir), manifest{Version: Version}); err != nil {
		return err
	}
	if ix.seq, err = storedSeq(b); err != nil {
		return fmt.Errorf("%w: %w", fault.ErrDamaged, err)
	}
	if err := ix.CatchUp(ctx); err != nil {
		return err
	}
	return ix.checkCount(ctx)
}

// checkCount compares the last change and the number of documents with the record's. While others write the number tells nothing and
// is passed over.
func (ix *Index) checkCount(ctx context.Context) error {
	ads, networks, err := ix.cfg.Records.Size(ctx)
	if err != nil {
		return fmt.Errorf("count the record: %w", err)
	}
	last, err := ix.cfg.Records.LastChange(ctx)
	if err != nil {
		return fmt.Errorf("ask for the last change: %w", err)
	}
	switch seq := ix.Seq(); {
	case seq > last: // the record was restored from an older copy: what it does from here on would not be read
		return fmt.Errorf("%w: the index is at change %d, the record at %d", fault.ErrDamaged, seq, last)
	case seq < last:
		return nil
	}
	n, err := ix.bleve.DocCount()
	if err != nil {
		return fmt.Errorf("%w: count documents: %w", fault.ErrDamaged, err)
	}
	if int(n) != ads+networks {
		return fmt.Errorf("%w: %d documents where the record has %d ads and %d networks", fault.ErrDamaged, n, ads, networks)
	}
	return nil
}

// Rebuild makes the index anew from the record, beside the old one, and puts it in its place. Searches go on meanwhile.
func (ix *Index) Rebuild(ctx context.Context) error {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	if err := os.RemoveAll(ix.path(newDir)); err != nil {
		return fmt.Errorf("rebuild index: %w", err)
	}
	seq, err := ix.build(ctx, ix.path(newDir, bleveDir))
	if err != nil {
		return fmt.Errorf("rebuild index: %w", err)
	}
	m, err := takeManifest(ix.path(newDir))
	if err == nil {
		err = writeManifest(ix.path(newDir), m)
	}
	if err != nil {
		return fmt.Errorf("rebuild index: %w", err)
	}
	return ix.swap(seq)
}

// build fills a new Bleve index with everything and closes it.
func (ix *Index) build(ctx context.Context, path string) (seq int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, err
	}
	// Taken first: what changes while we read is read again when following.
	if seq, err = ix.cfg.Records.LastChange(ctx); err != nil {
		return 0, err
	}
	b, err := bleve.NewUsing(path, newMapping(), scorch.Name, scorch.Name, settings())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	w := &writer{index: b}
	for a, err := range ix.cfg.Records.Ads(ctx, "") {
		if err == nil {
			err = w.put(adID(a.Key), adDocument(&a))
		}
		if err != nil {
			return 0, err
		}
	}
	if err := ix.buildNetworks(ctx, w); err != nil {
		return 0, err
	}
	return seq, w.flush(seq)
}

func (ix *Index) buildNetworks(ctx context.Context, w *writer) error {
	some := make([]ad.Network, 0, batchSize)
	for n, err := range ix.cfg.Records.Networks(ctx) {
		if err != nil {
			return err
		}
		if len(n.Ads) < 2 {
			continue
		}
		if some = append(some, n); len(some) == batchSize {
			if err := ix.putNetworks(ctx, w, some, map[ad.Key]string{}); err != nil {
				return err
			}
			some = some[:0]
		}
	}
	return ix.putNetworks(ctx, w, some, map[ad.Key]string{})
}

// swap puts the new index in the place of the old one. Each step leaves something that recoverSwap understands.
func (ix *Index) swap(seq int64) error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	var errs []error
	if ix.bleve != nil {
		errs = append(errs, ix.bleve.Close())
		ix.bleve = nil
	}
	if err := os.Rename(ix.path(currentDir), ix.path(oldDir)); err != nil && !errors.Is(err, os.ErrNotExist) {
		errs = append(errs, err)
	}
	errs = append(errs, os.Rename(ix.path(newDir), ix.path(currentDir)), os.RemoveAll(ix.path(oldDir)))
	b, err := bleve.OpenUsing(ix.path(currentDir, bleveDir), settings())
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("swap index: %w", err)
	}
	ix.bleve, ix.seq = b, seq
	return writeManifest(ix.path(currentDir), manifest{Version: Version})
}

// Close writes down what the files are, so that the next start can tell whether they are still the same.
func (ix *Index) Close() error {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.bleve == nil {
		return nil
	}
	err := ix.bleve.Close()
	ix.bleve = nil
	if err != nil {
		return fmt.Errorf("close index: %w", err)
	}
	m, err := takeManifest(ix.path(currentDir))
	if err != nil {
		return fmt.Errorf("close index: %w", err)
	}
	return writeManifest(ix.path(currentDir), m)
}

const (
	// look is how often Follow looks for changes that no wake-up told of.
	look = 5 * time.Second
	// gather is how long Follow waits for more changes after a wake-up: under load an ad and its network change several times
	// a second, and are then indexed once.
	gather = 300 * time.Millisecond
)

// Follow reads on whenever it is woken, until ctx ends. Where that fails it tries again: the record may be away for a while, and
// Seq tells how far the index is meanwhile.
func (ix *Index) Follow(ctx context.Context, wake <-chan struct{}) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := ix.CatchUp(ctx); err != nil && ctx.Err() == nil {
			ix.log.Error("follow the record", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(gather):
			}
		case <-tick.C:
		}
	}
}
