package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"varde/internal/fault"
)

// Errors of Unpack that a caller decides on.
var (
	// ErrTooLarge: it unpacks to more than is read, or to so much more than it is that it was made to.
	ErrTooLarge = errors.New("unpacks to too much")
	// ErrCoding: a content coding that is not read.
	ErrCoding = errors.New("unknown content coding")
)

// Message is an HTTP message as it stands in a record.
type Message struct {
	Proto string
	// Status is of responses, Method and Target of requests.
	Status         int
	Method, Target string
	Header         http.Header
	// Body is the entity: chunks joined, and still packed as Content-Encoding says.
	Body []byte
	// Cut: the message ends before its head or its last chunk does.
	Cut bool
}

// HTTP reads the record's block as an HTTP message. It is an error if the record is of another kind.
func (r *Record) HTTP() (*Message, error) {
	if !r.http() {
		return nil, fmt.Errorf("record %s holds %.60q, not an HTTP message", r.ID, r.ContentType)
	}
	return ParseHTTP(r.Block)
}

// maxHeaders is how many header fields are read.
const maxHeaders = 2000

// ParseHTTP reads an HTTP message as archives hold it: with line ends of either kind, lines that are no header fields (passed over), and a
// body in chunks, or no longer in chunks although the head says so. Body shares the block's memory where it can.
func ParseHTTP(block []byte) (*Message, error) {
	head, body, whole := splitHead(block)
	if len(head) > maxHead {
		return nil, errHead
	}
	first, rest, _ := bytes.Cut(head, []byte("\n"))
	m := &Message{Header: http.Header{}, Body: body, Cut: !whole}
	if err := m.firstLine(strings.TrimRight(string(first), "\r")); err != nil {
		return nil, err
	}
	m.fields(rest)
	codings := strings.Split(strings.ToLower(strings.Join(m.Header.Values("Transfer-Encoding"), ",")), ",")
	if strings.TrimSpace(codings[len(codings)-1]) == "chunked" {
		var cut bool
		m.Body, cut = joinChunks(body)
		m.Cut = m.Cut || cut
	}
	return m, nil
}

// splitHead cuts a message at its first blank line.
func splitHead(block []byte) (head, body []byte, whole bool) {
	for at := 0; at < len(block); {
		end := bytes.IndexByte(block[at:], '\n')
		if end < 0 {
			break
		}
		if line := block[at : at+end]; len(line) == 0 || string(line) == "\r" {
			return block[:at], block[at+end+1:], true
		}
		at += end + 1
	}
	return block, nil, false
}

func (m *Message) firstLine(line string) error {
	one, rest, _ := strings.Cut(line, " ")
	if strings.HasPrefix(one, "HTTP/") {
		code, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
		n, err := strconv.Atoi(code)
		if err != nil || n < 100 || n > 999 {
			return fmt.Errorf("%.60q is no status line", line)
		}
		m.Proto, m.Status = one, n
		return nil
	}
	at := strings.LastIndexByte(rest, ' ')
	if !isToken(one) || at < 0 || !strings.HasPrefix(rest[at+1:], "HTTP/") {
		return fmt.Errorf("%.60q begins no HTTP message", line)
	}
	m.Method, m.Target, m.Proto = one, rest[:at], rest[at+1:]
	return nil
}

func (m *Message) fields(head []byte) {
	last, n := "", 0
	for line := range bytes.Lines(head) {
		text := strings.TrimRight(string(line), "\r\n")
		if text != "" && (text[0] == ' ' || text[0] == '\t') {
			if v := m.Header[last]; len(v) > 0 {
				v[len(v)-1] += " " + strings.TrimSpace(text)
			}
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		if name = strings.TrimRight(name, " \t"); !ok || !isToken(name) {
			continue
		}
		if n++; n > maxHeaders {
			return
		}
		last = http.CanonicalHeaderKey(name)
		m.Header.Add(last, strings.TrimSpace(value))
	}
}

// joinChunks takes the chunk marks out of a body. A body that does not begin with one has had them taken out already.
func joinChunks(body []byte) (joined []byte, cut bool) {
	if _, _, ok := chunk(body); !ok {
		return body, false
	}
	joined = make([]byte, 0, len(body))
	for {
		size, rest, ok := chunk(body)
		switch {
		case !ok:
			return joined, true
		case size == 0:
			return joined, false // what may follow are trailers
		case size > int64(len(rest)):
			return append(joined, rest...), true
		}
		joined = append(joined, rest[:size]...)
		body = rest[size:]
		body = bytes.TrimPrefix(body, []byte("\r"))
		body = bytes.TrimPrefix(body, []byte("\n"))
	}
}

// chunk reads a chunk's size and returns what follows that line.
func chunk(b []byte) (size int64, rest []byte, ok bool) {
	line, rest, found := bytes.Cut(b, []byte("\n"))
	number, _, _ := strings.Cut(string(line[:min(len(line), 64)]), ";")
	size, err := strconv.ParseInt(strings.TrimSpace(number), 16, 64)
	return size, rest, found && err == nil && size >= 0
}

// ResponseBlock returns the block of a response record: the head with its fields in order of name, and the body as it came, chunks joined.
// Newer protocols have no such head; theirs is written as HTTP/1.1, which every reader of archives knows.
func ResponseBlock(proto string, status int, h http.Header, body []byte) []byte {
	if proto != "HTTP/1.0" {
		proto = "HTTP/1.1"
	}
	b := make([]byte, 0, 512+len(body))
	b = fmt.Appendf(b, "%s %d %s\r\n", proto, status, http.StatusText(status))
	names := make([]string, 0, len(h))
	for name := range h {
		if isToken(name) && !strings.EqualFold(name, "Transfer-Encoding") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range h[name] {
			b = append(b, name...)
			b = append(b, ": "...)
			b = append(b, lineBreaks.Replace(value)...)
			b = append(b, "\r\n"...)
		}
	}
	b = append(b, "\r\n"...)
	return append(b, body...)
}

// lineBreaks keeps a value on its line.
var lineBreaks = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")

const (
	// maxRatio is how many times its packed size a body may have beyond freeSize. Pages of text reach 30; what reaches 300 was made to.
	maxRatio = 300
	freeSize = 4 << 20
	// maxCodings is how many codings one body may have been through.
	maxCodings = 3
)

// Unpack undoes the content codings gzip and deflate of a body, up to a limit in bytes. What is not packed, or no longer although the head
// says so, comes back as it is. Of a body that breaks off, what could be had comes back with io.ErrUnexpectedEOF.
func Unpack(h http.Header, raw []byte, limit int64) ([]byte, error) {
	var codings []string
	for c := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")), ",") {
		if c = strings.TrimSpace(c); c != "" && c != "identity" {
			codings = append(codings, c)
		}
	}
	if len(codings) > maxCodings {
		return nil, fmt.Errorf("unpack: %d codings: %w", len(codings), ErrCoding)
	}
	for _, coding := range slices.Backward(codings) {
		out, err := unpackOne(coding, raw, limit)
		if err != nil {
			return out, fmt.Errorf("unpack %.20s: %w", coding, err)
		}
		raw = out
	}
	if int64(len(raw)) > limit {
		return nil, fmt.Errorf("unpack: %w", ErrTooLarge)
	}
	return raw, nil
}

func unpackOne(coding string, raw []byte, limit int64) ([]byte, error) {
	var r io.Reader
	var err error
	src := bytes.NewReader(raw)
	switch coding {
	case "gzip", "x-gzip":
		if !bytes.HasPrefix(raw, []byte("\x1f\x8b")) {
			return raw, nil
		}
		r, err = gzip.NewReader(src)
	case "deflate": // zlib by the standard, bare deflate by many servers
		if len(raw) > 1 && raw[0]&0x0f == 8 && (int(raw[0])<<8|int(raw[1]))%31 == 0 {
			r, err = zlib.NewReader(src)
		} else {
			r = flate.NewReader(src)
		}
	default:
		return nil, ErrCoding
	}
	if err != nil {
		return nil, unpackError(err)
	}
	most := min(limit, max(freeSize, int64(len(raw))*maxRatio))
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, most+1))
	if n > most {
		return nil, ErrTooLarge
	}
	return out.Bytes(), unpackError(err)
}

func unpackError(err error) error {
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w: %w", fault.ErrDamaged, err)
}
