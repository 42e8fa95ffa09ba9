package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"varde/internal/ad"
)

// Decision is what somebody decided about a network.
type Decision string

// The decisions.
const (
	// Lead: it is worth following up, here.
	Lead Decision = "lead"
	// Watch: not now, but look again. It decides nothing yet.
	Watch Decision = "watch"
	// Dismiss: no reason to look further, for one of the reasons below.
	Dismiss Decision = "dismiss"
	// Refer: it is worth following up, by somebody else.
	Refer Decision = "refer"
	// Undo takes the decision back that stands.
	Undo Decision = "undo"
)

// Decisions lists those that can be made of a network, in the order in which people are offered them.
var Decisions = []Decision{Lead, Watch, Dismiss, Refer}

// Leads says whether a decision says that the network was worth a look; Settles whether it is an answer at all.
func (d Decision) Leads() bool { return d == Lead || d == Refer }

// Settles says whether a decision answers whether the network was worth a look.
func (d Decision) Settles() bool { return d.Leads() || d == Dismiss }

// Reason is why a network was dismissed.
type Reason string

// The reasons. Other needs words of its own.
const (
	Independent Reason = "independent" // people who advertise for themselves
	Employer    Reason = "employer"    // an honest employer
	Fraud       Reason = "fraud"       // spam or fraud upon clients or applicants
	WrongLink   Reason = "wrong_link"  // the ads do not belong together
	TooLittle   Reason = "too_little"  // nothing that could be followed up
	Other       Reason = "other"
)

// Reasons lists them in the order in which people are offered them.
var Reasons = []Reason{Independent, Employer, Fraud, WrongLink, TooLittle, Other}

// Snapshot is what a network and its score were when somebody decided. It holds no words of ads.
type Snapshot struct {
	Ads          []ad.Key      `json:"ads"`
	Score        float64       `json:"score"`
	Band         ad.Band       `json:"band"`
	ScoreVersion string        `json:"score_version"`
	Class        ad.Class      `json:"class,omitempty"`
	Sites        []string      `json:"sites,omitempty"`
	Categories   []ad.Category `json:"categories,omitempty"`
	// Indicators have the points that they gave then, and no evidence.
	Indicators []ad.Indicator `json:"indicators"`
}

// SnapshotOf takes down what a network is now.
func SnapshotOf(n ad.Network) Snapshot {
	s := Snapshot{Ads: n.Ads, Score: n.Score, Band: n.Band, ScoreVersion: n.ScoreVersion, Class: n.Class, Sites: n.Sites, Categories: n.Categories,
		Indicators: []ad.Indicator{}}
	for _, in := range n.Indicators {
		in.Evidence = nil
		s.Indicators = append(s.Indicators, in)
	}
	return s
}

// Hash names what was seen, so that a decision can say what it is about.
func (s Snapshot) Hash() string {
	b, err := json.Marshal(s)
	if err != nil { // plain values cannot fail to marshal
		panic(fmt.Sprintf("review: hash a snapshot: %v", err))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// Review is one decision. It is written once and never changed.
type Review struct {
	// Seq numbers the reviews without gaps, in the order of their commits; it is given by the record.
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	// Author is the account of who decided.
	Author string `json:"author"`
	// Network is the network's id at that time.
	Network  string   `json:"network"`
	Decision Decision `json:"decision"`
	// Reason is of Dismiss alone; Note is what the author wrote.
	Reason Reason `json:"reason,omitempty"`
	Note   string `json:"note,omitempty"`
	// Undoes is the number of the review that an Undo takes back.
	Undoes   int64    `json:"undoes,omitempty"`
	Snapshot Snapshot `json:"snapshot"`
}

// Standing returns the decision that stands after these reviews of one network, which come in the order of their numbers: the last that
// was not taken back. It is nil where none stands.
func Standing(reviews []Review) *Review {
	undone := Undone(reviews)
	for i := len(reviews) - 1; i >= 0; i-- {
		if r := &reviews[i]; r.Decision != Undo && !undone[r.Seq] {
			return r
		}
	}
	return nil
}

// Undone returns the numbers of the reviews that were taken back.
func Undone(reviews []Review) map[int64]bool {
	undone := map[int64]bool{}
	for _, r := range reviews {
		if r.Decision == Undo {
			undone[r.Undoes] = true
		}
	}
	return undone
}
