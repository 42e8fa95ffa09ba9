package sim

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"varde/internal/ad"
)

// site is one of the simulated marketplaces.
type site uint8

const (
	nordmarked   site = iota // escort ads; a table of ads, ?page=, the phone in a tel: link
	fjordkontakt             // escort ads; cards, a next link, the phone in a data attribute or in the text
	jobbtorget               // job ads; a definition list, date without time
	smaajobb                 // small jobs, rooms, things and services; JSON-LD
	sites
)

// siteNames are the names under which the sites stand in ad keys.
var siteNames = [sites]string{"nordmarked.example", "fjordkontakt.example", "jobbtorget.example", "smaajobb.example"}

func (s site) name() string { return siteNames[s] }

// id is what a site calls its n-th ad. Ids of different sites never agree, so that pictures can be named by them.
func (s site) id(n int) string {
	switch s {
	case nordmarked:
		return strconv.Itoa(840001 + n)
	case fjordkontakt:
		return "fk" + strconv.Itoa(29000+n)
	case jobbtorget:
		return fmt.Sprintf("26-%06d", n+1)
	}
	return "s" + strconv.Itoa(5000+n)
}

// parseKey reads a key as id made it.
func parseKey(key ad.Key) (s site, n int, ok bool) {
	for s = range sites {
		if s.name() != key.Site() {
			continue
		}
		digits, found := strings.CutPrefix(key.ID(), [sites]string{"", "fk", "26-", "s"}[s])
		n, err := strconv.Atoi(digits)
		if !found || err != nil {
			return 0, 0, false
		}
		n -= [sites]int{840001, 29000, 1, 5000}[s]
		return s, n, n >= 0 && s.id(n) == key.ID()
	}
	return 0, 0, false
}

// shownTime is how exactly a site shows when an ad was posted: to the minute, or the day.
func (s site) shownTime(t time.Time) time.Time {
	if s == jobbtorget {
		return t.Truncate(24 * time.Hour)
	}
	return t
}

// path is where an ad's page stands on its site. The small site keeps its categories apart, so that each can be a crawl target.
func (c *content) path() string {
	switch c.site {
	case nordmarked:
		return "/annonse/" + c.id
	case fjordkontakt:
		return "/profil/" + c.id
	case jobbtorget:
		return "/stilling/" + c.id
	}
	return c.section.path() + "/" + c.id
}

// section is a part of the small site.
type section uint8

const (
	jobb section = iota
	bolig
	torg
	sections
)

func (s section) path() string { return "/" + [sections]string{"jobb", "bolig", "torg"}[s] }

// category is what the ads of a site, or of a section of the small site, offer: a target has one category.
func (s site) category(sec section) ad.Category {
	switch s {
	case nordmarked, fjordkontakt:
		return ad.SexualServices
	case jobbtorget:
		return ad.Job
	}
	return [sections]ad.Category{ad.Job, ad.Housing, ad.Other}[sec]
}

// imageName is the path of an ad's n-th picture, on its site and beside an ad file.
func imageName(id string, n int, p picture) string {
	return fmt.Sprintf("img/%s-%d%s", id, n, p.extension())
}

// sighting is the ad as its page shows it, seen half an hour after it was posted.
func (c *content) sighting() ad.Sighting {
	s := ad.Sighting{Site: c.site.name(), AdID: c.id, URL: "https://" + c.site.name() + c.path(), Category: c.category, Title: c.title,
		Text: c.text, PostedAt: c.posted, SeenAt: c.seen, Location: c.city, Country: "NO", Advertiser: c.advertiser, Age: c.age}
	if c.phone != "" {
		s.Phones = []string{c.phone}
	}
	if c.price.Amount > 0 {
		s.Prices = []ad.Price{c.price}
		if c.site == smaajobb && c.category != ad.Job {
			s.Prices[0].Per = "" // schema.org's Offer has no place for it
		}
	}
	switch {
	case c.site == fjordkontakt && c.handle != "":
		s.Contacts = []string{"telegram:" + c.handle}
	case (c.site == jobbtorget || c.site == smaajobb) && c.mail != "":
		s.Contacts = []string{"mailto:" + c.mail}
	}
	for n, p := range c.pictures {
		s.Images = append(s.Images, imageName(c.id, n+1, p))
	}
	return s
}
