package graph_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"varde/internal/graph"
)

// clique joins all of some nodes.
func clique(nodes ...int) (edges []graph.Edge) {
	for i, a := range nodes {
		for _, b := range nodes[i+1:] {
			edges = append(edges, graph.Edge{A: a, B: b, Weight: 1})
		}
	}
	return edges
}

func TestCommunities(t *testing.T) {
	edges := append(append(clique(0, 2, 4, 6), clique(1, 3, 5, 7)...), graph.Edge{A: 6, B: 7, Weight: 0.3})
	if got := graph.Communities(9, edges); !slices.Equal(got, []int{0, 1, 0, 1, 0, 1, 0, 1, 2}) {
		t.Errorf("two rings with a weak bridge, and one alone: %v", got)
	}
	if got := graph.Communities(0, nil); len(got) != 0 {
		t.Errorf("nothing: %v", got)
	}
}

// TestJoints compares with taking each node away.
func TestJoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "nodes")
		seen := map[[2]int]bool{}
		var edges []graph.Edge
		for range rapid.IntRange(0, 14).Draw(t, "edges") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			if key := [2]int{min(a, b), max(a, b)}; a != b && !seen[key] {
				seen[key] = true
				edges = append(edges, graph.Edge{A: a, B: b, Weight: 1})
			}
		}
		pieces := func(without int) (count int) {
			beside, known := graph.Neighbours(n, edges), map[int]bool{without: true}
			for v := range n {
				if known[v] {
					continue
				}
				count++
				known[v] = true
				for queue := []int{v}; len(queue) > 0; queue = queue[1:] {
					for _, w := range beside[queue[0]] {
						if !known[w] {
							known[w] = true
							queue = append(queue, w)
						}
					}
				}
			}
			return count
		}
		for v, joint := range graph.Joints(n, edges) {
			if want := pieces(v) > pieces(-1); joint != want {
				t.Fatalf("node %d is a joint: %v, want %v in %v", v, joint, want, edges)
			}
		}
	})
}

// TestCommunitiesAreTheSame of the same graph, however its edges come.
func TestCommunitiesAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "nodes")
		weight := map[[2]int]float64{}
		for range rapid.IntRange(1, 60).Draw(t, "edges") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			if a != b {
				weight[[2]int{min(a, b), max(a, b)}] = float64(rapid.IntRange(1, 4).Draw(t, "weight")) / 4
			}
		}
		var edges []graph.Edge
		for key, w := range weight {
			edges = append(edges, graph.Edge{A: key[0], B: key[1], Weight: w})
		}
		one, two := graph.Communities(n, edges), graph.Communities(n, rapid.Permutation(edges).Draw(t, "order"))
		if !slices.Equal(one, two) {
			t.Fatalf("%v and %v", one, two)
		}
	})
}
