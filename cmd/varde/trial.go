package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"varde/console"
	"varde/crawler"
	"varde/crawler/adapter"
	"varde/internal/ad"
	"varde/internal/frontier"
	"varde/internal/target"
)

// trial is what a target's adapter made of one page, field by field. Nothing of it is kept.
type trial struct {
	Target  string `json:"target"`
	Version int    `json:"version,omitempty"`
	Address string `json:"address"`
	// Fetched is nil where a saved page was read.
	Fetched *fetched `json:"fetched,omitempty"`
	// TokenWithheld says that the target has a token which was not sent, as nobody has approved this version.
	TokenWithheld bool   `json:"token_withheld,omitempty"`
	ContentType   string `json:"content_type,omitempty"`
	Bytes         int    `json:"bytes"`
	// Kind is ad or list, by the address.
	Kind  string `json:"kind"`
	AdID  string `json:"ad_id,omitempty"`
	Shape string `json:"shape,omitempty"`
	// Fields are those of an ad page; Ads and Next are the links of a list page.
	Fields   []trialField `json:"fields,omitempty"`
	Ads      []string     `json:"ads,omitempty"`
	Next     []string     `json:"next,omitempty"`
	Category ad.Category  `json:"category,omitempty"`
	Problems []string     `json:"problems,omitempty"`
	FellBack bool         `json:"fell_back,omitempty"`
	// Outcome is what the crawler would have counted.
	Outcome frontier.Outcome `json:"outcome"`
	// Valid says that the page would become a sighting, or that the list leads somewhere; Invalid says why not.
	Valid   bool   `json:"valid"`
	Invalid string `json:"invalid,omitempty"`

	// page is what was read; nil where the site gave none.
	page *adapter.Page
	// asked are the fields that the target names; a structured page may have more of its own.
	asked map[string]target.Field
}

// fetched is how a page was asked for.
type fetched struct {
	Status int    `json:"status"`
	Robots string `json:"robots"`
	IP     string `json:"ip,omitempty"`
}

type trialField struct {
	Name string `json:"name"`
	// Values are what the page said; none says that the field is missing.
	Values   []string `json:"values"`
	From     string   `json:"from"`
	Optional bool     `json:"optional,omitempty"`
	Problem  string   `json:"problem,omitempty"`
}

// readTrial reads one page as the crawler would.
func readTrial(p *adapter.Page, t *target.Target, now time.Time) *trial {
	r := &trial{Target: t.ID, Version: t.Version, Address: p.URL.String(), ContentType: p.ContentType, Bytes: len(p.Body), page: p, asked: t.Adapter.Fields}
	if id, isAd := t.AdID(p.URL); isAd {
		r.Kind, r.AdID = "ad", id
		r.ad(p, t, now)
	} else {
		r.Kind = "list"
		r.list(p, t)
	}
	r.Valid = r.Outcome.Good()
	if r.Outcome == frontier.NoAd || r.Outcome == frontier.NoLinks {
		if b := adapter.Barrier(p); b != "" {
			r.Outcome, r.Invalid = b, barrierKept
		}
	}
	return r
}

const barrierKept = "it is a barrier, which Varde recognises and never passes"

func (r *trial) ad(p *adapter.Page, t *target.Target, now time.Time) {
	s, reading, err := crawler.Make(p, t, "crawl", now)
	r.Shape, r.Problems, r.FellBack, r.Category = reading.Shape, reading.Problems, reading.FellBack, s.Category
	for _, f := range reading.Fields {
		r.Fields = append(r.Fields, trialField{f.Name, f.Values, f.From, f.Optional, f.Problem})
	}
	if t.Adapter.Kind == "structured" && r.Shape == "css" && !slices.ContainsFunc(r.Fields, func(f trialField) bool { return len(f.Values) > 0 }) {
		r.Shape = ""
		r.Problems = append(r.Problems, "the page has no data of an ad in JSON-LD, microdata, RDFa or OpenGraph, which this target reads")
	}
	var wall *crawler.BarrierError
	switch {
	case reading.Gone:
		r.Outcome, r.Invalid = frontier.Gone, "the page says that the ad is no longer there"
	case err == nil:
		r.Outcome = frontier.AdRead
	case errors.Is(err, adapter.ErrNoAd):
		r.Outcome, r.Invalid = frontier.NoAd, "there is neither a title nor a text: mend adapter.fields.title or adapter.fields.text"
	case errors.As(err, &wall):
		r.Outcome, r.Invalid = wall.Outcome, barrierKept
	case errors.Is(err, crawler.ErrCategory):
		r.Outcome, r.Invalid = frontier.NotCategory, fmt.Sprintf("the ad is of category %s, which is none of the target's categories", s.Category)
	default:
		r.Outcome, r.Invalid = frontier.NotValid, err.Error()
	}
}

func (r *trial) list(p *adapter.Page, t *target.Target) {
	l, err := adapter.List(p, t)
	r.Shape, r.Problems, r.FellBack = l.Shape, l.Problems, l.FellBack
	for _, a := range l.Ads {
		r.Ads = append(r.Ads, a.URL.String())
	}
	for _, n := range l.Next {
		r.Next = append(r.Next, n.URL.String())
	}
	switch {
	case err != nil:
		r.Outcome, r.Invalid = frontier.NoLinks, err.Error()
	case len(l.Ads)+len(l.Next) == 0:
		r.Outcome, r.Invalid = frontier.NoLinks, "it leads to no ad and to no further page: mend adapter.list and adapter.ad_path"
	default:
		r.Outcome = frontier.ListRead
	}
}

// console is the trial as the console shows it.
func (r *trial) console() console.Trial {
	c := console.Trial{URL: r.Address, ContentType: r.ContentType, Bytes: r.Bytes, Outcome: r.Outcome, Detail: r.Invalid, Ad: r.Kind == "ad", Shape: r.Shape,
		FellBack: r.FellBack, Gone: r.Outcome == frontier.Gone, Ads: r.Ads, Next: r.Next, Problems: r.Problems}
	if r.Fetched != nil {
		c.Status = r.Fetched.Status
	}
	for _, f := range r.Fields {
		c.Fields = append(c.Fields, console.TrialField(f))
	}
	if r.TokenWithheld {
		c.Problems = append([]string{withoutToken}, c.Problems...)
	}
	if r.page != nil {
		sum := sha256.Sum256(r.page.Body)
		c.SHA256, c.Text = hex.EncodeToString(sum[:]), adapter.Text(r.page)
	}
	return c
}

// withoutToken tells people that a site may answer otherwise when the target is crawled.
const withoutToken = "The target's token was not sent, as this version has no approval; this is what the site answers without it."

// mostLinks is how many links people are shown of a list page.
const mostLinks = 10

// write prints the trial for people.
func (r *trial) write(out io.Writer) {
	fmt.Fprintln(out, printable(r.Address))
	if f := r.Fetched; f != nil && f.Status > 0 && r.page == nil {
		fmt.Fprintf(out, "The site answered %d; robots.txt: %s.\n", f.Status, cmp.Or(f.Robots, "none"))
	} else if f != nil && f.Status > 0 {
		fmt.Fprintf(out, "The site answered %d %s, %d bytes; robots.txt: %s.\n", f.Status, printable(r.ContentType), r.Bytes, f.Robots)
	}
	if r.TokenWithheld {
		fmt.Fprintln(out, withoutToken)
	}
	if r.page == nil {
		fmt.Fprintf(out, "The page was not had (%s): %s.\n", r.Outcome, printable(r.Invalid))
		return
	}
	what := "a list page: its address does not fit adapter.ad_path"
	if r.Kind == "ad" {
		what = fmt.Sprintf("an ad page: the site calls the ad %s", printable(r.AdID))
	}
	if r.Shape != "" {
		what += "; read as " + r.Shape
	}
	fmt.Fprintln(out, "It is "+what+".")
	if r.FellBack {
		fmt.Fprintln(out, "It is nested too deeply for a tree and was read in a plainer way: selectors find nothing on it.")
	}
	r.table(out)
	r.links(out, "ads", r.Ads)
	r.links(out, "further pages", r.Next)
	for _, p := range r.Problems {
		fmt.Fprintln(out, "problem: "+printable(p))
	}
	switch {
	case !r.Valid:
		fmt.Fprintf(out, "It would give nothing (%s): %s.\n", r.Outcome, printable(r.Invalid))
	case r.Kind == "ad":
		fmt.Fprintf(out, "It would be a valid ad of category %s%s.\n", r.Category, r.lacks())
	default:
		fmt.Fprintf(out, "It leads to %d ads and %d further pages. Try one of the ads next.\n", len(r.Ads), len(r.Next))
	}
}

// lacks names the fields that an ad of this target is to have, and this page has not.
func (r *trial) lacks() string {
	var names []string
	for _, f := range r.Fields {
		_, asked := r.asked[f.Name]
		if asked = asked || f.Name == "title" || f.Name == "text"; asked && len(f.Values) == 0 && !f.Optional {
			names = append(names, f.Name)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return ", but " + names[0] + " is missing"
	}
	return ", but " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " are missing"
}

func (r *trial) table(out io.Writer) {
	if len(r.Fields) == 0 {
		return
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "\nFIELD\tFROM\tVALUE")
	for _, f := range r.Fields {
		values := f.Values
		if len(values) == 0 {
			values = []string{"– MISSING"}
			if f.Optional {
				values = []string{"– not there (optional)"}
			}
		}
		for i, v := range values {
			name, from := f.Name, printable(f.From)
			if i > 0 {
				name, from = "", ""
			}
			if i == 0 && f.Problem != "" {
				v += "   ← " + f.Problem
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", name, from, oneLine(v))
		}
	}
	_ = w.Flush() // a terminal that is gone is told at the end
	fmt.Fprintln(out)
}

func (r *trial) links(out io.Writer, what string, links []string) {
	if r.Kind != "list" {
		return
	}
	fmt.Fprintf(out, "%d %s\n", len(links), what)
	for i, l := range links {
		if i == mostLinks {
			fmt.Fprintf(out, "  … and %d more\n", len(links)-mostLinks)
			break
		}
		fmt.Fprintln(out, "  "+printable(l))
	}
}

// longestShown is how much of a value stands in a table, in characters.
const longestShown = 100

// oneLine makes a value fit for one line of a table.
func oneLine(s string) string {
	s = printable(strings.Join(strings.Fields(s), " "))
	if r := []rune(s); len(r) > longestShown {
		return fmt.Sprintf("%s… (%d characters)", string(r[:longestShown]), len(r))
	}
	return s
}
