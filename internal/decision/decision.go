// Package decision is what analysts decide about links: that an identifier does not link an ad, or that two ads belong together. Linking
// follows what is decided, also when all is linked anew.
//
// It promises that each decision names who made it, when and why, that it can be undone without a trace in the networks, and that both are in
// the log. A decision is kept when it is undone, and also when its ads are gone.
package decision

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/text"
	"varde/internal/watch"
)

// Sort is what is decided.
type Sort string

const (
	// Cut says that an identifier does not link an ad, or none of its ads.
	Cut Sort = "cut"
	// Join says that two ads belong together.
	Join Sort = "join"
)

// Item is one decision.
type Item struct {
	ID   int64 `json:"id"`
	Sort Sort  `json:"sort"`
	// Ad is the ad that is cut from the identifier, "" for all ads; or the first of two that are joined, and Other the second.
	Ad    ad.Key `json:"ad,omitempty"`
	Other ad.Key `json:"other,omitempty"`
	// Kind and Value are the identifier of a cut. Of a text or a picture the value stands for all that are nearly the same.
	Kind   ad.Kind   `json:"kind,omitempty"`
	Value  string    `json:"value,omitempty"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	// Undone is who undid it, nil while it is in force.
	Undone *Undoing `json:"undone,omitempty"`
}

// Undoing is who undid a decision, when and why.
type Undoing struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Concerns says whether a decision is about an ad by name.
func (i *Item) Concerns(key ad.Key) bool { return key != "" && (i.Ad == key || i.Other == key) }

// same says whether two decisions decide the same.
func (i *Item) same(o *Item) bool {
	return i.Sort == o.Sort && i.Ad == o.Ad && i.Other == o.Other && i.Kind == o.Kind && i.Value == o.Value
}

// subject is what a decision is about in the log, object what it ties to it or cuts from it.
func (i *Item) subject() string {
	if i.Ad == "" {
		return audit.Link(string(i.Kind), i.Value)
	}
	return audit.Ad(string(i.Ad))
}

func (i *Item) object() string {
	if i.Sort == Join {
		return audit.Ad(string(i.Other))
	}
	return audit.Link(string(i.Kind), i.Value)
}

// Ledger is the record of decisions, and of what they are about.
type Ledger interface {
	// LinkDecisions returns all decisions by their numbers, also those undone, and a number that changes with every change of them.
	LinkDecisions(ctx context.Context) (list []Item, revision int64, err error)
	// PutLinkDecision writes a decision and its log entry, or neither, and returns the decision's number.
	PutLinkDecision(ctx context.Context, i Item, e audit.Entry) (id int64, err error)
	// UndoLinkDecision marks a decision as undone, with its log entry; fault.ErrNotFound where none of that number is in force.
	UndoLinkDecision(ctx context.Context, id int64, u Undoing, e audit.Entry) error
	Ad(ctx context.Context, key ad.Key) (ad.Ad, error)
	Network(ctx context.Context, id string) (ad.Network, error)
}

// Desk is where people decide.
type Desk struct {
	ledger Ledger
	region string
	now    func() time.Time
}

// NewDesk returns a desk over a record; region (ISO 3166) is the country of a phone without prefix, a nil clock is the machine's.
func NewDesk(l Ledger, region string, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{l, region, func() time.Time { return now().UTC().Round(0) }}
}

// Most is how long a reason can be, in bytes.
const Most = 2000

// What the rules refuse, each with a sentence for people.
var (
	errNoReason   = refuse("no_reason", "Say why.")
	errLong       = refuse("long", "The reason is longer than "+strconv.Itoa(Most)+" bytes.")
	errKind       = refuse("kind", "An identifier is a phone, handle, email, link, picture, payment or text.")
	errValue      = refuse("value", "A text is named by 24 hex digits, a picture by 16, and 12 more after a dash, as exports of networks have them.")
	errNoAd       = refuse("no_ad", "There is no such ad. An ad is named as SITE/AD_ID.")
	errNotShown   = refuse("not_shown", "The ad does not show that identifier.")
	errOneAd      = refuse("one_ad", "An ad cannot be joined with itself.")
	errDecided    = refuse("decided", "That is decided already.")
	errNotInForce = refuse("not_in_force", "No decision of that number is in force.")
)

// Rules are the names of these.
var Rules = []string{"no_reason", "long", "kind", "value", "no_ad", "not_shown", "one_ad", "decided", "not_in_force"}

func refuse(rule, sentence string) error { return fault.Refuse("link", rule, sentence) }

// List returns all decisions by their numbers, also those undone.
func (d *Desk) List(ctx context.Context) ([]Item, error) {
	list, _, err := d.ledger.LinkDecisions(ctx)
	return list, err
}

// Cut decides that an identifier does not link an ad, or none of its ads where key is "".
func (d *Desk) Cut(ctx context.Context, actor string, key ad.Key, kind ad.Kind, value, reason string) (Item, error) {
	if kind == ad.Decided || !slices.Contains(ad.Kinds, kind) {
		return Item{}, errKind
	}
	i := Item{Sort: Cut, Ad: key, Kind: kind, Value: strings.TrimSpace(value)}
	var err error
	if key == "" {
		if form := likeness[kind]; form == nil {
			i.Kind, i.Value, err = watch.Parse(kind, value, d.region)
		} else if !form.MatchString(i.Value) {
			err = errValue
		}
	} else {
		i.Kind, i.Value, err = d.shown(ctx, key, kind, i.Value)
	}
	if err != nil {
		return Item{}, err
	}
	return d.put(ctx, actor, audit.LinkCut, i, reason)
}

// likeness are the kinds of identifiers that are compared by likeness, so that a value stands for a group, and the form of their values: a cut of
// something else would be taken and do nothing.
var likeness = map[ad.Kind]*regexp.Regexp{
	ad.TextSig: regexp.MustCompile(`^[0-9a-f]{24}$`),
	ad.PHash:   regexp.MustCompile(`^[0-9a-f]{16}(-[0-9a-f]{12})?$`),
}

// shown is an identifier as an ad shows it. A text or picture that the ad does not show itself can be the name of the group that links the ad: what it
// shows of it stands for the group as long as the ad is there.
func (d *Desk) shown(ctx context.Context, key ad.Key, kind ad.Kind, value string) (ad.Kind, string, error) {
	a, err := d.ad(ctx, key)
	if err != nil {
		return "", "", err
	}
	shows := func(kind ad.Kind, value string) bool {
		return slices.ContainsFunc(a.Identifiers, func(id ad.Identifier) bool { return id.Kind == kind && id.Value == value })
	}
	if shows(kind, value) {
		return kind, value, nil
	}
	if likeness[kind] == nil {
		kind, value, err := watch.Parse(kind, value, d.region)
		if err == nil && !shows(kind, value) {
			err = errNotShown
		}
		return kind, value, err
	}
	n, err := d.ledger.Network(ctx, a.Network)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return "", "", fmt.Errorf("cut a link of ad %q: %w", key, err)
	}
	if !slices.Contains(n.Edges, ad.Edge{Ad: key, Kind: kind, Value: value}) {
		return "", "", errNotShown
	}
	var own []string
	for _, id := range a.Identifiers {
		if id.Kind == kind {
			own = append(own, id.Value)
		}
	}
	if len(own) == 1 {
		value = own[0]
	}
	return kind, value, nil
}

func (d *Desk) ad(ctx context.Context, key ad.Key) (ad.Ad, error) {
	a, err := d.ledger.Ad(ctx, key)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return a, errNoAd
	case err != nil:
		return a, fmt.Errorf("look for ad %q: %w", key, err)
	}
	return a, nil
}

// Join decides that two ads belong together.
func (d *Desk) Join(ctx context.Context, actor string, a, b ad.Key, reason string) (Item, error) {
	if a == b {
		return Item{}, errOneAd
	}
	for _, key := range []ad.Key{a, b} {
		if _, err := d.ad(ctx, key); err != nil {
			return Item{}, err
		}
	}
	return d.put(ctx, actor, audit.LinkAdded, Item{Sort: Join, Ad: min(a, b), Other: max(a, b)}, reason)
}

func (d *Desk) put(ctx context.Context, actor string, action audit.Action, i Item, reason string) (Item, error) {
	var err error
	if i.Reason, err = why(reason); err != nil {
		return Item{}, err
	}
	i.By, i.At = actor, d.now()
	list, err := d.List(ctx)
	if err != nil {
		return Item{}, err
	}
	if slices.ContainsFunc(list, func(o Item) bool { return o.Undone == nil && o.same(&i) }) {
		return Item{}, errDecided
	}
	e := audit.Entry{At: i.At, Actor: actor, Action: action, Subject: i.subject(), Reason: i.Reason, Object: i.object()}
	i.ID, err = d.ledger.PutLinkDecision(ctx, i, e)
	return i, err
}

// Undo takes a decision back; what was linked before is linked again.
func (d *Desk) Undo(ctx context.Context, actor string, id int64, reason string) (Item, error) {
	reason, err := why(reason)
	if err != nil {
		return Item{}, err
	}
	list, err := d.List(ctx)
	if err != nil {
		return Item{}, err
	}
	at := slices.IndexFunc(list, func(o Item) bool { return o.ID == id && o.Undone == nil })
	if at < 0 {
		return Item{}, errNotInForce
	}
	i := list[at]
	i.Undone = &Undoing{By: actor, At: d.now(), Reason: reason}
	e := audit.Entry{At: i.Undone.At, Actor: actor, Action: audit.LinkUndone, Subject: i.subject(), Reason: reason, Object: i.object()}
	err = d.ledger.UndoLinkDecision(ctx, id, *i.Undone, e)
	if errors.Is(err, fault.ErrNotFound) { // somebody else was faster
		err = errNotInForce
	}
	return i, err
}

// why is a reason as it is kept.
func why(reason string) (string, error) {
	reason = text.Written(reason)
	switch {
	case reason == "":
		return "", errNoReason
	case len(reason) > Most:
		return "", errLong
	}
	return reason, nil
}
