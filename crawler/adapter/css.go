package adapter

import (
	"iter"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"varde/internal/target"
)

// css reads ads by the selectors that the target's file gives.
type css struct{}

func (css) name() string { return "css" }

func (css) read(src *source, t *target.Target, out *Reading) {
	out.Shape = "css"
	doc := src.document()
	out.FellBack = doc.fellBack
	fill := newFiller(src.page, doc.base, t, out)
	for _, name := range target.FieldNames {
		if f, ok := t.Adapter.Fields[name]; ok {
			fill.field(name, f, doc.pick(f))
		}
	}
}

// matches are the elements that a selector finds, in the page's order.
func (d *document) matches(selector string) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		m, err := selectors.get(selector)
		if err != nil { // refused when the target was read
			return
		}
		walk(d.root, m, yield)
	}
}

func walk(n *html.Node, m cascadia.Matcher, yield func(*html.Node) bool) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if m.Match(c) && !yield(c) || !walk(c, m, yield) {
			return false
		}
	}
	return true
}

// pick returns what a field's selector finds on a page, without empty values and repeats.
func (d *document) pick(f target.Field) found {
	out := found{from: from(f)}
	for n := range d.matches(f.Selector) {
		v := attr(n, f.Attr)
		if f.Attr == "" {
			v = readable(n)
		}
		if !out.take(v, f) {
			break
		}
	}
	return out
}

// from names a field's source for people.
func from(f target.Field) string {
	if f.Attr != "" {
		return f.Selector + " @" + f.Attr
	}
	return f.Selector
}

// found is what one source gave for a field.
type found struct {
	values []string
	from   string
	size   int
}

// mostFound bounds in bytes what is taken for one field.
const mostFound = 1 << 20

// take adds a value, cut by the field's pattern; it returns false when there are enough.
func (o *found) take(v string, f target.Field) bool {
	if v = cut(strings.TrimSpace(v), f.Pattern); v != "" {
		o.values = add(o.values, f.Prefix+v)
		o.size += len(v)
	}
	return len(o.values) == 0 || f.All && len(o.values) < mostValues && o.size < mostFound
}

// cut returns the first group of a pattern's match in a value, or the whole match.
func cut(v, pattern string) string {
	if pattern == "" || v == "" {
		return v
	}
	re, err := patterns.get(pattern)
	if err != nil { // refused when the target was read
		return ""
	}
	switch m := re.FindStringSubmatch(v); len(m) {
	case 0:
		return ""
	case 1:
		return strings.TrimSpace(m[0])
	default:
		return strings.TrimSpace(m[1])
	}
}
