package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"varde/crawler"
	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/evidence"
)

// custodyEvent is one step of the chain of custody.
type custodyEvent struct {
	At  time.Time `json:"at"`
	Who string    `json:"who"`
	// What is captured, taken_in or read for what the program did, and otherwise the word of the log.
	What   string `json:"what"`
	Record string `json:"record,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Entry is the number in the log, 0 where the event is told by the evidence itself.
	Entry int64 `json:"log_entry,omitempty"`
}

// custody tells what happened to the evidence in the order of time: how it was captured, who allowed it, what was read from it, and who
// has looked at it or handed it over. The package itself is the last step.
func (ee *evidenceExport) custody(ctx context.Context, p *evidence.Package, one *ad.Ad, findings []ad.Finding) error {
	events, err := ee.captured(ctx, p.Captures, one.Gone)
	if err != nil {
		return err
	}
	subjects := map[string]bool{p.Subject: true}
	for _, c := range p.Captures { // looks under other targets have a history, too
		set, _, _ := strings.Cut(c.File, "/")
		subjects[audit.Target(set)] = true
	}
	for i := range findings {
		if t := findings[i].Sighting.Provenance.Target; t != "" {
			subjects[audit.Target(t)] = true
		}
	}
	for subject := range subjects {
		entries, err := ee.store.Entries(ctx, subject)
		if err != nil {
			return err
		}
		for _, e := range entries {
			events = append(events, custodyEvent{At: e.At, Who: e.Actor, What: string(e.Action), Entry: e.Seq,
				Detail: strings.Join(strings.Fields(strings.Join([]string{e.Subject, versionText(e.Version), said("reason", e.Reason), said("purpose", e.Purpose), e.Object}, " ")), " ")})
		}
	}
	inOrder(events)
	events = append(events, custodyEvent{At: p.Made, Who: p.By, What: string(audit.EvidenceExported), Detail: p.Subject + " " + said("purpose", p.Purpose)})
	if p.Custody, err = json.MarshalIndent(events, "", "  "); err != nil {
		return fmt.Errorf("write the chain of custody: %w", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Chain of custody of %s\n\n", one.Key)
	for _, e := range events {
		b.WriteString(e.line())
	}
	p.CustodyText = b.String()
	return nil
}

// inOrder sorts events by time, and what the log has of one time by its number there.
func inOrder(events []custodyEvent) {
	slices.SortStableFunc(events, func(a, b custodyEvent) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Entry, b.Entry)) })
}

// line is the event on one line of its own, whatever people and sites wrote.
func (e *custodyEvent) line() string {
	one := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	return fmt.Sprintf("%s  %-18s  %s  %s  %s\n", e.At.UTC().Format(time.RFC3339), one(e.What), one(e.Who), one(e.Record), one(e.Detail))
}

// said is what somebody wrote, quoted, so that nothing in it can be taken for the log's own words.
func said(what, text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return what + " " + strconv.Quote(text)
}

func versionText(version int) string {
	if version == 0 {
		return ""
	}
	return fmt.Sprintf("version %d", version)
}

// captured tells of each record how it came into the evidence, and of each reading of it.
func (ee *evidenceExport) captured(ctx context.Context, captures []ad.Capture, gone time.Time) ([]custodyEvent, error) {
	var events []custodyEvent
	for _, c := range captures {
		var then []custodyEvent
		rec, err := ee.archive.Read(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("nothing was exported: %w", err)
		}
		related, err := ee.archive.Related(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("nothing was exported: %w", err)
		}
		event := custodyEvent{At: rec.Date, Who: audit.Program, What: "captured", Record: c.Record, Detail: rec.TargetURI}
		if c.Image == 0 {
			event.Detail += (&look{Record: rec}).goneText(gone)
		}
		for _, l := range related {
			switch l.ContentType {
			case crawler.CaptureType:
				var about crawler.Context
				if json.Unmarshal(l.Block, &about) == nil {
					event.Detail += fmt.Sprintf(" under version %d of the target %s, authorisation %s", about.TargetVersion, about.Target, about.Authorisation)
				}
			case originType:
				var from origin
				if json.Unmarshal(l.Block, &from) == nil {
					event.Who = "another program, as " + from.File + " says"
					then = append(then, custodyEvent{At: from.At, Who: from.By, What: "taken_in", Record: c.Record,
						Detail: fmt.Sprintf("from byte %d of the file %s, sha256 %s", from.Offset, from.File, from.FileSHA256)})
				}
			case crawler.SightingType:
				var s ad.Sighting
				if json.Unmarshal(l.Block, &s) == nil {
					detail := fmt.Sprintf("by version %d of the target %s", max(s.Provenance.TargetVersion, s.Provenance.Reading), s.Provenance.Target)
					then = append(then, custodyEvent{At: l.Date, Who: audit.Program, What: "read", Record: c.Record, Detail: detail})
				}
			}
		}
		events = append(append(events, event), then...)
	}
	return events, nil
}
