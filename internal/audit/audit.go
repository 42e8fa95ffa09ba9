// Package audit holds the words of the log of who did what to what, and why: what was done to crawl targets and with evidence.
//
// An entry is written in the same transaction as what it tells of, and never changed. It holds ids, names of accounts and reasons, and
// never an ad's words. It is a plain list as yet: that entries cannot be removed unseen is not promised.
package audit

import "time"

// Entry is one line of the log.
type Entry struct {
	// Seq numbers the entries without gaps, in the order of their commits; it is given by the record.
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	// Actor is the account of the person who acted, "varde" where the program did, or "system:NAME" for whoever ran a command under that account
	// of the machine without proving one of Varde's.
	Actor string `json:"actor"`
	// Action is a stable word, such as target_approved.
	Action Action `json:"action"`
	// Subject is what was acted on: "target:ID", "ad:SITE/AD_ID", "network:ID", "scores:VERSION", or "export:SHA256" for an export of several.
	Subject string `json:"subject"`
	// Version is the target's version that was acted on, 0 where there is none.
	Version int `json:"version,omitempty"`
	// Reason is what the person wrote, Purpose what an export is for.
	Reason  string `json:"reason,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	// Object is what came of it, such as the hash of an exported package.
	Object string `json:"object,omitempty"`
}

// Action is what was done.
type Action string

// The actions.
const (
	TargetDrafted   Action = "target_drafted"
	TargetTried     Action = "target_tried"
	TargetApproved  Action = "target_approved"
	TargetActivated Action = "target_activated"
	TargetPaused    Action = "target_paused"
	TargetRevoked   Action = "target_revoked"
	// TargetRefused is an attempt that the rules forbid, such as approving one's own draft.
	TargetRefused    Action = "target_refused"
	TargetReread     Action = "target_reread"
	WARCImported     Action = "warc_imported"
	EvidenceShown    Action = "evidence_shown"
	EvidenceExported Action = "evidence_exported"
	// ChildFlagged is the program's: an ad in which a child may be involved. The others are answers of people.
	ChildFlagged  Action = "child_flagged"
	ChildTaken    Action = "child_taken"
	ChildAnswered Action = "child_answered"
	ChildReopened Action = "child_reopened"
	// What people decide about networks, and about the points that make scores.
	NetworkReviewed Action = "network_reviewed"
	ReviewUndone    Action = "review_undone"
	ScoresProposed  Action = "scores_proposed"
	ScoresAccepted  Action = "scores_accepted"
	ScoresRejected  Action = "scores_rejected"
	// ScoresRefused is an attempt that the rules forbid, such as accepting one's own proposal; ScoresCarried is the program's own, where its
	// file of indicators became another.
	ScoresRefused Action = "scores_refused"
	ScoresCarried Action = "scores_carried"
	WatchAdded    Action = "watch_added"
	WatchRemoved  Action = "watch_removed"
	// What people decide about links: that an identifier does not link an ad, that two ads belong together, and that such a decision no longer holds.
	LinkCut    Action = "link_cut"
	LinkAdded  Action = "link_added"
	LinkUndone Action = "link_undone"
	// What was given out; Reason holds the format, the handling code and how much it was, Object the hashes.
	NetworkExported Action = "network_exported"
	AdsExported     Action = "ads_exported"
)

// Actions lists them all.
var Actions = []Action{TargetDrafted, TargetTried, TargetApproved, TargetActivated, TargetPaused, TargetRevoked, TargetRefused, TargetReread,
	WARCImported, EvidenceShown, EvidenceExported, ChildFlagged, ChildTaken, ChildAnswered, ChildReopened,
	NetworkReviewed, ReviewUndone, ScoresProposed, ScoresAccepted, ScoresRejected, ScoresRefused, ScoresCarried,
	WatchAdded, WatchRemoved, LinkCut, LinkAdded, LinkUndone, NetworkExported, AdsExported}

// Program is the actor of what no person did.
const Program = "varde"

// Target is the subject of entries on a target.
func Target(id string) string { return "target:" + id }

// Watch is the subject of entries on something that is watched.
func Watch(kind, value string) string { return "watch:" + kind + ":" + value }

// Link is the subject of entries on an identifier as what links ads.
func Link(kind, value string) string { return "link:" + kind + ":" + value }

// Ad is the subject of entries on an ad, which is named by its key.
func Ad(key string) string { return "ad:" + key }

// Network is the subject of entries on a network, by its id at that time.
func Network(id string) string { return "network:" + id }

// Export is the subject of entries on an export of several networks or of ads, named by the hash of its content.
func Export(sha256 string) string { return "export:" + sha256 }

// Scores is the subject of entries on a version of the points that make scores.
func Scores(version string) string { return "scores:" + version }
