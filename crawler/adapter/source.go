package adapter

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// source is a page whose bytes have become text.
type source struct {
	page *Page
	// text is the body, unpacked and in UTF-8.
	text     []byte
	problems []string
}

// open unpacks and decodes a page.
func open(page *Page) (*source, error) {
	s := &source{page: page}
	text, err := decode(page.Body, page.ContentType)
	if err != nil {
		return nil, err
	}
	s.text = text
	return s, nil
}

// document is a page as a tree of elements.
type document struct {
	root *html.Node
	// base is what the addresses on the page are relative to.
	base     *url.URL
	fellBack bool
}

// document parses the page as HTML.
func (s *source) document() (*document, error) {
	root, err := html.Parse(bytes.NewReader(s.text))
	if err != nil {
		return nil, err
	}
	d := &document{root: root, base: s.page.URL}
	for n := range root.Descendants() {
		if n.DataAtom == atom.Base && n.Type == html.ElementNode && attr(n, "href") != "" {
			if u := resolve(s.page.URL, attr(n, "href")); u != nil {
				d.base = u
			}
			break
		}
	}
	return d, nil
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
