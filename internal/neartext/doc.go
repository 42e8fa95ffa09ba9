// Package neartext finds near-duplicate texts: it signs a text, gives the keys by which texts like it are found in a store, and
// says exactly whether two are alike. It also tells a site's boilerplate from a text that many ads copy.
//
// A text is read passage by passage (a sentence or a line), so that the order of sentences does not matter and a passage that
// stands under every ad of a site can be left out. It is compared by what stands together inside its passages: pairs of words,
// or runs of characters in scripts that are written without spaces.
//
// It promises that the same text has the same signature, keys and similarity on every machine and in every version of Go, that
// comparing is symmetric, and that its cost depends on a bounded part of a text. It keeps nothing and knows no language.
package neartext
