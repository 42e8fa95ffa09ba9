package network

import (
	"slices"

	"varde/internal/ad"
)

// One fact counts once. Where people share one phone, one house or the same pictures, several codes can be read from just that. The gate of the
// catalogue asks for reasons that are independent of each other, so what says again what a network code has said gives its points and
// opens nothing. What is more than the sharing is a fact of its own: that personas move together (N06, N07), that a job stands beside (N08),
// that a machine posts (N11), that the words deny it (N13), that a case knows it (N14).

// doubles are network codes that can be the same fact as others: a handle in the ads of one phone, numbers that change on one text, an address
// or a price list in the ads of one phone.
var doubles = map[string][]string{"N02": {"N01"}, "N09": {"N03", "N04"}, "N10": {"N01", "N02"}, "N12": {"N01", "N02"}}

// sharing are the network codes that rest on something shared, another family's codes on the same can be no reason beside them.
var sharing = []string{"J18", "N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08", "N09", "N10", "N12"}

// again are the codes of other families that the linker reads from what ads share.
var again = []string{"J20", "S05", "S06"}

// sameFact says whether the pieces of one code are no fact beside the others: a network code that says again what another one says, or one of
// another family where all network codes rest on what it rests on. Two things that are shared, such as pictures and a phone, are two facts.
func sameFact(mine, all []piece) bool {
	code := mine[0].code
	if by := doubles[code]; by != nil {
		return !slices.ContainsFunc(mine, func(p piece) bool {
			return !slices.ContainsFunc(all, func(q piece) bool { return !q.added && slices.Contains(by, q.code) && p.sameThing(q) })
		})
	}
	if !slices.Contains(again, code) {
		return false
	}
	known := false
	for _, q := range all {
		if q.added || !slices.Contains(sharing, q.code) {
			continue
		}
		known = true
		if slices.ContainsFunc(mine, func(p piece) bool { return !p.sameThing(q) }) {
			return false
		}
	}
	return known
}

// sameThing says whether a piece rests on what another one rests on: the same link; pictures of the same ads, which people take together; a
// contact of ads that all share another one; or what else is the same in all ads of one contact, such as the address of the house with that phone.
func (p piece) sameThing(q piece) bool {
	switch {
	case p.via != nil && p.via == q.via:
		return true
	case q.via == nil:
		return p.via != nil && isContact(p.via.kind) && within(q.on, p.on)
	case p.via != nil && p.via.kind == ad.PHash && q.via.kind == ad.PHash:
		return slices.ContainsFunc(p.on, func(c *card) bool { return slices.Contains(q.on, c) })
	case p.via == nil:
		return isContact(q.via.kind) && within(p.on, q.on)
	}
	return isContact(p.via.kind) && isContact(q.via.kind) && (within(p.on, q.on) || within(q.on, p.on))
}

// within says whether all of some ads are among others.
func within(some, others []*card) bool {
	return !slices.ContainsFunc(some, func(c *card) bool { return !slices.Contains(others, c) })
}
