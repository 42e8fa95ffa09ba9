package adapter

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// grammar is how elements say that they are things and properties of things.
type grammar struct {
	scope, kind, property string
	// content says that an attribute of that name is the value of any element, and not of <meta> only.
	content bool
}

var (
	microdata = grammar{scope: "itemscope", kind: "itemtype", property: "itemprop"}
	rdfa      = grammar{scope: "typeof", kind: "typeof", property: "property", content: true}
)

// items gathers the things that the elements of a page are, outer ones first.
func (d *document) items(g grammar) []thing {
	r := itemReader{grammar: g}
	r.read(d.root, nil)
	if g.property == "itemprop" {
		r.refer(d.root)
	}
	return r.all
}

type itemReader struct {
	grammar
	all []thing
	// refs are the ids of elements elsewhere that belong to a thing.
	refs map[string]thing
}

// read goes through the elements below one that belongs to a thing.
func (r *itemReader) read(n *html.Node, in thing) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			r.element(c, in)
		}
	}
}

func (r *itemReader) element(n *html.Node, in thing) {
	scope, property := false, ""
	for _, a := range n.Attr {
		switch a.Key {
		case r.scope:
			scope = true
		case r.property:
			property = a.Val
		}
	}
	if !scope {
		if property != "" && in != nil {
			put(in, property, r.value(n))
		}
		r.read(n, in)
		return
	}
	if len(r.all) >= mostThings {
		return
	}
	t := thing{}
	for _, kind := range strings.Fields(attr(n, r.kind)) {
		put(t, "@type", kind)
	}
	for _, name := range []string{"itemid", "resource"} {
		if id := attr(n, name); id != "" {
			t["@id"] = id
		}
	}
	r.all = append(r.all, t)
	if property != "" && in != nil {
		put(in, property, map[string]any(t))
	}
	for _, id := range strings.Fields(attr(n, "itemref")) {
		if r.refs == nil {
			r.refs = map[string]thing{}
		}
		r.refs[id] = t
	}
	r.read(n, t)
}

// refer reads the elements that things name as theirs although they stand elsewhere.
func (r *itemReader) refer(root *html.Node) {
	if len(r.refs) == 0 {
		return
	}
	refs := r.refs
	r.refs = nil // one step is followed, so that there is no circle
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" && refs[id] != nil {
			r.element(n, refs[id])
			delete(refs, id)
		}
	}
}

// put adds a value to each of a thing's properties; several make a list.
func put(t thing, properties string, v any) {
	for _, name := range strings.Fields(properties) {
		name = name[strings.LastIndexAny(name, "/#:")+1:]
		if properties == v { // a type keeps its address
			name = properties
		}
		switch old := t[name].(type) {
		case nil:
			t[name] = v
		case []any:
			if len(old) < mostValues {
				t[name] = append(old, v)
			}
		default:
			t[name] = []any{old, v}
		}
	}
}

// value is what an element says as a property: its address, time or content, and otherwise its text.
func (r *itemReader) value(n *html.Node) any {
	if r.content {
		for _, name := range []string{"content", "resource"} {
			if v := attr(n, name); v != "" {
				return v
			}
		}
	}
	name := ""
	switch n.DataAtom {
	case atom.Meta:
		name = "content"
	case atom.Audio, atom.Embed, atom.Iframe, atom.Img, atom.Source, atom.Track, atom.Video:
		name = "src"
	case atom.A, atom.Area, atom.Link:
		name = "href"
	case atom.Object:
		name = "data"
	case atom.Data, atom.Meter:
		name = "value"
	case atom.Time:
		name = "datetime"
	}
	if v := attr(n, name); v != "" {
		return v
	}
	if v := attr(n, "content"); v != "" { // not of the standard, and common: <span itemprop="price" content="1500">
		return v
	}
	return readable(n)
}
