package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"time"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/evidence"
	"varde/internal/store"
	"varde/internal/target"
)

// rereadResult counts what reading stored pages again gave.
type rereadResult struct {
	Target  string `json:"target"`
	Version int    `json:"version"`
	// Pages are looks at ad pages; Unchanged read as before, Changed differently, New of those gave nothing before.
	Pages     int `json:"pages"`
	Unchanged int `json:"unchanged"`
	Changed   int `json:"changed"`
	New       int `json:"new"`
	// NoAd are pages without a valid ad, by Why; Lost of those gave one before.
	NoAd int            `json:"no_ad"`
	Lost int            `json:"lost"`
	Why  map[string]int `json:"why_no_ad,omitempty"`
	// Orphans are looks that say that a page was as before, where that page is not there.
	Orphans int `json:"orphans,omitempty"`
	// Stuck read differently than under the same version before, as another edition of the program reads: only a new version can show it.
	Stuck     int           `json:"stuck,omitempty"`
	Published int           `json:"published"`
	Known     int           `json:"known,omitempty"`
	SetAside  int           `json:"set_aside,omitempty"`
	Damaged   int           `json:"damaged,omitempty"`
	Faults    []string      `json:"faults,omitempty"`
	Fields    []fieldChange `json:"fields"`
}

// fieldChange says on how many of the pages a field was there before, and is now.
type fieldChange struct {
	Field  string `json:"field"`
	Before int    `json:"before"`
	After  int    `json:"after"`
}

// rereader reads stored pages again. Without a publisher it only counts.
type rereader struct {
	archive      *evidence.Archive
	target       *target.Target
	since, until time.Time
	publisher    *publishing

	shown         map[string]shownReading
	pending       []reading
	before, after map[string]int
	res           rereadResult
}

// shownReading is what was read from a look the last time.
type shownReading struct {
	id, version string
	fields      map[string]bool
}

// reading is a sighting and the record that it was read from.
type reading struct {
	sighting ad.Sighting
	record   string
}

func (r *rereader) run(ctx context.Context, s *store.Store) error {
	r.res = rereadResult{Target: r.target.ID, Version: r.target.Version, Why: map[string]int{}, Fields: []fieldChange{}}
	r.before, r.after = map[string]int{}, map[string]int{}
	if err := r.earlier(ctx, s); err != nil {
		return err
	}
	w := &pageWalk{archive: r.archive, target: r.target, do: r.page, fault: r.fault}
	if err := w.run(ctx); err != nil {
		return err
	}
	for _, name := range target.FieldNames {
		_, asked := r.target.Adapter.Fields[name]
		if _, told := fieldsHad(&ad.Sighting{})[name]; told && (asked || r.before[name]+r.after[name] > 0) {
			r.res.Fields = append(r.res.Fields, fieldChange{name, r.before[name], r.after[name]})
		}
	}
	return r.flush(ctx)
}

func (r *rereader) fault(err error) {
	if r.res.Damaged++; len(r.res.Faults) < mostFaults {
		r.res.Faults = append(r.res.Faults, err.Error())
	}
}

// earlier finds what was read again before, which shows instead of the first reading. Most targets never were: the log knows.
func (r *rereader) earlier(ctx context.Context, s *store.Store) error {
	r.shown = map[string]shownReading{}
	entries, err := s.Entries(ctx, audit.Target(r.target.ID))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(entries, func(e audit.Entry) bool { return e.Action == audit.TargetReread }) {
		return nil
	}
	for l, err := range r.archive.Walk(ctx, r.target.ID, evidence.Position{}) {
		var s ad.Sighting
		if err != nil || l.ContentType != crawler.SightingType || json.Unmarshal(l.Block, &s) != nil || s.Provenance.Reading == 0 {
			continue // what is damaged is told by the walk that reads the pages
		}
		if id := s.ID(); id > r.shown[l.RefersTo].id {
			r.shown[l.RefersTo] = shownReading{id, s.Version(), fieldsHad(&s)}
		}
	}
	return ctx.Err()
}

// page reads one look again.
func (r *rereader) page(ctx context.Context, p *storedPage) error {
	if p.at.Before(r.since) || !r.until.IsZero() && !p.at.Before(r.until) {
		return nil
	}
	if p.whole.Record == "" {
		r.res.Orphans++
		return nil
	}
	rec, err := r.archive.Read(ctx, p.whole)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.fault(err)
		return nil
	}
	s, why := r.make(rec, p)
	was, before := r.shown[p.capture.Record]
	if !before && p.sighting != nil {
		was, before = shownReading{p.sighting.ID(), p.sighting.Version(), fieldsHad(p.sighting)}, true
	}
	r.count(was.fields, s)
	switch {
	case s == nil:
		r.res.NoAd++
		r.res.Why[why]++
		if before {
			r.res.Lost++
		}
		return nil
	case before && was.version == s.Version():
		r.res.Unchanged++
		return nil
	case before && s.ID() < was.id:
		r.res.Stuck++
		return nil
	case !before:
		r.res.New++
	}
	r.res.Changed++
	if r.publisher == nil {
		return nil
	}
	r.pending = append(r.pending, reading{*s, p.capture.Record})
	if len(r.pending) < batchSize {
		return nil
	}
	return r.flush(ctx)
}

func (r *rereader) count(before map[string]bool, s *ad.Sighting) {
	r.res.Pages++
	for name, had := range before {
		if had {
			r.before[name]++
		}
	}
	for name, had := range fieldsHad(s) {
		if had {
			r.after[name]++
		}
	}
}

// make reads the sighting of a look, or says why there is none.
func (r *rereader) make(rec *evidence.Record, p *storedPage) (*ad.Sighting, string) {
	page, err := openPage(rec, p.url, p.wholeAt)
	if err != nil {
		return nil, err.Error()
	}
	s, got, err := crawler.Make(page, r.target, "crawl", p.at)
	if err != nil {
		return nil, whyNoAd(err)
	}
	if got.Gone {
		return nil, "the page says that the ad is no longer there"
	}
	crawler.Shorten(r.target, s.Images)
	r.origin(&s, p)
	return &s, ""
}

// whyNoAd says why a page gives no ad: a barrier by its word, as where it is crawled.
func whyNoAd(err error) string {
	var wall *crawler.BarrierError
	if errors.As(err, &wall) {
		return string(wall.Outcome)
	}
	return err.Error()
}

// origin says of a sighting under what its page was fetched, which reading it again does not change, and takes over its pictures.
func (r *rereader) origin(s *ad.Sighting, p *storedPage) {
	at := &s.Provenance
	at.Reading = r.target.Version
	at.Captures = []ad.Capture{p.capture}
	switch {
	case p.sighting != nil:
		was := p.sighting.Provenance
		at.Source, at.TargetVersion, at.Authorisation, at.File, at.Line = was.Source, was.TargetVersion, was.Authorisation, was.File, was.Line
		takePictures(s, p.sighting)
	case p.context != nil:
		at.TargetVersion, at.Authorisation = p.context.TargetVersion, p.context.Authorisation
	default: // fetched by another program
		at.Source, at.File = "import", path.Base(p.capture.File)
	}
}

// takePictures takes what is known of an ad's pictures from an earlier sighting of the same look, by their addresses.
func takePictures(s, from *ad.Sighting) {
	for i, address := range s.Images {
		n := slices.Index(from.Images, address) + 1
		known := false
		for _, pic := range from.Pictures {
			if n > 0 && pic.Image == n {
				pic.Image, known = i+1, true
				s.Pictures = append(s.Pictures, pic)
			}
		}
		for _, c := range from.Provenance.Captures {
			if n > 0 && c.Image == n {
				c.Image = i + 1
				s.Provenance.Captures = append(s.Provenance.Captures, c)
			}
		}
		if !known {
			s.Provenance.Problems = append(s.Provenance.Problems, "picture "+strconv.Itoa(i+1)+" was not fetched with the page")
		}
	}
}

// flush proves what was read and publishes it.
func (r *rereader) flush(ctx context.Context) error {
	if len(r.pending) == 0 {
		return nil
	}
	published, known, err := r.publisher.publish(ctx, r.target.ID, r.pending)
	r.res.Published += published
	r.res.Known += known
	r.pending = r.pending[:0]
	return err
}

// publish writes readings that are not recorded into the evidence, waits until they are on disk, and hands them to the stream.
func (p *publishing) publish(ctx context.Context, set string, readings []reading) (published, known int, err error) {
	byID := map[string]string{}
	all := make([]ad.Sighting, len(readings))
	for i, r := range readings {
		all[i], byID[r.sighting.ID()] = r.sighting, r.record
	}
	fresh, err := p.sys.unknown(ctx, all)
	if err != nil || len(fresh) == 0 {
		return 0, len(all), err
	}
	records := make([]*evidence.Record, len(fresh))
	for i := range fresh {
		s := &fresh[i]
		block, err := json.Marshal(s)
		if err != nil {
			return 0, 0, fmt.Errorf("write the sighting of %s: %w", s.Key(), err)
		}
		records[i] = &evidence.Record{Type: evidence.Metadata, TargetURI: s.URL, ContentType: crawler.SightingType, Block: block, RefersTo: byID[s.ID()]}
	}
	if _, err := p.archive.Append(set, records...); err != nil {
		return 0, 0, fmt.Errorf("write evidence: %w", err)
	}
	if err := p.archive.Sync(ctx); err != nil {
		return 0, 0, fmt.Errorf("sync evidence: %w", err)
	}
	out, _, err := p.sys.publishAll(ctx, fresh)
	return len(out), len(all) - len(fresh), err
}
