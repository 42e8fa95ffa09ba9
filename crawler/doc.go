// Package crawler reads the pages that a target allows and makes a sighting of each ad (1 SEE).
//
// It promises that nothing is asked for before the Gate has allowed it, redirects and pictures included; that no site, however
// broken, costs more than its limits; that every sighting names the page it came from by its SHA-256; and that a page that
// cannot be read is counted with its reason. It never signs in, keeps no cookies, and keeps no picture's bytes.
package crawler
