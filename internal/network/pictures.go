package network

import (
	"strconv"

	"varde/internal/ad"
	"varde/internal/graph"
	"varde/internal/picture"
)

// likeness finds the pictures that are one: those whose perceptual hashes are near, and altered copies by what stands out in them.
type likeness struct {
	near   *graph.Hamming
	copies picture.Index
	// of is the number among all pictures of each that has a fingerprint.
	of []int
}

// hashDigits is how long the perceptual hash at the start of a picture's value is.
const hashDigits = 16

// ensurePicture makes the link of a picture and returns the ads of the groups that it joined. A fingerprint that cannot be read is as good as
// none: the hash alone still tells.
func (l *Linker) ensurePicture(in ad.Identifier) (joined []ad.Key, ok bool) {
	if len(in.Value) < hashDigits {
		return nil, false
	}
	hash, err := strconv.ParseUint(in.Value[:hashDigits], 16, 64)
	if err != nil {
		return nil, false
	}
	g := l.pictures
	return g.ensure(in.Value, func() []int {
		number, alike := g.pictures.near.Add(hash)
		print, err := picture.FromSignature(in.Signature)
		if err != nil {
			return alike
		}
		known := map[int]bool{}
		for _, n := range alike {
			known[g.root(n)] = true
		}
		g.pictures.copies.Find(print, func(n int) bool { return known[g.root(g.pictures.of[n])] }, func(n int) {
			known[g.root(g.pictures.of[n])] = true
			alike = append(alike, g.pictures.of[n])
		})
		g.pictures.copies.Add(print)
		g.pictures.of = append(g.pictures.of, number)
		return alike
	}), true
}
