package console

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"varde/internal/ad"
	layout "varde/internal/graph"
)

// mostNodes is how many things the graph shows: beyond about 1,500 sigma is slow without a graphics card. Larger
// networks are folded: ads that show the same identifiers become one node.
const mostNodes = 1500

// mostTitles is up to how many ads the graph names ads by their titles; beyond it by their keys, which need no look-up.
const mostTitles = 300

// longestLabel is how much of the name of a text or a picture the graph shows, in characters.
const longestLabel = 60

// graph is a network as the browser draws it.
type graph struct {
	Nodes []graphNode `json:"nodes"`
	Edges [][2]int    `json:"edges"`
	// Left counts nodes that are not shown although ads were folded.
	Left int `json:"left"`
}

// graphNode is an ad, several ads folded into one, or an identifier. X and Y lie in [-1,1].
type graphNode struct {
	Label string  `json:"label"`
	Kind  string  `json:"kind"`
	Ads   int     `json:"ads"`
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	Href  string  `json:"href,omitempty"`

	// first is the ad of a node, of what is an identifier's.
	first ad.Key
	of    idKey
}

type idKey struct {
	kind  ad.Kind
	value string
}

func nodeCount(n ad.Network) int {
	ids := map[idKey]bool{}
	for _, e := range n.Edges {
		ids[idKey{e.Kind, e.Value}] = true
	}
	return len(n.Ads) + len(ids)
}

func (s *Server) networkGraph(w http.ResponseWriter, r *http.Request) error {
	n, err := s.records.Network(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	l := s.locale(r)
	names, err := s.nameShared(r.Context(), l, n)
	if err != nil {
		return err
	}
	g := buildGraph(l, n)
	for i, node := range g.Nodes {
		if name, ok := names[node.of]; ok {
			g.Nodes[i].Label = short(name.Text, longestLabel)
		}
	}
	if len(n.Ads) <= mostTitles {
		ads, err := s.records.AdsOf(r.Context(), n.Ads)
		if err != nil {
			return err
		}
		titles := map[ad.Key]string{}
		for _, a := range ads {
			titles[a.Key] = adTitle(&a.Finding.Sighting)
		}
		for i, node := range g.Nodes {
			if node.Kind == "ad" && titles[node.first] != "" {
				g.Nodes[i].Label = short(titles[node.first], 40)
			}
		}
	}
	for i := range g.Nodes {
		g.Nodes[i].Label = string(visible([]byte(g.Nodes[i].Label)))
	}
	body, err := json.Marshal(g)
	if err != nil {
		return fmt.Errorf("write the graph: %w", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	send(w, r, http.StatusOK, "application/json", body, nil)
	return nil
}

// buildGraph makes nodes and edges of a network, folds them if there are too many, and lays them out. The same network
// always gives the same picture.
func buildGraph(l *locale, n ad.Network) graph {
	shows := map[ad.Key][]idKey{}
	count := map[idKey]int{}
	for _, e := range n.Edges {
		k := idKey{e.Kind, e.Value}
		shows[e.Ad] = append(shows[e.Ad], k)
		count[k]++
	}
	ids := make([]idKey, 0, len(count))
	for k := range count {
		ids = append(ids, k)
	}
	slices.SortFunc(ids, func(a, b idKey) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value))
	})
	g := graph{Left: max(0, len(ids)-mostNodes/2)}
	ids = ids[:len(ids)-g.Left]
	at := map[idKey]int{}
	for i, k := range ids {
		at[k] = i
		g.Nodes = append(g.Nodes, graphNode{Kind: string(k.kind), Ads: count[k], of: k,
			Label: l.named("kind.", string(k.kind)) + " " + short(identifier(k.kind, k.value), 40)})
	}
	g.addAds(l, n, shows, at)
	x, y := layout.Layout(len(g.Nodes), g.Edges)
	for i := range g.Nodes {
		g.Nodes[i].X, g.Nodes[i].Y = x[i], y[i]
	}
	return g
}

// addAds gives each ad a node, or each set of ads that show the same identifiers where there are too many.
func (g *graph) addAds(l *locale, n ad.Network, shows map[ad.Key][]idKey, at map[idKey]int) {
	fold := len(n.Ads)+len(at) > mostNodes
	byShown := map[string]int{}
	for _, key := range n.Ads {
		var to []int
		for _, k := range shows[key] {
			if i, ok := at[k]; ok {
				to = append(to, i)
			}
		}
		slices.Sort(to)
		to = slices.Compact(to)
		same := strings.Trim(fmt.Sprint(to), "[]")
		if i, ok := byShown[same]; ok && fold {
			node := &g.Nodes[i]
			node.Ads++
			node.Label, node.Href = l.say("graph.folded", "n", node.Ads), ""
			continue
		}
		if len(g.Nodes) >= mostNodes {
			g.Left++
			continue
		}
		i := len(g.Nodes)
		byShown[same] = i
		g.Nodes = append(g.Nodes, graphNode{Kind: "ad", Ads: 1, Label: short(string(key), 40), Href: adURL(key), first: key})
		for _, j := range to {
			g.Edges = append(g.Edges, [2]int{i, j})
		}
	}
}
