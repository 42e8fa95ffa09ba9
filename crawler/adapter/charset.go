package adapter

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// decode returns a page's bytes in UTF-8, and how many of them are no text. What a page and its header declare is a hint: sites lie
// about it, and the bytes do not.
func decode(body []byte, contentType string) (text []byte, bad int) {
	if enc, rest := marked(body); enc != nil {
		return through(enc, rest)
	}
	if utf8.Valid(body) && !escapes(body) {
		return body, 0
	}
	header, page := declared(contentType, headerCharset), declared(string(body[:min(len(body), longestPrologue)]), pageCharset)
	return through(choose(body, header, page), body)
}

// longestPrologue is how far a page is searched for its own declaration: the HTML standard says 1024 bytes, and sites put more before it.
const longestPrologue = 4096

var (
	headerCharset = regexp.MustCompile(`(?i)charset\s*=\s*["']?([a-z0-9_.:-]+)`)
	pageCharset   = regexp.MustCompile(`(?i)(?:<meta[^>]*charset\s*=\s*["']?\s*|<\?xml[^>]*encoding\s*=\s*["'])([a-z0-9_.:-]+)`)
)

// declared is the encoding that a text names, nil where it names none, or one that nobody knows.
func declared(text string, by *regexp.Regexp) encoding.Encoding {
	m := by.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	enc, err := htmlindex.Get(m[1])
	if err != nil || enc == encoding.Replacement || enc == charmap.XUserDefined { // not to be read, or not to be known
		return nil
	}
	return enc
}

// marked returns the encoding that a byte order mark, or the zeros of UTF-16 without one, shows.
func marked(body []byte) (encoding.Encoding, []byte) {
	const beginning = 64
	zeros := func(from int) (n int) {
		for i := from; i < min(len(body), beginning); i += 2 {
			if body[i] == 0 {
				n++
			}
		}
		return n
	}
	little, big := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return encoding.Nop, body[3:]
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return little, body[2:]
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return big, body[2:]
	case len(body) >= 16 && zeros(1) > 2*zeros(0)+4:
		return little, body
	case len(body) >= 16 && zeros(0) > 2*zeros(1)+4:
		return big, body
	}
	return nil, body
}

// escapes says whether a text of seven bits a byte may be ISO-2022-JP, which is valid UTF-8 too.
func escapes(body []byte) bool { return bytes.Contains(body, []byte("\x1b$")) }

// choose returns the encoding of bytes that are no valid UTF-8.
func choose(body []byte, header, page encoding.Encoding) encoding.Encoding {
	utf, latin := encoding.Encoding(unicode.UTF8), encoding.Encoding(charmap.Windows1252)
	first := header
	if first == nil || first == latin && page != nil && page != utf { // Latin-1 is what servers say when nobody told them
		first = page
	}
	if first == utf && mostlyUTF8(body) {
		return encoding.Nop
	}
	if first == utf { // what the other one says may be true
		first = page
		if page == utf {
			first = header
		}
	}
	switch {
	case first == nil || first == utf:
		if mostlyUTF8(body) {
			return encoding.Nop
		}
		return guess(body)
	case first == latin && cyrillic(body):
		return guess(body)
	}
	return first
}

// mostlyUTF8 says whether bytes are UTF-8 with a few that are broken, such as the half of a letter where a page was cut.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			if i+utf8.UTFMax <= len(body) || utf8.FullRune(body[i:]) {
				bad++
			}
		} else {
			good++
		}
		i += n
	}
	return good >= bad
}

// cyrillic says whether bytes beyond ASCII mostly stand in rows of three and more: so do letters of Cyrillic words in encodings of one
// byte a letter, and not those of Latin ones.
func cyrillic(body []byte) bool {
	rows, all, row := 0, 0, 0
	for _, b := range append(body[:len(body):len(body)], ' ') {
		if b >= 0xc0 {
			row++
			continue
		}
		if all += row; row >= 3 {
			rows += row
		}
		row = 0
	}
	return rows*2 > all && all > 0
}

// telling are bytes that mean a frequent letter in one encoding and a rare one in the others: for the Baltic one ą č ė š ų ū ž, for
// the Central European one ą ć ę ł ś ż ș ț and the like, for the Western one å ä ö ø é ü.
var telling = []struct {
	enc   encoding.Encoding
	bytes string
}{
	{charmap.Windows1252, "\xe5\xc5\xe4\xc4\xf6\xd6\xf8\xd8\xe9\xfc\xdc\xe6\xc6\xf1\xed\xdf"},
	{charmap.Windows1257, "\xe0\xe8\xeb\xf0\xfb\xfe\xe1\xd0\xde\xc8\xcb"},
	{charmap.Windows1250, "\xb9\xea\xb3\x9c\x9f\xbf\xa5\xa3\x8c\xaf\xba\xe3\xf8"},
}

// guess tells by its letters in which encoding of one byte a letter a text is.
func guess(body []byte) encoding.Encoding {
	var count [256]int
	for _, b := range body {
		count[b]++
	}
	if cyrillic(body) { // most letters are small: those of windows-1251 stand in the upper half, those of KOI8-R in the lower
		upper, lower := 0, 0
		for b := 0xc0; b <= 0xff; b++ {
			if b >= 0xe0 {
				upper += count[b]
			} else {
				lower += count[b]
			}
		}
		if lower > upper {
			return charmap.KOI8R
		}
		return charmap.Windows1251
	}
	best, most := encoding.Encoding(charmap.Windows1252), -1
	for _, t := range telling {
		n := 0
		for i := range len(t.bytes) {
			n += count[t.bytes[i]]
		}
		if n > most {
			best, most = t.enc, n
		}
	}
	return best
}

// through decodes bytes; what is no text becomes U+FFFD and is counted.
func through(enc encoding.Encoding, body []byte) (text []byte, bad int) {
	if enc != encoding.Nop {
		out, err := enc.NewDecoder().Bytes(body)
		if err == nil || len(out) > 0 {
			body = out
		}
	}
	if utf8.Valid(body) {
		return body, bytes.Count(body, []byte("\ufffd"))
	}
	body = bytes.ToValidUTF8(body, []byte("\ufffd"))
	return body, bytes.Count(body, []byte("\ufffd"))
}
