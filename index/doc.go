// Package index keeps ads and networks searchable (4 FIND). It is the only door to Bleve, and derived: it can be deleted at any
// time and is built anew from the record.
//
// It promises that what it has reached is known exactly (the number of the record's last change is written in the same batch as
// the documents), that a damaged index is noticed before it answers and is built anew beside the old one, and that a phone is
// found by any part in any spelling. It never decides what somebody may see, and it returns text in pieces, never markup.
package index
