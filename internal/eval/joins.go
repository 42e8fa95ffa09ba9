package eval

import (
	"cmp"
	"slices"
)

// Shown is what one ad shows, as the truth about a simulated world knows it.
type Shown struct {
	// Own are contacts and pictures that are no hub's: whoever shares one may well belong together. Hubs are those that are.
	Own, Hubs []string
	// Text are the hashes of its word triples, sorted, without what its site puts under every ad.
	Text []uint32
}

// Joins says how networks with ads of several controllers hang together.
type Joins struct {
	// Networks of two ads or more; Several are those with two controllers or more.
	Networks int `json:"networks"`
	Several  int `json:"with_several_controllers"`
	// Largest is the most ads of a network, LargestControllers how many controllers these have.
	Largest            int `json:"largest"`
	LargestControllers int `json:"largest_controllers"`
	// Checked says that the following were looked for, which needs the truth about what ads show. HubAlone are networks in which controllers share nothing but a hub, directly or over others of the network; Unexplained are those in which
	// some share not even a hub.
	Checked     bool `json:"checked"`
	HubAlone    int  `json:"joined_through_a_hub_alone"`
	Unexplained int  `json:"joined_by_nothing_known"`
	// Examples are some networks of both.
	Examples []Join `json:"examples,omitempty"`
}

// Join is a network that should not have been joined.
type Join struct {
	Network     string   `json:"network"`
	Ads         int      `json:"ads"`
	Controllers []string `json:"controllers"`
	// Hubs are what its parts share, empty where that is nothing.
	Hubs []string `json:"hubs,omitempty"`
}

const (
	// alikeTexts is the share of the triples of both, and mostlyAlike of the shorter text, from which two texts may well be one: less than linking asks.
	alikeTexts, mostlyAlike = 0.5, 0.6
	// mostTextPairs bounds the comparing of texts in one network. Beyond it texts count as different: the check may then say that a network is
	// joined wrongly which is not, and never the reverse.
	mostTextPairs = 20_000_000
	mostExamples  = 5
)

// HowJoined looks at each network with several controllers. The same controller's ads count as one; controllers are joined by what their ads
// share. show tells what the i-th ad shows, and is asked only for ads of such networks; with a nil show they are only counted.
func HowJoined(ads []Linked, show func(i int) Shown) (j Joins) {
	members := map[string][]int{}
	for i, l := range ads {
		members[l.Network] = append(members[l.Network], i)
	}
	names := make([]string, 0, len(members))
	for name, list := range members {
		if len(list) > 1 && name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	j.Networks, j.Checked = len(names), show != nil
	for _, name := range names {
		list := members[name]
		n := newJoinGraph(ads, list)
		if len(list) > j.Largest {
			j.Largest, j.LargestControllers = len(list), len(n.names)
		}
		if len(n.names) < 2 {
			continue
		}
		j.Several++
		if show == nil {
			continue
		}
		if bad, hub := n.look(list, show); bad != nil {
			bad.Network, bad.Ads = name, len(list)
			if hub {
				j.HubAlone++
			} else {
				j.Unexplained++
			}
			if len(j.Examples) < mostExamples {
				j.Examples = append(j.Examples, *bad)
			}
		}
	}
	return j
}

// joinGraph is the controllers of one network, and which of them hang together.
type joinGraph struct {
	names  []string
	of     []int // the controller of each ad
	parent []int
}

func newJoinGraph(ads []Linked, list []int) *joinGraph {
	g, at := &joinGraph{}, map[string]int{}
	for _, i := range list {
		c, ok := at[ads[i].Controller]
		if !ok {
			c = len(g.names)
			at[ads[i].Controller] = c
			g.names, g.parent = append(g.names, ads[i].Controller), append(g.parent, c)
		}
		g.of = append(g.of, c)
	}
	return g
}

func (g *joinGraph) root(c int) int {
	for g.parent[c] != c {
		g.parent[c] = g.parent[g.parent[c]]
		c = g.parent[c]
	}
	return c
}

// parts is how many groups of controllers hang together by themselves.
func (g *joinGraph) parts() (n int) {
	for c := range g.parent {
		if g.parent[c] == c {
			n++
		}
	}
	return n
}

// join puts the controllers together whose ads share a thing, and returns the things that put any together.
func (g *joinGraph) join(shown []Shown, things func(Shown) []string) (by []string) {
	first := map[string]int{}
	for n, s := range shown {
		for _, thing := range things(s) {
			c, known := first[thing]
			if !known {
				first[thing] = g.of[n]
				continue
			}
			if a, b := g.root(c), g.root(g.of[n]); a != b {
				g.parent[a] = b
				by = append(by, thing)
			}
		}
	}
	return by
}

// look returns what is wrong with a network, nil where its controllers hang together without hubs; hub says that hubs join what else would not.
func (g *joinGraph) look(list []int, show func(i int) Shown) (bad *Join, hub bool) {
	shown := make([]Shown, len(list))
	for n, i := range list {
		shown[n] = show(i)
	}
	g.join(shown, func(s Shown) []string { return s.Own })
	if g.parts() > 1 {
		g.joinTexts(shown)
	}
	if g.parts() == 1 {
		return nil, false
	}
	bad = &Join{}
	seen := map[int]bool{}
	for c := range g.parent { // one controller of each part
		if r := g.root(c); !seen[r] && len(bad.Controllers) < mostExamples {
			seen[r] = true
			bad.Controllers = append(bad.Controllers, g.names[c])
		}
	}
	bad.Hubs = g.join(shown, func(s Shown) []string { return s.Hubs })
	slices.Sort(bad.Hubs)
	bad.Hubs = slices.Compact(bad.Hubs)
	hub = len(bad.Hubs) > 0
	bad.Hubs = bad.Hubs[:min(len(bad.Hubs), mostExamples)]
	return bad, hub
}

// joinTexts puts the controllers together who have two texts that are alike.
func (g *joinGraph) joinTexts(shown []Shown) {
	pairs := 0
	for n, s := range shown {
		for m := range shown[:n] {
			a, b := g.root(g.of[n]), g.root(g.of[m])
			if a == b {
				continue
			}
			if pairs++; pairs > mostTextPairs {
				return
			}
			if alike(s.Text, shown[m].Text) {
				g.parent[a] = b
			}
		}
	}
}

// alike says whether two sorted lists of triples have much in common.
func alike(a, b []uint32) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := cmp.Compare(a[i], b[j]); {
		case c == 0:
			both, i, j = both+1, i+1, j+1
		case c < 0:
			i++
		default:
			j++
		}
	}
	return float64(both) >= alikeTexts*float64(len(a)+len(b)-both) || float64(both) >= mostlyAlike*float64(min(len(a), len(b)))
}
