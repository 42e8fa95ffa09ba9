// Package watch is the list of phones, handles, addresses, links and accounts that people know from a case or a tip. An ad that shows one
// of them gets N14, which names the reference.
//
// It promises that each entry names who put it there, when, and under which reference, that values are kept in the one spelling in which ads
// are read, and that each change is in the log. It holds no ad's words.
package watch

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"varde/internal/ad"
	"varde/internal/audit"
	"varde/internal/fault"
	"varde/internal/phone"
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

// Parse brings a value into the spelling in which ads are read. region (ISO 3166) is the country of a phone without prefix. Its error says
// in words what is wrong and wraps fault.ErrUsage.
func Parse(kind ad.Kind, value, region string) (string, error) {
	value = strings.TrimSpace(value)
	wrong := func(want string) error {
		return fmt.Errorf("%q is no %s; write it as %s: %w", value, kind, want, fault.ErrUsage)
	}
	switch kind {
	case ad.Phone:
		if e164, ok := phone.Parse(value, region); ok {
			return e164, nil
		}
		return "", wrong("+47 412 34 567")
	case ad.Handle, ad.Payment:
		service, name, ok := strings.Cut(value, ":")
		service, name = strings.ToLower(strings.TrimSpace(service)), strings.TrimPrefix(strings.TrimSpace(name), "@")
		if !ok || service == "" || name == "" || strings.ContainsAny(name, " \t\n") {
			return "", wrong(map[ad.Kind]string{ad.Handle: "telegram:name", ad.Payment: "vipps:123456"}[kind])
		}
		if kind == ad.Handle {
			name = strings.ToLower(name)
		}
		return service + ":" + name, nil
	case ad.Email:
		if a, err := mail.ParseAddress(value); err == nil && a.Name == "" {
			return strings.ToLower(a.Address), nil
		}
		return "", wrong("name@host.example")
	case ad.Link:
		_, rest, found := strings.Cut(value, "://")
		if !found {
			rest = value
		}
		rest, _, _ = strings.Cut(rest, "#")
		rest, _, _ = strings.Cut(rest, "?")
		host, path, _ := strings.Cut(strings.TrimSuffix(rest, "/"), "/")
		if host = strings.TrimPrefix(strings.ToLower(host), "www."); !strings.Contains(host, ".") || path == "" {
			return "", wrong("host.example/path")
		}
		return host + "/" + path, nil
	}
	return "", fmt.Errorf("%q is none of %v: %w", kind, Kinds, fault.ErrUsage)
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

// Region is the country in which a phone without prefix is read.
func (d *Desk) Region() string { return d.region }

// List returns the list by kind and value.
func (d *Desk) List(ctx context.Context) ([]Item, error) {
	list, _, err := d.ledger.Watched(ctx)
	return list, err
}

// Add puts something on the list, or gives what is there a new reference. A reference is required.
func (d *Desk) Add(ctx context.Context, actor string, kind ad.Kind, value, reference, note string) (Item, error) {
	i := Item{Kind: kind, Reference: strings.TrimSpace(reference), Note: strings.TrimSpace(note), By: actor, At: d.now().UTC()}
	if !slices.Contains(Kinds, kind) {
		return i, fmt.Errorf("%q cannot be watched; say one of %v: %w", kind, Kinds, fault.ErrUsage)
	}
	var err error
	if i.Value, err = Parse(kind, value, d.region); err != nil {
		return i, err
	}
	if i.Reference == "" {
		return i, fmt.Errorf("a reference is required, the case or tip that it is known from: %w", fault.ErrUsage)
	}
	e := audit.Entry{At: i.At, Actor: actor, Action: audit.WatchAdded, Subject: audit.Watch(string(kind), i.Value), Reason: i.Note, Object: i.Reference}
	return i, d.ledger.PutWatched(ctx, i, e)
}

// Remove takes something off the list; a reason is required.
func (d *Desk) Remove(ctx context.Context, actor string, kind ad.Kind, value, reason string) error {
	value, err := Parse(kind, value, d.region)
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fmt.Errorf("a reason is required: %w", fault.ErrUsage)
	}
	e := audit.Entry{At: d.now().UTC(), Actor: actor, Action: audit.WatchRemoved, Subject: audit.Watch(string(kind), value), Reason: reason}
	return d.ledger.EndWatched(ctx, kind, value, e)
}
