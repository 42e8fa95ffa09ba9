package ad

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Row is one line of an ad file: a sighting, or why there is none.
type Row struct {
	// Line is the 1-based number of the (first) physical line.
	Line     int
	Sighting Sighting
	// Err is nil or a *FieldError; Raw is then the line as it stood, cut at MaxLine.
	Err error
	Raw []byte
	// Unknown names fields of the line that the ad file does not have; they were not read.
	Unknown []string
	// Kept are the values of the columns that CSV.Keep names.
	Kept []string
}

// Open opens a file, unpacking it where its name ends in .gz or .zst. Files put together of several compressed
// parts are read to their end.
func Open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := unpack(path, bufio.NewReaderSize(f, 1<<16))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), f.Close())
	}
	return &stack{Reader: r, closers: []io.Closer{r, f}}, nil
}

// BaseName strips the endings that Open understands: ads.jsonl.gz is ads.jsonl.
func BaseName(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".zst")
}

func unpack(path string, r io.Reader) (io.ReadCloser, error) {
	switch {
	case strings.HasSuffix(path, ".gz"):
		return gzip.NewReader(r)
	case strings.HasSuffix(path, ".zst"):
		d, err := zstd.NewReader(r, zstd.WithDecoderMaxMemory(64<<20), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}

// Create makes a file to write, packing it where its name ends in .gz or .zst. What was written is whole only when
// Close returned nil.
func Create(path string) (io.WriteCloser, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasSuffix(path, ".gz"):
		z := gzip.NewWriter(f)
		return &stack{Writer: z, closers: []io.Closer{z, f}}, nil
	case strings.HasSuffix(path, ".zst"):
		z, err := zstd.NewWriter(f, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return &stack{Writer: z, closers: []io.Closer{z, f}}, nil
	}
	return f, nil
}

// stack closes the packer before the file beneath it.
type stack struct {
	io.Reader
	io.Writer
	closers []io.Closer
}

func (s *stack) Close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// Read yields the ads of a JSON Lines file in its order, in constant memory. A line that cannot be read is a Row with
// Err, and reading goes on; blank lines are passed over. The error of the sequence is the reader's own (a truncated
// archive, a failing disk), after which nothing follows.
func Read(r io.Reader, now time.Time) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		br := bufio.NewReaderSize(r, 1<<16)
		for line := 1; ; line++ {
			raw, tooLong, err := readLine(br)
			if line == 1 {
				raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
			}
			if len(bytes.TrimSpace(raw)) > 0 && (err == nil || err == io.EOF) {
				row := Row{Line: line}
				if tooLong {
					row.Err = refuse("", "longer than %d bytes", MaxLine)
				} else {
					row.Sighting, row.Unknown, row.Err = Decode(raw, now)
				}
				if row.Err != nil {
					row.Raw = raw
				}
				if !yield(row, nil) {
					return
				}
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Row{Line: line}, fmt.Errorf("read line %d: %w", line, err))
				return
			}
		}
	}
}

// readLine reads to the next newline, keeping at most MaxLine bytes of it.
func readLine(br *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := br.ReadSlice('\n')
		if room := MaxLine - len(line); len(part) > room {
			part, tooLong = part[:room], true
		}
		line = append(line, part...)
		if err == bufio.ErrBufferFull {
			continue
		}
		return bytes.TrimRight(line, "\r\n"), tooLong, err
	}
}

// Rejected is a line of FILE.rejected.jsonl: what could not be read, where it stood and why.
type Rejected struct {
	Line   int    `json:"line"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
	// Raw is the line as it stood; bytes that are not UTF-8 are replaced.
	Raw string `json:"raw"`
}

// Reject makes the rejected file's entry for a row with an error.
func (r Row) Reject() Rejected {
	out := Rejected{Line: r.Line, Reason: r.Err.Error(), Raw: strings.ToValidUTF8(string(r.Raw), "\ufffd")}
	var fe *FieldError
	if errors.As(r.Err, &fe) {
		out.Field, out.Reason = fe.Field, fe.Text
	}
	return out
}

// WriteLine writes v as one JSON line, without escaping <, > and &, so that texts stay readable.
func WriteLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
