package main

import (
	"context"
	"time"

	"varde/internal/ad"
	"varde/internal/config"
	"varde/internal/network"
)

// benchLinker is the linker as it is measured.
type benchLinker interface {
	Link(ctx context.Context, findings []ad.Finding, now time.Time) (ad.Update, error)
}

// openLinker makes the linker ready that `varde bench` and `varde eval --simulated` measure, with its state in dir, or in memory where dir is
// empty.
func openLinker(l config.Linking, dir string, scorer network.Scorer) (benchLinker, error) {
	_ = dir // today's linker keeps nothing on disk
	return network.New(network.Config{HubAds: l.HubAds, HubPhones: l.HubPhones, TextSimilarity: l.TextSimilarity, PictureDistance: l.PictureDistance}, scorer)
}

// saved tells a linker that keeps state that the record committed what it linked.
func saved(l benchLinker, seq int64) error {
	if s, ok := l.(interface{ Saved(seq int64) error }); ok {
		return s.Saved(seq)
	}
	return nil
}

// closed closes a linker that keeps state.
func closed(l benchLinker) error {
	if c, ok := l.(interface{ Close() error }); ok {
		return c.Close()
	}
	return nil
}
