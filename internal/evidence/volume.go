package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"varde/internal/ad"
	"varde/internal/fault"
)

// volume writes the files of one set. Locks are taken in the order flush, mu.
type volume struct {
	cfg *Config
	set string

	flush sync.Mutex // held while the file is synced or sealed
	mu    sync.Mutex
	cur   *active // nil between files
	// closed: sealed for good.
	closed bool
	// previous is the last file of the set that is sealed, lastChain its chain; known once looked for.
	looked              bool
	previous, lastChain string
}

// active is a file that is being written. Its fields are guarded by the volume's mu, but for idxSize, which flush guards.
type active struct {
	name    string // as it will be called, relative to the evidence folder
	warc    file
	idx     file
	began   time.Time
	size    int64
	records int64
	chain   string // of the last line made
	// ragged: bytes of a failed write may stand after size.
	ragged bool
	// pending are what was written and not yet synced; bytes is their size.
	pending []*packed
	bytes   int64
	// rewrite: a sync failed, so what is pending may have been dropped by the system and must be written again.
	rewrite bool
	// lines are those of the index not yet written, that is, of what is not yet synced: the index never knows of a record that a power
	// cut can take.
	lines   []byte
	idxSize int64
	scratch []byte
}

// append writes what was packed and returns where it stands. It may first seal a file that is full or old, and sync one of which much waits:
// before it writes, so that where this fails nothing of what was packed stays.
func (v *volume) append(p *packed) ([]ad.Capture, error) {
	for {
		v.mu.Lock()
		if v.closed {
			v.mu.Unlock()
			return nil, errClosed
		}
		f := v.cur
		if f == nil || !v.full(f) && f.bytes <= mostPending {
			break
		}
		full := v.full(f)
		v.mu.Unlock()
		if full {
			if err := v.rotate(f); err != nil {
				return nil, fmt.Errorf("seal %s: %w", f.name, err)
			}
		} else if err := v.sync(); err != nil {
			return nil, err
		}
	}
	defer v.mu.Unlock()
	if v.cur == nil {
		f, err := v.create()
		if err != nil {
			return nil, err
		}
		v.cur = f
	}
	return v.cur.write(p)
}

// write puts what was packed at the end of the file, or leaves the file as it was.
func (f *active) write(p *packed) ([]ad.Capture, error) {
	if f.ragged {
		if err := f.warc.Truncate(f.size); err != nil {
			return nil, fmt.Errorf("cut %s back: %w", f.name, err)
		}
		f.ragged = false
	}
	if _, err := f.warc.WriteAt(p.data.Bytes(), f.size); err != nil {
		f.ragged = f.warc.Truncate(f.size) != nil
		return nil, fmt.Errorf("write %s: %w", f.name, err)
	}
	p.at = f.size
	captures := make([]ad.Capture, len(p.entries))
	for i := range p.entries {
		e := &p.entries[i]
		e.Offset += p.at
		captures[i] = ad.Capture{Record: e.ID, File: f.name, Offset: e.Offset, SHA256: e.SHA256}
		f.addEntry(e)
	}
	f.size += int64(p.data.Len())
	f.bytes += int64(p.data.Len())
	f.pending = append(f.pending, p)
	return captures, nil
}

// addEntry makes the record's line of the index.
func (f *active) addEntry(e *entry) {
	e.Number = f.records
	f.records++
	f.scratch = append(append(f.scratch[:0], f.chain...), '\n')
	f.scratch = e.body(f.scratch)
	sum := sha256.Sum256(f.scratch)
	f.lines = append(f.lines, f.scratch[len(f.chain)+1:]...)
	f.lines = append(f.lines, chainMark...)
	f.lines = hex.AppendEncode(f.lines, sum[:])
	f.lines = append(f.lines, "\"}\n"...)
	f.chain = hex.EncodeToString(sum[:])
}

// addLine makes a line that is no record's.
func (f *active) addLine(line any) {
	f.lines, f.chain = appendLine(f.lines, f.chain, bodyOf(line))
}

// waits says whether there is something to sync, or a file that has been written to for long enough.
func (v *volume) waits() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.cur != nil && (len(v.cur.pending) > 0 || len(v.cur.lines) > 0 || v.full(v.cur))
}

// full says that the file is to be sealed.
func (v *volume) full(f *active) bool {
	return f.size >= v.cfg.Rotate || v.cfg.Now().Sub(f.began) >= v.cfg.Age
}

// commit puts what was written before the call on disk, then its lines into the index. Records are appended meanwhile. A file that is full is
// sealed.
func (v *volume) commit() error {
	v.mu.Lock()
	f := v.cur
	full := f != nil && v.full(f)
	v.mu.Unlock()
	if full {
		return v.rotate(f)
	}
	return v.sync()
}

func (v *volume) sync() error {
	v.flush.Lock()
	defer v.flush.Unlock()
	v.mu.Lock()
	f := v.cur
	if f == nil || len(f.pending) == 0 && len(f.lines) == 0 {
		v.mu.Unlock()
		return nil
	}
	n, bytes, lines := len(f.pending), f.bytes, len(f.lines)
	if f.rewrite {
		if err := f.again(); err != nil {
			v.mu.Unlock()
			return err
		}
	}
	v.mu.Unlock()
	err := f.warc.Sync()
	v.mu.Lock()
	defer v.mu.Unlock()
	if err != nil {
		f.rewrite = true
		return fmt.Errorf("sync %s: %w", f.name, err)
	}
	f.settle(n, bytes)
	return f.writeLines(lines)
}

// again writes what is pending once more. After a failed sync the system may have dropped it and still answer the next sync with success.
func (f *active) again() error {
	for _, p := range f.pending {
		if _, err := f.warc.WriteAt(p.data.Bytes(), p.at); err != nil {
			return fmt.Errorf("write %s again: %w", f.name, err)
		}
	}
	f.rewrite = false
	return nil
}

// settle forgets the first n that were pending: they are on disk.
func (f *active) settle(n int, bytes int64) {
	for _, p := range f.pending[:n] {
		p.free()
	}
	rest := copy(f.pending, f.pending[n:])
	clear(f.pending[rest:])
	f.pending = f.pending[:rest]
	f.bytes -= bytes
}

// writeLines writes the first n bytes of the lines to the index. An index that is cut short by a crash is made whole from the records, so it
// is not synced here.
func (f *active) writeLines(n int) error {
	if _, err := f.idx.WriteAt(f.lines[:n], f.idxSize); err != nil {
		return errors.Join(fmt.Errorf("write index of %s: %w", f.name, err), f.idx.Truncate(f.idxSize))
	}
	f.idxSize += int64(n)
	f.lines = f.lines[:copy(f.lines, f.lines[n:])]
	return nil
}

// rotate seals the file unless another has done so.
func (v *volume) rotate(f *active) error {
	v.flush.Lock()
	defer v.flush.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cur != f {
		return nil
	}
	return v.seal()
}

// close seals what is being written, for good.
func (v *volume) close() error {
	v.flush.Lock()
	defer v.flush.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	if v.cur == nil {
		return nil
	}
	return v.seal()
}

// seal completes the file and gives it its name. The caller holds both locks. A file that could not be sealed stays as it is, to be tried
// again, or to be mended by the next Open.
func (v *volume) seal() error {
	f := v.cur
	if f.ragged {
		if err := f.warc.Truncate(f.size); err != nil {
			return err
		}
		f.ragged = false
	}
	if f.rewrite {
		if err := f.again(); err != nil {
			return err
		}
	}
	if err := f.warc.Sync(); err != nil {
		f.rewrite = true
		return err
	}
	f.settle(len(f.pending), f.bytes)
	if err := f.writeLines(len(f.lines)); err != nil {
		return err
	}
	sealed, err := f.finish(v.cfg)
	if sealed {
		v.previous, v.lastChain, v.cur = f.name, f.chain, nil
	}
	return err
}

// finish writes the seal, renames the file and closes it. The lines before have been written. Where it is not sealed the seal is taken back.
func (f *active) finish(cfg *Config) (sealed bool, err error) {
	chain := f.chain
	f.addLine(seal{Records: f.records, Bytes: f.size, At: warcDate(cfg.Now())})
	path := filepath.Join(cfg.Dir, filepath.FromSlash(f.name))
	_, err = f.idx.WriteAt(f.lines, f.idxSize)
	if err == nil {
		err = f.idx.Sync()
	}
	if err == nil {
		err = os.Rename(path+openEnding, path)
	}
	if err != nil {
		f.chain, f.lines = chain, f.lines[:0]
		return false, errors.Join(err, f.idx.Truncate(f.idxSize))
	}
	// From here on it is sealed, whatever happens: at worst a power cut brings the old name back, and the next Open seals it again.
	return true, errors.Join(os.Chmod(path, 0o400), os.Chmod(path+indexEnding, 0o400), syncDir(filepath.Dir(path)), f.warc.Close(), f.idx.Close())
}

// syncDir makes new and renamed files of a folder last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// create begins a file: its name, its lock, its first record and the head of its index.
func (v *volume) create() (*active, error) {
	dir := filepath.Join(v.cfg.Dir, v.set)
	if err := v.look(dir); err != nil {
		return nil, err
	}
	const tries = 3 // a process that opens the evidence at this moment may take the new, still empty file for one that was left
	var f *active
	var err error
	for range tries {
		if f, err = v.createIn(dir); !errors.Is(err, fault.ErrInUse) {
			break
		}
	}
	return f, err
}

func (v *volume) createIn(dir string) (*active, error) {
	now := v.cfg.Now()
	name := v.set + "/" + newName(v.set, now, v.previous)
	path := filepath.Join(v.cfg.Dir, filepath.FromSlash(name))
	warc, err := v.cfg.openFile(path+openEnding, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(warc, path+openEnding); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", name, err), warc.Close())
	}
	idx, err := v.cfg.openFile(path+indexEnding, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, errors.Join(err, os.Remove(path+openEnding), warc.Close())
	}
	f := &active{name: name, warc: warc, idx: idx, began: now}
	if err := v.begin(f, now, dir); err != nil {
		return nil, errors.Join(fmt.Errorf("begin %s: %w", name, err), os.Remove(path+indexEnding), os.Remove(path+openEnding), idx.Close(), warc.Close())
	}
	return f, nil
}

// begin writes the head of the index and the file's first record.
func (v *volume) begin(f *active, now time.Time, dir string) error {
	f.addLine(head{Index: indexFormat, File: f.name, Previous: v.previous, PreviousChain: v.lastChain})
	if err := f.writeLines(len(f.lines)); err != nil {
		return err
	}
	p, err := pack([]*Record{about(v.cfg.Software, filepath.Base(f.name), now)})
	if err != nil {
		return err
	}
	if _, err := f.write(p); err != nil {
		return err
	}
	return syncDir(dir)
}

// about is the record that begins a file. It names no machine and no person.
func about(software, name string, now time.Time) *Record {
	if software == "" {
		software = "varde"
	}
	return &Record{Type: Warcinfo, ID: NewID(), Date: now, ContentType: "application/warc-fields", Fields: [][2]string{{"WARC-Filename", name}},
		Block: []byte("software: " + plain(software) + "\r\n" +
			"format: WARC File Format 1.1\r\n" +
			"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n" +
			"digests: sha256, base 16\r\n")}
}

// look finds the newest sealed file of the set, once, and makes the set's folder.
func (v *volume) look(dir string) error {
	if v.looked {
		return nil
	}
	if err := os.Mkdir(dir, 0o700); err == nil {
		if err := syncDir(v.cfg.Dir); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	names, err := warcNames(dir)
	if err != nil {
		return err
	}
	for i := len(names) - 1; i >= 0 && v.previous == ""; i-- {
		if chain, ok := sealedChain(filepath.Join(dir, names[i]+indexEnding)); ok {
			v.previous, v.lastChain = v.set+"/"+names[i], chain
		}
	}
	v.looked = true
	return nil
}
