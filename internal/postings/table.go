// Package postings keeps which entries have a key, where keys are hashes and a look-up finds mostly nothing, as those of near-duplicate texts and
// pictures are: sorted runs of records in files, each several times as long as the one before, and the newest records in memory (a
// log-structured merge tree, O'Neil et al. 1996). A record is of one length and its place in a run can be reckoned from its key, so that a
// look-up costs one read of a kilobyte for each run that has the key, and the writing of a record little more than its share of the merging.
//
// The newest records and the list of runs are in a kv.Store, whose Commit decides for both.
package postings

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"varde/internal/fault"
	"varde/internal/kv"
)

// Entry is what has a key: Tag names it, Look is kept with it. The lowest bit of a tag does not count.
type Entry struct{ Tag, Look uint64 }

// Config says how a table is kept.
type Config struct {
	// Most entries of a key are given out, those with the least tags. Of more some may be forgotten.
	Most int
	// Fresh is how many records are in memory before they are written to a run, 56 bytes each.
	Fresh int
}

// growth is how many times as long a run is, at least, as the one before.
const growth = 4

// Table is the postings in a folder, or in memory where dir is "". It is for one goroutine at a time.
type Table struct {
	cfg    Config
	dir    string
	store  *kv.Store
	prefix byte
	fresh  fresh
	// logged of the fresh records are in the store, in logs pieces.
	logged int
	logs   uint64
	// runs are the newest first, next is the number of the next one, obsolete are those to be removed after the next commit.
	runs     []*run
	next     uint64
	obsolete []*run
	found    []record
}

// fresh are the newest records, with the last of each key, by its place and one more, and the one before it.
type fresh struct {
	records []record
	before  []int32
	last    map[uint64]int32
}

func (f *fresh) put(r record) {
	if f.last == nil {
		f.last = map[uint64]int32{}
	}
	f.before = append(f.before, f.last[r.key])
	f.records = append(f.records, r)
	f.last[r.key] = int32(len(f.records))
}

// find appends the records of a key to a list, the newest first.
func (f *fresh) find(key uint64, list []record) []record {
	for at := f.last[key]; at > 0; at = f.before[at-1] {
		list = append(list, f.records[at-1])
	}
	return list
}

// Open opens the table that a store tells of under a prefix. What is in the folder otherwise is removed. It is fault.ErrDamaged where a run is not what was written.
func Open(dir string, store *kv.Store, prefix byte, cfg Config) (*Table, error) {
	t := &Table{cfg: cfg, dir: dir, store: store, prefix: prefix}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of the postings: %w", err)
		}
	}
	if err := t.load(); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Table) load() error {
	known := map[string]bool{}
	if list, ok := t.store.Get(t.key('r')); ok {
		for ; len(list) >= 16; list = list[16:] {
			number, n := binary.LittleEndian.Uint64(list), int(binary.LittleEndian.Uint64(list[8:]))
			f, err := os.Open(t.path(number))
			if errors.Is(err, os.ErrNotExist) {
				err = fmt.Errorf("%w: %w", fault.ErrDamaged, err)
			}
			if err != nil {
				return fmt.Errorf("open run %d: %w", number, err)
			}
			r, err := inFile(number, n, f)
			t.runs = append(t.runs, r)
			if err != nil {
				return err
			}
			t.next = max(t.next, number+1)
			known[filepath.Base(f.Name())] = true
		}
	}
	for key, log := range t.store.Scan(t.key('l')) {
		for i := range len(log) / recordSize {
			t.fresh.put(recordAt(log, i))
		}
		t.logs = binary.BigEndian.Uint64(key[2:]) + 1
	}
	t.logged = len(t.fresh.records)
	if t.dir == "" {
		return nil
	}
	files, err := os.ReadDir(t.dir)
	for _, f := range files {
		if !known[f.Name()] { // of a merge that was not committed, or removed after one that was
			err = errors.Join(err, os.Remove(filepath.Join(t.dir, f.Name())))
		}
	}
	return err
}

// Close leaves what was not committed.
func (t *Table) Close() (err error) {
	for _, r := range t.runs {
		err = errors.Join(err, r.close())
	}
	return err
}

func (t *Table) key(what byte, number ...byte) []byte {
	return append([]byte{t.prefix, what}, number...)
}

func (t *Table) path(number uint64) string {
	return filepath.Join(t.dir, strconv.FormatUint(number, 10)+".run")
}

// Put notes that an entry has a key.
func (t *Table) Put(key uint64, e Entry) { t.fresh.put(record{key, e.Tag &^ gone, e.Look}) }

// Delete notes that it has it no longer.
func (t *Table) Delete(key, tag uint64) { t.fresh.put(record{key, tag | gone, 0}) }

// Find appends the entries of a key to a list, Most at most, in the order of their tags. An error is the store's.
func (t *Table) Find(key uint64, list []Entry) []Entry {
	found := t.fresh.find(key, t.found[:0])
	for _, r := range t.runs {
		var err error
		if found, err = r.find(key, found); err != nil {
			t.store.Fail(err)
		}
	}
	t.found = found
	if len(found) == 0 {
		return list
	}
	from := len(list)
	slices.SortStableFunc(found, compareEntries)
	for i, r := range found {
		if newest := i == 0 || found[i-1].entry() != r.entry(); newest && !r.gone() && len(list)-from < t.cfg.Most {
			list = append(list, Entry{r.tag, r.look})
		}
	}
	return list
}

func compareEntries(a, b record) int { return cmp.Compare(a.entry(), b.entry()) }

// Commit keeps what was put and deleted since the last one, and what was written to the store.
func (t *Table) Commit() error {
	if t.store.Err() == nil {
		if len(t.fresh.records) >= t.cfg.Fresh {
			t.store.Fail(t.merge())
		} else {
			t.log()
		}
	}
	if len(t.obsolete) == 0 {
		return t.store.Commit()
	}
	err := t.store.CommitToDisk() // before the runs of the former list are removed
	if err != nil {
		return err
	}
	for _, r := range t.obsolete {
		err = errors.Join(err, r.close())
		if t.dir != "" {
			err = errors.Join(err, os.Remove(t.path(r.number)))
		}
	}
	t.obsolete = nil
	return err
}

// log writes the records that are only in memory to the store.
func (t *Table) log() {
	news := t.fresh.records[t.logged:]
	if len(news) == 0 {
		return
	}
	b := make([]byte, 0, len(news)*recordSize)
	for _, r := range news {
		b = appendRecord(b, r)
	}
	t.store.Put(t.key('l', binary.BigEndian.AppendUint64(nil, t.logs)...), b)
	t.logs++
	t.logged = len(t.fresh.records)
}

// merge writes the fresh records to a run, together with the runs that are not long enough to stand behind it.
func (t *Table) merge() error {
	n := len(t.fresh.records)
	sources := []*cursor{t.fresh.all()}
	merged := 0
	for merged < len(t.runs) && t.runs[merged].n < growth*n {
		n += t.runs[merged].n
		sources = append(sources, t.runs[merged].all())
		merged++
	}
	last := merged == len(t.runs)
	r, err := t.write(n, func(put func(record)) error { return t.together(sources, last, put) })
	if err != nil {
		return fmt.Errorf("merge postings: %w", err)
	}
	t.obsolete = append(t.obsolete, t.runs[:merged]...)
	t.runs = slices.Insert(slices.Delete(t.runs, 0, merged), 0, r)
	var list []byte
	for _, r := range t.runs {
		list = binary.LittleEndian.AppendUint64(list, r.number)
		list = binary.LittleEndian.AppendUint64(list, uint64(r.n))
	}
	t.store.Put(t.key('r'), list)
	for key := range t.store.Scan(t.key('l')) {
		t.store.Delete(slices.Clone(key))
	}
	t.fresh, t.logged = fresh{}, 0
	return nil
}

// write writes a run of at most so many records.
func (t *Table) write(most int, fill func(put func(record)) error) (*run, error) {
	number := t.next
	t.next++
	if t.dir == "" {
		var b bytes.Buffer
		w := newWriter(&b, number, most)
		err := errors.Join(fill(w.put), w.finish())
		return inMemory(w, b.Bytes()), err
	}
	f, err := os.OpenFile(t.path(number), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	w := newWriter(f, number, most)
	if err := errors.Join(fill(w.put), w.finish(), f.Sync()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r := w.run
	r.blocks, r.close = io.ReaderAt(f), f.Close
	return &r, nil
}

// all is a cursor before the first of the fresh records by their keys and tags, of each entry the newest.
func (f *fresh) all() *cursor {
	type numbered struct {
		record
		n int
	}
	inOrder := make([]numbered, len(f.records))
	for i, r := range f.records {
		inOrder[i] = numbered{r, i}
	}
	slices.SortFunc(inOrder, func(a, b numbered) int { return cmp.Or(compareRecords(a.record, b.record), b.n-a.n) })
	all := make([]record, 0, len(inOrder))
	for i := range inOrder {
		if i == 0 || compareRecords(inOrder[i].record, inOrder[i-1].record) != 0 {
			all = append(all, inOrder[i].record)
		}
	}
	return &cursor{more: func() (whole []record, _ error) {
		whole, all = all, nil
		return whole, nil
	}}
}

func compareRecords(a, b record) int {
	if a.key != b.key {
		return cmp.Compare(a.key, b.key)
	}
	return compareEntries(a, b)
}

// together merges sources, of which an earlier one is newer. Where nothing is older, what is gone is left out, and what is more than is given out.
func (t *Table) together(sources []*cursor, last bool, put func(record)) error {
	open := make([]*cursor, 0, len(sources))
	for _, s := range sources {
		ok, err := s.next()
		if err != nil {
			return err
		}
		if ok {
			open = append(open, s)
		}
	}
	var key uint64
	of := 0 // entries of the key
	for len(open) > 0 {
		least := open[0]
		for _, s := range open[1:] {
			if compareRecords(s.rest[0], least.rest[0]) < 0 {
				least = s
			}
		}
		r := least.rest[0]
		if r.key != key {
			key, of = r.key, 0
		}
		if !last || !r.gone() && of < t.cfg.Most {
			put(r)
			of++
		}
		for i := len(open) - 1; i >= 0; i-- {
			if compareRecords(open[i].rest[0], r) != 0 {
				continue
			}
			ok, err := open[i].next()
			if err != nil {
				return err
			}
			if !ok {
				open = slices.Delete(open, i, i+1)
			}
		}
	}
	return nil
}
