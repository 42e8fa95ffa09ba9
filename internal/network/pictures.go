package network

import (
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

// nearby says whether two pictures are one by their perceptual hashes.
func (l *likeness) nearby(m, n int) bool {
	return picture.Near(l.hashes[m], l.hashes[n], l.prints[m], l.prints[n], l.distance)
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
	print, err := picture.FromSignature(in.Signature)
	if err != nil {
		print = nil
	}
	g := l.pictures
	return g.ensure(in.Value, func() []int { return g.pictures.add(hash, print, g.root) }), true
}

// add takes a picture and returns the numbers of those before that are one with it: of each group one at least.
func (l *likeness) add(hash uint64, print *picture.Fingerprint, root func(n int) int) (alike []int) {
	number, near := l.near.Add(hash)
	l.hashes, l.prints = append(l.hashes, hash), append(l.prints, print)
	known := map[int]bool{}
	for _, n := range near {
		if !known[root(n)] && l.nearby(number, n) {
			known[root(n)] = true
			alike = append(alike, n)
		}
	}
	if print == nil {
		return alike
	}
	l.copies.Find(print, func(n int) bool { return known[root(l.of[n])] }, func(n int) {
		known[root(l.of[n])] = true
		alike = append(alike, l.of[n])
	})
	l.copies.Add(print)
	l.of = append(l.of, number)
	return alike
}
