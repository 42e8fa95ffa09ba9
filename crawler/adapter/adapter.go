// Package adapter turns a page's bytes into an ad, or into the way on: a file per shape of page.
//
// It promises that the same bytes give the same result; that a broken page gives what can be read of it and a named problem; that
// every field says where its value came from or was to come from; that a link leads where the page says, resolved; and that time and
// memory grow with the page and no faster. It touches no network and no clock, and passes no barrier: it only recognises one.
package adapter

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"varde/internal/ad"
	"varde/internal/target"
)

// Page is one answer of a site.
type Page struct {
	URL         *url.URL
	ContentType string
	Body        []byte
	// At is when it was fetched: what a page calls yesterday is the day before. Where At is zero, such words cannot be read.
	At time.Time
}

// Reading is what an ad page gave.
type Reading struct {
	// Ad has neither Site, AdID and URL nor SeenAt and Provenance. Its images are absolute addresses. Its category is one of the
	// target's, or another one where the page says so.
	Ad ad.Sighting
	// Shape is what the ad was read from: css, json-ld, microdata, rdfa, opengraph or json.
	Shape string
	// Fields are those that the target names and, for structured pages, all that the page's own data can give, in the order of
	// target.FieldNames.
	Fields []FieldReading
	// Problems are what was there and could not be read, those of fields included.
	Problems []string
	// Gone says that the page says of itself that the ad is no longer there.
	Gone bool
	// FellBack says that the page was too deeply nested or too large for a tree, and was read in a plainer way.
	FellBack bool
}

// FieldReading is how one field was read.
type FieldReading struct {
	Name string
	// Values are what the page said, before it was understood as a time or a price; none says that the field is missing.
	Values []string
	// From is the selector, path or property that gave the values, or that was to.
	From string
	// Optional says that many ads do not have the field.
	Optional bool
	// Problem says what could not be understood, empty where all could.
	Problem string
}

// Link is an address that a page leads to, and when the site says that it changed.
type Link struct {
	URL      *url.URL
	Modified time.Time
}

// Listing is what a page that leads to ads gave.
type Listing struct {
	// Ads are pages of ads by the target's ad_path; Next are pages that lead to more. Each is there once, in the page's order.
	Ads, Next []Link
	// Shape is html, sitemap, sitemap index, rss, atom or json.
	Shape    string
	Problems []string
	FellBack bool
}

// ErrNoAd says that a page holds no ad although its address says so.
var ErrNoAd = errors.New("no ad on the page")

// adapter reads ad pages of one kind.
type adapter interface {
	// name is the adapter's kind in target files.
	name() string
	// read fills a reading. Whether there is an ad is seen from its title and text.
	read(src *source, t *target.Target, out *Reading)
}

// all lists the adapters by the kind that a target names.
var all = []adapter{css{}, structured{}, jsonDocument{}}

// Read reads the ad of a page as the target says. With ErrNoAd the reading still tells of each field what was looked for. A page that
// says that its ad is gone needs no title and no text, and is no error.
func Read(page *Page, t *target.Target) (Reading, error) {
	var out Reading
	i := slices.IndexFunc(all, func(a adapter) bool { return a.name() == t.Adapter.Kind })
	if i < 0 {
		return out, fmt.Errorf("read %s: there is no adapter %q", page.URL.Path, t.Adapter.Kind)
	}
	src := open(page)
	defer src.close()
	all[i].read(src, t, &out)
	out.Problems = append(src.problems, out.Problems...)
	for _, f := range out.Fields {
		if f.Problem != "" {
			out.Problems = add(out.Problems, f.Name+": "+f.Problem)
		}
	}
	if out.Ad.Category == "" && len(t.Categories) > 0 {
		out.Ad.Category = t.Categories[0]
	}
	if out.Ad.Title == "" && out.Ad.Text == "" && !out.Gone {
		return out, ErrNoAd
	}
	return out, nil
}

// mostValues bounds each list of one ad to what the ad file can hold: a page of 8 MiB has room for half a million phones.
const mostValues = 200

// add puts a value into a list of an ad, unless it is empty, there already, or one too many.
func add(values []string, v string) []string {
	if v == "" || len(values) >= mostValues || slices.Contains(values, v) {
		return values
	}
	return append(values, v)
}
