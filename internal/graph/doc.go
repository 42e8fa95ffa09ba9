// Package graph holds the algorithms of linking without any of its words: finding likenesses among MinHash signatures and
// among 64-bit hashes, groups of what is alike, and the
// places of nodes in a picture.
//
// It promises that what is found does not depend on the order in which things were added, and that Hamming search misses
// nothing within its radius. Its types are not safe for use by several goroutines at once.
package graph
