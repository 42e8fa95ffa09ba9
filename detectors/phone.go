package detectors

import (
	"cmp"
	"context"

	"varde/internal/ad"
	"varde/internal/phone"
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
	found := func(field ad.Field, index int, in string, m phone.Match) {
		e := span(field, in, m.Start, m.End)
		e.Index = index
		r.Identifiers = merge(r.Identifiers, []ad.Identifier{{Kind: ad.Phone, Value: m.E164, Evidence: []ad.Evidence{e}}})
		if m.Obscured {
			obscured = append(obscured, e)
		}
	}
	for i, p := range s.Phones {
		if e164, ok := phone.Parse(p, region); ok {
			found(ad.FieldPhones, i, p, phone.Match{E164: e164, End: len(p)})
			continue
		}
		for _, m := range phone.Find(p, region) {
			found(ad.FieldPhones, i, p, m)
		}
	}
	for _, f := range s.fields() {
		for _, m := range phone.Find(f.Source, region) {
			found(f.Field, 0, f.Source, m)
		}
	}
	if len(obscured) > 0 && isSexual(s) {
		r.Indicators = append(r.Indicators, ad.Indicator{Code: "S01", Confidence: 1, Evidence: obscured})
	}
	return r, nil
}
