package evidence

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/gzip"
)

// tap reads from a stream and knows the place, and the SHA-256 since a mark, of what was taken out of the bufio.Reader above it.
type tap struct {
	r      io.Reader
	above  *bufio.Reader
	window []byte // read and not yet hashed
	total  int64  // read
	sum    hash.Hash
}

func (t *tap) Read(p []byte) (int, error) {
	t.settle()
	n, err := t.r.Read(p)
	t.window = append(t.window, p[:n]...)
	t.total += int64(n)
	return n, err
}

// taken is how much was taken out above.
func (t *tap) taken() int64 { return t.total - int64(t.above.Buffered()) }

// settle hashes what was taken.
func (t *tap) settle() {
	n := len(t.window) - t.above.Buffered()
	if n > 0 {
		t.sum.Write(t.window[:n])
		t.window = t.window[:copy(t.window, t.window[n:])]
	}
}

// mark returns the SHA-256 since the last mark.
func (t *tap) mark() string {
	t.settle()
	sum := hex.EncodeToString(t.sum.Sum(nil))
	t.sum.Reset()
	return sum
}

// members yields the unpacked bytes of a file of gzip members, or of a plain one. Where a member begins with a record it returns io.EOF, and
// goes on after cross: so that a record that is cut does not swallow the one after it.
type members struct {
	tap    *tap
	raw    *bufio.Reader
	gz     *gzip.Reader // nil where the file is plain
	buf    *bufio.Reader
	at     int64 // where the member begins
	seeker io.Seeker
	// rewound and most bound how much is read twice.
	rewound, most int64

	boundary bool // a record's member is next
	over     bool
	fault    error // of the member that a record is read from, until it is asked for
	between  error // what stands before the next member, and is none, until it is asked for
	ioErr    error // of the stream itself

	// The segment is what is read since the last boundary.
	start  int64 // where its first member begins
	end    int64 // where its last member ended
	sum    string
	single bool // it is one member
	// out is how much was unpacked, joint what it was when the last member was opened that does not begin with a record.
	out, joint int64
}

const (
	rawBuffer  = 64 << 10
	recordMark = "WARC/"
)

var gzipMark = []byte{0x1f, 0x8b, 8}

func newMembers(r io.Reader, most int64) *members {
	m := &members{most: most}
	m.seeker, _ = r.(io.Seeker)
	m.tap = &tap{r: r, sum: sha256.New()}
	m.raw = bufio.NewReaderSize(m.tap, rawBuffer)
	m.tap.above = m.raw
	first, _ := m.raw.Peek(len(gzipMark))
	if !bytes.Equal(first, gzipMark) {
		return m
	}
	m.gz, m.buf = new(gzip.Reader), bufio.NewReaderSize(nil, rawBuffer)
	m.open()
	m.cross()
	return m
}

// cross goes over a boundary into the next segment.
func (m *members) cross() {
	m.boundary, m.single, m.start, m.joint = false, true, m.at, -1
}

// takeFault returns what was wrong with a member, once.
func (m *members) takeFault() error {
	err := m.fault
	m.fault = nil
	return err
}

// takeBetween returns what stood before the segment, once.
func (m *members) takeBetween() error {
	err := m.between
	m.between = nil
	return err
}

func (m *members) Read(p []byte) (int, error) {
	for !m.over && !m.boundary {
		var n int
		var err error
		if m.gz == nil {
			n, err = m.raw.Read(p)
		} else {
			n, err = m.buf.Read(p)
		}
		if n > 0 || len(p) == 0 {
			m.out += int64(n)
			return n, nil
		}
		switch {
		case err == nil:
		case m.gz == nil:
			m.over = true
			if !errors.Is(err, io.EOF) {
				m.ioErr = err
			}
		default:
			m.ended(err)
		}
	}
	return 0, io.EOF
}

// ended leaves a member, because of its end or of what is wrong with it, and opens the next.
func (m *members) ended(err error) {
	m.end, m.sum = m.tap.taken(), m.tap.mark()
	if !errors.Is(err, io.EOF) {
		m.fault = errors.Join(m.fault, fmt.Errorf("gzip member at %d: %w", m.at, err))
		m.rewind()
	}
	m.open()
}

// rewind goes back to just after a damaged member's beginning: what looked like its middle may be the next ones.
func (m *members) rewind() {
	back := m.tap.taken() - m.at - 1
	if m.seeker == nil || m.rewound+back > 4*m.tap.total+m.most {
		return
	}
	if _, err := m.seeker.Seek(m.at+1, io.SeekStart); err != nil {
		return
	}
	m.rewound += back
	m.tap.total, m.tap.window = m.at+1, m.tap.window[:0]
	m.raw.Reset(m.tap)
	m.tap.sum.Reset()
}

// open finds the next member and says whether it is a boundary.
func (m *members) open() {
	for {
		skipped, err := m.find()
		if skipped > 0 && m.fault == nil && m.between == nil {
			m.between = fmt.Errorf("%d bytes before %d are no gzip member", skipped, m.tap.taken())
		}
		if err != nil {
			m.over = true
			if !errors.Is(err, io.EOF) {
				m.ioErr = err
			}
			return
		}
		m.at = m.tap.taken()
		m.tap.mark()
		if err := m.gz.Reset(m.raw); err != nil {
			m.refuse(err)
			continue
		}
		m.gz.Multistream(false)
		m.buf.Reset(m.gz)
		first, err := m.buf.Peek(len(recordMark))
		if len(first) < len(recordMark) && err != nil && !errors.Is(err, io.EOF) {
			m.refuse(err)
			continue
		}
		m.boundary = string(first) == recordMark || m.fault != nil
		if !m.boundary {
			m.single, m.joint = false, m.out
		}
		return
	}
}

// refuse leaves a member of which nothing can be read.
func (m *members) refuse(err error) {
	if m.between == nil {
		m.between = fmt.Errorf("gzip member at %d: %w", m.at, err)
	}
	m.rewind()
}

// find goes to where a member begins. Zeros between members are padding and not counted.
func (m *members) find() (skipped int64, err error) {
	for {
		next, err := m.raw.Peek(len(gzipMark))
		if bytes.Equal(next, gzipMark) {
			return skipped, nil
		}
		if len(next) == 0 {
			return skipped, err
		}
		if next[0] != 0 {
			skipped++
		}
		m.raw.Discard(1)
	}
}
