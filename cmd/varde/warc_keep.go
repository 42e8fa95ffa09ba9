package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
)

// mostRequests is how many requests wait for their responses.
const mostRequests = 256

// request keeps a request until its response comes; most writers put it right before. One of the two names the other.
func (w *warcReader) request(r *evidence.Record) {
	if _, body, _ := bytes.Cut(r.Block, []byte("\r\n\r\n")); !strings.HasPrefix(http.DetectContentType(body), "text/") {
		return // what was sent is no text
	}
	for _, id := range append([]string{r.ID}, r.ConcurrentTo...) {
		if len(w.order) >= mostRequests {
			delete(w.requests, w.order[0])
			w.order = w.order[1:]
		}
		w.requests[id] = r
		w.order = append(w.order, id)
	}
}

func (w *warcReader) requestOf(r *evidence.Record) *evidence.Record {
	for _, id := range append([]string{r.ID}, r.ConcurrentTo...) {
		if q := w.requests[id]; q != nil {
			return q
		}
	}
	return nil
}

// flush records what is pending and not known yet: first into the evidence, then to the stream. The target is asked for each time.
func (w *warcReader) flush(ctx context.Context) error {
	if len(w.pending) == 0 {
		return nil
	}
	defer func() { w.pending, w.held = w.pending[:0], 0 }()
	if err := w.still(ctx); err != nil {
		return err
	}
	unknown, err := w.unknown(ctx)
	if err != nil {
		return err
	}
	var readings []reading
	for _, one := range w.pending {
		if one.sighting != nil && !unknown[one.sighting.ID()] {
			w.res.Known++
			continue
		}
		capture, err := w.keep(ctx, one.records)
		if errors.Is(err, fault.ErrUsage) { // this record, and not the next
			w.res.Left[leftDamaged]++
			w.res.Damaged++
			continue
		}
		if err != nil {
			return fmt.Errorf("write evidence: %w", err)
		}
		if one.sighting != nil {
			delete(unknown, one.sighting.ID()) // what stands twice in the file is known the second time
			one.sighting.Provenance.Captures = []ad.Capture{capture}
			readings = append(readings, reading{*one.sighting, capture.Record})
		}
	}
	if len(readings) == 0 {
		return w.publisher.archive.Sync(ctx)
	}
	published, _, err := w.publisher.publish(ctx, w.target.ID, readings)
	w.res.New += published
	return err
}

// unknown are the ids of pending sightings that are not recorded.
func (w *warcReader) unknown(ctx context.Context) (map[string]bool, error) {
	var seen []ad.Sighting
	for _, one := range w.pending {
		if one.sighting != nil {
			seen = append(seen, *one.sighting)
		}
	}
	fresh, err := w.sys.unknown(ctx, seen)
	if err != nil {
		return nil, err
	}
	unknown := map[string]bool{}
	for i := range fresh {
		unknown[fresh[i].ID()] = true
	}
	return unknown, nil
}

// keep writes the records of a look, unless an import of the same file wrote them before it was broken off. Records are written in the
// order of the file: behind the first that was not there none was.
func (w *warcReader) keep(ctx context.Context, records []*evidence.Record) (ad.Capture, error) {
	if !w.fresh {
		c, err := w.publisher.archive.Find(ctx, records[0].ID)
		if !errors.Is(err, fault.ErrNotFound) {
			return c, err
		}
	}
	captures, err := w.publisher.archive.Append(w.target.ID, records...)
	if err != nil {
		return ad.Capture{}, err
	}
	w.fresh = true
	return captures[0], nil
}
