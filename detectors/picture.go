package detectors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"varde/internal/ad"
	"varde/internal/picture"
)

// pictureDetector makes identifiers of the pictures' perceptual hashes and of the fingerprints by which altered copies are found. Flat pictures
// (blank, one colour) all hash alike and identify nothing.
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
		// Pictures with one hash and different fingerprints are two identifiers, so that neither hides the other's copies.
		if print, err := picture.ParseFingerprint(p.Features); err == nil {
			sum := sha256.Sum256([]byte(p.Features))
			id.Value += "-" + hex.EncodeToString(sum[:6])
			id.Signature = print.Signature()
		}
		r.Identifiers = merge(r.Identifiers, []ad.Identifier{id})
	}
	return r, nil
}
