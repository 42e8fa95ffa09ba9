package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/fault"
)

// originType is the content type of the record that says from which file of others a record was taken.
const originType = "application/vnd.varde.origin+json"

// origin is where a record stood before it was taken into the evidence: block for block as it was, under its own id.
type origin struct {
	File       string `json:"file"`
	FileSHA256 string `json:"file_sha256"`
	// Offset, Length and SHA256 are of the record's bytes in the file; where the file is packed as a whole, of what it unpacks to.
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	SHA256 string `json:"sha256"`
	// Record is its id there, Fields are those of its head that our records have no place for.
	Record   string      `json:"record"`
	Version  string      `json:"version"`
	Fields   [][2]string `json:"fields,omitempty"`
	Problems []string    `json:"problems,omitempty"`
	// Target, TargetVersion and Authorisation are under which it was taken in, By whom and when.
	Target        string    `json:"target"`
	TargetVersion int       `json:"target_version"`
	Authorisation string    `json:"authorisation"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// warcReader reads one file. What lies outside the target is not kept: no authority covers it.
type warcReader struct {
	*warcImporter
	res  *warcResult
	file *os.File
	name string

	pending []warcLook
	held    int // bytes of what is pending
	// roots are whole ad pages by id, and by address and date, for revisits; latest by address.
	roots  map[string]*warcRoot
	latest map[string]*warcRoot
	// requests are the latest ones by their ids and by those of their responses, order is in which they came.
	requests map[string]*evidence.Record
	order    []string
}

// warcRoot is a whole page: where it stands in the file, and what its record is called in the evidence.
type warcRoot struct {
	offset, length int64
	id             string
	at             time.Time
}

// warcLook is a look at an ad page that is to be recorded.
type warcLook struct {
	sighting *ad.Sighting
	records  []*evidence.Record
}

// mostHeld is how many bytes of pages wait to be written together.
const mostHeld = 16 << 20

// The reasons why a record is left out.
const (
	leftDamaged  = "damaged"
	leftOutside  = "outside the target's hosts and paths"
	leftNoAdPage = "no ad page by its address"
	leftKind     = "no record of a page (requests, metadata and the like)"
	leftType     = "neither HTML nor JSON"
	leftStatus   = "no answer with status 200"
	leftCut      = "broken off while it was fetched"
	leftOrphan   = "says that a page was as before, and that page is not there"
	leftDate     = "has no date"
)

func (w *warcReader) begin() {
	w.roots, w.latest, w.requests = map[string]*warcRoot{}, map[string]*warcRoot{}, map[string]*evidence.Record{}
}

func (w *warcReader) read(ctx context.Context) error {
	w.begin()
	bar := newProgress(w.app.err, w.name+", records read", -1)
	defer bar.end()
	for l, err := range evidence.Scan(w.file, 0) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		w.res.Records++
		bar.set(w.res.Records)
		if err != nil {
			w.damaged(l, err)
			continue
		}
		if reason := w.record(l); reason != "" {
			w.res.Left[reason]++
		}
		if len(w.pending) >= batchSize || w.held >= mostHeld {
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
	}
	return w.flush(ctx)
}

func (w *warcReader) damaged(l *evidence.Located, err error) {
	w.res.Left[leftDamaged]++
	w.res.Damaged++
	if len(w.res.Faults) < mostFaults {
		w.res.Faults = append(w.res.Faults, fmt.Sprintf("record %s at byte %d is damaged: %v", l.ID, l.Offset, err))
	}
}

// record takes one record in, or says why not.
func (w *warcReader) record(l *evidence.Located) string {
	switch l.Type {
	case evidence.Response, evidence.Revisit:
	case evidence.Request:
		w.request(l.Record)
		return leftKind
	default:
		return leftKind
	}
	u, err := url.Parse(l.TargetURI)
	if err != nil || !w.target.Inside(u) {
		return leftOutside
	}
	id, isAd := w.target.AdID(u)
	switch {
	case !isAd:
		return leftNoAdPage
	case l.Date.IsZero():
		return leftDate
	case l.Truncated != "":
		return leftCut
	case l.Type == evidence.Revisit:
		return w.revisit(l, u)
	}
	return w.response(l, u, id)
}

func (w *warcReader) response(l *evidence.Located, u *url.URL, id string) string {
	m, err := l.HTTP()
	switch {
	case err != nil:
		return leftKind
	case m.Cut:
		return leftCut
	case m.Status != http.StatusOK:
		return leftStatus
	case !readable(m.Header.Get("Content-Type")):
		return leftType
	}
	root := &warcRoot{offset: l.Offset, length: l.Length, id: evidenceID(l.ID), at: l.Date}
	w.roots[l.ID], w.roots[dated(l.TargetURI, l.Date)], w.latest[l.TargetURI] = root, root, root
	w.look(l, l.Record, root, u)
	return ""
}

// evidenceID is the id of a record in the evidence: its own where that is one.
func evidenceID(id string) string {
	if strings.HasPrefix(id, "urn:uuid:") && len(id) == len("urn:uuid:")+36 && strings.Trim(id[len("urn:uuid:"):], "0123456789abcdefABCDEF-") == "" {
		return id
	}
	return evidence.NewID()
}

func dated(uri string, at time.Time) string { return uri + " " + at.UTC().Format(time.RFC3339) }

// readable says whether a content type may be that of a page; one that is not told may.
func readable(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err != nil || strings.Contains(kind, "html") || strings.Contains(kind, "json") || strings.HasPrefix(kind, "text/plain")
}

// revisit takes in that a page was as before.
func (w *warcReader) revisit(l *evidence.Located, u *url.URL) string {
	root := w.roots[l.RefersTo]
	if root == nil && l.RefersToURI != "" {
		root = w.roots[dated(l.RefersToURI, l.RefersToDate)]
	}
	if root == nil && l.RefersTo == "" && l.Profile == evidence.NotModified {
		root = w.latest[l.TargetURI]
	}
	if root == nil {
		return leftOrphan
	}
	rec, err := w.again(root)
	if err != nil {
		return leftOrphan
	}
	w.res.Revisits++
	w.look(l, rec, root, u)
	return ""
}

// again reads a record a second time, from its place in the file.
func (w *warcReader) again(root *warcRoot) (*evidence.Record, error) {
	for l, err := range evidence.Scan(io.NewSectionReader(w.file, root.offset, root.length), 0) {
		return l.Record, err
	}
	return nil, errors.New("it is not there a second time") // the file is packed as a whole
}

// look reads what a page said at one look. The page is that of the record itself, or of the one that it refers to.
func (w *warcReader) look(l *evidence.Located, page *evidence.Record, root *warcRoot, u *url.URL) {
	w.res.Pages++
	one := warcLook{}
	s, why := w.sighting(page, u, root.at, l.Date)
	if why != "" {
		w.res.NoAd++
		w.res.Why[why]++
	} else {
		one.sighting = s
	}
	own := taken(l.Record, evidence.HTTPResponse)
	own.ID = root.id
	if l.Type == evidence.Revisit {
		own.ID, own.Profile, own.RefersTo, own.RefersToURI, own.RefersToDate = evidenceID(l.ID), l.Profile, root.id, l.TargetURI, root.at
	}
	one.records = append(one.records, own)
	if q := w.requestOf(l.Record); q != nil {
		request := taken(q, evidence.HTTPRequest)
		request.ConcurrentTo = []string{own.ID}
		one.records = append(one.records, request)
	}
	one.records = append(one.records, w.origin(l, own.ID))
	w.pending = append(w.pending, one)
	for _, r := range one.records {
		w.held += len(r.Block)
	}
}

// taken is a record of others as ours are: its block as it is, and of its head what ours have a place for. The rest is in its origin.
func taken(r *evidence.Record, contentType string) *evidence.Record {
	own := &evidence.Record{Type: r.Type, Date: r.Date, TargetURI: r.TargetURI, ContentType: contentType, Block: r.Block}
	if _, err := netip.ParseAddr(r.IP); err == nil {
		own.IP = r.IP
	}
	return own
}

func (w *warcReader) sighting(rec *evidence.Record, u *url.URL, fetched, seen time.Time) (*ad.Sighting, string) {
	page, err := openPage(rec, u, fetched)
	if err != nil {
		return nil, err.Error()
	}
	s, got, err := crawler.Make(page, w.target, "import", seen)
	if err != nil {
		return nil, err.Error()
	}
	if got.Gone {
		return nil, "the page says that the ad is no longer there"
	}
	if err := s.Validate(time.Now()); err != nil {
		return nil, err.Error()
	}
	crawler.Shorten(w.target, s.Images)
	s.Provenance.File = w.name
	return &s, ""
}

// origin is the record that says where another was taken from.
func (w *warcReader) origin(l *evidence.Located, id string) *evidence.Record {
	block, err := json.Marshal(&origin{File: w.name, FileSHA256: w.res.SHA256, Offset: l.Offset, Length: l.Length, SHA256: l.SHA256, Record: l.ID, Version: l.Version,
		Fields: l.Fields, Problems: l.Problems, Target: w.target.ID, TargetVersion: w.target.Version, Authorisation: w.target.Authorisation, By: w.actor, At: time.Now().UTC()})
	if err != nil { // plain values cannot fail to marshal
		panic("varde: " + err.Error())
	}
	return &evidence.Record{Type: evidence.Metadata, TargetURI: l.TargetURI, ContentType: originType, Block: block, ConcurrentTo: []string{id}}
}

// mostRequests is how many requests wait for their responses.
const mostRequests = 256

// request keeps a request until its response comes; most writers put it right before. One of the two names the other.
func (w *warcReader) request(r *evidence.Record) {
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

// flush records what is pending and not known yet: first into the evidence, then to the stream.
func (w *warcReader) flush(ctx context.Context) error {
	defer func() { w.pending, w.held = w.pending[:0], 0 }()
	var seen []ad.Sighting
	for _, one := range w.pending {
		if one.sighting != nil {
			seen = append(seen, *one.sighting)
		}
	}
	fresh, err := w.sys.unknown(ctx, seen)
	if err != nil {
		return err
	}
	unknown := map[string]bool{}
	for i := range fresh {
		unknown[fresh[i].ID()] = true
	}
	var readings []reading
	for _, one := range w.pending {
		if one.sighting != nil && !unknown[one.sighting.ID()] {
			w.res.Known++
			continue
		}
		captures, err := w.publisher.archive.Append(w.target.ID, one.records...)
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
			one.sighting.Provenance.Captures = captures[:1]
			readings = append(readings, reading{*one.sighting, captures[0].Record})
		}
	}
	if len(readings) == 0 {
		return w.publisher.archive.Sync(ctx)
	}
	published, _, err := w.publisher.publish(ctx, w.target.ID, readings)
	w.res.New += published
	return err
}
