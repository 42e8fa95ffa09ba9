package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"varde/internal/ad"
	"varde/internal/fault"
)

// page is how many ads are read at a time: about a megabyte.
const page = 256

// Ad returns the ad of a key, or fault.ErrNotFound.
func (s *Store) Ad(ctx context.Context, key ad.Key) (ad.Ad, error) {
	list, err := s.AdsOf(ctx, []ad.Key{key})
	if err != nil {
		return ad.Ad{}, err
	}
	if len(list) == 0 {
		return ad.Ad{}, fmt.Errorf("ad %q: %w", key, fault.ErrNotFound)
	}
	return list[0], nil
}

// AdsOf returns the ads of keys in the order of keys, each once. It is not an error if there is no ad of a key: it is
// left out.
func (s *Store) AdsOf(ctx context.Context, keys []ad.Key) ([]ad.Ad, error) {
	names := make([]string, 0, len(keys))
	asked := make(map[ad.Key]bool, len(keys))
	for _, k := range keys {
		if !asked[k] && storable(string(k)) {
			asked[k] = true
			names = append(names, string(k))
		}
	}
	found := make(map[ad.Key]*ad.Ad, len(keys))
	err := s.view(ctx, func(t tx) error {
		for part := range slices.Chunk(names, page) {
			list, err := t.ads(ctx, func(q string, each func(scan) error) error { return t.in(ctx, q, part, each) },
				selectAds+" WHERE a.ad IN (%s)", selectIdentifiers+" WHERE ad IN (%s)")
			if err != nil {
				return err
			}
			for i := range list {
				found[list[i].Key] = &list[i]
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read %d ads: %w", len(names), err)
	}
	list := make([]ad.Ad, 0, len(found))
	for _, k := range names {
		if a := found[ad.Key(k)]; a != nil {
			list = append(list, *a)
		}
	}
	return list, nil
}

// Ads yields all ads whose key is greater than after, in the byte order of their keys. It reads a page at a time, holds
// no lock between pages, and sees of ads that come or change meanwhile what is there when it reaches them. After an
// error it ends.
func (s *Store) Ads(ctx context.Context, after ad.Key) iter.Seq2[ad.Ad, error] {
	return func(yield func(ad.Ad, error) bool) {
		for {
			list, err := s.adsAfter(ctx, after)
			if err != nil {
				yield(ad.Ad{}, fmt.Errorf("read ads after %q: %w", after, err))
				return
			}
			for i := range list {
				if !yield(list[i], nil) {
					return
				}
			}
			if len(list) < page {
				return
			}
			after = list[len(list)-1].Key
		}
	}
}

func (s *Store) adsAfter(ctx context.Context, after ad.Key) (list []ad.Ad, err error) {
	err = s.view(ctx, func(t tx) error {
		var keys []string
		err := t.each(ctx, fmt.Sprintf("SELECT ad FROM ads WHERE ad > ? ORDER BY ad LIMIT %d", page), []any{string(after)}, func(s scan) error {
			var k string
			err := s(&k)
			keys = append(keys, k)
			return err
		})
		if err != nil || len(keys) == 0 {
			return err
		}
		span := []any{keys[0], keys[len(keys)-1]}
		list, err = t.ads(ctx, func(q string, each func(scan) error) error { return t.each(ctx, q, span, each) },
			selectAds+" WHERE a.ad BETWEEN ? AND ? ORDER BY a.ad", selectIdentifiers+" WHERE ad BETWEEN ? AND ?")
		return err
	})
	return list, err
}

const (
	selectAds = `SELECT a.ad, a.first_seen, a.last_seen, a.sightings, a.versions, v.finding,
  COALESCE(s.network, ''), COALESCE(s.score, 0), COALESCE(s.band, ''), COALESCE(s.indicators, 'null'), COALESCE(s.class, ''), COALESCE(s.child, 0), COALESCE(s.score_version, ''), CASE WHEN g.at > a.last_seen THEN g.at ELSE 0 END
FROM ads a JOIN versions v ON v.ad = a.ad AND v.version = a.version LEFT JOIN standings s ON s.ad = a.ad LEFT JOIN gone g ON g.ad = a.ad`
	selectIdentifiers = "SELECT ad, kind, value, signature, evidence FROM identifiers"
)

// ads reads the ads that run's two queries select.
func (t tx) ads(ctx context.Context, run func(q string, each func(scan) error) error, ads, identifiers string) ([]ad.Ad, error) {
	var list []ad.Ad
	at := map[ad.Key]int{}
	err := run(ads, func(s scan) error {
		a, err := scanAd(s)
		at[a.Key] = len(list)
		list = append(list, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = run(identifiers, func(s scan) error {
		key, i, err := scanIdentifier(s)
		if err != nil {
			return err
		}
		if n, ok := at[key]; ok {
			list[n].Identifiers = append(list[n].Identifiers, i)
		}
		return nil
	})
	for i := range list {
		slices.SortFunc(list[i].Identifiers, func(a, b ad.Identifier) int {
			return cmp.Or(cmp.Compare(slices.Index(ad.Kinds, a.Kind), slices.Index(ad.Kinds, b.Kind)), cmp.Compare(a.Value, b.Value))
		})
	}
	return list, err
}

func scanAd(s scan) (a ad.Ad, err error) {
	var key, finding, network, band, indicators, class string
	var first, last, child, gone int64
	if err := s(&key, &first, &last, &a.Sightings, &a.Versions, &finding, &network, &a.Score, &band, &indicators, &class, &child, &a.ScoreVersion, &gone); err != nil {
		return a, err
	}
	a.Key, a.Standing.Key = ad.Key(key), ad.Key(key)
	a.FirstSeen, a.LastSeen, a.Gone = fromNanos(first), fromNanos(last), fromNanos(gone)
	a.Network, a.Band, a.Class, a.Child = network, ad.Band(band), ad.Class(class), child != 0
	if err := decode("the finding of ad", key, finding, &a.Finding); err != nil {
		return a, err
	}
	return a, decode("the standing of ad", key, indicators, &a.Indicators)
}

func scanIdentifier(s scan) (key ad.Key, i ad.Identifier, err error) {
	var name, kind, signature, evidence string
	if err := s(&name, &kind, &i.Value, &signature, &evidence); err != nil {
		return "", i, err
	}
	i.Kind = ad.Kind(kind)
	if i.Signature, err = decodeSignature(signature); err != nil {
		return "", i, fmt.Errorf("read an identifier of ad %q: %w", name, err)
	}
	if evidence != "" {
		err = decode("an identifier of ad", name, evidence, &i.Evidence)
	}
	return ad.Key(name), i, err
}

// Versions returns the different contents of an ad, newest first, each as its latest sighting showed it. It returns
// fault.ErrNotFound where there is no such ad.
func (s *Store) Versions(ctx context.Context, key ad.Key) ([]ad.Finding, error) {
	var list []ad.Finding
	err := s.view(ctx, func(t tx) error {
		if !storable(string(key)) {
			return nil
		}
		return t.each(ctx, "SELECT finding FROM versions WHERE ad = ? ORDER BY last_seen DESC, sighting DESC", []any{string(key)}, func(s scan) error {
			var text string
			if err := s(&text); err != nil {
				return err
			}
			var f ad.Finding
			err := decode("a version of ad", string(key), text, &f)
			list = append(list, f)
			return err
		})
	})
	if err == nil && len(list) == 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read the versions of ad %q: %w", key, err)
	}
	return list, nil
}

// EarlierVersions yields the finding of every version that is not its ad's latest, in the byte order of ads and versions, as Ads does.
func (s *Store) EarlierVersions(ctx context.Context) iter.Seq2[ad.Finding, error] {
	return func(yield func(ad.Finding, error) bool) {
		var last [2]string
		for {
			list, err := s.versionsAfter(ctx, &last)
			if err != nil {
				yield(ad.Finding{}, fmt.Errorf("read earlier versions after %q: %w", last[0], err))
				return
			}
			for i := range list {
				if !yield(list[i], nil) {
					return
				}
			}
			if len(list) < page {
				return
			}
		}
	}
}

// EarlierVersionsOf yields the findings of some ads' versions before the latest.
func (s *Store) EarlierVersionsOf(ctx context.Context, keys []ad.Key) iter.Seq2[ad.Finding, error] {
	return func(yield func(ad.Finding, error) bool) {
		names := make([]string, 0, len(keys))
		for _, k := range keys {
			if storable(string(k)) {
				names = append(names, string(k))
			}
		}
		var list []ad.Finding
		err := s.view(ctx, func(t tx) error {
			list = nil
			const q = "SELECT v.ad, v.finding FROM ads a JOIN versions v ON v.ad = a.ad AND v.version <> a.version WHERE v.ad IN (%s)"
			return t.in(ctx, q, names, func(s scan) error {
				var f ad.Finding
				var key, text string
				if err := s(&key, &text); err != nil {
					return err
				}
				err := decode("a version of ad", key, text, &f)
				list = append(list, f)
				return err
			})
		})
		if err != nil {
			yield(ad.Finding{}, fmt.Errorf("read earlier versions of %d ads: %w", len(keys), err))
			return
		}
		for i := range list {
			if !yield(list[i], nil) {
				return
			}
		}
	}
}

// versionsAfter reads a page of earlier versions and moves last, an ad and a version, to its end.
func (s *Store) versionsAfter(ctx context.Context, last *[2]string) (list []ad.Finding, err error) {
	err = s.view(ctx, func(t tx) error {
		list = nil
		return t.each(ctx, fmt.Sprintf(`SELECT v.ad, v.version, v.finding FROM ads a JOIN versions v ON v.ad = a.ad AND v.version <> a.version
WHERE (v.ad, v.version) > (?, ?) ORDER BY v.ad, v.version LIMIT %d`, page), []any{last[0], last[1]}, func(s scan) error {
			var f ad.Finding
			var text string
			if err := s(&last[0], &last[1], &text); err != nil {
				return err
			}
			err := decode("a version of ad", last[0], text, &f)
			list = append(list, f)
			return err
		})
	})
	return list, err
}

// Known says which of the sightings of ids are recorded; ids that are not are left out.
func (s *Store) Known(ctx context.Context, ids []string) (map[string]bool, error) {
	known := make(map[string]bool, len(ids))
	err := s.view(ctx, func(t tx) error {
		askable := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !storable(id) })
		return t.in(ctx, "SELECT id FROM sightings WHERE id IN (%s)", askable, mark(known))
	})
	if err != nil {
		return nil, fmt.Errorf("look up %d sightings: %w", len(ids), err)
	}
	return known, nil
}
