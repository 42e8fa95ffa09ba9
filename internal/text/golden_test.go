package text_test

import (
	"slices"
	"testing"

	"varde/internal/text"
)

// TestSignaturesNeverChange guards what is stored: a changed hash function would make every recorded text a stranger.
func TestSignaturesNeverChange(t *testing.T) {
	sig, _ := text.Sign(text.Read(story))
	if want := []uint32{106005887, 69723130, 163193107}; !slices.Equal(sig.Values[:3], want) {
		t.Errorf("signature begins %v, want %v", sig.Values[:3], want)
	}
	if want := "43250573d7792bc009842332"; sig.Hash != want {
		t.Errorf("hash %s, want %s", sig.Hash, want)
	}
}
