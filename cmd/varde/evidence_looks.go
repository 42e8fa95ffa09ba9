package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/store"
)

// look is one answer that the evidence has for an address of an ad, whichever target it was asked for under.
type look struct {
	*evidence.Record
	at  ad.Capture
	set string
}

// looksOf returns every answer of the addresses of an ad's versions, in the order of time, each once. What fails its checks goes to fault, and
// ends it where fault returns an error.
func looksOf(ctx context.Context, archive *evidence.Archive, findings []ad.Finding, fault func(ad.Capture, error) error) ([]look, error) {
	sets, err := archive.Sets()
	if err != nil {
		return nil, err
	}
	addresses := map[string]bool{}
	var all []look
	for i := range findings {
		address := findings[i].Sighting.URL
		if address == "" || addresses[address] {
			continue
		}
		addresses[address] = true
		for _, set := range sets {
			found, err := archive.Answers(ctx, set, address)
			if err != nil {
				return nil, err
			}
			for _, c := range found {
				rec, err := archive.Read(ctx, c)
				if err == nil {
					all = append(all, look{rec, c, set})
				} else if err = fault(c, err); err != nil {
					return nil, err
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b look) int { return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.at.Record, b.at.Record)) })
	return all, nil
}

// nearGone is how far the time at which an ad was found gone may lie from that of the answer which said so: the reading of it.
const nearGone = time.Minute

// goneText says of a look that the ad was no longer there: by the answer's status, or because the record of ads says so of that moment, as
// where the site led elsewhere or the page itself said it.
func (l *look) goneText(gone time.Time) string {
	if m, err := l.HTTP(); err == nil && (m.Status == http.StatusNotFound || m.Status == http.StatusGone) {
		return fmt.Sprintf(" (%d: no longer there)", m.Status)
	}
	if !gone.IsZero() && l.Date.Sub(gone).Abs() < nearGone {
		return " (no longer there)"
	}
	return ""
}

// looksLine is what the evidence has of an ad under one target.
type looksLine struct {
	Target string    `json:"target"`
	Looks  int       `json:"looks"`
	First  time.Time `json:"first"`
	Last   time.Time `json:"last"`
	// Latest is the record of the last look, Gone says that it found the ad no longer there.
	Latest ad.Capture `json:"latest"`
	Gone   bool       `json:"gone,omitempty"`
}

// lookLines sums the looks up by target.
func lookLines(all []look, gone time.Time) []looksLine {
	lines := []looksLine{}
	for i := range all {
		l := &all[i]
		n := slices.IndexFunc(lines, func(x looksLine) bool { return x.Target == l.set })
		if n < 0 {
			n, lines = len(lines), append(lines, looksLine{Target: l.set, First: l.Date})
		}
		line := &lines[n]
		line.Looks++
		line.Last, line.Latest, line.Gone = l.Date, l.at, l.goneText(gone) != ""
	}
	return lines
}

// writeLooks prints the looks of all targets for people.
func (h *held) writeLooks(out io.Writer) {
	if !h.Gone.IsZero() {
		fmt.Fprintf(out, "the ad is gone since %s\n", stamp(h.Gone))
	}
	for _, l := range h.Looks {
		note := ""
		if l.Gone {
			note = ", no longer there"
		}
		fmt.Fprintf(out, "target %s: %d looks, first %s, last %s%s\n  the last: %s  %s at byte %d\n", printable(l.Target), l.Looks, stamp(l.First), stamp(l.Last), note,
			printable(l.Latest.Record), printable(l.Latest.File), l.Latest.Offset)
	}
}

// looks adds all looks to what is held; those that fail their checks and stand on no version are counted among the faults.
func (es *evidenceShow) looks(ctx context.Context, s *store.Store, archive *evidence.Archive, h *held, findings []ad.Finding) error {
	one, err := s.Ad(ctx, h.Ad)
	if err != nil {
		return err
	}
	h.Gone = one.Gone
	told := map[string]bool{}
	for _, v := range h.Versions {
		for _, c := range v.Captures {
			told[c.Record] = true
		}
	}
	all, err := looksOf(ctx, archive, findings, func(c ad.Capture, err error) error {
		if ctx.Err() != nil {
			return err
		}
		if !told[c.Record] {
			h.Faults++
			es.app.warn("%s", printable(err.Error()))
		}
		return nil
	})
	h.Looks = lookLines(all, h.Gone)
	return err
}
