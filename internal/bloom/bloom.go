// Package bloom tells what is surely not in a set, by 64-bit hashes: a Bloom filter in which the bits of one hash lie in one cache line
// (Putze, Sanders and Singler, Cache-, Hash- and Space-Efficient Bloom Filters, 2007). Of hashes that were never put, about one in a hundred may be there.
package bloom

import "math/bits"

const (
	// bitsEach bits are spent on a hash, of which bitsSet are set.
	bitsEach = 10
	bitsSet  = 6
	lineBits = 512
)

// Filter is made for a number of hashes. It may be copied as it is: its lines are all that there is.
type Filter struct{ Lines [][8]uint64 }

// New is an empty filter for n hashes, in 1.25 bytes each.
func New(n int) Filter { return Filter{make([][8]uint64, n*bitsEach/lineBits+1)} }

// Put puts a hash in.
func (f Filter) Put(hash uint64) {
	line, at := f.place(hash)
	for range bitsSet {
		line[at%lineBits/64] |= 1 << (at % 64)
		at >>= 9
	}
}

// Has says whether a hash may be there.
func (f Filter) Has(hash uint64) bool {
	line, at := f.place(hash)
	for range bitsSet {
		if line[at%lineBits/64]&(1<<(at%64)) == 0 {
			return false
		}
		at >>= 9
	}
	return true
}

// place is the line of a hash, and the places of its bits in it, nine bits each.
func (f Filter) place(hash uint64) (line *[8]uint64, at uint64) {
	n, at := bits.Mul64(hash, uint64(len(f.Lines)))
	return &f.Lines[n], at * 0x9e3779b97f4a7c15 >> 8
}

// Growing is a filter for any number of hashes, in parts of which each is made for growth times as many as the one before. The empty one is
// ready to use.
type Growing struct {
	parts []Filter
	// left is how many more the last part takes.
	left, last int
}

const (
	firstPart = 1 << 12
	growth    = 4
)

// Put puts a hash in.
func (g *Growing) Put(hash uint64) {
	if g.Has(hash) {
		return
	}
	if g.left == 0 {
		g.last = max(growth*g.last, firstPart)
		g.left = g.last
		g.parts = append(g.parts, New(g.last))
	}
	g.left--
	g.parts[len(g.parts)-1].Put(hash)
}

// Has says whether a hash may be there.
func (g *Growing) Has(hash uint64) bool {
	for i := len(g.parts) - 1; i >= 0; i-- { // most are in the last
		if g.parts[i].Has(hash) {
			return true
		}
	}
	return false
}
