package graph

import "math/bits"

// MaxRadius is the largest distance that Hamming finds. Beyond it, more of all hashes would be looked at than is worth an index.
const MaxRadius = 11

// parts is into how many pieces of partBits a hash is cut.
const (
	parts    = 4
	partBits = 64 / parts
)

// Hamming finds 64-bit hashes within a radius of each other, exactly, by multi-index hashing (Norouzi, Punjani & Fleet, CVPR 2012): two
// hashes that differ in at most r bits are near in at least one of their parts, where the reaches of the parts, each counted one up, add up to
// r+1. A bucket holds its hashes side by side, so that looking through it costs little more than reading it.
type Hamming struct {
	radius int
	count  int
	parts  [parts]part
}

// part is the index by one part of the hashes.
type part struct {
	// reach is how many bits of this part may differ, -1 where the other parts are enough.
	reach int
	// flips are all changes of up to reach bits.
	flips []uint16
	// pages of buckets are made when they are first used.
	pages [256]*[256]bucket
}

// bucket holds the hashes that have one value in a part, with their numbers.
type bucket struct {
	hashes  []uint64
	numbers []uint32
}

// NewHamming finds hashes that differ in at most radius bits, up to MaxRadius.
func NewHamming(radius int) *Hamming {
	h := &Hamming{radius: min(radius, MaxRadius)}
	for i := range h.parts {
		p := &h.parts[i]
		p.reach = (h.radius+1+i)/parts - 1 // of r+1, as evenly as can be
		for v := range 1 << partBits {
			if bits.OnesCount16(uint16(v)) <= p.reach {
				p.flips = append(p.flips, uint16(v))
			}
		}
	}
	return h
}

// Near returns the numbers of the hashes within the radius, in no order.
func (h *Hamming) Near(hash uint64) (near []int) {
	for i := range h.parts {
		p := &h.parts[i]
		at := uint16(hash >> (i * partBits))
		for _, flip := range p.flips {
			b := p.bucket(at ^ flip)
			if b == nil {
				continue
			}
			for j, other := range b.hashes {
				if d := other ^ hash; bits.OnesCount64(d) <= h.radius && h.first(d) == i {
					near = append(near, int(b.numbers[j]))
				}
			}
		}
	}
	return near
}

// Add takes a hash and returns its number, counted from 0, and the numbers of those before it within the radius.
func (h *Hamming) Add(hash uint64) (number int, near []int) {
	near = h.Near(hash)
	return h.Put(hash), near
}

// Put takes a hash without asking what is near it, and returns its number.
func (h *Hamming) Put(hash uint64) (number int) {
	number = h.count
	h.count++
	for i := range h.parts {
		p := &h.parts[i]
		if p.reach < 0 {
			continue
		}
		at := uint16(hash >> (i * partBits))
		page := &p.pages[at>>8]
		if *page == nil {
			*page = new([256]bucket)
		}
		b := &(*page)[at&255]
		b.hashes, b.numbers = append(b.hashes, hash), append(b.numbers, uint32(number))
	}
	return number
}

// bucket is the bucket of a value, nil where nothing has a value like it.
func (p *part) bucket(value uint16) *bucket {
	page := p.pages[value>>8]
	if page == nil {
		return nil
	}
	return &page[value&255]
}

// first is the first part in which a difference is within reach: there a pair is found, and not again in another.
func (h *Hamming) first(difference uint64) int {
	for i := range h.parts {
		if bits.OnesCount16(uint16(difference>>(i*partBits))) <= h.parts[i].reach {
			return i
		}
	}
	return parts
}
