package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
)

// evidenceDir is where the evidence is.
func (a *app) evidenceDir() string { return filepath.Join(a.data, "evidence") }

// reconciled counts what a comparison of the evidence with the record found.
type reconciled struct {
	// Read are sightings in the evidence behind what was compared before; Known are recorded, Published were not and are now.
	Read      int `json:"read"`
	Known     int `json:"known"`
	Published int `json:"published"`
	// Refused could not be published: no stream takes them. SetAside could not be processed; varde dead list shows why.
	Refused  int `json:"refused,omitempty"`
	SetAside int `json:"set_aside,omitempty"`
	// Waiting were published and are not recorded yet, as where the stream has taken them for repetitions of the last minutes. They are
	// compared again the next time.
	Waiting int `json:"waiting,omitempty"`
	// Damaged are records that fail their checks; Faults name the first of them.
	Damaged int      `json:"damaged,omitempty"`
	Faults  []string `json:"faults,omitempty"`
}

func newReconcile(a *app) *cobra.Command {
	all := false
	c := &cobra.Command{
		Use:   "reconcile",
		Short: "Publish again what the evidence proves and the record does not have",
		Long: `Compare the evidence with the record, and publish again what was seen and is not recorded: after a record was restored from an
older copy, or the disk of the stream was lost. varde up does the same when it starts. What was compared before with this record is
not read again, unless --all says so.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return reconcileCommand(cmd.Context(), a, all) },
	}
	c.Flags().BoolVar(&all, "all", false, "compare everything, also what was compared before")
	return c
}

func reconcileCommand(ctx context.Context, a *app, all bool) error {
	if err := a.needData(); err != nil {
		return err
	}
	archive, err := a.readEvidence()
	if err != nil {
		return err
	}
	defer archive.Close()
	sys, err := a.openToPublish(ctx)
	if err != nil {
		return err
	}
	var res reconciled
	err = sys.with(ctx, func(ctx context.Context) error {
		if all {
			if err := os.Remove(checkpointFile(a.data)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("forget what was compared: %w", err)
			}
		}
		res, err = reconcile(ctx, sys, archive, checkpointFile(a.data))
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range res.Faults {
		a.warn("%s", printable(f))
	}
	if res.SetAside > 0 {
		a.warn("%d messages could not be processed and are set aside; varde dead list shows why", res.SetAside)
	}
	if res.Waiting > 0 {
		a.warn("%d are not recorded yet, as the stream has had them minutes ago; run varde reconcile again in a few minutes", res.Waiting)
	}
	return a.result(res, fmt.Sprintf("%d sightings in the evidence compared: %d were recorded, %d were published again, %d records are damaged",
		res.Read, res.Known, res.Published, res.Damaged))
}

// readEvidence opens the evidence for reading; nothing in it is mended, since another process may be writing.
func (a *app) readEvidence() (*evidence.Archive, error) {
	archive, err := evidence.Open(evidence.Config{Dir: a.evidenceDir(), ReadOnly: true})
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no evidence in %s; name the data folder with --data", a.evidenceDir())
	}
	if err != nil {
		return nil, err
	}
	return archive, nil
}

// checkpointFile says how far the evidence has been compared with the record.
func checkpointFile(data string) string { return filepath.Join(data, "reconciled.json") }

// checkpoint is, for each file of the evidence, the place up to which everything is in the record or set aside.
type checkpoint struct {
	Files map[string]int64 `json:"files"`
	// Change is the record's last change then. A record that has not come so far is an older one, which was restored.
	Change int64 `json:"change"`
}

func readCheckpoint(path string) (checkpoint, error) {
	c := checkpoint{Files: map[string]int64{}}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read how far the evidence was compared: %w", err)
	}
	if json.Unmarshal(data, &c) != nil || c.Files == nil { // then everything is compared again, which does no harm
		return checkpoint{Files: map[string]int64{}}, nil
	}
	return c, nil
}

func (c checkpoint) write(path string) error {
	return replaceFile(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(c) })
}

// reconcile publishes what the evidence has and the record has not, and returns when it is processed. The checkpoint is moved only then:
// what is killed before is done again. The roles must be serving, here or elsewhere.
func reconcile(ctx context.Context, sys *system, archive *evidence.Archive, path string) (reconciled, error) {
	done, err := readCheckpoint(path)
	if err != nil {
		return reconciled{}, err
	}
	last, err := sys.store.LastChange(ctx)
	if err != nil {
		return reconciled{}, err
	}
	if last < done.Change {
		clear(done.Files)
	}
	r := &reconciler{sys: sys, archive: archive, next: checkpoint{Files: map[string]int64{}}}
	if r.dead, err = sys.stream.DeadCount(ctx); err != nil {
		return r.res, err
	}
	sets, err := archive.Sets()
	if err != nil {
		return r.res, err
	}
	for _, set := range sets {
		files, err := archive.Files(set)
		if err != nil {
			return r.res, err
		}
		for _, f := range files {
			if err := r.file(ctx, set, evidence.Position{File: f, Offset: done.Files[f]}); err != nil {
				return r.res, fmt.Errorf("compare the evidence in %s: %w", f, err)
			}
		}
	}
	if err := r.flush(ctx); err != nil {
		return r.res, err
	}
	if err := r.wait(ctx); err != nil || r.res.Waiting > 0 {
		return r.res, err
	}
	if r.next.Change, err = sys.store.LastChange(ctx); err != nil {
		return r.res, err
	}
	return r.res, r.next.write(path)
}

// wait returns when what was published is processed.
func (r *reconciler) wait(ctx context.Context) error {
	if len(r.published) == 0 {
		return nil
	}
	if err := r.sys.settle(ctx, func(int) {}); err != nil {
		return err
	}
	after, err := r.sys.stream.DeadCount(ctx)
	if err != nil {
		return err
	}
	known, err := r.sys.store.Known(ctx, r.published)
	if err != nil {
		return err
	}
	r.res.SetAside = min(max(0, after-r.dead), len(r.published)-len(known))
	r.res.Waiting = len(r.published) - len(known) - r.res.SetAside
	return nil
}

// reconciler compares file after file.
type reconciler struct {
	sys     *system
	archive *evidence.Archive
	next    checkpoint
	pending []ad.Sighting
	// published are the ids of what the stream took, dead how many messages were set aside before.
	published []string
	dead      int
	res       reconciled
}

// mostFaults is how many damaged records are named.
const mostFaults = 20

// file compares one file from a place on.
func (r *reconciler) file(ctx context.Context, set string, from evidence.Position) error {
	r.next.Files[from.File] = from.Offset
	for l, err := range r.archive.Walk(ctx, set, from) {
		if l.File != from.File {
			break
		}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			r.damaged(err)
			continue
		}
		r.next.Files[l.File] = l.After().Offset
		if l.Type != evidence.Metadata || l.ContentType != crawler.SightingType {
			continue
		}
		var s ad.Sighting
		if err := json.Unmarshal(l.Block, &s); err != nil {
			r.damaged(fmt.Errorf("record %s in %s at byte %d is no sighting: %w", l.ID, l.File, l.Offset, err))
			continue
		}
		r.res.Read++
		if r.pending = append(r.pending, s); len(r.pending) == batchSize {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func (r *reconciler) damaged(err error) {
	if r.res.Damaged++; len(r.res.Faults) < mostFaults {
		r.res.Faults = append(r.res.Faults, err.Error())
	}
}

// flush publishes what of the pending sightings is not recorded.
func (r *reconciler) flush(ctx context.Context) error {
	fresh, err := r.sys.unknown(ctx, r.pending)
	if err != nil {
		return err
	}
	r.res.Known += len(r.pending) - len(fresh)
	r.pending = r.pending[:0]
	if len(fresh) == 0 {
		return nil
	}
	if r.sys.archive != nil { // of a crawl that is under way: what is published is on disk first
		if err := r.sys.archive.Sync(ctx); err != nil {
			return fmt.Errorf("sync evidence: %w", err)
		}
	}
	published, refused, err := r.sys.publishAll(ctx, fresh)
	r.published = append(r.published, published...)
	r.res.Published += len(published)
	r.res.Refused += refused
	return err
}

// publishAll publishes sightings and returns their ids; those that no stream takes are counted and left out.
func (s *system) publishAll(ctx context.Context, sightings []ad.Sighting) (published []string, refused int, err error) {
	if len(sightings) == 0 {
		return nil, 0, nil
	}
	if err = s.publish(ctx, sightings); err == nil {
		for i := range sightings {
			published = append(published, sightings[i].ID())
		}
		return published, 0, nil
	}
	if !errors.Is(err, fault.ErrPermanent) {
		return nil, 0, err
	}
	for _, one := range sightings { // one of them; what went out already is known by its id
		switch err := s.publish(ctx, []ad.Sighting{one}); {
		case errors.Is(err, fault.ErrPermanent):
			refused++
		case err != nil:
			return published, refused, err
		default:
			published = append(published, one.ID())
		}
	}
	return published, refused, nil
}

// unknown returns those sightings that are not recorded.
func (s *system) unknown(ctx context.Context, sightings []ad.Sighting) ([]ad.Sighting, error) {
	ids := make([]string, len(sightings))
	for i := range sightings {
		ids[i] = sightings[i].ID()
	}
	known, err := s.store.Known(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("ask the record what is known: %w", err)
	}
	fresh := make([]ad.Sighting, 0, len(sightings))
	for i := range sightings {
		if !known[ids[i]] {
			fresh = append(fresh, sightings[i])
		}
	}
	return fresh, nil
}
