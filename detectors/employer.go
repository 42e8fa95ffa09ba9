package detectors

import (
	"cmp"
	"context"

	"varde/internal/ad"
	"varde/internal/extract"
)

// employerDetector asks of a job ad whether its employer can be found again. J10 is an ad that names no other way of contact than a
// messenger or a mail address that anybody can have.
type employerDetector struct{ region string }

func newEmployer(cfg *Config) (Detector, error) { return employerDetector{cfg.Region}, nil }

func (employerDetector) Name() string    { return "employer" }
func (employerDetector) Codes() []string { return []string{"J10"} }

func (d employerDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	if s.Category != ad.Job {
		return r, nil
	}
	if on := onlyPrivate(channels(s, cmp.Or(s.Provenance.Region, s.Country, d.region))); len(on) > 0 {
		r.Indicators = append(r.Indicators, ad.Indicator{Code: "J10", Confidence: 0.8, Evidence: on})
	}
	return r, nil
}

// channel is a way to reach the employer, with where the ad names it.
type channel struct {
	extract.Contact
	on ad.Evidence
}

// channels are all ways to reach the employer that are no phone in a field of its own.
func channels(s *Input, region string) (out []channel) {
	for i, in := range s.Contacts {
		for _, c := range contactField(in, region) {
			e := span(ad.FieldContacts, in, c.Start, c.End)
			e.Index = i
			out = append(out, channel{c, e})
		}
	}
	for _, f := range s.fields() {
		for _, c := range extract.Contacts(f.Doc, region) {
			out = append(out, channel{c, span(f.Field, f.Source, c.Start, c.End)})
		}
	}
	return out
}

// onlyPrivate is the evidence that every way to reach the employer is a messenger or a mail address that anybody can have; none where
// there is another. What a mask hides may be the employer's own.
func onlyPrivate(all []channel) (on []ad.Evidence) {
	for _, c := range all {
		switch {
		case c.Kind == ad.Payment:
		case c.Kind == ad.Link, c.Service == "masked", c.Kind == ad.Email && !extract.FreeMail(c.Host):
			return nil
		default:
			on = append(on, c.on)
		}
	}
	return on
}
