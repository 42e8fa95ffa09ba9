// Package adapter turns a page's bytes into an ad and the way on: a file per page shape.
//
// It promises that the same bytes give the same result, that a broken page gives what can be read or a named problem, and that a
// link leads where the page says, resolved. It touches no network and no clock.
package adapter

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"varde/internal/ad"
	"varde/internal/target"
)

// Page is one answer of a site.
type Page struct {
	URL         *url.URL
	ContentType string
	Body        []byte
}

// Extracted is what an ad page gave. Images are absolute addresses.
type Extracted struct {
	Ad ad.Sighting
	// Missing are fields of the target that this page did not have.
	Missing []string
	// Problems are what was there and could not be read.
	Problems []string
}

// Adapter reads the ad pages of one shape.
type Adapter interface {
	Name() string
	// Extract reads an ad page. ErrNoAd says that the page holds none.
	Extract(doc *goquery.Document, page *Page, t *target.Target) (Extracted, error)
}

// all lists the adapters by the kind that a target names.
var all = []Adapter{css{}, jsonLD{}}

// mostValues bounds each list of one ad to what the ad file can hold: a page of 8 MiB has room for half a million phones.
const mostValues = 200

// add puts a value into a list of an ad, unless it is empty, there already, or one too many.
func add(values []string, v string) []string {
	if v == "" || len(values) >= mostValues || slices.Contains(values, v) {
		return values
	}
	return append(values, v)
}

// ErrNoAd says that a page holds no ad although its address says so.
var ErrNoAd = errors.New("no ad on the page")

// For returns the adapter that a target names.
func For(t *target.Target) (Adapter, error) {
	i := slices.IndexFunc(all, func(a Adapter) bool { return a.Name() == t.Adapter.Kind })
	if i < 0 {
		return nil, fmt.Errorf("there is no adapter %q", t.Adapter.Kind)
	}
	return all[i], nil
}

// Parse reads a page as HTML, in the encoding that it or its header declares. The text of the result is UTF-8, whatever the page's
// bytes are.
func Parse(page *Page) (*goquery.Document, error) {
	body, err := decode(page)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", page.URL.Path, err)
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil { // more than 512 nested elements, among others
		return nil, fmt.Errorf("parse %s: %w", page.URL.Path, err)
	}
	doc := goquery.NewDocumentFromNode(root)
	doc.Url = page.URL
	return doc, nil
}

// decode returns the page in UTF-8. Where only a guess or the page itself says Latin-1 and all of it is valid UTF-8, it is that: the
// guess sees the first 1024 bytes, which often are ASCII.
func decode(page *Page) ([]byte, error) {
	encoding, name, certain := charset.DetermineEncoding(page.Body, page.ContentType)
	if name == "windows-1252" && !certain && utf8.Valid(page.Body) {
		return page.Body, nil
	}
	body, err := encoding.NewDecoder().Bytes(page.Body)
	return bytes.ToValidUTF8(body, []byte("\ufffd")), err
}

// base is what the addresses on a page are relative to.
func base(doc *goquery.Document, page *Page) *url.URL {
	if u := resolve(page.URL, doc.Find("base[href]").First().AttrOr("href", "")); u != nil {
		return u
	}
	return page.URL
}

// Links are the ways on from a list page, in its order, each once, as absolute addresses.
func Links(doc *goquery.Document, page *Page, selector string) (out []*url.URL) {
	if selector == "" {
		return nil
	}
	from, seen := base(doc, page), map[string]bool{}
	doc.Find(selector).Each(func(_ int, s *goquery.Selection) {
		if u := resolve(from, s.AttrOr("href", "")); u != nil && !seen[u.String()] {
			seen[u.String()] = true
			out = append(out, u)
		}
	})
	return out
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
	u.Fragment = ""
	return u
}

// blocks are elements that stand on lines of their own.
var blocks = map[string]bool{"p": true, "div": true, "br": true, "li": true, "ul": true, "ol": true, "tr": true, "table": true, "h1": true, "h2": true, "h3": true,
	"h4": true, "section": true, "article": true, "dd": true, "dt": true, "blockquote": true}

// readable is the text of nodes as a person sees it: white space folded, lines kept, scripts and hidden parts left out. The nodes
// themselves are read although they be hidden: a target may name what a site shows only after a click.
func readable(nodes ...*html.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		write(&b, n)
		b.WriteByte('\n')
	}
	var lines []string
	for _, line := range strings.Split(b.String(), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func write(b *strings.Builder, n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
		return
	case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "noscript" || n.Data == "template"):
		return
	}
	block := n.Type == html.ElementNode && blocks[n.Data]
	if block {
		b.WriteByte('\n')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !hidden(c) {
			write(b, c)
		}
	}
	if block {
		b.WriteByte('\n')
	}
}

var hiding = regexp.MustCompile(`(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)`)

// hidden says whether an element says of itself that it is not shown. Style sheets are not read.
func hidden(n *html.Node) bool {
	return n.Type == html.ElementNode && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" || a.Key == "style" && hiding.MatchString(a.Val) })
}
