package evidence

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"varde/internal/ad"
	"varde/internal/fault"
)

// Find returns where the record of an id stands, or fault.ErrNotFound. It asks the indexes, the newest files first, and reads no record. A
// record that was appended and not yet synced may not be found.
func (a *Archive) Find(ctx context.Context, id string) (ad.Capture, error) {
	files, err := a.filesFrom("", Position{})
	if err != nil {
		return ad.Capture{}, err
	}
	for _, name := range slices.Backward(files) {
		found, err := a.entries(ctx, name, `,"id":"`+id+`",`, func(e *entry) bool { return e.ID == id })
		if err != nil {
			return ad.Capture{}, err
		}
		if len(found) > 0 {
			return found[0], nil
		}
	}
	return ad.Capture{}, fmt.Errorf("find record %.60q: %w", id, fault.ErrNotFound)
}

// Answers returns where a set has responses and revisits of an address, in order. It asks the indexes and reads no record.
func (a *Archive) Answers(ctx context.Context, set, uri string) ([]ad.Capture, error) {
	files, err := a.Files(set)
	if err != nil {
		return nil, err
	}
	uri = escapeURI(uri)
	var all []ad.Capture
	for _, name := range files {
		found, err := a.entries(ctx, name, `,"uri":"`+uri+`",`, func(e *entry) bool { return e.URI == uri && (e.Type == Response || e.Type == Revisit) })
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// entries asks a file's index for the records whose lines have a mark and that are wanted. A file without an index has none.
func (a *Archive) entries(ctx context.Context, name, mark string, wanted func(*entry) bool) ([]ad.Capture, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := os.Open(a.path(name) + indexEnding)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read index of %s: %w", name, err)
	}
	defer f.Close()
	var found []ad.Capture
	lines := bufio.NewReaderSize(f, 64<<10)
	for {
		line, err := readRaw(lines)
		if err != nil { // the end, or a line that is being written
			return found, nil
		}
		if !strings.Contains(line, mark) {
			continue
		}
		body, _, _ := splitLine(line)
		if e, ok := readBody(body).(*entry); ok && wanted(e) {
			found = append(found, ad.Capture{Record: e.ID, File: name, Offset: e.Offset, SHA256: e.SHA256})
		}
	}
}
