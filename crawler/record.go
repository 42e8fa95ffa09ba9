package crawler

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/picture"
)

// Content types of the metadata records that the crawler writes.
const (
	// SightingType is a sighting as JSON: a line of the ad file.
	SightingType = "application/vnd.varde.sighting+json"
	// CaptureType is a Context as JSON.
	CaptureType = "application/vnd.varde.capture+json"
)

// Context is what the evidence says of how an answer came to be: the metadata record that follows the response.
type Context struct {
	Target        string `json:"target"`
	TargetVersion int    `json:"target_version"`
	// TargetHash is the SHA-256 of the target's text, by which everything that decided on the request is known.
	TargetHash    string `json:"target_hash"`
	Authorisation string `json:"authorisation"`
	Kind          string `json:"kind"`
	// Robots is what robots.txt said: allowed, none (there is none), or ignored (with the approver's consent).
	Robots string `json:"robots,omitempty"`
	// Via are the addresses that led here by redirects.
	Via   []string  `json:"via,omitempty"`
	Began time.Time `json:"began"`
	At    time.Time `json:"at"`
	// Certificate is the SHA-256 of the certificate that the site showed, IP the address that was connected to.
	Certificate string `json:"certificate_sha256,omitempty"`
	IP          string `json:"ip,omitempty"`
	Truncated   string `json:"truncated,omitempty"`
	// Outcome is what is wrong with the answer, where that showed while it came.
	Outcome  string `json:"outcome,omitempty"`
	Software string `json:"software"`
	// Picture is what was kept of a picture whose bytes were dropped, or why there is nothing.
	Picture *ad.Picture `json:"picture,omitempty"`
	Dropped string      `json:"dropped,omitempty"`
}

// recorder writes each answer to the evidence.
type recorder struct{ *worker }

// sink is where the hash of a picture goes, beside the evidence: its bytes are dropped right after.
type sink struct {
	picture ad.Picture
	err     error
	// record and date name the earlier response that a "not modified" refers to.
	record string
	date   time.Time
}

// earlier takes the response of a sighting.
func (s *sink) earlier(of *ad.Sighting) {
	for _, c := range of.Provenance.Captures {
		if c.Image == 0 {
			s.record, s.date = c.Record, of.SeenAt
		}
	}
}

type sinkKey struct{}

// Record appends request, response and context. It does not wait for the disk: a visit does that once, before it publishes.
func (r recorder) Record(ctx context.Context, x *fetch.Exchange) (ad.Capture, error) {
	about := Context{Target: r.target.ID, TargetVersion: r.target.Version, TargetHash: r.target.Hash, Authorisation: r.target.Authorisation,
		Kind: string(x.Kind), Robots: x.Robots, Via: x.Via, Began: x.Began.UTC(), At: x.At.UTC(), Certificate: x.Certificate, IP: x.IP,
		Truncated: x.Truncated, Outcome: string(x.Outcome), Software: r.cfg.Software}
	// The records of one exchange are of the same instant, when it began; the context says when it ended.
	base := evidence.Record{Date: x.Began.UTC(), TargetURI: x.URL.String(), IP: x.IP}
	response, request, metadata := base, base, base
	response.Type, response.ID, response.ContentType, response.Truncated = evidence.Response, evidence.NewID(), evidence.HTTPResponse, x.Truncated
	into, _ := ctx.Value(sinkKey{}).(*sink)
	if into == nil {
		into = &sink{}
	}
	body := x.Raw
	if x.Kind == fetch.Picture {
		r.hash(x, into, &about)
	}
	if picture := x.Kind == fetch.Picture || shows(x); picture && (r.target.Pictures != "keep" || into.err != nil) && len(body) > 0 {
		about.Dropped = strconv.Itoa(len(body)) + " bytes, not kept"
		if body = nil; response.Truncated == "" {
			response.Truncated = "unspecified"
		}
	}
	response.Block = append(head(x), body...)
	if x.Status == http.StatusNotModified {
		response.Type, response.Profile = evidence.Revisit, evidence.NotModified
		response.RefersTo, response.RefersToURI, response.RefersToDate = into.record, x.URL.String(), into.date
	}
	request.Type, request.ContentType, request.Block, request.ConcurrentTo = evidence.Request, evidence.HTTPRequest, x.RequestHead, []string{response.ID}
	block, err := json.Marshal(&about)
	if err != nil {
		return ad.Capture{}, fmt.Errorf("write the context of %s: %w", x.URL.Redacted(), err)
	}
	metadata.Type, metadata.ContentType, metadata.Block, metadata.RefersTo = evidence.Metadata, CaptureType, block, response.ID
	captures, err := r.cfg.Archive.Append(r.target.ID, &request, &response, &metadata)
	if err != nil {
		return ad.Capture{}, fmt.Errorf("write evidence: %w", err)
	}
	return captures[1], nil
}

// hash takes what is kept of a picture by default: its hashes.
func (r recorder) hash(x *fetch.Exchange, to *sink, about *Context) {
	if x.Status != http.StatusOK || x.Truncated != "" {
		return
	}
	if to.picture, to.err = picture.Hash(bytes.NewReader(x.Body), picture.Limits{}); to.err == nil {
		p := to.picture
		about.Picture = &p
	}
}

// shows says whether an answer is a picture, a film or a sound by its bytes, whatever it was asked for as and calls itself.
func shows(x *fetch.Exchange) bool {
	data := x.Body
	if data == nil {
		data = x.Raw
	}
	kind, _, _ := strings.Cut(http.DetectContentType(data), "/")
	return kind == "image" || kind == "video" || kind == "audio"
}

// head is the beginning of an answer as HTTP writes it. The order of the header fields is not that of the site, which HTTP gives no
// meaning to; chunks were put together, so that the field that told of them would be wrong.
func head(x *fetch.Exchange) []byte {
	var b bytes.Buffer
	proto := x.Proto
	if !strings.HasPrefix(proto, "HTTP/1") {
		proto = "HTTP/1.1" // readers of WARC know no other; the context of HTTP/2 is the same
	}
	fmt.Fprintf(&b, "%s %03d %s\r\n", proto, x.Status, x.Reason)
	names := make([]string, 0, len(x.Header))
	for name := range x.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name == "Transfer-Encoding" {
			continue
		}
		for _, v := range x.Header[name] {
			b.WriteString(name + ": " + strings.NewReplacer("\r", " ", "\n", " ").Replace(v) + "\r\n")
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// prove writes a sighting to the evidence and waits until it and what it rests on are on disk.
func (w *worker) prove(ctx context.Context, s *ad.Sighting, page ad.Capture) error {
	block, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the sighting of %s: %w", s.Key(), err)
	}
	r := &evidence.Record{Type: evidence.Metadata, Date: s.SeenAt, TargetURI: s.URL, ContentType: SightingType, Block: block, RefersTo: page.Record}
	if _, err := w.cfg.Archive.Append(w.target.ID, r); err != nil {
		return fmt.Errorf("write evidence: %w", err)
	}
	if err := w.cfg.Archive.Sync(ctx); err != nil {
		return fmt.Errorf("sync evidence: %w", err)
	}
	return nil
}
