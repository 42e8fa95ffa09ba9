package adapter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
)

const (
	// mostObjects and mostParts bound what a JSON text may hold: every one takes many times as much memory as its letters.
	mostObjects = 300_000
	mostParts   = 2_000_000
)

// jsonValues reads the JSON values of a text: one as a rule, and all where a site wrote several after each other. What is broken in a
// way that leaves no doubt is mended, and said; numbers stay as they are written.
func jsonValues(text []byte) (values []any, mended string, err error) {
	if bytes.Count(text, []byte("{")) > mostObjects || bytes.Count(text, []byte(","))+bytes.Count(text, []byte("[")) > mostParts {
		return nil, "", fmt.Errorf("more than %d objects", mostObjects)
	}
	text = unwrap(text)
	values, err = decodeAll(text)
	if err == nil {
		return values, "", nil
	}
	fixed, what := mend(text)
	if again, err2 := decodeAll(fixed); err2 == nil {
		return again, strings.Join(what, ", "), nil
	}
	if bytes.Contains(text, []byte("&quot;")) || bytes.Contains(text, []byte("&#34;")) {
		fixed, what = mend([]byte(html.UnescapeString(string(text))))
		if again, err2 := decodeAll(fixed); err2 == nil {
			return again, strings.Join(append([]string{"HTML entities"}, what...), ", "), nil
		}
	}
	return values, "", err
}

// decodeAll reads values until the text ends. With an error it returns those before it.
func decodeAll(text []byte) (values []any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			if len(values) == 0 {
				return nil, errors.New("empty")
			}
			return values, nil
		} else if err != nil {
			return values, err
		}
		values = append(values, v)
	}
}

// wrappings stand around JSON so that it is no script, or is one.
var (
	before = regexp.MustCompile(`^(?:\x{feff}|\s|<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[|\)\]\}',?|while\(1\);|for\(;;\);)+`)
	after  = regexp.MustCompile(`(?:\s|-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|;)+$`)
	jsonp  = regexp.MustCompile(`^[\w$.]+\(\s*[{\[]`)
)

func unwrap(text []byte) []byte {
	text = bytes.TrimPrefix(text, before.Find(text))
	if end := text[max(0, len(text)-256):]; len(end) > 0 { // looked for in the last bytes only: the expression is tried at each
		text = bytes.TrimSuffix(text, after.Find(end))
	}
	if jsonp.Match(text[:min(len(text), 100)]) && bytes.HasSuffix(text, []byte(")")) {
		text = text[bytes.IndexByte(text, '(')+1 : len(text)-1]
	}
	return text
}

// mend repairs what sites often break, and says what it was: commas before a closing bracket, comments, line breaks and tabs within
// a text, escapes that JSON does not have, and commas or semicolons between values.
func mend(text []byte) (out []byte, what []string) {
	m := mender{in: text, out: make([]byte, 0, len(text))}
	for m.i < len(m.in) {
		if m.quoted {
			m.inText()
		} else {
			m.outside()
		}
	}
	return m.out, m.what
}

type mender struct {
	in, out []byte
	i       int
	quoted  bool
	depth   int
	what    []string
}

func (m *mender) note(what string) {
	if !slices.Contains(m.what, what) {
		m.what = append(m.what, what)
	}
}

func (m *mender) inText() {
	c := m.in[m.i]
	m.i++
	switch {
	case c == '"':
		m.quoted = false
		m.out = append(m.out, c)
	case c == '\\' && m.i < len(m.in):
		next := m.in[m.i]
		m.i++
		if strings.IndexByte(`"\/bfnrtu`, next) < 0 {
			m.note("escapes that JSON does not have")
			if next >= ' ' {
				m.out = append(m.out, next)
			}
			return
		}
		m.out = append(m.out, c, next)
	case c == '\n':
		m.note("line breaks in a text")
		m.out = append(m.out, `\n`...)
	case c < ' ':
		m.note("control characters in a text")
		m.out = append(m.out, ' ')
	default:
		m.out = append(m.out, c)
	}
}

func (m *mender) outside() {
	rest := m.in[m.i:]
	switch c := rest[0]; {
	case bytes.HasPrefix(rest, []byte("//")):
		m.skip(rest, "\n", "comments")
	case bytes.HasPrefix(rest, []byte("/*")):
		m.skip(rest, "*/", "comments")
	case bytes.HasPrefix(rest, []byte("<!--")):
		m.skip(rest, "-->", "comments")
	case (c == ',' || c == ';') && m.depth == 0:
		m.note("several values")
		m.put(' ')
	case c == '}' || c == ']':
		if trimmed := bytes.TrimRight(m.out, " \t\r\n"); bytes.HasSuffix(trimmed, []byte(",")) {
			m.note("a comma too many")
			m.out = trimmed[:len(trimmed)-1]
		}
		m.depth = max(0, m.depth-1)
		m.put(c)
	case c == '{' || c == '[':
		m.depth++
		m.put(c)
	default:
		m.quoted = c == '"'
		m.put(c)
	}
}

func (m *mender) put(c byte) {
	m.i++
	m.out = append(m.out, c)
}

// skip leaves out a comment.
func (m *mender) skip(rest []byte, until, what string) {
	m.note(what)
	end := bytes.Index(rest[2:], []byte(until))
	if end < 0 {
		m.i = len(m.in)
		return
	}
	m.i += 2 + end + len(until)
}
