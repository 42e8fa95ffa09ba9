package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"

	"varde/internal/ad"
	"varde/internal/fault"
)

// look is one finding made ready: what its sighting is called and the finding as JSON.
type look struct {
	order
	ad      string
	version string
	finding string
	known   []identifierRow
}

type identifierRow struct {
	order
	ad, kind, value     string
	signature, evidence string
}

// prepareLooks encodes findings, sorted by ad and time; of equal sightings the first is kept.
func prepareLooks(findings []ad.Finding) ([]look, error) {
	looks := make([]look, 0, len(findings))
	seen := make(map[string]bool, len(findings))
	for i := range findings {
		f := &findings[i]
		key, id := string(f.Sighting.Key()), f.Sighting.ID()
		if seen[id] {
			continue
		}
		seen[id] = true
		l := look{ad: key, version: f.Sighting.Version(), order: order{nanos(f.Sighting.SeenAt), id}}
		if err := checkText("ad", key, key); err != nil {
			return nil, err
		}
		if f.Sighting.SeenAt.IsZero() {
			return nil, refuse("ad", key, "it has no seen_at")
		}
		if err := checkTime("ad", key, f.Sighting.SeenAt); err != nil {
			return nil, err
		}
		var err error
		if l.finding, err = encode("ad", key, f); err != nil {
			return nil, err
		}
		if l.known, err = prepareIdentifiers(l, f.Identifiers); err != nil {
			return nil, err
		}
		looks = append(looks, l)
	}
	slices.SortFunc(looks, func(a, b look) int {
		return cmp.Or(cmp.Compare(a.ad, b.ad), cmp.Compare(a.seen, b.seen), cmp.Compare(a.sighting, b.sighting))
	})
	return looks, nil
}

func prepareIdentifiers(l look, list []ad.Identifier) ([]identifierRow, error) {
	rows := make([]identifierRow, 0, len(list))
	for _, i := range list {
		if err := checkText("ad", l.ad, string(i.Kind), i.Value); err != nil {
			return nil, err
		}
		r := identifierRow{order: l.order, ad: l.ad, kind: string(i.Kind), value: i.Value, signature: encodeSignature(i.Signature)}
		if len(i.Evidence) > 0 {
			var err error
			if r.evidence, err = encode("ad", l.ad, i.Evidence); err != nil {
				return nil, err
			}
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// encodeSignature writes a MinHash as base64 of its little-endian values: half the length of JSON.
func encodeSignature(sig []uint32) string {
	raw := make([]byte, 0, 4*len(sig))
	for _, v := range sig {
		raw = binary.LittleEndian.AppendUint32(raw, v)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func decodeSignature(text string) ([]uint32, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw)%4 != 0 {
		return nil, fmt.Errorf("%w: a signature of %d characters: %w", fault.ErrDamaged, len(text), err)
	}
	sig := make([]uint32, 0, len(raw)/4)
	for ; len(raw) > 0; raw = raw[4:] {
		sig = append(sig, binary.LittleEndian.Uint32(raw))
	}
	return sig, nil
}

// putLooks records the looks that are new and adds their ads to changed. The commits before it have ended, because this
// one holds the counter: what is read here stays so.
func (t tx) putLooks(ctx context.Context, looks []look, changed map[string]bool) error {
	fresh, err := t.fresh(ctx, looks)
	if err != nil || len(fresh) == 0 {
		return err
	}
	versions, added, err := t.tallyVersions(ctx, fresh)
	if err != nil {
		return err
	}
	// Ads come first: the other rows refer to them.
	if err := t.putAds(ctx, fresh, added, changed); err != nil {
		return err
	}
	if err := t.putVersions(ctx, versions); err != nil {
		return err
	}
	if err := t.putSightings(ctx, fresh); err != nil {
		return err
	}
	return t.putIdentifiers(ctx, fresh)
}

// fresh returns the looks that are not recorded yet.
func (t tx) fresh(ctx context.Context, looks []look) ([]look, error) {
	ids := make([]string, len(looks))
	for i := range looks {
		ids[i] = looks[i].sighting
	}
	known := map[string]bool{}
	if err := t.in(ctx, "SELECT id FROM sightings WHERE id IN (%s)", ids, mark(known)); err != nil {
		return nil, fmt.Errorf("look up sightings: %w", err)
	}
	if len(known) == 0 {
		return looks, nil
	}
	return slices.DeleteFunc(slices.Clone(looks), func(l look) bool { return known[l.sighting] }), nil
}

func (t tx) putSightings(ctx context.Context, looks []look) error {
	args := make([]any, 0, 4*len(looks))
	for i := range looks {
		args = append(args, looks[i].sighting, looks[i].ad, looks[i].seen, looks[i].version)
	}
	return t.insert(ctx, insertion{into: "sightings (id, ad, seen_at, version)", cols: 4}, args, nil)
}

type versionKey struct{ ad, version string }

// tally adds up looks at one thing; looks come in the order in which they were seen.
type tally struct {
	first int64
	last  *look
	n     int
}

func (a *tally) add(l *look) {
	if a.n == 0 {
		a.first = l.seen
	}
	a.last = l
	a.n++
}

// upsertVersions counts and takes the finding of whichever sighting is the latest. first_seen stands for the smallest.
const upsertVersions = `ON CONFLICT (ad, version) DO UPDATE SET
  finding    = CASE WHEN (excluded.last_seen, excluded.sighting) > (versions.last_seen, versions.sighting) THEN excluded.finding ELSE versions.finding END,
  sighting   = CASE WHEN (excluded.last_seen, excluded.sighting) > (versions.last_seen, versions.sighting) THEN excluded.sighting ELSE versions.sighting END,
  first_seen = CASE WHEN excluded.first_seen < versions.first_seen THEN excluded.first_seen ELSE versions.first_seen END,
  last_seen  = CASE WHEN excluded.last_seen > versions.last_seen THEN excluded.last_seen ELSE versions.last_seen END,
  sightings  = versions.sightings + excluded.sightings`

// tallyVersions adds up looks by content, and counts by ad the contents that are not recorded yet.
func (t tx) tallyVersions(ctx context.Context, looks []look) (versions []*tally, added map[string]int, err error) {
	tallies := make(map[versionKey]*tally, len(looks))
	added = make(map[string]int, len(looks))
	var ads []string
	for i := range looks {
		l := &looks[i]
		k := versionKey{l.ad, l.version}
		if tallies[k] == nil {
			tallies[k] = new(tally)
			versions = append(versions, tallies[k])
			if added[l.ad]++; added[l.ad] == 1 {
				ads = append(ads, l.ad)
			}
		}
		tallies[k].add(l)
	}
	err = t.in(ctx, "SELECT ad, version FROM versions WHERE ad IN (%s)", ads, func(s scan) error {
		var k versionKey
		if err := s(&k.ad, &k.version); err != nil {
			return err
		}
		if tallies[k] != nil {
			added[k.ad]--
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("look up versions: %w", err)
	}
	return versions, added, nil
}

func (t tx) putVersions(ctx context.Context, versions []*tally) error {
	args := make([]any, 0, 7*len(versions))
	for _, a := range versions {
		args = append(args, a.last.ad, a.last.version, a.last.sighting, a.first, a.last.seen, a.n, a.last.finding)
	}
	in := insertion{into: "versions (ad, version, sighting, first_seen, last_seen, sightings, finding)", cols: 7, then: upsertVersions}
	return t.insert(ctx, in, args, nil)
}

const upsertAds = `ON CONFLICT (ad) DO UPDATE SET
  version    = CASE WHEN (excluded.last_seen, excluded.sighting) > (ads.last_seen, ads.sighting) THEN excluded.version ELSE ads.version END,
  sighting   = CASE WHEN (excluded.last_seen, excluded.sighting) > (ads.last_seen, ads.sighting) THEN excluded.sighting ELSE ads.sighting END,
  first_seen = CASE WHEN excluded.first_seen < ads.first_seen THEN excluded.first_seen ELSE ads.first_seen END,
  last_seen  = CASE WHEN excluded.last_seen > ads.last_seen THEN excluded.last_seen ELSE ads.last_seen END,
  sightings  = ads.sightings + excluded.sightings,
  versions   = ads.versions + excluded.versions`

// putAds counts in each ad its looks and the contents that looks added, and marks it changed.
func (t tx) putAds(ctx context.Context, looks []look, added map[string]int, changed map[string]bool) error {
	var args []any
	for start := 0; start < len(looks); {
		var a tally
		key, i := looks[start].ad, start
		for ; i < len(looks) && looks[i].ad == key; i++ {
			a.add(&looks[i])
		}
		args = append(args, key, a.last.version, a.last.sighting, a.first, a.last.seen, a.n, added[key])
		changed[key] = true
		start = i
	}
	in := insertion{into: "ads (ad, version, sighting, first_seen, last_seen, sightings, versions)", cols: 7, then: upsertAds}
	return t.insert(ctx, in, args, nil)
}

const upsertIdentifiers = `ON CONFLICT (ad, kind, value) DO UPDATE SET
  seen_at = excluded.seen_at, sighting = excluded.sighting, signature = excluded.signature, evidence = excluded.evidence
WHERE (excluded.seen_at, excluded.sighting) > (identifiers.seen_at, identifiers.sighting)`

func (t tx) putIdentifiers(ctx context.Context, looks []look) error {
	var rows []identifierRow
	for i := range looks {
		rows = append(rows, looks[i].known...)
	}
	rows = lastOf(rows, func(r *identifierRow) string { return r.ad + "\x00" + r.kind + "\x00" + r.value })
	args := make([]any, 0, 7*len(rows))
	for _, r := range rows {
		args = append(args, r.ad, r.kind, r.value, r.seen, r.sighting, r.signature, r.evidence)
	}
	in := insertion{into: "identifiers (ad, kind, value, seen_at, sighting, signature, evidence)", cols: 7, then: upsertIdentifiers}
	return t.insert(ctx, in, args, nil)
}
