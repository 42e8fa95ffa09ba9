package store

import (
	"context"
	"fmt"

	"varde/internal/ad"
	"varde/internal/fault"
)

type standingRow struct {
	ad, network string
	score       float64
	band        string
	indicators  string
	class       string
	child       int64
	version     string
}

type networkRow struct {
	id          string
	score       float64
	band        string
	ads         int
	first, last int64
	body        string
	class       string
	child       int
	version     string
}

func prepareStandings(list []ad.Standing) ([]standingRow, error) {
	rows := make([]standingRow, 0, len(list))
	for _, st := range list {
		key := string(st.Key)
		if err := checkText("standing", key, key, st.Network, string(st.Band)); err != nil {
			return nil, err
		}
		if err := checkScore("standing", key, st.Score); err != nil {
			return nil, err
		}
		body, err := encode("standing", key, st.Indicators)
		if err != nil {
			return nil, err
		}
		rows = append(rows, standingRow{key, st.Network, st.Score, string(st.Band), body, string(st.Class), bit(st.Child), st.ScoreVersion})
	}
	return lastOf(rows, func(r *standingRow) string { return r.ad }), nil
}

func prepareNetworks(list []ad.Network) ([]networkRow, error) {
	rows := make([]networkRow, 0, len(list))
	for i := range list {
		n := &list[i]
		if err := checkText("network", n.ID, n.ID, string(n.Band)); err != nil {
			return nil, err
		}
		if err := checkScore("network", n.ID, n.Score); err != nil {
			return nil, err
		}
		if err := checkTime("network", n.ID, n.FirstSeen, n.LastSeen); err != nil {
			return nil, err
		}
		body, err := encode("network", n.ID, n)
		if err != nil {
			return nil, err
		}
		rows = append(rows, networkRow{n.ID, n.Score, string(n.Band), len(n.Ads), nanos(n.FirstSeen), nanos(n.LastSeen), body, string(n.Class), n.Child, n.ScoreVersion})
	}
	return lastOf(rows, func(r *networkRow) string { return r.id }), nil
}

// upsertStandings returns only rows that are not what they were.
const upsertStandings = `ON CONFLICT (ad) DO UPDATE SET
  network = excluded.network, score = excluded.score, band = excluded.band, indicators = excluded.indicators, class = excluded.class, child = excluded.child,
  score_version = excluded.score_version
WHERE (standings.network, standings.score, standings.band, standings.indicators, standings.class, standings.child, standings.score_version)
   <> (excluded.network, excluded.score, excluded.band, excluded.indicators, excluded.class, excluded.child, excluded.score_version)
RETURNING ad`

// putStandings adds the ads whose standing became another to changed.
func (t tx) putStandings(ctx context.Context, rows []standingRow, changed map[string]bool) error {
	args := make([]any, 0, 8*len(rows))
	for _, r := range rows {
		args = append(args, r.ad, r.network, r.score, r.band, r.indicators, r.class, r.child, r.version)
	}
	in := insertion{into: "standings (ad, network, score, band, indicators, class, child, score_version)", cols: 8, then: upsertStandings}
	return t.insert(ctx, in, args, mark(changed))
}

// mark adds each row's one column to set.
func mark(set map[string]bool) func(scan) error {
	return func(s scan) error {
		var id string
		err := s(&id)
		set[id] = true
		return err
	}
}

// dropStandings removes the standings of ads that are not in rows.
func (t tx) dropStandings(ctx context.Context, rows []standingRow, changed map[string]bool) error {
	keep := make(map[string]bool, len(rows))
	for _, r := range rows {
		keep[r.ad] = true
	}
	drop, err := t.others(ctx, "SELECT ad FROM standings ORDER BY ad", keep)
	if err != nil {
		return fmt.Errorf("list standings: %w", err)
	}
	if err := t.in(ctx, "DELETE FROM standings WHERE ad IN (%s) RETURNING ad", drop, mark(changed)); err != nil {
		return fmt.Errorf("remove standings: %w", err)
	}
	return nil
}

// strangers returns the recorded networks that are not in rows.
func (t tx) strangers(ctx context.Context, rows []networkRow) ([]string, error) {
	keep := make(map[string]bool, len(rows))
	for _, r := range rows {
		keep[r.id] = true
	}
	drop, err := t.others(ctx, "SELECT id FROM networks ORDER BY id", keep)
	if err != nil {
		return nil, fmt.Errorf("list networks: %w", err)
	}
	return drop, nil
}

func (t tx) others(ctx context.Context, q string, keep map[string]bool) ([]string, error) {
	var others []string
	err := t.each(ctx, q, nil, func(s scan) error {
		var id string
		err := s(&id)
		if !keep[id] {
			others = append(others, id)
		}
		return err
	})
	return others, err
}

// removeNetworks returns those of ids that there were.
func (t tx) removeNetworks(ctx context.Context, ids []string) ([]string, error) {
	there := make(map[string]bool, len(ids))
	if err := t.in(ctx, "DELETE FROM networks WHERE id IN (%s) RETURNING id", ids, mark(there)); err != nil {
		return nil, fmt.Errorf("remove networks: %w", err)
	}
	var removed []string
	for _, id := range ids {
		if there[id] {
			removed = append(removed, id)
		}
	}
	return removed, nil
}

const upsertNetworks = `ON CONFLICT (id) DO UPDATE SET score = excluded.score, band = excluded.band, ads = excluded.ads,
  first_seen = excluded.first_seen, last_seen = excluded.last_seen, body = excluded.body, class = excluded.class, child = excluded.child,
  score_version = excluded.score_version
WHERE networks.body <> excluded.body
RETURNING id`

// putNetworks returns the ids of networks that are new or not what they were, sorted.
func (t tx) putNetworks(ctx context.Context, rows []networkRow) ([]string, error) {
	args := make([]any, 0, 10*len(rows))
	for _, r := range rows {
		args = append(args, r.id, r.score, r.band, r.ads, r.first, r.last, r.body, r.class, r.child, r.version)
	}
	in := insertion{into: "networks (id, score, band, ads, first_seen, last_seen, body, class, child, score_version)", cols: 10, then: upsertNetworks}
	touched := map[string]bool{}
	if err := t.insert(ctx, in, args, mark(touched)); err != nil {
		return nil, err
	}
	var changed []string
	for _, r := range rows {
		if touched[r.id] {
			changed = append(changed, r.id)
		}
	}
	return changed, nil
}

// putSuccessions records which ids gave way. An id that lives again gives way to none, so its row goes; that, and
// that a successor lives when it is recorded, is why following never turns in a circle.
func (t tx) putSuccessions(ctx context.Context, list []ad.Succession, alive []networkRow) error {
	ids := make([]string, 0, len(alive))
	living := make(map[string]bool, len(alive))
	for _, n := range alive {
		ids = append(ids, n.id)
		living[n.id] = true
	}
	moved := map[string]bool{} // about what they were decided can be another network now
	err := t.in(ctx, "DELETE FROM successions WHERE old_id IN (%s) RETURNING old_id, new_id", ids, func(s scan) error {
		var old, was string
		err := s(&old, &was)
		moved[old], moved[was] = true, true
		return err
	})
	if err != nil {
		return fmt.Errorf("end successions: %w", err)
	}
	list = lastOf(append([]ad.Succession(nil), list...), func(c *ad.Succession) string { return c.Old })
	args := make([]any, 0, 3*len(list))
	for _, c := range list {
		if !living[c.Old] {
			args = append(args, c.Old, c.New, nanos(c.At))
			moved[c.Old], moved[c.New] = true, true
		}
	}
	in := insertion{into: "successions (old_id, new_id, at)", cols: 3,
		then: "ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id, at = excluded.at"}
	if err := t.insert(ctx, in, args, nil); err != nil {
		return err
	}
	for _, c := range list {
		if living[c.Old] || living[c.New] {
			continue
		}
		if _, err := t.successor(ctx, c.Old); err != nil {
			return err
		}
	}
	return t.redecide(ctx, moved)
}

// successor follows successions from id to the last. It returns id itself where there are none.
func (t tx) successor(ctx context.Context, id string) (string, error) {
	seen := map[string]bool{id: true}
	for at := id; ; {
		var next string
		found, err := t.one(ctx, "SELECT new_id FROM successions WHERE old_id = ?", []any{at}, &next)
		if err != nil {
			return "", fmt.Errorf("follow network %q: %w", id, err)
		}
		if !found {
			return at, nil
		}
		if seen[next] {
			return "", fmt.Errorf("network %q: its successions turn in a circle at %q: %w", id, next, fault.ErrPermanent)
		}
		seen[next] = true
		at = next
	}
}
