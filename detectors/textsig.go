package detectors

import (
	"context"

	"varde/internal/ad"
	"varde/internal/neartext"
)

// textSignature signs the ad's text, so that linking can find near-duplicates. Ads too short to be told apart get none.
type textSignature struct{}

func newTextSignature(*Config) (Detector, error) { return textSignature{}, nil }

func (textSignature) Name() string    { return "text" }
func (textSignature) Codes() []string { return nil }

func (textSignature) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	if sig, ok := neartext.Sign(s.Text); ok {
		r.Identifiers = []ad.Identifier{{Kind: ad.TextSig, Value: sig.Hash, Signature: sig.Values, Evidence: []ad.Evidence{{Field: ad.FieldText}}}}
	}
	return r, nil
}
