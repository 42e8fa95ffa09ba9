// Package graph holds the algorithms of linking without any of its words: finding 64-bit hashes that are near each other, and the
// places of nodes in a picture.
//
// It promises that what is found does not depend on the order in which things were added, and that Hamming search misses
// nothing within its radius. Its types are not safe for use by several goroutines at once.
package graph
