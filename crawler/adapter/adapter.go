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
	"slices"
	"strings"

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

// Parse reads a page as HTML, in the encoding that it or its header declares.
func Parse(page *Page) (*goquery.Document, error) {
	r, err := charset.NewReader(bytes.NewReader(page.Body), page.ContentType)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", page.URL.Path, err)
	}
	root, err := html.Parse(r)
	if err != nil { // more than 512 nested elements, among others
		return nil, fmt.Errorf("parse %s: %w", page.URL.Path, err)
	}
	doc := goquery.NewDocumentFromNode(root)
	doc.Url = page.URL
	return doc, nil
}

// Links are the ways on from a list page, in its order, each once, as absolute addresses.
func Links(doc *goquery.Document, page *Page, selector string) (out []*url.URL) {
	if selector == "" {
		return nil
	}
	seen := map[string]bool{}
	doc.Find(selector).Each(func(_ int, s *goquery.Selection) {
		if u := resolve(page.URL, s.AttrOr("href", "")); u != nil && !seen[u.String()] {
			seen[u.String()] = true
			out = append(out, u)
		}
	})
	return out
}

func resolve(base *url.URL, ref string) *url.URL {
	ref = strings.TrimSpace(ref)
	if ref == "" || strings.HasPrefix(ref, "#") {
		return nil
	}
	u, err := base.Parse(ref)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	u.Fragment = ""
	return u
}

// blocks are elements that stand on lines of their own.
var blocks = map[string]bool{"p": true, "div": true, "br": true, "li": true, "ul": true, "ol": true, "tr": true, "table": true, "h1": true, "h2": true, "h3": true,
	"h4": true, "section": true, "article": true, "dd": true, "dt": true, "blockquote": true}

// readable is the text of nodes as a person sees it: white space folded, lines kept, scripts and hidden parts left out.
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
		write(b, c)
	}
	if block {
		b.WriteByte('\n')
	}
}
