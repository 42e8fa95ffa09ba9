package export

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// printer writes text and keeps the first error.
type printer struct {
	w   *bufio.Writer
	err error
}

func newPrinter(w io.Writer) *printer { return &printer{w: bufio.NewWriterSize(w, 64<<10)} }

func (p *printer) print(text string) {
	if p.err == nil {
		_, p.err = p.w.WriteString(text)
	}
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// json writes a value as JSON; indent is what stands before each line, "" for one line.
func (p *printer) json(v any, indent string) {
	if p.err != nil {
		return
	}
	enc := json.NewEncoder(p.w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	p.err = enc.Encode(v)
}

func (p *printer) end() error {
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

// packed is a zip of several files, all of one time, so that the same content gives the same bytes.
type packed struct {
	zip *zip.Writer
	at  time.Time
	err error
}

func newPacked(w io.Writer, at time.Time) *packed {
	return &packed{zip: zip.NewWriter(w), at: at.UTC()}
}

// file adds one file.
func (z *packed) file(name string, write func(w io.Writer) error) {
	if z.err != nil {
		return
	}
	w, err := z.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: z.at})
	if err == nil {
		err = write(w)
	}
	if err != nil {
		z.err = fmt.Errorf("write %s: %w", name, err)
	}
}

func (z *packed) text(name, text string) {
	z.file(name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

// statement adds the statement, for programs and for people.
func (z *packed) statement(st *Statement) {
	z.file("statement.json", func(w io.Writer) error { return st.Write(w) })
}

func (z *packed) end() error {
	if z.err != nil {
		return z.err
	}
	return z.zip.Close()
}

// Write writes the statement as JSON.
func (st *Statement) Write(w io.Writer) error {
	p := newPrinter(w)
	p.json(st, " ")
	return p.end()
}
