package adapter

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"varde/internal/target"
)

// mostLinks bounds what one page can lead to: sitemaps.org allows 50,000 addresses in a file.
const mostLinks = 50_000

var errNoText = errors.New("the page is no text")

// List reads where a page leads, as the target says. What kind of page it is shows in its content and not in what the site calls it.
// A page without links is no error; one that is no text, or is broken from its beginning, is.
func List(page *Page, t *target.Target) (Listing, error) {
	var out Listing
	src := open(page)
	defer src.close()
	l := newLister(page, t, &out)
	err := l.read(src)
	l.strays()
	out.Problems = append(src.problems, out.Problems...)
	if err != nil {
		return out, fmt.Errorf("read %s: %w", page.URL.Path, err)
	}
	return out, nil
}

// addresses is a sitemap that is plain text: one address a line.
var addresses = regexp.MustCompile(`^\s*https?://\S+\s*(?:\n|$)`)

func (l *lister) read(src *source) error {
	head := bytes.TrimSpace(src.text[:min(len(src.text), longestPrologue)])
	switch {
	case len(head) == 0 && len(src.problems) > 0, bytes.IndexByte(head, 0) >= 0:
		return errNoText
	case isFeed(head):
		return l.feed(src)
	case len(head) > 0 && head[0] != '<' && (l.t.Adapter.Kind == "json" || head[0] == '{' || head[0] == '['):
		return l.json(src)
	case addresses.Match(head):
		l.out.Shape = "sitemap"
		for line := range strings.Lines(string(src.text)) {
			l.ad("", line, time.Time{})
		}
		return nil
	case l.t.Adapter.Kind == "json":
		return l.json(src)
	}
	l.html(src)
	return nil
}

// lister gathers links, each once.
type lister struct {
	t     *target.Target
	clock clock
	base  *url.URL
	out   *Listing
	// seen has each address, with its place among the ads or -1.
	seen map[string]int
	// full says that the page has more addresses than are read.
	full bool
	// stray counts addresses that were to be ads and have no name by ad_path.
	stray   int
	example string
}

func newLister(page *Page, t *target.Target, out *Listing) *lister {
	return &lister{t: t, clock: clockOf(page, t), base: page.URL, out: out, seen: map[string]int{}}
}

func (l *lister) problem(text string) { l.out.Problems = add(l.out.Problems, text) }

// take remembers an address; at is its place among the ads, where it was there before, and fresh whether it was not.
func (l *lister) take(ref string) (u *url.URL, at int, fresh bool) {
	u = resolve(l.base, ref)
	if u == nil {
		return nil, -1, false
	}
	if at, ok := l.seen[u.String()]; ok {
		return u, at, false
	}
	if len(l.seen) >= mostLinks {
		l.full = true
		l.problem(fmt.Sprintf("more than %d addresses; the rest is not read", mostLinks))
		return u, -1, false
	}
	l.seen[u.String()] = -1
	return u, -1, true
}

// ad takes the address of an ad. One that has no name by ad_path is none; where it was to be one, by is who said so.
func (l *lister) ad(by, ref string, modified time.Time) {
	u, at, fresh := l.take(ref)
	if !fresh {
		if at >= 0 && modified.After(l.out.Ads[at].Modified) { // a log of changes has an ad several times
			l.out.Ads[at].Modified = modified
		}
		return
	}
	if _, ok := l.t.AdID(u); ok {
		l.seen[u.String()] = len(l.out.Ads)
		l.out.Ads = append(l.out.Ads, Link{u, modified})
		return
	}
	switch {
	case by != "":
		l.stray, l.example = l.stray+1, u.Path
	case l.out.Shape == "sitemap" && (strings.HasSuffix(u.Path, ".xml") || strings.HasSuffix(u.Path, ".xml.gz")):
		l.out.Next = append(l.out.Next, Link{u, modified})
	}
}

func (l *lister) next(ref string, modified time.Time) {
	if u, _, fresh := l.take(ref); fresh {
		l.out.Next = append(l.out.Next, Link{u, modified})
	}
}

// strays tells the operator that the target's list and its ad_path do not fit each other.
func (l *lister) strays() {
	if l.stray > 0 {
		l.problem(fmt.Sprintf("list.ads: %d addresses do not fit ad_path, such as %q", l.stray, short(l.example)))
	}
}

// time reads when something changed; what cannot be read is said once.
func (l *lister) time(text string) time.Time {
	t, err := l.clock.when(text, "")
	if err != nil && len(l.out.Problems) == 0 {
		l.problem("modified: " + err.Error())
	}
	return t
}

// html reads a page by the selectors of the target. Where it names none for ads, they are all links of the form of ad pages.
func (l *lister) html(src *source) {
	l.out.Shape = "html"
	doc := src.document()
	l.base, l.out.FellBack = doc.base, doc.fellBack
	ads, next, by := l.t.Adapter.List.Ads, l.t.Adapter.List.Next, "list.ads"
	if l.t.Adapter.Kind == "json" {
		ads, next = "", ""
	}
	if ads == "" {
		ads, by = "a[href]", ""
		if next == "" {
			next = "a[rel~=next], link[rel~=next]"
		}
	}
	for n := range doc.matches(ads) {
		if ref := attr(n, "href"); by != "" || l.isAd(ref) { // what is no ad may be the way on
			l.ad(by, ref, time.Time{})
		}
	}
	if next == "" {
		return
	}
	for n := range doc.matches(next) {
		l.next(attr(n, "href"), time.Time{})
	}
}

func (l *lister) isAd(ref string) bool {
	u := resolve(l.base, ref)
	if u == nil {
		return false
	}
	_, ok := l.t.AdID(u)
	return ok
}
