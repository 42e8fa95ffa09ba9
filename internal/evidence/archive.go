package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/internal/ad"
	"varde/internal/fault"
)

// Config says where the evidence is kept. The zero value of everything but Dir is a good one.
type Config struct {
	Dir string
	// Software is named in each file's first record, such as "varde/1.4.0".
	Software string
	// Rotate is the size in bytes at which a file is sealed and the next begun: 512 MiB where it is 0.
	Rotate int64
	// Age is how long a file may be written to: 24 hours where it is 0.
	Age time.Duration
	// ReadOnly opens without mending, for evidence that must not be touched or lies on a medium that cannot be written.
	ReadOnly bool
	Now      func() time.Time
	Log      *slog.Logger

	openFile func(name string, flag int, perm fs.FileMode) (file, error) // tests put faults in
}

// file is what is asked of an open file.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
	Stat() (fs.FileInfo, error)
	Fd() uintptr
}

const (
	defaultRotate = 512 << 20
	defaultAge    = 24 * time.Hour
	// mostPending is how many packed bytes of a set wait in memory for Sync before the next Append syncs them itself.
	mostPending = 32 << 20
	// syncsAtOnce is how many sets are synced side by side.
	syncsAtOnce = 8
)

// errClosed is what a closed archive answers.
var errClosed = errors.New("the evidence is closed")

// Archive is the evidence of one folder. All its methods may be called from many goroutines, and several processes may write to one folder:
// each has its own files.
type Archive struct {
	cfg       Config
	recovered []Recovery

	mu     sync.Mutex
	sets   map[string]*volume
	closed bool

	join    sync.Mutex // guards next
	next    *batch
	running sync.Mutex // held while a batch is synced
}

// batch is the callers of Sync who share one sync of the files.
type batch struct {
	done chan struct{}
	err  error
}

// Open opens the evidence of a folder, making the folder where it is missing. Files that a killed process left unsealed are mended and
// sealed first, which Recovered tells; those that a living process writes are left alone.
func Open(cfg Config) (*Archive, error) {
	if cfg.Rotate <= 0 {
		cfg.Rotate = defaultRotate
	}
	if cfg.Age <= 0 {
		cfg.Age = defaultAge
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.openFile == nil {
		cfg.openFile = func(name string, flag int, perm fs.FileMode) (file, error) { return os.OpenFile(name, flag, perm) }
	}
	a := &Archive{cfg: cfg, sets: map[string]*volume{}}
	if cfg.ReadOnly {
		if _, err := os.Stat(cfg.Dir); err != nil {
			return nil, fmt.Errorf("open evidence: %w", err)
		}
		return a, nil
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make evidence folder: %w", err)
	}
	if err := a.mendAll(); err != nil {
		return nil, err
	}
	return a, nil
}

// Recovered tells what Open mended, in the order of the files; nothing where every file was sealed.
func (a *Archive) Recovered() []Recovery { return slices.Clone(a.recovered) }

// setPattern is what a set may be called: it is a folder's name.
var setPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,99}$`)

// Append writes records to a set, one after the other and with nothing between them, and returns where each stands. It fills in the ID and
// Date of records that have none. They are whole in the file but may be lost with the machine's power until Sync returns.
//
// A record that breaks WARC 1.1, or holds a control character where one would begin a new field, is refused with fault.ErrUsage and
// nothing is written. After any other error nothing of these records stays in the file, and Append may be called again.
func (a *Archive) Append(set string, recs ...*Record) ([]ad.Capture, error) {
	if !setPattern.MatchString(set) {
		return nil, fmt.Errorf("append evidence: %w", refuse("set %.60q is no folder's name", set))
	}
	now := a.cfg.Now()
	for _, r := range recs {
		if r.ID == "" {
			r.ID = NewID()
		}
		if r.Date.IsZero() {
			r.Date = now
		}
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("append evidence: record %s: %w", r.ID, err)
		}
	}
	v, err := a.volume(set)
	if err != nil || len(recs) == 0 {
		return nil, err
	}
	p, err := pack(recs)
	if err != nil {
		return nil, fmt.Errorf("append evidence: %w", err)
	}
	captures, err := v.append(p)
	if err != nil {
		return nil, fmt.Errorf("append evidence of %s: %w", set, err)
	}
	return captures, nil
}

// volume returns the set's writer, a new one where nothing has been written since Open.
func (a *Archive) volume(set string) (*volume, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.closed:
		return nil, errClosed
	case a.cfg.ReadOnly:
		return nil, fmt.Errorf("append evidence: opened for reading only: %w", fault.ErrUsage)
	}
	v := a.sets[set]
	if v == nil {
		v = &volume{cfg: &a.cfg, set: set}
		a.sets[set] = v
	}
	return v, nil
}

func (a *Archive) volumes() []*volume {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make([]*volume, 0, len(a.sets))
	for _, v := range a.sets {
		all = append(all, v)
	}
	return all
}

// Sync returns when every record that was appended before the call, to any set, is on disk. Callers who wait at the same time share one
// sync. After an error the records are kept in memory and written again by the next Sync: their captures stay right.
func (a *Archive) Sync(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a.join.Lock()
	b := a.next
	leads := b == nil
	if leads {
		b = &batch{done: make(chan struct{})}
		a.next = b
	}
	a.join.Unlock()
	if !leads {
		select {
		case <-b.done:
			return b.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	a.running.Lock() // until the batch before this one is on disk; meanwhile others join
	a.join.Lock()
	a.next = nil
	a.join.Unlock()
	b.err = a.commit()
	a.running.Unlock()
	close(b.done)
	return b.err
}

func (a *Archive) commit() error {
	var g errgroup.Group
	g.SetLimit(syncsAtOnce)
	all := slices.DeleteFunc(a.volumes(), func(v *volume) bool { return !v.waits() })
	for i, v := range all {
		if i == len(all)-1 { // most often the only one
			return errors.Join(v.commit(), g.Wait())
		}
		g.Go(v.commit)
	}
	return nil
}

// Close syncs and seals the files. Nothing can be appended afterwards; what is there can still be read.
func (a *Archive) Close() error {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	var errs []error
	for _, v := range a.volumes() {
		errs = append(errs, v.close())
	}
	return errors.Join(errs...)
}

// path returns where a file of the evidence lies. The name is relative to the folder and has forward slashes.
func (a *Archive) path(name string) string { return filepath.Join(a.cfg.Dir, filepath.FromSlash(name)) }
