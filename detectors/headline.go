package detectors

import (
	"context"

	"varde/internal/ad"
)

// headlineDetector tells job ads whose title says what they pay (J28): a position is named by its work.
type headlineDetector struct{}

func newHeadline(*Config) (Detector, error) { return headlineDetector{}, nil }

func (headlineDetector) Name() string    { return "headline" }
func (headlineDetector) Codes() []string { return []string{"J28"} }

func (headlineDetector) Detect(_ context.Context, in *Input) (r Reading, _ error) {
	if in.Category != ad.Job {
		return r, nil
	}
	var on []ad.Evidence
	for _, v := range in.Values {
		if v.Kind == ad.PriceValue && v.Evidence.Field == ad.FieldTitle {
			on = append(on, v.Evidence)
		}
	}
	if len(on) > 0 {
		r.Indicators = append(r.Indicators, ad.Indicator{Code: "J28", Confidence: 1, Evidence: on})
	}
	return r, nil
}
