package adapter

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// A sitemap or feed is read by its tags alone, with the tokenizer of HTML pages: it takes no entity from the file, follows no
// document type, holds one tag in memory, and goes on after what a reader of strict XML stops at: an & alone, an end tag too few.

// roots are the shapes of XML that lead to ads, by their first element, and what an entry of each is called.
var roots = map[string]struct{ shape, entry string }{"urlset": {"sitemap", "url"}, "sitemapindex": {"sitemap index", "sitemap"}, "rss": {"rss", "item"}, "rdf": {"rss", "item"}, "feed": {"atom", "entry"}}

// root is the first element of a text, after declarations, comments and a document type.
var root = regexp.MustCompile(`^(?:\s|<\?[^>]*\?>|<!--(?:[^-]|-[^-])*-->|<![Dd][Oo][Cc][^>\[]*(?:\[[^\]]*\])?[^>]*>)*<([A-Za-z][\w.-]*:)?([A-Za-z]+)`)

func isFeed(head []byte) bool {
	m := root.FindSubmatch(head)
	return m != nil && roots[strings.ToLower(string(m[2]))].shape != ""
}

// entry is one place that a sitemap or feed leads to.
type entry struct {
	link, guid, about string
	modified          string
}

// feedReader goes through the tags of a sitemap or feed.
type feedReader struct {
	l *lister
	// prefix is that of the first element: <ns0:urlset> has <ns0:url>.
	prefix string
	// entry is what an entry is called.
	entry string
	// open are the names of the elements around, as far as mostNested.
	open []string
	// item is the entry that is being read, value the text of the element that is.
	item  *entry
	value strings.Builder
	// permanent says that the guid being read is an address.
	permanent bool
}

// mostNested is how deep the elements of a feed are followed; what counts stands three or four deep.
const mostNested = 64

// longestValue bounds an address or a date in bytes: sitemaps.org allows 2,048.
const longestValue = 4096

func (l *lister) feed(src *source) error {
	m := root.FindSubmatch(bytes.TrimSpace(src.text[:min(len(src.text), longestPrologue)]))
	is := roots[strings.ToLower(string(m[2]))]
	l.out.Shape = is.shape
	f := &feedReader{l: l, prefix: strings.ToLower(string(m[1])), entry: is.entry}
	z := html.NewTokenizer(bytes.NewReader(thinned(src.text)))
	z.AllowCDATA(true)
	for !l.full {
		z.NextIsNotRawText() // <title/> is no title of HTML, whose text goes to its end tag
		switch z.Next() {
		case html.ErrorToken:
			f.done()
			return nil
		case html.TextToken:
			if room := longestValue - f.value.Len(); f.item != nil && room > 0 {
				text := z.Text()
				f.value.Write(text[:min(len(text), room)])
			}
		case html.StartTagToken:
			f.start(z)
		case html.SelfClosingTagToken:
			f.start(z)
			f.end(f.around(1))
		case html.EndTagToken:
			name, _ := z.TagName()
			f.end(f.local(string(name)))
		}
	}
	return nil
}

// local is a name without the prefix that the file gives its own elements.
func (f *feedReader) local(name string) string {
	name = strings.TrimPrefix(name, f.prefix)
	switch name {
	case "dc:date":
		return "date"
	case "atom:link", "atom10:link", "a10:link":
		return "atom:link"
	case "atom:updated", "a10:updated":
		return "updated"
	}
	return name
}

func (f *feedReader) start(z *html.Tokenizer) {
	raw, more := z.TagName()
	name := f.local(string(raw))
	attrs := map[string]string{}
	for n := 0; more; n++ {
		var key, value []byte
		if key, value, more = z.TagAttr(); n < mostAttributes && len(value) <= longestValue {
			attrs[string(key)] = string(value)
		}
	}
	switch name {
	case f.entry:
		f.done()
		f.item = &entry{about: attrs["rdf:about"]}
	case "link", "atom:link":
		f.link(attrs)
	case "guid":
		f.permanent = attrs["ispermalink"] != "false"
	}
	f.value.Reset()
	if len(f.open) < mostNested {
		f.open = append(f.open, name)
	} else {
		f.open[mostNested-1] = name
	}
}

// link reads a link that is an attribute, as Atom has them.
func (f *feedReader) link(attrs map[string]string) {
	href, rel := attrs["href"], attrs["rel"]
	switch {
	case href == "":
	case f.item == nil && rel == "next":
		f.l.next(href, time.Time{})
	case f.item != nil && f.around(1) == f.entry && (rel == "" || rel == "alternate") && f.item.link == "":
		f.item.link = href
	}
}

// within says whether the element that ends stands right in an entry: what an image in it says of itself is not the entry's.
func (f *feedReader) within() bool {
	return f.item != nil && f.around(2) == f.entry
}

// around is the n-th element from the inside, counted from 1.
func (f *feedReader) around(n int) string {
	if len(f.open) < n {
		return ""
	}
	return f.open[len(f.open)-n]
}

func (f *feedReader) end(name string) {
	if f.within() && f.around(1) == name {
		value := strings.TrimSpace(f.value.String())
		switch name {
		case "loc", "link":
			if value != "" && f.item.link == "" {
				f.item.link = value
			}
		case "guid":
			if f.permanent && strings.HasPrefix(value, "http") {
				f.item.guid = value
			}
		case "lastmod", "updated":
			f.item.modified = value
		case "pubdate", "published", "date":
			if f.item.modified == "" {
				f.item.modified = value
			}
		}
	}
	for i := len(f.open) - 1; i >= 0; i-- { // an end tag too few closes what is in it
		if f.open[i] == name {
			f.open = f.open[:i]
			break
		}
	}
	f.value.Reset()
	if name == f.entry {
		f.done()
	}
}

// done hands over the entry that has been read.
func (f *feedReader) done() {
	if f.item == nil {
		return
	}
	e := *f.item
	f.item = nil
	for _, ref := range []string{e.link, e.guid, e.about} {
		if ref == "" {
			continue
		}
		var modified time.Time
		if e.modified != "" {
			modified = f.l.time(e.modified)
		}
		if f.l.out.Shape == "sitemap index" {
			f.l.next(ref, modified)
		} else {
			f.l.ad("", ref, modified)
		}
		return
	}
}
