package adapter

import (
	"fmt"
	"net/url"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"varde/internal/target"
)

// mostLinks bounds what one page can lead to: sitemaps.org allows 50,000 addresses in a file.
const mostLinks = 50_000

// List reads where a page leads, as the target says. What kind of page it is shows in its content and not in what the site calls it.
func List(page *Page, t *target.Target) (Listing, error) {
	var out Listing
	src, err := open(page)
	if err != nil {
		return out, fmt.Errorf("read %s: %w", page.URL.Path, err)
	}
	l := newLister(page, t, &out)
	err = l.html(src)
	out.Problems = append(src.problems, out.Problems...)
	if err != nil {
		return out, fmt.Errorf("read %s: %w", page.URL.Path, err)
	}
	return out, nil
}

// lister gathers links, each once.
type lister struct {
	t    *target.Target
	base *url.URL
	out  *Listing
	seen map[string]bool
}

func newLister(page *Page, t *target.Target, out *Listing) *lister {
	return &lister{t: t, base: page.URL, out: out, seen: map[string]bool{}}
}

// resolve returns where an address leads, or nil where that is no other page or was there before.
func (l *lister) resolve(ref string) *url.URL {
	if len(l.seen) >= mostLinks {
		return nil
	}
	u := resolve(l.base, ref)
	if u == nil || l.seen[u.String()] {
		return nil
	}
	l.seen[u.String()] = true
	return u
}

// html reads a page by the selectors of the target. Where it names none for ads, they are all links of the form of ad pages.
func (l *lister) html(src *source) error {
	l.out.Shape = "html"
	doc, err := src.document()
	if err != nil {
		return err
	}
	l.base, l.out.FellBack = doc.base, doc.fellBack
	list := l.t.Adapter.List
	ads, next := list.Ads, list.Next
	if ads == "" {
		ads = "a[href]"
		if next == "" {
			next = "a[rel~=next], link[rel~=next]"
		}
	}
	strays, example := 0, ""
	for n := range doc.matches(ads) {
		u := resolve(l.base, attr(n, "href"))
		if u == nil {
			continue
		}
		if _, ok := l.t.AdID(u); !ok {
			strays, example = strays+1, u.Path
			continue
		}
		if u := l.resolve(u.String()); u != nil {
			l.out.Ads = append(l.out.Ads, Link{URL: u})
		}
	}
	if list.Ads != "" && strays > 0 {
		l.out.Problems = append(l.out.Problems, fmt.Sprintf("list.ads: %d links do not fit ad_path, such as %q", strays, short(example)))
	}
	if next != "" {
		for n := range doc.matches(next) {
			if u := l.resolve(attr(n, "href")); u != nil {
				l.out.Next = append(l.out.Next, Link{URL: u})
			}
		}
	}
	return nil
}

// text is the page as text, title first.
func (d *document) text() string {
	var s scribe
	s.skip = func(n *html.Node) bool { return n.DataAtom == atom.Head }
	for n := range d.root.Descendants() {
		if n.DataAtom == atom.Title && n.Type == html.ElementNode && n.Namespace == "" {
			s.node(n)
			break
		}
	}
	s.node(d.root)
	return s.b.String()
}

// Text is a page as readable text: its title, and what a person would see.
func Text(page *Page) string {
	src, err := open(page)
	if err != nil {
		return ""
	}
	doc, err := src.document()
	if err != nil {
		return ""
	}
	return doc.text()
}
