// Package crawler reads the pages that approved targets allow and makes a sighting of each ad (1 SEE).
//
// It promises that nothing is asked for before the Gate has allowed it, each request anew; that every answer is in the evidence, and on
// disk, before anything is made of it, and every sighting names what proves it; that a page is done only when its sighting is published,
// so that a kill at any point leads to a second look and never to a gap; that no site, however broken or hostile, costs more than its
// limits or holds up another; and that whatever was not read is counted with its reason. It never signs in, never passes a barrier, and
// keeps no cookies.
package crawler
