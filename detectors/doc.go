// Package detectors reads sightings and makes findings (2 READ): identifiers that ads can share, and indicators with the span,
// picture or figure each rests on. A detector is one file here and one line in all.
//
// It promises that the same sighting gives the same finding, that a detector's reading does not depend on the others, and that
// every quoted span is exactly the text at its bytes. It never compares ads with each other, reaches the network, or reads who
// somebody is: nationality, ethnicity, language and gender are no features.
package detectors
