package adapter

import (
	"bytes"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// deepest is how far the plain tree nests before the next block starts again at its top, and twice that before anything does:
	// what reads it goes down by calling itself.
	deepest = 200
	// mostAttributes bounds what is kept of one element.
	mostAttributes = 64
	// mostLookBack bounds how far an end tag of words looks for its start.
	mostLookBack = 64
)

// plainTree builds a tree from a page's tags alone, in one go over the page: it knows none of the repairs of the HTML standard, but
// keeps the order of the text, and for each element its attributes, its parents as far as deepest, and its children.
func plainTree(text []byte) (root *html.Node, cut bool) {
	b := newBuilder()
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.root, false
		case html.TextToken:
			b.text(string(z.Text()))
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(string(name))
		case html.StartTagToken, html.SelfClosingTagToken:
			if b.count >= mostElements {
				return b.root, true
			}
			raw := z.Raw()
			n := element(z)
			b.start(n, void[n.DataAtom] || n.DataAtom == 0 && bytes.HasSuffix(raw, []byte("/>")))
		}
	}
}

// element is the start tag that a tokenizer stands at.
func element(z *html.Tokenizer) *html.Node {
	name, more := z.TagName()
	n := &html.Node{Type: html.ElementNode, DataAtom: atom.Lookup(name), Data: string(name)}
	for more {
		var key, value []byte
		if key, value, more = z.TagAttr(); len(n.Attr) < mostAttributes {
			n.Attr = append(n.Attr, html.Attribute{Key: string(key), Val: string(value)})
		}
	}
	return n
}

// builder builds a tree in the order of the page. Where it would become too deep it begins again below <body>; an element that goes on
// after that goes on as a copy of itself, so that the text keeps its order.
type builder struct {
	root, html, head, body *html.Node
	stack                  []level
	// open counts the elements on the stack by name.
	open map[string]int
	// count is how many elements there are, begun how often the tree began again.
	count, begun int
}

// level is an element that is open. It is out of date where the tree began again after begun.
type level struct {
	node         *html.Node
	depth, begun int
}

func newBuilder() *builder {
	b := &builder{root: &html.Node{Type: html.DocumentNode}, open: map[string]int{}}
	for _, e := range []struct {
		to     **html.Node
		parent func() *html.Node
		a      atom.Atom
	}{
		{&b.html, func() *html.Node { return b.root }, atom.Html}, {&b.head, func() *html.Node { return b.html }, atom.Head}, {&b.body, func() *html.Node { return b.html }, atom.Body},
	} {
		*e.to = &html.Node{Type: html.ElementNode, DataAtom: e.a, Data: e.a.String()}
		e.parent().AppendChild(*e.to)
	}
	return b
}

// top is where the next text or element belongs.
func (b *builder) top() level {
	if len(b.stack) == 0 {
		return level{node: b.body, begun: b.begun}
	}
	l := &b.stack[len(b.stack)-1]
	if l.begun < b.begun {
		l.node = &html.Node{Type: html.ElementNode, DataAtom: l.node.DataAtom, Data: l.node.Data, Attr: l.node.Attr}
		l.depth, l.begun = 1, b.begun
		b.body.AppendChild(l.node)
		b.count++
	}
	return *l
}

func (b *builder) text(t string) {
	b.top().node.AppendChild(&html.Node{Type: html.TextNode, Data: t})
}

// start adds an element; one that is empty holds nothing that follows.
func (b *builder) start(n *html.Node, empty bool) {
	if of := map[atom.Atom]*html.Node{atom.Html: b.html, atom.Head: b.head, atom.Body: b.body}[n.DataAtom]; of != nil {
		if of.Attr == nil {
			of.Attr = n.Attr
		}
		return
	}
	b.count++
	if len(b.stack) > 0 && sibling(b.stack[len(b.stack)-1].node.DataAtom, n.DataAtom) {
		b.pop()
	}
	at := b.top()
	if inHead[n.DataAtom] && len(b.stack) == 0 && b.body.FirstChild == nil {
		at = level{node: b.head, begun: b.begun}
	}
	depth := at.depth + 1
	if depth > 2*deepest || depth > deepest && boundary[n.DataAtom] {
		at.node, depth = b.body, 1
		b.begun++
	}
	at.node.AppendChild(n)
	if !empty {
		b.stack = append(b.stack, level{n, depth, b.begun})
		b.open[n.Data]++
	}
}

func (b *builder) end(name string) {
	if b.open[name] == 0 {
		return
	}
	words := !boundary[atom.Lookup([]byte(name))]
	for i := len(b.stack) - 1; i >= 0; i-- {
		n := b.stack[i].node
		if n.Data == name {
			for len(b.stack) > i {
				b.pop()
			}
			return
		}
		if words && (boundary[n.DataAtom] || len(b.stack)-i > mostLookBack) { // </b> ends no block
			return
		}
	}
}

func (b *builder) pop() {
	b.open[b.stack[len(b.stack)-1].node.Data]--
	b.stack = b.stack[:len(b.stack)-1]
}

// sibling says whether an element ends where another one starts right in it, although nobody says so.
func sibling(open, next atom.Atom) bool {
	switch open {
	case atom.P:
		return blocks[next] && next != atom.Br
	case atom.Li, atom.Tr, atom.Option:
		return next == open
	case atom.Dt, atom.Dd:
		return next == atom.Dt || next == atom.Dd
	case atom.Td, atom.Th:
		return next == atom.Td || next == atom.Th
	}
	return false
}

var (
	void = map[atom.Atom]bool{atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true, atom.Input: true,
		atom.Link: true, atom.Meta: true, atom.Param: true, atom.Source: true, atom.Track: true, atom.Wbr: true}
	inHead = map[atom.Atom]bool{atom.Base: true, atom.Link: true, atom.Meta: true, atom.Script: true, atom.Style: true, atom.Title: true, atom.Noscript: true}
	// boundary are elements that hold others.
	boundary = map[atom.Atom]bool{atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Header: true, atom.Footer: true, atom.Nav: true,
		atom.Aside: true, atom.Table: true, atom.Tbody: true, atom.Tr: true, atom.Td: true, atom.Th: true, atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Dl: true,
		atom.Form: true, atom.Blockquote: true, atom.Center: true, atom.Fieldset: true}
)
