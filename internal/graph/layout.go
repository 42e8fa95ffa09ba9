package graph

import "math"

// Layout places nodes by springs along edges and a push between neighbours (Fruchterman and Reingold 1991, with their grid, so that the push
// costs time in proportion to the nodes). An edge pulls the less the more edges its busier end has, so that what everything is tied to does not
// draw everything to one spot (after the attraction by degree of Jacomy and others 2014). It starts from a spiral on which neighbours follow each
// other, and uses no chance: the same graph always gets the same places. They lie in [-1,1].
func Layout(nodes int, edges [][2]int) (x, y []float64) {
	x, y = make([]float64, nodes), make([]float64, nodes)
	if nodes == 0 {
		return x, y
	}
	for place, i := range neighboursFirst(nodes, edges) {
		angle, radius := float64(place)*math.Pi*(3-math.Sqrt(5)), math.Sqrt(float64(place)+0.5)
		x[i], y[i] = radius*math.Cos(angle), radius*math.Sin(angle)
	}
	rounds := 300
	if nodes > 200 {
		rounds = 100
	}
	heat, pull := math.Sqrt(float64(nodes))/2, pulls(nodes, edges)
	for round := range rounds {
		step(x, y, edges, pull, heat*(1-float64(round)/float64(rounds))+0.01)
	}
	reach := 1e-9
	for i := range nodes {
		reach = max(reach, math.Abs(x[i]), math.Abs(y[i]))
	}
	for i := range nodes {
		x[i], y[i] = math.Round(x[i]/reach*1e4)/1e4, math.Round(y[i]/reach*1e4)/1e4
	}
	return x, y
}

// neighboursFirst are the nodes in the order in which a walk in breadth comes to them.
func neighboursFirst(nodes int, edges [][2]int) []int {
	next := make([][]int, nodes)
	for _, e := range edges {
		next[e[0]] = append(next[e[0]], e[1])
		next[e[1]] = append(next[e[1]], e[0])
	}
	order, seen := make([]int, 0, nodes), make([]bool, nodes)
	for from := range nodes {
		if seen[from] {
			continue
		}
		seen[from] = true
		order = append(order, from)
		for at := len(order) - 1; at < len(order); at++ {
			for _, to := range next[order[at]] {
				if !seen[to] {
					seen[to] = true
					order = append(order, to)
				}
			}
		}
	}
	return order
}

// pulls is how strongly each edge draws its ends together.
func pulls(nodes int, edges [][2]int) []float64 {
	degree := make([]int, nodes)
	for _, e := range edges {
		degree[e[0]]++
		degree[e[1]]++
	}
	pull := make([]float64, len(edges))
	for i, e := range edges {
		pull[i] = 1 / math.Sqrt(float64(max(degree[e[0]], degree[e[1]])))
	}
	return pull
}

// step moves every node once, by at most heat.
func step(x, y []float64, edges [][2]int, pull []float64, heat float64) {
	const near = 2.5 // beyond this many ideal distances nodes do not push each other
	dx, dy := make([]float64, len(x)), make([]float64, len(x))
	g := newGrid(x, y, near)
	for i := range x {
		g.around(i, func(j int) {
			ax, ay := x[i]-x[j], y[i]-y[j]
			d2 := ax*ax + ay*ay
			if d2 < 1e-6 {
				ax, ay, d2 = float64(i-j)*1e-3, 1e-3, 1e-6
			}
			dx[i] += ax / d2
			dy[i] += ay / d2
		})
		dx[i] -= x[i] * 0.02 // towards the middle, so that parts without an edge between them stay in sight
		dy[i] -= y[i] * 0.02
	}
	for i, e := range edges {
		ax, ay := x[e[0]]-x[e[1]], y[e[0]]-y[e[1]]
		d := math.Hypot(ax, ay) * pull[i]
		dx[e[0]], dy[e[0]] = dx[e[0]]-ax*d, dy[e[0]]-ay*d
		dx[e[1]], dy[e[1]] = dx[e[1]]+ax*d, dy[e[1]]+ay*d
	}
	for i := range x {
		d := math.Hypot(dx[i], dy[i])
		if d > 1e-9 {
			move := min(d, heat) / d
			x[i] += dx[i] * move
			y[i] += dy[i] * move
		}
	}
}

// Spread moves circles that lie on each other apart, each as little as it can, and keeps them within a field from 0,0 to wide,tall. It uses no
// chance. Where the field has no room for all of them some still touch.
func Spread(x, y, radius []float64, wide, tall float64) {
	const rounds = 200
	largest := 1e-9
	for _, r := range radius {
		largest = max(largest, r)
	}
	for range rounds {
		moved := false
		g := newGrid(x, y, 2*largest)
		for i := range x {
			g.around(i, func(j int) {
				if j > i && apart(x, y, i, j, radius[i]+radius[j]) {
					moved = true
				}
			})
		}
		for i, r := range radius {
			x[i], y[i] = min(max(x[i], r), max(wide-r, r)), min(max(y[i], r), max(tall-r, r))
		}
		if !moved {
			return
		}
	}
}

// apart moves two points to a distance of each other, if they are nearer, and says whether they were.
func apart(x, y []float64, i, j int, least float64) bool {
	ax, ay := x[j]-x[i], y[j]-y[i]
	d := math.Hypot(ax, ay)
	if d >= least-0.01 {
		return false
	}
	if d < 1e-6 {
		ax, ay, d = math.Cos(float64(i+j)), math.Sin(float64(i+j)), 1
		least++
	}
	push := (least - d) / d / 2
	x[i], y[i] = x[i]-ax*push, y[i]-ay*push
	x[j], y[j] = x[j]+ax*push, y[j]+ay*push
	return true
}

// grid holds points by the square that they were in when it was made, so that those near one are found without looking at all.
type grid struct {
	columns, rows int
	cell          []int // of each point
	from          []int // of each square: where its points begin in points
	points        []int
}

func newGrid(x, y []float64, side float64) *grid {
	const most = 1 << 10 // squares along a side; beyond it they are larger
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i := range x {
		left, right, top, bottom = min(left, x[i]), max(right, x[i]), min(top, y[i]), max(bottom, y[i])
	}
	side = max(side, (right-left)/most, (bottom-top)/most)
	g := &grid{columns: int((right-left)/side) + 1, rows: int((bottom-top)/side) + 1, cell: make([]int, len(x)), points: make([]int, len(x))}
	g.from = make([]int, g.columns*g.rows+1)
	for i := range x {
		g.cell[i] = int((y[i]-top)/side)*g.columns + int((x[i]-left)/side)
		g.from[g.cell[i]+1]++
	}
	for c := range g.columns * g.rows {
		g.from[c+1] += g.from[c]
	}
	free := append([]int(nil), g.from...)
	for i, c := range g.cell {
		g.points[free[c]] = i
		free[c]++
	}
	return g
}

// around calls a function with every other point in the square of one and in those beside it.
func (g *grid) around(i int, do func(j int)) {
	column, row := g.cell[i]%g.columns, g.cell[i]/g.columns
	for r := max(row-1, 0); r <= min(row+1, g.rows-1); r++ {
		first, last := r*g.columns+max(column-1, 0), r*g.columns+min(column+1, g.columns-1)
		for _, j := range g.points[g.from[first]:g.from[last+1]] {
			if j != i {
				do(j)
			}
		}
	}
}
