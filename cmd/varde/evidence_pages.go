package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"varde/crawler"
	"varde/crawler/adapter"
	"varde/internal/ad"
	"varde/internal/evidence"
	"varde/internal/target"
)

// storedPage is a look at an ad page as the evidence has it: the answer, how it was got, and what was read from it then.
type storedPage struct {
	// capture is of the response, or of the revisit that says that the page is as it was. Whole is the response itself, fetched at
	// wholeAt; it has no record where the page that a revisit stands for is not there.
	capture, whole ad.Capture
	wholeAt        time.Time
	url            *url.URL
	at             time.Time
	// context is nil for a page that another program fetched, sighting where nothing was read.
	context  *crawler.Context
	sighting *ad.Sighting
	// number is how many records of the walk came before.
	number int
}

// longestVisit is after how many further records a page without a sighting is taken to have given none. Between the two stand the page's
// pictures, and what other visits wrote meanwhile: 32 at once, with 30 pictures of three records each, are 3,000.
const longestVisit = 20_000

// pageWalk goes through a set of the evidence in the order of writing and puts together what belongs to one look at an ad page. It
// holds the looks that may still be completed, and of each ad where its latest whole page stands.
type pageWalk struct {
	archive *evidence.Archive
	target  *target.Target
	// do gets each look once it is complete.
	do func(ctx context.Context, p *storedPage) error
	// fault gets each record that fails its checks.
	fault func(error)

	waiting map[string]*storedPage
	queue   []*storedPage
	records int
	latest  map[string]latestPage
}

// latestPage is the latest whole page of an ad, and the last record of the chain that says that it was still so.
type latestPage struct {
	capture ad.Capture
	at      time.Time
	last    string
}

func (w *pageWalk) run(ctx context.Context) error {
	w.waiting, w.latest = map[string]*storedPage{}, map[string]latestPage{}
	for l, err := range w.archive.Walk(ctx, w.target.ID, evidence.Position{}) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			w.fault(err)
			continue
		}
		if err := w.record(ctx, l); err != nil {
			return err
		}
	}
	return w.flush(ctx, w.records+1)
}

func (w *pageWalk) record(ctx context.Context, l *evidence.Located) error {
	switch {
	case l.Type == evidence.Response || l.Type == evidence.Revisit:
		w.page(l)
	case l.Type != evidence.Metadata:
	case l.ContentType == crawler.CaptureType:
		for _, id := range append([]string{l.RefersTo}, l.ConcurrentTo...) {
			var c crawler.Context
			if p := w.waiting[id]; p != nil && json.Unmarshal(l.Block, &c) == nil {
				p.context, p.at = &c, c.At
			}
		}
	case l.ContentType == crawler.SightingType:
		var s ad.Sighting
		if err := json.Unmarshal(l.Block, &s); err != nil {
			w.fault(err)
			return nil
		}
		if p := w.waiting[l.RefersTo]; p != nil && s.Provenance.Reading == 0 {
			p.sighting, p.at = &s, s.SeenAt
			delete(w.waiting, l.RefersTo)
			if err := w.do(ctx, p); err != nil {
				return err
			}
		}
	}
	w.records++
	return w.flush(ctx, w.records-longestVisit)
}

// page takes up an answer that may be an ad's page.
func (w *pageWalk) page(l *evidence.Located) {
	u, err := url.Parse(l.TargetURI)
	if err != nil || !w.target.Inside(u) {
		return
	}
	id, ok := w.target.AdID(u)
	if !ok {
		return
	}
	p := &storedPage{number: w.records, capture: l.Capture(), whole: l.Capture(), wholeAt: l.Date, url: u, at: l.Date}
	latest := latestPage{p.capture, l.Date, l.ID}
	if l.Type == evidence.Revisit {
		before, ok := w.latest[id]
		if !ok || l.RefersTo != "" && l.RefersTo != before.last && l.RefersTo != before.capture.Record {
			before = latestPage{}
		}
		p.whole, p.wholeAt = before.capture, before.at
		latest = latestPage{before.capture, before.at, l.ID}
	} else if m, err := evidence.ParseHTTP(l.Block); err != nil || m.Status != http.StatusOK || l.Truncated != "" {
		return // redirects, errors and what broke off are no pages
	}
	if latest.capture.Record != "" {
		w.latest[id] = latest
	}
	w.waiting[l.ID] = p
	w.queue = append(w.queue, p)
}

// flush hands over the looks before a record that got no sighting.
func (w *pageWalk) flush(ctx context.Context, before int) error {
	for len(w.queue) > 0 && w.queue[0].number < before {
		p := w.queue[0]
		w.queue = w.queue[1:]
		if w.waiting[p.capture.Record] != p {
			continue
		}
		delete(w.waiting, p.capture.Record)
		if err := w.do(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// mostUnpacked bounds a page that is read again. The crawler takes no larger ones.
const mostUnpacked = 64 << 20

// errNoPage means that a record holds no page that can be read.
var errNoPage = errors.New("the record holds no page")

// openPage reads the page of a response record.
func openPage(rec *evidence.Record, u *url.URL, at time.Time) (*adapter.Page, error) {
	m, err := evidence.ParseHTTP(rec.Block)
	if err != nil {
		return nil, errors.Join(errNoPage, err)
	}
	body, err := evidence.Unpack(m.Header, m.Body, mostUnpacked)
	if err != nil {
		return nil, errors.Join(errNoPage, err)
	}
	return &adapter.Page{URL: u, ContentType: m.Header.Get("Content-Type"), Body: body, At: at}, nil
}

// fieldsHad are the fields of an ad page that a sighting has, by their names in a target.
func fieldsHad(s *ad.Sighting) map[string]bool {
	if s == nil {
		return map[string]bool{}
	}
	return map[string]bool{"title": s.Title != "", "text": s.Text != "", "phones": len(s.Phones) > 0, "contacts": len(s.Contacts) > 0,
		"location": s.Location != "", "posted_at": !s.PostedAt.IsZero(), "advertiser": s.Advertiser != "", "age": s.Age > 0,
		"price": len(s.Prices) > 0, "images": len(s.Images) > 0}
}
