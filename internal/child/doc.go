// Package child is the path of an ad in which a child may be involved. Such an ad is flagged at once, apart from every score, and
// stays on a list of its own until a named person has answered for it.
//
// It promises that a flag is in the record in the same transaction as the ad that raised it, that nothing lowers or ends it but a
// person's answer with a reason, that each step is in the log, and that an ad which says something new after an answer is flagged
// again. It never decides whether anybody is a child.
package child
