package export

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"

	"varde/internal/ad"
)

// GraphML as Gephi, yEd, Cytoscape and networkx read it: every key declares id, for, attr.name and attr.type before the
// graph (Gephi refuses files that leave one out, gephi#1084), and no edge names a node that is not there.
const graphmlHead = xml.Header + `<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="kind" for="node" attr.name="kind" attr.type="string"/>
<key id="network" for="node" attr.name="network" attr.type="string"/>
<key id="band" for="node" attr.name="band" attr.type="string"/>
<key id="score" for="node" attr.name="score" attr.type="double"/>
<key id="score_version" for="node" attr.name="score_version" attr.type="string"/>
<key id="ads" for="node" attr.name="ads" attr.type="int"/>
<key id="weight" for="edge" attr.name="weight" attr.type="double"/>
<graph id="varde" edgedefault="undirected">
`

const graphmlFoot = "</graph>\n</graphml>\n"

// graph writes nodes and edges as they come; it remembers only which identifiers it has written.
type graph struct {
	w     *bufio.Writer
	seen  map[string]bool
	edges int
	err   error
}

func newGraph(w io.Writer) *graph {
	g := &graph{w: bufio.NewWriter(w), seen: map[string]bool{}}
	g.print("%s", graphmlHead)
	return g
}

func (g *graph) print(format string, args ...any) {
	if g.err == nil {
		_, g.err = fmt.Fprintf(g.w, format, args...)
	}
}

func (g *graph) node(id string, data ...[2]string) {
	g.print("<node id=\"%s\">", escape(id))
	for _, d := range data {
		g.print("<data key=\"%s\">%s</data>", d[0], escape(d[1]))
	}
	g.print("</node>\n")
}

func (g *graph) edge(from, to string) {
	g.edges++
	g.print("<edge id=\"e%d\" source=\"%s\" target=\"%s\"><data key=\"weight\">1</data></edge>\n", g.edges, escape(from), escape(to))
}

func (g *graph) identifier(kind ad.Kind, value, network string, ads int) string {
	id := string(kind) + ":" + value
	if !g.seen[id] {
		g.seen[id] = true
		data := [][2]string{{"label", value}, {"kind", string(kind)}}
		if network != "" {
			data = append(data, [2]string{"network", network}, [2]string{"ads", strconv.Itoa(ads)})
		}
		g.node(id, data...)
	}
	return id
}

func (g *graph) end() error {
	g.print("%s", graphmlFoot)
	if g.err != nil {
		return g.err
	}
	return g.w.Flush()
}

func adNode(key ad.Key) string { return "ad:" + string(key) }

func graphmlAds(w io.Writer, ads Ads, _ Explainer) error {
	g := newGraph(w)
	for a, err := range ads {
		if err != nil {
			return err
		}
		label := a.Finding.Sighting.Title
		if label == "" {
			label = string(a.Key)
		}
		g.node(adNode(a.Key), [2]string{"label", label}, [2]string{"kind", "ad"}, [2]string{"network", a.Network},
			[2]string{"band", string(a.Band)}, [2]string{"score", score(a.Score)}, [2]string{"score_version", a.ScoreVersion})
		for _, id := range a.Identifiers {
			g.edge(adNode(a.Key), g.identifier(id.Kind, id.Value, "", 0))
		}
	}
	return g.end()
}

func graphmlNetworks(w io.Writer, networks Networks, _ Explainer) error {
	g := newGraph(w)
	for n, err := range networks {
		if err != nil {
			return err
		}
		for _, key := range n.Ads {
			g.node(adNode(key), [2]string{"label", string(key)}, [2]string{"kind", "ad"}, [2]string{"network", n.ID},
				[2]string{"band", string(n.Band)}, [2]string{"score", score(n.Score)}, [2]string{"score_version", n.ScoreVersion})
		}
		counts := map[string]int{}
		for _, e := range n.Edges {
			counts[string(e.Kind)+":"+e.Value]++
		}
		for _, e := range n.Edges {
			g.edge(adNode(e.Ad), g.identifier(e.Kind, e.Value, n.ID, counts[string(e.Kind)+":"+e.Value]))
		}
	}
	return g.end()
}

// escape makes text safe in XML; characters that XML 1.0 forbids become U+FFFD.
func escape(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a bytes.Buffer does not fail
		return ""
	}
	return b.String()
}
