package graph_test

import (
	"math"
	"slices"
	"testing"

	"varde/internal/graph"
)

// star is a middle tied to so many others, of which every third is tied to the next.
func star(nodes int) (edges [][2]int) {
	for i := 1; i < nodes; i++ {
		edges = append(edges, [2]int{0, i})
		if i%3 == 0 {
			edges = append(edges, [2]int{i - 1, i})
		}
	}
	return edges
}

// TestLayoutIsTheSameEachTime: places are finite, within [-1,1], no two nodes are on one, and the same graph has the same.
func TestLayoutIsTheSameEachTime(t *testing.T) {
	for _, nodes := range []int{0, 1, 2, 50, 1000} {
		x, y := graph.Layout(nodes, star(nodes))
		again, too := graph.Layout(nodes, star(nodes))
		if !slices.Equal(x, again) || !slices.Equal(y, too) {
			t.Errorf("%d nodes lie elsewhere the second time", nodes)
		}
		taken := map[[2]float64]bool{}
		for i := range nodes {
			at := [2]float64{x[i], y[i]}
			if taken[at] || !(math.Abs(x[i]) <= 1 && math.Abs(y[i]) <= 1) {
				t.Errorf("node %d of %d lies at %v", i, nodes, at)
			}
			taken[at] = true
		}
	}
}

// TestSpreadMovesApart: circles that began on one spot, some of them exactly, lie beside each other and within the field.
func TestSpreadMovesApart(t *testing.T) {
	const n, wide, tall = 300, 400, 300
	x, y, radius := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], y[i], radius[i] = 200+float64(i%7), 150, 3+float64(i%4)
	}
	graph.Spread(x, y, radius, wide, tall)
	for i := range n {
		if x[i] < radius[i] || y[i] < radius[i] || x[i] > wide-radius[i] || y[i] > tall-radius[i] {
			t.Errorf("circle %d lies at %v,%v", i, x[i], y[i])
		}
		for j := range i {
			if d := math.Hypot(x[i]-x[j], y[i]-y[j]); d < 0.9*(radius[i]+radius[j]) {
				t.Errorf("circles %d and %d of %v and %v are %v apart", i, j, radius[i], radius[j], d)
			}
		}
	}
	graph.Spread(nil, nil, nil, 0, 0)
}
