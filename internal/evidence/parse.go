package evidence

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"varde/internal/fault"
)

const (
	// maxHead is the most bytes that the named fields of a record may have.
	maxHead = 256 << 10
	// maxLine is the most bytes of one of them.
	maxLine = 128 << 10
)

var (
	errHead   = errors.New("its head is longer than any record's")
	errNoEnd  = errors.New("its block is not followed by two line ends")
	errLarge  = errors.New("its block is larger than what is read")
	errCut    = errors.New("it ends before its block does")
	errDigest = errors.New("its block does not have the digest that it names")
)

// parsed is a record's head, read.
type parsed struct {
	rec     *Record
	version string
	// length is what Content-Length says, -1 where it says nothing that can be read.
	length         int64
	block, payload string // labelled digests
}

// parseFields sorts the named fields of a record into it. It takes what others write: ids without brackets, URIs with them, dates of any
// precision.
func parseFields(version string, fields [][2]string) parsed {
	p := parsed{rec: &Record{}, version: version, length: -1}
	r := p.rec
	for _, f := range fields {
		name, v := f[0], f[1]
		switch strings.ToLower(name) {
		case "warc-type":
			r.Type = strings.ToLower(v)
		case "warc-record-id":
			r.ID = unbracket(v)
		case "warc-date":
			r.Date = parseDate(v)
		case "warc-target-uri":
			r.TargetURI = unbracket(v)
		case "warc-ip-address":
			r.IP = v
		case "warc-concurrent-to":
			r.ConcurrentTo = append(r.ConcurrentTo, unbracket(v))
		case "warc-refers-to":
			r.RefersTo = unbracket(v)
		case "warc-refers-to-target-uri":
			r.RefersToURI = unbracket(v)
		case "warc-refers-to-date":
			r.RefersToDate = parseDate(v)
		case "warc-profile":
			r.Profile = v
		case "warc-truncated":
			r.Truncated = v
		case "warc-block-digest":
			p.block = v
		case "warc-payload-digest":
			p.payload = v
			if _, sum := labelled(v); len(sum) == 32 {
				r.PayloadSHA256 = hex.EncodeToString(sum)
			}
		case "content-type":
			r.ContentType = v
		case "content-length":
			if n, err := strconv.ParseInt(v, 10, 64); err == nil && n >= 0 {
				p.length = n
			}
		default:
			r.Fields = append(r.Fields, f)
		}
	}
	return p
}

func unbracket(s string) string {
	if len(s) > 1 && s[0] == '<' && s[len(s)-1] == '>' {
		return s[1 : len(s)-1]
	}
	return s
}

func parseDate(s string) time.Time {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// lineReader is what heads are read from.
type lineReader interface {
	ReadSlice(delim byte) ([]byte, error)
}

// readLine reads a line without its end, which may be a newline alone.
func readLine(r lineReader) (string, error) {
	line, err := readRaw(r)
	return strings.TrimSuffix(line, "\r"), err
}

// readRaw reads up to a newline and leaves only that out. A last line without one is io.ErrUnexpectedEOF, one of more than maxLine bytes errHead.
func readRaw(r lineReader) (string, error) {
	var long []byte
	for {
		part, err := r.ReadSlice('\n')
		switch {
		case err == nil && long == nil:
			return string(part[:len(part)-1]), nil
		case len(long)+len(part) > maxLine:
			return "", errHead
		case err == nil:
			long = append(long, part...)
			return string(long[:len(long)-1]), nil
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, part...)
		case errors.Is(err, io.EOF) && len(long)+len(part) > 0:
			return "", io.ErrUnexpectedEOF
		default:
			return "", err
		}
	}
}

// readFields reads named fields up to the blank line after them. A line that is no field is passed over: others' mistakes in one field must
// not cost a record.
func readFields(r lineReader) ([][2]string, error) {
	var fields [][2]string
	size := 0
	for {
		line, err := readLine(r)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil || line == "" {
			return fields, err
		}
		if size += len(line) + 2; size > maxHead {
			return fields, errHead
		}
		if (line[0] == ' ' || line[0] == '\t') && len(fields) > 0 { // a long value, continued
			last := &fields[len(fields)-1]
			last[1] += " " + strings.TrimSpace(line)
			continue
		}
		if name, value, ok := strings.Cut(line, ":"); ok && isToken(name) {
			fields = append(fields, [2]string{name, strings.TrimSpace(value)})
		}
	}
}

// readBlock reads n bytes into b, which it empties first, without believing that there are as many.
func readBlock(b *bytes.Buffer, r io.Reader, n int64) ([]byte, error) {
	const first = 64 << 10
	b.Reset()
	b.Grow(int(min(n, first)) + bytes.MinRead)
	got, err := io.Copy(b, io.LimitReader(r, n))
	if err == nil && got < n {
		err = errCut
	}
	return b.Bytes(), err
}

// decoder reads members of our own files.
type decoder struct {
	gz  gzip.Reader
	buf *bufio.Reader
	// block is where a block is read that nobody keeps.
	block bytes.Buffer
}

var decoders = sync.Pool{New: func() any { return &decoder{buf: bufio.NewReaderSize(nil, 16<<10)} }}

// memberSource is read by the byte, so that nothing beyond a member is taken.
type memberSource interface {
	io.Reader
	io.ByteReader
}

// decode reads the one record of the gzip member that src begins with and checks everything that can be checked of it: the gzip checksum, the
// frame, the block's digest. Nothing beyond the member is taken from src.
func decode(src memberSource) (*Record, error) {
	d := decoders.Get().(*decoder)
	defer decoders.Put(d)
	return d.decode(src, true)
}

// check is decode for those who do not want the block: the record comes without it.
func check(src memberSource) (*Record, error) {
	d := decoders.Get().(*decoder)
	defer func() {
		if d.block.Cap() <= largestSpare {
			decoders.Put(d)
		}
	}()
	r, err := d.decode(src, false)
	if r != nil {
		r.Block = nil
	}
	return r, err
}

func (d *decoder) decode(src memberSource, keep bool) (*Record, error) {
	if err := d.gz.Reset(src); err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	d.gz.Multistream(false)
	d.buf.Reset(&d.gz)
	r, err := d.record(keep)
	if err != nil {
		return r, err
	}
	if _, err := d.buf.ReadByte(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("more follows it in its gzip member")
		}
		return r, fmt.Errorf("gzip: %w", err)
	}
	return r, nil
}

func (d *decoder) record(keep bool) (*Record, error) {
	version, err := readLine(d.buf)
	if err != nil {
		return nil, fmt.Errorf("first line: %w", err)
	}
	if version != "WARC/1.1" {
		return nil, fmt.Errorf("%.20q is no record's first line", version)
	}
	fields, err := readFields(d.buf)
	if err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	p := parseFields(version, fields)
	if p.length < 0 || p.length > MaxBlock {
		return p.rec, errLarge
	}
	into := &d.block
	if keep {
		into = new(bytes.Buffer)
	}
	if p.rec.Block, err = readBlock(into, d.buf, p.length); err != nil {
		return p.rec, fmt.Errorf("block: %w", err)
	}
	var end [4]byte
	if _, err := io.ReadFull(d.buf, end[:]); err != nil || string(end[:]) != "\r\n\r\n" {
		return p.rec, errors.Join(errNoEnd, err)
	}
	if ok, _ := matches(p.block, p.rec.Block); !ok {
		return p.rec, errDigest
	}
	return p.rec, nil
}

// damaged wraps what was found wrong with a record so that it names the record and its place.
func damaged(id, file string, offset int64, err error) error {
	if id == "" {
		id = "(unknown)"
	}
	return fault.Tell(fmt.Sprintf("The evidence is damaged: record %s in %s at byte %d. It must not be used; look for a copy of the file.", id, file, offset),
		fmt.Errorf("record %s in %s at %d: %w: %w", id, file, offset, fault.ErrDamaged, err))
}
