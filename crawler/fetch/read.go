package fetch

import (
	"io"
	"sync"
)

// pieces are what bodies of unknown size are read into, so that one that turns out too large costs little more than its size.
var pieces = sync.Pool{New: func() any { return new(piece) }}

type piece [32 << 10]byte

// readUpTo reads all of r, at most most bytes, with errLength where there are more. What was read comes also with an error.
func readUpTo(r io.Reader, most int64) ([]byte, error) {
	var (
		read  []*piece
		total int64
		err   error
	)
	for err == nil {
		p := pieces.Get().(*piece)
		read = append(read, p)
		var n int
		n, err = fill(r, p[:min(int64(len(p)), most+1-total)])
		if total += int64(n); total > most {
			total, err = most, errLength
		}
	}
	if err == io.EOF {
		err = nil
	}
	out := make([]byte, total)
	rest := out
	for _, p := range read {
		rest = rest[copy(rest, p[:]):]
		pieces.Put(p)
	}
	return out, err
}

// fill reads until b is full or r ends, and, unlike io.ReadFull, with the error that r ends with.
func fill(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var got int
		got, err = r.Read(b[n:])
		n += got
	}
	return n, err
}
