package crawler

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"time"

	"varde/crawler/adapter"
	"varde/internal/ad"
	"varde/internal/frontier"
	"varde/internal/target"
	"varde/internal/text"
)

// mostText bounds an ad's text in bytes. No ad that people read is longer, and a page can have megabytes of it.
const mostText = 250_000

// Reasons why a page is not made a sighting, beside adapter.ErrNoAd.
var (
	// ErrNotAdPage: by its address the page is no ad's.
	ErrNotAdPage = errors.New("the address is not that of an ad")
	// ErrCategory: the ad is of a category that the target does not allow.
	ErrCategory = errors.New("the ad is of a category that the target does not allow")
)

// BarrierError says that there is a barrier where the ad would be: a log-in, a CAPTCHA, a question for consent, or a block of robots.
type BarrierError struct{ Outcome frontier.Outcome }

// Error names the barrier.
func (e *BarrierError) Error() string { return "there is no ad but a barrier: " + string(e.Outcome) }

// Make reads an ad from a page that is there already: fetched, saved, or from the evidence. It asks for nothing. The sighting is as the
// page was seen at an instant, without pictures and captures, and valid; a *ad.FieldError says why it is not, a *BarrierError that a wall stands
// there. The reading tells what was found where, also where there is no ad.
func Make(p *adapter.Page, t *target.Target, source string, seen time.Time) (ad.Sighting, adapter.Reading, error) {
	id, ok := t.AdID(p.URL)
	if !ok {
		return ad.Sighting{}, adapter.Reading{}, ErrNotAdPage
	}
	r, err := adapter.Read(p, t)
	if r.Gone {
		return ad.Sighting{}, r, err
	}
	if err != nil || !specific(r) {
		if b := adapter.Barrier(p); b != "" {
			return ad.Sighting{}, r, &BarrierError{b}
		}
	}
	if err != nil {
		return ad.Sighting{}, r, err
	}
	s := r.Ad
	sum := sha256.Sum256(p.Body)
	s.Site, s.AdID, s.URL, s.SeenAt, s.Country = t.Site, id, p.URL.String(), seen.UTC(), t.Country
	s.Provenance = ad.Provenance{Source: source, Target: t.ID, TargetVersion: t.Version, Authorisation: t.Authorisation, Adapter: r.Shape,
		PageSHA256: hex.EncodeToString(sum[:]), Region: t.Country, Problems: r.Problems}
	if len(s.Text) > mostText {
		s.Text = text.Cut(s.Text, mostText)
		s.Provenance.Problems = append(s.Provenance.Problems, "the text was cut to "+strconv.Itoa(mostText)+" bytes")
	}
	if s.Category == "" {
		s.Category = t.Categories[0]
	}
	if !slices.Contains(t.Categories, s.Category) {
		return s, r, ErrCategory
	}
	return s, r, s.Validate(seen)
}

// specific says whether a page gave more than any page has. A wall has a heading, words and perhaps pictures too, and wide selectors take them
// for an ad's; a price or a phone it has not.
func specific(r adapter.Reading) bool {
	return slices.ContainsFunc(r.Fields, func(f adapter.FieldReading) bool {
		return len(f.Values) > 0 && f.Problem == "" && !slices.Contains([]string{"title", "text", "images", "category", "gone"}, f.Name)
	})
}
