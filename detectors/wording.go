package detectors

import (
	"context"

	"varde/internal/ad"
	"varde/internal/lexicon"
	"varde/internal/text"
)

// wordingDetector finds phrases of configs/lexicons. Every lexicon reads every ad, whatever its language, so that an ad scores the
// same in each.
type wordingDetector struct{ set *lexicon.Set }

func newWording(cfg *Config) (Detector, error) {
	set, err := lexicon.Load(cfg.Files)
	if err != nil {
		return nil, err
	}
	return wordingDetector{set}, nil
}

func (wordingDetector) Name() string      { return "wording" }
func (d wordingDetector) Codes() []string { return d.set.Codes() }

func (d wordingDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	fields := s.fields()
	views := []*text.Folded{lexicon.Reads(fields[0].Doc), lexicon.Reads(fields[1].Doc)}
	for _, f := range d.set.Find(s.Category, views) {
		in := ad.Indicator{Code: f.Code, Confidence: f.Confidence}
		for _, p := range f.On {
			from, to := views[p.Field].Span(p.Start, p.End)
			e := span(fields[p.Field].Field, fields[p.Field].Source, from, to)
			if aboutChild[f.Code] {
				e = s.around(e)
			}
			in.Evidence = append(in.Evidence, e)
		}
		r.Indicators = append(r.Indicators, in)
	}
	return r, nil
}
