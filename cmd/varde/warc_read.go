package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
)

// originType is the content type of the record that says from which file of others a record was taken.
const originType = "application/vnd.varde.origin+json"

// origin is where a record stood before it was taken into the evidence: block for block as it was, and under an id of ours.
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
	rooted []*warcRoot
	// fresh says that what comes now is not in the evidence yet. Before, it may be, from an import of the same file that was broken off.
	fresh bool
	// requests are the latest ones by their ids and by those of their responses, order is in which they came.
	requests map[string]*evidence.Record
	order    []string
}

// warcRoot is a whole page: where it stands in the file, and what its record is called in the evidence.
type warcRoot struct {
	offset, length int64
	id             string
	at             time.Time
	// keys are those of the root in roots, uri is its address.
	keys [2]string
	uri  string
}

// mostRoots is how many whole pages are remembered for revisits of them: the latest, some 50 MB.
const mostRoots = 100_000

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
	leftType     = "neither HTML nor JSON, by what it says or by what it is"
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
	case !readable(m.Header.Get("Content-Type")) || !isText(m):
		return leftType
	}
	root := &warcRoot{offset: l.Offset, length: l.Length, id: w.evidenceID(l), at: l.Date, keys: [2]string{l.ID, dated(l.TargetURI, l.Date)}, uri: l.TargetURI}
	w.remember(root)
	w.look(l, l.Record, root, u)
	return ""
}

// remember keeps a root, and forgets the oldest where there are too many.
func (w *warcReader) remember(root *warcRoot) {
	w.roots[root.keys[0]], w.roots[root.keys[1]], w.latest[root.uri] = root, root, root
	if w.rooted = append(w.rooted, root); len(w.rooted) <= mostRoots {
		return
	}
	old := w.rooted[0]
	w.rooted = w.rooted[1:]
	for _, key := range old.keys {
		if w.roots[key] == old {
			delete(w.roots, key)
		}
	}
	if w.latest[old.uri] == old {
		delete(w.latest, old.uri)
	}
}

// evidenceID is the id that a record of others gets here: never its own, which somebody may have chosen to be that of a record that is here
// already. It follows from the target, the file's hash and the place in it, so that an import that is repeated gives the same.
func (w *warcReader) evidenceID(l *evidence.Located) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "varde import\x00%s\x00%s\x00%d\x00%s", w.target.ID, w.res.SHA256, l.Offset, l.SHA256))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8: made by rules of one's own
	u := hex.EncodeToString(sum[:16])
	return "urn:uuid:" + strings.Join([]string{u[:8], u[8:12], u[12:16], u[16:20], u[20:]}, "-")
}

func dated(uri string, at time.Time) string { return uri + " " + at.UTC().Format(time.RFC3339) }

// readable says whether a content type may be that of a page; one that is not told may.
func readable(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err != nil || strings.Contains(kind, "html") || strings.Contains(kind, "json") || strings.HasPrefix(kind, "text/plain")
}

// isText says whether a message holds text, whatever its head claims. No byte of a picture is kept unless a target says so, and an import
// has no pictures.
func isText(m *evidence.Message) bool {
	if len(m.Body) == 0 {
		return true
	}
	body, err := evidence.Unpack(m.Header, m.Body, mostUnpacked)
	return err == nil && strings.HasPrefix(http.DetectContentType(body), "text/")
}

// revisit takes in that a page was as before.
func (w *warcReader) revisit(l *evidence.Located, u *url.URL) string {
	if m, err := l.HTTP(); len(l.Block) > 0 && (err != nil || !isText(m)) {
		return leftType
	}
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
		own.ID, own.Profile, own.RefersTo, own.RefersToURI, own.RefersToDate = w.evidenceID(l), l.Profile, root.id, l.TargetURI, root.at
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
		return nil, whyNoAd(err)
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
