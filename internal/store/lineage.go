package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"varde/internal/ad"
)

// MostLineage is how many events Lineage returns: the newest.
const MostLineage = 100

// Lineage returns the events in which a network took part under its present id and all ids that gave way to it, newest first, at most
// MostLineage. A former id gives those of the network that it became.
func (s *Store) Lineage(ctx context.Context, network string) (list []ad.Lineage, err error) {
	if !storable(network) {
		return nil, nil
	}
	err = s.view(ctx, func(t tx) error {
		now, err := t.successor(ctx, network)
		if err != nil {
			return err
		}
		owner, err := t.formerOf(ctx, []string{now})
		if err != nil {
			return err
		}
		list, err = t.lineage(ctx, owner)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lineage of network %q: %w", network, err)
	}
	return list, nil
}

// formerOf returns these ids and all that gave way to them, near and far, each with which of these it is now.
func (t tx) formerOf(ctx context.Context, networks []string) (map[string]string, error) {
	owner := make(map[string]string, len(networks))
	for _, id := range networks {
		owner[id] = id
	}
	for next := networks; len(next) > 0; {
		var found []string
		err := t.in(ctx, "SELECT old_id, new_id FROM successions WHERE new_id IN (%s)", next, func(s scan) error {
			var old, is string
			err := s(&old, &is)
			if owner[old] == "" {
				owner[old] = owner[is]
				found = append(found, old)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("former ids of networks: %w", err)
		}
		next = found
	}
	return owner, nil
}

// lineage returns the newest events in which one of these ids took part.
func (t tx) lineage(ctx context.Context, owner map[string]string) ([]ad.Lineage, error) {
	ids := slices.Sorted(maps.Keys(owner))
	type event struct {
		seq int64
		ad.Lineage
	}
	var events []event
	for _, side := range []string{"to_id", "from_id"} {
		q := fmt.Sprintf("SELECT seq, at, kind, from_id, to_id, ads FROM lineage WHERE %s IN (%%s) ORDER BY seq DESC, from_id, to_id LIMIT %d", side, MostLineage)
		err := t.in(ctx, q, ids, func(s scan) error {
			var e event
			var at int64
			var kind string
			err := s(&e.seq, &at, &kind, &e.From, &e.To, &e.Ads)
			e.At, e.Kind, e.Into = fromNanos(at), ad.LineageKind(kind), owner[e.To] != ""
			events = append(events, e)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(b.seq, a.seq), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	events = slices.Compact(events) // what both sides of which are the network's was found twice
	var list []ad.Lineage
	for _, e := range events[:min(len(events), MostLineage)] {
		list = append(list, e.Lineage)
	}
	return list, nil
}

// Regrouped returns those of some networks that were merged or split after the decision that stands about them was made. A new id alone
// is neither.
func (s *Store) Regrouped(ctx context.Context, networks []string) (map[string]bool, error) {
	regrouped := map[string]bool{}
	err := s.view(ctx, func(t tx) error {
		decided := map[string]int64{}
		var ids []string
		err := t.in(ctx, "SELECT d.network, r.at FROM decisions d JOIN reviews r ON r.seq = d.seq WHERE d.network IN (%s)", networks, func(s scan) error {
			var id string
			var at int64
			err := s(&id, &at)
			decided[id] = at
			ids = append(ids, id)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		owner, err := t.formerOf(ctx, ids)
		if err != nil {
			return err
		}
		all := slices.Sorted(maps.Keys(owner))
		for _, side := range []string{"to_id", "from_id"} {
			q := fmt.Sprintf("SELECT %s, max(at) FROM lineage WHERE kind <> '%s' AND %s IN (%%s) GROUP BY %s", side, ad.Renamed, side, side)
			err := t.in(ctx, q, all, func(s scan) error {
				var id string
				var at int64
				err := s(&id, &at)
				if now := owner[id]; at > decided[now] {
					regrouped[now] = true
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read which networks were merged or split since they were decided: %w", err)
	}
	return regrouped, nil
}

// move is where ads of a network go.
type move struct{ from, to string }

// moves compares the network of each ad as it stands with the one that it is to have. An ad that had none moves nowhere. It also returns
// which of the networks that ads go to live already.
func (t tx) moves(ctx context.Context, rows []standingRow) (ads map[move]int, lived map[string]bool, err error) {
	next := make(map[string]string, len(rows))
	keys := make([]string, len(rows))
	for i, r := range rows {
		next[r.ad], keys[i] = r.network, r.ad
	}
	ads = map[move]int{}
	err = t.in(ctx, "SELECT ad, network FROM standings WHERE ad IN (%s)", keys, func(s scan) error {
		var key, was string
		err := s(&key, &was)
		if to := next[key]; to != was {
			ads[move{was, to}]++
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read where ads stand: %w", err)
	}
	targets := map[string]bool{}
	for m := range ads {
		targets[m.to] = true
	}
	lived = map[string]bool{}
	if err := t.in(ctx, "SELECT id FROM networks WHERE id IN (%s)", slices.Sorted(maps.Keys(targets)), mark(lived)); err != nil {
		return nil, nil, fmt.Errorf("read which networks live: %w", err)
	}
	return ads, lived, nil
}

// lineageOf says what moves mean. What left a network that lives on, or went to several, was split off. A network that is gone and whose
// ads are in one now was merged with it, unless that one is new and holds besides them only ads that had no network: then the
// network is the same and has another id.
func lineageOf(ads map[move]int, lived map[string]bool, removed []string) []ad.Lineage {
	gone := make(map[string]bool, len(removed))
	for _, id := range removed {
		gone[id] = true
	}
	out, in := map[string]int{}, map[string]int{}
	for m := range ads {
		out[m.from]++
		in[m.to]++
	}
	var list []ad.Lineage
	for m, n := range ads {
		e := ad.Lineage{Kind: ad.Merged, From: m.from, To: m.to, Ads: n}
		switch {
		case !gone[m.from] || out[m.from] > 1:
			e.Kind = ad.Split
		case !lived[m.to] && in[m.to] == 1:
			e.Kind = ad.Renamed
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b ad.Lineage) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return list
}

// putLineage writes the events of the commit whose first change has number seq. A commit that moves an ad makes a change, so no other has it.
func (t tx) putLineage(ctx context.Context, seq int64, at time.Time, list []ad.Lineage) error {
	args := make([]any, 0, 6*len(list))
	for _, e := range list {
		args = append(args, seq, nanos(at), string(e.Kind), e.From, e.To, e.Ads)
	}
	return t.insert(ctx, insertion{into: "lineage (seq, at, kind, from_id, to_id, ads)", cols: 6}, args, nil)
}
