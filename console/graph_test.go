package console

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"varde/internal/ad"
)

func norsk(t testing.TB) *locale {
	t.Helper()
	locales, err := newLocales()
	if err != nil {
		t.Fatal(err)
	}
	return locales["nb"]
}

// star is a network whose ads all show one phone, and each of every tenth a handle of its own.
func star(ads int) ad.Network {
	n := ad.Network{ID: "n-star"}
	for i := range ads {
		key := ad.MakeKey("a.example", fmt.Sprint(i))
		n.Ads = append(n.Ads, key)
		n.Edges = append(n.Edges, ad.Edge{Ad: key, Kind: ad.Phone, Value: "+4741234567"})
		if i%10 == 0 {
			n.Edges = append(n.Edges, ad.Edge{Ad: key, Kind: ad.Handle, Value: fmt.Sprintf("telegram:h%d", i/20)})
		}
	}
	return n
}

func TestGraphIsTheSameEachTime(t *testing.T) {
	l := norsk(t)
	n := star(60)
	g := buildGraph(l, n)
	if !reflect.DeepEqual(g, buildGraph(l, n)) {
		t.Error("the same network was drawn in two ways")
	}
	if len(g.Nodes) != 60+1+3 || len(g.Edges) != len(n.Edges) {
		t.Errorf("%d nodes, %d edges", len(g.Nodes), len(g.Edges))
	}
	near := math.Inf(1)
	for i, a := range g.Nodes {
		if math.Abs(a.X) > 1 || math.Abs(a.Y) > 1 || math.IsNaN(a.X+a.Y) {
			t.Fatalf("node %d lies at %v, %v", i, a.X, a.Y)
		}
		for _, b := range g.Nodes[i+1:] {
			near = min(near, math.Hypot(a.X-b.X, a.Y-b.Y))
		}
	}
	if near < 0.01 {
		t.Errorf("two nodes lie %v apart: on top of each other", near)
	}
	joined, apart := 0.0, 0.0
	for _, e := range g.Edges {
		joined += math.Hypot(g.Nodes[e[0]].X-g.Nodes[e[1]].X, g.Nodes[e[0]].Y-g.Nodes[e[1]].Y) / float64(len(g.Edges))
	}
	for i := range g.Nodes {
		j := (i + len(g.Nodes)/2) % len(g.Nodes)
		apart += math.Hypot(g.Nodes[i].X-g.Nodes[j].X, g.Nodes[i].Y-g.Nodes[j].Y) / float64(len(g.Nodes))
	}
	if joined >= apart {
		t.Errorf("what is joined lies %v apart, any two %v", joined, apart)
	}
}

func TestLargeNetworkIsFolded(t *testing.T) {
	n := star(20000)
	begin := time.Now()
	g := buildGraph(norsk(t), n)
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("20,000 ads took %s", took)
	}
	if len(g.Nodes) > mostNodes {
		t.Errorf("%d nodes, more than %d", len(g.Nodes), mostNodes)
	}
	ads := 0
	for _, node := range g.Nodes {
		if node.Kind == "ad" {
			ads += node.Ads
		}
	}
	if ads+g.Left < 20000 {
		t.Errorf("%d ads drawn and %d left out, of 20,000", ads, g.Left)
	}
	if empty := buildGraph(norsk(t), ad.Network{}); len(empty.Nodes) != 0 {
		t.Errorf("%d nodes of nothing", len(empty.Nodes))
	}
}

func BenchmarkGraph1500(b *testing.B) {
	l, n := norsk(b), star(1400)
	for b.Loop() {
		buildGraph(l, n)
	}
}
