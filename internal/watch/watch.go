// Package watch is the list of phones, handles, addresses, links and accounts that people know from a case or a tip. An ad that shows one
// of them gets N14, which names the reference.
//
// It promises that each entry names who put it there, when, and under which reference, that values are kept in the one spelling in which ads
// are read, and that each change is in the log. It holds no ad's words.
package watch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/extract"
	"varde/internal/fault"
	"varde/internal/phone"
	"varde/internal/text"
)

// Kinds are the kinds of identifier that can be watched: what people know, compared by equality.
var Kinds = []ad.Kind{ad.Phone, ad.Handle, ad.Email, ad.Payment, ad.Link}

// Item is one entry of the list.
type Item struct {
	Kind  ad.Kind `json:"kind"`
	Value string  `json:"value"`
	// Reference is the case or tip that it is known from.
	Reference string    `json:"reference"`
	Note      string    `json:"note,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// Parse reads a value as ads are read, so that what is put on the list is what an ad that shows it has: a link to a profile is the handle or
// phone that it leads to, and a Norwegian account number its IBAN. region (ISO 3166) is the country of a phone without prefix. Its error
// says in words what is wrong and wraps fault.ErrUsage.
func Parse(kind ad.Kind, value, region string) (ad.Kind, string, error) {
	example, known := examples[kind]
	if !known {
		return "", "", fmt.Errorf("a %s cannot be watched; say phone, handle, email, payment or link: %w", kind, fault.ErrUsage)
	}
	value = strings.TrimSpace(value)
	for _, found := range read(kind, value, region) {
		if found.Value != "" && (found.Kind == kind || kind == ad.Link) {
			return found.Kind, found.Value, nil
		}
	}
	return "", "", fmt.Errorf("%q is no %s; write it as %s: %w", value, kind, example, fault.ErrUsage)
}

// examples say how each kind that can be watched is written.
var examples = map[ad.Kind]string{ad.Phone: "+47 412 34 567", ad.Handle: "telegram:name", ad.Email: "name@host.example", ad.Payment: "vipps:123456 or iban:NO…",
	ad.Link: "host.example/page"}

// read lists what stands in a value, by the readers of ads.
func read(kind ad.Kind, value, region string) (found []extract.Contact) {
	switch kind {
	case ad.Phone:
		if e164, ok := phone.Parse(value, region); ok {
			found = append(found, extract.Contact{Kind: ad.Phone, Value: e164})
		}
		return found
	case ad.Payment:
		for _, p := range extract.Payments(text.Read(value), region) {
			found = append(found, extract.Contact{Kind: ad.Payment, Value: p.Value})
		}
		return found
	}
	if service, name, ok := strings.Cut(value, ":"); ok && kind == ad.Handle {
		if account, ok := extract.Account(strings.TrimSpace(service), name); ok {
			return []extract.Contact{{Kind: ad.Handle, Value: account}}
		}
	}
	return extract.Contacts(text.Read(value), region)
}

// Ledger is the record of the list.
type Ledger interface {
	// Watched returns the list by kind and value, and a number that changes with every change of it.
	Watched(ctx context.Context) (list []Item, revision int64, err error)
	// PutWatched adds or replaces an entry, and its log entry, or neither.
	PutWatched(ctx context.Context, i Item, e audit.Entry) error
	// EndWatched takes an entry off the list, with its log entry; fault.ErrNotFound where it is not there.
	EndWatched(ctx context.Context, kind ad.Kind, value string, e audit.Entry) error
}

// Desk is where people change the list.
type Desk struct {
	ledger Ledger
	region string
	now    func() time.Time
}

// NewDesk returns a desk over a record; a nil clock is the machine's.
func NewDesk(l Ledger, region string, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{l, region, now}
}

// List returns the list by kind and value.
func (d *Desk) List(ctx context.Context) ([]Item, error) {
	list, _, err := d.ledger.Watched(ctx)
	return list, err
}

// Find returns what stands on the list for a value, nil where nothing does.
func (d *Desk) Find(ctx context.Context, kind ad.Kind, value string) (*Item, error) {
	kind, value, err := Parse(kind, value, d.region)
	if err != nil {
		return nil, err
	}
	list, err := d.List(ctx)
	if i := slices.IndexFunc(list, func(i Item) bool { return i.Kind == kind && i.Value == value }); i >= 0 {
		return &list[i], err
	}
	return nil, err
}

// Add puts something on the list, or gives what is there a new reference. A reference is required.
func (d *Desk) Add(ctx context.Context, actor string, kind ad.Kind, value, reference, note string) (Item, error) {
	i := Item{Kind: kind, Reference: strings.TrimSpace(reference), Note: strings.TrimSpace(note), By: actor, At: d.now().UTC()}
	var err error
	if i.Kind, i.Value, err = Parse(kind, value, d.region); err != nil {
		return i, err
	}
	if i.Reference == "" {
		return i, fmt.Errorf("a reference is required, the case or tip that it is known from: %w", fault.ErrUsage)
	}
	e := audit.Entry{At: i.At, Actor: actor, Action: audit.WatchAdded, Subject: audit.Watch(string(i.Kind), i.Value), Reason: i.Note, Object: i.Reference}
	return i, d.ledger.PutWatched(ctx, i, e)
}

// Remove takes something off the list; a reason is required.
func (d *Desk) Remove(ctx context.Context, actor string, kind ad.Kind, value, reason string) error {
	kind, value, err := Parse(kind, value, d.region)
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fmt.Errorf("a reason is required: %w", fault.ErrUsage)
	}
	e := audit.Entry{At: d.now().UTC(), Actor: actor, Action: audit.WatchRemoved, Subject: audit.Watch(string(kind), value), Reason: reason}
	return d.ledger.EndWatched(ctx, kind, value, e)
}
