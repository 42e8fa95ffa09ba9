package adapter

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// longestText bounds one value in bytes: an ad with its lists must stay below what the ad file takes, 1 MiB.
const longestText = 256 << 10

// blocks are elements that stand on lines of their own.
var blocks = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Br: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Tr: true, atom.Table: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Section: true, atom.Article: true, atom.Dd: true, atom.Dt: true,
	atom.Dl: true, atom.Blockquote: true, atom.Address: true, atom.Header: true, atom.Footer: true, atom.Nav: true, atom.Aside: true, atom.Main: true,
	atom.Figure: true, atom.Figcaption: true, atom.Fieldset: true, atom.Form: true, atom.Hr: true, atom.Pre: true, atom.Title: true, atom.Option: true}

// readable is the text of nodes as a person sees it: white space folded, lines kept, scripts and hidden parts left out. The nodes
// themselves are read although they be hidden: a target may name what a site shows only after a click.
func readable(nodes ...*html.Node) string {
	var s scribe
	for _, n := range nodes {
		s.node(n)
		s.line()
	}
	return s.b.String()
}

// scribe writes text with its white space folded, as far as longestText.
type scribe struct {
	b   strings.Builder
	gap byte // what stands before the next word: nothing, a space or a line break
	// skip says which elements are left out, beside those that nobody sees.
	skip func(*html.Node) bool
}

func (s *scribe) line() { s.gap = '\n' }

func (s *scribe) text(t string) {
	for t != "" && s.b.Len() < longestText {
		end := strings.IndexFunc(t, unicode.IsSpace)
		if end != 0 {
			word := t
			if end > 0 {
				word = t[:end]
			}
			s.word(word)
		}
		if end < 0 {
			return
		}
		_, n := utf8.DecodeRuneInString(t[end:])
		if t = t[end+n:]; s.gap == 0 {
			s.gap = ' '
		}
	}
}

func (s *scribe) word(w string) {
	if room := longestText - s.b.Len(); len(w) > room {
		w = strings.ToValidUTF8(w[:room], "")
	}
	if s.gap != 0 && s.b.Len() > 0 {
		s.b.WriteByte(s.gap)
	}
	s.gap = 0
	s.b.WriteString(w)
}

func (s *scribe) node(n *html.Node) {
	switch {
	case s.b.Len() >= longestText:
		return
	case n.Type == html.TextNode:
		s.text(n.Data)
		return
	case n.Type == html.ElementNode && unread(n.DataAtom):
		return
	}
	block := n.Type == html.ElementNode && blocks[n.DataAtom]
	if block {
		s.line()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !hidden(c) && (s.skip == nil || !s.skip(c)) {
			s.node(c)
		}
	}
	if block {
		s.line()
	}
	if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		s.text(" ") // cells of a row stand apart
	}
}

// unread says whether what an element holds is no text.
func unread(a atom.Atom) bool {
	return a == atom.Script || a == atom.Style || a == atom.Noscript || a == atom.Template
}

var hiding = regexp.MustCompile(`(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)`)

// hidden says whether an element says of itself that it is not shown. Style sheets are not read.
func hidden(n *html.Node) bool {
	return n.Type == html.ElementNode && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" || a.Key == "style" && hiding.MatchString(a.Val) })
}

// attr is the value of an element's attribute, empty where it has none.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}
