// Package extract reads from a prepared text what can be written down as a value: contacts, payment accounts, prices, ages, places,
// times and numbers of persons, one file each.
//
// It promises that every value names the bytes of the original that it was read from, that the same text gives the same values, and
// that the time is linear in the text's length whatever the text is. It never judges what it read, and never reads who somebody is.
package extract
