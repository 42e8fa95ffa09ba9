package network

import (
	"math/bits"
	"strconv"

	"varde/internal/ad"
	"varde/internal/graph"
	"varde/internal/picture"
)

// shown is a picture of an ad's latest version, with its number there.
type shown struct {
	value string
	image int
}

// picturesOf are the pictures of a finding, in their order.
func picturesOf(f *ad.Finding) (list []shown) {
	for _, id := range f.Identifiers {
		if id.Kind == ad.PHash && len(id.Evidence) > 0 {
			list = append(list, shown{id.Value, id.Evidence[0].Image})
		}
	}
	return list
}

// comparison is how two pictures differ.
type comparison struct {
	picture.Likeness
	plain bool
}

// likeness finds the pictures that are one: those whose perceptual hashes are near, and altered copies by what stands out in them.
type likeness struct {
	near   *graph.Hamming
	copies picture.Index
	// of is the number among all pictures of each that has a fingerprint; hashes and prints are those of all, nil where there is none.
	of     []int
	hashes []uint64
	prints []*picture.Fingerprint
	// compared remembers how two pictures differ, by their numbers.
	compared map[[2]int]comparison
	distance int
}

func newLikeness(distance int) *likeness {
	return &likeness{near: graph.NewHamming(distance), compared: map[[2]int]comparison{}, distance: distance}
}

// nearby says whether the perceptual hashes of two pictures are.
func (l *likeness) nearby(m, n int) bool {
	return bits.OnesCount64(l.hashes[m]^l.hashes[n]) <= l.distance
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
		g.pictures.hashes, g.pictures.prints = append(g.pictures.hashes, hash), append(g.pictures.prints, nil)
		print, err := picture.FromSignature(in.Signature)
		if err != nil {
			return alike
		}
		g.pictures.prints[number] = print
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
