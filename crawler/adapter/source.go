package adapter

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// source is a page whose bytes have become text.
type source struct {
	page *Page
	// text is the body, unpacked and in UTF-8.
	text     []byte
	problems []string
	// done lets the next large page be read.
	done func()
}

const (
	// mostUnpacked bounds what a packed body may become: sitemaps.org allows 50 MB.
	mostUnpacked = 50 << 20
	// large is the size of text from which on pages are read one at a time. A tree takes up to a hundred times as much memory as its
	// page, so that many at once would take all there is.
	large = 1 << 20
)

// oneLarge is held while a large page is read.
var oneLarge sync.Mutex

// open unpacks and decodes a page; close is to be called when it has been read.
func open(page *Page) *source {
	s := &source{page: page, done: func() {}}
	body := page.Body
	if bytes.HasPrefix(body, []byte("\x1f\x8b")) {
		body = s.unpack(body)
	}
	if len(body) > large {
		oneLarge.Lock()
		s.done = oneLarge.Unlock
	}
	text, bad := decode(body, page.ContentType)
	if s.text = text; bad > 0 {
		s.problems = append(s.problems, fmt.Sprintf("characters that cannot be read: %d", bad))
	}
	return s
}

func (s *source) close() { s.done() }

// unpack unpacks a file that is packed in itself, as sitemaps are. One that breaks off or grows too large is read as far as it goes.
func (s *source) unpack(body []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		s.problems = append(s.problems, "cannot be unpacked: "+err.Error())
		return nil
	}
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, mostUnpacked+1))
	if err != nil {
		s.problems = append(s.problems, "unpacked as far as it goes: "+err.Error())
	}
	if n > mostUnpacked {
		s.problems = append(s.problems, fmt.Sprintf("unpacks to more than %d MB; the rest is not read", mostUnpacked>>20))
		out.Truncate(mostUnpacked)
	}
	return out.Bytes()
}

// document is a page as a tree of elements.
type document struct {
	root *html.Node
	// base is what the addresses on the page are relative to.
	base     *url.URL
	fellBack bool
}

// document parses the page as HTML.
func (s *source) document() *document {
	root, plain, cut := tree(s.text)
	if cut {
		s.problems = append(s.problems, fmt.Sprintf("more than %d elements; the rest is not read", mostElements))
	}
	d := &document{root: root, base: s.page.URL, fellBack: plain}
	for n := range root.Descendants() {
		if n.DataAtom == atom.Base && n.Type == html.ElementNode && attr(n, "href") != "" {
			if u := resolve(s.page.URL, attr(n, "href")); u != nil {
				d.base = u
			}
			break
		}
	}
	return d
}

// resolve returns where an address leads from a page, or nil where that is no other page.
func resolve(base *url.URL, ref string) *url.URL {
	ref = strings.TrimSpace(ref)
	if ref == "" || strings.HasPrefix(ref, "#") {
		return nil
	}
	u, err := base.Parse(ref)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	u.Fragment, u.RawFragment = "", ""
	return u
}
