package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"varde/crawler/adapter"
	"varde/crawler/fetch"
	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/target"
	"varde/internal/text"
)

// visit is one try to read a page.
type visit struct {
	*worker
	frontier.Visit
	// was is the page as it was before.
	was frontier.Page
	// earlier is the ad's latest recorded sighting, where known.
	earlier ad.Sighting
	before  bool
	// news says that the visit changed until when the site is left alone.
	news bool
	// sighting is what the visit made, to be published; page is the evidence of its page.
	sighting *ad.Sighting
	page     ad.Capture
}

// visit asks for a page and makes of it what can be made. Its error says that the work cannot go on: the target may not be crawled any
// longer, or nothing can be recorded. What it made is published and recorded by settle, while the next page is asked for.
func (w *worker) visit(ctx context.Context, p frontier.Page) (*visit, error) {
	v := &visit{worker: w, was: p, Visit: frontier.Visit{Page: p, Version: w.target.Version, At: w.cfg.Now(), Most: w.target.MaxPages}}
	u, err := url.Parse(p.URL)
	if err != nil || !w.target.Inside(u) { // it was, under an earlier version of the target
		v.Page.Due = time.Time{}
		v.ended(frontier.Outside, p.URL, "")
		return v, nil
	}
	req := fetch.Request{URL: u, Kind: fetch.Page}
	s := &sink{}
	if p.Kind == frontier.Ad && p.Visits > 0 {
		if v.earlier, v.before, err = w.cfg.Ads.Latest(ctx, ad.MakeKey(w.target.Site, p.Name)); err != nil {
			return v, fmt.Errorf("look up ad %s: %w", p.Name, err)
		}
	}
	current := v.current()
	if current {
		s.earlier(&v.earlier)
	}
	if p.Kind == frontier.List && p.Visits > 0 || current {
		req.ETag, req.LastModified = p.ETag, p.LastModified
	}
	res, err := w.fetcher.Get(context.WithValue(ctx, sinkKey{}, s), req)
	if err != nil {
		return v, v.failed(ctx, err)
	}
	return v, v.answered(ctx, res)
}

// current says whether the record has what the page said last to this target, read as it would be read now: only then does "unchanged" say
// what there is. The record comes after the frontier, and an import, or another target for the same site, may have come between.
func (v *visit) current() bool {
	e := &v.earlier.Provenance
	return v.before && len(e.Captures) > 0 && e.Source == "crawl" && e.Reading == 0 && e.Target == v.target.ID &&
		e.TargetVersion == v.target.Version && e.PageSHA256 == v.was.SHA256
}

// ended notes what came of the page.
func (v *visit) ended(o frontier.Outcome, example, detail string) {
	v.Page.Outcome = o
	v.count(o, 1, example, detail)
}

// count adds to the visit's counts.
func (v *visit) count(o frontier.Outcome, n int, example, detail string) {
	for i := range v.Counts {
		if c := &v.Counts[i]; c.Outcome == o {
			c.N += n
			return
		}
	}
	v.Counts = append(v.Counts, frontier.Count{Outcome: o, N: n, Example: example, Detail: detail})
}

// failed makes of an error what is recorded of the page, and returns it where it is no matter of the page.
func (v *visit) failed(ctx context.Context, err error) error {
	v.At = v.cfg.Now() // after the wait for the site's pace
	var no *target.Denial
	var r *fetch.Refusal
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &no), !errors.As(err, &r):
		return err
	}
	if r.Outcome == frontier.Gone {
		v.gone(r.Err.Error())
		return nil
	}
	v.refused(r)
	return nil
}

// refused notes what kept us from the page, and leaves the site alone for as long as it asked.
func (v *visit) refused(r *fetch.Refusal) {
	v.ended(r.Outcome, v.Page.URL, detail(r.Err))
	v.Page.Failures++
	v.Page.Due = frontier.Retry(v.Page.Failures, v.most(), v.At)
	again := r.Again
	if r.Outcome == frontier.Busy {
		again = max(again, leastRest)
	}
	if again > 0 {
		v.news = v.mood.wait(again, v.At)
		v.Page.Due = v.At.Add(again)
	}
}

// leastRest is how long a site that says it is busy, and not for how long, is left alone.
const leastRest = 10 * time.Second

// most is the longest time between two visits of the page.
func (v *visit) most() time.Duration {
	if v.Page.Kind == frontier.List {
		return v.target.Every
	}
	return v.target.Revisit.Most
}

// mostDetail bounds what is said of a case.
const mostDetail = 200

func detail(err error) string { return text.Cut(err.Error(), mostDetail) }

// gone notes that a page is no longer there, and its ad if it ever was.
func (v *visit) gone(why string) {
	v.ended(frontier.Gone, v.Page.URL, text.Cut(why, mostDetail))
	v.forget()
	if v.Page.Gone.IsZero() { // failures before were of another kind
		v.Page.Gone, v.Page.Failures = v.At, 0
	}
	v.Page.Failures++
	v.Page.Due = frontier.GoneNext(v.Page.Failures, v.most(), v.At)
	if v.Page.Kind == frontier.Ad && v.Page.Visits > 0 {
		v.Ad, v.Gone = ad.MakeKey(v.target.Site, v.Page.Name), v.Page.Gone
	}
	if v.Page.Kind == frontier.List {
		v.Page.Due = v.At.Add(v.target.Every)
	}
}

// forget drops the site's validators: the page is to be sent whole the next time, whatever it says then.
func (v *visit) forget() { v.Page.ETag, v.Page.LastModified, v.Page.SHA256 = "", "", "" }

// answered takes an answer that is a page, or that says that the page is as it was.
func (v *visit) answered(ctx context.Context, res *fetch.Response) error {
	v.At = v.cfg.Now().UTC()
	if res.NotModified {
		v.alive()
		v.unmodified(res)
		return nil
	}
	v.Page.ETag, v.Page.LastModified = res.Header.Get("ETag"), res.Header.Get("Last-Modified")
	page := &adapter.Page{URL: res.URL, ContentType: res.Header.Get("Content-Type"), Body: res.Body, At: v.At}
	if v.Page.Kind == frontier.Ad {
		return v.ad(ctx, page, res)
	}
	sum := sha256.Sum256(res.Body)
	hash := hex.EncodeToString(sum[:])
	same := hash == v.Page.SHA256
	v.Page.SHA256 = hash
	v.list(page, same)
	return nil
}

// alive notes that the page is there and answered as what it is.
func (v *visit) alive() {
	v.Page.Visits++
	v.Page.Failures, v.Page.Gone, v.Page.Read = 0, time.Time{}, v.At
}

func (v *visit) unmodified(res *fetch.Response) {
	if v.Page.Kind == frontier.List {
		v.ended(frontier.Unchanged, v.Page.URL, "")
		v.listAgain(true, v.Page.Every > 0)
		return
	}
	s := v.earlier
	s.SeenAt = v.At
	s.Provenance.Captures, s.Provenance.Authorisation = keepPictures(s.Provenance.Captures, res.Capture), v.target.Authorisation
	v.sighting, v.page = &s, res.Capture
}

// keepPictures replaces the capture of the page by the one that says that it is unchanged.
func keepPictures(captures []ad.Capture, page ad.Capture) []ad.Capture {
	out := []ad.Capture{page}
	for _, c := range captures {
		if c.Image > 0 {
			out = append(out, c)
		}
	}
	return out
}

// ad makes a sighting of an ad page.
func (v *visit) ad(ctx context.Context, page *adapter.Page, res *fetch.Response) error {
	if id, ok := v.target.AdID(page.URL); !ok || id != v.Page.Name {
		v.elsewhere(page, id, ok)
		return nil
	}
	s, r, err := Make(page, v.target, "crawl", v.At)
	if r.FellBack {
		v.count(frontier.FallenBack, 1, v.Page.URL, "")
	}
	var wall *BarrierError
	switch {
	case errors.As(err, &wall):
		v.barrier(wall.Outcome)
		return nil
	case r.Gone:
		v.gone("the page says that the ad is no longer there")
		return nil
	}
	v.Visit.Fields = coverage(v.target, r)
	v.alive()
	switch {
	case errors.Is(err, adapter.ErrNoAd): // a layout that the target does not know
		v.unusable(frontier.NoAd, "")
		return nil
	case errors.Is(err, ErrCategory):
		v.unusable(frontier.NotCategory, string(s.Category))
		return nil
	case err != nil:
		v.unusable(frontier.NotValid, detail(err))
		return nil
	}
	v.Page.SHA256, s.Provenance.Captures = s.Provenance.PageSHA256, []ad.Capture{res.Capture}
	if v.target.Pictures != "none" {
		var busy *fetch.Refusal
		if err := v.pictures(ctx, &s); errors.As(err, &busy) && busy.Outcome == frontier.Busy {
			v.Visit.Fields = nil // the page is read again as a whole
			v.forget()
			v.refused(busy)
			return nil
		} else if err != nil {
			return err
		}
	}
	Shorten(v.target, s.Images)
	if err := ctx.Err(); err != nil {
		return err // a sighting without its pictures would be another version of the ad
	}
	v.sighting, v.page = &s, res.Capture
	return nil
}

// elsewhere: the page led to another, which is another ad, or none.
func (v *visit) elsewhere(page *adapter.Page, id string, isAd bool) {
	if isAd {
		v.alive()
		v.Links = append(v.Links, frontier.Link{Kind: frontier.Ad, Name: id, URL: page.URL.String(), Depth: v.Page.Depth + 1})
		v.unusable(frontier.Moved, "")
		return
	}
	if b := adapter.Barrier(page); b != "" {
		v.barrier(b)
		return
	}
	v.gone("it leads to a page that is no ad")
}

func (v *visit) barrier(o frontier.Outcome) {
	v.ended(o, v.Page.URL, "")
	v.forget()
	v.Page.Failures++
	v.Page.Due = frontier.Retry(v.Page.Failures, v.most(), v.At)
}

// unusable notes what came of a page that answered and gave no sighting. It is read again as pages are.
func (v *visit) unusable(o frontier.Outcome, why string) {
	v.ended(o, v.Page.URL, why)
	v.forget() // a mended adapter must get the page again
	v.Page.Due, v.Page.Every = frontier.Next(v.Page.Every, false, v.target.Revisit.Least, v.target.Revisit.Most, v.At)
}

// coverage says which of the fields that a target reads were there. Those that many ads lack are not counted.
func coverage(t *target.Target, r adapter.Reading) map[string]bool {
	fields := map[string]bool{}
	for _, f := range r.Fields {
		if !f.Optional && f.Name != "gone" {
			fields[f.Name] = len(f.Values) > 0 && f.Problem == ""
		}
	}
	for name, f := range t.Adapter.Fields { // a page that cannot be read at all has none of them
		if _, told := fields[name]; !told && !f.Optional && name != "gone" {
			fields[name] = false
		}
	}
	return fields
}

// publish proves the sighting, hands it over, and says when the page is due again.
func (v *visit) publish(ctx context.Context) error {
	s := v.sighting
	if err := s.Validate(v.At); err != nil {
		v.unusable(frontier.NotValid, detail(err))
		return nil
	}
	if err := v.prove(ctx, s, v.page); err != nil {
		return err
	}
	if err := v.cfg.Publisher.Publish(ctx, *s); errors.Is(err, fault.ErrPermanent) { // this ad, and not the next
		v.unusable(frontier.NotValid, "the stream does not take it")
		return nil
	} else if err != nil {
		return fmt.Errorf("publish %s: %w", s.Key(), err)
	}
	o := frontier.AdRead
	changed := v.before && v.earlier.Version() != s.Version()
	switch {
	case changed:
		v.Page.Changes++
		v.Page.Changed = v.At
	case v.before:
		o = frontier.Unchanged
	}
	v.ended(o, v.Page.URL, "")
	v.Page.Due, v.Page.Every = frontier.Next(v.Page.Every, changed, v.target.Revisit.Least, v.target.Revisit.Most, v.At)
	return nil
}

// settle publishes what the visit made and records what came of it. Its error ends the work on the target.
func (v *visit) settle(ctx context.Context) error {
	if v.sighting != nil {
		if err := v.publish(ctx); err != nil {
			v.giveBack(ctx, v.was)
			return err
		}
	}
	if heard := v.mood.hear(v.Page.Outcome, v.cfg.Now(), v.log); heard || v.news {
		until, rests := v.mood.resting()
		if err := v.cfg.Frontier.Rest(ctx, v.target.ID, until, rests); err != nil {
			v.log.Warn("a restart would forget that the site is left alone", "error", err)
		}
	}
	v.busy.Delete(pageKey(v.was)) // before it is recorded: then it can be due and leased again
	if err := v.finish.Do(ctx, v.Visit); errors.Is(err, fault.ErrPermanent) {
		v.log.Error("what came of a page cannot be recorded", "error", err)
	} else if err != nil {
		v.giveBack(ctx, v.was)
		return fmt.Errorf("record what came of a page: %w", err)
	}
	return nil
}
