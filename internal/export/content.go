package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"varde/internal/ad"
	"varde/internal/graph"
	"varde/internal/indicator"
)

// MostAds is how many ads an export that holds all it writes may have.
const MostAds = 50_000

// Reader is for whom an export is written.
type Reader struct {
	// Lang is nb or en.
	Lang string
	// Entry explains a code of the catalogue.
	Entry func(code string) (indicator.Entry, bool)
	// Zone is in which dates are shown to people; nil is UTC.
	Zone *time.Location
}

// title is the name of an indicator's code.
func (r Reader) title(code string) string {
	if e, ok := r.Entry(code); ok {
		return e.Title[r.Lang]
	}
	return code
}

func (r Reader) local(t time.Time) time.Time {
	if r.Zone == nil {
		return t.UTC()
	}
	return t.In(r.Zone)
}

// Content is everything that one export holds: networks, their ads, the identifiers that these show, and which shows which.
type Content struct {
	Statement Statement
	// Networks are by id, Ads by key; the network of an ad need not be there.
	Networks []ad.Network
	Ads      []ad.Ad
	// nodes are the ads in their order, then the identifiers by kind and value.
	nodes []node
	edges []edge
	place func() (x, y []float64)
}

// edge says that an ad shows an identifier, both by their numbers among the nodes. Links says that it holds a network together: a number that
// half a site shows does not, nor one that a single ad has. Of a decision by which a person joined ads, Decided says so: no ad shows it.
type edge struct {
	ad, identifier int
	Links, Decided bool
}

// shown is an identifier as a node of the graph.
type shown struct {
	kind  ad.Kind
	value string
}

// Gather makes the content of networks and ads, and what the statement tells of it. It keeps the slices and sorts them.
func Gather(st Statement, networks []ad.Network, ads []ad.Ad) *Content {
	slices.SortFunc(networks, func(a, b ad.Network) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(ads, func(a, b ad.Ad) int { return cmp.Compare(a.Key, b.Key) })
	c := &Content{Statement: st, Networks: networks, Ads: ads}
	c.connect()
	c.Statement.Purpose, c.Statement.MadeBy, c.Statement.Caution = line(st.Purpose), line(st.MadeBy), Caution
	c.Statement.Networks, c.Statement.Ads = len(networks), len(ads)
	c.Statement.Identifiers, c.Statement.Links = len(c.nodes)-len(ads), len(c.edges)
	versions := map[string]bool{}
	h := NewHash()
	for i := range networks {
		c.Statement.held = append(c.Statement.held, networks[i].ID)
		versions[networks[i].ScoreVersion] = true
		h.Network(&networks[i])
	}
	for i := range ads {
		versions[ads[i].ScoreVersion] = true
		h.Ad(&ads[i])
	}
	delete(versions, "")
	c.Statement.ScoreVersions, c.Statement.SHA256 = slices.Sorted(maps.Keys(versions)), h.Sum()
	c.place = sync.OnceValues(func() ([]float64, []float64) {
		return graph.Layout(len(c.nodes), ends(c.edges))
	})
	return c
}

// connect finds the nodes and edges: what links ads in their networks, and every contact that an ad shows.
func (c *Content) connect() {
	at := make(map[ad.Key]int, len(c.Ads))
	for i := range c.Ads {
		at[c.Ads[i].Key] = i
	}
	hubs := map[shown]bool{}
	pairs := map[int]map[shown]bool{} // by ad: what it shows, and whether that links
	for _, n := range c.Networks {
		for _, id := range n.Identifiers {
			if id.Hub {
				hubs[shown{id.Kind, id.Value}] = true
			}
		}
		for _, e := range n.Edges {
			if i, ok := at[e.Ad]; ok {
				put(pairs, i, shown{e.Kind, e.Value}, true)
			}
		}
	}
	for i := range c.Ads {
		for _, id := range c.Ads[i].Identifiers {
			if id.Kind != ad.TextSig && id.Kind != ad.PHash { // these are compared by likeness; only what they are alike in links
				put(pairs, i, shown{id.Kind, id.Value}, false)
			}
		}
	}
	count := map[shown]int{}
	for _, of := range pairs {
		for id := range of {
			count[id]++
		}
	}
	ids := slices.SortedFunc(maps.Keys(count), func(a, b shown) int {
		return cmp.Or(kindOrder(a.kind)-kindOrder(b.kind), cmp.Compare(a.value, b.value))
	})
	number := make(map[shown]int, len(ids))
	for i, id := range ids {
		number[id] = len(c.Ads) + i
	}
	for i := range c.Ads {
		for _, id := range slices.SortedFunc(maps.Keys(pairs[i]), func(a, b shown) int { return number[a] - number[b] }) {
			c.edges = append(c.edges, edge{i, number[id], pairs[i][id], id.kind == ad.Decided})
		}
	}
	c.name(ids, count, hubs)
}

func put(pairs map[int]map[shown]bool, i int, id shown, links bool) {
	if pairs[i] == nil {
		pairs[i] = map[shown]bool{}
	}
	pairs[i][id] = pairs[i][id] || links
}

func kindOrder(k ad.Kind) int { return slices.Index(ad.Kinds, k) }

// Hash is the SHA-256 of what is exported, whatever the format and the language: of its networks and then its ads, each as a line of JSON.
type Hash struct{ h hash.Hash }

// NewHash is of nothing yet.
func NewHash() *Hash { return &Hash{sha256.New()} }

// Network and Ad add one.
func (h *Hash) Network(n *ad.Network) { h.add(n) }

// Ad adds an ad, without the signatures by which its texts and pictures are compared.
func (h *Hash) Ad(a *ad.Ad) { h.add(lineOf(a)) }

func (h *Hash) add(v any) {
	if err := ad.WriteLine(h.h, v); err != nil { // what came out of the record can be written
		_, _ = io.WriteString(h.h, err.Error())
	}
}

// Sum is the hash of all that was added, in lower-case hex.
func (h *Hash) Sum() string { return hex.EncodeToString(h.h.Sum(nil)) }
