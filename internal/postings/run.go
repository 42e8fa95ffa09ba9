package postings

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/cespare/xxhash/v2"

	"varde/internal/bloom"
	"varde/internal/fault"
)

// record is that a key has an entry, or has it no longer: then the lowest bit of its tag is set.
type record struct{ key, tag, look uint64 }

const gone = 1

func (r record) gone() bool { return r.tag&gone != 0 }

func (r record) entry() uint64 { return r.tag &^ gone }

const (
	recordSize = 24
	// blockSize is what is read at once: records, and the hash of their bytes.
	blockSize    = 1 << 10
	blockRecords = (blockSize - 8) / recordSize
)

// run are records in the order of their keys and tags, each once, that do not change: blocks, then the first key of each block, then a filter of
// the keys, then a hash of the two.
type run struct {
	number uint64
	n      int
	blocks io.ReaderAt
	close  func() error
	first  []uint64
	filter bloom.Filter
	// block is what was read last.
	block [blockSize]byte
}

func blocksOf(n int) int { return (n + blockRecords - 1) / blockRecords }

// find appends the records of a key to a list, in the order of their tags.
func (r *run) find(key uint64, list []record) ([]record, error) {
	if !r.filter.Has(key) {
		return list, nil
	}
	for at := max(r.seek(key)-1, 0); at < len(r.first) && r.first[at] <= key; at++ {
		n, err := r.read(at, &r.block)
		if err != nil {
			return list, err
		}
		for i := r.within(key, n); i < n; i++ {
			one := recordAt(r.block[:], i)
			if one.key != key {
				return list, nil
			}
			list = append(list, one)
		}
	}
	return list, nil
}

// seek is the first block that begins with a key or a greater one. Keys are hashes, so that where they stand can be reckoned, about.
func (r *run) seek(key uint64) int {
	const about = 512
	guess := int(float64(key) / (1 << 64) * float64(len(r.first)))
	low, high := max(guess-about, 0), min(guess+about, len(r.first))
	if low > 0 && r.first[low-1] >= key {
		low = 0
	}
	if high < len(r.first) && r.first[high] < key {
		high = len(r.first)
	}
	at, _ := slices.BinarySearch(r.first[low:high], key)
	return low + at
}

// within is the first of n records in the block that has a key, or a greater one.
func (r *run) within(key uint64, n int) int {
	low, high := 0, n
	for low < high {
		if mid := (low + high) / 2; binary.LittleEndian.Uint64(r.block[mid*recordSize:]) < key {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// read reads a block, and says how many records are in it.
func (r *run) read(at int, into *[blockSize]byte) (n int, err error) {
	if _, err := r.blocks.ReadAt(into[:], int64(at)*blockSize); err != nil {
		return 0, fmt.Errorf("run %d, block %d: %w: %w", r.number, at, fault.ErrDamaged, err)
	}
	if xxhash.Sum64(into[:blockSize-8]) != binary.LittleEndian.Uint64(into[blockSize-8:]) {
		return 0, fmt.Errorf("run %d, block %d has another hash: %w", r.number, at, fault.ErrDamaged)
	}
	return min(r.n-at*blockRecords, blockRecords), nil
}

func recordAt(block []byte, i int) record {
	b := block[i*recordSize:][:recordSize]
	return record{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])}
}

func appendRecord(b []byte, r record) []byte {
	b = binary.LittleEndian.AppendUint64(b, r.key)
	b = binary.LittleEndian.AppendUint64(b, r.tag)
	return binary.LittleEndian.AppendUint64(b, r.look)
}

// cursor goes through records in their order, some at a time.
type cursor struct {
	rest []record
	// more are those that follow, none at the end.
	more func() ([]record, error)
}

// next goes on from the first of the rest; it is not ok at the end.
func (c *cursor) next() (ok bool, err error) {
	if len(c.rest) > 0 {
		c.rest = c.rest[1:]
	}
	if len(c.rest) == 0 {
		c.rest, err = c.more()
	}
	return len(c.rest) > 0, err
}

// all is a cursor before the first record of a run.
func (r *run) all() *cursor {
	whole, at := *r, 0
	whole.blocks = ahead(r.blocks, int64(len(r.first))*blockSize)
	records := make([]record, blockRecords)
	return &cursor{more: func() ([]record, error) {
		if at == len(whole.first) {
			return nil, nil
		}
		n, err := whole.read(at, &whole.block)
		for i := range n {
			records[i] = recordAt(whole.block[:], i)
		}
		at++
		return records[:n], err
	}}
}

// ahead reads what is asked for in its order in large parts.
func ahead(from io.ReaderAt, size int64) io.ReaderAt {
	return inOrder{bufio.NewReaderSize(io.NewSectionReader(from, 0, size), 1<<20)}
}

type inOrder struct{ from io.Reader }

func (o inOrder) ReadAt(b []byte, _ int64) (int, error) { return io.ReadFull(o.from, b) }

// writer writes a run.
type writer struct {
	run
	to    *bufio.Writer
	block []byte
	err   error
}

// newWriter begins a run of at most so many records.
func newWriter(to io.Writer, number uint64, most int) *writer {
	w := &writer{to: bufio.NewWriterSize(to, 1<<20), block: make([]byte, 0, blockSize)}
	w.number, w.filter = number, bloom.New(most)
	w.first = make([]uint64, 0, blocksOf(most))
	return w
}

func (w *writer) put(r record) {
	if len(w.block) == 0 {
		w.first = append(w.first, r.key)
	}
	w.n++
	w.filter.Put(r.key)
	if w.block = appendRecord(w.block, r); len(w.block) == blockRecords*recordSize {
		w.end()
	}
}

// end ends a block.
func (w *writer) end() {
	w.block = append(w.block, make([]byte, blockSize-8-len(w.block))...)
	w.block = binary.LittleEndian.AppendUint64(w.block, xxhash.Sum64(w.block))
	w.write(w.block)
	w.block = w.block[:0]
}

func (w *writer) write(b []byte) {
	if _, err := w.to.Write(b); err != nil && w.err == nil {
		w.err = err
	}
}

// finish writes what follows the blocks.
func (w *writer) finish() error {
	if len(w.block) > 0 {
		w.end()
	}
	sum := xxhash.New()
	var b [8]byte
	word := func(v uint64) {
		binary.LittleEndian.PutUint64(b[:], v)
		sum.Write(b[:])
		w.write(b[:])
	}
	for _, key := range w.first {
		word(key)
	}
	for i := range w.filter.Lines {
		for _, v := range w.filter.Lines[i] {
			word(v)
		}
	}
	word(sum.Sum64())
	if w.err == nil {
		w.err = w.to.Flush()
	}
	return w.err
}

// open reads what follows the blocks of a run of n records that was written for most.
func (r *run) open(size int64) error {
	blocks := blocksOf(r.n)
	tail := make([]byte, max(size-int64(blocks)*blockSize, 0))
	if len(tail) < 8*(blocks+1) || (len(tail)/8-blocks-1)%8 != 0 {
		return fmt.Errorf("run %d has %d bytes for %d records: %w", r.number, size, r.n, fault.ErrDamaged)
	}
	if _, err := r.blocks.ReadAt(tail, int64(blocks)*blockSize); err != nil {
		return fmt.Errorf("run %d: %w: %w", r.number, fault.ErrDamaged, err)
	}
	words := func(n int) (out []uint64) {
		out = make([]uint64, n)
		for i := range out {
			out[i] = binary.LittleEndian.Uint64(tail[8*i:])
		}
		tail = tail[8*n:]
		return out
	}
	sum := xxhash.Sum64(tail[:len(tail)-8])
	r.first = words(blocks)
	r.filter.Lines = make([][8]uint64, len(tail)/64)
	for i := range r.filter.Lines {
		r.filter.Lines[i] = [8]uint64(words(8))
	}
	if words(1)[0] != sum || len(r.filter.Lines) == 0 {
		return fmt.Errorf("run %d has another hash: %w", r.number, fault.ErrDamaged)
	}
	return nil
}

// inMemory is a run that was written to memory.
func inMemory(w *writer, b []byte) *run {
	r := w.run
	r.blocks, r.close = bytes.NewReader(b), func() error { return nil }
	return &r
}

// inFile is a run that was written to a file.
func inFile(number uint64, n int, f *os.File) (*run, error) {
	r := &run{number: number, n: n, blocks: f, close: f.Close}
	info, err := f.Stat()
	if err == nil {
		err = r.open(info.Size())
	}
	return r, err
}
