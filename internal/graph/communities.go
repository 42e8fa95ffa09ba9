package graph

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/graph/community"
	"gonum.org/v1/gonum/graph/simple"
)

// Edge joins two nodes, given by their numbers, with a weight above 0.
type Edge struct {
	A, B   int
	Weight float64
}

// Communities parts the nodes 0 to n-1 into those that hang together more than chance would have it, by Louvain's method at resolution 1
// (Blondel, Guillaume, Lambiotte & Lefebvre 2008). It returns the community of each node; communities are numbered by their first nodes. The
// same graph gives the same communities.
func Communities(n int, edges []Edge) []int {
	g := simple.NewWeightedUndirectedGraph(0, 0)
	for i := range n {
		g.AddNode(simple.Node(i))
	}
	for _, e := range edges {
		g.SetWeightedEdge(g.NewWeightedEdge(simple.Node(e.A), simple.Node(e.B), e.Weight))
	}
	found := community.Modularize(g, 1, rand.NewPCG(1, 2)).Communities()
	first := make([]int, len(found))
	for i, nodes := range found {
		first[i] = n
		for _, node := range nodes {
			first[i] = min(first[i], int(node.ID()))
		}
	}
	order := slices.Clone(first)
	slices.Sort(order)
	of := make([]int, n)
	for i, nodes := range found {
		at, _ := slices.BinarySearch(order, first[i])
		for _, node := range nodes {
			of[node.ID()] = at
		}
	}
	return of
}

// Joints says of each of the nodes 0 to n-1 whether what hangs together by it would fall apart without it (articulation points; Hopcroft & Tarjan
// 1973).
func Joints(n int, edges []Edge) []bool {
	beside := Neighbours(n, edges)
	joint := make([]bool, n)
	number, low, parent, next := make([]int, n), make([]int, n), make([]int, n), make([]int, n)
	count := 0
	for root := range n {
		if number[root] > 0 {
			continue
		}
		children := 0
		parent[root] = -1
		count++
		number[root], low[root] = count, count
		for path := []int{root}; len(path) > 0; { // a path, for a graph may be deeper than a stack
			v := path[len(path)-1]
			if next[v] < len(beside[v]) {
				w := beside[v][next[v]]
				next[v]++
				switch {
				case number[w] == 0:
					parent[w] = v
					if v == root {
						children++
					}
					count++
					number[w], low[w] = count, count
					path = append(path, w)
				case w != parent[v]:
					low[v] = min(low[v], number[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if p := parent[v]; p >= 0 {
				low[p] = min(low[p], low[v])
				if p != root && low[v] >= number[p] {
					joint[p] = true
				}
			}
		}
		joint[root] = children > 1
	}
	return joint
}

// Neighbours are the nodes that each of the nodes 0 to n-1 is joined to.
func Neighbours(n int, edges []Edge) [][]int {
	beside := make([][]int, n)
	for _, e := range edges {
		beside[e.A] = append(beside[e.A], e.B)
		beside[e.B] = append(beside[e.B], e.A)
	}
	return beside
}
