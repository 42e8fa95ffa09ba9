package store

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"varde/internal/frontier"
)

// pageCols are the columns of a page in the order of pageArgs and scanPage. What is last is the lease; tried is for seenAgain alone.
const pageCols = "page, target, kind, url, due, every, etag, last_modified, sha256, visits, changes, failures, depth, barren, found, read, changed, gone, outcome, tried, owner, leased"

// pageWidth is how many they are.
const pageWidth = 22

// The longest of what sites give for keeping, in bytes. Addresses longer than the first have no cache or server in mind that would take
// them (RFC 9110, 4.1 asks for 8000); a longer validator is not kept, so that the page is asked for in full.
const (
	mostAddress   = 8000
	mostValidator = 1000
	mostDetail    = 500
)

func pageArgs(args []any, p *frontier.Page, tried time.Time) []any {
	return append(args, pageKey(p.Target, p.Kind, p.Name), p.Target, string(p.Kind), kept(p.URL, mostAddress), nanos(p.Due), int64(p.Every), validator(p.ETag), validator(p.LastModified),
		kept(p.SHA256, mostDetail), p.Visits, p.Changes, p.Failures, p.Depth, p.Barren, nanos(p.Found), nanos(p.Read), nanos(p.Changed), nanos(p.Gone), string(p.Outcome), nanos(tried), "", 0)
}

// pageKey names a page. Neither ids of targets nor kinds have a slash.
func pageKey(target string, kind frontier.Kind, name string) string {
	return target + "/" + string(kind) + "/" + name
}

// checkPages refuses names of targets, and others, that cannot be kept.
func checkPages(target string, names ...string) error {
	if strings.Contains(target, "/") {
		return refuse("target", target, "its id has a slash")
	}
	return checkText("target", target, append(names, target)...)
}

func validator(text string) string {
	if len(text) > mostValidator || !storable(text) {
		return ""
	}
	return text
}

func scanPage(s scan) (p frontier.Page, err error) {
	var key, kind, outcome string
	var due, every, found, read, changed, gone, tried, leased int64
	err = s(&key, &p.Target, &kind, &p.URL, &due, &every, &p.ETag, &p.LastModified, &p.SHA256, &p.Visits, &p.Changes, &p.Failures, &p.Depth, &p.Barren,
		&found, &read, &changed, &gone, &outcome, &tried, &p.Owner, &leased)
	p.Name = strings.TrimPrefix(key, pageKey(p.Target, frontier.Kind(kind), ""))
	p.Kind, p.Outcome, p.Every = frontier.Kind(kind), frontier.Outcome(outcome), time.Duration(every)
	p.Due, p.Found, p.Read, p.Changed, p.Gone = fromNanos(due), fromNanos(found), fromNanos(read), fromNanos(changed), fromNanos(gone)
	return p, err
}

// AddPages adds the pages that links lead to and that are not known, due now, and says how many; over counts those that were left out
// because the target has most pages already (0: no bound) or because their names cannot be kept. A known page is due now where the site
// says that it changed after it was read, or where it was gone and is found at another address. One that was never to be read again is due
// too: now where it lay outside the target, and a day after the last try where it was gone.
func (s *Store) AddPages(ctx context.Context, target string, links []frontier.Link, now time.Time, most int) (added, over int, err error) {
	if err := checkPages(target); err != nil {
		return 0, 0, err
	}
	if err := checkTime("target", target, now); err != nil {
		return 0, 0, err
	}
	err = s.changeAgain(ctx, func(t tx) error {
		var left []frontier.Link
		added, left, err = t.addPages(ctx, target, links, now, most)
		over = len(left)
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("add %d pages of target %q: %w", len(links), target, err)
	}
	return added, over, nil
}

// changeAgain is change for transactions of several programs over rows that they take in no common order: where the engine gives one up
// for another, it is done again.
func (s *Store) changeAgain(ctx context.Context, do func(tx) error) error {
	const tries, pause = 20, 10 * time.Millisecond
	err := s.change(ctx, do)
	for n := 1; n < tries && err != nil && s.again != nil && s.again(err); n++ {
		select {
		case <-time.After(rand.N(time.Duration(n) * pause)): // or the same ones would meet again
		case <-ctx.Done():
			return err
		}
		err = s.change(ctx, do)
	}
	return err
}

// state is what is known of a page before it is written.
type state struct {
	url, owner, outcome           string
	due, found, read, gone, tried int64
}

// addPages returns how many pages it added and which links it left out.
func (t tx) addPages(ctx context.Context, target string, links []frontier.Link, now time.Time, most int) (added int, over []frontier.Link, err error) {
	var fresh []frontier.Link
	asked := make(map[string]int, len(links))
	var keys []string
	for _, l := range links {
		key := pageKey(target, l.Kind, l.Name)
		first, again := asked[key]
		switch {
		case again: // of several links the one that says the latest change
			if l.Modified.After(fresh[first].Modified) {
				fresh[first].Modified = l.Modified
			}
			continue
		case l.Name == "" || len(l.Name) > mostKey || !storable(l.Name):
			over = append(over, l)
			continue
		}
		asked[key] = len(fresh)
		keys = append(keys, key)
		fresh = append(fresh, l)
	}
	known, err := t.known(ctx, keys, "")
	if err != nil || len(fresh) == 0 {
		return 0, over, err
	}
	var old []frontier.Link
	fresh = slices.DeleteFunc(fresh, func(l frontier.Link) bool {
		_, ok := known[pageKey(target, l.Kind, l.Name)]
		if ok {
			old = append(old, l)
		}
		return ok
	})
	if err := t.seenAgain(ctx, target, old, known, now); err != nil {
		return 0, nil, err
	}
	if most > 0 && len(fresh) > 0 {
		room, err := t.room(ctx, target, most)
		if err != nil {
			return 0, nil, err
		}
		if room < len(fresh) {
			fresh, over = fresh[:room], append(over, fresh[room:]...)
		}
	}
	added, err = t.insertPages(ctx, target, fresh, now)
	return added, over, err
}

// known returns what is known of pages by their keys; lock is put behind the query.
func (t tx) known(ctx context.Context, keys []string, lock string) (map[string]state, error) {
	known := make(map[string]state, len(keys))
	err := t.in(ctx, "SELECT page, url, owner, outcome, due, found, read, gone, tried FROM pages WHERE page IN (%s)"+lock, keys, func(s scan) error {
		var key string
		var was state
		err := s(&key, &was.url, &was.owner, &was.outcome, &was.due, &was.found, &was.read, &was.gone, &was.tried)
		known[key] = was
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up pages: %w", err)
	}
	return known, nil
}

// seenAgain notes where known pages were found, and makes those due that there is reason to read before their time.
func (t tx) seenAgain(ctx context.Context, target string, links []frontier.Link, known map[string]state, now time.Time) error {
	for _, l := range links {
		was := known[pageKey(target, l.Kind, l.Name)]
		url, due := kept(l.URL, mostAddress), was.due
		moved := url != was.url
		changed := was.read > 0 && l.Modified.After(fromNanos(was.read))
		if (changed || moved && was.gone > 0) && (due == 0 || due > nanos(now)) {
			due = nanos(now)
		} else if due == 0 && l.Kind != frontier.Picture {
			due = was.revived(now)
		}
		if !moved && due == was.due {
			continue
		}
		const q = "UPDATE pages SET url = ?, due = ? WHERE page = ?"
		if err := t.each(ctx, q, []any{url, due, pageKey(target, l.Kind, l.Name)}, nil); err != nil {
			return fmt.Errorf("write a known page: %w", err)
		}
	}
	return nil
}

// goneRest is how long a page that was gone is left alone after the last try, although the site links to it.
const goneRest = 24 * time.Hour

// revived is when a page is due that was never to be read again and that the site links to.
func (was state) revived(now time.Time) int64 {
	if was.outcome == string(frontier.Outside) || was.gone == 0 {
		return nanos(now)
	}
	last := max(was.tried, was.found, was.read, was.gone) // tried is not known of what was read before it was kept
	return max(nanos(now), last+int64(goneRest))
}

// room is how many more pages a target may have. Programs that add at the same time may together go beyond it by what they add.
func (t tx) room(ctx context.Context, target string, most int) (int, error) {
	var have int
	if _, err := t.one(ctx, "SELECT lists + ads FROM page_totals WHERE target = ?", []any{target}, &have); err != nil {
		return 0, fmt.Errorf("look up how many pages there are: %w", err)
	}
	return max(0, most-have), nil
}

func (t tx) insertPages(ctx context.Context, target string, links []frontier.Link, now time.Time) (added int, err error) {
	var args []any
	for _, l := range links {
		args = pageArgs(args, &frontier.Page{Target: target, Kind: l.Kind, Name: l.Name, URL: l.URL, Due: now, Depth: l.Depth, Barren: l.Barren, Found: now}, time.Time{})
	}
	var sum totals
	in := insertion{into: "pages (" + pageCols + ")", cols: pageWidth, then: "ON CONFLICT (page) DO NOTHING RETURNING kind"}
	err = t.insert(ctx, in, args, func(s scan) error {
		var kind string
		err := s(&kind)
		sum.count(frontier.Kind(kind), 1)
		added++
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, t.addTotals(ctx, target, sum)
}

// totals is by how much the numbers of a target's pages change.
type totals struct {
	lists, ads, read, gone int
	lastRead               int64
}

func (n *totals) count(kind frontier.Kind, by int) {
	switch kind {
	case frontier.List:
		n.lists += by
	case frontier.Ad:
		n.ads += by
	}
}

func (t tx) addTotals(ctx context.Context, target string, by totals) error {
	if by == (totals{}) {
		return nil
	}
	in := insertion{into: "page_totals (target, lists, ads, read, gone, last_read)", cols: 6, then: `ON CONFLICT (target) DO UPDATE SET
  lists = page_totals.lists + excluded.lists, ads = page_totals.ads + excluded.ads, read = page_totals.read + excluded.read, gone = page_totals.gone + excluded.gone,
  last_read = CASE WHEN excluded.last_read > page_totals.last_read THEN excluded.last_read ELSE page_totals.last_read END`}
	return t.insert(ctx, in, []any{target, by.lists, by.ads, by.read, by.gone, by.lastRead}, nil)
}

// leasing takes pages of one kind. Of several programs on PostgreSQL none waits for another's choice, and what was chosen is looked at
// again when it is written: another may have leased it between.
const leasing = `WITH pick AS MATERIALIZED (
  SELECT page FROM pages WHERE target = ? AND kind = ? AND due > 0 AND due <= ? AND leased <= ? ORDER BY due LIMIT ?%s)
UPDATE pages SET owner = ?, leased = ? WHERE page IN (SELECT page FROM pick) AND due > 0 AND due <= ? AND leased <= ?
RETURNING ` + pageCols

// Lease hands out at most n pages that are due at now and that nobody has leased beyond it, and keeps them from everybody until then:
// lists before ads, what has been due longest first.
func (s *Store) Lease(ctx context.Context, target, owner string, now, until time.Time, n int) (pages []frontier.Page, err error) {
	if err := checkPages(target, owner); err != nil {
		return nil, err
	}
	if err := checkTime("target", target, now, until); err != nil {
		return nil, err
	}
	q := strings.Replace(leasing, "%s", s.skipLocked, 1)
	err = s.changeAgain(ctx, func(t tx) error {
		pages = nil
		for _, kind := range []frontier.Kind{frontier.List, frontier.Ad} {
			if len(pages) >= n {
				break
			}
			at := nanos(now)
			args := []any{target, string(kind), at, at, n - len(pages), owner, nanos(until), at, at}
			err := t.each(ctx, q, args, func(s scan) error {
				p, err := scanPage(s)
				pages = append(pages, p)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lease %d pages of target %q: %w", n, target, err)
	}
	slices.SortStableFunc(pages, func(a, b frontier.Page) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), a.Due.Compare(b.Due), cmp.Compare(a.Name, b.Name))
	})
	return pages, nil
}

func rank(k frontier.Kind) int {
	return slices.Index([]frontier.Kind{frontier.List, frontier.Ad, frontier.Picture}, k)
}

// Release ends all leases of an owner: what it had under way when it was stopped is due as it was before.
func (s *Store) Release(ctx context.Context, owner string) error {
	if !storable(owner) || owner == "" {
		return nil
	}
	err := s.changeAgain(ctx, func(t tx) error {
		return t.each(ctx, "UPDATE pages SET owner = '', leased = 0 WHERE due > 0 AND owner = ? AND owner <> ''", []any{owner}, nil)
	})
	if err != nil {
		return fmt.Errorf("release what %q has leased: %w", owner, err)
	}
	return nil
}
