// Package frontier holds the words of what is known of a site's pages: which there are, when each was read, what came of it and when it
// is due again.
//
// It promises that scheduling is pure: the same page and outcome give the same next visit. The record keeps the pages; the crawler
// reads them.
package frontier

import (
	"strings"
	"time"

	"varde/internal/ad"
)

// Kind is what a page is for.
type Kind string

// The kinds of pages. Pictures are kept for their validators only and are never due by themselves.
const (
	List    Kind = "list"
	Ad      Kind = "ad"
	Picture Kind = "picture"
)

// Page is one page of a target. Target, Kind and Name together name it: Name is the site's name of the ad for ad pages, so that an ad that
// is reached by several addresses is read once, and the address for other pages.
type Page struct {
	Target string
	Kind   Kind
	Name   string
	// URL is where it was last found or read.
	URL string
	// Due is when it is to be read next; the zero time means never. Every is the time between visits that its changes gave so far.
	Due   time.Time
	Every time.Duration
	// ETag and LastModified are the site's validators of what was read last, SHA256 is the hash of its body.
	ETag, LastModified, SHA256 string
	// Visits counts answers, Changes those that differed from the one before, Failures tries in a row that gave none.
	Visits, Changes, Failures int
	// Depth counts links from a start page; Barren list pages in a row, up to this one, that led to no ad.
	Depth, Barren int
	// Found is when the page became known, Read when it answered last, Changed when it last differed, Gone when it was found to be no
	// longer there (zero where it is there).
	Found, Read, Changed, Gone time.Time
	// Outcome is what came of the last try.
	Outcome Outcome
	// Owner is who leased it, as Lease hands it out. A visit to a page with an owner changes what is known of the page only while that
	// owner still has it; "" asks for no such thing.
	Owner string
}

// Link is a page that another page leads to.
type Link struct {
	Kind      Kind
	Name, URL string
	Depth     int
	Barren    int
	// Modified is when the site says that it changed, zero where it does not say. A known page is due at once where that is after it was read.
	Modified time.Time
}

// Visit is what one try to read a page did: all of it is recorded or nothing.
type Visit struct {
	// Page is its new state.
	Page Page
	// Version is the target's version under which it was read.
	Version int
	At      time.Time
	Links   []Link
	// Most is how many pages of the target are kept track of at most, 0 for no bound. Links to more are counted as TooMany.
	Most int
	// Counts are outcomes of the page, its pictures and its links, each with an example.
	Counts []Count
	// Fields says of each field of an ad page whether it was there; nil where the page was not read as an ad.
	Fields map[string]bool
	// Pictures are the validators of the ad's pictures.
	Pictures []Page
	// Ad and Gone: the ad that is no longer there since Gone.
	Ad   ad.Key
	Gone time.Time
}

// Count is how often something came out, with the address of the latest case.
type Count struct {
	Outcome Outcome
	N       int
	Example string
	// Detail says more of the latest case; it holds nothing that a page said.
	Detail string
}

// Tally is a Count over a target's visits.
type Tally struct {
	Count
	// First and Last are when it came out first and last.
	First, Last time.Time
}

// Coverage is how often a field was there on ad pages, under one version of a target.
type Coverage struct {
	Field   string
	Version int
	// Pages were read, Had had the field.
	Pages, Had int
	// Recent are the latest pages, oldest first, at most RecentPages: '1' where the field was there, '0' where not.
	Recent string
	// Missing is the address of the latest page without the field.
	Missing string
	Last    time.Time
}

// RecentPages is how many of the latest pages a fall of coverage is judged by.
const RecentPages = 12

const (
	// enoughBefore is how many pages must have been read before the latest RecentPages for a comparison to mean anything.
	enoughBefore = 8
	// usual is the share of pages from which on a field counts as one that the site's pages have.
	usual = 0.5
)

// Look counts one more page. While the field has fallen, pages without it count among the latest only: what they are compared with is how
// pages were before, so that the fall stands for as long as it lasts.
func (c *Coverage) Look(there bool, address string, at time.Time) {
	switch {
	case there:
		c.Pages++
		c.Had++
		c.Recent += "1"
	default:
		if !c.Fallen() {
			c.Pages++
		}
		c.Recent += "0"
		c.Missing = address
	}
	c.Recent = c.Recent[max(0, len(c.Recent)-RecentPages):]
	if at.After(c.Last) {
		c.Last = at
	}
}

// Before is the share of pages with the field, those left out that lack it among the latest: what the latest are compared with.
func (c Coverage) Before() float64 {
	lacking := min(strings.Count(c.Recent, "0"), c.Pages-c.Had)
	if c.Pages <= lacking {
		return 0
	}
	return float64(c.Had) / float64(c.Pages-lacking)
}

// Fallen says whether a field that pages used to have is missing from the latest ones: fewer than half as often among the latest
// RecentPages as before them. The thresholds are a choice: of 12 pages, a field of every second page stands on 2 or fewer by chance once
// in fifty times (binomial), so that few warnings are false, and seven to nine pages of a new layout are enough for one.
func (c Coverage) Fallen() bool {
	if len(c.Recent) < RecentPages || c.Pages < RecentPages+enoughBefore {
		return false
	}
	before := c.Before()
	return before >= usual && float64(strings.Count(c.Recent, "1"))/RecentPages < before/2
}

// Size is how many pages of a target are known.
type Size struct {
	// Lists and Ads are pages, Read those that answered at least once, Due those that are due now, Gone those that are no longer there.
	Lists, Ads, Read, Due, Gone int
	// LastRead is when a page answered last, NextDue when the next one is due; zero where there is none.
	LastRead, NextDue time.Time
	// LeftUntil is until when the site is left alone, because it is busy, down, or put up barriers; Rests counts how often in a row. Zero
	// where it is not.
	LeftUntil time.Time
	Rests     int
}
