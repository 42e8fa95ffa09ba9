package graph

import (
	"math/bits"
	"slices"
)

// MaxRadius is the largest distance that Hamming finds. Beyond it, more of all hashes would be looked at than is worth an index.
const MaxRadius = 11

// parts is into how many pieces of partBits a hash is cut.
const (
	parts    = 4
	partBits = 64 / parts
)

// Hamming holds 64-bit hashes, each once, and finds those within a radius of each other, exactly, by multi-index hashing (Norouzi, Punjani & Fleet, CVPR 2012): two
// hashes that differ in at most r bits are near in at least one of their parts, where the reaches of the parts, each counted one up, add up to
// r+1. A bucket holds its hashes side by side, so that looking through it costs little more than reading it.
type Hamming struct {
	radius int
	parts  [parts]part
}

// part is the index by one part of the hashes.
type part struct {
	// reach is how many bits of this part may differ, -1 where the other parts are enough.
	reach int
	// flips are all changes of up to reach bits.
	flips []uint16
	// pages of buckets are made when they are first used. A bucket holds the hashes that have one value in the part.
	pages [256]*[256][]uint64
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

// Near returns the hashes within the radius, in no order.
func (h *Hamming) Near(hash uint64) (near []uint64) {
	for i := range h.parts {
		p := &h.parts[i]
		at := uint16(hash >> (i * partBits))
		for _, flip := range p.flips {
			page := p.pages[(at^flip)>>8]
			if page == nil {
				continue
			}
			for _, other := range page[(at^flip)&255] {
				if d := other ^ hash; bits.OnesCount64(d) <= h.radius && h.first(d) == i {
					near = append(near, other)
				}
			}
		}
	}
	return near
}

// Put takes a hash that is not there.
func (h *Hamming) Put(hash uint64) {
	for i := range h.parts {
		p := &h.parts[i]
		if p.reach < 0 {
			continue
		}
		at := uint16(hash >> (i * partBits))
		page := &p.pages[at>>8]
		if *page == nil {
			*page = new([256][]uint64)
		}
		(*page)[at&255] = append((*page)[at&255], hash)
	}
}

// Has says whether a hash is there.
func (h *Hamming) Has(hash uint64) bool {
	for i := range h.parts {
		if p := &h.parts[i]; p.reach >= 0 {
			at := uint16(hash >> (i * partBits))
			page := p.pages[at>>8]
			return page != nil && slices.Contains(page[at&255], hash)
		}
	}
	return false
}

// Delete removes a hash, if it is there.
func (h *Hamming) Delete(hash uint64) {
	for i := range h.parts {
		at := uint16(hash >> (i * partBits))
		page := h.parts[i].pages[at>>8]
		if page == nil {
			continue
		}
		bucket := page[at&255]
		if n := slices.Index(bucket, hash); n >= 0 {
			last := len(bucket) - 1
			bucket[n] = bucket[last]
			page[at&255] = bucket[:last]
		}
	}
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
