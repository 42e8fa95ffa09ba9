package evidence

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/fault"
)

// Located is a record and where it stands.
type Located struct {
	*Record
	// Version is "WARC/1.1" or what the file says.
	Version string
	// File is relative to the evidence folder and called as it will be when it is sealed; empty for a record that Scan read.
	File string
	// Offset, Length and SHA256 are of the bytes as stored. Where the record is not a gzip member of its own (Member is false) they are
	// of the unpacked stream.
	Offset, Length int64
	SHA256         string
	Member         bool
	// Checked says that the block was compared with a digest in the record's head.
	Checked bool
	// Problems are what is wrong with the record without making it useless.
	Problems []string
}

// Capture returns the place of the record as a sighting keeps it.
func (l *Located) Capture() ad.Capture {
	return ad.Capture{Record: l.ID, File: l.File, Offset: l.Offset, SHA256: l.SHA256}
}

// Position is a place in the evidence, in the order of Walk. Its zero value is the beginning.
type Position struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"`
}

// After returns the position behind a record.
func (l *Located) After() Position { return Position{File: l.File, Offset: l.Offset + l.Length} }

// openStored opens a file of the evidence by its final name, whether it is sealed yet or not.
func (a *Archive) openStored(name string) (f *os.File, sealed bool, err error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) || !strings.HasSuffix(name, fileEnding) {
		return nil, false, fmt.Errorf("open evidence %.200q: %w", name, fault.ErrNotFound)
	}
	// It may be renamed between two looks, but only from one name to the other.
	for _, ending := range []string{"", openEnding, ""} {
		if f, err = os.Open(a.path(name) + ending); !errors.Is(err, os.ErrNotExist) {
			break
		}

	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, fmt.Errorf("open evidence %s: %w", name, fault.ErrNotFound)
	}
	if err != nil {
		return nil, false, fmt.Errorf("open evidence: %w", err)
	}
	return f, strings.HasSuffix(f.Name(), fileEnding), nil
}

// Read returns the record of a capture after checking the SHA-256 of its stored bytes, the gzip checksum, its block's digest and its id. Where
// one of them is not right the error is a fault.ErrDamaged that names record, file and offset; where the file is gone, fault.ErrNotFound.
func (a *Archive) Read(ctx context.Context, c ad.Capture) (*Record, error) {
	l, _, err := a.read(ctx, c)
	if err != nil {
		return nil, err
	}
	return l.Record, nil
}

// read also returns the stored bytes.
func (a *Archive) read(ctx context.Context, c ad.Capture) (*Located, []byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	f, _, err := a.openStored(c.File)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	l, stored, err := readMember(f, c.Offset, 1<<62)
	switch {
	case err != nil:
	case l.SHA256 != c.SHA256:
		err = errors.New("its stored bytes do not have the SHA-256 of the capture")
	case l.ID != c.Record:
		err = fmt.Errorf("record %s stands in its place", l.ID)
	}
	if err != nil {
		return nil, nil, damaged(c.Record, c.File, c.Offset, err)
	}
	l.File = c.File
	return l, stored, nil
}

// readMember reads and checks the record whose member begins at the offset and ends before the end, and returns its stored bytes too.
func readMember(f io.ReaderAt, offset, end int64) (*Located, []byte, error) {
	if offset < 0 || offset >= end {
		return nil, nil, io.EOF
	}
	var stored bytes.Buffer
	src := bufio.NewReaderSize(io.TeeReader(io.NewSectionReader(f, offset, end-offset), &stored), 16<<10)
	r, err := decode(src)
	if err != nil {
		return &Located{Record: r, Offset: offset}, nil, err
	}
	length := stored.Len() - src.Buffered()
	data := stored.Bytes()[:length]
	sum := sha256.Sum256(data)
	return &Located{Record: r, Version: "WARC/1.1", Offset: offset, Length: int64(length), SHA256: hex.EncodeToString(sum[:]), Member: true, Checked: true}, data, nil
}

// Sets lists the sets that there is evidence of, in order.
func (a *Archive) Sets() ([]string, error) {
	entries, err := os.ReadDir(a.cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("list evidence: %w", err)
	}
	var sets []string
	for _, e := range entries {
		if e.IsDir() && setPattern.MatchString(e.Name()) {
			sets = append(sets, e.Name())
		}
	}
	return sets, nil
}

// Files lists the files of a set by their final names, relative to the evidence folder, in the order in which they were begun.
func (a *Archive) Files(set string) ([]string, error) {
	names, err := warcNames(a.path(set))
	if err != nil {
		return nil, fmt.Errorf("list evidence of %s: %w", set, err)
	}
	for i := range names {
		names[i] = set + "/" + names[i]
	}
	return names, nil
}

// Walk yields the records of a set, or of all of them where set is "", from a position on, in order, each checked. An error names the record
// or the file at fault, and the walk goes on after it where it can. Records that are being appended meanwhile may or may not be among them.
func (a *Archive) Walk(ctx context.Context, set string, from Position) iter.Seq2[*Located, error] {
	return func(yield func(*Located, error) bool) {
		files, err := a.filesFrom(set, from)
		if err != nil {
			yield(&Located{Record: &Record{}}, err)
			return
		}
		for _, name := range files {
			offset := int64(0)
			if name == from.File {
				offset = from.Offset
			}
			if !a.walkFile(ctx, name, offset, yield) {
				return
			}
		}
	}
}

func (a *Archive) filesFrom(set string, from Position) ([]string, error) {
	sets := []string{set}
	if set == "" {
		var err error
		if sets, err = a.Sets(); err != nil {
			return nil, err
		}
	}
	var files []string
	for _, s := range sets {
		names, err := a.Files(s)
		if err != nil {
			return nil, err
		}
		files = append(files, names...)
	}
	slices.SortFunc(files, compareFiles)
	return slices.DeleteFunc(files, func(name string) bool { return compareFiles(name, from.File) < 0 }), nil
}

// compareFiles puts files in order: by set, then by when they were begun.
func compareFiles(a, b string) int {
	if c := strings.Compare(path.Dir(a), path.Dir(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

func (a *Archive) walkFile(ctx context.Context, name string, offset int64, yield func(*Located, error) bool) bool {
	f, sealed, err := a.openStored(name)
	if err != nil {
		return yield(&Located{Record: &Record{}, File: name}, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return yield(&Located{Record: &Record{}, File: name}, fmt.Errorf("walk evidence %s: %w", name, err))
	}
	end := info.Size()
	for offset < end {
		if err := ctx.Err(); err != nil {
			yield(&Located{Record: &Record{}, File: name}, err)
			return false
		}
		l, _, err := readMember(f, offset, end)
		if err == nil {
			l.File = name
			if !yield(l, nil) {
				return false
			}
			offset = l.Offset + l.Length
			continue
		}
		next, id, known := a.nextEntry(name, offset)
		if !known && !sealed {
			return true // it is being written
		}
		if !yield(&Located{Record: &Record{ID: id}, File: name, Offset: offset}, damaged(id, name, offset, err)) {
			return false
		}
		if next <= offset {
			return true
		}
		offset = next
	}
	return true
}

// nextEntry asks the index which record stands at the offset, and where the next one begins.
func (a *Archive) nextEntry(name string, offset int64) (next int64, id string, known bool) {
	f, err := os.Open(a.path(name) + indexEnding)
	if err != nil {
		return 0, "", false
	}
	defer f.Close()
	lines := bufio.NewReaderSize(f, 64<<10)
	for {
		line, err := readRaw(lines)
		if err != nil {
			return next, id, known
		}
		body, _, _ := splitLine(line)
		switch e := readBody(body).(type) {
		case *entry:
			if e.Offset == offset {
				id, known = e.ID, true
			}
			if e.Offset > offset {
				return e.Offset, id, known
			}
		case *gap:
			known = known || e.Offset == offset
		}
	}
}
