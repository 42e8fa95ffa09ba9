package adapter

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text is a page as readable text: its title, and what a person would see. A document in JSON is set in lines.
func Text(page *Page) string {
	src := open(page)
	defer src.close()
	if head := bytes.TrimLeft(src.text[:min(len(src.text), longestPrologue)], " \t\r\n"); len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		if text, ok := src.set(); ok {
			return clip(text, longestText)
		}
	}
	return src.document().text()
}

// mostSet is how deep JSON is set in lines: each level moves them further to the right.
const mostSet = 50

// set is the page's JSON in lines, where it is JSON.
func (s *source) set() (string, bool) {
	v, err := s.jsonIn(s.text)
	if err != nil || deeper(v, mostSet) {
		return "", false
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return "", false
	}
	return strings.TrimSpace(b.String()), true
}

// deeper says whether a value has more than most levels.
func deeper(v any, most int) bool {
	switch v := v.(type) {
	case []any:
		return most == 0 || slices.ContainsFunc(v, func(e any) bool { return deeper(e, most-1) })
	case map[string]any:
		if most == 0 {
			return true
		}
		for _, e := range v {
			if deeper(e, most-1) {
				return true
			}
		}
	}
	return false
}

// text is the page as text, title first.
func (d *document) text() string {
	title := d.first(atom.Title)
	s := scribe{skip: func(n *html.Node) bool { return n.DataAtom == atom.Head || n == title }}
	if title != nil {
		s.node(title)
	}
	s.node(d.root)
	return s.b.String()
}

// first is the first element of a name, nil where there is none. The title of a picture in a page is not that of the page.
func (d *document) first(name atom.Atom) *html.Node {
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && n.DataAtom == name && n.Namespace == "" {
			return n
		}
	}
	return nil
}
