package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"varde/internal/ad"
)

// rejects writes FILE.rejected.jsonl when there is a first line for it, beside the file or else in the data folder.
type rejects struct {
	path, fallback, name string
	w                    io.WriteCloser
}

func (r *rejects) add(row ad.Row) error {
	if r.w == nil {
		w, err := os.Create(r.path)
		r.name = r.path
		if err != nil {
			r.name = filepath.Join(r.fallback, filepath.Base(r.path))
			if w, err = os.Create(r.name); err != nil {
				return fmt.Errorf("set a rejected line aside: %w", err)
			}
		}
		r.w = w
	}
	if err := ad.WriteLine(r.w, row.Reject()); err != nil {
		return fmt.Errorf("set line %d aside in %s: %w", row.Line, r.name, err)
	}
	return nil
}

func (r *rejects) close() error {
	if r.w == nil {
		return nil
	}
	return r.w.Close()
}

// report tells what came in and what did not.
func (im *importer) report(res imported) error {
	broken := 0
	for _, f := range res.Files {
		if f.Failed != "" {
			broken++
			im.app.warn("%s: reading broke off after %d ads: %s", f.File, f.Read, f.Failed)
		}
		if f.Rejected > 0 {
			im.app.warn("%s: %d lines could not be read; they are in %s with line and reason", f.File, f.Rejected, f.RejectedFile)
		}
		for _, name := range slices.Sorted(maps.Keys(f.UnknownFields)) {
			im.app.warn("%s: %d lines have a field %q, which the ad file does not have; it was not read", f.File, f.UnknownFields[name], name)
		}
		if f.NoPicture > 0 {
			im.app.warn("%s: %d pictures could not be read; their ads are in without them", f.File, f.NoPicture)
		}
	}
	if res.SetAside > 0 {
		im.app.warn("%d messages could not be processed and are set aside; varde dead list shows why", res.SetAside)
	}
	state := "they are scored, linked and searchable"
	if !res.Waited {
		state = "they are on disk and become searchable when the roles run"
	}
	err := im.app.result(res, fmt.Sprintf("%d ads read: %d new, %d known already, %d lines rejected, %d pictures hashed; %s (%s)",
		res.Read, res.New, res.Known, res.Rejected, res.Pictures, state, res.Took.Round(100*time.Millisecond)))
	if err == nil && broken > 0 && res.Read > 0 {
		err = fmt.Errorf("%d of %d files could not be read to their end; what was read is in", broken, len(res.Files))
	}
	if err == nil && res.Read == 0 {
		err = errors.New("nothing was imported: no line could be read")
	}
	return err
}
