package network_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"varde/internal/ad"
	"varde/internal/network"
)

// record is what the store keeps: updates are applied to it, and a linker is loaded from it.
type record struct {
	ads         map[ad.Key]*ad.Ad
	versions    map[string]ad.Finding // each content of an ad by its latest sighting
	networks    map[string]ad.Network
	successions map[string]string
	changes     []ad.Change
	// forgot says that ads were deleted.
	forgot bool
	// cfg is what the linkers of the record link by.
	cfg network.Config
	// decisions are those that were ever made, also the undone.
	decisions []network.Decision
}

func newRecord() *record {
	return &record{cfg: config, ads: map[ad.Key]*ad.Ad{}, versions: map[string]ad.Finding{}, networks: map[string]ad.Network{}, successions: map[string]string{}}
}

func (r *record) changed(subject ad.Subject, id string) {
	r.changes = append(r.changes, ad.Change{Seq: int64(len(r.changes) + 1), Subject: subject, ID: id})
}

func (r *record) apply(u ad.Update) {
	for _, k := range u.Forgotten {
		r.forgot = true
		delete(r.ads, k)
		for version, f := range r.versions {
			if f.Sighting.Key() == k {
				delete(r.versions, version)
			}
		}
		r.changed(ad.AdRemoved, string(k))
	}
	for _, f := range u.Findings {
		k := f.Sighting.Key()
		r.changed(ad.AdChanged, string(k))
		version := string(k) + " " + f.Sighting.Version()
		if v, known := r.versions[version]; !known || cmp.Or(v.Sighting.SeenAt.Compare(f.Sighting.SeenAt), strings.Compare(v.Sighting.ID(), f.Sighting.ID())) < 0 {
			r.versions[version] = f
		}
		a := r.ads[k]
		if a == nil {
			a = &ad.Ad{Key: k, FirstSeen: f.Sighting.SeenAt, LastSeen: f.Sighting.SeenAt, Finding: f}
			r.ads[k] = a
		}
		if f.Sighting.SeenAt.Before(a.FirstSeen) {
			a.FirstSeen = f.Sighting.SeenAt
		}
		if at := f.Sighting.SeenAt; at.After(a.LastSeen) || at.Equal(a.LastSeen) && f.Sighting.ID() >= a.Finding.Sighting.ID() {
			a.LastSeen, a.Finding = at, f
		}
		for _, id := range f.Identifiers {
			if !slices.ContainsFunc(a.Identifiers, func(o ad.Identifier) bool { return o.Kind == id.Kind && o.Value == id.Value }) {
				a.Identifiers = append(a.Identifiers, id)
			}
		}
	}
	for _, id := range u.Removed {
		delete(r.networks, id)
		r.changed(ad.NetworkRemoved, id)
	}
	for _, n := range u.Networks {
		r.networks[n.ID] = n
		r.changed(ad.NetworkChanged, n.ID)
	}
	for _, s := range u.Standings {
		r.ads[s.Key].Standing = s
		r.changed(ad.AdChanged, string(s.Key))
	}
	for _, s := range u.Successions {
		r.successions[s.Old] = s.New
	}
}

func (r *record) ID(context.Context) (string, error) { return "r", nil }

func (r *record) LastChange(context.Context) (int64, error) { return int64(len(r.changes)), nil }

func (r *record) Changes(_ context.Context, after int64, limit int) ([]ad.Change, error) {
	return r.changes[after:min(int(after)+limit, len(r.changes))], nil
}

func (r *record) AdsOf(_ context.Context, keys []ad.Key) (list []ad.Ad, _ error) {
	for _, k := range keys {
		if a := r.ads[k]; a != nil {
			list = append(list, *a)
		}
	}
	return list, nil
}

func (r *record) EarlierVersionsOf(ctx context.Context, keys []ad.Key) iter.Seq2[ad.Finding, error] {
	return func(yield func(ad.Finding, error) bool) {
		for f := range r.EarlierVersions(ctx) {
			if slices.Contains(keys, f.Sighting.Key()) && !yield(f, nil) {
				return
			}
		}
	}
}

func (r *record) Ads(context.Context, ad.Key) iter.Seq2[ad.Ad, error] {
	return func(yield func(ad.Ad, error) bool) {
		for _, k := range slices.Sorted(maps.Keys(r.ads)) {
			if !yield(*r.ads[k], nil) {
				return
			}
		}
	}
}

// EarlierVersions yields the versions of ads before their latest.
func (r *record) EarlierVersions(context.Context) iter.Seq2[ad.Finding, error] {
	return func(yield func(ad.Finding, error) bool) {
		for _, f := range r.versions {
			if r.ads[f.Sighting.Key()].Finding.Sighting.ID() != f.Sighting.ID() && !yield(f, nil) {
				return
			}
		}
	}
}

// dump writes down all that linking decided.
func (r *record) dump(t interface{ Fatal(...any) }) string {
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(r.networks)) {
		line, err := json.Marshal(r.networks[id])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	for _, k := range slices.Sorted(maps.Keys(r.ads)) {
		line, err := json.Marshal(r.ads[k].Standing)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	return b.String()
}
