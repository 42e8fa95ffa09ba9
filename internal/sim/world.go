package sim

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"varde/internal/ad"
	"varde/internal/fault"
	imaging "varde/internal/picture"
)

// Config says which world to make.
type Config struct {
	// Seed decides everything.
	Seed int64
	// Ads is how many ads there are, from 1 up.
	Ads int
	// Start is when the first ad is posted. Ads that must not lie in the future need a Start at least Span before now.
	Start time.Time
	// Span is the time over which the ads are posted; 0 is DefaultSpan.
	Span time.Duration
	// Boilerplate says that sites put standard texts of their own under the ads of others.
	Boilerplate bool
}

// DefaultSpan is the time over which a world's ads are posted.
const DefaultSpan = 30 * 24 * time.Hour

// seenAfter is how long after its posting an ad of the file was seen.
const seenAfter = 30 * time.Minute

// World is a set of ads with known controllers. It is safe for use by several goroutines.
type World struct {
	cfg         Config
	words       *words
	controllers []controller
	plan        []entry
	phones      []int32 // the first number of each controller, nil in all but large worlds
	hubs        int
	stocks      int
	independent []int             // the controllers whose sentences others may copy
	thefts      map[int]theft     // what rings paste of others, by ring
	robbed      map[int]bool      // the independents of whom they do
	bySite      [sites][]int32    // an ad's number on its site → its place in the plan
	bySection   [sections][]int32 // the small site's ads
}

// controller is who stands behind ads; its number is its place in the world.
type controller struct {
	kind Kind
	// ads is how many of its drafts are in the world: the last controller of a kind may be cut short.
	ads int
}

// entry is one ad of the plan.
type entry struct {
	posted     int64 // seconds after Start
	controller int32
	draft      int32
	number     int32 // counts the ads of its site
	site       site
	section    section
}

// Truth says who is behind an ad.
type Truth struct {
	Ad           ad.Key `json:"ad"`
	Controller   string `json:"controller"`
	Kind         string `json:"kind"`
	Exploitative bool   `json:"exploitative"`
	// Traits are what is special about the ad, for tests; they are not written to the file.
	Traits []Trait `json:"-"`
}

// NewWorld plans a world. It panics if cfg.Ads is less than 1.
func NewWorld(cfg Config) *World {
	if cfg.Ads < 1 {
		panic(fmt.Sprintf("sim: a world of %d ads", cfg.Ads))
	}
	if cfg.Span <= 0 {
		cfg.Span = DefaultSpan
	}
	cfg.Start = cfg.Start.UTC().Truncate(time.Minute)
	w := &World{cfg: cfg, words: readWords()}
	w.populate()
	w.schedule()
	return w
}

// populate decides which controllers there are, and how many hubs and stock pictures they share.
func (w *World) populate() {
	want := quotas(w.cfg.Ads)
	for _, s := range shares() {
		for left := want[s.kind]; left > 0; {
			c := len(w.controllers)
			w.controllers = append(w.controllers, controller{kind: s.kind})
			n := min(left, w.size(c))
			w.controllers[c].ads = n
			left -= n
			if s.kind == Independent {
				w.independent = append(w.independent, c)
			}
		}
	}
	w.assignPhones()
	users := float64(len(w.independent))
	w.hubs = 1 + int(users*hubChance)/(2*leastHubUsers)
	w.stocks = 1 + int(users*stockChance)/(2*leastHubUsers)
	w.rob()
}

// schedule puts the ads of all controllers in the order in which they are posted, and numbers them site by site.
func (w *World) schedule() {
	w.plan = make([]entry, 0, w.cfg.Ads)
	for c := range w.controllers {
		for i, d := range w.profile(c).drafts {
			w.plan = append(w.plan, entry{posted: int64(d.at / time.Second), controller: int32(c), draft: int32(i), site: d.site, section: d.section})
		}
	}
	slices.SortFunc(w.plan, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.posted, b.posted), cmp.Compare(a.controller, b.controller), cmp.Compare(a.draft, b.draft))
	})
	for i := range w.plan {
		e := &w.plan[i]
		e.number = int32(len(w.bySite[e.site]))
		w.bySite[e.site] = append(w.bySite[e.site], int32(i))
		if e.site == smaajobb {
			w.bySection[e.section] = append(w.bySection[e.section], int32(i))
		}
	}
}

// Len returns how many ads the world has.
func (w *World) Len() int { return len(w.plan) }

// Sightings yields every ad in the order in which it was posted, as it was seen half an hour later: the fields that its page
// shows. Images are named as Picture and Write name them; Pictures are not hashed.
func (w *World) Sightings() iter.Seq[ad.Sighting] {
	return func(yield func(ad.Sighting) bool) {
		for i := range w.plan {
			if !yield(w.Sighting(i)) {
				return
			}
		}
	}
}

// Sighting returns the i-th ad, counted from 0 in the order of posting.
func (w *World) Sighting(i int) ad.Sighting {
	return w.content(i).sighting()
}

// Truth returns for every ad, in the order of Sightings, who controls it.
func (w *World) Truth() []Truth {
	out := make([]Truth, len(w.plan))
	first := make([]int32, len(w.controllers)+1) // of each controller's drafts, in the places below
	for c, who := range w.controllers {
		first[c+1] = first[c] + int32(who.ads)
	}
	at := make([]int32, len(w.plan)) // a draft's place in the plan
	for i, e := range w.plan {
		at[first[e.controller]+e.draft] = int32(i)
	}
	for c, who := range w.controllers {
		name := "c" + strconv.Itoa(c)
		for n, d := range w.profile(c).drafts {
			i := at[int(first[c])+n]
			e := &w.plan[i]
			out[i] = Truth{Ad: ad.MakeKey(e.site.name(), e.site.id(int(e.number))), Controller: name, Kind: string(who.kind),
				Exploitative: who.kind.Exploitative(), Traits: d.traits}
		}
	}
	return out
}

// WriteTruth writes the truth as JSON Lines, as `varde eval --gold` reads it.
func (w *World) WriteTruth(out io.Writer) error {
	for _, t := range w.Truth() {
		if err := ad.WriteLine(out, &t); err != nil {
			return fmt.Errorf("write truth of %s: %w", t.Ad, err)
		}
	}
	return nil
}

// Write writes the ad file. Where dir is not empty, the pictures are written below it, so that an ad file in dir finds them.
func (w *World) Write(out io.Writer, dir string) error {
	for i := range w.plan {
		s := w.Sighting(i)
		if err := ad.WriteLine(out, &s); err != nil {
			return fmt.Errorf("write ad %s: %w", s.Key(), err)
		}
		if dir == "" {
			continue
		}
		for n, name := range s.Images {
			data, _, _ := w.Picture(s.Key(), n+1)
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return fmt.Errorf("write pictures: %w", err)
			}
			if err := os.WriteFile(path, data, 0o644); err != nil {
				return fmt.Errorf("write picture %s: %w", name, err)
			}
		}
	}
	return nil
}

// Picture draws the n-th picture, from 1, of an ad, and returns it with its media type. ok is false where there is none.
func (w *World) Picture(key ad.Key, n int) (data []byte, mediaType string, ok bool) {
	i, ok := w.find(key)
	if !ok {
		return nil, "", false
	}
	c := w.content(i)
	if n < 1 || n > len(c.pictures) {
		return nil, "", false
	}
	data, mediaType = c.pictures[n-1].encode(w.cfg.Seed)
	return data, mediaType, true
}

// Hash adds the hashes of its pictures to an ad of the world, as crawling it would. Drawing and hashing take some milliseconds.
func (w *World) Hash(s *ad.Sighting) error {
	s.Pictures = nil
	for n := range s.Images {
		data, _, ok := w.Picture(s.Key(), n+1)
		if !ok {
			return fmt.Errorf("hash picture %d of %s: %w", n+1, s.Key(), fault.ErrNotFound)
		}
		p, err := imaging.Hash(bytes.NewReader(data), imaging.Limits{})
		if err != nil {
			return fmt.Errorf("hash picture %d of %s: %w", n+1, s.Key(), err)
		}
		p.Image = n + 1
		s.Pictures = append(s.Pictures, p)
	}
	return nil
}

// find returns the place of an ad in the plan.
func (w *World) find(key ad.Key) (int, bool) {
	s, number, ok := parseKey(key)
	if !ok {
		return 0, false
	}
	if number < 0 || number >= len(w.bySite[s]) {
		return 0, false
	}
	return int(w.bySite[s][number]), true
}
