package tune

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/optimize"

	"varde/internal/indicator"
)

const (
	// perNat is how many points one nat of log-odds is.
	perNat = 10
	// trust is the standard deviation, in nats, of what points may be around those in force: 0.5 nat are 5 points. At even odds one review
	// that shows a code in full tells about a quarter as much as one unit of precision, so the points in force weigh as much as sixteen
	// reviews of a code.
	trust = 0.5
	// loose is the same for the general level, which nothing is known of.
	loose = 10
	// leastSeen is how many settled reviews must show a code before its points move: ten events a variable (Peduzzi et al. 1996,
	// 10.1016/S0895-4356(96)00236-3).
	leastSeen = 10
)

// problem is one regression: rows of what was seen of the codes that may move, what the other codes add up to, and the answers.
type problem struct {
	seen   [][]float64
	offset []float64
	lead   []bool
	// start are the weights in force, in nats, which the fit is held towards.
	start []float64
}

// most is the largest weight in nats.
const most = float64(indicator.MostPoints) / perNat

// weight and its inverse map the line onto the weights between 0 and most, so that no bound is ever crossed.
func weight(u float64) float64 { return most * sigmoid(u) }

func unbound(w float64) float64 {
	const edge = 1e-3
	p := min(max(w/most, edge), 1-edge)
	return math.Log(p / (1 - p))
}

func sigmoid(z float64) float64 {
	if z >= 0 {
		return 1 / (1 + math.Exp(-z))
	}
	e := math.Exp(z)
	return e / (1 + e)
}

// loss is -log of the likelihood of one answer.
func loss(z float64, lead bool) float64 {
	if !lead {
		z = -z
	}
	if z > 0 {
		return math.Log1p(math.Exp(-z))
	}
	return math.Log1p(math.Exp(z)) - z
}

// fit returns the weights of the codes that may move and the general level. The loss is convex in the weights, so what is found does not
// depend on where the search begins.
func (p *problem) fit() (weights []float64, level float64, err error) {
	n := len(p.start)
	x := make([]float64, n+1)
	for j, w := range p.start {
		x[j] = unbound(w)
	}
	objective := optimize.Problem{Func: func(x []float64) float64 { return p.value(x, nil) }, Grad: func(grad, x []float64) { p.value(x, grad) }}
	res, err := optimize.Minimize(objective, x, &optimize.Settings{GradientThreshold: 1e-7, MajorIterations: 2000}, &optimize.LBFGS{})
	if res == nil {
		return nil, 0, fmt.Errorf("fit points: %w", err)
	}
	grad := make([]float64, n+1)
	p.value(res.X, grad)
	for _, g := range grad { // a search that stalls at the bottom has arrived
		if !(math.Abs(g) < 1e-3) {
			return nil, 0, fmt.Errorf("fit points: the search ended on a slope of %v: %w", g, err)
		}
	}
	weights = make([]float64, n)
	for j := range weights {
		weights[j] = weight(res.X[j])
	}
	return weights, res.X[n], nil
}

// value is the loss at x, with its gradient where grad is not nil.
func (p *problem) value(x, grad []float64) float64 {
	n := len(p.start)
	w := make([]float64, n)
	for j := range w {
		w[j] = weight(x[j])
	}
	clear(grad)
	total := x[n] * x[n] / (2 * loose * loose)
	if grad != nil {
		grad[n] = x[n] / (loose * loose)
	}
	for i, row := range p.seen {
		z := x[n] + p.offset[i]
		for j, v := range row {
			z += w[j] * v
		}
		total += loss(z, p.lead[i])
		if grad == nil {
			continue
		}
		off := sigmoid(z)
		if p.lead[i] {
			off--
		}
		grad[n] += off
		for j, v := range row {
			grad[j] += off * v
		}
	}
	for j := range w {
		away := w[j] - p.start[j]
		total += away * away / (2 * trust * trust)
		if grad != nil {
			grad[j] = (grad[j] + away/(trust*trust)) * w[j] * (1 - w[j]/most)
		}
	}
	return total
}
