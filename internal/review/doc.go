// Package review holds what people decided about networks: a lead, to be watched, dismissed, referred, or a decision taken back.
//
// It promises that a decision is never changed: a later one supersedes it, and taking one back is an entry of its own; that each names who
// decided, when and why, and keeps what the network and its score were then; and that it follows a network whose id gave way to another.
// A decision is a person's assessment. It says nothing of whoever advertises, and nothing is decided by the program.
package review
