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
	"os"
)

// fileCheck verifies one file and its index.
type fileCheck struct {
	report   *Report
	name     string
	progress func()

	warc   *os.File
	size   int64
	sealed bool
	head   *head
	seal   *seal
	// chains are what the next line may follow: one, or after a line that was changed what it may have been.
	chains []string
	// sealChain is the last line's, where that is a seal as it was written.
	sealChain string
	first     bool  // no line has been read
	broken    bool  // the line before was changed
	records   int64 // so far
	end       int64 // of what is accounted for
	lastID    string
	buf       []byte
}

// progressEvery is how many records are between two reports.
const progressEvery = 256

func (a *Archive) checkFile(ctx context.Context, c *fileCheck) error {
	f, sealed, err := a.openStored(c.name)
	if err != nil {
		c.report.fault(c.name, 0, "", "it cannot be opened: %v", err)
		return nil
	}
	defer f.Close()
	c.warc, c.sealed, c.first, c.chains = f, sealed, true, []string{""}
	idx, err := os.Open(a.path(c.name) + indexEnding)
	if err != nil {
		c.report.fault(c.name+indexEnding, 0, "", "the index is missing")
	} else {
		defer idx.Close()
	}
	// The index is measured first: the file always has at least what its index knows.
	known := int64(0)
	if idx != nil {
		if info, err := idx.Stat(); err == nil {
			known = info.Size()
		}
	}
	info, err := f.Stat()
	if err != nil {
		c.report.fault(c.name, 0, "", "it cannot be read: %v", err)
		return nil
	}
	c.size = info.Size()
	c.progress()
	if idx == nil {
		return c.unindexed(ctx)
	}
	if err := c.lines(ctx, io.LimitReader(idx, known)); err != nil {
		return err
	}
	if err := c.tail(ctx); err != nil {
		return err
	}
	c.progress()
	return nil
}

// lines goes through the index.
func (c *fileCheck) lines(ctx context.Context, index io.Reader) error {
	r := bufio.NewReaderSize(index, 64<<10)
	for n := 0; ; n++ {
		if n%progressEvery == 0 {
			c.progress()
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		line, err := readRaw(r)
		switch {
		case err == nil:
			c.line(line)
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, io.ErrUnexpectedEOF) && !c.sealed:
			c.report.note("%s: the last line of its index is not complete; the file is being written, or was left by a killed process", c.name)
			return nil
		case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errHead):
			c.changed("")
			return nil
		default:
			c.report.fault(c.name+indexEnding, c.end, c.lastID, "the index cannot be read after its line: %v", err)
			return nil
		}
	}
}

func (c *fileCheck) line(line string) {
	body, chain, ok := splitLine(line)
	if !ok || c.seal != nil || !c.follows(body, chain) {
		c.changed(line)
		return
	}
	c.chains = []string{chain}
	switch l := readBody(body).(type) {
	case *head:
		if !c.first || l.Index != indexFormat || l.File != c.name {
			c.report.fault(c.name+indexEnding, 0, c.idAt(0), "the index is not this file's, but of %.200q", l.File)
		}
		c.head = l
	case *entry:
		c.entry(l)
	case *gap:
		c.gap(l)
	case *mended:
		if int64(l.Entries)+l.CutBytes+l.LostBytes+l.IndexBytes > 0 {
			c.report.note("%s was mended on %s: %d records added to its index, %d bytes cut off, %d bytes lost, %d bytes of the index dropped", c.name,
				l.At, l.Entries, l.CutBytes, l.LostBytes, l.IndexBytes)
		}
	case *seal:
		c.seal, c.sealChain = l, chain
	default:
		c.report.fault(c.name+indexEnding, c.end, c.lastID, "its index has a line of an unknown kind")
	}
	c.first, c.broken = false, false
}

func (c *fileCheck) follows(body, chain string) bool {
	for _, before := range c.chains {
		if nextChain(before, body) == chain {
			return true
		}
	}
	return false
}

// changed tells of a line that does not follow the one before it. The record that it was of is the one that stands where the last one ended;
// where the line was a head or a seal it is the record next to it.
func (c *fileCheck) changed(line string) {
	body, chain, ok := splitLine(line)
	was := c.chains
	c.chains = []string{nextChain(was[0], body)}
	if len(was) > 1 {
		c.chains = append(c.chains, nextChain(was[1], body))
	}
	if ok {
		c.chains = append(c.chains, chain)
	}
	id, at := c.idAt(c.end), c.end
	if c.end >= c.size {
		id = c.lastID
	}
	c.report.fault(c.name+indexEnding, at, id, "its line in the index was changed")
	if !c.first {
		c.passMember()
	}
	c.first, c.broken = false, true
}

// passMember goes over a record that the index says nothing of.
func (c *fileCheck) passMember() bool {
	l, _, err := readMember(c.warc, c.end, c.size)
	if err != nil {
		return false
	}
	c.end += l.Length
	c.lastID = l.ID
	c.records++
	return true
}

func (c *fileCheck) idAt(offset int64) string {
	l, _, err := readMember(c.warc, offset, c.size)
	if err != nil && (l == nil || l.Record == nil) {
		return ""
	}
	return l.ID
}

// entry compares a record with what the index says of it.
func (c *fileCheck) entry(e *entry) {
	for c.broken && c.end < e.Offset { // records whose lines were lost with the changed one
		at, id := c.end, c.idAt(c.end)
		if !c.passMember() {
			break
		}
		c.report.fault(c.name+indexEnding, at, id, "its line in the index is missing")
	}
	if e.Offset != c.end || e.Number != c.records {
		if !c.broken {
			c.report.fault(c.name+indexEnding, e.Offset, e.ID, "it stands out of place in the index")
		}
		c.end, c.records = e.Offset, e.Number
	}
	if what := c.compare(e); what != "" {
		c.report.fault(c.name, e.Offset, e.ID, "%s", what)
	}
	c.end, c.lastID = e.Offset+e.Length, e.ID
	c.records++
}

// compare returns what is wrong with a record, or "".
func (c *fileCheck) compare(e *entry) string {
	if e.Offset < 0 || e.Length <= 0 || e.Length > 2*MaxBlock {
		return "the index gives it no possible place"
	}
	if e.Offset+e.Length > c.size {
		return fmt.Sprintf("its bytes are missing: the file ends at %d", c.size)
	}
	if int64(cap(c.buf)) < e.Length {
		c.buf = make([]byte, e.Length)
	}
	data := c.buf[:e.Length]
	if _, err := c.warc.ReadAt(data, e.Offset); err != nil {
		return fmt.Sprintf("it cannot be read: %v", err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e.SHA256 {
		return "its stored bytes were changed"
	}
	src := bytes.NewReader(data)
	r, err := check(src)
	switch {
	case err != nil:
		return fmt.Sprintf("it is not a whole record: %v", err)
	case src.Len() > 0:
		return "more follows it in its place"
	case r.ID != e.ID || r.Type != e.Type || escapeURI(r.TargetURI) != e.URI || warcDate(r.Date) != e.Date || r.RefersTo != e.Refers:
		return fmt.Sprintf("record %s of another head stands in its place", r.ID)
	}
	return ""
}

// gap compares bytes that were no record when the file was mended.
func (c *fileCheck) gap(g *gap) {
	if sum, err := hashRange(c.warc, g.Offset, g.Length); err != nil || sum != g.SHA256 || g.Offset != c.end && !c.broken {
		c.report.fault(c.name, g.Offset, c.lastID, "the %d bytes after it, which are no record, were changed", g.Length)
	}
	c.report.note("%s: the %d bytes at %d are no record: they were lost before they had been confirmed", c.name, g.Length, g.Offset)
	c.end = g.Offset + g.Length
}

// tail looks at how the file ends.
func (c *fileCheck) tail(ctx context.Context) error {
	if !c.sealed && c.seal == nil {
		return c.growing(ctx)
	}
	switch {
	case c.seal == nil && !c.broken:
		c.report.fault(c.name+indexEnding, c.end, c.lastID, "the index ends after it without a seal: what followed was cut off")
	case c.seal != nil && (c.seal.Records != c.records || c.seal.Bytes != c.end):
		c.report.fault(c.name+indexEnding, c.end, c.lastID, "the seal is of %d records and %d bytes, there are %d and %d", c.seal.Records, c.seal.Bytes, c.records, c.end)
	}
	if c.size > c.end {
		c.report.fault(c.name, c.end, c.lastID, "%d bytes that the index does not know follow it", c.size-c.end)
	}
	return nil
}

// growing checks what the index of a file that is being written does not know yet.
func (c *fileCheck) growing(ctx context.Context) error {
	waiting := 0
	for c.end < c.size && c.passMember() {
		waiting++
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if waiting > 0 || c.end < c.size {
		c.report.note("%s is being written, or was left by a killed process: %d records are not in its index yet", c.name, waiting)
	}
	return nil
}

// unindexed checks a file whose index is gone, as far as a record can be checked by what it says itself.
func (c *fileCheck) unindexed(ctx context.Context) error {
	for c.end < c.size {
		if err := ctx.Err(); err != nil {
			return err
		}
		l, _, err := readMember(c.warc, c.end, c.size)
		if err == nil {
			c.end, c.lastID = c.end+l.Length, l.ID
			c.records++
			continue
		}
		if !c.sealed && errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		id := ""
		if l != nil && l.Record != nil {
			id = l.ID
		}
		c.report.fault(c.name, c.end, id, "it is not a whole record: %v", err)
		next, err := nextMember(c.warc, c.end+1, c.size)
		if err != nil {
			return nil
		}
		c.end = next
	}
	return nil
}
