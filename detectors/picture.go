package detectors

import (
	"context"

	"varde/internal/ad"
)

// pictureDetector makes identifiers of the pictures' perceptual hashes. Flat pictures (blank, one colour) all hash alike and
// identify nothing.
type pictureDetector struct{}

func newPicture(*Config) (Detector, error) { return pictureDetector{}, nil }

func (pictureDetector) Name() string    { return "picture" }
func (pictureDetector) Codes() []string { return nil }

func (pictureDetector) Detect(_ context.Context, s *Input) (r Reading, _ error) {
	for _, p := range s.Pictures {
		if p.Flat || p.PHash == "" {
			continue
		}
		id := ad.Identifier{Kind: ad.PHash, Value: p.PHash, Evidence: []ad.Evidence{{Field: ad.FieldImages, Image: p.Image}}}
		r.Identifiers = merge(r.Identifiers, []ad.Identifier{id})
	}
	return r, nil
}
