package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"varde/configs"
	"varde/internal/ad"
	"varde/internal/config"
	"varde/internal/picture"
)

// imported is the result of one import.
type imported struct {
	Files []importedFile `json:"files"`
	Read  int            `json:"read"`
	New   int            `json:"new"`
	Known int            `json:"known"`
	// Rejected lines are in the files that RejectedFile names.
	Rejected int           `json:"rejected"`
	Pictures int           `json:"pictures"`
	Took     time.Duration `json:"took_ns"`
	// SetAside counts what could not be processed meanwhile; varde dead list shows why.
	SetAside int `json:"set_aside"`
	// Waited says whether everything was searchable when the import returned.
	Waited bool `json:"waited"`
}

type importedFile struct {
	File         string `json:"file"`
	Read         int    `json:"read"`
	New          int    `json:"new"`
	Known        int    `json:"known"`
	Rejected     int    `json:"rejected"`
	RejectedFile string `json:"rejected_file,omitempty"`
	// UnknownFields are fields that the ad file does not have, with the number of lines that had them.
	UnknownFields map[string]int `json:"unknown_fields,omitempty"`
	// NoPicture counts pictures that the file names and that could not be read.
	NoPicture int    `json:"pictures_not_read,omitempty"`
	Failed    string `json:"failed,omitempty"`

	pictures int
}

func newImport(a *app) *cobra.Command {
	var im importer
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Bring ads in from JSON Lines, CSV or WARC files",
		Long: `Bring ads in from files and wait until they are scored, linked and searchable.

A FILE is JSON Lines (one ad a line; docs/architecture.md lists the fields) or CSV with a header, plain or packed as .gz or
.zst; "-" reads JSON Lines from standard input. A CSV needs a mapping from its columns to the fields: one that comes with
Varde is used by itself when the header fits, another is named with --mapping.

A line that cannot be read goes to FILE.rejected.jsonl with its line number and reason, and the rest are imported. The same
file can be imported again at any time: what is known already is not counted twice.

A WARC that another program made (1.0 or 1.1, packed or not) is read under a target that is approved and valid: --target. Its ad
pages within the target's hosts and paths go into the evidence, each with the file's SHA-256 and its place in it, and are read as
seen on the date that the WARC says. What lies outside the target is neither read nor kept. That takes --as NAME, and is written
into the log.`,
		Example: "  varde import ads.jsonl.gz\n  varde import jobs.csv --mapping jobs.mapping.yaml\n  varde import capture.warc.gz --target site --as kari",
		Args:    usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			im.app = a
			return im.command(cmd.Context(), args)
		},
	}
	cmd.Flags().BoolVar(&im.noWait, "no-wait", false, "return when the ads are safely on disk, before they are searchable")
	im.warc = warcImporter{app: a, who: identity{app: a}}
	im.warc.who.flags(cmd)
	cmd.Flags().StringVar(&im.warc.id, "target", "", "the target that WARC files belong to, by its `ID`")
	cmd.Flags().StringVar(&im.warc.reason, "reason", "", "why a WARC is taken in, for the log")
	cmd.Flags().StringVar(&im.mapping, "mapping", "", "a `file` that says which CSV column is which field (see configs/mappings)")
	return cmd
}

// importer reads files into the stream.
type importer struct {
	app      *app
	sys      *system
	mapping  string
	mappings []*ad.Mapping
	noWait   bool
	// warc reads files that hold pages instead of ads.
	warc warcImporter
	// sent are the ids that this import has published: what stands twice in its files is known the second time.
	sent map[string]bool
}

func (im *importer) command(ctx context.Context, files []string) error {
	if err := im.loadMappings(); err != nil {
		return err
	}
	for _, f := range files { // a wrong name is better told before any work
		if _, err := os.Stat(f); err != nil && f != "-" {
			return fmt.Errorf("cannot read %s: %w", f, errors.Unwrap(err))
		}
	}
	if warcs, err := im.warcs(files); err != nil {
		return err
	} else if warcs {
		im.warc.noWait = im.noWait
		return im.warc.command(ctx, files)
	}
	sys, err := im.app.openToPublish(ctx)
	if err != nil {
		return err
	}
	im.sys, im.sent = sys, map[string]bool{}
	var res imported
	err = sys.with(ctx, func(ctx context.Context) error {
		var err error
		res, err = im.run(ctx, files)
		return err
	})
	if err != nil {
		return err
	}
	return im.report(res)
}

// openToPublish opens everything, or with --nats only what bringing messages to a running service needs.
func (a *app) openToPublish(ctx context.Context) (*system, error) {
	if a.natsURL != "" {
		return a.openClient(ctx)
	}
	return a.open(ctx, slog.LevelWarn)
}

// with runs fn while the roles serve, here or in the service that we are a client of, and ends them after it.
func (s *system) with(ctx context.Context, fn func(context.Context) error) error {
	if s.index == nil {
		return errors.Join(fn(ctx), s.close())
	}
	g, gctx := errgroup.WithContext(ctx)
	serving, stop := context.WithCancel(gctx)
	g.Go(func() error { return s.serve(serving) })
	g.Go(func() error {
		defer stop()
		return fn(gctx)
	})
	err := g.Wait()
	stop()
	return errors.Join(err, s.close())
}

func (im *importer) loadMappings() error {
	if im.mapping != "" {
		m, err := config.LoadMapping(im.mapping)
		if err != nil {
			return fmt.Errorf("the mapping is not valid:\n%w", err)
		}
		im.mappings = []*ad.Mapping{m}
		return nil
	}
	var err error
	im.mappings, err = config.Mappings(configs.FS)
	return err
}

func (im *importer) run(ctx context.Context, files []string) (imported, error) {
	began := time.Now()
	var res imported
	dead, err := im.sys.stream.DeadCount(ctx)
	if err != nil {
		return res, err
	}
	for _, f := range files {
		one, err := im.file(ctx, f)
		if err != nil && ctx.Err() != nil {
			return res, err
		}
		if err != nil { // one file that breaks off must not keep the others out
			one.Failed = err.Error()
		}
		res.Files = append(res.Files, one)
		res.Read += one.Read
		res.New += one.New
		res.Known += one.Known
		res.Rejected += one.Rejected
		res.Pictures += one.pictures
	}
	if !im.noWait {
		bar := newProgress(im.app.err, "ads left to link", -1)
		err := im.sys.settle(ctx, bar.set)
		bar.end()
		if err != nil {
			return res, fmt.Errorf("the ads are safe, but waiting for them to be searchable failed: %w", err)
		}
		res.Waited = true
	}
	after, err := im.sys.stream.DeadCount(ctx)
	if err != nil {
		return res, err
	}
	res.SetAside = max(0, after-dead)
	res.Took = time.Since(began)
	return res, nil
}

// file imports one file. Its error says that reading broke off; what was read before stays.
func (im *importer) file(ctx context.Context, path string) (res importedFile, err error) {
	res = importedFile{File: path, UnknownFields: map[string]int{}}
	rows, closeRows, err := im.rows(path)
	if err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, closeRows()) }()
	rejects := rejects{path: path + ".rejected.jsonl", fallback: im.app.data}
	if path == "-" {
		rejects.path = filepath.Join(im.app.data, "stdin.rejected.jsonl")
	}
	defer func() {
		err = errors.Join(err, rejects.close())
		res.RejectedFile = rejects.name
	}()
	bar := newProgress(im.app.err, filepath.Base(path)+", ads read", -1)
	defer bar.end()
	var pending []ad.Sighting
	for row, rerr := range rows {
		if rerr != nil {
			return res, errors.Join(rerr, im.flush(ctx, pending, &res))
		}
		for _, u := range row.Unknown {
			res.UnknownFields[u]++
		}
		if row.Err != nil {
			res.Rejected++
			if err := rejects.add(row); err != nil {
				return res, err
			}
			continue
		}
		im.complete(&row, path, &res)
		pending = append(pending, row.Sighting)
		res.Read++
		if len(pending) == batchSize {
			if err := im.flush(ctx, pending, &res); err != nil {
				return res, err
			}
			pending = pending[:0]
			bar.set(res.Read)
		}
	}
	return res, im.flush(ctx, pending, &res)
}

// rows opens a file as what its name and header say it is.
func (im *importer) rows(path string) (iter.Seq2[ad.Row, error], func() error, error) {
	if path == "-" {
		return ad.Read(im.app.in, time.Now()), func() error { return nil }, nil
	}
	f, err := ad.Open(path)
	if err != nil {
		return nil, nil, err
	}
	base := strings.ToLower(ad.BaseName(path))
	if !strings.HasSuffix(base, ".csv") && !strings.HasSuffix(base, ".tsv") {
		return ad.Read(f, time.Now()), f.Close, nil
	}
	c, err := ad.NewCSV(f)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	for _, m := range im.mappings {
		if im.mapping != "" || m.Fits(c.Header) {
			return c.Read(m, time.Now()), f.Close, nil
		}
	}
	err = fmt.Errorf("no mapping fits the columns of %s (%s); write one like configs/mappings/emscad.yaml and name it with --mapping",
		path, strings.Join(c.Header, ", "))
	return nil, nil, errors.Join(err, f.Close())
}

// complete adds what only the importer knows: where the ad came from, and the hashes of its pictures.
func (im *importer) complete(row *ad.Row, path string, res *importedFile) {
	s := &row.Sighting
	if s.Provenance.Source == "" { // an ad exported from another Varde keeps where it was first seen
		s.Provenance.Source, s.Provenance.File, s.Provenance.Line = "import", filepath.Base(path), row.Line
	}
	if len(s.Pictures) > 0 || path == "-" {
		return
	}
	for i, name := range s.Images {
		if !filepath.IsLocal(name) || strings.Contains(name, "://") {
			continue // a picture on the web is not fetched: no target allows it
		}
		p, err := hashFile(filepath.Join(filepath.Dir(path), name))
		if err != nil {
			res.NoPicture++
			s.Provenance.Problems = append(s.Provenance.Problems, fmt.Sprintf("picture %d could not be read", i+1))
			continue
		}
		p.Image = i + 1
		s.Pictures = append(s.Pictures, p)
		res.pictures++
	}
}

func hashFile(path string) (ad.Picture, error) {
	f, err := os.Open(path)
	if err != nil {
		return ad.Picture{}, err
	}
	p, err := picture.Hash(f, picture.Limits{})
	return p, errors.Join(err, f.Close())
}

// flush publishes what is not yet known.
func (im *importer) flush(ctx context.Context, sightings []ad.Sighting, res *importedFile) error {
	if len(sightings) == 0 {
		return nil
	}
	ids := make([]string, len(sightings))
	for i := range sightings {
		ids[i] = sightings[i].ID()
	}
	known, err := im.sys.store.Known(ctx, ids)
	if err != nil {
		return fmt.Errorf("ask the record what is known: %w", err)
	}
	fresh := make([]ad.Sighting, 0, len(sightings))
	for i := range sightings {
		if known[ids[i]] || im.sent[ids[i]] {
			res.Known++
			continue
		}
		im.sent[ids[i]] = true
		fresh = append(fresh, sightings[i])
	}
	if err := im.sys.publish(ctx, fresh); err != nil {
		return fmt.Errorf("publish %d ads: %w", len(fresh), err)
	}
	res.New += len(fresh)
	return nil
}
