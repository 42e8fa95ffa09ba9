package export

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"varde/internal/ad"
)

// node is an ad or an identifier. Its id names it in every format, and is the same as long as the thing is.
type node struct {
	id, label, kind string
	ad              *ad.Ad // nil for an identifier
	value           string
	ads             int
	hub             bool
}

// name makes the nodes. A text and a picture have a hash for their value, which tells people nothing: they are called by an ad that shows it.
func (c *Content) name(ids []shown, count map[shown]int, hubs map[shown]bool) {
	c.nodes = make([]node, 0, len(c.Ads)+len(ids))
	used := make(map[string]bool, len(c.Ads)+len(ids))
	add := func(n node, raw string) {
		n.id = line(raw)
		if used[n.id] || n.id != raw { // two that differ only in what cannot be shown stay two
			sum := sha256.Sum256([]byte(raw))
			n.id += "#" + hex.EncodeToString(sum[:6])
		}
		used[n.id] = true
		c.nodes = append(c.nodes, n)
	}
	for i := range c.Ads {
		a := &c.Ads[i]
		add(node{label: adLabel(a), kind: "ad", ad: a}, "ad:"+string(a.Key))
	}
	first := map[int]*ad.Ad{}
	for _, e := range c.edges {
		if first[e.identifier] == nil {
			first[e.identifier] = &c.Ads[e.ad]
		}
	}
	for i, id := range ids {
		n := node{label: short(id.value, 80), kind: string(id.kind), value: line(id.value), ads: count[id], hub: hubs[id]}
		if a := first[len(c.Ads)+i]; a != nil && (id.kind == ad.TextSig || id.kind == ad.PHash) {
			n.label = string(id.kind) + " of ad " + short(string(a.Key), 80)
		}
		if id.kind == ad.Decided {
			n.label = "decision " + n.label
		}
		add(n, string(id.kind)+":"+id.value)
	}
}

func adLabel(a *ad.Ad) string {
	s := &a.Finding.Sighting
	for _, name := range []string{s.Title, s.Text} {
		if name = short(name, 80); name != "" {
			return name
		}
	}
	return short(string(a.Key), 80)
}

// attribute is a property of nodes as the graph formats have it; "" is left out.
type attribute struct {
	name string
	// kind is string, int, double or boolean.
	kind string
	of   func(n *node) string
}

func ofAd(f func(a *ad.Ad, s *ad.Sighting) string) func(*node) string {
	return func(n *node) string {
		if n.ad == nil {
			return ""
		}
		return f(n.ad, &n.ad.Finding.Sighting)
	}
}

// attributes are all properties of nodes, in their order.
var attributes = []attribute{
	{"label", "string", func(n *node) string { return n.label }},
	{"kind", "string", func(n *node) string { return n.kind }},
	{"value", "string", func(n *node) string { return n.value }},
	{"ads", "int", func(n *node) string { return positive(n.ads) }},
	{"hub", "boolean", func(n *node) string {
		if n.ad != nil {
			return ""
		}
		return strconv.FormatBool(n.hub)
	}},
	{"network", "string", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return line(a.Network) })},
	{"band", "string", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return string(a.Band) })},
	{"score", "double", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return score(a.Score) })},
	{"score_version", "string", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return line(a.ScoreVersion) })},
	{"status", "string", ofAd(func(*ad.Ad, *ad.Sighting) string { return "unverified" })},
	{"reasons", "string", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return strings.Join(codes(a.Indicators), " ") })},
	{"site", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return line(s.Site) })},
	{"ad_id", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return line(s.AdID) })},
	{"url", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return line(s.URL) })},
	{"category", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return string(s.Category) })},
	{"title", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return line(s.Title) })},
	{"text", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return clean(s.Text) })},
	{"language", "string", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return line(a.Finding.Language) })},
	{"place", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return line(s.Location) })},
	{"country", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return line(s.Country) })},
	{"advertiser", "string", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return line(s.Advertiser) })},
	{"age", "int", ofAd(func(_ *ad.Ad, s *ad.Sighting) string { return positive(s.Age) })},
	{"first_seen", "string", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return stamp(a.FirstSeen) })},
	{"last_seen", "string", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return stamp(a.LastSeen) })},
	{"gone_at", "string", ofAd(func(a *ad.Ad, _ *ad.Sighting) string {
		if a.Gone.IsZero() {
			return ""
		}
		return stamp(a.Gone)
	})},
	{"sightings", "int", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return positive(a.Sightings) })},
	{"versions", "int", ofAd(func(a *ad.Ad, _ *ad.Sighting) string { return positive(a.Versions) })},
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// codes are those of the reasons that count.
func codes(ins []ad.Indicator) (all []string) {
	for i := range ins {
		if ins[i].Counts() {
			all = append(all, ins[i].Code)
		}
	}
	return all
}

// role is what an edge is.
func (e edge) role() string {
	if e.Decided {
		return "decided"
	}
	return "shows"
}

// weight is by how much programs draw the ends together.
func (e edge) weight() string {
	if e.Links {
		return "1"
	}
	return "0.2"
}

func (e edge) id(c *Content) string { return c.nodes[e.ad].id + " " + c.nodes[e.identifier].id }
