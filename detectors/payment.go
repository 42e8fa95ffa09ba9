package detectors

import (
	"cmp"
	"context"

	"varde/internal/ad"
	"varde/internal/extract"
	"varde/internal/text"
)

// paymentDetector finds accounts that money is asked to.
type paymentDetector struct{ region string }

func newPayment(cfg *Config) (Detector, error) { return paymentDetector{cfg.Region}, nil }

func (paymentDetector) Name() string    { return "payment" }
func (paymentDetector) Codes() []string { return nil }

func (d paymentDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	region := cmp.Or(s.Provenance.Region, s.Country, d.region)
	add := func(p extract.Payment, e ad.Evidence) {
		r.Identifiers = merge(r.Identifiers, []ad.Identifier{{Kind: ad.Payment, Value: p.Value, Evidence: []ad.Evidence{e}}})
	}
	for i, in := range s.Contacts {
		for _, p := range extract.Payments(text.Read(in), region) {
			e := span(ad.FieldContacts, in, p.Start, p.End)
			e.Index = i
			add(p, e)
		}
	}
	for _, f := range s.fields() {
		for _, p := range extract.Payments(f.Doc, region) {
			add(p, span(f.Field, f.Source, p.Start, p.End))
		}
	}
	return r, nil
}
