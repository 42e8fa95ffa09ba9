package adapter

import (
	"bytes"
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text is a page as readable text: its title, and what a person would see. A document in JSON is set in lines.
func Text(page *Page) string {
	src := open(page)
	defer src.close()
	if head := strings.TrimLeft(string(src.text[:min(len(src.text), longestPrologue)]), "\ufeff \t\r\n"); head != "" && (head[0] == '{' || head[0] == '[') {
		if v, err := src.jsonIn(src.text); err == nil {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(v); err == nil {
				return clip(strings.TrimSpace(b.String()))
			}
		}
	}
	return src.document().text()
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
