package graph

import "math"

// Layout places nodes by springs along edges and a push between neighbours (Fruchterman and Reingold 1991, with their grid, so that the push
// costs time in proportion to the nodes). It starts from a spiral and uses no chance: the same graph always gets the same places. They lie in
// [-1,1].
func Layout(nodes int, edges [][2]int) (x, y []float64) {
	x, y = make([]float64, nodes), make([]float64, nodes)
	if nodes == 0 {
		return x, y
	}
	for i := range nodes {
		angle, radius := float64(i)*math.Pi*(3-math.Sqrt(5)), math.Sqrt(float64(i)+0.5)
		x[i], y[i] = radius*math.Cos(angle), radius*math.Sin(angle)
	}
	rounds := 300
	if nodes > 200 {
		rounds = 100
	}
	heat := math.Sqrt(float64(nodes)) / 2
	for round := range rounds {
		step(x, y, edges, heat*(1-float64(round)/float64(rounds))+0.01)
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

// step moves every node once, by at most heat.
func step(x, y []float64, edges [][2]int, heat float64) {
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
	for _, e := range edges {
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
