package evidence

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"varde/internal/ad"
)

// Related returns the records that were written for the one of a capture: its request, what was told of the exchange, the sightings that were
// read from it. They have its target URI, name it as WARC-Concurrent-To or WARC-Refers-To, and stand in its file or the next. They come in
// order, each checked, and without the record itself.
func (a *Archive) Related(ctx context.Context, c ad.Capture) ([]*Located, error) {
	record, _, err := a.read(ctx, c)
	if err != nil {
		return nil, err
	}
	set, _, _ := strings.Cut(c.File, "/")
	files, err := a.filesFrom(set, Position{File: c.File})
	if err != nil {
		return nil, err
	}
	var all []*Located
	for _, name := range files[:min(2, len(files))] {
		found, err := a.candidates(name, escapeURI(record.TargetURI))
		if err != nil {
			return nil, err
		}
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

// candidates asks a file's index for its requests and metadata of an address.
func (a *Archive) candidates(name, uri string) ([]ad.Capture, error) {
	f, err := os.Open(a.path(name) + indexEnding)
	if err != nil {
		return nil, fmt.Errorf("read index of %s: %w", name, err)
	}
	defer f.Close()
	var found []ad.Capture
	lines := bufio.NewReaderSize(f, 64<<10)
	mark := `,"uri":"` + uri + `",`
	for {
		line, err := readRaw(lines)
		if err != nil { // the end, or a line that is being written
			return found, nil
		}
		if !strings.Contains(line, mark) {
			continue
		}
		body, _, _ := splitLine(line)
		if e, ok := readBody(body).(*entry); ok && (e.Type == Request || e.Type == Metadata) {
			found = append(found, ad.Capture{Record: e.ID, File: name, Offset: e.Offset, SHA256: e.SHA256})
		}
	}
}
