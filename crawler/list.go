package crawler

import (
	"net/url"
	"strings"

	"varde/crawler/adapter"
	"varde/internal/frontier"
)

const (
	// mostBarren is after how many list pages in a row without a new ad the way is not followed further: a calendar has a page for every
	// day there is.
	mostBarren = 3
	// mostDepth bounds how many list pages lead from one to the next.
	mostDepth = 10_000
	// mostLinks bounds the links of one page: a page of megabytes has room for a hundred thousand.
	mostLinks = 60_000
)

// list takes the ways on from a list page.
func (v *visit) list(page *adapter.Page, same bool) {
	v.Page.Due = v.At.Add(v.target.Every)
	l, err := adapter.List(page, v.target)
	if l.FellBack {
		v.count(frontier.FallenBack, 1, v.Page.URL, "")
	}
	if err != nil || l.Shape == "html" && len(l.Ads)+len(l.Next) == 0 { // a feed may be empty; a page that people read has links
		v.Page.ETag, v.Page.LastModified = "", ""
		o := adapter.Barrier(page)
		if o == "" {
			o = frontier.NoLinks
		}
		v.Page.Barren++
		v.ended(o, v.Page.URL, "")
		return
	}
	v.alive()
	names := v.ads(l.Ads)
	v.Page.Barren++
	if v.known.fresh(names) || len(names) == 0 && l.Shape == "sitemap index" {
		v.Page.Barren = 0
	}
	v.next(l.Next)
	v.listAgain(same, len(l.Next) > 0)
	o := frontier.ListRead
	if same {
		o = frontier.Unchanged
	}
	v.ended(o, v.Page.URL, "")
}

// listAgain says when a list page is due again: as often as the target says. One further on that leads further and does not change, as
// the former pages of a feed, is read less and less often; the last page is where new ones appear.
func (v *visit) listAgain(same, leads bool) {
	v.Page.Due = v.At.Add(v.target.Every)
	switch {
	case v.Page.Depth == 0 || !leads:
		v.Page.Every = 0
	case !same:
		v.Page.Every = v.target.Every
	default:
		v.Page.Due, v.Page.Every = frontier.Next(v.Page.Every, false, v.target.Every, max(v.target.Every, v.target.Revisit.Most), v.At)
	}
}

// ads adds links to ads, and returns the ads' names.
func (v *visit) ads(links []adapter.Link) (names []string) {
	seen := map[string]bool{}
	for _, l := range links {
		if len(v.Links) == mostLinks {
			v.count(frontier.TooMany, 1, v.Page.URL, "links of one page")
			break
		}
		if !v.target.Inside(l.URL) {
			v.count(frontier.Outside, 1, l.URL.String(), "")
			continue
		}
		id, ok := v.target.AdID(l.URL)
		if !ok { // list.ads found what ad_path does not know: a list page below this one
			v.onward(l)
			continue
		}
		if !seen[id] {
			seen[id] = true
			names = append(names, id)
			v.Links = append(v.Links, frontier.Link{Kind: frontier.Ad, Name: id, URL: l.URL.String(), Depth: v.Page.Depth + 1, Modified: l.Modified})
		}
	}
	return names
}

// next adds links to further list pages, unless the way leads nowhere.
func (v *visit) next(links []adapter.Link) {
	for _, l := range links {
		switch {
		case !v.target.Inside(l.URL):
			v.count(frontier.Outside, 1, l.URL.String(), "")
		case v.Page.Barren > mostBarren || v.Page.Depth >= mostDepth:
			v.count(frontier.Endless, 1, l.URL.String(), "")
		default:
			v.onward(l)
		}
	}
}

func (v *visit) onward(l adapter.Link) {
	if len(v.Links) < mostLinks && len(l.URL.String()) <= mostAddress {
		v.Links = append(v.Links, frontier.Link{Kind: frontier.List, Name: canonical(l.URL), URL: l.URL.String(), Depth: v.Page.Depth + 1,
			Barren: v.Page.Barren, Modified: l.Modified})
	}
}

// mostAddress bounds the length of an address; it is a key of the record.
const mostAddress = 1500

// tracking are parameters that say who asks and not for what.
var tracking = map[string]bool{"phpsessid": true, "jsessionid": true, "sid": true, "sessionid": true, "session_id": true, "aspsessionid": true,
	"fbclid": true, "gclid": true, "msclkid": true, "_ga": true}

// canonical is one name for a page however an address spells it: without what names a session or where a visitor came from, with the
// parameters in order.
func canonical(u *url.URL) string {
	c := *u
	c.Fragment, c.RawFragment, c.Host = "", "", strings.ToLower(u.Host)
	if i := strings.Index(strings.ToLower(c.Path), ";jsessionid="); i >= 0 {
		c.Path, c.RawPath = c.Path[:i], ""
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil { // with semicolons, say: whatever it means, it stays
		return c.String()
	}
	for name := range q {
		if low := strings.ToLower(name); tracking[low] || strings.HasPrefix(low, "utm_") {
			delete(q, name)
		}
	}
	c.RawQuery = q.Encode()
	return c.String()
}
