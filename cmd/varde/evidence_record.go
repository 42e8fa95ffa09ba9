package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/evidence"
	"varde/internal/fault"
	"varde/internal/store"
)

func (es *evidenceShow) record(ctx context.Context, s *store.Store, archive *evidence.Archive, id string) error {
	c, err := archive.Find(ctx, id)
	if errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("there is no record %s in the evidence", printable(id))
	}
	if err != nil {
		return err
	}
	set, _, _ := strings.Cut(c.File, "/")
	if err := es.note(ctx, s, audit.Target(set), id); err != nil {
		return err
	}
	if es.raw {
		whole, err := wholePageOf(ctx, archive, c)
		if err != nil {
			return err
		}
		page := whole[len(whole)-1]
		if page.at.Record != c.Record {
			es.app.warn("record %s says that the page was as before and holds none; it stands for %s, whose page is written instead", printable(c.Record), printable(page.at.Record))
		}
		return es.write(page.Record)
	}
	x, err := describe(ctx, archive, c)
	if err != nil {
		return err
	}
	if es.app.json {
		return es.app.result(x)
	}
	x.write(es.app.out)
	return nil
}

// write writes what a record holds: of an HTTP message the body, unpacked, and otherwise its block.
func (es *evidenceShow) write(rec *evidence.Record) error {
	data := rec.Block
	if m, err := rec.HTTP(); err == nil {
		if data, err = evidence.Unpack(m.Header, m.Body, mostUnpacked); err != nil {
			return fmt.Errorf("unpack the page of record %s: %w", rec.ID, err)
		}
	}
	if es.output == "" {
		_, err := es.app.out.Write(data)
		return err
	}
	return replaceFile(es.output, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// answer is a record of the evidence and where it stands.
type answer struct {
	*evidence.Record
	at ad.Capture
}

// wholePageOf follows revisits to the response that they stand for: all records on the way, the response last. Each stands for one that
// was written before it; what came later, such as from another program's file, cannot take its place.
func wholePageOf(ctx context.Context, archive *evidence.Archive, c ad.Capture) ([]answer, error) {
	rec, err := archive.Read(ctx, c)
	if err != nil {
		return nil, err
	}
	chain := []answer{{rec, c}}
	if rec.Type != evidence.Revisit {
		return chain, nil
	}
	set, _, _ := strings.Cut(c.File, "/")
	before, err := archive.Answers(ctx, set, rec.TargetURI)
	if err != nil {
		return nil, err
	}
	isAt := func(c ad.Capture) func(ad.Capture) bool {
		return func(o ad.Capture) bool { return o.File == c.File && o.Offset == c.Offset }
	}
	for rec.Type == evidence.Revisit {
		if i := slices.IndexFunc(before, isAt(c)); i >= 0 {
			before = before[:i]
		} else {
			before = nil
		}
		i := slices.IndexFunc(before, func(o ad.Capture) bool { return o.Record == rec.RefersTo })
		if i < 0 {
			return nil, fmt.Errorf("record %s says that the page was as before, and the page before it is not in the evidence", c.Record)
		}
		c = before[i]
		if rec, err = archive.Read(ctx, c); err != nil {
			return nil, err
		}
		chain = append(chain, answer{rec, c})
	}
	return chain, nil
}
