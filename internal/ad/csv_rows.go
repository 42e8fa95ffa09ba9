package ad

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// csvRows splits a CSV into rows. Where a quote is open a row goes on in the next line; a row that is broken takes its first line and
// no other, so that one quote too many does not swallow what follows.
type csvRows struct {
	br    *bufio.Reader
	comma rune
	// columns is how many a row must have, 0 while the header is not read.
	columns int
	// ahead are lines that were read and not used yet, at most MaxLine bytes and a line; line is the number of those used.
	ahead []csvLine
	line  int
}

type csvLine struct {
	text    []byte
	tooLong bool
	// err is what ended reading after the text: io.EOF or the reader's own.
	err error
}

// csvRow is one row, or with err one line that is none.
type csvRow struct {
	line   int
	record []string
	raw    []byte
	err    error
}

// peek returns the n-th line that is not used yet. Nothing follows one with an error.
func (c *csvRows) peek(n int) csvLine {
	for len(c.ahead) <= n {
		if len(c.ahead) > 0 && c.ahead[len(c.ahead)-1].err != nil {
			return csvLine{err: io.EOF}
		}
		text, tooLong, err := readLine(c.br)
		c.ahead = append(c.ahead, csvLine{text, tooLong, err})
	}
	return c.ahead[n]
}

// use takes the first n lines.
func (c *csvRows) use(n int) {
	c.line += n
	last := c.ahead[n-1].err
	if c.ahead = c.ahead[n:]; len(c.ahead) == 0 && last != nil {
		c.ahead = append(c.ahead, csvLine{err: last})
	}
}

// next returns the next row. Its error is io.EOF or the reader's own.
func (c *csvRows) next() (csvRow, error) {
	for {
		first := c.peek(0)
		if len(bytes.TrimSpace(first.text)) == 0 {
			if first.err != nil {
				return csvRow{line: c.line + 1}, c.ended(first.err)
			}
			c.use(1)
			continue
		}
		row := csvRow{line: c.line + 1, raw: first.text}
		n, whole, err := c.gather(first)
		if err == nil {
			row.record, err = c.parse(whole)
		}
		if err != nil {
			n, row.err = 1, err
		} else {
			row.raw = whole
		}
		c.use(n)
		return row, nil
	}
}

func (c *csvRows) ended(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return fmt.Errorf("read line %d: %w", c.line+1, err)
}

// gather joins the lines of a row: as many as it takes to close its quotes.
func (c *csvRows) gather(first csvLine) (n int, whole []byte, err error) {
	quote := []byte{'"'}
	lines, quotes, size := [][]byte{first.text}, bytes.Count(first.text, quote), len(first.text)
	for n = 1; !first.tooLong && quotes%2 == 1; n++ {
		more := c.peek(n)
		size += len(more.text) + 1
		if len(more.text) == 0 && more.err != nil || more.tooLong || size > MaxLine {
			return 0, nil, refuse("", "not CSV: a quote is left open")
		}
		lines, quotes = append(lines, more.text), quotes+bytes.Count(more.text, quote)
	}
	whole = bytes.Join(lines, []byte{'\n'})
	switch {
	case first.tooLong:
		return 0, nil, refuse("", "longer than %d bytes", MaxLine)
	case !utf8.Valid(whole):
		return 0, nil, refuse("", "not UTF-8 at byte %d; convert the file to UTF-8", invalidUTF8(whole)+1)
	}
	return n, whole, nil
}

func (c *csvRows) parse(whole []byte) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(whole))
	r.Comma, r.FieldsPerRecord = c.comma, -1
	record, err := r.Read()
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	if err != nil {
		return nil, refuse("", "not CSV: %v", err)
	}
	if c.columns > 0 && len(record) != c.columns {
		return nil, refuse("", "%d columns where the header has %d", len(record), c.columns)
	}
	return record, nil
}
