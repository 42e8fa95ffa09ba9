// Package ad holds the words of Varde: sighting, ad, identifier, indicator, finding and network, as plain
// values that every part shares, and the ad file in which they come in and go out.
//
// It promises that a value read from a file is whole or refused with its line and field, that reading takes
// constant memory whatever the file's size, and that the same content always has the same hash and id.
// It never reaches the network, the stream or the store, and it knows no detector.
package ad
