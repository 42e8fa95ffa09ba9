package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// warcImported is the result of importing WARC files.
type warcImported struct {
	Target  string       `json:"target"`
	Version int          `json:"version"`
	Files   []warcResult `json:"files"`
	New     int          `json:"new"`
	Known   int          `json:"known"`
	// SetAside counts what could not be processed meanwhile; varde dead list shows why.
	SetAside int           `json:"set_aside"`
	Took     time.Duration `json:"took_ns"`
	// Waited says whether everything was searchable when the import returned.
	Waited bool `json:"waited"`
}

// warcResult counts what became of a file's records.
type warcResult struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	// Again is when the same file was imported for the same target before; then nothing is done.
	Again   time.Time `json:"imported_before,omitzero"`
	Records int       `json:"records"`
	// Pages are looks at ad pages within the target; Revisits of those say that a page was as before.
	Pages    int `json:"pages"`
	Revisits int `json:"revisits"`
	// New and Known are sightings; NoAd are pages without a valid ad, which are kept to be read again, by Why.
	New   int            `json:"new"`
	Known int            `json:"known"`
	NoAd  int            `json:"no_ad"`
	Why   map[string]int `json:"why_no_ad,omitempty"`
	// Left counts records that were not read and not kept, by the reason.
	Left map[string]int `json:"left"`
	// Damaged records are in Left, too; Faults name the first of them.
	Damaged int      `json:"damaged"`
	Faults  []string `json:"faults,omitempty"`
	Failed  string   `json:"failed,omitempty"`
}

// warcImporter reads WARC files that were made elsewhere.
type warcImporter struct {
	app            *app
	who            identity
	id, reason     string
	noWait         bool
	sys            *system
	desk           *target.Desk
	target         *target.Target
	publisher      *publishing
	actor          string
	importedBefore map[string]time.Time
}

// isWARC says whether a file is a WARC, by its first bytes and whatever it is called.
func isWARC(path string) bool {
	if path == "-" {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	in := bufio.NewReader(f)
	begins := func(r io.Reader) bool {
		first := make([]byte, len("WARC/1."))
		_, err := io.ReadFull(r, first)
		return err == nil && string(first) == "WARC/1."
	}
	if magic, err := in.Peek(2); err != nil || string(magic) != "\x1f\x8b" {
		return err == nil && begins(in)
	}
	z, err := gzip.NewReader(in)
	return err == nil && begins(z)
}

// warcs says whether files are WARCs: all of them or none.
func (im *importer) warcs(files []string) (bool, error) {
	n := 0
	for _, f := range files {
		if isWARC(f) {
			n++
		}
	}
	switch {
	case n == 0 && im.warc.id != "":
		return false, fmt.Errorf("%w: --target is for WARC files, and none of these is one", fault.ErrUsage)
	case n > 0 && im.warc.id == "":
		return false, fmt.Errorf("%w: a WARC holds pages of sites; name the target that they belong to with --target ID", fault.ErrUsage)
	case n > 0 && n < len(files):
		return false, fmt.Errorf("%w: %d of the %d files are WARCs; import those by themselves", fault.ErrUsage, n, len(files))
	}
	return n > 0, nil
}

func (wi *warcImporter) command(ctx context.Context, files []string) error {
	if err := wi.app.desk(ctx, wi.allowed); err != nil { // better told before everything is opened
		return err
	}
	sys, err := wi.app.openToPublish(ctx)
	if err != nil {
		return err
	}
	var res warcImported
	err = sys.with(ctx, func(ctx context.Context) error {
		settings, err := wi.app.settings()
		if err != nil {
			return err
		}
		wi.sys, wi.desk = sys, wi.app.newDesk(sys.store, settings)
		p, err := wi.app.publishing(sys)
		if err != nil {
			return err
		}
		wi.publisher = p
		res, err = wi.run(ctx, files)
		return errors.Join(err, p.close())
	})
	if err != nil {
		return err
	}
	return wi.report(res)
}

// allowed finds the target, which must be one under which the site may be read now, and who imports.
func (wi *warcImporter) allowed(ctx context.Context, s *store.Store, d *target.Desk) error {
	st, err := d.Get(ctx, wi.id)
	if err != nil {
		return noTarget(wi.id, err)
	}
	if err := admits(&st); err != nil {
		return err
	}
	if wi.actor, err = wi.who.prove(ctx, s); err != nil {
		return err
	}
	wi.target = st.Spec
	entries, err := s.Entries(ctx, audit.Target(st.ID))
	if err != nil {
		return err
	}
	wi.importedBefore = map[string]time.Time{}
	for _, e := range entries {
		if sum, _, ok := strings.Cut(e.Object, " "); ok && e.Action == audit.WARCImported {
			wi.importedBefore[sum] = e.At
		}
	}
	return nil
}

// admits says whether what others fetched may be taken in under a target now.
func admits(st *target.Standing) error {
	now := time.Now()
	switch {
	case st.State != target.Approved && st.State != target.Active && st.State != target.Paused:
		return fmt.Errorf("%w: the target %s is %s; what others fetched is taken in under an approved target only", fault.ErrUsage, st.ID, st.State)
	case st.Why == target.Unreadable || now.Before(st.Spec.From()) || !now.Before(st.Spec.To()):
		return fmt.Errorf("%w: the target %s is not valid now: %s", fault.ErrUsage, st.ID, whyText(st.Why))
	}
	return nil
}

// still asks again whether the target admits what is about to be kept: it may have been revoked or edited since the import began.
func (wi *warcImporter) still(ctx context.Context) error {
	st, err := wi.desk.Get(ctx, wi.id)
	if err != nil {
		return err
	}
	if err := admits(&st); err != nil {
		return err
	}
	if st.Hash != wi.target.Hash {
		return fmt.Errorf("%w: the target %s was changed meanwhile", fault.ErrUsage, wi.id)
	}
	return nil
}

func (wi *warcImporter) run(ctx context.Context, files []string) (warcImported, error) {
	began := time.Now()
	res := warcImported{Target: wi.target.ID, Version: wi.target.Version}
	dead, err := wi.sys.stream.DeadCount(ctx)
	if err != nil {
		return res, err
	}
	for _, f := range files {
		one, err := wi.file(ctx, f)
		if err != nil && ctx.Err() != nil {
			return res, err
		}
		if err != nil { // one file that breaks off must not keep the others out
			one.Failed = err.Error()
		}
		res.Files = append(res.Files, *one)
		res.New += one.New
		res.Known += one.Known
	}
	if !wi.noWait && res.New > 0 {
		if err := wi.sys.settle(ctx, func(int) {}); err != nil {
			return res, fmt.Errorf("the ads are safe, but waiting for them to be searchable failed: %w", err)
		}
	}
	res.Waited = !wi.noWait
	after, err := wi.sys.stream.DeadCount(ctx)
	res.SetAside, res.Took = max(0, after-dead), time.Since(began)
	return res, err
}

// file imports one file, unless the same file was imported before. The log says so when all of it is in.
func (wi *warcImporter) file(ctx context.Context, path string) (*warcResult, error) {
	r := &warcResult{File: path, Why: map[string]int{}, Left: map[string]int{}}
	sum, err := sha256File(path)
	if err != nil {
		return r, err
	}
	r.SHA256 = sum
	if at, again := wi.importedBefore[sum]; again {
		r.Again = at
		return r, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return r, fmt.Errorf("read %s: %w", path, err)
	}
	defer f.Close()
	w := &warcReader{warcImporter: wi, res: r, file: f, name: filepath.Base(path)}
	if err := w.read(ctx); err != nil {
		return r, err
	}
	wi.importedBefore[sum] = time.Now()
	return r, wi.sys.store.PutEntry(ctx, audit.Entry{At: time.Now().UTC(), Actor: wi.actor, Action: audit.WARCImported, Subject: audit.Target(wi.target.ID),
		Version: wi.target.Version, Reason: wi.reason, Object: sum + " " + strings.ToValidUTF8(filepath.Base(path), "?")})
}

func sha256File(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// report tells what came in and what did not.
func (wi *warcImporter) report(res warcImported) error {
	var text []string
	failed, read := 0, 0
	for _, f := range res.Files {
		read += f.New + f.Known
		name := filepath.Base(f.File)
		if f.Failed != "" {
			failed++
			wi.app.warn("%s: reading broke off: %s", f.File, f.Failed)
		}
		for _, fault := range f.Faults {
			wi.app.warn("%s: %s", f.File, printable(fault))
		}
		if !f.Again.IsZero() {
			read++
			text = append(text, fmt.Sprintf("%s: was imported at %s already; nothing was changed. varde reextract reads it with the target's current version.", name, stamp(f.Again)))
			continue
		}
		text = append(text, fmt.Sprintf("%s: %d records, %d looks at ad pages within %s (%d by revisit): %d new, %d known already, %d without a valid ad",
			name, f.Records, f.Pages, res.Target, f.Revisits, f.New, f.Known, f.NoAd))
		for _, reason := range slices.Sorted(maps.Keys(f.Why)) {
			text = append(text, fmt.Sprintf("  no ad: %d × %s", f.Why[reason], printable(reason)))
		}
		for _, reason := range slices.Sorted(maps.Keys(f.Left)) {
			text = append(text, fmt.Sprintf("  left out: %d × %s", f.Left[reason], reason))
		}
	}
	if res.SetAside > 0 {
		wi.app.warn("%d messages could not be processed and are set aside; varde dead list shows why", res.SetAside)
	}
	if err := wi.app.result(res, text...); err != nil {
		return err
	}
	switch {
	case failed > 0:
		return fmt.Errorf("%d of %d files could not be read to their end; what was read is in, and importing them again goes on", failed, len(res.Files))
	case read == 0:
		return errors.New("nothing was imported: no record gave an ad of this target")
	}
	return nil
}
