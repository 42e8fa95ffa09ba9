package evidence

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"varde/internal/ad"
)

// Related returns the records that were written for the one of a capture: its request, what was told of the exchange, the sightings that were
// read from it. They name it as WARC-Refers-To, or have its target URI and name it, or are named by it, as WARC-Concurrent-To; and they stand in
// its file or the next. They come in order, each checked, and without the record itself.
func (a *Archive) Related(ctx context.Context, c ad.Capture) ([]*Located, error) {
	if !a.cfg.ReadOnly {
		if err := a.Sync(ctx); err != nil { // the indexes know only what is synced
			return nil, err
		}
	}
	record, _, err := a.read(ctx, c)
	if err != nil {
		return nil, err
	}
	uri := escapeURI(record.TargetURI)
	tells := func(e *entry) bool { return e.URI == uri && (e.Type == Request || e.Type == Metadata) }
	set, _, _ := strings.Cut(c.File, "/")
	files, err := a.filesFrom(set, Position{File: c.File})
	if err != nil {
		return nil, err
	}
	var all []*Located
	for _, name := range files[:min(2, len(files))] {
		found, err := a.entries(ctx, name, `,"uri":"`+uri+`",`, tells)
		if err != nil {
			return nil, err
		}
		referring, err := a.entries(ctx, name, `,"refers":"`+record.ID+`"`, func(e *entry) bool { return e.Refers == record.ID })
		if err != nil {
			return nil, err
		}
		found = append(found, referring...)
		slices.SortFunc(found, func(a, b ad.Capture) int { return cmp.Compare(a.Offset, b.Offset) })
		found = slices.Compact(found)
		for _, other := range found {
			l, _, err := a.read(ctx, other)
			if err != nil {
				return nil, err
			}
			if l.ID != record.ID && (l.RefersTo == record.ID || slices.Contains(l.ConcurrentTo, record.ID) || slices.Contains(record.ConcurrentTo, l.ID)) {
				all = append(all, l)
			}
		}
	}
	return all, nil
}
