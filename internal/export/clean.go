package export

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a stranger's text safe to show and to keep in XML: no control characters but tab and line end, none that turn or hide
// what stands beside them (they are shown by their numbers), valid UTF-8.
func clean(s string) string {
	if plainText(s) {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch {
		case r == '\t' || r == '\n':
			b.WriteRune(r)
		case r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case unicode.Is(unicode.Cc, r) || r == 0xfffe || r == 0xffff:
		case turns(r):
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		default:
			b.WriteRune(r) // what is no UTF-8 comes as U+FFFD
		}
	}
	return b.String()
}

// turns says whether a character changes the direction of others or is not seen. Those that join emoji and letters stay.
func turns(r rune) bool {
	switch r {
	case '\u061c', '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff', '\u00ad':
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r >= 0xe0000 && r <= 0xe007f
}

func plainText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// line is clean text in one line.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// short is at most n characters of one line.
func short(s string, n int) string {
	s = line(s)
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// escape makes text safe in XML; what XML 1.0 forbids becomes U+FFFD.
func escape(s string) string {
	if !strings.ContainsAny(s, "&<>\"'\t\n\r") && plainText(s) {
		return s
	}
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a bytes.Buffer does not fail
		return ""
	}
	return b.String()
}
