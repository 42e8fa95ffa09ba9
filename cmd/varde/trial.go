package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

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
	Fetched     *fetched `json:"fetched,omitempty"`
	ContentType string   `json:"content_type,omitempty"`
	Bytes       int      `json:"bytes"`
	// Kind is ad or list, by the address.
	Kind  string `json:"kind"`
	AdID  string `json:"ad_id,omitempty"`
	Shape string `json:"shape,omitempty"`
	// Fields are those of an ad page; Ads and Next are the links of a list page.
	Fields   []trialField     `json:"fields,omitempty"`
	Ads      []string         `json:"ads,omitempty"`
	Next     []string         `json:"next,omitempty"`
	Category ad.Category      `json:"category,omitempty"`
	Problems []string         `json:"problems,omitempty"`
	Gone     bool             `json:"gone,omitempty"`
	FellBack bool             `json:"fell_back,omitempty"`
	Barrier  frontier.Outcome `json:"barrier,omitempty"`
	// Valid says that the page would become a sighting, or that the list leads somewhere; Invalid says why not.
	Valid   bool   `json:"valid"`
	Invalid string `json:"invalid,omitempty"`
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
	r := &trial{Target: t.ID, Version: t.Version, Address: p.URL.String(), ContentType: p.ContentType, Bytes: len(p.Body)}
	if id, isAd := t.AdID(p.URL); isAd {
		r.Kind, r.AdID = "ad", id
		r.ad(p, t, now)
	} else {
		r.Kind = "list"
		r.list(p, t)
	}
	if !r.Valid && !r.Gone {
		r.Barrier = adapter.Barrier(p)
	}
	return r
}

func (r *trial) ad(p *adapter.Page, t *target.Target, now time.Time) {
	s, reading, err := crawler.Make(p, t, "crawl", now)
	r.Shape, r.Problems, r.Gone, r.FellBack, r.Category = reading.Shape, reading.Problems, reading.Gone, reading.FellBack, s.Category
	for _, f := range reading.Fields {
		r.Fields = append(r.Fields, trialField{f.Name, f.Values, f.From, f.Optional, f.Problem})
	}
	var field *ad.FieldError
	switch {
	case reading.Gone:
		r.Invalid = "the page says that the ad is no longer there"
	case err == nil:
		r.Valid = true
	case errors.Is(err, adapter.ErrNoAd):
		r.Invalid = "there is neither a title nor a text: mend adapter.fields.title or adapter.fields.text"
	case errors.Is(err, crawler.ErrCategory):
		r.Invalid = fmt.Sprintf("the ad is of category %s, which is none of the target's categories", s.Category)
	case errors.As(err, &field):
		r.Invalid = fmt.Sprintf("%s: %s", field.Field, field.Text)
	default:
		r.Invalid = err.Error()
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
		r.Invalid = err.Error()
	case len(l.Ads)+len(l.Next) == 0:
		r.Invalid = "it leads to no ad and to no further page: mend adapter.list and adapter.ad_path"
	default:
		r.Valid = true
	}
}

// mostLinks is how many links people are shown of a list page.
const mostLinks = 10

// write prints the trial for people.
func (r *trial) write(out io.Writer) error {
	fmt.Fprintln(out, printable(r.Address))
	if f := r.Fetched; f != nil {
		fmt.Fprintf(out, "fetched: status %d, %s, %d bytes; robots.txt: %s\n", f.Status, printable(r.ContentType), r.Bytes, f.Robots)
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
	if r.Barrier != "" {
		fmt.Fprintf(out, "It is a barrier (%s), which Varde recognises and never passes.\n", r.Barrier)
	}
	switch {
	case !r.Valid:
		fmt.Fprintln(out, "It would give nothing: "+printable(r.Invalid)+".")
	case r.Kind == "ad":
		fmt.Fprintf(out, "It would be a valid ad of category %s.\n", r.Category)
	default:
		fmt.Fprintf(out, "It leads to %d ads and %d further pages. Try one of the ads next.\n", len(r.Ads), len(r.Next))
	}
	return nil
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
