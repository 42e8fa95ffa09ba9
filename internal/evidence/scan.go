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
	"iter"
	"regexp"
	"slices"

	"varde/internal/fault"
)

// Scan yields the records of a WARC file of version 1.0 or 1.1, whoever wrote it: with a gzip member for each record, packed as a whole, or
// plain. Most is how large a block may be, MaxBlock where it is 0; a larger one is passed over and told as an error.
//
// An error is about one record, or about bytes that are none; the record beside it is never nil, tells what is known, and must not be used.
// Reading goes on with the next record that can be found. One record is held in memory at a time, and its block is the caller's. Nothing is
// promised of content: it comes from strangers.
func Scan(r io.Reader, most int64) iter.Seq2[*Located, error] {
	if most <= 0 {
		most = MaxBlock
	}
	return func(yield func(*Located, error) bool) {
		s := &scanner{src: newMembers(r, most), most: most, sum: sha256.New()}
		s.br = bufio.NewReaderSize(s.src, rawBuffer)
		for {
			l, err := s.next()
			if errors.Is(err, io.EOF) && l == nil {
				break
			}
			if l != nil && !yield(l, err) {
				return
			}
		}
		if s.src.ioErr != nil {
			yield(&Located{Record: &Record{}, Offset: s.src.tap.taken()}, fmt.Errorf("scan: %w", s.src.ioErr))
		}
	}
}

// scanner finds records in a stream of unpacked bytes.
type scanner struct {
	src  *members
	br   *bufio.Reader
	most int64
	pos  int64     // of the unpacked stream
	sum  hash.Hash // of the record so far
	// first is the first line of a record that was found while passing over something else; firstAt where it begins.
	first   string
	firstAt int64
	atStart bool // the record is the first of its segment
	moved   bool // something was read of the segment
	// afterError: what is passed over belongs to a record that was told of already.
	afterError bool
	pushed     int64
}

func (s *scanner) ReadSlice(delim byte) ([]byte, error) {
	b, err := s.br.ReadSlice(delim)
	s.took(b)
	return b, err
}

func (s *scanner) Read(p []byte) (int, error) {
	n, err := s.br.Read(p)
	s.took(p[:n])
	return n, err
}

func (s *scanner) took(b []byte) {
	s.pos += int64(len(b))
	s.sum.Write(b)
	s.moved = s.moved || len(b) > 0
}

// pushBack lets bytes be read again, within bounds: a file made to be read for ever is not.
func (s *scanner) pushBack(b []byte) {
	if s.pushed+int64(len(b)) > 4*s.pos+s.most {
		return
	}
	s.pushed += int64(len(b))
	s.pos -= int64(len(b))
	buffered, _ := s.br.Peek(s.br.Buffered())
	s.br.Reset(io.MultiReader(bytes.NewReader(b), bytes.NewReader(slices.Clone(buffered)), s.src))
}

var versionLine = regexp.MustCompile(`^WARC/[01]\.[0-9]{1,2}[ \t]*$`)

// next returns the next record or error, two nils where there is more to look at, and nil with io.EOF at the end.
func (s *scanner) next() (*Located, error) {
	passed, err := s.find()
	told := s.afterError
	s.afterError = false
	broken := errors.Join(s.src.takeFault(), s.src.takeBetween())
	switch {
	case err != nil && broken == nil && (passed == 0 || told):
		return nil, err
	case broken != nil && !told, passed > 0 && !told:
		s.afterError = true
		at := s.pos
		if s.first != "" {
			at = s.firstAt
		}
		return &Located{Record: &Record{}, Offset: at - passed}, fmt.Errorf("scan: %w", errors.Join(fault.ErrDamaged, broken, passedOver(passed)))
	case err != nil:
		return nil, err
	case s.first == "":
		s.afterError = told
		return nil, nil
	}
	version := s.first
	s.first = ""
	l, err := s.record(version)
	if err != nil {
		s.afterError = true
		err = fmt.Errorf("scan: record %s at %d: %w: %w", l.ID, l.Offset, fault.ErrDamaged, err)
	}
	return l, err
}

func passedOver(n int64) error {
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d bytes are no record", n)
}

// find passes over what is no record, up to and with the first line of one.
func (s *scanner) find() (passed int64, err error) {
	for s.first == "" {
		s.sum.Reset()
		at, start := s.pos, !s.moved
		line, err := readLine(s)
		switch {
		case errors.Is(err, io.EOF):
			if !s.src.boundary {
				return passed, io.EOF // what is between stands before the end then
			}
			s.src.cross()
			s.br.Reset(s.src)
			s.moved = false
			if s.src.fault != nil || s.src.between != nil {
				return passed, nil
			}
		case err == nil && versionLine.MatchString(line):
			s.first, s.firstAt, s.atStart = line, at, start
		case line != "" || err != nil:
			passed += s.pos - at
		}
	}
	return passed, nil
}

// record reads a record whose first line has been read.
func (s *scanner) record(version string) (*Located, error) {
	l := &Located{Record: &Record{}, Version: version, Offset: s.firstAt}
	fields, err := readFields(s)
	if err != nil {
		return l, errors.Join(fmt.Errorf("head: %w", err), s.src.takeFault())
	}
	p := parseFields(version, fields)
	l.Record = p.rec
	if p.length < 0 {
		return l, errors.New("it does not say how long its block is")
	}
	large := p.length > s.most
	block, err := readBlock(new(bytes.Buffer), s, min(p.length, s.most))
	if err == nil && large {
		_, err = io.CopyN(io.Discard, s, p.length-s.most)
	}
	if err != nil {
		s.pushBack(block)
		return l, errors.Join(errCut, s.src.takeFault())
	}
	if !large {
		l.Block = block
	}
	err = s.end(l)
	s.place(l)
	switch broken := s.src.takeFault(); {
	case broken != nil:
		return l, broken
	case large:
		return l, errLarge
	case err != nil:
		return l, err
	}
	return l, p.verify(l)
}

// end reads the line ends after a block. Something else there means that the block is longer or shorter than its head says.
func (s *scanner) end(l *Located) error {
	ends := 0
	for {
		next, _ := s.br.Peek(1)
		if len(next) == 0 {
			break
		}
		if next[0] != '\r' && next[0] != '\n' {
			// Rubbish after a whole record is told of on its own, but in the record's member it says that the member was changed.
			inside := s.src.gz != nil && s.pos != s.src.joint
			if ends == 0 || (ends == 1 || inside) && !s.recordNext() {
				s.pushBack(l.Block)
				return errNoEnd
			}
			break
		}
		if next[0] == '\n' {
			ends++
		}
		var one [1]byte
		s.Read(one[:])
	}
	if ends < 2 {
		l.Problems = append(l.Problems, errNoEnd.Error())
	}
	return nil
}

func (s *scanner) recordNext() bool {
	next, _ := s.br.Peek(len(recordMark))
	return string(next) == recordMark
}

// place says where the record stands: as a member where it is one.
func (s *scanner) place(l *Located) {
	l.Length, l.SHA256 = s.pos-l.Offset, hex.EncodeToString(s.sum.Sum(nil))
	m := s.src
	if m.gz == nil || !s.atStart || s.br.Buffered() > 0 || !m.boundary && !m.over || m.end <= m.start {
		return
	}
	if m.single {
		l.Offset, l.Length, l.SHA256, l.Member = m.start, m.end-m.start, m.sum, true
	}
}

// verify compares a record with the digests that it names. A payload's may be of the body with or without its chunk marks: writers differ.
func (p *parsed) verify(l *Located) error {
	ok, known := matches(p.block, l.Block)
	if known && !ok {
		return errDigest
	}
	l.Checked = known
	if p.payload == "" || l.Type == Revisit || l.Truncated != "" {
		return nil
	}
	payloads := [][]byte{l.Block}
	if l.http() {
		_, body, _ := splitHead(l.Block)
		joined, _ := joinChunks(body)
		payloads = [][]byte{body, joined}
	}
	for _, b := range payloads {
		if ok, known := matches(p.payload, b); ok || !known {
			l.Checked = l.Checked || ok
			return nil
		}
	}
	l.Problems = append(l.Problems, "its payload does not have the digest that it names")
	return nil
}
