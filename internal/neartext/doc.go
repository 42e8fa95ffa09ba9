// Package neartext finds near-duplicate texts: it signs a text, gives the keys by which texts like it are found in a store, and
// says whether two are alike. It also tells a site's boilerplate from a text that many ads copy.
//
// A text is read passage by passage (a sentence or a line), so that a passage that stands under every ad of a site can be left out.
// It is compared by its words, but for short ones and numbers, or by runs of characters in scripts that are written without spaces:
// a changed word costs little, and the order of sentences nothing. The keys find candidates (MinHash with locality-sensitive
// hashing); whether they are alike is then counted.
//
// It promises that the same text has the same signature, keys and similarity on every machine and in every version of Go, that
// comparing is symmetric, and that its cost depends on a bounded part of a text. It keeps nothing and knows no language.
package neartext
