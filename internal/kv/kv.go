// Package kv is the only door to Pebble: ordered keys and values in a folder, for state that can be made anew.
//
// It promises that what Commit took is there whole or not at all, whenever the program is killed; what was committed last may be missing
// after a power cut, so whoever uses it keeps a mark in it of how far it is. A store is for one goroutine at a time.
package kv

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"varde/internal/bloom"
	"varde/internal/fault"
)

// Sizes in bytes. The cache is shared by all reads; a memtable is what is written before it goes to a file.
const (
	cacheSize    = 192 << 20
	memTableSize = 32 << 20
)

// Store is an open folder, or memory.
type Store struct {
	db  *pebble.DB
	dir string
	// lock keeps other processes out of the folder, nil in memory.
	lock *pebble.Lock
	// pending is what was written since the last Commit, by the first byte of the key; reads see it.
	pending [256]pending
	// filters tell which keys are not there, by their first byte, nil where nobody asked for that.
	filters [256]*bloom.Growing
	// err is the first error: after it nothing is read or written, until the store is opened anew.
	err error
	// damage is what Pebble found damaged by itself, in whatever goroutine.
	damage atomic.Pointer[error]
}

// Open opens a folder, or memory where dir is "". A folder that is not what was written is fault.ErrDamaged: what is in it can be made anew. One that
// another process has open is fault.ErrInUse, and what the system refuses is neither.
//
// Keys whose first byte is one of sought are told from absent ones without a read.
func Open(dir, sought string) (_ *Store, err error) {
	cache := pebble.NewCache(cacheSize)
	defer cache.Unref()
	o := &pebble.Options{Cache: cache, MemTableSize: memTableSize, LBaseMaxBytes: 256 << 20, L0CompactionThreshold: 6, Logger: quiet{}, FormatMajorVersion: pebble.FormatNewest}
	// Large values are written once, and not again with every merge of the keys.
	o.Experimental.ValueSeparationPolicy = func() pebble.ValueSeparationPolicy {
		return pebble.ValueSeparationPolicy{Enabled: true, MinimumSize: 512, MaxBlobReferenceDepth: 10, RewriteMinimumAge: time.Minute, TargetGarbageRatio: 0.3}
	}
	s := &Store{dir: dir}
	// Without this Pebble ends the program when it finds a damaged file.
	o.EventListener = &pebble.EventListener{DataCorruption: func(info pebble.DataCorruptionInfo) { s.damage.CompareAndSwap(nil, &info.Details) }}
	if dir == "" {
		o.FS = vfs.NewMem()
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the state: %w", err)
	} else if o.Lock, err = pebble.LockDirectory(dir, vfs.Default); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("%w: %w", fault.ErrInUse, err)
		}
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	s.lock = o.Lock
	if s.db, err = pebble.Open(dir, o); err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, errors.Join(damaged(err), s.unlock()))
	}
	for i := range len(sought) {
		s.filters[sought[i]] = &bloom.Growing{}
		for key := range s.Scan([]byte{sought[i]}) {
			s.filters[sought[i]].Put(xxhash.Sum64(key))
		}
	}
	if s.err != nil {
		return nil, errors.Join(s.err, s.Close())
	}
	return s, nil
}

// damaged marks an error by which a folder is not what was written, and no other: what the system refuses, it may grant the next time.
func damaged(err error) error {
	var refused syscall.Errno
	if errors.Is(err, fault.ErrDamaged) || !pebble.IsCorruptionError(err) && errors.As(err, &refused) && refused != syscall.ENOENT {
		return err
	}
	return fmt.Errorf("%w: %w", fault.ErrDamaged, err)
}

// Close leaves what was not committed.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.unlock()) }

func (s *Store) unlock() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Close()
}

// Err is the first error of a read or write, or of what Pebble found by itself. Reads after it find nothing.
func (s *Store) Err() error {
	if found := s.damage.Load(); found != nil {
		s.Fail(*found)
	}
	return s.err
}

// Fail notes an error, also one of what is kept beside the store; the first one counts.
func (s *Store) Fail(err error) {
	if s.err != nil || err == nil {
		return
	}
	if pebble.IsCorruptionError(err) {
		err = damaged(err)
	}
	s.err = fmt.Errorf("state in %s: %w", s.dir, err)
}

// Damaged notes that a value which was read cannot be what was written.
func (s *Store) Damaged(what string) { s.Fail(fmt.Errorf("%s: %w", what, fault.ErrDamaged)) }

// Get returns a key's value, which must not be changed.
func (s *Store) Get(key []byte) (value []byte, ok bool) {
	if s.err != nil {
		return nil, false
	}
	if v, written := s.pending[key[0]].values[string(key)]; written {
		return v, v != nil
	}
	if f := s.filters[key[0]]; f != nil && !f.Has(xxhash.Sum64(key)) {
		return nil, false
	}
	v, closer, err := s.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, false
	}
	if err != nil {
		s.Fail(err)
		return nil, false
	}
	value = slices.Clone(v)
	s.Fail(closer.Close())
	return value, true
}

// Put writes a value, which must not be changed any more. A key has one byte at least.
func (s *Store) Put(key, value []byte) {
	if value == nil {
		value = []byte{}
	}
	s.pending[key[0]].put(key, value)
	if f := s.filters[key[0]]; f != nil {
		f.Put(xxhash.Sum64(key))
	}
}

// Delete removes a key.
func (s *Store) Delete(key []byte) { s.pending[key[0]].put(key, nil) }

// Scan yields the keys that begin with prefix, one byte at least, in their order, with their values. Both are valid until the next step. What is
// written meanwhile may or may not be seen.
func (s *Store) Scan(prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		if s.err != nil {
			return
		}
		it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
		if err != nil {
			s.Fail(err)
			return
		}
		written := &s.pending[prefix[0]]
		fresh := written.from(string(prefix))
		for ok := it.First(); ok || len(fresh) > 0; {
			switch {
			case len(fresh) > 0 && (!ok || fresh[0] <= string(it.Key())):
				key := fresh[0]
				fresh = fresh[1:]
				if ok && key == string(it.Key()) {
					ok = it.Next()
				}
				if value := written.values[key]; value != nil && !yield([]byte(key), value) {
					s.Fail(it.Close())
					return
				}
			case !yield(it.Key(), it.Value()):
				s.Fail(it.Close())
				return
			default:
				ok = it.Next()
			}
		}
		s.Fail(errors.Join(it.Error(), it.Close()))
	}
}

// pending are keys with one first byte that wait for the next Commit; a value of nil says that the key is removed.
type pending struct {
	values map[string][]byte
	// sorted are the keys in their order, once somebody asked for it.
	sorted  []string
	ordered bool
}

func (p *pending) put(key, value []byte) {
	if p.values == nil {
		p.values = map[string][]byte{}
	}
	k := string(key)
	if _, known := p.values[k]; !known && p.ordered {
		at, _ := slices.BinarySearch(p.sorted, k)
		p.sorted = slices.Insert(p.sorted, at, k)
	}
	p.values[k] = value
}

// from are the keys that begin with prefix, as they are now.
func (p *pending) from(prefix string) []string {
	if !p.ordered {
		p.sorted, p.ordered = slices.Sorted(maps.Keys(p.values)), true
	}
	first, _ := slices.BinarySearch(p.sorted, prefix)
	last := first
	for last < len(p.sorted) && strings.HasPrefix(p.sorted[last], prefix) {
		last++
	}
	return slices.Clone(p.sorted[first:last])
}

// after is the first key that does not begin with prefix, nil where there is none.
func after(prefix []byte) []byte {
	end := slices.Clone(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// Commit keeps what was written since the last one.
func (s *Store) Commit() error { return s.commit(pebble.NoSync) }

// CommitToDisk is Commit, and what is committed up to now is there after a power cut, too. It waits for the disk.
func (s *Store) CommitToDisk() error { return s.commit(pebble.Sync) }

func (s *Store) commit(how *pebble.WriteOptions) error {
	if err := s.Err(); err != nil {
		return err
	}
	batch := s.db.NewBatch()
	for i := range s.pending {
		p := &s.pending[i]
		for key, value := range p.values {
			if value == nil {
				s.Fail(batch.Delete([]byte(key), nil))
			} else {
				s.Fail(batch.Set([]byte(key), value, nil))
			}
		}
		*p = pending{}
	}
	s.Fail(batch.Commit(how))
	s.Fail(batch.Close())
	return s.err
}

// Size is how many bytes the folder takes.
func (s *Store) Size() uint64 { return s.db.Metrics().DiskSpaceUsage() }

// quiet drops what Pebble tells of its work; its errors come back from the calls.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf("kv: "+format, args...)) // Pebble goes on after no such error
}
