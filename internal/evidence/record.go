package evidence

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"varde/internal/fault"
)

// The types of records, as WARC 1.1 names them.
const (
	Warcinfo     = "warcinfo"
	Response     = "response"
	Resource     = "resource"
	Request      = "request"
	Metadata     = "metadata"
	Revisit      = "revisit"
	Conversion   = "conversion"
	Continuation = "continuation"
)

// Content types of blocks, and the profiles of revisits.
const (
	HTTPRequest  = "application/http;msgtype=request"
	HTTPResponse = "application/http;msgtype=response"

	// NotModified is the profile of a revisit that a site answered with 304, SamePayload of one with the same bytes again.
	NotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
	SamePayload = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
)

// MaxBlock is the largest block of a record that is written or, unless Scan is told otherwise, read, in bytes.
const MaxBlock = 64 << 20

// maxURI is the longest URI that is written, in bytes. Sites that send longer ones must not stop a crawl: of those the beginning is written, with
// the SHA-256 of the whole as fragment. The whole stands in the request.
const (
	maxURI  = 16 << 10
	cutMark = "#cut-sha256-"
)

// Record is one WARC record. Those who write one fill in what they know; Append fills ID and Date where they are empty.
type Record struct {
	Type string
	// ID is "urn:uuid:…" without angle brackets; NewID makes one, for records that refer to each other.
	ID string
	// Date is when the capture began; the records of one exchange have the same.
	Date time.Time
	// TargetURI is the address asked for. What a URI may not hold is written percent-encoded, one of more than 16 KiB is cut.
	TargetURI string
	// IP is the address that answered, without port.
	IP          string
	ContentType string
	// Truncated says why the block is not the whole of it: "length", "time", "disconnect", "unspecified", or "" where it is whole.
	Truncated string
	// Profile is of revisits: NotModified or SamePayload.
	Profile string
	// ConcurrentTo are the ids of records of the same exchange, RefersTo the id of the record that this one tells of.
	ConcurrentTo []string
	RefersTo     string
	// RefersToURI and RefersToDate are of revisits: what is revisited.
	RefersToURI  string
	RefersToDate time.Time
	// PayloadSHA256 is lower-case hex. Where it is empty Append takes it of the body of a whole HTTP response, and of a resource's block.
	PayloadSHA256 string
	// Fields are further named fields in their order, each a name and a value.
	Fields [][2]string
	Block  []byte
}

// NewID returns a new record id, urn:uuid: and a random UUID.
func NewID() string {
	var u [16]byte
	rand.Read(u[:]) // never fails
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	b := make([]byte, 0, 45)
	b = append(b, "urn:uuid:"...)
	for i, part := range [][]byte{u[:4], u[4:6], u[6:8], u[8:10], u[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return string(b)
}

// Field returns the value of the first of Fields with the name, "" where there is none. Names are compared without case.
func (r *Record) Field(name string) string {
	for _, f := range r.Fields {
		if strings.EqualFold(f[0], name) {
			return f[1]
		}
	}
	return ""
}

// http says whether the block is an HTTP message.
func (r *Record) http() bool {
	kind, _, _ := strings.Cut(r.ContentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/http")
}

// parts are kinds of fields that not every type of record may have.
type parts uint8

const (
	hasURI parts = 1 << iota
	hasIP
	hasConcurrent
	hasRefers
	hasRevisit
	hasPayload
)

var partNames = map[parts]string{hasURI: "target URI", hasIP: "IP address", hasConcurrent: "concurrent record", hasRefers: "record referred to",
	hasRevisit: "profile or record revisited", hasPayload: "payload digest"}

// forbids says for each type what WARC 1.1 (clauses 5 and 6) says it shall not have.
var forbids = map[string]parts{
	Warcinfo:     hasURI | hasIP | hasConcurrent | hasRefers | hasRevisit | hasPayload,
	Response:     hasRefers | hasRevisit,
	Resource:     hasRefers | hasRevisit,
	Request:      hasRefers | hasRevisit,
	Metadata:     hasRevisit | hasPayload,
	Revisit:      0,
	Conversion:   hasIP | hasConcurrent | hasRevisit,
	Continuation: hasIP | hasConcurrent | hasRefers | hasRevisit,
}

// parts says which of them the record has.
func (r *Record) parts() parts {
	var p parts
	set := func(part parts, there bool) {
		if there {
			p |= part
		}
	}
	set(hasURI, r.TargetURI != "")
	set(hasIP, r.IP != "")
	set(hasConcurrent, len(r.ConcurrentTo) > 0)
	set(hasRefers, r.RefersTo != "")
	set(hasRevisit, r.RefersToURI != "" || !r.RefersToDate.IsZero() || r.Profile != "")
	set(hasPayload, r.PayloadSHA256 != "")
	return p
}

// needsURI are the types that shall have a target URI.
var needsURI = []string{Response, Resource, Request, Revisit, Conversion, Continuation}

// check refuses what would not be a record, or would let one value of a record pass for another field.
func (r *Record) check() error {
	no, known := forbids[r.Type]
	switch {
	case !known:
		return refuse("type %q is none of WARC 1.1", r.Type)
	case r.TargetURI == "" && slices.Contains(needsURI, r.Type):
		return refuse("a %s needs a target URI", r.Type)
	case r.Type == Revisit && r.Profile == "":
		return refuse("a revisit needs a profile")
	case len(r.Block) > MaxBlock:
		return refuse("the block has %d bytes, more than %d", len(r.Block), MaxBlock)
	case r.Date.Year() < 1 || r.Date.Year() > 9999:
		return refuse("the year %d cannot be written", r.Date.Year())
	}
	if wrong := no & r.parts(); wrong != 0 {
		first := wrong & -wrong
		return refuse("a %s shall not have a %s", r.Type, partNames[first])
	}
	return r.checkValues()
}

func (r *Record) checkValues() error {
	for _, id := range append([]string{r.ID, r.RefersTo}, r.ConcurrentTo...) {
		if strings.ContainsFunc(id, notInID) || id != "" && !strings.Contains(id, ":") {
			return refuse("id %.60q is not a URI", id)
		}
	}
	if r.IP != "" {
		if _, err := netip.ParseAddr(r.IP); err != nil {
			return refuse("IP %.60q is no address", r.IP)
		}
	}
	if r.PayloadSHA256 != "" && !isSHA256(r.PayloadSHA256) {
		return refuse("payload digest %.80q is not 64 lower-case hex digits", r.PayloadSHA256)
	}
	size := 0
	for _, f := range append([][2]string{{"Content-Type", r.ContentType}, {"WARC-Truncated", r.Truncated}, {"WARC-Profile", r.Profile}}, r.Fields...) {
		if strings.ContainsFunc(f[1], isControl) || !isToken(f[0]) {
			return refuse("field %.60q has a control character or no right name", f[0])
		}
		size += len(f[0]) + len(f[1]) + 4
	}
	if size > maxHead/4 {
		return refuse("the fields have %d bytes, more than %d", size, maxHead/4)
	}
	for _, f := range r.Fields {
		if own[strings.ToLower(f[0])] {
			return refuse("field %q has its own place in a record", f[0])
		}
	}
	return nil
}

func refuse(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), fault.ErrUsage)
}

// own are the fields that a Record has its own members for, in lower case.
var own = map[string]bool{"warc-type": true, "warc-record-id": true, "warc-date": true, "warc-target-uri": true, "warc-ip-address": true,
	"warc-concurrent-to": true, "warc-refers-to": true, "warc-refers-to-target-uri": true, "warc-refers-to-date": true, "warc-profile": true,
	"warc-truncated": true, "warc-block-digest": true, "warc-payload-digest": true, "content-type": true, "content-length": true}

func isControl(c rune) bool { return c < ' ' || c == 0x7f }

func notInID(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune(`<>"\`, c) }

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, c) })
}

func isSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// escapeURI percent-encodes what RFC 3986 lets no URI hold: controls, spaces, quotes, angle brackets, backslashes and what is not ASCII, and cuts
// what is too long. No value of an address can then begin a new line in a record, or end a string in the index. What it returns it leaves as
// it is.
func escapeURI(s string) string {
	n := 0
	for i := range len(s) {
		if notInURI[s[i]] {
			n++
		}
	}
	if n == 0 && len(s) <= maxURI {
		return s
	}
	const hexDigits = "0123456789ABCDEF"
	b := make([]byte, 0, min(len(s)+2*n, maxURI+3))
	for i := 0; i < len(s) && len(b) <= maxURI; i++ {
		if notInURI[s[i]] {
			b = append(b, '%', hexDigits[s[i]>>4], hexDigits[s[i]&15])
		} else {
			b = append(b, s[i])
		}
	}
	if len(b) <= maxURI {
		return string(b)
	}
	b = b[:maxURI-len(cutMark)-2*sha256.Size]
	if i := bytes.LastIndexByte(b, '%'); i >= 0 && i > len(b)-3 { // not half of an escape
		b = b[:i]
	}
	sum := sha256.Sum256([]byte(s))
	return string(hex.AppendEncode(append(b, cutMark...), sum[:]))
}

var notInURI = func() (bad [256]bool) {
	for c := range bad {
		bad[c] = c <= ' ' || c >= 0x7f || strings.ContainsRune("\"<>\\^`{|}", rune(c))
	}
	return bad
}()

// appendHead writes the record's head, in a fixed order, up to and with the blank line before its block.
func (r *Record) appendHead(b []byte, block, payload string) []byte {
	line := func(name, before, value, after string) {
		if value != "" {
			b = append(b, name...)
			b = append(b, ": "...)
			b = append(b, before...)
			b = append(b, value...)
			b = append(b, after...)
			b = append(b, "\r\n"...)
		}
	}
	b = append(b, "WARC/1.1\r\n"...)
	line("WARC-Type", "", r.Type, "")
	line("WARC-Record-ID", "<", r.ID, ">")
	line("WARC-Date", "", warcDate(r.Date), "")
	line("WARC-Target-URI", "", escapeURI(r.TargetURI), "")
	line("WARC-IP-Address", "", r.IP, "")
	for _, id := range r.ConcurrentTo {
		line("WARC-Concurrent-To", "<", id, ">")
	}
	line("WARC-Refers-To", "<", r.RefersTo, ">")
	line("WARC-Refers-To-Target-URI", "", escapeURI(r.RefersToURI), "")
	if !r.RefersToDate.IsZero() {
		line("WARC-Refers-To-Date", "", warcDate(r.RefersToDate), "")
	}
	line("WARC-Profile", "", r.Profile, "")
	line("WARC-Truncated", "", r.Truncated, "")
	line("WARC-Block-Digest", "sha256:", block, "")
	line("WARC-Payload-Digest", "sha256:", payload, "")
	for _, f := range r.Fields {
		line(f[0], "", f[1], "")
	}
	line("Content-Type", "", r.ContentType, "")
	line("Content-Length", "", strconv.Itoa(len(r.Block)), "")
	return append(b, "\r\n"...)
}

func warcDate(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// payload returns the part of the block that the payload digest is of, and whether there is one to be taken: a body that was cut, or whose
// transfer coding still stands, has none that every reader would agree on.
func (r *Record) payload() ([]byte, bool) {
	switch {
	case r.Type == Resource || r.Type == Conversion:
		return r.Block, r.Truncated == ""
	case r.Type != Response || r.Truncated != "" || !r.http():
		return nil, false
	}
	end := bytes.Index(r.Block, []byte("\r\n\r\n"))
	if end < 0 {
		return nil, false
	}
	for line := range bytes.Lines(r.Block[:end]) {
		if name, _, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(bytes.TrimSpace(name), []byte("Transfer-Encoding")) {
			return nil, false
		}
	}
	return r.Block[end+4:], true
}
