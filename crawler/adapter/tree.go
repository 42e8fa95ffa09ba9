package adapter

import (
	"bytes"
	"hash/maphash"

	"golang.org/x/net/html"
)

// tree parses HTML. Where html.Parse gives up, at 512 nested elements, or where a page is built so that its tree would be many times
// as large as the page, it is read in a plainer way: plain is then true. Cut says that a page has more elements than are read.
func tree(text []byte) (root *html.Node, plain, cut bool) {
	if weigh(text).tame(len(text)) {
		if root, err := html.Parse(bytes.NewReader(text)); err == nil {
			return root, false, false
		}
	}
	root, cut = plainTree(thinned(text))
	return root, true, cut
}

// weight is what html.Parse's work can grow by beyond the size of a page. Each is an upper bound: what looks like a tag in a comment
// counts too.
type weight struct {
	// starts are start tags.
	starts int
	// reopened is how many elements, such as <b>, can have to be opened anew in every block that follows, where nobody closed them. Two
	// attributes, which are copied with them, count as one more.
	reopened int
	// roots are <html> and <body> tags; html.Parse copies all attributes seen so far for each.
	roots int
	// attributes are those of all tags, most those of one; read is how many bytes it took to count them.
	attributes, most, read int
}

const (
	mostElements = 300_000
	// mostReopened bounds the elements that come into being without standing on the page.
	mostReopened = 2_000_000
	mostRoots    = 16
	// mostOfTag bounds the attributes of one tag: what looks like a tag in a script may seem to have some hundreds. Of a page there may be
	// mostElements.
	mostOfTag = 1000
	// mostRead bounds how often, on average, a byte is read to count attributes.
	mostRead = 4
)

func (w weight) tame(size int) bool {
	return w.starts <= mostElements && w.starts*(w.reopened+2) <= mostReopened && w.roots <= mostRoots && w.attributes <= mostElements && w.most <= mostOfTag &&
		w.read <= mostRead*size
}

// formatting are the elements that the HTML standard has reopened (13.2.4.3), but for a and nobr, of which there is never more than one.
var formatting = map[string]bool{"b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "s": true, "small": true, "strike": true, "strong": true,
	"tt": true, "u": true}

// weigh looks at a page without parsing it, as far as it is tame.
func weigh(text []byte) (w weight) {
	var same map[uint64]int
	size := len(text)
	seed := maphash.MakeSeed() // differs from run to run, and only equality is asked for
	for {
		i := bytes.IndexByte(text, '<')
		if i < 0 || i+1 >= len(text) {
			return w
		}
		text = text[i+1:]
		if c := text[0] | 0x20; c < 'a' || c > 'z' {
			continue
		}
		w.starts++
		n, read := attributes(text, mostOfTag)
		w.attributes, w.most, w.read = w.attributes+n, max(w.most, n), w.read+read
		if !w.tame(size) {
			return w
		}
		again := 1 + n/2
		name := tagName(text)
		switch {
		case name == "html" || name == "body":
			w.roots++
		case formatting[name]:
			// Of equal ones three are reopened at most (the "Noah's Ark clause"). Only tags without quotes, or with plain pairs of
			// them, are known to end at the first >.
			end := bytes.IndexByte(text, '>')
			if end < 0 || !evident(text[:end]) {
				w.reopened += again
				continue
			}
			if same == nil {
				same = map[uint64]int{}
			}
			key := maphash.Bytes(seed, text[:end])
			if same[key]++; same[key] <= 3 {
				w.reopened += again
			}
		}
	}
}

// attributes counts the attributes of the tag that text begins with, which is the < before it taken off, as the HTML standard reads them
// (13.2.5.32 to 13.2.5.40), up to the first beyond most. Read is how far it looked.
func attributes(text []byte, most int) (n, read int) {
	i := 0
	skip := func(in func(c byte) bool) bool {
		for i < len(text) && in(text[i]) {
			i++
		}
		return i < len(text)
	}
	skip(func(c byte) bool { return !space(c) && c != '/' && c != '>' }) // the name
	for n <= most {
		if !skip(func(c byte) bool { return space(c) || c == '/' }) || text[i] == '>' {
			break
		}
		n++
		i++ // which may be =
		skip(func(c byte) bool { return !space(c) && c != '/' && c != '>' && c != '=' })
		if !skip(space) || text[i] != '=' {
			continue
		}
		i++
		if !skip(space) {
			break
		}
		if quote := text[i]; quote == '"' || quote == '\'' {
			end := bytes.IndexByte(text[i+1:], quote)
			if end < 0 {
				return n, len(text)
			}
			i += end + 2
			continue
		}
		skip(func(c byte) bool { return !space(c) && c != '>' })
	}
	return n, i
}

// thinned is a page without the attributes beyond mostOfTag of each tag: a tokenizer notes all of them, whether anybody asks or not.
func thinned(text []byte) []byte {
	var out []byte
	from, read := 0, 0
	for at := 0; read <= mostRead*len(text); at++ {
		i := bytes.IndexByte(text[at:], '<')
		if i < 0 || at+i+1 >= len(text) {
			break
		}
		at += i
		if !isLetter(text[at+1]) {
			continue
		}
		n, end := attributes(text[at+1:], mostOfTag)
		read += end
		if n <= mostOfTag {
			continue
		}
		out = append(out, text[from:at+1+end]...)
		_, end = attributes(text[at+1:], len(text))
		from = at + 1 + end
		at = from - 1
	}
	if out == nil {
		return text
	}
	return append(out, text[from:]...)
}

func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// tagName is the name that a tag begins with, in small letters, where it is short enough for a name that matters.
func tagName(text []byte) string {
	var name [8]byte
	for i, c := range text[:min(len(text), len(name)+1)] {
		switch {
		case c == '>' || c == '/' || c <= ' ':
			return string(name[:i])
		case i == len(name):
			return ""
		case c >= 'A' && c <= 'Z':
			c |= 0x20
		}
		name[i] = c
	}
	return string(name[:min(len(text), len(name))])
}

// evident says whether quotes stand in a tag only around values of plainly named attributes, so that it is sure where it ends.
func evident(tag []byte) bool {
	for {
		i := bytes.IndexAny(tag, `"'`)
		if i < 0 {
			return true
		}
		name := i - 2
		for name >= 0 && (isLetter(tag[name]) || tag[name] == '-') {
			name--
		}
		if i < 2 || tag[i-1] != '=' || name == i-2 || name < 0 || tag[name] > ' ' {
			return false
		}
		length := bytes.IndexByte(tag[i+1:], tag[i])
		if length < 0 {
			return false
		}
		if tag = tag[i+1+length+1:]; len(tag) > 0 && tag[0] > ' ' && tag[0] != '/' {
			return false
		}
	}
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }
