package evidence

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"varde/internal/fault"
)

// Recovery tells what Open found in a file that a killed process had left, and what it did.
type Recovery struct {
	// File is relative to the evidence folder, by its final name.
	File string
	// Records are in the file now. Indexed of them were not in its index and were checked and added to it.
	Records, Indexed int64
	// Cut is how many bytes of an unfinished record were cut off the end.
	Cut int64
	// Gaps is how many bytes before whole records are no record. They stay where they are. Only a power cut or a failing disk leaves them.
	Gaps int64
	// Lost is how many bytes are missing that were on disk once. Verify names the records.
	Lost int64
	// IndexCut is how many bytes of the index were not as they were written, and were dropped for new lines.
	IndexCut int64
	// Err says why the file could not be mended. It stays as it is, and the next Open tries again.
	Err error
}

// String says it in a sentence.
func (r Recovery) String() string {
	if r.Err != nil {
		return fmt.Sprintf("%s was left unfinished and could not be mended: %v", r.File, r.Err)
	}
	s := fmt.Sprintf("%s was left unfinished: %d whole records kept, %d of them added to the index, %d bytes of an unfinished record cut off", r.File, r.Records, r.Indexed, r.Cut)
	if r.Gaps+r.Lost+r.IndexCut > 0 {
		s += fmt.Sprintf("; DAMAGE: %d bytes between records are no record, %d bytes that were on disk are gone, %d bytes of the index were dropped", r.Gaps, r.Lost, r.IndexCut)
	}
	return s
}

// mendAll mends and seals every file that no living process writes.
func (a *Archive) mendAll() error {
	sets, err := a.Sets()
	if err != nil {
		return err
	}
	for _, set := range sets {
		entries, err := os.ReadDir(a.path(set))
		if err != nil {
			return fmt.Errorf("list evidence of %s: %w", set, err)
		}
		for _, e := range entries {
			name, open := strings.CutSuffix(e.Name(), fileEnding+openEnding)
			if !open {
				continue
			}
			r, err := a.mend(set, set+"/"+name+fileEnding)
			if errors.Is(err, fault.ErrInUse) {
				continue
			}
			r.Err = err
			a.recovered = append(a.recovered, r)
			if err == nil && r.Cut+r.Gaps+r.Lost+r.IndexCut == 0 { // a process was killed between two records
				a.cfg.Log.Info("evidence that was left open is closed", "file", r.File, "records", r.Records, "indexed", r.Indexed)
				continue
			}
			a.cfg.Log.Warn("evidence that was left unfinished was mended", "file", r.File, "records", r.Records, "indexed", r.Indexed, "cut", r.Cut,
				"gaps", r.Gaps, "lost", r.Lost, "index_cut", r.IndexCut, "error", err)
		}
	}
	return nil
}

// mend takes one file. What its index knows of was on disk before the index was written, so only what comes after can be unfinished.
func (a *Archive) mend(set, name string) (Recovery, error) {
	rec := Recovery{File: name}
	path := a.path(name)
	warc, err := a.cfg.openFile(path+openEnding, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return rec, fault.ErrInUse // renamed this moment by the process that writes it
	}
	if err != nil {
		return rec, err
	}
	defer warc.Close() // a second time where it was sealed
	if err := lockFile(warc, path+openEnding); err != nil {
		return rec, err
	}
	idx, err := a.cfg.openFile(path+indexEnding, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return rec, err
	}
	defer idx.Close()
	f := &active{name: name, warc: warc, idx: idx}
	state, err := a.resume(f, set, &rec)
	if err != nil {
		return rec, err
	}
	if state.sealed {
		return rec, errors.Join(os.Rename(path+openEnding, path), os.Chmod(path, 0o400), os.Chmod(path+indexEnding, 0o400), syncDir(a.path(set)))
	}
	if rec.Lost == 0 {
		if err := f.adopt(&rec); err != nil {
			return rec, err
		}
	}
	if rec.Records = f.records; f.records == 0 {
		return rec, errors.Join(os.Remove(path+indexEnding), os.Remove(path+openEnding), syncDir(a.path(set)))
	}
	return rec, f.sealMended(a, rec)
}

// resume reads the index as far as it is whole and brings the file to where the index ends.
func (a *Archive) resume(f *active, set string, rec *Recovery) (indexState, error) {
	info, err := f.idx.Stat()
	if err != nil {
		return indexState{}, err
	}
	state, err := readIndex(io.NewSectionReader(f.idx, 0, info.Size()), f.name)
	if err != nil {
		return state, err
	}
	f.chain, f.records, f.size, f.idxSize = state.chain, state.records, state.end, state.size
	rec.Records = state.records
	// A line that broke off is what a killed process leaves; anything more was not as it had been written.
	if rec.IndexCut = info.Size() - state.size; state.brokeOff {
		rec.IndexCut = 0
	}
	if state.head == nil {
		v := &volume{cfg: &a.cfg, set: set}
		if err := v.look(a.path(set)); err != nil {
			return state, err
		}
		f.addLine(head{Index: indexFormat, File: f.name, Previous: v.previous, PreviousChain: v.lastChain})
	}
	stored, err := f.warc.Stat()
	if err != nil {
		return state, err
	}
	rec.Lost = max(0, state.end-stored.Size())
	return state, f.idx.Truncate(state.size)
}

// adopt adds the whole records after what the index knows to it, and cuts off what comes after the last of them.
func (f *active) adopt(rec *Recovery) error {
	info, err := f.warc.Stat()
	if err != nil {
		return err
	}
	end := info.Size()
	for f.size < end {
		l, _, err := readMember(f.warc, f.size, end)
		if err != nil {
			next, err := nextMember(f.warc, f.size+1, end)
			if err != nil {
				return err
			}
			if next == end { // no whole record follows: an unfinished one
				rec.Cut = end - f.size
				return f.warc.Truncate(f.size)
			}
			sum, err := hashRange(f.warc, f.size, next-f.size)
			if err != nil {
				return err
			}
			f.addLine(gap{Offset: f.size, Length: next - f.size, SHA256: sum})
			rec.Gaps += next - f.size
			f.size = next
			continue
		}
		e := entryOf(l.Record, l.Offset, l.Length, l.SHA256)
		f.addEntry(&e)
		f.size += l.Length
		rec.Indexed++
	}
	return nil
}

func (f *active) sealMended(a *Archive, rec Recovery) error {
	if err := f.warc.Sync(); err != nil {
		return err
	}
	f.addLine(mended{At: warcDate(a.cfg.Now()), Entries: rec.Indexed, CutBytes: rec.Cut, LostBytes: rec.Lost, IndexBytes: rec.IndexCut})
	if err := f.writeLines(len(f.lines)); err != nil {
		return err
	}
	_, err := f.finish(&a.cfg)
	return err
}

// memberStart is what every member that we write begins with: gzip, deflate, no flags, no time.
var memberStart = []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00")

// nextMember returns where the next whole record begins at or after an offset, and the end where there is none.
func nextMember(f io.ReaderAt, from, end int64) (int64, error) {
	window := make([]byte, 1<<20)
	for from < end {
		n, err := f.ReadAt(window[:min(int64(len(window)), end-from)], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		i := bytes.Index(window[:n], memberStart)
		if i < 0 {
			if n < len(window) {
				return end, nil
			}
			from += int64(n - len(memberStart) + 1)
			continue
		}
		if _, _, err := readMember(f, from+int64(i), end); err == nil {
			return from + int64(i), nil
		}
		from += int64(i) + 1
	}
	return end, nil
}

func hashRange(f io.ReaderAt, offset, length int64) (string, error) {
	h := sha256.New()
	n, err := io.Copy(h, io.NewSectionReader(f, offset, length))
	if err == nil && n < length {
		err = io.ErrUnexpectedEOF
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// indexState is how far an index is whole.
type indexState struct {
	head    *head
	chain   string
	records int64
	end     int64 // where the last record that it knows ends
	size    int64 // of the whole lines
	sealed  bool
	// brokeOff: what follows the whole lines is a line without its end.
	brokeOff bool
}

// readIndex reads the lines that follow each other as they should.
func readIndex(r io.Reader, name string) (indexState, error) {
	var s indexState
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := readRaw(lines)
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			s.brokeOff = errors.Is(err, io.ErrUnexpectedEOF)
			return s, nil
		case errors.Is(err, errHead):
			return s, nil
		case err != nil:
			return s, fmt.Errorf("read index of %s: %w", name, err)
		}
		if !s.take(line, name) {
			return s, nil
		}
	}
}

// take adds a line to the state and says whether it follows.
func (s *indexState) take(line, name string) bool {
	body, chain, ok := splitLine(line)
	if !ok || nextChain(s.chain, body) != chain || s.sealed {
		return false
	}
	switch l := readBody(body).(type) {
	case *head:
		if s.size > 0 || l.Index != indexFormat || l.File != name {
			return false
		}
		s.head = l
	case *entry:
		if s.head == nil || l.Number != s.records || l.Offset != s.end || l.Length <= 0 {
			return false
		}
		s.records++
		s.end += l.Length
	case *gap:
		if s.head == nil || l.Offset != s.end || l.Length <= 0 {
			return false
		}
		s.end += l.Length
	case *mended:
	case *seal:
		s.sealed = true
	default:
		return false
	}
	s.chain = chain
	s.size += int64(len(line)) + 1
	return true
}
