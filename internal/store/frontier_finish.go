package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"varde/internal/frontier"
)

// Finish records visits, all or none: the new state of their pages, whose leases end, the pages that they lead to, what came of them, which
// fields were there, the validators of pictures, and which ads are gone. Of several visits to one page the last shows. Of a visit that came
// so late that somebody else has its page, or had it since, all is recorded but the page's state.
//
// An ad that is found gone after it was last seen, or seen again, is a change as those of Commit are.
func (s *Store) Finish(ctx context.Context, visits []frontier.Visit) error {
	for i := range visits {
		v := &visits[i]
		if err := checkPages(v.Page.Target, string(v.Page.Kind), v.Page.Name); err != nil {
			return err
		}
		if err := checkTime("page", v.Page.Name, v.At, v.Gone, v.Page.Due, v.Page.Found, v.Page.Read, v.Page.Changed, v.Page.Gone); err != nil {
			return err
		}
	}
	byTarget := map[string][]*frontier.Visit{}
	var targets []string
	for i := range visits {
		t := visits[i].Page.Target
		if byTarget[t] == nil {
			targets = append(targets, t)
		}
		byTarget[t] = append(byTarget[t], &visits[i])
	}
	slices.Sort(targets)
	err := s.changeAgain(ctx, func(t tx) error {
		for _, name := range targets {
			if err := t.finish(ctx, name, byTarget[name]); err != nil {
				return fmt.Errorf("target %q: %w", name, err)
			}
		}
		return t.putGone(ctx, visits) // last: it keeps linking from committing until the transaction ends
	})
	if err != nil {
		return fmt.Errorf("record %d visits: %w", len(visits), err)
	}
	return nil
}

// finish writes the visits of one target.
func (t tx) finish(ctx context.Context, target string, visits []*frontier.Visit) error {
	if err := t.putPages(ctx, target, visits); err != nil {
		return err
	}
	counts := tallies{}
	for _, v := range visits {
		counts.add(v.At, v.Counts...)
	}
	if err := t.putLinks(ctx, target, visits, counts); err != nil {
		return err
	}
	if err := t.putFields(ctx, target, visits); err != nil {
		return err
	}
	return t.putCounts(ctx, target, counts)
}

// upsertPages takes the whole new state, and ends the lease.
var upsertPages = func() string {
	var set []string
	for _, col := range strings.Split(pageCols, ", ")[3:] {
		set = append(set, col+" = excluded."+col)
	}
	return "ON CONFLICT (page) DO UPDATE SET " + strings.Join(set, ", ")
}()

// tried is a page's new state after a try.
type tried struct {
	frontier.Page
	at time.Time
}

func (p *tried) key() string { return pageKey(p.Target, p.Kind, p.Name) }

// putPages writes the state of what was visited, and the pictures' validators.
func (t tx) putPages(ctx context.Context, target string, visits []*frontier.Visit) error {
	var pages, pictures []tried
	var keys []string
	for _, v := range visits {
		pages = append(pages, tried{v.Page, v.At})
		keys = append(keys, pageKey(target, v.Page.Kind, v.Page.Name))
		for _, p := range v.Pictures {
			p.Target, p.Kind, p.Due = target, frontier.Picture, time.Time{}
			if p.Name != "" && len(p.Name) <= mostKey && storable(p.Name) && checkTime("picture", "", p.Found, p.Read, p.Changed, p.Gone) == nil {
				pictures = append(pictures, tried{p, v.At})
			}
		}
	}
	slices.Sort(keys)
	known, err := t.known(ctx, slices.Compact(keys), t.lock)
	if err != nil {
		return err
	}
	pages = slices.DeleteFunc(pages, func(p tried) bool {
		was, there := known[p.key()]
		return p.Owner != "" && there && was.owner != p.Owner // it was leased to another since
	})
	var args []any
	var sum totals
	for _, p := range lastOf(append(pages, pictures...), (*tried).key) {
		args = pageArgs(args, &p.Page, p.at)
		if p.Kind != frontier.Picture {
			was, there := known[p.key()]
			sum.visited(&p.Page, was, there)
		}
	}
	if err := t.insert(ctx, insertion{into: "pages (" + pageCols + ")", cols: pageWidth, then: upsertPages}, args, nil); err != nil {
		return err
	}
	return t.addTotals(ctx, target, sum)
}

// visited counts what a page's new state changes.
func (n *totals) visited(p *frontier.Page, was state, known bool) {
	if !known {
		n.count(p.Kind, 1)
	}
	n.read += turned(!p.Read.IsZero(), was.read > 0)
	n.gone += turned(!p.Gone.IsZero(), was.gone > 0)
	n.lastRead = max(n.lastRead, nanos(p.Read))
}

func turned(is, was bool) int { return int(bit(is) - bit(was)) }

// putLinks adds the pages that visits lead to and counts those for which there is no room.
func (t tx) putLinks(ctx context.Context, target string, visits []*frontier.Visit, counts tallies) error {
	var links []frontier.Link
	var last *frontier.Visit
	for _, v := range visits {
		links = append(links, v.Links...)
		if last == nil || !v.At.Before(last.At) {
			last = v
		}
	}
	if len(links) == 0 {
		return nil
	}
	_, over, err := t.addPages(ctx, target, links, last.At, last.Most)
	if err == nil && len(over) > 0 {
		counts.add(last.At, frontier.Count{Outcome: frontier.TooMany, N: len(over), Example: over[0].URL})
	}
	return err
}

// tallies adds up outcomes.
type tallies map[frontier.Outcome]*frontier.Tally

func (all tallies) add(at time.Time, counts ...frontier.Count) {
	for _, c := range counts {
		if c.N <= 0 {
			continue
		}
		a := all[c.Outcome]
		if a == nil {
			a = &frontier.Tally{First: at, Last: at, Count: frontier.Count{Outcome: c.Outcome}}
			all[c.Outcome] = a
		}
		if at.Before(a.First) {
			a.First = at
		}
		if !at.Before(a.Last) {
			a.Last, a.Example, a.Detail = at, c.Example, c.Detail
		}
		a.N += c.N
	}
}

const upsertCounts = `ON CONFLICT (target, outcome) DO UPDATE SET
  n       = page_counts.n + excluded.n,
  first   = CASE WHEN excluded.first < page_counts.first THEN excluded.first ELSE page_counts.first END,
  last    = CASE WHEN excluded.last >= page_counts.last THEN excluded.last ELSE page_counts.last END,
  example = CASE WHEN excluded.last >= page_counts.last THEN excluded.example ELSE page_counts.example END,
  detail  = CASE WHEN excluded.last >= page_counts.last THEN excluded.detail ELSE page_counts.detail END`

func (t tx) putCounts(ctx context.Context, target string, counts tallies) error {
	var args []any
	for _, c := range sortedBy(counts) {
		args = append(args, target, string(c.Outcome), c.N, nanos(c.First), nanos(c.Last), kept(c.Example, mostAddress), kept(c.Detail, mostDetail))
	}
	return t.insert(ctx, insertion{into: "page_counts (target, outcome, n, first, last, example, detail)", cols: 7, then: upsertCounts}, args, nil)
}

func sortedBy(counts tallies) []*frontier.Tally {
	list := make([]*frontier.Tally, 0, len(counts))
	for _, c := range counts {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *frontier.Tally) int { return cmp.Compare(a.Outcome, b.Outcome) })
	return list
}

const upsertFields = `ON CONFLICT (target, version, field) DO UPDATE SET
  pages = excluded.pages, had = excluded.had, recent = excluded.recent, missing = excluded.missing, last = excluded.last`

// fieldKey names a field's coverage within a target.
type fieldKey struct {
	version int
	field   string
}

// putFields counts the fields of ad pages in the order of the visits.
func (t tx) putFields(ctx context.Context, target string, visits []*frontier.Visit) error {
	asked := map[int]bool{}
	known := map[fieldKey]*frontier.Coverage{}
	touched := map[fieldKey]bool{}
	for _, v := range visits {
		if len(v.Fields) > 0 && !asked[v.Version] {
			asked[v.Version] = true
			if err := t.coverages(ctx, target, v.Version, known); err != nil {
				return err
			}
		}
		for field, there := range v.Fields {
			k := fieldKey{v.Version, field}
			if known[k] == nil {
				known[k] = &frontier.Coverage{Field: field, Version: v.Version}
			}
			known[k].Look(there, v.Page.URL, v.At)
			touched[k] = true
		}
	}
	keys := slices.SortedFunc(maps.Keys(touched), func(a, b fieldKey) int {
		return cmp.Or(cmp.Compare(a.version, b.version), cmp.Compare(a.field, b.field))
	})
	var args []any
	for _, k := range keys {
		c := known[k]
		args = append(args, target, c.Version, c.Field, c.Pages, c.Had, c.Recent, kept(c.Missing, mostAddress), nanos(c.Last))
	}
	return t.insert(ctx, insertion{into: "page_fields (target, version, field, pages, had, recent, missing, last)", cols: 8, then: upsertFields}, args, nil)
}

// coverages reads what is known of the fields of a version, and holds it until the transaction ends.
func (t tx) coverages(ctx context.Context, target string, version int, into map[fieldKey]*frontier.Coverage) error {
	q := "SELECT field, pages, had, recent, missing, last FROM page_fields WHERE target = ? AND version = ? ORDER BY field"
	if t.numbered {
		q += " FOR UPDATE"
	}
	return t.each(ctx, q, []any{target, version}, func(s scan) error {
		c := &frontier.Coverage{Version: version}
		var last int64
		if err := s(&c.Field, &c.Pages, &c.Had, &c.Recent, &c.Missing, &last); err != nil {
			return err
		}
		c.Last = fromNanos(last)
		into[fieldKey{version, c.Field}] = c
		return nil
	})
}

// putGone notes ads that are no longer there, and makes a change of each for which that is news. The latest time counts, so that the
// order in which it is told does not matter.
func (t tx) putGone(ctx context.Context, visits []frontier.Visit) error {
	latest := map[string]int64{}
	var ads []string
	for i := range visits {
		key, at := string(visits[i].Ad), nanos(visits[i].Gone)
		if at == 0 || key == "" || len(key) > mostKey || !storable(key) {
			continue
		}
		if _, ok := latest[key]; !ok {
			ads = append(ads, key)
		}
		latest[key] = max(latest[key], at)
	}
	if len(ads) == 0 {
		return nil
	}
	slices.Sort(ads)
	last, err := t.lastChange(ctx)
	if err != nil {
		return err
	}
	changed, err := t.news(ctx, ads, latest)
	if err != nil {
		return err
	}
	var args []any
	for _, key := range ads {
		args = append(args, key, latest[key])
	}
	if err := t.insert(ctx, insertion{into: "gone (ad, at)", cols: 2, then: "ON CONFLICT (ad) DO UPDATE SET at = excluded.at WHERE excluded.at > gone.at"}, args, nil); err != nil {
		return err
	}
	_, err = t.putChanges(ctx, last, changed, nil, nil)
	return err
}

// news returns the ads, sorted, that will show another time of going than they do.
func (t tx) news(ctx context.Context, ads []string, latest map[string]int64) (changed []string, err error) {
	const q = "SELECT a.ad, a.last_seen, COALESCE(g.at, 0) FROM ads a LEFT JOIN gone g ON g.ad = a.ad WHERE a.ad IN (%s)"
	err = t.in(ctx, q, ads, func(s scan) error {
		var key string
		var seen, was int64
		if err := s(&key, &seen, &was); err != nil {
			return err
		}
		if at := latest[key]; at > was && at > seen {
			changed = append(changed, key)
		}
		return nil
	})
	slices.Sort(changed)
	return changed, err
}
