// Package weights holds the versions of what makes scores: the catalogue's file, and the points that were fitted on it.
//
// It promises that every version that ever made a score is kept whole, so that a decision of long ago can be explained by the weights of
// its day; that a proposal changes nothing; and that one comes into force only when a person accepts it who did not propose it. Each step is
// in the log, in the transaction that takes it. It never fits or scores anything itself.
package weights
