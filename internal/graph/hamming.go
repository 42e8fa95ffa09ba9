package graph

import "math/bits"

// MaxRadius is the largest distance that Hamming finds exactly: two 64-bit hashes that differ in at most 7 bits agree in at
// least one of their 8 bytes.
const MaxRadius = 7

// Hamming finds 64-bit hashes within a radius of each other.
type Hamming struct {
	radius int
	all    []uint64
	bytes  [8][256][]int32
}

// NewHamming finds hashes that differ in at most radius bits, up to MaxRadius.
func NewHamming(radius int) *Hamming { return &Hamming{radius: min(radius, MaxRadius)} }

// Add takes a hash and returns its number, counted from 0, and the numbers of those before it within the radius.
func (h *Hamming) Add(hash uint64) (number int, near []int) {
	number = len(h.all)
	h.all = append(h.all, hash)
	for i := range h.bytes {
		b := byte(hash >> (8 * i))
		for _, other := range h.bytes[i][b] {
			if d := h.all[other] ^ hash; bits.OnesCount64(d) <= h.radius && firstEqualByte(d) == i {
				near = append(near, int(other))
			}
		}
		h.bytes[i][b] = append(h.bytes[i][b], int32(number))
	}
	return number, near
}

// firstEqualByte makes sure that a pair is found once although it may agree in several bytes.
func firstEqualByte(difference uint64) int {
	for i := range 8 {
		if byte(difference>>(8*i)) == 0 {
			return i
		}
	}
	return 8
}
