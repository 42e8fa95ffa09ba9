package console

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"varde/internal/ad"
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
	g.layOut()
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

// layOut places the nodes by springs along edges and a push between neighbours (Fruchterman and Reingold 1991, with
// their grid, so that the push costs time in proportion to the nodes). It starts from a spiral and uses no chance.
func (g *graph) layOut() {
	n := len(g.Nodes)
	if n == 0 {
		return
	}
	x, y := make([]float64, n), make([]float64, n)
	for i := range n {
		angle, radius := float64(i)*math.Pi*(3-math.Sqrt(5)), math.Sqrt(float64(i)+0.5)
		x[i], y[i] = radius*math.Cos(angle), radius*math.Sin(angle)
	}
	rounds := 300
	if n > 200 {
		rounds = 100
	}
	heat := math.Sqrt(float64(n)) / 2
	for round := range rounds {
		g.step(x, y, heat*(1-float64(round)/float64(rounds))+0.01)
	}
	reach := 1e-9
	for i := range n {
		reach = max(reach, math.Abs(x[i]), math.Abs(y[i]))
	}
	for i := range n {
		g.Nodes[i].X, g.Nodes[i].Y = math.Round(x[i]/reach*1e4)/1e4, math.Round(y[i]/reach*1e4)/1e4
	}
}

// step moves every node once, by at most heat.
func (g *graph) step(x, y []float64, heat float64) {
	const cell = 2.5 // beyond this many ideal distances nodes do not push each other
	n := len(x)
	dx, dy := make([]float64, n), make([]float64, n)
	grid := map[[2]int][]int{}
	for i := range n {
		c := [2]int{int(math.Floor(x[i] / cell)), int(math.Floor(y[i] / cell))}
		grid[c] = append(grid[c], i)
	}
	for i := range n {
		cx, cy := int(math.Floor(x[i]/cell)), int(math.Floor(y[i]/cell))
		for gx := cx - 1; gx <= cx+1; gx++ {
			for gy := cy - 1; gy <= cy+1; gy++ {
				for _, j := range grid[[2]int{gx, gy}] {
					if i == j {
						continue
					}
					ax, ay := x[i]-x[j], y[i]-y[j]
					d2 := ax*ax + ay*ay
					if d2 < 1e-6 {
						ax, ay, d2 = float64(i-j)*1e-3, 1e-3, 1e-6
					}
					dx[i] += ax / d2
					dy[i] += ay / d2
				}
			}
		}
		dx[i] -= x[i] * 0.02 // towards the middle, so that parts without an edge between them stay in sight
		dy[i] -= y[i] * 0.02
	}
	for _, e := range g.Edges {
		ax, ay := x[e[0]]-x[e[1]], y[e[0]]-y[e[1]]
		d := math.Hypot(ax, ay)
		dx[e[0]], dy[e[0]] = dx[e[0]]-ax*d*0.3, dy[e[0]]-ay*d*0.3
		dx[e[1]], dy[e[1]] = dx[e[1]]+ax*d*0.3, dy[e[1]]+ay*d*0.3
	}
	for i := range n {
		d := math.Hypot(dx[i], dy[i])
		if d > 1e-9 {
			move := min(d, heat) / d
			x[i] += dx[i] * move
			y[i] += dy[i] * move
		}
	}
}
