package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"varde/internal/fault"
	"varde/internal/frontier"
	"varde/internal/store"
)

func list(name string) frontier.Link   { return link(frontier.List, name) }
func adPage(name string) frontier.Link { return link(frontier.Ad, name) }

func link(kind frontier.Kind, name string) frontier.Link {
	return frontier.Link{Kind: kind, Name: name, URL: "https://m.example/" + name}
}

func add(t tb, s *store.Store, most int, links ...frontier.Link) (added, over int) {
	t.Helper()
	added, over, err := s.AddPages(context.Background(), "m", links, start, most)
	must(t, err)
	return added, over
}

// lease leases at a time after start, for a minute.
func lease(t tb, s *store.Store, owner string, after time.Duration, n int) []frontier.Page {
	t.Helper()
	now := start.Add(after)
	pages, err := s.Lease(context.Background(), "m", owner, now, now.Add(time.Minute), n)
	must(t, err)
	return pages
}

func names(pages []frontier.Page) string {
	var list []string
	for _, p := range pages {
		list = append(list, p.Name)
	}
	return strings.Join(list, " ")
}

// finish records a visit to a page that makes it due after a time; 0 for never.
func finish(t tb, s *store.Store, p frontier.Page, due time.Duration, more ...func(*frontier.Visit)) {
	t.Helper()
	p.Visits++
	p.Read, p.Due = start, time.Time{}
	if due > 0 {
		p.Due = start.Add(due)
	}
	v := frontier.Visit{Page: p, Version: 1, At: start}
	for _, m := range more {
		m(&v)
	}
	must(t, s.Finish(context.Background(), []frontier.Visit{v}))
}

func size(t tb, s *store.Store, after time.Duration) frontier.Size {
	t.Helper()
	n, err := s.FrontierSize(context.Background(), "m", start.Add(after))
	must(t, err)
	return n
}

func pages(t *testing.T, s *store.Store) {
	ctx := context.Background()
	added, over := add(t, s, 0, list("ads"), adPage("1"), adPage("2"), adPage("1"), list("1"))
	same(t, "added", [2]int{added, over}, [2]int{4, 0})
	added, over = add(t, s, 0, list("ads"), adPage("3"))
	same(t, "one is new", [2]int{added, over}, [2]int{1, 0})
	same(t, "size", size(t, s, 0), frontier.Size{Lists: 2, Ads: 3, Due: 5, NextDue: start})
	// Another target has pages of its own, and leasing those of one leaves the other's.
	_, _, err := s.AddPages(ctx, "other", []frontier.Link{adPage("1")}, start, 0)
	must(t, err)

	same(t, "lists come first", names(lease(t, s, "n1", 0, 2)), "1 ads")
	got := lease(t, s, "n1", time.Second, 10)
	same(t, "the rest", names(got), "1 2 3")
	same(t, "a new page", got[0], frontier.Page{Target: "m", Kind: frontier.Ad, Name: "1", URL: "https://m.example/1", Due: start, Found: start, Owner: "n1"})
	same(t, "nothing is left, for nobody", len(lease(t, s, "n2", 2*time.Second, 10))+len(lease(t, s, "n1", 2*time.Second, 10)), 0)

	// A page in full, as it was written.
	full := frontier.Page{Target: "m", Kind: frontier.Ad, Name: "1", URL: "https://m.example/1?a=æ", Due: start.Add(time.Hour), Every: 90 * time.Minute, ETag: `W/"1"`,
		LastModified: "Mon, 02 Nov 2026 10:00:00 GMT", SHA256: "ab", Visits: 3, Changes: 2, Failures: 1, Depth: 4, Barren: 5, Found: start, Read: start.Add(1), Changed: start.Add(2),
		Gone: start.Add(3), Outcome: frontier.Gone}
	must(t, s.Finish(ctx, []frontier.Visit{{Page: full, At: start}}))
	same(t, "not yet", len(lease(t, s, "n1", time.Hour-1, 1)), 1) // another whose lease has run out
	back := lease(t, s, "n1", 2*time.Hour, 10)
	full1 := back[slices.IndexFunc(back, func(p frontier.Page) bool { return p.Name == "1" && p.Kind == frontier.Ad })]
	full.Owner = "n1"
	same(t, "a page read back", full1, full)
	same(t, "size", size(t, s, 0), frontier.Size{Lists: 2, Ads: 3, Due: 4, Read: 1, Gone: 1, LastRead: start.Add(1), NextDue: start})
	same(t, "the other target", func() frontier.Size { n, err := s.FrontierSize(ctx, "other", start); must(t, err); return n }(), frontier.Size{Ads: 1, Due: 1, NextDue: start})
	same(t, "a target nobody knows", func() frontier.Size { n, err := s.FrontierSize(ctx, "\xff", start); must(t, err); return n }(), frontier.Size{})
}

func leases(t *testing.T, s *store.Store) {
	ctx := context.Background()
	add(t, s, 0, adPage("1"), adPage("2"), adPage("3"))
	first := lease(t, s, "n1", 0, 2)
	same(t, "two", len(first), 2)
	same(t, "the other", len(lease(t, s, "n2", 0, 5)), 1)
	// A restart takes its own back at once, and no one else's.
	must(t, s.Release(ctx, "n1"))
	again := lease(t, s, "n1", time.Second, 5)
	same(t, "the same again", names(again), names(first))
	must(t, s.Release(ctx, "\xff"))
	must(t, s.Release(ctx, ""))
	// A lease that runs out is over.
	same(t, "before", len(lease(t, s, "n3", 59*time.Second, 5)), 0)
	same(t, "n2's has run out, n1's not", len(lease(t, s, "n3", time.Minute, 5)), 1)
	// What is finished is due when it says, longest due first; and never where it says so.
	finish(t, s, again[0], 3*time.Minute)
	finish(t, s, again[1], 2*time.Minute)
	third := frontier.Page{Target: "m", Kind: frontier.Ad, Name: "3"}
	finish(t, s, third, 0)
	same(t, "nothing yet", len(lease(t, s, "n1", 2*time.Minute-1, 5)), 0)
	same(t, "in order", names(lease(t, s, "n1", time.Hour, 5)), again[1].Name+" "+again[0].Name)
	same(t, "never", size(t, s, 1000*time.Hour), frontier.Size{Ads: 3, Read: 3, Due: 2, LastRead: start, NextDue: start.Add(2 * time.Minute)})
	for _, bad := range []error{
		second(s.Lease(ctx, "m", "", start, start, 1)), second(s.Lease(ctx, "\x00", "n", start, start, 1)), second(s.Lease(ctx, "m", "n", start, time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC), 1)),
		s.Finish(ctx, []frontier.Visit{{Page: frontier.Page{Target: "m", Kind: frontier.Ad, Name: "\x00"}, At: start}}),
		s.Finish(ctx, []frontier.Visit{{Page: frontier.Page{Target: "m", Kind: frontier.Ad}, At: start}}),
	} {
		if !errors.Is(bad, fault.ErrPermanent) {
			t.Errorf("what can never be kept: %v", bad)
		}
	}
	must(t, s.Finish(ctx, nil))
}

// leasedOnce lets several owners lease, finish and add at the same time: nothing is handed out twice, nothing is lost, totals add up.
func leasedOnce(t *testing.T, s *store.Store) {
	const ads, owners = 300, 4
	var links []frontier.Link
	for i := range ads / 2 {
		links = append(links, adPage(fmt.Sprintf("%04d", i)))
	}
	add(t, s, 0, links...)
	handed := make(chan string, 2*ads)
	all, ctx := errgroup.WithContext(context.Background())
	for o := range owners {
		all.Go(func() error {
			for {
				pages, err := s.Lease(ctx, "m", fmt.Sprint("n", o), start, start.Add(time.Hour), 7)
				if err != nil || len(pages) == 0 {
					return err
				}
				var visits []frontier.Visit
				for i, p := range pages {
					handed <- p.Name
					p.Due, p.Read, p.Visits = start.Add(time.Hour), start, 1
					v := frontier.Visit{Page: p, Version: 1, At: start, Counts: []frontier.Count{{Outcome: frontier.AdRead, N: 1, Example: p.URL}}, Fields: map[string]bool{"title": true, "price": i%2 == 0}}
					// Every page leads to one new page, and all owners to the same known ones.
					if !strings.Contains(p.Name, "next") {
						v.Links = []frontier.Link{adPage("next-" + p.Name), adPage("0001"), {Kind: frontier.Ad, Name: "0002", URL: fmt.Sprint("https://m.example/", o), Modified: start.Add(-time.Hour)}}
					}
					visits = append(visits, v)
				}
				if err := s.Finish(ctx, visits); err != nil {
					return err
				}
			}
		})
	}
	must(t, all.Wait())
	close(handed)
	times := map[string]int{}
	for name := range handed {
		times[name]++
	}
	for len(times) < ads { // who saw nothing due went home while another was adding
		rest := lease(t, s, "late", 0, 100)
		if len(rest) == 0 {
			break
		}
		for _, p := range rest {
			times[p.Name]++
			finish(t, s, p, time.Hour, func(v *frontier.Visit) {
				v.Counts = []frontier.Count{{Outcome: frontier.AdRead, N: 1}}
				if !strings.Contains(p.Name, "next") {
					v.Links = []frontier.Link{adPage("next-" + p.Name)}
				}
			})
		}
	}
	for name, n := range times {
		if n != 1 {
			t.Errorf("page %s was handed out %d times", name, n)
		}
	}
	same(t, "pages", len(times), ads)
	same(t, "size", size(t, s, 0), frontier.Size{Ads: ads, Read: ads, LastRead: start, NextDue: start.Add(time.Hour)})
	tallies, err := s.Tallies(context.Background(), "m")
	must(t, err)
	same(t, "tally", tallies[0].N, ads)
}

func knownPages(t *testing.T, s *store.Store) {
	add(t, s, 0, list("map"), adPage("1"), adPage("2"), adPage("3"), adPage("4"))
	for _, p := range lease(t, s, "n", 0, 10) {
		finish(t, s, p, 10*time.Hour, func(v *frontier.Visit) {
			if v.Page.Name == "4" {
				v.Page.Gone, v.Page.Due = start, time.Time{}
			}
		})
	}
	same(t, "nothing is due", len(lease(t, s, "n", time.Hour, 10)), 0)
	at := func(name, url string, modified time.Duration) frontier.Link {
		return frontier.Link{Kind: frontier.Ad, Name: name, URL: url, Modified: start.Add(modified)}
	}
	_, _, err := s.AddPages(context.Background(), "m", []frontier.Link{
		at("1", "https://m.example/1", -time.Hour), // changed before it was read
		at("2", "https://m.example/2", time.Hour),  // and after
		{Kind: frontier.Ad, Name: "3", URL: "https://m.example/new/3"},
		{Kind: frontier.Ad, Name: "4", URL: "https://m.example/new/4"}, // gone where it was, and found elsewhere
	}, start.Add(time.Hour), 0)
	must(t, err)
	due := lease(t, s, "n", time.Hour, 10)
	same(t, "due", names(due), "2 4")
	same(t, "found elsewhere", due[1].URL, "https://m.example/new/4")
	_, _, err = s.AddPages(context.Background(), "m", []frontier.Link{{Kind: frontier.Ad, Name: "1", URL: "https://m.example/1", Modified: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}, start.Add(2*time.Hour), 0)
	must(t, err)
	rest := lease(t, s, "n", 10*time.Hour, 10)
	same(t, "the others are due at their time", names(rest), "map 2 4 1 3")
	same(t, "found elsewhere", rest[4].URL, "https://m.example/new/3")
}

func roomForPages(t *testing.T, s *store.Store) {
	added, over := add(t, s, 3, list("ads"), adPage("1"), adPage("2"), adPage("3"), adPage("4"))
	same(t, "up to three", [2]int{added, over}, [2]int{3, 2})
	added, over = add(t, s, 3, list("ads"), adPage("1"), adPage("5"))
	same(t, "full", [2]int{added, over}, [2]int{0, 1})
	added, over = add(t, s, 4, adPage("5"), adPage("\xff"), adPage(strings.Repeat("x", 3000)), adPage(""))
	same(t, "what cannot be named is left out", [2]int{added, over}, [2]int{1, 3})
	p := lease(t, s, "n", 0, 1)[0]
	finish(t, s, p, time.Hour, func(v *frontier.Visit) {
		v.Most = 5
		v.Links = []frontier.Link{adPage("6"), adPage("7"), adPage("1"), adPage("8")}
		v.Counts = []frontier.Count{{Outcome: frontier.ListRead, N: 1, Example: p.URL}}
		v.Pictures = []frontier.Page{{Name: "https://m.example/p.jpg"}} // pictures take no room
	})
	same(t, "size", size(t, s, 0), frontier.Size{Lists: 1, Ads: 4, Read: 1, Due: 4, LastRead: start, NextDue: start})
	got, err := s.Tallies(context.Background(), "m")
	must(t, err)
	same(t, "told", got, []frontier.Tally{
		{Count: frontier.Count{Outcome: frontier.ListRead, N: 1, Example: p.URL}, First: start, Last: start},
		{Count: frontier.Count{Outcome: frontier.TooMany, N: 2, Example: "https://m.example/7"}, First: start, Last: start}})
}

func outcomes(t *testing.T, s *store.Store) {
	ctx := context.Background()
	visit := func(after time.Duration, fields map[string]bool, counts ...frontier.Count) frontier.Visit {
		return frontier.Visit{Page: frontier.Page{Target: "m", Kind: frontier.Ad, Name: "1", URL: fmt.Sprint("https://m.example/", after)}, Version: 2, At: start.Add(after), Counts: counts, Fields: fields}
	}
	hostile := "https://m.example/\x00\xff" + strings.Repeat("æ", 9000)
	must(t, s.Finish(ctx, []frontier.Visit{
		visit(5, nil, frontier.Count{Outcome: frontier.Timeout, N: 2, Example: "five", Detail: "d5"}, frontier.Count{Outcome: frontier.AdRead, N: 1, Example: hostile, Detail: hostile}),
		visit(3, nil, frontier.Count{Outcome: frontier.Timeout, N: 1, Example: "three"}, frontier.Count{Outcome: "of_a_newer_program", N: 1}, frontier.Count{Outcome: frontier.TLS}),
	}))
	must(t, s.Finish(ctx, []frontier.Visit{visit(4, nil, frontier.Count{Outcome: frontier.Timeout, N: 10, Example: "four"})}))
	got, err := s.Tallies(ctx, "m")
	must(t, err)
	if !strings.HasPrefix(got[0].Example, "https://m.example/\ufffdæ") || len(got[0].Example) > 8000 || len(got[0].Detail) > 500 {
		t.Errorf("a hostile example is kept as %.60q, %d bytes", got[0].Example, len(got[0].Example))
	}
	got[0].Example, got[0].Detail = "", ""
	same(t, "tallies", got, []frontier.Tally{
		{Count: frontier.Count{Outcome: frontier.AdRead, N: 1}, First: start.Add(5), Last: start.Add(5)},
		{Count: frontier.Count{Outcome: frontier.Timeout, N: 13, Example: "five", Detail: "d5"}, First: start.Add(3), Last: start.Add(5)},
		{Count: frontier.Count{Outcome: "of_a_newer_program", N: 1}, First: start.Add(3), Last: start.Add(3)}})

	// Fields: what was there on how many pages, and on which of the latest.
	for i := range 20 {
		must(t, s.Finish(ctx, []frontier.Visit{
			visit(time.Duration(2*i), map[string]bool{"title": true, "price": i < 17, "phones": true}),
			visit(time.Duration(2*i+1), map[string]bool{"title": i != 3, "price": i < 15})}))
	}
	cover, err := s.Coverages(ctx, "m", 2)
	must(t, err)
	same(t, "coverage", cover, []frontier.Coverage{
		{Field: "title", Version: 2, Pages: 40, Had: 39, Recent: "111111111111", Missing: "https://m.example/7ns", Last: start.Add(39)},
		{Field: "phones", Version: 2, Pages: 20, Had: 20, Recent: "111111111111", Last: start.Add(38)},
		{Field: "price", Version: 2, Pages: 39, Had: 32, Recent: "111010000000", Missing: "https://m.example/39ns", Last: start.Add(39)}}) // the last page came after the fall
	same(t, "fallen", []bool{cover[0].Fallen(), cover[1].Fallen(), cover[2].Fallen()}, []bool{false, false, true})
	none, err := s.Coverages(ctx, "m", 1)
	must(t, err)
	same(t, "of another version", len(none), 0)
}

func pictures(t *testing.T, s *store.Store) {
	ctx := context.Background()
	add(t, s, 0, adPage("1"))
	p := lease(t, s, "n", 0, 1)[0]
	var asked []string
	finish(t, s, p, time.Hour, func(v *frontier.Visit) {
		for i := range 300 {
			url := fmt.Sprintf("https://m.example/%d.jpg", i)
			asked = append(asked, url)
			v.Pictures = append(v.Pictures, frontier.Page{Name: url, URL: url, ETag: fmt.Sprint(i), Read: start, Due: start})
		}
		v.Pictures = append(v.Pictures, frontier.Page{Name: "\xff"}, frontier.Page{Name: strings.Repeat("x", 3000)},
			frontier.Page{Name: "long", ETag: strings.Repeat("e", 2000), LastModified: "\x00"})
	})
	got, err := s.Validators(ctx, "m", append(asked, "none", "\xff", "long", asked[0]))
	must(t, err)
	same(t, "known", len(got), 301)
	same(t, "one", got[asked[7]], frontier.Page{Target: "m", Kind: frontier.Picture, Name: asked[7], URL: asked[7], ETag: "7", Read: start})
	same(t, "validators that are too long or broken are not kept", got["long"], frontier.Page{Target: "m", Kind: frontier.Picture, Name: "long"})
	same(t, "pictures are never due, and are no pages", size(t, s, 0), frontier.Size{Ads: 1, Read: 1, LastRead: start, NextDue: start.Add(time.Hour)})
	same(t, "nor leased", names(lease(t, s, "n", 2*time.Hour, 10)), "1")
	none, err := s.Validators(ctx, "other", asked)
	must(t, err)
	same(t, "of another target", len(none), 0)
}
