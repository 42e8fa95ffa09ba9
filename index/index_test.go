package index_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"varde/index"
	"varde/index/query"
	"varde/internal/ad"
	"varde/internal/store"
)

var seen = time.Date(2026, 10, 4, 12, 0, 0, 0, time.UTC)

// record is the real store, with the one method that the index names otherwise.
type record struct{ *store.Store }

func (r record) Size(ctx context.Context) (ads, networks int, err error) {
	c, err := r.Counts(ctx)
	return c.Ads, c.Networks, err
}

func newRecord(t testing.TB) record {
	t.Helper()
	s, err := store.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "v.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return record{s}
}

func finding(id, lang, place, title, text, phone string) ad.Finding {
	f := ad.Finding{Language: lang, Sighting: ad.Sighting{Site: "a.example", AdID: id, Title: title, Text: text, Location: place, SeenAt: seen, Category: ad.SexualServices}}
	if phone != "" {
		f.Identifiers = []ad.Identifier{{Kind: ad.Phone, Value: phone}}
	}
	return f
}

// sample is two linked ads in Norwegian, one in English and one in Polish.
func sample() ad.Update {
	u := ad.Update{Findings: []ad.Finding{
		finding("1", "nb", "Tromsø", "Ny annonse", "Jentene våre venter på deg i sentrum hver dag", "+4741234567"),
		finding("2", "nb", "Bergen", "Hei", "Rolige omgivelser og massasjer, blåbær til kaffen", "+4741234567"),
		finding("3", "en", "Oslo", "Cleaner wanted", "We are looking for a cleaner, cleaning experience is welcome", "+46701234567"),
		finding("4", "pl", "Moss", "Praca", "Szukamy pracowników do sprzątania", ""),
	}}
	for i, f := range u.Findings {
		st := ad.Standing{Key: f.Sighting.Key(), Network: "n-1", Score: 0.5, Band: ad.Elevated, Indicators: []ad.Indicator{{Code: "N01"}}}
		if i > 1 {
			st = ad.Standing{Key: f.Sighting.Key(), Network: fmt.Sprint("n-", i), Band: ad.Low}
			u.Networks = append(u.Networks, ad.Network{ID: st.Network, Band: ad.Low, Ads: []ad.Key{st.Key}, FirstSeen: seen, LastSeen: seen})
		}
		u.Standings = append(u.Standings, st)
	}
	u.Networks = append(u.Networks, ad.Network{ID: "n-1", Score: 0.5, Band: ad.Elevated, Ads: []ad.Key{"a.example/1", "a.example/2"}, FirstSeen: seen, LastSeen: seen,
		Sites: []string{"a.example"}, Places: []string{"Tromsø", "Bergen"}, Categories: []ad.Category{ad.SexualServices},
		Identifiers: []ad.NetworkIdentifier{{Kind: ad.Phone, Value: "+4741234567", Ads: 2}}, Indicators: []ad.Indicator{{Code: "N01"}}})
	return u
}

func commit(t testing.TB, r record, u ad.Update) {
	t.Helper()
	if _, err := r.Commit(context.Background(), u); err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, r record, dir string) *index.Index {
	t.Helper()
	ix, err := index.Open(context.Background(), index.Config{Dir: dir, Records: r})
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func closeIndex(t testing.TB, ix *index.Index) {
	t.Helper()
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
}

func search(t testing.TB, ix *index.Index, r query.Request) (ids []string, res query.Result) {
	t.Helper()
	r.Size = 50
	res, err := ix.Search(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range res.Hits {
		ids = append(ids, h.Kind+":"+h.ID)
	}
	slices.Sort(ids)
	if res.Total != len(ids) {
		t.Errorf("%q: %d hits counted, %d listed", r.Text, res.Total, len(ids))
	}
	return ids, res
}

func TestSearch(t *testing.T) {
	r := newRecord(t)
	commit(t, r, sample())
	ix := open(t, r, t.TempDir())
	defer closeIndex(t, ix)
	both, pair := "ad:a.example/1 ad:a.example/2 network:n-1", map[string][]string{}
	tests := []struct {
		name, text string
		filters    map[string][]string
		kind       string
		want       string
	}{
		{name: "word", text: "sentrum", want: "ad:a.example/1"},
		{name: "any case", text: "SENTRUM", want: "ad:a.example/1"},
		{name: "another form in Norwegian", text: "massasje", want: "ad:a.example/2"},
		{name: "another form in English", text: "cleaners", want: "ad:a.example/3"},
		{name: "two words, both", text: "jentene sentrum", want: "ad:a.example/1"},
		{name: "two words, one missing", text: "jentene kaffen"},
		{name: "phrase", text: `"venter på deg"`, want: "ad:a.example/1"},
		{name: "phrase in another order", text: `"deg på venter"`},
		{name: "without its letter", text: "blabær", want: "ad:a.example/2"},
		{name: "place without its letter", text: "Tromso", want: "ad:a.example/1 network:n-1"},
		{name: "phone with plus", text: "+47 412 34 567", want: both},
		{name: "phone with zeros", text: "0047 41234567", want: both},
		{name: "phone with hyphens", text: "412-34-567", want: both},
		{name: "phone bare", text: "41234567", want: both},
		{name: "phone in full-width digits", text: "４１２３４５６７", want: both},
		{name: "phone with its plus apart", text: "+ 47 41234567", want: both},
		{name: "letters whose accents stand apart", text: "bla\u030abær", want: "ad:a.example/2"},
		{name: "band in any case", text: "band:Elevated", want: both},
		{name: "signs alone", text: `"`},
		{name: "the key of an ad", text: "a.example/3", want: "ad:a.example/3"},
		{name: "the id of a network", text: "n-1", want: "network:n-1"},
		{name: "middle of a phone", text: "23 45 6", want: "ad:a.example/1 ad:a.example/2 ad:a.example/3 network:n-1"},
		{name: "Swedish with its zero", text: "070-123 45 67", want: "ad:a.example/3"},
		{name: "unknown phone", text: "99887766"},
		{name: "field", text: "place:bergen", want: "ad:a.example/2 network:n-1"},
		{name: "not", text: "place:bergen -massasje", want: "network:n-1"},
		{name: "not alone", text: "-code:N01", want: "ad:a.example/3 ad:a.example/4"},
		{name: "networks only", text: "41234567", kind: query.Networks, want: "network:n-1"},
		{name: "title of an ad finds its network", text: "annonse", kind: query.Networks, want: "network:n-1"},
		{name: "filter", filters: map[string][]string{"band": {"elevated"}}, want: both},
		{name: "two values of a filter", filters: map[string][]string{"place": {"Oslo", "Moss"}}, want: "ad:a.example/3 ad:a.example/4"},
		{name: "two filters", filters: map[string][]string{"band": {"elevated"}, "place": {"Oslo"}}},
		{name: "seen after", text: "after:2026-10-05"},
		{name: "seen since", text: "after:2026-10-04 site:a.example", kind: query.Ads, want: "ad:a.example/1 ad:a.example/2 ad:a.example/3 ad:a.example/4"},
		{name: "no date", text: "after:soon"},
		{name: "Polish as it stands", text: "sprzątania", want: "ad:a.example/4"},
		{name: "nothing", text: "finnesikke"},
		{name: "network by id", text: "network:n-1", want: both},
		{name: "operators are words", text: "AND OR * ~ ( [", filters: pair},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := search(t, ix, query.Request{Text: tt.text, Filters: tt.filters, Kind: tt.kind})
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("%q finds %q, want %q", tt.text, g, tt.want)
			}
		})
	}
}

func TestFacetsAndFragments(t *testing.T) {
	r := newRecord(t)
	commit(t, r, sample())
	ix := open(t, r, t.TempDir())
	defer closeIndex(t, ix)
	_, res := search(t, ix, query.Request{Kind: query.Ads})
	counts := map[string]int{}
	for _, f := range res.Facets {
		for _, v := range f.Values {
			counts[f.Name+":"+v.Value] = v.Count
		}
	}
	for name, want := range map[string]int{"band:elevated": 2, "band:low": 2, "code:N01": 2, "place:Tromsø": 1, "site:a.example": 4, "language:nb": 2, "category:sexual_services": 4} {
		if counts[name] != want {
			t.Errorf("facet %s counts %d, want %d (%v)", name, counts[name], want, counts)
		}
	}
	_, res = search(t, ix, query.Request{Text: "jente sentrum", Kind: query.Ads})
	var marked []string
	whole := ""
	for _, f := range res.Hits[0].Fragments {
		for _, p := range f.Parts {
			whole += p.Text
			if p.Match {
				marked = append(marked, p.Text)
			}
		}
	}
	if strings.Join(marked, " ") != "Jentene sentrum" || !strings.Contains(whole, "venter på deg i") {
		t.Errorf("marked %q in %q", marked, whole)
	}
}

func TestFollowsChanges(t *testing.T) {
	r := newRecord(t)
	dir := t.TempDir()
	ix := open(t, r, dir)
	if got, _ := search(t, ix, query.Request{}); len(got) != 0 {
		t.Errorf("an empty index finds %v", got)
	}
	ctx, stop := context.WithCancel(context.Background())
	wake, done := make(chan struct{}, 1), make(chan error, 1)
	go func() { done <- ix.Follow(ctx, wake) }()
	commit(t, r, sample())
	wake <- struct{}{}
	reach(t, r, ix)
	if got, _ := search(t, ix, query.Request{Text: "41234567"}); len(got) != 3 {
		t.Errorf("found %v", got)
	}
	u := sample() // the network falls apart
	u.Findings, u.Removed = nil, []string{"n-1"}
	u.Networks = []ad.Network{{ID: "n-8", Band: ad.Low, Ads: []ad.Key{"a.example/1"}, FirstSeen: seen, LastSeen: seen}, {ID: "n-9", Band: ad.Low, Ads: []ad.Key{"a.example/2"}, FirstSeen: seen, LastSeen: seen}}
	u.Standings = []ad.Standing{{Key: "a.example/1", Network: "n-8", Band: ad.Low}, {Key: "a.example/2", Network: "n-9", Band: ad.Low}}
	u.Successions = []ad.Succession{{Old: "n-1", New: "n-8", At: seen}}
	commit(t, r, u)
	wake <- struct{}{}
	reach(t, r, ix)
	if got, _ := search(t, ix, query.Request{Text: "41234567"}); strings.Join(got, " ") != "ad:a.example/1 ad:a.example/2" {
		t.Errorf("after a split: %v", got)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	closeIndex(t, ix)
	again := open(t, r, dir)
	defer closeIndex(t, again)
	if len(again.Notices()) > 0 || again.Seq() != ix.Seq() {
		t.Errorf("a clean start: notices %v, change %d of %d", again.Notices(), again.Seq(), ix.Seq())
	}
}

func reach(t *testing.T, r record, ix *index.Index) {
	t.Helper()
	last, err := r.LastChange(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for ix.Seq() < last {
		select {
		case <-deadline:
			t.Fatalf("the index is at change %d, the record at %d", ix.Seq(), last)
		case <-tick.C:
		}
	}
}

// damage are ways in which files go bad, each on the folder of a Bleve index.
var damage = map[string]func(t *testing.T, store string){
	"bytes flipped in a segment": func(t *testing.T, store string) {
		change(t, segment(t, store), func(b []byte) []byte {
			for i := len(b) / 3; i < len(b)/3+40; i++ {
				b[i] ^= 0x55
			}
			return b
		})
	},
	"segment cut": func(t *testing.T, store string) {
		change(t, segment(t, store), func(b []byte) []byte { return b[:len(b)/2] })
	},
	"segment gone": func(t *testing.T, store string) {
		if err := os.Remove(segment(t, store)); err != nil {
			t.Fatal(err)
		}
	},
	"bolt cut": func(t *testing.T, store string) { // within the four pages that every bolt file uses
		change(t, filepath.Join(store, "root.bolt"), func(b []byte) []byte { return b[:12<<10] })
	},
	"bolt zeroed": func(t *testing.T, store string) {
		change(t, filepath.Join(store, "root.bolt"), func(b []byte) []byte { clear(b); return b })
	},
	"bolt gone": func(t *testing.T, store string) {
		if err := os.Remove(filepath.Join(store, "root.bolt")); err != nil {
			t.Fatal(err)
		}
	},
}

func segment(t *testing.T, store string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(store, "*.zap"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no segments: %v", err)
	}
	return found[0]
}

func change(t *testing.T, path string, f func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, f(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDamageIsNoticedAndMended(t *testing.T) {
	r := newRecord(t)
	commit(t, r, sample())
	for name, break1 := range damage {
		for _, stop := range []string{"clean", "killed"} {
			t.Run(stop+", "+name, func(t *testing.T) {
				dir := t.TempDir()
				ix := open(t, r, dir)
				if stop == "killed" { // a copy of the open folder is what a killed process leaves
					copied := t.TempDir()
					if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
						t.Fatal(err)
					}
					dir = copied
				}
				closeIndex(t, ix)
				break1(t, filepath.Join(dir, "current", "bleve", "store"))
				again := open(t, r, dir)
				defer closeIndex(t, again)
				if len(again.Notices()) == 0 {
					t.Error("the damage went unnoticed")
				}
				if got, _ := search(t, again, query.Request{Text: "41234567"}); len(got) != 3 {
					t.Errorf("after mending: %v", got)
				}
			})
		}
	}
}

func TestKilledWithoutDamageGoesOn(t *testing.T) {
	r := newRecord(t)
	commit(t, r, sample())
	dir, copied := t.TempDir(), t.TempDir()
	ix := open(t, r, dir)
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	closeIndex(t, ix)
	again := open(t, r, copied)
	defer closeIndex(t, again)
	if len(again.Notices()) > 0 {
		t.Errorf("rebuilt without need: %v", again.Notices())
	}
}

func TestSwapCutShortIsFinished(t *testing.T) {
	r := newRecord(t)
	commit(t, r, sample())
	for name, leave := range map[string]func(t *testing.T, dir string){
		"new is whole, current moved away": func(t *testing.T, dir string) {
			rename(t, filepath.Join(dir, "current"), filepath.Join(dir, "new"))
		},
		"new is not whole": func(t *testing.T, dir string) {
			if err := os.MkdirAll(filepath.Join(dir, "new", "bleve"), 0o700); err != nil {
				t.Fatal(err)
			}
		},
		"old was left": func(t *testing.T, dir string) {
			if err := os.CopyFS(filepath.Join(dir, "old"), os.DirFS(filepath.Join(dir, "current"))); err != nil {
				t.Fatal(err)
			}
		},
		"everything gone": func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "current")); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			closeIndex(t, open(t, r, dir))
			leave(t, dir)
			ix := open(t, r, dir)
			defer closeIndex(t, ix)
			if got, _ := search(t, ix, query.Request{Text: "41234567"}); len(got) != 3 {
				t.Errorf("found %v", got)
			}
			for _, left := range []string{"new", "old"} {
				if _, err := os.Stat(filepath.Join(dir, left)); err == nil {
					t.Errorf("%s is left", left)
				}
			}
		})
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func TestRebuildKeepsAnswering(t *testing.T) {
	r := newRecord(t)
	commit(t, r, sample())
	ix := open(t, r, t.TempDir())
	defer closeIndex(t, ix)
	done := make(chan error, 1)
	go func() { done <- ix.Rebuild(context.Background()) }()
	for {
		if got, _ := search(t, ix, query.Request{Text: "41234567"}); len(got) != 3 {
			t.Fatalf("during a rebuild: %v", got)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}

func BenchmarkIndexAndSearch(b *testing.B) {
	r := newRecord(b)
	const ads = 5000
	var u ad.Update
	for i := range ads {
		f := finding(fmt.Sprint(i), "nb", "Bergen", fmt.Sprint("Annonse ", i), strings.Repeat(fmt.Sprintf("ord%d og enda noen ord til i teksten ", i%97), 8), fmt.Sprintf("+4740%06d", i))
		u.Findings = append(u.Findings, f)
		u.Standings = append(u.Standings, ad.Standing{Key: f.Sighting.Key(), Network: fmt.Sprint("n-", i), Band: ad.Low})
		u.Networks = append(u.Networks, ad.Network{ID: fmt.Sprint("n-", i), Ads: []ad.Key{f.Sighting.Key()}, Band: ad.Low, FirstSeen: seen, LastSeen: seen})
	}
	commit(b, r, u)
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			closeIndex(b, open(b, r, b.TempDir()))
		}
		b.ReportMetric(float64(ads*b.N)/b.Elapsed().Seconds(), "ads/s")
	})
	ix := open(b, r, b.TempDir())
	defer closeIndex(b, ix)
	b.Run("search", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := ix.Search(context.Background(), query.Request{Text: fmt.Sprintf("ord%d teksten", i%97), Size: 25}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
