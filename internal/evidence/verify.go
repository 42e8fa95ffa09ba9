package evidence

import (
	"context"
	"fmt"
	"os"
	"path"
	"strings"
)

// Fault is one thing that is not as it was written.
type Fault struct {
	// File is relative to the evidence folder or the package.
	File string `json:"file"`
	// Offset is where in the file the record begins, or what is wrong stands.
	Offset int64 `json:"offset"`
	// Record is the id of the record at fault, empty where a file as a whole is.
	Record string `json:"record,omitempty"`
	What   string `json:"what"`
}

// String says it in a line.
func (f Fault) String() string {
	if f.Record == "" {
		return fmt.Sprintf("%s: %s", f.File, f.What)
	}
	return fmt.Sprintf("%s at byte %d: record %s: %s", f.File, f.Offset, f.Record, f.What)
}

// Report is what a verification found.
type Report struct {
	Files   int64 `json:"files"`
	Records int64 `json:"records"`
	Bytes   int64 `json:"bytes"`
	// Faults are in the order in which they were found, the first mostFaults of them; More counts those beyond.
	Faults []Fault `json:"faults,omitempty"`
	More   int64   `json:"more,omitempty"`
	// Notes are what is worth knowing and no fault, such as a file that is being written.
	Notes []string `json:"notes,omitempty"`
}

// OK says that nothing was found wrong.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

// mostFaults is how many faults a report names: a disk that lost a file has as many as the file had records.
const mostFaults = 1000

func (r *Report) fault(file string, offset int64, record, format string, args ...any) {
	if len(r.Faults) == mostFaults {
		r.More++
		return
	}
	r.Faults = append(r.Faults, Fault{File: file, Offset: offset, Record: record, What: fmt.Sprintf(format, args...)})
}

func (r *Report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// Verify reads every byte of the evidence: each record's stored bytes against the SHA-256 in the index, its gzip checksum, its digests and
// its place; each index against its chain; each file against the one before it. A byte changed anywhere in a sealed file or its index is a
// fault that names the record, as are a file or a record that is missing or one too many. What cannot be seen here is that the newest file
// of a set was taken away, index and all: the captures in the record show that.
//
// Progress is called now and then with the file that is read and the bytes done of all; it may be nil. The error is nil unless ctx ended or
// the folder could not be listed: what cannot be read is a fault.
func (a *Archive) Verify(ctx context.Context, progress func(file string, done, total int64)) (Report, error) {
	var r Report
	if !a.cfg.ReadOnly {
		if err := a.Sync(ctx); err != nil { // so that the indexes know what they can
			return r, fmt.Errorf("verify evidence: %w", err)
		}
	}
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	sets, err := a.listing(&r)
	if err != nil {
		return r, err
	}
	total := int64(0)
	for _, set := range sets {
		for _, name := range set {
			total += a.sizeOf(name)
		}
	}
	done := int64(0)
	for _, set := range sets {
		chains := map[string]*fileCheck{}
		for _, name := range set {
			c := &fileCheck{report: &r, name: name}
			c.progress = func() { progress(name, done+c.end, total) }
			if err := a.checkFile(ctx, c); err != nil {
				return r, err
			}
			done += c.size
			chains[name] = c
			r.Files++
			r.Records += c.records
			r.Bytes += c.size
		}
		for _, name := range set {
			chains[name].checkPrevious(chains)
		}
	}
	return r, nil
}

func (a *Archive) sizeOf(name string) int64 {
	f, _, err := a.openStored(name)
	if err != nil {
		return 0
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// listing returns the files of each set, and tells of what does not belong there.
func (a *Archive) listing(r *Report) ([][]string, error) {
	entries, err := os.ReadDir(a.cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("verify evidence: %w", err)
	}
	var sets [][]string
	for _, e := range entries {
		if !e.IsDir() || !setPattern.MatchString(e.Name()) {
			r.fault(e.Name(), 0, "", "it is not part of the evidence")
			continue
		}
		files, err := os.ReadDir(a.path(e.Name()))
		if err != nil {
			return nil, fmt.Errorf("verify evidence: %w", err)
		}
		sets = append(sets, a.setListing(r, e.Name(), files))
	}
	return sets, nil
}

func (a *Archive) setListing(r *Report, set string, files []os.DirEntry) []string {
	has := map[string]bool{}
	var names []string
	for _, f := range files {
		has[f.Name()] = true
	}
	for _, f := range files {
		name := f.Name()
		base := strings.TrimSuffix(name, openEnding)
		switch {
		case strings.HasSuffix(base, fileEnding) && base != name && has[base]:
			r.fault(set+"/"+name, 0, "", "it is there both sealed and unsealed")
		case strings.HasSuffix(base, fileEnding):
			names = append(names, set+"/"+base)
		case strings.HasSuffix(name, fileEnding+indexEnding):
			of := strings.TrimSuffix(name, indexEnding)
			// A file may have been renamed since the folder was listed; openStored looks again.
			if f, _, err := a.openStored(set + "/" + of); err != nil {
				r.fault(set+"/"+of, 0, "", "the file is missing; its index is there")
			} else {
				f.Close()
			}
		default:
			r.fault(set+"/"+name, 0, "", "it is not part of the evidence")
		}
	}
	return names
}

// checkPrevious compares what the file's index says of the file before it with what is there.
func (c *fileCheck) checkPrevious(all map[string]*fileCheck) {
	if c.head == nil || c.head.Previous == "" {
		return
	}
	before := all[c.head.Previous]
	switch {
	case before == nil:
		c.report.fault(c.head.Previous, 0, "", "the file is missing; %s was begun after it", path.Base(c.name))
	case before.sealChain != "" && before.sealChain != c.head.PreviousChain:
		c.report.fault(before.name, before.end, before.lastID, "it is not as it was sealed: %s knows it otherwise", path.Base(c.name))
	}
}
