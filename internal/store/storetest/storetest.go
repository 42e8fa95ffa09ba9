// Package storetest is what every engine of the record must do, as one suite of tests.
//
// It promises to go through the record's public door only. It never opens a database itself: the caller gives it empty
// records.
package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/internal/ad"
	"varde/internal/store"
)

// Run runs the suite; open gives a new and empty record and closes it when its test ends.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, s *store.Store)
	}{
		{"what is written is read", everything},
		{"an update again changes nothing", again},
		{"the latest sighting shows", latest},
		{"sightings in any order, again and again", anyOrder},
		{"what cannot be kept is refused whole", refused},
		{"ads come in byte order, page by page", paging},
		{"ads by keys", byKeys},
		{"changes have no gaps, with many writers", changes},
		{"a commit given up is not there", givenUp},
		{"former ids lead to what became of them", successions},
		{"networks are ranked and counted", ranking},
		{"replacing takes away what is not named", replacing},
		{"what became of networks is recorded", lineage},
		{"decided networks that were merged or split since", regrouped},
		{"reviews are numbered and follow their networks", reviews},
		{"decisions follow networks that merge and live again", decisionsMove},
		{"people at the desk of reviews", reviewDesk},
		{"versions of scores are kept, and one is in force", scoreVersions},
		{"a score version is decided over what was seen of it, or not at all", decidedOnce},
		{"scores name the version that made them", scoredBy},
		{"several programs start with one score version", weightsStart},
		{"score versions are accepted by a second person", weightsDesk},
		{"accepted points are carried to another program", weightsCarried},
		{"points are proposed anew", weightsAnew},
		{"two people decide on one score version", weightsMeanwhile},
		{"users", users},
		{"sessions", sessions},
		{"targets, their versions and the log", targets},
		{"a target is written over what was seen of it, or not at all", targetsChanged},
		{"people at one desk", atDesk},
		{"pages are known once and read back whole", pages},
		{"pages are leased", leases},
		{"pages are leased once, with many owners", leasedOnce},
		{"known pages that are found again", knownPages},
		{"pages that are read again", revived},
		{"visits that come late", lateVisits},
		{"sites that are left alone", rests},
		{"pages are scheduled anew", hastened},
		{"room for pages", roomForPages},
		{"what came of visits", outcomes},
		{"validators of pictures", pictures},
		{"ads that are gone", gone},
		{"ads that are gone, in any order", goneInAnyOrder},
		{"a possible child is flagged and answered for", childFlags},
		{"what is watched", watched},
		{"what is decided about links", linkDecisions},
		{"spam and possible children are set apart", apart},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

// start is when the tests' first sighting was seen; a nanosecond more would be lost if times were kept less exactly.
var start = time.Date(2026, 5, 1, 20, 0, 0, 123456789, time.UTC)

// finding is a sighting of an ad of a site, seen some nanoseconds after start, that said word.
func finding(site, id string, after time.Duration, word string) ad.Finding {
	return ad.Finding{
		Sighting: ad.Sighting{Site: site, AdID: id, Category: ad.Job, Title: word, SeenAt: start.Add(after)},
		Language: "nb", Rules: "test",
		Identifiers: []ad.Identifier{{Kind: ad.Handle, Value: "telegram:" + word,
			Evidence: []ad.Evidence{{Field: ad.FieldTitle, End: len(word), Quote: fmt.Sprint(word, after)}}}},
	}
}

// full is a finding with something in every field.
func full() ad.Finding {
	s := ad.Sighting{Site: "full.example", AdID: "a/1 ü", URL: "https://full.example/a", Category: ad.SexualServices, Title: "Tittel «æøå»",
		Text: "zero \x00 byte, \u202eright to left, 🙂, <b>&amp;", Language: "nb", PostedAt: start.Add(-time.Hour), SeenAt: start, Location: "Bergen",
		Country: "NO", Prices: []ad.Price{{Amount: 1500.5, Currency: "NOK", Per: "hour"}}, Phones: []string{"+47 00"}, Contacts: []string{"telegram:@x"},
		Advertiser: "mia", Age: 22, Images: []string{"a.jpg"},
		Pictures:   []ad.Picture{{Image: 1, SHA256: "ab", PHash: "0123456789abcdef", Width: 3, Height: 4, Flat: true}},
		Provenance: ad.Provenance{Source: "crawl", Target: "t", TargetVersion: 2, Authorisation: "a", Adapter: "css", PageSHA256: "cd", File: "f", Line: 7, Region: "NO", Problems: []string{"p"}}}
	evidence := []ad.Evidence{{Field: ad.FieldText, Index: 1, Start: 2, End: 3, Quote: "r", Image: 1, Value: "v", Ads: []ad.Key{"x/1"},
		Figure: &ad.Figure{What: "pay", Value: 100, Unit: "NOK", Compared: 200, Basis: "b"}}}
	return ad.Finding{Sighting: s, Language: "nb", Rules: "r1",
		Values:      []ad.Value{{Kind: ad.PlaceValue, Number: 1.5, To: 2, Unit: "NOK/hour", Name: "Bergen", Code: "4601", Evidence: evidence[0]}},
		Identifiers: []ad.Identifier{{Kind: ad.Phone, Value: "+4700000000", Evidence: evidence}, {Kind: ad.TextSig, Value: "feed", Signature: []uint32{0, 1, 1<<32 - 1}}},
		Indicators:  []ad.Indicator{{Code: "S01", Points: 12.25, Confidence: .1, Evidence: evidence}}}
}

// network is a network of two ads, or of as many as are named.
func network(id string, keys ...ad.Key) ad.Network {
	if keys == nil {
		keys = []ad.Key{"a/1", "a/2"}
	}
	return ad.Network{ID: id, Score: .25, Band: ad.Low, Ads: keys, FirstSeen: start, LastSeen: start.Add(time.Hour),
		Identifiers: []ad.NetworkIdentifier{{Kind: ad.Phone, Value: "+4700000000", Ads: 2, Hub: true}},
		Edges:       []ad.Edge{{Ad: keys[0], Kind: ad.Phone, Value: "+4700000000"}},
		Indicators:  []ad.Indicator{{Code: "N01", Points: 1.0 / 3, Confidence: 1}},
		Sites:       []string{"a"}, Places: []string{"Bergen"}, Categories: []ad.Category{ad.Job}, Personas: 3}
}

// tb is what a test and a round of a property test have in common.
type tb interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func commit(t tb, s *store.Store, u ad.Update) int64 {
	t.Helper()
	last, err := s.Commit(context.Background(), u)
	must(t, err)
	return last
}

func must(t tb, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t tb, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// changed returns the changes after a number, written as "subject id", and checks that their numbers have no gap.
func changed(t tb, s *store.Store, after int64) []string {
	t.Helper()
	list, err := s.Changes(context.Background(), after, 1<<30)
	must(t, err)
	var out []string
	for i, c := range list {
		if c.Seq != after+int64(i)+1 {
			t.Fatalf("change %d comes as number %d after %d", c.Seq, i+1, after)
		}
		out = append(out, string(c.Subject)+" "+c.ID)
	}
	last, err := s.LastChange(context.Background())
	must(t, err)
	if last != after+int64(len(list)) {
		t.Fatalf("the last change is %d, %d were given after %d", last, len(list), after)
	}
	return out
}

// ads returns all ads of a site, or all.
func ads(t tb, s *store.Store, site string) []ad.Ad {
	t.Helper()
	var list []ad.Ad
	for a, err := range s.Ads(context.Background(), ad.Key(site)) {
		must(t, err)
		if site != "" && !strings.HasPrefix(string(a.Key), site+"/") {
			break
		}
		list = append(list, a)
	}
	return list
}

func networks(t tb, s *store.Store) []string {
	t.Helper()
	var ids []string
	for n, err := range s.Networks(context.Background()) {
		must(t, err)
		ids = append(ids, n.ID)
	}
	if !slices.IsSorted(ids) {
		t.Fatalf("networks come in the order %q", ids)
	}
	return ids
}
