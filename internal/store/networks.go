package store

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"varde/internal/ad"
	"varde/internal/fault"
	"varde/internal/review"
)

// Network returns the network of an id. A former id gives the network it became, whose ID then differs from id. It
// returns fault.ErrNotFound where there is none.
func (s *Store) Network(ctx context.Context, id string) (n ad.Network, err error) {
	err = s.view(ctx, func(t tx) error {
		if !storable(id) {
			return fault.ErrNotFound
		}
		var body string
		const q = "SELECT body FROM networks WHERE id = ?"
		found, err := t.one(ctx, q, []any{id}, &body)
		if err != nil {
			return err
		}
		if !found {
			now, err := t.successor(ctx, id)
			if err != nil {
				return err
			}
			if found, err = t.one(ctx, q, []any{now}, &body); err != nil {
				return err
			}
		}
		if !found {
			return fault.ErrNotFound
		}
		return decode("network", id, body, &n)
	})
	if err != nil {
		return ad.Network{}, fmt.Errorf("read network %q: %w", id, err)
	}
	return n, nil
}

// Networks yields all networks, also those of one ad, in the byte order of their ids. It reads a page at a time, as Ads.
func (s *Store) Networks(ctx context.Context) iter.Seq2[ad.Network, error] {
	return func(yield func(ad.Network, error) bool) {
		for after := ""; ; {
			list, err := s.networks(ctx, fmt.Sprintf("WHERE id > ? ORDER BY id LIMIT %d", page), after)
			if err != nil {
				yield(ad.Network{}, fmt.Errorf("read networks after %q: %w", after, err))
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
			after = list[len(list)-1].ID
		}
	}
}

func (s *Store) networks(ctx context.Context, where string, args ...any) (list []ad.Network, err error) {
	err = s.view(ctx, func(t tx) error {
		list, err = t.networks(ctx, where, args)
		return err
	})
	return list, err
}

func (t tx) networks(ctx context.Context, where string, args []any) (list []ad.Network, err error) {
	err = t.each(ctx, "SELECT id, body FROM networks "+where, args, func(s scan) error {
		var id, body string
		if err := s(&id, &body); err != nil {
			return err
		}
		var n ad.Network
		err := decode("network", id, body, &n)
		list = append(list, n)
		return err
	})
	return list, err
}

// RankFilter says which networks Ranked returns. Its zero value means all.
type RankFilter struct {
	// Bands limits to networks of these bands; none means all.
	Bands []ad.Band
	// MinAds leaves out networks of fewer ads: 2 leaves out ads that are linked to no other.
	MinAds int
	// MaxAds leaves out networks of more ads where it is above 0; MinScore those of a lower score.
	MaxAds   int
	MinScore float64
	// NoSpam leaves out networks of class spam, OnlySpam all others. OnlyChild leaves only those with an ad in which a child may be
	// involved and nobody has answered that there is none.
	NoSpam, OnlySpam, OnlyChild bool
	// Open leaves out networks about which a decision stands that settles them: leads, referred and dismissed ones.
	Open bool
	// Limit is the most networks returned, 0 for all; Offset says how many to leave out first.
	Limit, Offset int
}

// Ranked returns networks by score, then number of ads, then last seen, each greatest first, then by id. Total is how
// many there are without Limit and Offset.
func (s *Store) Ranked(ctx context.Context, f RankFilter) (list []ad.Network, total int, err error) {
	where, args := "WHERE ads >= ?", []any{f.MinAds}
	if f.MaxAds > 0 {
		where, args = where+" AND ads <= ?", append(args, f.MaxAds)
	}
	if f.MinScore > 0 {
		where, args = where+" AND score >= ?", append(args, f.MinScore)
	}
	if len(f.Bands) > 0 {
		where += " AND band IN (" + strings.TrimSuffix(strings.Repeat("?,", len(f.Bands)), ",") + ")"
		for _, b := range f.Bands {
			args = append(args, string(b))
		}
	}
	if f.NoSpam {
		where += " AND class <> '" + string(ad.Spam) + "'"
	}
	if f.OnlySpam {
		where += " AND class = '" + string(ad.Spam) + "'"
	}
	if f.OnlyChild {
		where += " AND id IN (SELECT network FROM " + possibleChildren + ")"
	}
	if f.Open {
		where += " AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.network = networks.id AND d.decision <> '" + string(review.Watch) + "')"
	}
	err = s.view(ctx, func(t tx) error {
		if _, err := t.one(ctx, "SELECT count(*) FROM networks "+where, args, &total); err != nil {
			return err
		}
		ranked := where + " ORDER BY score DESC, ads DESC, last_seen DESC, id"
		if f.Limit > 0 || f.Offset > 0 {
			limit := f.Limit
			if limit <= 0 {
				limit = total
			}
			ranked += " LIMIT ? OFFSET ?"
			args = append(args, limit, max(f.Offset, 0))
		}
		list, err = t.networks(ctx, ranked, args)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("rank networks: %w", err)
	}
	return list, total, nil
}

// Counts is how much there is.
type Counts struct {
	Ads       int
	Sightings int
	// Networks are those of two ads or more, Singletons those of one; Spam are networks of two ads or more of that class, which are not
	// among Networks. Child are networks of any size and class with an ad in which a child may be involved and nobody has
	// answered that there is none.
	Networks   int
	Singletons int
	Spam       int
	Child      int
	// PerBand counts Networks; every band has an entry.
	PerBand map[ad.Band]int
}

// Counts counts the record as it is now.
func (s *Store) Counts(ctx context.Context) (c Counts, err error) {
	c.PerBand = make(map[ad.Band]int, len(ad.Bands))
	for _, b := range ad.Bands {
		c.PerBand[b] = 0
	}
	err = s.view(ctx, func(t tx) error {
		if _, err := t.one(ctx, "SELECT (SELECT count(*) FROM ads), (SELECT count(*) FROM sightings), (SELECT count(DISTINCT network) FROM "+possibleChildren+")", nil,
			&c.Ads, &c.Sightings, &c.Child); err != nil {
			return err
		}
		return t.each(ctx, `SELECT band, class, count(CASE WHEN ads >= 2 THEN 1 END), count(CASE WHEN ads < 2 THEN 1 END)
FROM networks GROUP BY band, class`, nil, func(s scan) error {
			var band, class string
			var linked, single int
			err := s(&band, &class, &linked, &single)
			c.Singletons += single
			if ad.Class(class) == ad.Spam {
				c.Spam += linked
			} else {
				c.Networks += linked
				c.PerBand[ad.Band(band)] += linked
			}
			return err
		})
	})
	if err != nil {
		return Counts{}, fmt.Errorf("count the record: %w", err)
	}
	return c, nil
}
