package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"varde/internal/ad"
	"varde/internal/fault"
)

// Commit records u whole or not at all and returns the number of the last change. It is on disk when Commit returns nil.
//
// A finding whose sighting is recorded already changes nothing, and standings and networks that stand as they are make
// no change, so the same update may be committed again. Where an ad's sightings arrive out of order, the latest by
// seen_at, then by sighting id, is the one that shows. Commits of several programs follow one another. Ads that go to another network are
// recorded as lineage.
//
// An update that can never be recorded (text that is no UTF-8, a time before 1678, a score that is no number) gives
// fault.ErrPermanent and names the ad or network.
func (s *Store) Commit(ctx context.Context, u ad.Update) (last int64, err error) {
	return s.apply(ctx, u, false)
}

// Replace is Commit for an update that holds the standings of all ads and all networks: standings and networks that are
// not in u are removed in the same transaction. Successions recorded before are kept.
func (s *Store) Replace(ctx context.Context, u ad.Update) (last int64, err error) {
	return s.apply(ctx, u, true)
}

func (s *Store) apply(ctx context.Context, u ad.Update, replace bool) (last int64, err error) {
	p, err := prepare(u)
	if err != nil {
		return 0, fmt.Errorf("commit an update: %w", err)
	}
	err = s.change(ctx, func(t tx) error {
		last, err = t.apply(ctx, p, replace, s.now())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("commit %d findings, %d networks: %w", len(u.Findings), len(u.Networks), err)
	}
	return last, nil
}

// prepared is an update made ready outside the transaction: checked, hashed, encoded, each thing once, sorted by key so
// that neighbours are written together.
type prepared struct {
	looks       []look
	standings   []standingRow
	networks    []networkRow
	removed     []string
	successions []ad.Succession
	children    []ad.ChildFlag
}

func prepare(u ad.Update) (*prepared, error) {
	var p prepared
	var err error
	if p.looks, err = prepareLooks(u.Findings); err != nil {
		return nil, err
	}
	if p.standings, err = prepareStandings(u.Standings); err != nil {
		return nil, err
	}
	if p.networks, err = prepareNetworks(u.Networks); err != nil {
		return nil, err
	}
	alive := make(map[string]bool, len(p.networks))
	for _, n := range p.networks {
		alive[n.id] = true
	}
	for _, id := range u.Removed {
		if !alive[id] {
			p.removed = append(p.removed, id)
		}
	}
	slices.Sort(p.removed)
	p.removed = slices.Compact(p.removed)
	for _, c := range u.Successions {
		if err := checkText("succession", c.Old, c.Old, c.New); err != nil {
			return nil, err
		}
		if !keepable(c.At) {
			return nil, refuse("succession", c.Old, "its time cannot be kept")
		}
	}
	p.successions = u.Successions
	for _, c := range u.Children {
		if err := checkText("child flag of", string(c.Ad), string(c.Ad), c.Version); err != nil {
			return nil, err
		}
		if err := checkTime("child flag of", string(c.Ad), c.SeenAt, c.At); err != nil {
			return nil, err
		}
	}
	p.children = u.Children
	return &p, nil
}

func (t tx) apply(ctx context.Context, p *prepared, replace bool, now time.Time) (last int64, err error) {
	if last, err = t.lastChange(ctx); err != nil {
		return 0, err
	}
	ads := map[string]bool{}
	if err := t.putLooks(ctx, p.looks, ads); err != nil {
		return 0, err
	}
	if err := t.raise(ctx, p.children); err != nil {
		return 0, fmt.Errorf("raise child flags: %w", err)
	}
	moves, lived, err := t.moves(ctx, p.standings)
	if err != nil {
		return 0, err
	}
	if err := t.putStandings(ctx, p.standings, ads); err != nil {
		return 0, err
	}
	removed := p.removed
	if replace {
		if err := t.dropStandings(ctx, p.standings, ads); err != nil {
			return 0, err
		}
		if removed, err = t.strangers(ctx, p.networks); err != nil {
			return 0, err
		}
	}
	if removed, err = t.removeNetworks(ctx, removed); err != nil {
		return 0, err
	}
	networks, err := t.putNetworks(ctx, p.networks)
	if err != nil {
		return 0, err
	}
	if err := t.putSuccessions(ctx, p.successions, p.networks); err != nil {
		return 0, err
	}
	if err := t.putLineage(ctx, last+1, now, lineageOf(moves, lived, removed)); err != nil {
		return 0, err
	}
	return t.putChanges(ctx, last, slices.Sorted(maps.Keys(ads)), networks, removed)
}

// lastChange takes the counter of changes and returns its value. Taking its row first makes commits follow one another, also those of
// another program, so that whoever sees change n sees all changes before it.
func (t tx) lastChange(ctx context.Context) (last int64, err error) {
	if _, err := t.one(ctx, "UPDATE counters SET value = value WHERE name = 'change' RETURNING value", nil, &last); err != nil {
		return 0, fmt.Errorf("take the change counter: %w", err)
	}
	return last, nil
}

func (t tx) putChanges(ctx context.Context, last int64, ads, networks, removed []string) (int64, error) {
	var args []any
	for _, part := range []struct {
		subject ad.Subject
		ids     []string
	}{{ad.AdChanged, ads}, {ad.NetworkChanged, networks}, {ad.NetworkRemoved, removed}} {
		for _, id := range part.ids {
			last++
			args = append(args, last, string(part.subject), id)
		}
	}
	if len(args) == 0 {
		return last, nil
	}
	if err := t.insert(ctx, insertion{into: "changes (seq, subject, id)", cols: 3}, args, nil); err != nil {
		return 0, err
	}
	if err := t.each(ctx, "UPDATE counters SET value = ? WHERE name = 'change'", []any{last}, nil); err != nil {
		return 0, fmt.Errorf("write the change counter: %w", err)
	}
	return last, nil
}

// refuse is the error for what can never be recorded.
func refuse(what, name, reason string) error {
	return fmt.Errorf("%s %q: %s: %w", what, name, reason, fault.ErrPermanent)
}

// storable says whether both engines can keep a text. What is not cannot be recorded, so whoever asks for it finds
// nothing.
func storable(text string) bool { return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 }

// mostKey is the longest key: PostgreSQL indexes no row of more than 2704 bytes.
const mostKey = 2000

// checkText refuses what PostgreSQL cannot keep as text, and empty keys, so that both engines refuse the same.
func checkText(what, name string, values ...string) error {
	for _, v := range values {
		switch {
		case v == "":
			return refuse(what, name, "a key is empty")
		case len(v) > mostKey:
			return refuse(what, name[:min(len(name), 100)], "a key is longer than 2000 bytes")
		case !storable(v):
			return refuse(what, name, "a key is not UTF-8 or holds a zero byte")
		}
	}
	return nil
}

func checkScore(what, name string, score float64) error {
	if math.IsNaN(score) || math.IsInf(score, 0) {
		return refuse(what, name, "its score is no number")
	}
	return nil
}

func encode(what, name string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", refuse(what, name, err.Error())
	}
	return string(b), nil
}

// decode reads JSON that this package wrote; anything else is damage.
func decode(what, name, text string, into any) error {
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("read %s %q: %w: %w", what, name, fault.ErrDamaged, err)
	}
	return nil
}

// lastOf keeps the last of the rows with the same key, sorted by key.
func lastOf[T any](rows []T, key func(*T) string) []T {
	slices.SortStableFunc(rows, func(a, b T) int { return cmp.Compare(key(&a), key(&b)) })
	kept := rows[:0]
	for i := range rows {
		if i+1 == len(rows) || key(&rows[i]) != key(&rows[i+1]) {
			kept = append(kept, rows[i])
		}
	}
	return kept
}

// order is where a sighting stands among others of its ad: by when it was seen, then by its id.
type order struct {
	seen     int64
	sighting string
}

func checkTime(what, name string, times ...time.Time) error {
	for _, at := range times {
		if !keepable(at) {
			return refuse(what, name, "a time cannot be kept: "+at.String())
		}
	}
	return nil
}
