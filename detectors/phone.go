package detectors

import (
	"cmp"
	"context"

	"varde/internal/ad"
	"varde/internal/phone"
	"varde/internal/text"
)

// phoneDetector finds phone numbers in title, text and the phones field. S01 is a number written so that a search misses it
// (JRSA/NIJ 2022-24).
type phoneDetector struct{ region string }

func newPhone(cfg *Config) (Detector, error) { return phoneDetector{cfg.Region}, nil }

func (phoneDetector) Name() string    { return "phone" }
func (phoneDetector) Codes() []string { return []string{"S01"} }

func (d phoneDetector) Detect(_ context.Context, s *Input) (Reading, error) {
	region := cmp.Or(s.Provenance.Region, s.Country, d.region)
	var r Reading
	var obscured []ad.Evidence
	found := func(e164 string, hidden bool, on ...ad.Evidence) {
		r.Identifiers = merge(r.Identifiers, []ad.Identifier{{Kind: ad.Phone, Value: e164, Evidence: on}})
		if hidden {
			obscured = append(obscured, on...)
		}
	}
	for i, p := range s.Phones {
		if e164, ok := phone.Parse(p, region); ok {
			e := span(ad.FieldPhones, p, 0, len(p))
			e.Index = i
			found(e164, false, e)
			continue
		}
		for _, m := range phone.Find(text.Read(p), region) {
			e := span(ad.FieldPhones, p, m.Start, m.End)
			e.Index = i
			found(m.E164, m.Spelled, e) // what stands between the digits of a field is the site's way of showing them
		}
	}
	titled, written := phone.Find(s.Title, region), phone.Find(s.Text, region)
	for _, m := range titled {
		found(m.E164, m.Obscured, span(ad.FieldTitle, s.Title.Source, m.Start, m.End))
	}
	for _, m := range written {
		found(m.E164, m.Obscured, span(ad.FieldText, s.Text.Source, m.Start, m.End))
	}
	if h, ok := phone.Split(s.Title, s.Text, region); ok && !overlaps(titled, h.TitleStart, h.TitleEnd) && !overlaps(written, h.TextStart, h.TextEnd) {
		found(h.E164, true, span(ad.FieldTitle, s.Title.Source, h.TitleStart, h.TitleEnd), span(ad.FieldText, s.Text.Source, h.TextStart, h.TextEnd))
	}
	if len(obscured) > 0 && isSexual(s) {
		r.Indicators = append(r.Indicators, ad.Indicator{Code: "S01", Confidence: 1, Evidence: obscured})
	}
	return r, nil
}

// overlaps says that a number that stands whole has some of the bytes.
func overlaps(matches []phone.Match, start, end int) bool {
	for _, m := range matches {
		if m.Start < end && start < m.End {
			return true
		}
	}
	return false
}
